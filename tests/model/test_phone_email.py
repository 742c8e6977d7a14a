"""A phone and an e-mail are the same however they are typed, pasted or kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.phone_email import email_spellings, phone_key, phone_spellings, read_email, read_phone, unwrapped_phone

MOBILE = (
    *("13231307283", "+86 132 3130 7283", "+8613231307283", "0086-13231307283", "8613231307283", "(+86) 132-3130-7283"),
    *(
        "１３２３１３０７２８３",
        "＋８６ １３２－３１３０－７２８３",
        "132\u201132\u201130 7283".replace("32\u201130", "3130"),
    ),
    *(
        "tel:+86-132-3130-7283",
        "TEL:13231307283",
        "电话：132 3130 7283",
        "\u202a13231307283\u202c",
        "\xa013231307283\u200b",
        *("013231307283", "+86 (0)132 3130 7283", "'13231307283", '="13231307283"', "13231307283;", "132 3130 7283。"),
        *("☎13231307283", "📞 132-3130-7283", "☎️ +86 13231307283", '"13231307283"'),
    ),
)
LANDLINE = (
    *("01066778899", "010-66778899", "(010) 6677 8899", "（010）66778899", "+86 10 6677 8899", "+86 (0)10 66778899"),
    *("0086 10 66778899", "86-10-66778899", "tel:+86-10-66778899"),
)
EXTENSION = (
    *("010-66778899转8001", "010-66778899 转 8001", "(010)66778899 ext. 8001", "01066778899x8001", "010-66778899-8001"),
    *("010-66778899分机8001", "010-66778899分机号：8001", "tel:+86-10-66778899;ext=8001", "010-66778899 EXT 8001"),
)


@pytest.mark.parametrize(
    ("texts", "key"), [(MOBILE, "13231307283"), (LANDLINE, "01066778899"), (EXTENSION, "010667788998001")]
)
def test_every_way_to_write_a_number_is_that_number(texts: tuple[str, ...], key: str) -> None:
    assert {text: phone_key(text) for text in texts} == dict.fromkeys(texts, key)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("+86 132 3130 7283", ("13231307283", "+8613231307283", "+86 132 3130 7283")),
        ("13231307283", ("13231307283", "+8613231307283")),
        ("+86 10 66778899", ("01066778899", "010-66778899", "+86 10 66778899")),
        ("010-66778899", ("01066778899", "010-66778899")),
        ("0755 8888 8888", ("075588888888", "0755-88888888", "0755 8888 8888")),
        ("18231830928转8001", ("18231830928转8001", "18231830928-8001", "18231830928")),
        ("+852 6123 4567", ("+85261234567", "85261234567", "+852 6123 4567")),
        ("00853-66123456", ("+85366123456", "85366123456", "00853-66123456")),
        ("400-123-4567", ("4001234567", "400-123-4567")),
        ("+86 400 123 4567", ("4001234567", "+86 400 123 4567")),
        ("10086", ("10086",)),
        ("+86 95588", ("95588", "+86 95588")),
        ("139****1234", ("139****1234",)),
        ("x1", ("x1",)),
        ("", ()),
    ],
)
def test_a_vendor_is_asked_for_the_normal_form_first(text: str, asked: tuple[str, ...]) -> None:
    assert phone_spellings(text) == asked


def test_a_number_from_abroad_is_not_taken_for_one_of_chinas() -> None:
    assert phone_key("+1 (415) 555-0100") != phone_key("14155550100")
    assert "14155550100" not in phone_spellings("+1 (415) 555-0100")


@pytest.mark.parametrize("text", ["张三", "139****1234", "", "+", "138 王", "a13812345678"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_phone(text) is None


def test_a_number_is_written_as_it_was_grouped() -> None:
    assert unwrapped_phone("tel:+86-132-3130-7283") == "+86-132-3130-7283"
    assert unwrapped_phone("１３２－３１３０－７２８３") == "132-3130-7283"
    assert unwrapped_phone("139****1234") == "139****1234"
    assert unwrapped_phone("'132-3130-7283;") == "132-3130-7283"
    assert unwrapped_phone("''") == "''"


@pytest.mark.parametrize(
    "text",
    [
        *("a@b.com", "mailto:a@b.com", "MAILTO:a@B.COM", "<a@b.com>", "Li Si <a@b.com>", "mailto:a@b.com?subject=x"),
        *("a@b.com;", "a@b.com.", '"a@b.com"', '="a@b.com"', "'a@b.com", "a@b.com，"),
        *(" a@b.com\u200b", "ａ＠ｂ．ｃｏｍ", "a@b。com", "<mailto:a@b.com>", "\ufeffa@b.com\xa0"),
    ],
)
def test_every_way_to_write_an_address_is_that_address(text: str) -> None:
    assert read_email(text) == "a@b.com"


def test_an_address_is_asked_for_in_lower_case_too() -> None:
    assert email_spellings("mailto:Li@B.Com")[:2] == ("Li@b.com", "li@b.com")
    assert email_spellings("a@b.com") == ("a@b.com",)


@given(st.text())
def test_no_text_makes_a_reader_raise(text: str) -> None:
    phone_key(text)
    assert len(phone_spellings(text)) <= 4
    assert read_email(read_email(text)) == read_email(text)
