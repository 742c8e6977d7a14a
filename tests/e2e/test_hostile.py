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
from tests.pace import slow
from tui.model.sendable import unfit_character

pytestmark = slow

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

[profiles.person]
dialect = "juzi"
base_url = "{url}"
token = "token"
user_id = "rocky"
links.ima = {{ theirs = "id", ours = "id" }}
links.useasy = {{ theirs = "name", ours = "name" }}
links.absent = {{ theirs = "external_id", ours = "id" }}

[profiles.absent]
dialect = "ima"
base_url = "{url}"
app_id = "1"
secret = "secret"
"""
"""A person of `person` is found at `ima`, is one of several at `useasy`, and is not at `absent`."""

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
    """Open the screen of `key`, have it drawn anew as well, and leave it."""
    terminal.press(key)
    terminal.wait_for(heading)
    terminal.press("ctrl+l")
    terminal.press("ctrl+q")
    terminal.wait_until_gone(heading)


def look_deep(terminal: Terminal, *screens: tuple[str, str]) -> None:
    """Open one of `screens`, a key and a heading each, upon the other, have each drawn anew, and leave them."""
    for key, heading in screens:
        terminal.press(key)
        terminal.wait_for(heading)
        terminal.press("ctrl+l")
    for _key, heading in reversed(screens):
        terminal.press("ctrl+q")
        terminal.wait_until_gone(heading)


def look_everywhere(terminal: Terminal) -> None:
    """Open what shows nobody in particular, and search what was seen for everybody."""
    for key, heading in (("P", "type to filter"), ("?", "Keys"), ("ctrl+p", "Commands"), (":", "Go to page")):
        look(terminal, key, heading)
    look_deep(terminal, ("o", "Outbox"))
    look_deep(terminal, ("J", "Journal"))
    terminal.press("/", "customer-")
    terminal.wait_for(rf"Customers +{len(PEOPLE)} found")
    terminal.press("ctrl+l")
    assert_straight(terminal)
    terminal.press("enter", "ctrl+q")
    terminal.wait_until_gone("found")


def leave_refused(terminal: Terminal, label: str, told: str) -> None:
    """Send the form whose first field is `label`, which the vendor refuses as `told`, and leave it for later.

    It is there again with what was typed. Escape is one key with another that follows at once: what it does is awaited.
    """
    terminal.press("ctrl+s")
    terminal.wait_for(told)
    terminal.wait_for(working.FOCUSED.format(label=label))
    terminal.press("escape")
    terminal.wait_for("e opens it again")


def assert_as_it_should_be(terminal: Terminal, *, with_drafts: bool = False) -> None:
    """A whole repaint shows what was there before, so the columns were straight; and nothing foreign was written."""
    terminal.wait_until_gone("╯")
    while terminal.read_for(0.3):  # the frame may not be whole yet
        pass
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
        look(terminal, "v", "record of ")
        terminal.press("r")
        terminal.wait_for("Whose remark")
        terminal.press("enter")
        terminal.wait_for("Remark on")
        working.type_into(terminal, "Remark", "x", anew=True)
        leave_refused(terminal, "Remark", f"1 refused. Press o for the outbox. {drawn(number)}")
        terminal.press("f")
        terminal.wait_for("In whose name")
        terminal.press("enter")
        terminal.wait_for("Follow up ")
        working.type_into(terminal, "Follow-up", "y")
        leave_refused(terminal, "Follow-up", f"o outbox {2 * number + 2}")
        terminal.press("q", "j")
    for key, heading in (("F", "Which customers"), ("L", "Look up")):
        look(terminal, key, heading)
    for key, heading in (("o", "Outbox"), ("J", "Journal")):
        look_deep(terminal, (key, heading), ("enter", "state: refused"))
    look_everywhere(terminal)
    terminal.press("a", "r")
    terminal.wait_for("Remark on 7")
    working.type_into(terminal, "Remark", "x", anew=True)
    terminal.press("ctrl+s")
    terminal.wait_for("Send this")
    terminal.press("ctrl+l", "y")
    terminal.wait_for("0 remarks saved")
    look_deep(terminal, ("o", "Outbox"), ("enter", "refused: "), ("enter", "state: refused"))
    assert_as_it_should_be(terminal)


def test_no_text_of_useasy_does_anything_but_be_drawn(open_desk: Open, configuration: Path) -> None:
    terminal = open_desk("--config", str(configuration), "--profile", "useasy")
    terminal.wait_for(rf"1–{len(PEOPLE)} of {len(PEOPLE)} · all")
    for number in PEOPLE:
        terminal.wait_for(rf"\n ▌ {drawn(number)[:6]}")
        assert_straight(terminal)
        terminal.press("enter")
        terminal.wait_for(rf"▌ {headed(number)}")
        for key, heading in (("v", "record of "), ("d", "at the vendor, for good"), ("f", "Note on")):
            look(terminal, key, heading)
        terminal.press("e")
        terminal.wait_for(rf"Edit {drawn(number)}")
        working.type_into(terminal, "Name", "z", anew=True)  # what steers a terminal would not be sent
        terminal.press("ctrl+s")
        terminal.wait_for("Save 1 change")
        terminal.press("y")
        terminal.wait_for("was changed by somebody else")
        terminal.press("ctrl+q")
        terminal.wait_for("what you typed is kept as a draft")
        look(terminal, "e", "Go on with it")
        terminal.press("q", "j")
    for key, heading in (("c", "Create a customer"), ("F", "Which customers")):
        look(terminal, key, heading)
    look_everywhere(terminal)
    look_deep(terminal, ("=", "3 pairs"), ("enter", "The left one stays"), ("ctrl+s", "Saved in"))
    assert_as_it_should_be(terminal, with_drafts=True)


def test_no_text_of_ima_does_anything_but_be_drawn(open_desk: Open, configuration: Path) -> None:
    terminal = open_desk("--config", str(configuration), "--profile", "ima")
    terminal.wait_for("This vendor has no list")
    for number in PEOPLE:
        terminal.press("L")
        terminal.wait_for("Look up")
        terminal.press(f"customer-{number}", "enter")
        terminal.wait_for(rf"Found {drawn(number)}")
        terminal.wait_for(rf"▌ {headed(number)}")
        look(terminal, "v", "record of ")
        look(terminal, "e", rf"Edit {drawn(number)}")
        terminal.press("q")
    terminal.wait_for("7 known here")
    assert_straight(terminal)
    look(terminal, "c", "Create a customer")
    look_everywhere(terminal)
    assert_as_it_should_be(terminal)


def test_no_text_of_a_person_in_several_systems_does_anything_but_be_drawn(
    open_desk: Open, configuration: Path
) -> None:
    terminal = open_desk("--config", str(configuration), "--profile", "person", rows=400)  # all parts are on the screen
    terminal.wait_for(rf"1–{len(PEOPLE)} of {len(PEOPLE)} · all")
    for number in PEOPLE:
        terminal.press("enter")
        terminal.wait_for(rf"all  ▌ {headed(number)}")
        for part in (r"ima · 51ima ─+\n.*Name", "7 records have", "No record with"):
            terminal.wait_for(part)
        terminal.press("}", "}", "}", "ctrl+l")
        look(terminal, "v", "record of ")
        look(terminal, "M", "Which of them is")
        look(terminal, "C", "Create .* at absent")
        if unfit_character(hostile.TEXTS[number]) is None:  # what steers a terminal is shown, and not carried on
            terminal.press("s")
            terminal.wait_for("Carry to")
            terminal.press("ctrl+l", "ctrl+s")
            terminal.wait_for("Save 1 change")
            terminal.press("ctrl+l", "y")
            terminal.wait_for("kept other values in")
            look(terminal, "u", "Undo this change of")
        terminal.press("q", "ctrl+q")
        terminal.wait_until_gone("Not undone|kept other values in")
        terminal.press("j")
    assert_as_it_should_be(terminal)


COMMANDS = (
    ("list", "--profile", "juzi"),
    ("list", "--profile", "useasy", "--json"),
    ("list", "--profile", "useasy", "--all"),
    ("show", "customer-1", "--profile", "ima"),
    ("show", "customer-2", "--profile", "person", "--linked"),
    ("show", "customer-3", "--profile", "useasy", "--json"),
    ("fields", "--profile", "useasy"),
    ("fields", "--profile", "ima"),
    ("remark", "customer-4", "--user", "rocky", "--remark", "x", "--profile", "juzi"),
    ("follow", "customer-5", "--user", "rocky", "--text", "x", "--profile", "juzi", "--json"),
    ("edit", "customer-6", "--set", "name=x", "--dry-run", "--profile", "ima"),
    ("edit", "customer-6", "--set", "name=x", "--profile", "ima"),
    ("edit", "customer-0", "--set", "budget=1", "--profile", "useasy"),
    ("delete", "customer-1", "--yes", "--profile", "useasy"),
    ("sync", "--profile", "useasy"),
    ("find", "customer-", "--profile", "useasy"),
    ("duplicates", "--profile", "useasy"),
    ("outbox", "--profile", "juzi"),
    ("journal", "--profile", "ima"),
    ("doctor", "--profile", "juzi"),
)
"""What prints something of a vendor's, or refuses with the vendor's words."""

JSON = frozenset({"--json", "--all"})
"""What makes a command print JSON."""

JOINERS = (0x200D, 0xFE0F)
"""Zero-width joiner and emoji variation: they hold an emoji together."""


def test_no_text_does_anything_on_the_command_line(open_desk: Open, configuration: Path) -> None:
    for command in COMMANDS:
        terminal = open_desk(*command, "--config", str(configuration), NO_COLOR="1")
        assert terminal.wait_for_exit() in (0, 1, 6), command
        written = terminal.raw.decode()
        if not JSON.isdisjoint(command):
            written = written.translate(dict.fromkeys(JOINERS))  # in JSON an emoji is what it was
        assert hostile.foreign(written.encode()) == [], command
