"""What a vendor sends is drawn as text: the bytes at the terminal are the program's own, and columns straight."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import hostile, working
from tests.e2e.conftest import Open
from tests.e2e.terminal import PATIENCE, Terminal

CONFIGURATION = """
[profiles.juzi]
dialect = "juzi"
base_url = "{url}"
token = "token"
user_id = "rocky"

[profiles.useasy]
dialect = "useasy"
base_url = "{url}"
app_id = "1"
secret = "secret"

[profiles.ima]
dialect = "ima"
base_url = "{url}"
app_id = "1"
secret = "secret"
"""

PEOPLE = range(len(hostile.TEXTS))


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A configuration of the three vendors."""
    path = tmp_path_factory.mktemp("hostile") / "kehu.toml"
    path.touch(mode=0o600)
    with hostile.vendors() as url:
        path.write_text(CONFIGURATION.format(url=url), encoding="utf-8")
        yield path


def drawn(number: int) -> str:
    """A pattern of how a text begins on the screen."""
    return re.escape(hostile.DRAWN[number])


def headed(number: int) -> str:
    """A pattern of the first line of a customer's pane."""
    return re.escape(hostile.DRAWN[number].partition("↵")[0])


def look(terminal: Terminal, key: str, heading: str) -> None:
    """Open the screen of KEY, have it drawn anew as well, and leave it."""
    terminal.press(key)
    terminal.wait_for(heading)
    terminal.press("ctrl+l")
    terminal.press("ctrl+q")
    terminal.wait_until_gone(heading)


def assert_as_it_should_be(terminal: Terminal, *, with_drafts: bool = False) -> None:
    """A whole repaint shows what was there before, so the columns were straight; and nothing foreign was written."""
    terminal.wait_until_gone("╯")
    before, written = terminal.lines, len(terminal.raw)
    terminal.press("ctrl+l")
    deadline = time.monotonic() + PATIENCE
    while len(terminal.raw) - written < len(terminal.text.encode()) / 2 or terminal.lines != before:
        assert time.monotonic() < deadline, "\n".join(["it was", *before, "and became", *terminal.lines])
        terminal.read_for(0.02)
    working.quit_desk(terminal, with_drafts=with_drafts)
    assert hostile.foreign(bytes(terminal.raw)) == []


def assert_straight(terminal: Terminal) -> None:
    """The dates of the list stand below each other."""
    grid = terminal.screen.grid
    (heading,) = [row for row, line in enumerate(grid) if "Added" in line]
    column = grid[heading].index("Added")
    for line in grid[heading + 1 : heading + 1 + len(PEOPLE)]:
        assert re.match(r" \d{4}-\d\d-\d\d ", line[column - 1 :]), line


def test_what_is_looked_for_is_found() -> None:
    assert hostile.foreign(b"\x1b[1;38;5;74mtext\x1b[K\x1b[3;7Hmore\r\x1b[m\x1b[?1049l") == []
    for text in hostile.TEXTS[1:6]:
        assert hostile.foreign(b"before " + text.encode() + b" after") != []


def test_no_text_of_juzi_does_anything_but_be_drawn(open_desk: Open, configuration: Path) -> None:
    terminal = open_desk("--config", str(configuration), "--profile", "juzi")
    terminal.wait_for(rf"1–{len(PEOPLE)} of {len(PEOPLE)} · all")
    for number in PEOPLE:
        terminal.wait_for(rf"\n ▌ {drawn(number)[:6]}")
        assert_straight(terminal)
        terminal.press("enter")
        terminal.wait_for(rf"▌ {headed(number)}")
        look(terminal, "v", "The vendor's record of")
        terminal.press("r")
        terminal.wait_for("Whose remark")
        terminal.press("enter")
        terminal.wait_for("Remark on")
        working.type_into(terminal, "Remark", "x", anew=True)
        terminal.press("ctrl+s")
        terminal.wait_for(f"1 refused. Press o for the outbox. {drawn(number)}")
        terminal.press("f")
        terminal.wait_for("In whose name")
        terminal.press("enter")
        terminal.wait_for("Follow up ")
        working.type_into(terminal, "Follow-up", "y")
        terminal.press("ctrl+s")
        terminal.wait_for(f"o outbox {2 * number + 2}")
        terminal.press("q", "j")
    for key, heading in (("o", "Outbox"), ("J", "Journal"), ("F", "Which customers"), ("L", "Look up at")):
        look(terminal, key, heading)
    terminal.press("a")
    look(terminal, "r", "Remark on 7")
    assert_as_it_should_be(terminal)


def test_no_text_of_useasy_does_anything_but_be_drawn(open_desk: Open, configuration: Path) -> None:
    terminal = open_desk("--config", str(configuration), "--profile", "useasy")
    terminal.wait_for(rf"1–{len(PEOPLE)} of {len(PEOPLE)} · all")
    for number in PEOPLE:
        terminal.wait_for(rf"\n ▌ {drawn(number)[:6]}")
        assert_straight(terminal)
        terminal.press("enter")
        terminal.wait_for(rf"▌ {headed(number)}")
        for key, heading in (("v", "The vendor's record of"), ("d", "at the vendor, for good"), ("f", "Note on")):
            look(terminal, key, heading)
        terminal.press("e")
        terminal.wait_for(rf"Edit {drawn(number)}")
        terminal.press("z", "ctrl+s")
        terminal.wait_for("Save 1 change")
        terminal.press("y")
        terminal.wait_for("was changed by somebody else")
        terminal.press("ctrl+q")
        terminal.wait_for("what you typed is kept as a draft")
        look(terminal, "e", "Go on with it")
        terminal.press("q", "j")
    for key, heading in (("c", "Create a customer"), ("o", "Outbox"), ("J", "Journal"), ("F", "Which customers")):
        look(terminal, key, heading)
    assert_as_it_should_be(terminal, with_drafts=True)


def test_no_text_of_ima_does_anything_but_be_drawn(open_desk: Open, configuration: Path) -> None:
    terminal = open_desk("--config", str(configuration), "--profile", "ima")
    terminal.wait_for("This vendor has no list")
    for number in PEOPLE:
        terminal.press("L")
        working.type_into(terminal, "Look for", f"customer-{number}")
        terminal.press("enter")
        terminal.wait_for(rf"Found {drawn(number)}")
        terminal.wait_for(rf"▌ {headed(number)}")
        look(terminal, "v", "The vendor's record of")
        look(terminal, "e", rf"Edit {drawn(number)}")
        terminal.press("q")
    terminal.wait_for("7 known here")
    assert_straight(terminal)
    for key, heading in (("c", "Create a customer"), ("o", "Outbox"), ("J", "Journal")):
        look(terminal, key, heading)
    assert_as_it_should_be(terminal)
