"""Numbers as people and programs write them are read exactly, or are none."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.numbers import json_number, number_text, read_number, read_percent


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("007", "7"), ("+5", "5"), ("-0", "0"), ("-0.0", "0.0"), ("-12", "-12"), ("−12", "-12"), ("- 3", "-3")),
        *(("1,234.50", "1234.50"), ("1，234，567", "1234567"), ("+1,234", "1234"), ("12.50", "12.50")),
        *((".5", "0.5"), ("5.", "5"), ("１２３。５", "123.5"), ("５０", "50"), (" 12\u200b ", "12"), ("\xa012", "12")),
        *(("1e3", "1000"), ("1.5E+2", "150"), ("25e-2", "0.25"), ("685770000643772123", "685770000643772123")),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text: str, written: str) -> None:
    number = read_number(text)
    assert number is not None
    assert number_text(number) == written
    assert read_number(written) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", "-", "+", "--5", "1,5", "1.234,5", "12,34", "0,125", "1,2345", "1234,567", "1 234", "1_000", "0x10"),
        *(
            "NaN",
            "nan",
            "Infinity",
            "-inf",
            "∞",
            "12元",
            "￥12",
            "1万",
            "5人",
            "50%",
            "٣",
            "10²",
            "½",
            "五",
            "1e999",
            "1e41",
        ),
        *("1" * 41, "13 800", "1/2", "(5)", "5-", "2024-11-20", "12\ud83d"),
    ],
)
def test_what_could_be_two_numbers_or_has_a_unit_is_none(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["50%", "50 %", "５０％", "50", "+50%"])
def test_per_cent_may_have_its_sign(text: str) -> None:
    assert read_percent(text) == 50


def test_a_number_that_json_would_round_is_told_and_a_long_id_is_exact() -> None:
    assert json.dumps(json_number(Decimal("685770000643772123"))) == "685770000643772123"
    assert json.dumps(json_number(Decimal("12.50"))) == "12.5"
    assert json.dumps(json_number(Decimal("1E+3"))) == "1000"
    assert json_number(Decimal("0.12345678901234567890")) is None


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    number = read_number(text)
    assert number is None or read_number(number_text(number)) == number


@given(st.decimals(-(10**15), 10**15, places=4))
def test_a_number_that_is_written_out_is_read_again(number: Decimal) -> None:
    read = read_number(number_text(number))
    assert read == number
