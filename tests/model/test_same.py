"""Two values of a field mean the same, or do not, by the field's type."""

from __future__ import annotations

import pytest

from tui.model.customer import Cascade, CascadeChoice, Choice, Contact, FieldSpec, FieldType, FieldValue
from tui.model.same import identical, same

TREE = Cascade(
    levels=2, children=(CascadeChoice(key="sh", label="上海", children=(CascadeChoice(key="pd", label="浦东"),)),)
)
CHOICES = (Choice(key="level_a", label="重要客户"), Choice(key="b", label="B"))
YES_NO = (Choice(key="1", label="是"), Choice(key="0", label="否"))


def field(kind: FieldType, *, contacts: bool = False, choices: tuple[Choice, ...] = ()) -> FieldSpec:
    cascade = TREE if kind is FieldType.CASCADE else None
    return FieldSpec(code="f", label="f", type=kind, contacts=contacts, choices=choices, cascade=cascade)


CHOICE, SEVERAL = field(FieldType.CHOICE, choices=CHOICES), field(FieldType.CHOICES, choices=CHOICES)
PHONES, EMAILS = field(FieldType.PHONE, contacts=True), field(FieldType.EMAIL, contacts=True)


@pytest.mark.parametrize(
    ("spec", "one", "other"),
    [
        (field(FieldType.NUMBER), "12.50", "12.5"),
        (field(FieldType.NUMBER), "1,000", "1000"),
        (field(FieldType.NUMBER), "007", "7"),
        (field(FieldType.NUMBER), "1e3", "1000.00"),
        (field(FieldType.NUMBER), ("12",), "12.0"),
        (field(FieldType.PERCENT), "50%", "50.0"),
        (field(FieldType.DATE), "2024-11-20", "2024-11-20 00:00:00"),
        (field(FieldType.DATE), "20241120", "2024/11/20"),
        (field(FieldType.DATETIME), "2024-11-20T14:02:00+08:00", "2024-11-20 14:02:00"),
        (field(FieldType.DATETIME), "2024-11-20T14:02:00+08:00", "2024-11-20T06:02:00.500Z"),
        (field(FieldType.DATETIME), "2024-11-20", "2024-11-20 00:00"),
        (CHOICE, "level_a", "重要客户"),
        (CHOICE, "level_a", ("level_a",)),
        (field(FieldType.CHOICE, choices=YES_NO), "1", "true"),
        (SEVERAL, ("b", "level_a"), ("重要客户", "b")),
        (field(FieldType.CASCADE), ("sh", "pd"), ("上海", "浦东")),
        (field(FieldType.CASCADE), ("sh", "pd"), "上海/浦东"),
        (field(FieldType.PHONE), "138 0013-8000", "13800138000"),
        (field(FieldType.EMAIL), "Ann@Example.COM", "Ann@example.com"),
        (PHONES, (Contact(value="138 0013 8000"),), (Contact(value="13800138000"),)),
        (PHONES, (Contact(value="1"), Contact(value="2")), (Contact(value="2"), Contact(value="1"))),
        (EMAILS, (Contact(value="a@B.cn", memo="x"),), (Contact(value="a@b.cn", memo="x"),)),
        (EMAILS, "a@b.cn", (Contact(value="a@b.cn"),)),
        (field(FieldType.TEXT), "1", "1"),
        (field(FieldType.TEXT), ("b", "a"), ("a", "b")),
        (field(FieldType.TEXT), "", ()),
    ],
)  # fmt: skip
def test_what_is_only_written_otherwise_is_the_same(spec: FieldSpec, one: FieldValue, other: FieldValue) -> None:
    assert same(spec, one, other)
    assert same(spec, other, one)


@pytest.mark.parametrize(
    ("spec", "one", "other"),
    [
        (field(FieldType.NUMBER), "12.5", "12.51"),
        (field(FieldType.NUMBER), "685770000643772123", "685770000643772124"),
        (field(FieldType.NUMBER), "", "0"),
        (field(FieldType.TEXT), "007", "7"),
        (field(FieldType.TEXT), "12.50", "12.5"),
        (field(FieldType.TEXT), "true", "1"),
        (field(FieldType.DATE), "2024-11-20", "2024-11-21"),
        (field(FieldType.DATETIME), "2024-11-20T14:02:00Z", "2024-11-20 14:02:00"),
        (CHOICE, "level_a", "b"),
        (SEVERAL, ("b",), ("b", "level_a")),
        (field(FieldType.CASCADE), ("sh", "pd"), ("pd", "sh")),
        (field(FieldType.EMAIL), "Ann@example.com", "ann@example.com"),
        (field(FieldType.TEXT, contacts=True), (Contact(value="wx-1"),), (Contact(value="wx1"),)),
        (PHONES, (Contact(value="1", memo="a"),), (Contact(value="1", memo="b"),)),
    ],
)
def test_what_means_another_thing_is_another(spec: FieldSpec, one: FieldValue, other: FieldValue) -> None:
    assert not same(spec, one, other)
    assert not same(spec, other, one)


@pytest.mark.parametrize(
    ("spec", "one", "other", "nothing_to_send"),
    [
        (field(FieldType.NUMBER), "12.50", "12.5", True),
        (CHOICE, "重要客户", "level_a", True),
        (SEVERAL, ("b", "level_a"), ("level_a", "b"), True),
        (field(FieldType.CASCADE), ("sh", "pd"), "上海/浦东", True),
        (field(FieldType.TEXT), "12.50", "12.5", False),
        (field(FieldType.TEXT), "Ａ", "A", False),
        (field(FieldType.PHONE), "138 0013 8000", "13800138000", False),
        (PHONES, (Contact(value="1"), Contact(value="2")), (Contact(value="2"), Contact(value="1")), False),
    ],
)
def test_an_agent_corrects_the_spelling_of_a_text_and_never_that_of_a_number(
    spec: FieldSpec, one: FieldValue, other: FieldValue, nothing_to_send: bool
) -> None:
    assert identical(spec, one, other) is nothing_to_send
