"""The picture of the desk: made from the running program, small, and every letter in its cell."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.e2e.screen import Reader, Screen
from tests.pace import slow
from tests.picture import day
from tests.picture.__main__ import PICTURE, main
from tests.picture.film import Frame, film_of, frame_of
from tests.picture.svg import CELL, svg_of

KIBIBYTE = 1024

LARGEST = 60 * KIBIBYTE
"""What a README's picture may weigh."""

LARGEST_FILM = 300 * KIBIBYTE

SVG = "{http://www.w3.org/2000/svg}"


def drawn(output: str, columns: int = 20, lines: int = 2) -> ElementTree.Element:
    """The picture of a terminal to which `output` was written."""
    screen = Screen(columns, lines)
    Reader(screen).feed(output.encode())
    return ElementTree.fromstring(svg_of(screen, "a title"))


def words(picture: ElementTree.Element) -> dict[str, str]:
    """Each run of text, and where its letters stand."""
    return {text.text or "": text.get("x", "") for text in picture.iter(f"{SVG}text")}


def columns(*places: float) -> list[int]:
    """The cells that `places`, in pixels, lie in."""
    return [int(place / CELL[0]) for place in places]


@slow
def test_the_command_draws_the_desk_with_a_page_and_a_customer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "desk.svg"

    assert main([str(file)]) == 0

    assert capsys.readouterr().out == f"{file}\n"
    assert file.stat().st_size < LARGEST
    told = words(ElementTree.parse(file).getroot())
    assert {"Customers", "1–100 of 5,000 · all", "Ann Lee", "李四", "Followed by", "Follow history", "sent"} <= set(
        told
    )


@slow
def test_the_picture_that_is_kept_is_of_this_desk() -> None:
    told = words(ElementTree.parse(PICTURE).getroot())

    assert {"kehu", "demo-juzi · JuziBot", "Customers", "Ann Lee"} <= set(told)
    assert PICTURE.stat().st_size < LARGEST


@slow
def test_a_days_work_is_recorded_as_a_moving_picture_and_for_players(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert day.main([str(tmp_path)]) == 0

    assert capsys.readouterr().out.split() == [str(tmp_path / "day.svg"), str(tmp_path / "day.cast")]
    for name in ("day.svg", "day.cast"):
        assert (tmp_path / name).stat().st_size < LARGEST_FILM
    played(tmp_path / "day.cast")


def test_the_film_that_is_kept_is_of_this_desk() -> None:
    told = words(ElementTree.parse(PICTURE.with_name("day.svg")).getroot())

    assert {"kehu", "demo-juzi · JuziBot", "Customers", "欧阳雪莹", "Which customers?"} <= set(told)
    assert PICTURE.with_name("day.svg").stat().st_size < LARGEST_FILM
    played(PICTURE.with_name("day.cast"))


def played(cast: Path) -> None:
    """Play `cast` as players do: its moments go on, and it ends with the list that was asked for."""
    head, *events = [json.loads(line) for line in cast.read_text(encoding="utf-8").splitlines()]
    screen = Screen(head["width"], head["height"])
    reader = Reader(screen)
    for _at, kind, text in events:
        assert kind == "o"
        reader.feed(text.encode())

    assert head["version"] == 2
    assert [at for at, _kind, _text in events] == sorted(at for at, _kind, _text in events)
    assert "Owner is 张三" in "\n".join(screen.display)


def test_a_film_shows_one_frame_at_a_time_and_draws_each_row_once() -> None:
    def frame(output: str, seconds: float) -> Frame:
        screen = Screen(10, 2)
        Reader(screen).feed(output.encode())
        return frame_of(screen, seconds)

    film = film_of([frame("one\r\ntwo", 1), frame("one\r\ntwo", 1), frame("one\r\nthree", 2)], 10, "a title")
    picture = ElementTree.fromstring(film)
    style = next(picture.iter(f"{SVG}style")).text or ""

    assert [text.text for text in picture.iter(f"{SVG}text")] == ["one", "two", "three"]
    assert len(list(picture.iter(f"{SVG}use"))) == 4
    assert "0.000%{transform:translateY(-0px)}50.000%{transform:translateY(-36px)}" in style
    assert "film 4.0s step-end infinite" in style


def test_wide_characters_stand_in_their_own_cells() -> None:
    placed = words(drawn("a李四b"))

    assert columns(float(placed["a"]), *map(float, placed["李四"].split()), float(placed["b"])) == [0, 1, 3, 5]


def test_blanks_between_words_are_places_and_not_letters() -> None:
    placed = words(drawn("one two    three"))

    assert {name: columns(float(x)) for name, x in placed.items()} == {"one two": [0], "three": [11]}


def test_a_text_is_as_wide_as_its_cells() -> None:
    (text,) = drawn("customers").iter(f"{SVG}text")

    assert float(text.get("textLength", "")) == pytest.approx(9 * CELL[0])


def test_colours_weights_and_grounds_are_drawn() -> None:
    picture = drawn("\x1b[1;38;2;95;175;215mbold\x1b[0m \x1b[48;2;48;48;48mon grey\x1b[0m \x1b[7mreverse")
    style = next(picture.iter(f"{SVG}style")).text or ""
    boxes = {box.get("fill") for box in picture.iter(f"{SVG}rect")}
    bold = next(text for text in picture.iter(f"{SVG}text") if text.text == "bold")

    assert "fill:#5fafd7" in style
    assert "b" in bold.get("class", "").split()
    assert {"#303030", "#d5d9de"} <= boxes


def test_what_looks_like_markup_is_text() -> None:
    assert "<b> & ]]>" in words(drawn("<b> & ]]>"))


def test_what_cannot_be_seen_makes_no_difference() -> None:
    written = "one\x1b[31m \x1b[0mtwo"

    assert ElementTree.tostring(drawn(written)) == ElementTree.tostring(drawn("one two"))
