"""Pages of customers."""

from __future__ import annotations

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import CUSTOMER, LISI, LIST, TOKEN
from tests.client.loopback import Answer, Loopback
from tui.model.customer import Condition, Query
from tui.model.errors import InvalidError, NotFoundError, ProtocolError, UnsupportedError


async def test_the_pages_list_sample(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer(LIST))
    page = await juzi().list(Query(page=1, size=10))
    assert (page.page, page.size, page.total) == (1, 10, 100)
    assert page.items == (LISI,)
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("GET", "/api/v1/customer/list")
    assert seen.query == {"token": TOKEN, "current": "1", "pageSize": "10"}


async def test_a_list_of_one_colleagues_customers_names_the_colleague(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer(LIST))
    await juzi().list(Query(page=3, size=1000, owner="rocky"))
    assert vendor.seen[0].query == {"token": TOKEN, "userId": "rocky", "current": "3", "pageSize": "1000"}


async def test_a_list_of_all_that_is_answered_as_a_colleagues_without_customers_advises_no_other_colleague(
    vendor: Loopback, juzi: Open
) -> None:
    vendor.then(Answer({"errcode": 84061, "errmsg": "not external contact"}))
    with pytest.raises(NotFoundError) as caught:
        await juzi().list(Query())
    assert "another colleague" not in caught.value.hint(str)
    assert "whom the token covers" in caught.value.hint(str)


async def test_a_page_over_the_limit_is_refused_before_anything_is_sent(vendor: Loopback, juzi: Open) -> None:
    with pytest.raises(InvalidError, match="1001 is over the vendor's 1000") as caught:
        await juzi().list(Query(size=1001))
    assert caught.value.field == "size"
    assert vendor.seen == []


async def test_conditions_are_refused_before_anything_is_sent(vendor: Loopback, juzi: Open) -> None:
    with pytest.raises(UnsupportedError):
        await juzi().list(Query(conditions=(Condition(field="name", values=("李四",)),)))
    assert vendor.seen == []


async def test_an_empty_list_is_one_only_where_the_vendor_says_so(vendor: Loopback, juzi: Open) -> None:
    empty: list[dict[str, object]] = [
        {"data": [], "total": 0},
        {"total": 0},
        {"data": None, "total": 0},
        {"data": {}, "total": "0"},
        {"data": None},
        {"data": None, "total": -1},
    ]
    for answer in empty:
        vendor.then(Answer({"errcode": 0, "errmsg": "ok", **answer}))
        assert (await juzi().list(Query())).items == ()
    no_list: list[dict[str, object]] = [{}, {"total": 3}, {"data": None, "total": 3}, {"data": "[]", "total": 0}]
    for answer in no_list:
        vendor.then(Answer({"errcode": 0, "errmsg": "ok", **answer}))
        with pytest.raises(ProtocolError):
            await juzi().list(Query())


async def test_a_list_keyed_by_numbers_and_a_single_record_are_lists(vendor: Loopback, juzi: Open) -> None:
    for data in ({"0": CUSTOMER}, CUSTOMER):
        vendor.then(Answer({**LIST, "data": data, "total": 1}))
        assert [item.id for item in (await juzi().list(Query())).items] == [LISI.id]


async def test_a_page_past_the_end_may_be_null(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({**LIST, "data": None, "total": 100}))
    assert (await juzi().list(Query(page=2, size=100))).items == ()


async def test_a_record_of_the_wrong_type_is_unreadable_and_the_others_are_there(vendor: Loopback, juzi: Open) -> None:
    records = [
        CUSTOMER,
        None,
        "wm7",
        ["?"],
        {"name": "no id", "unionId": "o9"},
        {"externalUserId": 12345678901234567890},
    ]
    vendor.then(Answer({**LIST, "data": records}))
    items = (await juzi().list(Query())).items
    assert [item.unreadable for item in items] == [False, True, True, True, True, False]
    assert [item.id for item in items[1:]] == ["", "wm7", "", "o9", "12345678901234567890"]
    assert items[0] == LISI
    assert items[4].raw == records[4]


@pytest.mark.parametrize(("told", "total"), [("100", 100), (0, 0), (None, None), ("many", None)])
async def test_a_total_as_text_counts_and_a_missing_one_is_unknown(
    told: object, total: int | None, vendor: Loopback, juzi: Open
) -> None:
    vendor.then(Answer({**LIST, "total": told}))
    assert (await juzi().list(Query(size=10))).total == total
