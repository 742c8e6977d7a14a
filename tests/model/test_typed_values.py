"""What a person types becomes a field's value, or is refused with what is allowed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.customer import Cascade, CascadeChoice, Choice, Contact, FieldSpec, FieldType, FieldValue
from tui.model.errors import InvalidError
from tui.model.typed_values import parse_value

CHOICES = (
    Choice(key="k1", label="试用申请"),
    Choice(key="k2", label="Web, direct"),
    Choice(key="k3", label="Ad"),
)
TREE = Cascade(
    levels=2,
    required_levels=2,
    children=(
        CascadeChoice(key="sh", label="上海", children=(CascadeChoice(key="pd", label="浦东"),)),
        CascadeChoice(key="ac", label="A/C", children=(CascadeChoice(key="in", label="Inside > 1"),)),
        CascadeChoice(key="hk", label="香港"),
    ),
)


def field(
    kind: FieldType = FieldType.TEXT, code: str = "f", *, contacts: bool = False, required: bool = False
) -> FieldSpec:
    choices = CHOICES if kind in (FieldType.CHOICE, FieldType.CHOICES) else ()
    cascade = TREE if kind is FieldType.CASCADE else None
    return FieldSpec(
        code=code, label=code, type=kind, contacts=contacts, required=required, choices=choices, cascade=cascade
    )


@pytest.mark.parametrize(
    ("spec", "rows", "value"),
    [
        (field(), ["  as [typed] "], "  as [typed] "),
        (field(FieldType.TEXTAREA), ["one", "", "two"], "one\n\ntwo"),
        (field(FieldType.UNKNOWN), ["x"], "x"),
        (field(code="tags"), ["VIP, 老客户", "new"], ("VIP", "老客户", "new")),
        (field(contacts=True), ["wx_1|公司", "wx_2", " wx_3 | 家|里 "], (
            Contact(value="wx_1", memo="公司"),
            Contact(value="wx_2"),
            Contact(value="wx_3", memo="家|里"),
        )),
        (field(FieldType.PHONE, contacts=True), ["13912341234|本人"], (Contact(value="13912341234", memo="本人"),)),
        (field(FieldType.PHONE), [" +86 139-1234-1234 "], "+86 139-1234-1234"),
        (field(FieldType.PHONE), ["021-12345678转801"], "021-12345678转801"),
        (field(FieldType.EMAIL), ["a@b.cn"], "a@b.cn"),
        (field(FieldType.NUMBER), ["12.5"], "12.5"),
        (field(FieldType.NUMBER), ["-3"], "-3"),
        (field(FieldType.NUMBER), ["1,234,567.5"], "1234567.5"),
        (field(FieldType.NUMBER), ["007"], "7"),
        (field(FieldType.NUMBER), ["+5"], "5"),
        (field(FieldType.NUMBER), ["12.50"], "12.50"),
        (field(FieldType.NUMBER), ["1e5"], "100000"),
        (field(FieldType.NUMBER), ["685770000643772123"], "685770000643772123"),
        (field(FieldType.PERCENT), ["50 %"], "50"),
        (field(FieldType.PERCENT), ["50%"], "50"),
        (field(FieldType.CHOICE), ["k1"], "k1"),
        (field(FieldType.CHOICE), ["试用申请"], "k1"),
        (field(FieldType.CHOICE), ["K3"], "k3"),
        (field(FieldType.CHOICES), ["ad", "k1"], ("k3", "k1")),
        (field(FieldType.CHOICES), ["Ad\uff0c试用申请\u3001k3"], ("k3", "k1")),
        (field(FieldType.CHOICES), ["Web, direct"], ("k2",)),
        (field(FieldType.CASCADE), ["上海/浦东"], ("sh", "pd")),
        (field(FieldType.CASCADE), ["sh > pd"], ("sh", "pd")),
        (field(FieldType.CASCADE), ["上海", "pd"], ("sh", "pd")),
        (field(FieldType.CASCADE), ["A/C/Inside > 1"], ("ac", "in")),
        (field(FieldType.CASCADE), ["香港"], ("hk",)),
        (field(FieldType.DATE), ["2024-11-04"], "2024-11-04"),
        (field(FieldType.DATE), ["2024/11/4"], "2024-11-04"),
        (field(FieldType.DATE), ["2024.11.4"], "2024-11-04"),
        (field(FieldType.DATE), ["20241104"], "2024-11-04"),
        (field(FieldType.DATE), ["2024年11月4日"], "2024-11-04"),
        (field(FieldType.DATETIME), ["2024-11-14 09:46:17"], "2024-11-14T09:46:17+08:00"),
        (field(FieldType.DATETIME), ["2024-11-14T09:46"], "2024-11-14T09:46:00+08:00"),
        (field(FieldType.DATETIME), ["2024年11月14日 9:46"], "2024-11-14T09:46:00+08:00"),
        (field(FieldType.DATETIME), ["2024-11-14"], "2024-11-14T00:00:00+08:00"),
        (field(FieldType.DATETIME), ["2024-11-14 01:46:17Z"], "2024-11-14T09:46:17+08:00"),
        (field(FieldType.DATETIME), ["2024-11-13T20:46:17-0500"], "2024-11-14T09:46:17+08:00"),
        (field(FieldType.DATETIME), ["2024-11-14T09:46:17+08:00"], "2024-11-14T09:46:17+08:00"),
    ],
)  # fmt: skip
def test_a_typed_text_is_read(spec: FieldSpec, rows: list[str], value: FieldValue) -> None:
    assert parse_value(spec, rows) == value


@pytest.mark.parametrize(
    ("spec", "rows", "value"),
    [
        (field(FieldType.NUMBER), ["12.5"], "12.5"),
        (field(FieldType.PERCENT), ["50%"], "50"),
        (field(FieldType.PHONE), ["+86 139"], "+86 139"),
        (field(FieldType.EMAIL), ["a@b.cn"], "a@b.cn"),
        (field(FieldType.PHONE, contacts=True), ["139|本人"], (Contact(value="139", memo="本人"),)),
        (field(FieldType.CHOICE), ["k1"], "k1"),
        (field(FieldType.CHOICES), ["Ad,k1"], ("k3", "k1")),
        (field(FieldType.CASCADE), ["上海/浦东"], ("sh", "pd")),
        (field(FieldType.DATE), ["2024/11/4"], "2024-11-04"),
        (field(FieldType.DATETIME), ["2024-11-14 09:46"], "2024-11-14T09:46:00+08:00"),
    ],
)
def test_full_width_letters_digits_and_signs_do_too(spec: FieldSpec, rows: list[str], value: FieldValue) -> None:
    wide = [row.translate({ord(sign): ord(sign) + 0xFEE0 for sign in map(chr, range(0x21, 0x7F))}) for row in rows]
    assert wide != rows
    assert parse_value(spec, wide) == value


@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize("rows", [[], [""], ["  ", ""]])
def test_nothing_typed_clears_the_field(kind: FieldType, rows: list[str]) -> None:
    assert not parse_value(field(kind), rows)


@pytest.mark.parametrize("contacts", [False, True])
@pytest.mark.parametrize("kind", list(FieldType))
@pytest.mark.parametrize("unseen", ["\u200b", " \u2060 ", "\ufeff\u202a"])
def test_what_nobody_can_see_clears_no_field(kind: FieldType, unseen: str, contacts: bool) -> None:
    with pytest.raises(InvalidError, match="f is given nothing but characters that cannot be seen"):
        parse_value(field(kind, contacts=contacts), [unseen])


@pytest.mark.parametrize(
    ("spec", "rows", "words"),
    [
        (field(), ["one", "two"], "f takes one value, not 2"),
        (field(FieldType.NUMBER), ["much"], "f takes a number, not 'much'"),
        (field(FieldType.NUMBER), ["1,5"], "f takes a number, not '1,5'"),
        (field(FieldType.NUMBER), ["٣"], "f takes a number"),
        (field(FieldType.NUMBER), ["NaN"], "f takes a number"),
        (field(FieldType.NUMBER), ["12元"], "f takes a number"),
        (field(FieldType.NUMBER), ["50%"], "f takes a number"),
        (field(FieldType.PERCENT), ["half"], "f takes a number"),
        (field(FieldType.EMAIL), ["a at b"], "f takes an e-mail address, not 'a at b'"),
        (field(FieldType.PHONE), ["nobody"], "f takes a phone number, not 'nobody'"),
        (field(FieldType.PHONE), ["139****1234"], "f takes a phone number"),
        (field(FieldType.PHONE, contacts=True), ["|memo alone"], "f has a row without a value"),
        (field(FieldType.CHOICE), ["gone"], "f has no choice 'gone'"),
        (field(FieldType.CHOICE), ["k1", "k2"], "f takes one value, not 2"),
        (field(FieldType.CHOICES), ["k1,gone"], "f has no choice 'gone'"),
        (field(FieldType.CASCADE), ["上海"], "f needs 2 levels, not 1"),
        (field(FieldType.CASCADE), ["上海/香港"], "f has no choice '香港' at level 2"),
        (field(FieldType.CASCADE), ["北京"], "f has no choice '北京' at level 1"),
        (field(FieldType.CASCADE), ["香港/九龙"], "f has no choice '九龙' at level 2"),
        (field(FieldType.DATE), ["2024-02-30"], "f takes a date such as 2024-11-14, not '2024-02-30'"),
        (field(FieldType.DATE), ["4/11/2024"], "f takes a date"),
        (field(FieldType.DATE), ["2024-11-14 09:46"], "f takes a date"),
        (field(FieldType.DATETIME), ["2024-11-14 25:00"], "f takes a date and time"),
        (field(FieldType.DATETIME), ["9999-12-31 23:59-08:00"], "f takes a date and time"),
        (field(FieldType.DATETIME), ["13800138000"], "f takes a date and time"),
        (field(required=True), [" "], "f must not be empty"),
    ],
)
def test_a_typed_text_that_the_field_does_not_take_is_refused(spec: FieldSpec, rows: list[str], words: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_value(spec, rows)
    assert str(caught.value).startswith(words)
    assert caught.value.field == "f"


def test_a_refused_choice_names_the_choices() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_value(field(FieldType.CHOICE), ["gone"])
    assert caught.value.hint() == "Use one of: 试用申请 (k1), Web, direct (k2), Ad (k3)."


def test_a_cascade_that_is_not_filled_names_the_next_level() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_value(field(FieldType.CASCADE), ["上海"])
    assert caught.value.hint() == "For the next level, use one of: 浦东 (pd)."


@given(st.sampled_from(FieldType), st.booleans(), st.lists(st.text(), max_size=3))
def test_any_text_is_read_or_refused(kind: FieldType, contacts: bool, rows: list[str]) -> None:
    with suppress(InvalidError):
        assert isinstance(parse_value(field(kind, contacts=contacts), rows), str | tuple)
