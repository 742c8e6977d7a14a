"""What is sent to useasy when a customer is created or changed, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.client.loopback import Loopback
from tests.client.useasy.tenant import ADDRESS, CONFIGURATION, FIELDS, Tenant, good
from tui.client.service import ServiceSettings
from tui.client.useasy import UseasyService
from tui.model.customer import Contact, Customer, FieldValue
from tui.model.errors import (
    InvalidError,
    OutcomeUnknownError,
)


async def test_an_update_sends_only_what_changed_in_the_configured_shapes(
    tenant: Tenant, useasy: UseasyService
) -> None:
    tenant.answers["/update"] = good(None)
    written = await useasy.update(
        "1",
        {
            "emails": (Contact(value="a@b.cn"),),
            "customerSource": ("k2",),
            "level": "b",
            "budget": "12.5",
            "visit": "2024-11-14T01:46:17+00:00",
            "region": ("sh", "pd"),
            f"custom.{ADDRESS}": "",
        },
    )
    ((_, _, body),) = tenant.calls()
    assert body == {
        "_id": "1",
        "email": [{"value": "a@b.cn", "memo": ""}],
        "customerSource": ["k2"],
        "level": "b",
        "budget": "12.5",
        "visit": "2024-11-14 09:46:17",
        "region": ["sh", "pd"],
        ADDRESS: "",
    }
    assert written.customer.id == "1"


async def test_what_is_written_takes_the_shape_of_what_was_read(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/update"] = good(None)
    raw = {"_id": "1", "customerSource": ["官网"], "level": ["a"], "budget": 7, ADDRESS: ["浦东"]}
    await useasy.update(
        "1",
        {"customerSource": ("k1",), "level": "b", "budget": "12", ADDRESS: "浦西"},
        before=Customer(id="1", raw=raw),
    )
    ((_, _, body),) = tenant.calls()
    assert body == {"_id": "1", "customerSource": ["试用申请"], "level": ["b"], "budget": 12, ADDRESS: ["浦西"]}


async def test_empty_values_clear_their_fields(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/update"] = good(None)
    await useasy.update("1", {"phones": (), "customerSource": (), "level": "", "visit": "", "region": ()})
    ((_, _, body),) = tenant.calls()
    assert body == {"_id": "1", "mobile": [], "customerSource": [], "level": "", "visit": "", "region": []}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"nmae": "x"}, "nmae.*"),
        ({"createTime": "2024-11-14 09:46:17"}, "createTime"),
        ({"level": "c"}, "level.*'c'"),
        ({"budget": "much"}, "budget.*'much'"),
        ({"region": ("sh",)}, "region.*needs 2"),
        ({"name": ""}, "name.*empty"),
        ({}, "no value"),
    ],
)
async def test_a_value_that_breaks_a_rule_is_refused_before_anything_is_sent(
    tenant: Tenant, useasy: UseasyService, values: dict[str, FieldValue], words: str
) -> None:
    with pytest.raises(InvalidError, match=words):
        await useasy.update("1", values)
    assert tenant.calls() == []


async def test_a_create_without_a_name_is_refused(tenant: Tenant, useasy: UseasyService) -> None:
    with pytest.raises(InvalidError, match="must be given") as caught:
        await useasy.create({"owner": "8310"})
    assert caught.value.field == "name"
    assert tenant.calls() == []


async def test_without_the_configuration_any_name_is_the_vendors_own(tenant: Tenant, settings: ServiceSettings) -> None:
    tenant.answers["/update"] = good(None)
    service = UseasyService(replace(settings, disable=frozenset({"fields"})))
    await service.update("1", {"name": "x", "text_1": "y"})
    await service.aclose()
    ((_, _, body),) = tenant.calls()
    assert body == {"_id": "1", "customerName": "x", "text_1": "y"}


async def test_a_create_that_is_never_answered_is_unknown_and_not_repeated(
    tenant: Tenant, useasy: UseasyService
) -> None:
    tenant.answers["/add"] = b""
    with pytest.raises(OutcomeUnknownError):
        await useasy.create({"name": "x"})
    assert len(tenant.calls()) == 1


async def test_a_create_whose_answer_names_no_id_is_unknown(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/add"] = good(None)
    with pytest.raises(OutcomeUnknownError, match="which id"):
        await useasy.create({"name": "x"})


async def test_a_field_that_the_vendor_fills_in_is_refused(
    vendor: Loopback, tenant: Tenant, useasy: UseasyService
) -> None:
    tenant.fixed = [{"param": "budget"}]
    with pytest.raises(InvalidError, match=r"budget.*cannot be changed"):
        await useasy.update("1", {"budget": "7"})
    assert [(seen.path, seen.body) for seen in vendor.seen] == [(FIELDS, {}), (FIELDS, {"editable": False})]


async def test_a_vendor_that_lists_every_field_as_fixed_took_no_notice_of_the_question(
    tenant: Tenant, useasy: UseasyService
) -> None:
    tenant.fixed = CONFIGURATION
    tenant.answers["/update"] = good(None)
    await useasy.update("1", {"budget": "7"})
    assert len(tenant.calls()) == 1
