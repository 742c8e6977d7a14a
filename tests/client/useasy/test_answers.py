"""What useasy may answer, and what the caller sees."""

from __future__ import annotations

import pytest

from tests.client.useasy.tenant import ADDRESS, Tenant, good
from tui.client.useasy import UseasyService
from tui.model.customer import Condition, CustomValue, Query
from tui.model.errors import (
    AuthError,
    InvalidError,
    KehuError,
    NotFoundError,
    ProtocolError,
    UnsupportedError,
    VendorError,
)


async def test_a_numeric_code_is_a_success_too(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/findById/1"] = {"success": True, "code": 200, "data": {"_id": "1"}}
    assert (await useasy.get("1")).id == "1"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"success": False, "code": "500"}, VendorError),
        ({"success": False, "code": "200"}, ProtocolError),
        ({"success": True, "code": "500"}, ProtocolError),
        ({"success": True}, ProtocolError),
        ({"code": "200"}, ProtocolError),
        ({"success": "false", "code": 500.0}, VendorError),
        ({"success": False, "code": "401"}, AuthError),
        ({"success": False, "code": 403}, AuthError),
        ({"success": False, "code": "404"}, NotFoundError),
        ({"success": False}, VendorError),
        ({"data": {"_id": "1"}}, ProtocolError),
    ],
)
async def test_an_answer_that_did_not_succeed_is_an_error(
    tenant: Tenant, useasy: UseasyService, answer: dict[str, object], kind: type[KehuError]
) -> None:
    tenant.answers["/findById/1"] = answer
    with pytest.raises(KehuError) as caught:
        await useasy.get("1")
    assert type(caught.value) is kind


async def test_an_error_has_the_vendors_code_words_and_trace(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/delete"] = {"success": False, "code": "10013", "message": "没有权限", "traceId": "t-77"}
    with pytest.raises(VendorError) as caught:
        await useasy.delete("1")
    assert str(caught.value) == "the vendor refused: 没有权限 (code 10013, trace t-77)"


async def test_a_customer_that_the_vendor_says_does_not_exist_is_missing_and_not_a_failure(
    tenant: Tenant, useasy: UseasyService
) -> None:
    nobody = {"success": False, "code": "10012", "message": "客户不存在", "traceId": "t-77"}
    for path in ("/findById/9", "/list", "/update", "/delete"):
        tenant.answers[path] = nobody
    for call in (useasy.get("9"), useasy.delete("9"), useasy.update("9", {"name": "王五"})):
        with pytest.raises(NotFoundError, match="客户不存在") as caught:
            await call
        assert caught.value.certain
        assert caught.value.trace_id == "t-77"
    assert await useasy.find("id", "9") == ()
    assert await useasy.find("phones", "13231307283") == ()


async def test_what_a_create_does_not_find_is_no_missing_customer(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/add"] = {"success": False, "code": "10012", "message": "归属客户不存在"}
    with pytest.raises(VendorError, match="归属客户不存在"):
        await useasy.create({"name": "王五"})


async def test_another_customers_record_is_never_shown_as_the_one_that_was_asked_for(
    tenant: Tenant, useasy: UseasyService
) -> None:
    tenant.answers["/findById/1"] = good({"_id": "2", "customerName": "别人"})
    with pytest.raises(ProtocolError, match="another customer than 1"):
        await useasy.get("1")


@pytest.mark.parametrize("data", [None, {}])
async def test_an_id_that_is_not_there_is_not_found(tenant: Tenant, useasy: UseasyService, data: object) -> None:
    tenant.answers["/findById/9"] = good(data, traceId="t-1")
    with pytest.raises(NotFoundError, match="9") as caught:
        await useasy.get("9")
    assert caught.value.trace_id == "t-1"
    assert caught.value.code == ""  # 200 is a success's


@pytest.mark.parametrize("data", [None, {}, [], {"count": 3}, {"list": None, "count": 3}, {"list": {}, "count": 3}])
async def test_an_answer_without_a_list_is_never_an_empty_page(
    tenant: Tenant, useasy: UseasyService, data: object
) -> None:
    tenant.answers["/list"] = good(data)
    with pytest.raises(ProtocolError):
        await useasy.list(Query())


@pytest.mark.parametrize("count", [-1, "-1", 2.5, "viele", None, True, []])
async def test_a_count_that_is_none_is_unknown(tenant: Tenant, useasy: UseasyService, count: object) -> None:
    tenant.answers["/list"] = good({"list": [{"_id": "1"}], "count": count})
    page = await useasy.list(Query())
    assert (page.total, len(page.items)) == (None, 1)
    tenant.answers["/list"] = good({"list": [{"_id": "1"}]})
    assert (await useasy.list(Query())).total is None


async def test_a_record_of_the_wrong_type_is_unreadable_and_the_others_are_there(
    tenant: Tenant, useasy: UseasyService
) -> None:
    records: list[object] = [{"_id": "1"}, "685770000643772416", None, ["x"], {"customerName": "no id"}, {"_id": "2"}]
    tenant.answers["/list"] = good({"list": records, "count": "6"})
    page = await useasy.list(Query())
    assert [(item.id, item.unreadable) for item in page.items] == [
        ("1", False),
        ("685770000643772416", True),
        ("", True),
        ("", True),
        ("", True),
        ("2", False),
    ]
    assert page.total == 6


async def test_a_numeric_id_is_a_string_without_loss(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/list"] = good({"list": [{"_id": 685770000643772417}], "count": 1})
    (customer,) = (await useasy.list(Query())).items
    assert customer.id == "685770000643772417"


async def test_an_id_cannot_lead_to_another_address(tenant: Tenant, useasy: UseasyService) -> None:
    with pytest.raises(InvalidError):
        await useasy.get("..")
    with pytest.raises(InvalidError):
        await useasy.delete(" ")
    assert tenant.calls() == []


async def test_an_odd_id_stays_one_part_of_the_address(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/findById/a%2Fb%3Fc"] = good({"_id": "a/b?c"})
    assert (await useasy.get("a/b?c")).id == "a/b?c"


async def test_the_owner_and_conditions_become_a_search(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/list"] = good({"list": [], "count": 0})
    conditions = (
        Condition(field="name", operator="empty"),
        Condition(field=f"custom.{ADDRESS}", values=("x", "y")),
    )
    await useasy.list(Query(owner="8310", conditions=conditions))
    ((_, _, body),) = tenant.calls()
    assert body == {
        "page": 1,
        "limit": 100,
        "search": [
            {"field": "customerName", "operator": "empty", "value": []},
            {"field": ADDRESS, "operator": "eq", "value": ["x", "y"]},
            {"field": "owner", "operator": "eq", "value": ["8310"]},
        ],
    }


async def test_choices_and_cascades_are_searched_for_by_the_keys_that_records_hold(
    tenant: Tenant, useasy: UseasyService
) -> None:
    tenant.answers["/list"] = good({"list": [], "count": 0})
    await useasy.fields()
    await useasy.list(Query(conditions=(Condition(field="等级", values=("乙",)),)))
    tenant.answers["/list"] = good({"list": [{"_id": "1", "level": "乙"}], "count": 1})
    await useasy.list(Query(conditions=(Condition(field="level", values=("b",)),)))
    await useasy.list(Query(conditions=(Condition(field="level", values=("b",)),)))
    searches = [body["search"] for _, _, body in tenant.calls() if isinstance(body, dict) and "search" in body]
    by_key = [{"field": "level", "operator": "eq", "value": ["b"]}]
    assert searches == [by_key, by_key, [{"field": "level", "operator": "eq", "value": ["乙"]}]]


@pytest.mark.parametrize("operator", ["contains", "ne", "in", "EQ", ""])
async def test_an_operator_that_the_page_does_not_show_is_refused_before_anything_is_sent(
    tenant: Tenant, useasy: UseasyService, operator: str
) -> None:
    with pytest.raises(InvalidError) as caught:
        await useasy.list(Query(conditions=(Condition(field="name", operator=operator, values=("x",)),)))
    assert caught.value.facts["known"] == "eq, empty"
    assert tenant.calls() == []


async def test_a_page_over_the_limit_is_refused_before_anything_is_sent(tenant: Tenant, useasy: UseasyService) -> None:
    with pytest.raises(InvalidError, match=r"1001.*1000") as caught:
        await useasy.list(Query(size=1001))
    assert caught.value.field == "size"
    assert tenant.calls() == []


async def test_custom_values_are_named_by_their_codes_until_the_configuration_is_known(
    tenant: Tenant, useasy: UseasyService
) -> None:
    record = {"_id": "1", ADDRESS: "浦东新区", "level": "乙", "visit": "2024-11-14 09:46:17", "new": {"x": 1}}
    tenant.answers["/findById/1"] = good(record)
    before = await useasy.get("1")
    assert before.custom == (
        CustomValue(code=ADDRESS, label=ADDRESS, value="浦东新区"),
        CustomValue(code="level", label="level", value="乙"),
        CustomValue(code="visit", label="visit", value="2024-11-14 09:46:17"),
        CustomValue(code="new", label="new", value='{"x": 1}'),
    )
    await useasy.fields()
    after = await useasy.get("1")
    assert after.custom == (
        CustomValue(code="level", label="等级", value="b"),
        CustomValue(code="visit", label="回访", value="2024-11-14T09:46:17+08:00"),
        CustomValue(code=ADDRESS, label="详细地址", value="浦东新区"),
        CustomValue(code="new", label="new", value='{"x": 1}'),
    )
    assert after.raw == record


async def test_everybody_with_a_value_is_found_by_one_search(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/list"] = good({"list": [{"_id": "1"}, {"_id": "2"}, "broken"], "count": 3})
    found = await useasy.find("phones", "13231307283")
    assert [customer.id for customer in found] == ["1", "2", "broken"]
    await useasy.find(f"custom.{ADDRESS}", "浦东")
    searches = [body["search"] for _, _, body in tenant.calls() if isinstance(body, dict)]
    assert searches == [
        [{"field": "mobile", "operator": "eq", "value": ["13231307283"]}],
        [{"field": ADDRESS, "operator": "eq", "value": ["浦东"]}],
    ]


async def test_an_id_finds_one_or_nobody_by_a_single_read(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/findById/1"] = good({"_id": "1"})
    tenant.answers["/findById/9"] = good(None)
    assert [customer.id for customer in await useasy.find("id", "1")] == ["1"]
    assert await useasy.find("id", "9") == ()


async def test_more_than_anybody_chooses_among_is_told_and_not_cut(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/list"] = good({"list": [{"_id": str(number)} for number in range(20)], "count": 5000})
    with pytest.raises(UnsupportedError, match="5000 customers have 王伟 as their name"):
        await useasy.find("name", "王伟")
