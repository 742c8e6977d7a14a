"""Text made safe to draw, and cut to cells."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size

from tests.widgets.drawing import DANGEROUS, HOSTILE
from widgets.cells import MAX_MARKS, NEWLINE, NO_BASE, fit, plain, width, wrap

ODD = "".join(HOSTILE) + "…，。 a字é\u0301"
TEXT = st.text(st.one_of(st.characters(), st.sampled_from(ODD)), max_size=40)
"""Any code point, surrogates too, with those that have bitten someone often among them."""


@given(TEXT)
def test_plain_text_holds_nothing_that_steers_a_terminal(text: str) -> None:
    drawn = plain(text)
    assert not DANGEROUS.intersection(drawn)
    assert not [char for char in drawn if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
    drawn.encode()


@given(TEXT)
def test_plain_text_is_left_alone_the_second_time(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(TEXT, TEXT)
def test_plain_texts_side_by_side_are_as_wide_as_their_characters(left: str, right: str) -> None:
    drawn = plain(left) + plain(right)
    assert width(drawn) == cell_len(drawn) == sum(get_character_cell_size(char) for char in drawn)


@given(TEXT)
def test_marks_pile_up_no_higher_than_allowed(text: str) -> None:
    high = 0
    for char in plain("a" + text):
        high = high + 1 if get_character_cell_size(char) == 0 else 0
        assert high <= MAX_MARKS


@given(TEXT, st.integers(0, 40), st.sampled_from(("left", "right")), st.sampled_from(("…", "", "...")))
def test_fit_is_exactly_as_wide_as_asked(text: str, size: int, align: str, ellipsis: str) -> None:
    assert width(fit(text, size, "left" if align == "left" else "right", ellipsis)) == size


@given(TEXT, st.integers(2, 40))
def test_wrapped_lines_are_no_wider_than_asked_and_lose_no_letter(text: str, size: int) -> None:
    lines = wrap(text, size)
    assert lines
    assert all(width(line) <= size for line in lines)
    breaks = dict.fromkeys(map(ord, f"{NEWLINE}{NO_BASE} "))
    assert "".join(lines).translate(breaks) == plain(text).translate(breaks)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("李四 <b>[bold]x[/]", "李四 <b>[bold]x[/]"),
        ("\x1b[2J", "␛[2J"),
        ("a\x00b\x7fc\x9bd", "a␀b␡c·d"),
        ("one\r\ntwo\nthree\u2028four", "one↵two↵three↵four"),
        ("tab\tnbsp\xa0end", "tab nbsp end"),
        ("全角\u3000空格", "全角\u3000空格"),
        ("\u202eabc\u2066", "·abc·"),
        ("\ud83d!", "\ufffd!"),
        ("\u0301a", "◌\u0301a"),
        ("e\u0301", "e\u0301"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("👍🏽 ❤\ufe0f 🇨🇳", "👍 ❤ CN"),
        ("می\u200cخواهم", "میخواهم"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_text_is_drawn_as(text: str, drawn: str) -> None:
    assert plain(text) == drawn


@pytest.mark.parametrize(
    ("text", "size", "drawn"),
    [
        ("李四", 6, "李四  "),
        ("李四王五", 6, "李四… "),
        ("李四王五", 7, "李四王…"),
        ("Ann Lee", 5, "Ann …"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
        ("李", 1, "…"),
        ("abc", 0, ""),
        ("abc", -3, ""),
    ],
)
def test_fit_cuts_between_characters(text: str, size: int, drawn: str) -> None:
    assert fit(text, size) == drawn


def test_numbers_stand_at_the_right() -> None:
    assert fit("42", 5, "right") == "   42"


@pytest.mark.parametrize(
    ("text", "size", "lines"),
    [
        ("Hello wide world", 11, ["Hello wide", "world"]),
        ("这是跟进记录，很长", 12, ["这是跟进记", "录，很长"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("    indented text", 12, ["    indented", "text"]),
        ("", 5, [""]),
    ],
)
def test_text_wraps_at_spaces_and_between_wide_characters(text: str, size: int, lines: list[str]) -> None:
    assert wrap(text, size) == lines


def test_cutting_text_needs_no_textual() -> None:
    code = "import sys, widgets.cells; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
