"""What a person's sources disagree on, and what they only write in another way."""

from __future__ import annotations

import pytest

from tests.desk.linked.showcase import (
    COMPANY_DIFFERS,
    EMAIL_DIFFERS,
    IMA,
    JUZI,
    LISI,
    PHONE_DIFFERS,
    USEASY,
    begin,
    whole,
)
from tests.desk.workshop import Workshop
from tui.desk.linked.differences import contacts, differences, tags
from tui.desk.linked.matching import key_of
from tui.desk.linked.person import Linked, LinkState, Person, Source
from tui.desk.outcome import Record
from tui.model.customer import LANDLINE, Contact, Customer, CustomValue, FollowUser, Tag

SOURCES = {profile: Source(profile, profile, profile) for profile in (JUZI, USEASY, IMA)}


def person(*records: Customer) -> Person:
    """A person of whom juzi, useasy and ima have `records`."""
    kept = [Record(customer, 0.0, live=False) for customer in records]
    linked = zip(list(SOURCES.values())[1:], kept[1:], strict=False)
    return Person(
        kept[0], SOURCES[JUZI], tuple(Linked(source, None, LinkState.FOUND, record) for source, record in linked)
    )


def disagreeing(**values: tuple[object, ...]) -> list[str]:
    """The fields in which customers with `values`, one of each field for each of them, disagree."""
    count = max(len(each) for each in values.values())
    records = [
        Customer.model_validate({"id": str(at), **{field: each[at] for field, each in values.items()}})
        for at in range(count)
    ]
    return [difference.field for difference in differences(person(*records))]


def phones(*values: str) -> tuple[Contact, ...]:
    return tuple(Contact(value=value) for value in values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13812345678", "+86 138-1234-5678"),
        ("13812345678", "0086 138 1234 5678"),
        ("13812345678", "１３８ １２３４ ５６７８"),
        ("13812345678", "(138)1234.5678"),
        ("021-55500001", "02155500001"),
    ],
)
def test_a_phone_written_another_way_is_the_same_phone(one: str, other: str) -> None:
    assert disagreeing(phones=(phones(one), phones(other))) == []
    assert key_of("phones", one) == key_of("phones", other)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("name", "张三", "张 三"),
        ("name", "Ann Lee", "ann  lee"),
        ("name", "Ａnn Lee", "Ann Lee"),
        ("company", "上海云帆（集团）有限公司", "上海云帆(集团)有限公司"),
        ("company", "ACME 上海", "acme上海"),
    ],
)
def test_width_spaces_and_case_make_no_difference(field: str, one: str, other: str) -> None:
    assert disagreeing(**{field: (one, other)}) == []
    assert disagreeing(**{field: (one, f"{other}!")}) == [field]


def test_an_email_in_capitals_is_the_same_email() -> None:
    assert disagreeing(emails=(phones("Li@Example.com"), phones("li@example.com "))) == []
    assert disagreeing(emails=(phones("li@example.com"), phones("li@example.org"))) == ["emails"]


def test_who_has_nothing_disagrees_with_nobody() -> None:
    assert disagreeing(name=("张三", ""), phones=(phones("13812345678"), ())) == []


def test_one_more_phone_is_no_contradiction_and_none_in_common_is() -> None:
    one, two, three = phones("1", "2"), phones("2"), phones("3")
    assert disagreeing(phones=(one, two)) == []
    assert disagreeing(phones=(one, two, three)) == ["phones"]


def test_a_landline_contradicts_no_mobile_phone() -> None:
    landline = (Contact(value="021-55500001", memo=LANDLINE),)
    assert disagreeing(phones=(phones("13812345678"), landline)) == []
    (difference,) = differences(person(*(Customer(id="1", phones=one) for one in (phones("1"), phones("2"), landline))))
    assert [one.source.profile for one in difference.holdings] == [JUZI, USEASY]


def test_every_source_that_has_a_value_is_told_with_it_and_with_its_own_field() -> None:
    company = CustomValue(code="text_1", label="公司名称", value="云帆")
    (difference,) = differences(
        person(Customer(id="1"), Customer(id="2", custom=(company,)), Customer(id="3", company="启明"))
    )
    assert (difference.field, difference.label) == ("company", "Company")
    assert [(one.source.profile, one.code, one.value) for one in difference.holdings] == [
        (USEASY, "text_1", "云帆"),
        (IMA, "company", "启明"),
    ]


def test_contacts_are_told_once_with_the_sources_that_have_them() -> None:
    told = contacts(
        person(
            Customer(id="1", phones=phones("+86 13812345678")),
            Customer(id="2", phones=(Contact(value="13812345678", memo="工作"), Contact(value="13900000000"))),
            Customer(id="3", phones=(*phones("138 1234 5678"), *phones("13812345678"))),
        ),
        "phones",
    )
    assert [(one.contact, [source.profile for source in one.sources]) for one in told] == [
        (Contact(value="+86 13812345678", memo="工作"), [JUZI, USEASY, IMA]),
        (Contact(value="13900000000"), [USEASY]),
    ]


def test_tags_are_told_once_and_those_of_colleagues_are_among_them() -> None:
    followers = (FollowUser(user_id="rocky", tags=(Tag(name="老客户", group="阶段"),)),)
    told = tags(
        person(
            Customer(id="1", follow_users=followers),
            Customer(id="2", tags=(Tag(name="老客户"), Tag(name="VIP"), Tag(name="vip"))),
        )
    )
    assert [(one.tag.name, [source.profile for source in one.sources]) for one in told] == [
        ("老客户", [JUZI, USEASY]),
        ("VIP", [USEASY]),
    ]


@pytest.mark.parametrize("profile", [JUZI, USEASY, IMA])
@pytest.mark.parametrize(
    ("name", "fields"),
    [(LISI, []), (PHONE_DIFFERS, ["phones"]), (COMPANY_DIFFERS, ["company"]), (EMAIL_DIFFERS, ["emails"])],
)
async def test_what_the_three_vendors_disagree_on(
    workshop: Workshop, profile: str, name: str, fields: list[str]
) -> None:
    people, own = await begin(workshop, name, profile)
    if profile != IMA:
        await workshop.desk_of(people).fields()
        own = await workshop.desk_of(people).customer(own.customer.id)
    found = differences(await whole(people, own))
    assert [difference.field for difference in found] == fields
    for difference in found:
        assert {one.source.profile for one in difference.holdings} == {USEASY, IMA}
