"""What nobody sees is no part of a text, wherever it was copied from."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.characters import clean_id, clean_text, fold, normal, without_invisible
from tui.model.sendable import unfit_character

INVISIBLE = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2063\u2066\u2069\ufeff\xad\u180e\u034f\ufe0f"
)
BLANK = "\xa0\u2007\u202f\u3000\u2028\u2029 \t\n"
EMOJI = ("❤️", "👨‍👩‍👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "👍🏽", "1️⃣")


@pytest.mark.parametrize("hidden", INVISIBLE + BLANK)
def test_a_colleague_is_the_same_with_what_was_copied_along(hidden: str) -> None:
    assert clean_id(f"{hidden}rocky{hidden}") == "rocky"
    assert clean_text(f"{hidden}张总{hidden}").strip("\ufe0f") == "张总"
    assert fold(f"{hidden}Rocky{hidden}") == "rocky"


@pytest.mark.parametrize("hidden", INVISIBLE)
def test_an_id_is_the_same_with_what_was_copied_into_it(hidden: str) -> None:
    assert clean_id(f"wm{hidden}01") == "wm01"


@pytest.mark.parametrize("emoji", EMOJI)
def test_an_emoji_that_somebody_typed_stays_whole(emoji: str) -> None:
    assert clean_text(f"张总{emoji} {emoji}") == f"张总{emoji} {emoji}"


def test_controls_are_no_part_of_an_id() -> None:
    assert clean_id("\x00wm\x1b01\x7f\r\n") == "wm01"


@pytest.mark.parametrize("white", "\x0b\x0c\x1c\x1d\x1e\x1f")
def test_a_name_with_an_offices_line_break_in_it_can_be_looked_up(white: str) -> None:
    assert clean_id(f"张三{white}李四{white}") == "张三 李四"
    assert unfit_character(clean_id(f"张三{white}李四")) is None


def test_words_are_compared_in_one_width_and_with_one_space() -> None:
    assert normal("Ａｎｎ　 Li\xa0\n") == "Ann Li"
    assert fold("ＡＮＮ") == "ann"


@given(st.text())
def test_a_text_that_was_cleaned_is_clean(text: str) -> None:
    for clean in (clean_id, clean_text, without_invisible, fold):
        assert clean(clean(text)) == clean(text)


def test_what_unicode_formats_with_is_nothing_to_compare() -> None:
    """Every character of the category `Cf` that is drawn as nothing; the rest are signs of other scripts."""
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0xFFF9, 0xFFFC)}
    drawn |= {*range(0x13430, 0x13440)}
    formats = (code for code in range(sys.maxunicode) if unicodedata.category(chr(code)) == "Cf")
    assert {code for code in formats if without_invisible(chr(code))} <= drawn
