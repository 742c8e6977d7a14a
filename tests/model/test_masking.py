"""What of a customer is hidden, by the policy, the kind of field and the vendor's mark."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.change import Change, Kind, State
from tui.model.columns import COLUMNS
from tui.model.customer import Choice, Contact, Customer, CustomValue, FieldSpec, FieldType, FollowUser
from tui.model.masking import Cover, Mask, Masker, Nature, mask, masker_of, nature_of

PHONE, EMAIL, IDENTITY, CARD = "13912345678", "lisi@example.com", "11010519491231002X", "4111 1111 1111 1111"

SPECS = (
    FieldSpec(code="phones", label="Phones", type=FieldType.PHONE, contacts=True, param="mobile"),
    FieldSpec(code="text_id", label="身份证号"),
    FieldSpec(code="text_home", label="家庭住址"),
    FieldSpec(code="text_note", label="其他"),
    FieldSpec(code="text_other", label="备用手机"),
    FieldSpec(code="level", label="电话是否接通", type=FieldType.CHOICE, choices=(Choice(key="yes", label="是"),)),
    FieldSpec(code="born", label="生日", type=FieldType.DATE),
    FieldSpec(code="text_secret", label="来源", sensitive=True, param="vendorSecret"),
)

LISI = Customer(
    id="1",
    name="李四",
    phones=(Contact(value=PHONE, memo="work"),),
    emails=(Contact(value=EMAIL),),
    wechat=(Contact(value="wxid_lisi"),),
    description=f"打 {PHONE}",
    custom=(
        CustomValue(code="text_id", label="身份证号", value=IDENTITY),
        CustomValue(code="text_home", label="家庭住址", value="北京市朝阳区某路8号"),
        CustomValue(code="level", label="电话是否接通", value="yes"),
        CustomValue(code="text_secret", label="来源", value="老同学介绍"),
    ),
    follow_users=(FollowUser(user_id="rocky", remark=f"李四 {PHONE}", description="老同学介绍，写 lisi@example.com"),),
    raw={"mobile": [{"value": PHONE}], "vendorSecret": "老同学介绍", "n": 1, "tel": int(PHONE), "x": f"tel:{PHONE}"},
)


def shown(policy: Mask) -> Customer:
    return masker_of(policy, SPECS).customer(LISI)


@pytest.mark.parametrize(
    ("code", "label", "type", "nature"),
    [
        ("c1", "身份证号", "text", Nature.DOCUMENT),
        ("c1", "银行卡号", "number", Nature.DOCUMENT),
        ("c1", "Passport", "text", Nature.DOCUMENT),
        ("c1", "紧急联系手机", "text", Nature.PHONE),
        ("c1", "", "phone", Nature.PHONE),
        ("c1", "微信号", "text", Nature.ACCOUNT),
        ("c1", "收货地址", "textarea", Nature.ADDRESS),
        ("c1", "邮箱", "text", Nature.EMAIL),
        ("c1", "出生日期", "date", Nature.BIRTHDAY),
        ("c1", "意向", "text", Nature.PROSE),
        ("c1", "金额", "number", Nature.OPEN),
        ("c1", "电话是否接通", "choice", Nature.OPEN),
        ("telephone", "座机", "phone", Nature.PHONE),
        ("name", "姓名", "text", Nature.OPEN),
    ],
)
def test_a_field_is_hidden_by_what_it_holds(code: str, label: str, type: str, nature: Nature) -> None:
    assert nature_of(code, FieldSpec(code=code, label=label, type=FieldType(type))) is nature


def test_each_policy_hides_what_those_before_it_do_and_more() -> None:
    codes = [*(spec.code for spec in SPECS), "phones", "emails", "wechat", "qq", "name", "company", "tags"]
    hidden = [{code for code in codes if masker_of(policy, SPECS).hides(code)} for policy in Mask]
    assert hidden[0] == set()
    assert hidden[1] == {"text_id", "text_secret"}
    assert hidden[2] - hidden[1] == {"phones", "text_other"}
    assert hidden[3] - hidden[2] == {"emails", "wechat", "qq", "text_home", "text_note", "born"}
    assert all(less <= more for less, more in pairwise(hidden))


def test_under_sensitive_a_phone_is_read_and_what_the_vendor_marks_is_not() -> None:
    seen = shown(Mask.SENSITIVE)
    assert seen.phones == LISI.phones
    assert {value.code: value.value for value in seen.custom} == {
        "text_id": "110****002X",
        "text_home": "北京市朝阳区某路8号",
        "level": "yes",
        "text_secret": "老****",
    }


def test_under_phones_a_number_is_hidden_in_free_texts_as_well() -> None:
    seen = shown(Mask.PHONES)
    assert seen.phones == (Contact(value="139****5678", memo="work"),)
    assert seen.description == "打 139****5678"
    assert seen.follow_users[0].remark == "李四 139****5678"
    assert seen.follow_users[0].description == "老****，写 lisi@example.com"
    assert seen.emails == LISI.emails


def test_under_all_nothing_that_reaches_a_person_is_left_anywhere_in_the_record() -> None:
    told = shown(Mask.ALL).model_dump_json()
    for secret in (PHONE, EMAIL, "wxid_lisi", IDENTITY, "朝阳", "同学"):
        assert secret not in told
    assert "李四" in told


def test_the_vendors_own_record_hides_a_value_under_whatever_name_it_stands() -> None:
    told = json.dumps(masker_of(Mask.PHONES, SPECS).raw(LISI), ensure_ascii=False)
    assert PHONE not in told
    assert "老同学介绍" not in told
    assert '"n": 1' in told


def test_without_the_vendors_configuration_what_reaches_a_person_counts_as_sensitive() -> None:
    nobody_knows = masker_of(Mask.SENSITIVE, None)
    assert nobody_knows.hides("phones")
    assert nobody_knows.hides("emails")
    assert not masker_of(Mask.SENSITIVE, ()).hides("phones")
    assert not masker_of(Mask.NONE, None).hides("phones")


def test_a_phone_that_the_vendor_calls_sensitive_is_hidden_in_texts_too() -> None:
    marked = masker_of(Mask.SENSITIVE, (FieldSpec(code="phone", label="手机", sensitive=True),))
    assert marked.text("phones", PHONE) == "139****5678"
    assert marked.cell(COLUMNS["phone"], PHONE) == "139****5678"
    assert marked.prose(f"called {PHONE}") == "called 139****5678"
    assert marked.prose(f"write {EMAIL}") == f"write {EMAIL}"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"证件 {IDENTITY} 已收", "证件 110****002X 已收"),
        ("卡号 4111 1111 1111 1111", "卡号 411****1111"),
        ("+86 139-1234-5678 找我", "+86****5678 找我"),
        ("座机 010-12345678", "座机 010****5678"),
        ("订单 110105194912310020 与 1234567890123456", "订单 110105194912310020 与 1234567890123456"),
        ("2024-11-20 14:00 报价 139元", "2024-11-20 14:00 报价 139元"),
    ],
)
def test_numbers_in_a_text_are_hidden_and_others_are_not(text: str, seen: str) -> None:
    assert masker_of(Mask.ALL, ()).prose(text) == seen


def test_a_change_of_the_journal_hides_what_it_was_about() -> None:
    change = Change(
        id=1, kind=Kind.UPDATE, state=State.FAILED, customer_id="1", customer_name="李四", union_id=None, user_id="me",
        request={"values": {"phones": [{"value": PHONE, "memo": "work"}], "text_secret": "x9 secret", "name": "李四"}},
        before={"values": {"phones": []}}, after=None, repeatable=True, batch=None, undo_of=None, undone_by=None,
        os_user="r", host="h", profile="p", created_at=0.0, sent_at=None, settled_at=None, attempts=1, code="40",
        message=f"{PHONE} is taken", answer={"data": {"tel": PHONE, "why": "x9 secret is odd"}},
    )  # fmt: skip
    seen = masker_of(Mask.PHONES, SPECS).change(change)
    assert seen.request["values"] == {
        "phones": [{"value": "139****5678", "memo": "work"}],
        "text_secret": "x****",
        "name": "李四",
    }
    assert seen.message == "139****5678 is taken"
    assert seen.answer == {"data": {"tel": "139****5678", "why": "x**** is odd"}}


def test_what_is_revealed_is_open_and_the_rest_stays_hidden() -> None:
    masker = masker_of(Mask.ALL, SPECS).revealing([PHONE])
    assert masker.customer(LISI).phones[0].value == PHONE
    assert masker.prose(f"打 {PHONE}") == f"打 {PHONE}"
    assert masker.customer(LISI).emails[0].value != EMAIL


def test_a_form_gets_back_what_was_left_hidden_also_where_two_values_look_alike() -> None:
    cover = Cover(masker_of(Mask.PHONES, SPECS))
    rows = (Contact(value="13912345678"), Contact(value="13900005678", memo="home"))
    seen = cover.hide("phones", rows)
    assert [row.value for row in seen if isinstance(row, Contact)] == ["139****5678", "139****5678·2"]
    assert cover.whole("phones", seen) == rows
    assert cover.whole("phones", seen[1:]) == rows[1:]
    typed = (Contact(value="139****56789"),)
    assert cover.whole("phones", typed) == typed  # refused when it is sent
    text = cover.hide("description", f"打 {PHONE} 找他")
    assert text == "打 139****5678 找他"
    assert cover.whole("description", f"{text}，明天") == f"打 {PHONE} 找他，明天"


@given(st.text(max_size=40))
def test_masking_ends_and_what_is_masked_already_stays(text: str) -> None:
    once = mask(text)
    assert mask(once) == once
    masker = Masker(Mask.ALL)
    assert masker.prose(masker.prose(text)) == masker.prose(text)
