"""The field that a vendor's refusal means."""

from __future__ import annotations

import pytest

from tui.desk.refusals import refused_fields
from tui.model.change import Change, Kind, State
from tui.model.customer import FieldSpec

FIELDS = (
    FieldSpec(code="name", param="customerName", label="Name"),
    FieldSpec(code="phones", param="mobile", label="手机"),
    FieldSpec(code="text_1", param="text_1", label="备用电话"),
    FieldSpec(code="1004", param="1004", label="客户等级"),
    FieldSpec(code="external_id", param="externalId", label="External id"),
)


def refused(message: str, code: str = "500", kind: Kind = Kind.CREATE) -> Change:
    values = {"name": "x", "phones": [{"value": "1", "memo": ""}], "1004": "a"}
    request = {"values": values} if kind in (Kind.CREATE, Kind.UPDATE) else {"user_id": "rocky", "texts": []}
    return Change(
        id=1, kind=kind, state=State.FAILED, customer_id="1", customer_name="", union_id=None, user_id="",
        request=request, before=None, after=None, repeatable=False, batch=None, undo_of=None, undone_by=None,
        os_user="", host="", profile="", created_at=0.0, sent_at=None, settled_at=None, attempts=1, code=code,
        message=message, answer=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        ("必填字段不能为空: 客户等级(1004)", ("1004",)),
        ("字段不可编辑: 手机(mobile)", ("phones",)),
        ("phone already exists", ("phones",)),
        ("手机号已存在", ("phones",)),
        ("备用电话 格式不正确", ("text_1",)),
        ("externalId is taken", ("external_id",)),
        ("CUSTOMERNAME must be unique, 客户等级 too", ("name", "1004")),
        ("the vendor refused: 110045 (trace 91004)", ()),
        ("not today", ()),
        ("renamed", ()),
    ],
)
def test_a_field_is_found_by_its_code_its_name_or_its_label(message: str, fields: tuple[str, ...]) -> None:
    assert refused_fields(refused(message), FIELDS) == fields


def test_a_value_that_is_refused_here_names_its_field_by_the_code() -> None:
    assert refused_fields(refused("Name must not be empty", code="name"), FIELDS) == ("name",)


@pytest.mark.parametrize(
    ("message", "kind", "fields"),
    [
        ("remark exceed the limit", Kind.REMARK, ("remark",)),
        ("the description is longer than the vendor allows", Kind.REMARK, ("description",)),
        ("备注超过长度限制", Kind.REMARK, ("remark",)),
        ("invalid timestamp", Kind.FOLLOW, ("at",)),
        ("text is empty", Kind.FOLLOW, ("content",)),
    ],
)
def test_remarks_and_follow_ups_have_fields_too(message: str, kind: Kind, fields: tuple[str, ...]) -> None:
    assert refused_fields(refused(message, kind=kind), ()) == fields
