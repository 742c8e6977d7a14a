"""What is printed: JSON that no terminal obeys, and columns that stay straight."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.cli import output
from tui.cli.output import dumps, print_facts, print_table
from tui.text import width

NASTY = "\x1b[31m\x9b2J\x7f\u202eabc\u2028\u2066\x00"


@given(st.text())
def test_json_says_the_same_however_it_is_escaped(text: str) -> None:
    assert json.loads(dumps({"name": text})) == {"name": text}


def test_json_holds_nothing_that_a_terminal_would_obey() -> None:
    text = dumps({"name": NASTY})
    assert text.isprintable()
    assert json.loads(text) == {"name": NASTY}


def test_json_keeps_chinese_readable() -> None:
    assert dumps({"name": "李四"}) == '{"name": "李四"}'


ROWS = [("1", "李四", "", "浦东新区世纪大道"), ("22", "Ann Lee", "", "–")]
HEADINGS = ("Id", "Name", "Company", "Address")


def test_columns_are_straight_and_empty_ones_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADINGS, ROWS)
    assert capsys.readouterr().out.splitlines() == [
        "Id  Name     Address",
        "1   李四     浦东新区世纪大道",
        "22  Ann Lee  –",
    ]


def test_a_terminal_gets_lines_that_fit(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "line_width", lambda: 24)
    print_table(HEADINGS, [("a" * 30, "李四" * 10, "", "x"), ("22", "Ann Lee", "", "y")])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) <= 24
    assert "…" in lines[1]
    assert lines[2].startswith("22")


def test_an_id_is_whole_on_a_terminal_of_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "line_width", lambda: 80)
    id = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"
    headings = ("Id", "Name", "Remark", "Owner", "Added", "Also in")
    row = (id, "欧阳雪莹", "欧阳女士-转介绍-上海", "Tom Chen", "2023-05-15", "demo-useasy, demo-ima")
    print_table(headings, [row, ("wm2", "Ann", "", "", "", "")], whole="Id")
    out, told = capsys.readouterr()
    assert max(map(width, out.splitlines())) <= 80
    assert out.splitlines()[1].startswith(f"{id}  欧阳雪莹  欧阳女士-")
    assert "2023-05-15" in out
    assert told == "this terminal has no room for: Also in\n"
    monkeypatch.setattr(output, "line_width", lambda: 20)
    print_table(headings, [row], whole="Id")
    assert capsys.readouterr().out.splitlines()[1].startswith(f"{id}  欧阳")


def test_a_vendors_text_cannot_move_the_cursor_or_start_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(HEADINGS, [("1", "a\nb\x1b[2J" + NASTY, "", "x")])
    print_facts([("Name\x1b", ["a\rb" + NASTY])])
    out = capsys.readouterr().out
    assert all(line.isprintable() for line in out.splitlines())
    assert len(out.splitlines()) <= 5


def test_facts_are_wrapped_beside_their_labels(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "line_width", lambda: 20)
    print_facts([("姓名", ["李四"]), ("Empty", []), ("Address", ["浦东新区世纪大道一百号"])])
    assert capsys.readouterr().out.splitlines() == [
        "姓名     李四",
        "Address  浦东新区世",
        "         纪大道一百",
        "         号",
    ]
