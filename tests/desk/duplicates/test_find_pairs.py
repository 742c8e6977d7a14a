"""Duplicates as the desk tells of them: scored, with the reasons, from what was seen here alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.desk.conftest import OpenDesk
from tests.pace import slow
from tests.store.samples import SEEN_AT, customer, people
from tui.desk.desk import Desk
from tui.desk.duplicates.find_pairs import DuplicatePair, Duplicates, Found
from tui.model.customer import Contact, Customer, CustomValue, FieldSpec, FieldType, Query
from tui.sandbox.faults import Faults, InjectedFault
from tui.store.store import Store

Rows = Callable[..., list[tuple[Any, ...]]]

SPECS = (
    FieldSpec(code="member", label="会员号"),
    FieldSpec(code="firm", label="公司名称"),
    FieldSpec(code="born", label="生日", type=FieldType.DATE),
)


Among = Callable[..., Awaitable[list[DuplicatePair]]]
"""The duplicates among these customers and twenty others."""


@pytest.fixture
async def found(open_desk: OpenDesk, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Found]]]:
    """Puts customers into a directory that knows its fields, and opens a search of it."""
    desk = await open_desk("demo-useasy")
    opened: list[Found] = []

    async def find(*customers: Customer) -> Found:
        with closing(Store.open(tmp_path / "data" / "demo-useasy.db")) as store:
            store.directory.save_fields(SPECS, SEEN_AT)
            store.directory.save([*people(20), *customers], SEEN_AT)
        opened.append(await Duplicates(desk).find())
        return opened[-1]

    yield find
    for search in opened:
        await search.close()


@pytest.fixture
def among(found: Callable[..., Awaitable[Found]]) -> Among:
    """Finds the duplicates among customers."""

    async def pairs(*customers: Customer) -> list[DuplicatePair]:
        return await read(await found(*customers))

    return pairs


async def read(found: Found) -> list[DuplicatePair]:
    await found.begin()
    pairs: list[DuplicatePair] = []
    while some := await found.next():
        pairs += some
    return pairs


def custom(code: str, value: str) -> tuple[CustomValue, ...]:
    return (CustomValue(code=code, label=code, value=value),)


def told(pair: DuplicatePair) -> Sequence[str]:
    return [reason.told() for reason in pair.reasons]


async def test_a_pair_tells_what_both_have_as_the_first_has_it(among: Among) -> None:
    (pair,) = await among(
        customer("a", "王伟", phones=["+86 138-1234-5678"], company="甲公司", custom=custom("member", "KH0001")),
        customer("b", "王 伟", phones=["13812345678"], company="甲公司", custom=custom("member", "KH0001")),
    )
    assert told(pair) == ["phone +86 138-1234-5678", "会员号 KH0001", "name 王伟", "company 甲公司"]
    assert (pair.one.id, pair.other.id, pair.score) == ("a", "b", 99)


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ({"phones": ["13812345678"]}, {"phones": ["13812345678"]}, 75),
        ({"phones": ["13812345678"], "name": "王伟"}, {"phones": ["13812345678"], "name": "王伟"}, 85),
        ({"emails": (Contact(value="a@example.com"),)}, {"emails": (Contact(value="A@example.com"),)}, 80),
        ({"custom": custom("member", "KH0001")}, {"custom": custom("member", "KH0001")}, 95),
        ({"name": "王伟", "company": "甲"}, {"name": "王伟", "company": "甲"}, 55),
        ({"name": "王伟", "custom": custom("firm", "甲")}, {"name": "王伟", "custom": custom("firm", "甲")}, 55),
        ({"name": "陈晓云", "company": "甲"}, {"name": "陈小云", "company": "甲"}, 48),
        ({"phones": ["13812345678"], "name": "王伟"}, {"phones": ["13812345678"], "name": "李雷"}, 75),
    ],
)
async def test_scores(among: Among, one: dict[str, Any], other: dict[str, Any], score: int) -> None:
    assert [pair.score for pair in await among(customer("a", **one), customer("b", **other))] == [score]


@pytest.mark.parametrize(
    "phone",
    ["138****0000", "1380000****", "+86 138****0000", "138****00001", "00000000000", "11111111111", "12345", "-", "无"],
)
async def test_a_phone_that_is_hidden_or_none_is_no_reason(among: Among, phone: str) -> None:
    assert await among(customer("a", phones=[phone]), customer("b", phones=[phone])) == []


@pytest.mark.parametrize("email", ["l****@example.com", "-", "none", "a@b"])
async def test_an_address_that_is_hidden_or_none_is_no_reason(among: Among, email: str) -> None:
    contacts = (Contact(value=email),)
    assert await among(customer("a", emails=contacts), customer("b", emails=contacts)) == []


async def test_a_whole_number_and_a_hidden_one_with_the_same_digits_left_are_no_pair(among: Among) -> None:
    assert await among(customer("a", phones=["2155****1234"]), customer("b", phones=["21551234"])) == []


@pytest.mark.parametrize(("code", "value"), [("born", "1990-01-01"), ("member", "2024-01-31"), ("member", "A-101")])
async def test_a_date_and_what_is_no_text_field_is_no_id(among: Among, code: str, value: str) -> None:
    one, other = customer("a", custom=custom(code, value)), customer("b", custom=custom(code, value))
    assert len(await among(one, other)) == (1 if value == "A-101" else 0)


async def test_a_switchboard_makes_no_pairs_and_is_told(found: Callable[..., Awaitable[Found]]) -> None:
    fifty = [customer(str(number), f"员工{number}", phones=["021-55501234"]) for number in range(50)]
    search = await found(*fifty)
    assert await read(search) == []
    assert [reason.told() for reason in search.shared] == ["phone 02155501234 (of 50 customers)"]


async def test_a_switchboard_beside_another_reason_is_told_last_and_counts_nothing(among: Among) -> None:
    fifty = [customer(str(number), phones=["021-55501234"]) for number in range(50)]
    emails = (Contact(value="a@example.com"),)
    one = customer("a", phones=["021-55501234"], emails=emails)
    (pair,) = await among(*fifty, one, one.model_copy(update={"id": "b"}))
    assert told(pair) == ["e-mail a@example.com", "phone 021-55501234 (of 52 customers)"]
    assert pair.score == 80


async def test_the_more_share_a_value_the_less_it_tells(among: Among) -> None:
    family = [customer(f"f{number}", f"家人{number}", phones=["13812345678"]) for number in range(3)]
    assert [pair.score for pair in await among(*family)] == [38, 38, 38]
    six = [customer(f"f{number}", f"同事{number}", phones=["13812345678"]) for number in range(6)]
    assert await among(*six) == []


@slow
async def test_nothing_is_asked_of_the_vendor(open_desk: OpenDesk, faults: Faults, rows: Rows) -> None:
    desk = await open_desk("demo-useasy")
    await desk.fields()
    await desk.listing(Query(size=100))
    faults.set([InjectedFault.parse("drop-before")])
    found = await Duplicates(desk).find()
    pairs = await read(found)
    await found.close()
    twice = [name for name in names(desk, rows) if names(desk, rows).count(name) > 1]
    assert twice
    (zhao,) = [pair for pair in pairs if pair.one.name == "赵建国"]
    assert zhao.score == 99
    assert [reason.label for reason in zhao.reasons][:1] == ["phone"]
    assert "企微客户ID" in [reason.label for reason in zhao.reasons]


def names(desk: Desk, rows: Rows) -> list[str]:
    return [json.loads(record)["customerName"] for (record,) in rows("SELECT record FROM useasy_customer")]


async def test_what_was_looked_through_is_told(open_desk: OpenDesk) -> None:
    desk = await open_desk("demo-useasy")
    assert (await Duplicates(desk).scope()).told() == "0 customers seen here"
    listing = await desk.listing(Query(size=100))
    scope = await Duplicates(desk).scope()
    assert (scope.seen, scope.total) == (100, listing.total)
    assert scope.told() == f"100 of {listing.total} customers, those seen here"
    for page in range(2, 5):
        await desk.listing(Query(page=page, size=100))
    scope = await Duplicates(desk).scope()
    assert scope.complete
    assert scope.told() == f"all {listing.total} customers"
