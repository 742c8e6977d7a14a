"""Two records side by side: what is the same, what can be taken, and what one record of both would be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tui.desk.duplicates.comparing import Alike, ComparedLine, Comparison, Take, compared, comparison
from tui.model.customer import Contact, Customer, CustomValue, FieldSpec, FieldType, FieldValue, Tag

PHONES = FieldSpec(code="phones", label="手机", type=FieldType.PHONE, contacts=True)
NAME = FieldSpec(code="name", label="Name", required=True)
LEVEL = FieldSpec(code="level", label="等级", type=FieldType.CHOICE)
WANTS = FieldSpec(code="wants", label="产品", type=FieldType.CHOICES)
REGION = FieldSpec(code="region", label="地区", type=FieldType.CASCADE)
NUMBER = FieldSpec(code="number", label="编号", editable=False)
SPECS = (NAME, PHONES, LEVEL, WANTS, REGION, NUMBER)


def rows(*values: str) -> tuple[Contact, ...]:
    """Contacts, each `value` or `value|memo`."""
    return tuple(Contact(value=value, memo=memo) for value, _, memo in (row.partition("|") for row in values))


@pytest.mark.parametrize(
    ("spec", "stays", "goes", "alike"),
    [
        (NAME, "王伟", "王伟", Alike.SAME),
        (NAME, "王伟", " 王伟 ", Alike.SAME),
        (NAME, "Ann", "ANN", Alike.MEANT),
        (NAME, "王伟", "王玮", Alike.NOT),
        (NAME, "", "王伟", Alike.NOT),
        (PHONES, rows("13812345678"), rows("+86 138-1234-5678"), Alike.MEANT),
        (PHONES, rows("13812345678|work"), rows("13812345678|home"), Alike.MEANT),
        (PHONES, rows("1", "2"), rows("2", "1"), Alike.SAME),
        (PHONES, rows("13812345678"), rows("13812345678", "13812345679"), Alike.NOT),
        (PHONES, (), rows("13812345678"), Alike.NOT),
    ],
)
def test_how_two_values_stand_to_each_other(spec: FieldSpec, stays: FieldValue, goes: FieldValue, alike: Alike) -> None:
    assert ComparedLine(spec.code, spec.label, spec, stays, goes).likeness is alike
    assert ComparedLine(spec.code, spec.label, spec, goes, stays).likeness is alike


@pytest.mark.parametrize(
    ("spec", "stays", "goes", "choices", "proposal"),
    [
        (NAME, "王伟", "王伟", "", Take.STAYS),
        (NAME, "王伟", "王玮", "sg", Take.STAYS),
        (NAME, "王伟", "", "", Take.STAYS),
        (LEVEL, "", "a", "sg", Take.GOES),
        (LEVEL, "a", "", "sg", Take.STAYS),
        (PHONES, rows("1"), rows("2"), "sgb", Take.BOTH),
        (PHONES, rows("138"), rows("1-38"), "", Take.STAYS),
        (PHONES, rows("13812345678"), rows("+86 13812345678"), "sg", Take.STAYS),
        (PHONES, (), rows("2"), "sg", Take.GOES),
        (WANTS, ("a",), ("b",), "sgb", Take.BOTH),
        (REGION, ("310000",), ("110000",), "sg", Take.STAYS),
        (NUMBER, "1", "2", "", Take.STAYS),
        (LEVEL.model_copy(update={"enabled": False}), "a", "b", "", Take.STAYS),
        (None, "a", "b", "", Take.STAYS),
    ],
)
def test_what_can_be_taken(
    spec: FieldSpec | None, stays: FieldValue, goes: FieldValue, choices: str, proposal: Take
) -> None:
    line = ComparedLine(spec.code if spec else "x", "", spec, stays, goes)
    letters = {"s": Take.STAYS, "g": Take.GOES, "b": Take.BOTH}
    assert list(line.choices) == [letters[letter] for letter in choices]
    assert line.proposal is proposal


def test_both_are_every_row_once_with_the_first_memo_there_is() -> None:
    line = ComparedLine(
        "phones", "", PHONES, rows("13812345678", "021-5550|desk"), rows("+86 138-1234-5678|work", "13900000000")
    )
    assert line.value(Take.BOTH) == rows("13812345678|work", "021-5550|desk", "13900000000")
    assert line.value(Take.STAYS) == line.stays
    assert line.value(Take.GOES) == line.goes


def test_what_is_lost_is_what_the_record_that_stays_will_not_have() -> None:
    phones = ComparedLine("phones", "", PHONES, rows("13812345678"), rows("+86 13812345678|work", "13900000000"))
    assert phones.lost(Take.STAYS) == rows("+86 13812345678|work", "13900000000")
    assert phones.lost(Take.BOTH) == ()
    assert phones.lost(Take.GOES) == ""
    memos = ComparedLine("phones", "", PHONES, rows("13812345678|home"), rows("13812345678|work"))
    assert memos.lost(Take.STAYS) == rows("13812345678|work")
    assert memos.lost(Take.GOES) == ""
    plain = ComparedLine("phones", "", PHONES, rows("13812345678|home"), rows("138-1234-5678"))
    assert plain.lost(Take.STAYS) == ()
    level = ComparedLine("level", "", LEVEL, "a", "b")
    assert level.lost(Take.STAYS) == "b"
    assert ComparedLine("name", "", NAME, "Ann", "ANN").lost(Take.STAYS) == ""


def customer(**values: object) -> Customer:
    return Customer(id="1", **values)  # type: ignore[arg-type]  # the model checks them


def custom(code: str, value: str) -> CustomValue:
    return CustomValue(code=code, label=f"label of {code}", value=value)


def test_every_field_that_one_has_stands_there_once_in_the_order_of_the_configuration() -> None:
    one = customer(name="王伟", phones=rows("1"), custom=(custom("level", "a"), custom("odd", "x")))
    other = customer(name="王伟", qq=rows("10001"), tags=(Tag(name="vip"),), custom=(custom("more", "y"),))
    lines = compared(one, other, SPECS)
    assert [line.code for line in lines] == ["name", "phones", "level", "qq", "tags", "odd", "more"]
    assert [line.label for line in lines] == ["Name", "手机", "等级", "QQ", "Tags", "label of odd", "label of more"]
    assert [line.likeness is Alike.SAME for line in lines] == [True, *[False] * 6]


def test_a_vendor_with_single_contacts_has_each_of_them_once() -> None:
    specs = (FieldSpec(code="phone", label="Mobile"), FieldSpec(code="telephone", label="Landline"))
    one = customer(phones=rows("13812345678", "02155501234|landline"))
    assert [line.code for line in compared(one, customer(), specs)] == ["phone", "telephone"]


def test_only_what_the_record_that_stays_has_not_is_written() -> None:
    one = customer(name="王伟", phones=rows("1"), custom=(custom("level", "a"), custom("number", "7")))
    other = customer(name="王玮", phones=rows("1", "2"), custom=(custom("level", "b"), custom("number", "8")))
    assert Comparison(one, other, SPECS).values == {"phones": rows("1", "2")}
    chosen = Comparison(one, other, SPECS, {"name": Take.GOES, "phones": Take.STAYS, "number": Take.GOES})
    assert chosen.values == {"name": "王玮"}
    assert [(line.code, value) for line, value in chosen.lost] == [
        ("phones", rows("2")),
        ("level", "b"),
        ("number", "8"),
    ]
    assert Comparison(one, one, SPECS, {"name": Take.GOES}).values == {}


def test_the_fuller_record_stays_and_of_two_as_full_the_older() -> None:
    early, late = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    one, other = customer(name="a", created_at=early), customer(name="b", created_at=late)
    assert [comparison(*pair, SPECS).stays for pair in ((one, other), (other, one))] == [one, one]
    other = other.model_copy(update={"phones": rows("1")})
    assert [comparison(*pair, SPECS).stays for pair in ((one, other), (other, one))] == [other, other]
    assert comparison(customer(), customer(), SPECS).lines == ()
