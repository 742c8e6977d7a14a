"""Through the driver's canvas or past it: the terminal shows the same."""

from __future__ import annotations

import re
from functools import partial

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from tests.widgets.driver.frames import (
    INERT_SEQUENCES,
    JOINED,
    NARROW,
    STYLES,
    compositor_frames,
    hostile_writes,
    scrolled_frames,
)
from tests.widgets.driver.terminal import SEQUENCES, Terminal
from widgets.driver.canvas import Canvas

HEIGHT, WIDTH = 6, 24


class Pair:
    """Two terminals and a canvas: what is written goes to one as it is, to the other through the canvas."""

    def __init__(self, height: int = HEIGHT, width: int = WIDTH, *, erases_in_colour: bool = True) -> None:
        self.past = Terminal(height, width, erases_in_colour=erases_in_colour)
        self.through = Terminal(height, width, erases_in_colour=erases_in_colour)
        self.canvas = Canvas(height, width, erases_in_colour=erases_in_colour)
        self.written = ""

    def resize(self, height: int, width: int) -> None:
        """A terminal that forgets its cells, as the hardest case of those that move, cut or keep them."""
        self.past.resize(height, width)
        self.through.resize(height, width)
        self.canvas.resize(height, width)

    def write(self, data: str) -> None:
        self.past.read(data)
        self.written += self.canvas.write(data)

    def flush(self) -> str:
        """What the frame was worth."""
        written, self.written = self.written + self.canvas.flush(), ""
        self.through.read(written)
        assert self.through.seen() == self.past.seen()
        return written

    def frame(self, data: str) -> str:
        self.write(data)
        return self.flush()


@given(st.lists(compositor_frames(HEIGHT, WIDTH), min_size=1, max_size=6), st.booleans())
def test_frames_show_the_same(frames: list[str], erases_in_colour: bool) -> None:
    pair = Pair(erases_in_colour=erases_in_colour)
    for frame in frames:
        pair.frame(frame)


@given(st.lists(compositor_frames(HEIGHT, WIDTH), min_size=1, max_size=4))
def test_a_frame_drawn_again_costs_nothing(frames: list[str]) -> None:
    pair = Pair()
    for frame in frames:
        pair.frame(frame)
        assert pair.frame(frame) == ""


@settings(max_examples=2 * settings().max_examples)
@given(st.lists(hostile_writes(HEIGHT, WIDTH), min_size=1, max_size=6), st.booleans())
def test_anything_shows_the_same(writes: list[str], erases_in_colour: bool) -> None:
    pair = Pair(erases_in_colour=erases_in_colour)
    for data in writes:
        pair.frame(data)


@given(scrolled_frames(HEIGHT * 2, WIDTH), st.booleans())
def test_scrolled_frames_show_the_same(frames: list[str], erases_in_colour: bool) -> None:
    pair = Pair(HEIGHT * 2, WIDTH, erases_in_colour=erases_in_colour)
    for frame in frames:
        pair.frame(frame)


@given(hostile_writes(HEIGHT, WIDTH), st.data())
def test_sequences_cut_anywhere_show_the_same(data: str, draw: st.DataObject) -> None:
    pair = Pair()
    within = [index for match in SEQUENCES.finditer(data) for index in range(match.start() + 1, match.end())]
    cut = draw.draw(st.sampled_from(within)) if within else 0
    pair.past.read(data)
    pair.written = pair.canvas.write(data[:cut]) + pair.canvas.write(data[cut:])
    pair.flush()


@given(st.data())
def test_frames_of_a_resized_terminal_show_the_same(draw: st.DataObject) -> None:
    pair = Pair()
    for _ in range(draw.draw(st.integers(1, 4))):
        height, width = draw.draw(st.integers(1, 9)), draw.draw(st.integers(2, 30))
        pair.resize(height, width)
        for frame in draw.draw(st.lists(hostile_writes(height, width), max_size=3)):
            pair.frame(frame)


def test_the_cursor_stays_behind_a_family_at_the_margin_when_something_unknown_follows() -> None:
    pair = Pair(1, 6)
    pair.frame("\x1b[1;1H0\x1b[1;5H👩\u200d👩\u200d👧\x1b[2J")


def test_what_is_drawn_ahead_of_the_program_stays_when_it_enters_the_screen() -> None:
    pair = Pair()
    ahead = pair.canvas.enter() + pair.canvas.write("\x1b[2;1H李四 and more") + pair.canvas.flush()
    pair.past.read(ahead)
    pair.through.read(ahead)

    assert pair.canvas.write("\x1b[?1049h") == ""
    assert not pair.canvas.ahead
    assert pair.frame("\x1b[2;1H李四 and more\x1b[1;1H").count("李") == 0
    assert pair.canvas.write("\x1b[?1049l") == "\x1b[?1049l"
    assert "\x1b[?1049h" in pair.canvas.write("\x1b[?1049h")


@given(st.lists(compositor_frames(HEIGHT, WIDTH), min_size=1, max_size=3), st.text("junk", max_size=9))
def test_all_is_drawn_again_on_demand(frames: list[str], junk: str) -> None:
    pair = Pair()
    pair.frame("\n".join(f"\x1b[{row + 1};1H{' ' * WIDTH}" for row in range(HEIGHT)))
    for frame in frames:
        pair.frame(frame)
    pair.through.read(f"\x1b[H{junk}\x1b[3;3H\x1b[31;7m{junk}")
    pair.canvas.forget()
    pair.frame(frames[-1])


def test_what_was_drawn_is_drawn_again_after_a_visit_to_the_main_screen() -> None:
    pair = Pair()
    pair.canvas.write("\x1b[?1049h")
    pair.frame("\x1b[2;3H\x1b[1;31mshown\x1b[0m\x1b[1;1H")
    left = pair.canvas.write("\x1b[?1049l\x1b[?25h") + pair.canvas.flush()
    pair.through.read(left)
    assert left == "\x1b[m\x1b[?1049l\x1b[?25h"
    pair.through.read(pair.canvas.write("\x1b[?1049h") + pair.canvas.flush())
    assert pair.through.seen()[0] == pair.past.seen()[0]


@given(st.lists(compositor_frames(HEIGHT, WIDTH), min_size=1, max_size=4), st.booleans(), st.integers(1, 2))
def test_a_terminal_that_measures_emoji_otherwise_keeps_the_other_cells(
    frames: list[str], joins: bool, columns: int
) -> None:
    agreeing = Terminal(HEIGHT, WIDTH)
    differing = Terminal(HEIGHT, WIDTH, measure=partial(_measure, joins=joins, columns=columns))
    canvas = Canvas(HEIGHT, WIDTH, erases_in_colour=True)
    clear = "\n".join(f"\x1b[{row + 1};1H\x1b[44m{' ' * WIDTH}\x1b[0m" for row in range(HEIGHT))
    for frame in [clear, *frames]:
        agreeing.read(frame)
        differing.read(canvas.write(frame) + canvas.flush())
        for expected, row in zip(agreeing.seen()[0], differing.seen()[0], strict=True):
            doubtful = False
            for glyph, drawn in zip(expected, row, strict=True):
                doubtful = _is_doubtful(glyph.text) if glyph.text else doubtful
                assert doubtful or drawn == glyph


def _is_doubtful(text: str) -> bool:
    return len(text) > 1 or text in DISPUTED


def _measure(character: str, *, joins: bool, columns: int) -> int:
    """A terminal that joins nothing, or for which emoji are one column or two, as it comes."""
    own = get_character_cell_size(character)
    if character not in DISPUTED:
        return own
    return columns if own or not joins else 0


DISPUTED = set("".join(JOINED)) - set("e1⭘कषก")
"""Characters whose columns depend on the terminal."""


@given(
    st.lists(
        compositor_frames(HEIGHT, WIDTH, st.text(NARROW + "  ", min_size=1), STYLES),
        min_size=1,
        max_size=4,
    )
)
def test_frames_that_pyte_reads_show_the_same(frames: list[str]) -> None:
    """Another's terminal, over what it has right: narrow text in common styles."""
    canvas = Canvas(HEIGHT, WIDTH, erases_in_colour=True)
    past, through = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    for frame in ["\x1b[?7l", *frames]:
        pyte.Stream(past).feed(LINKS.sub("", frame))
        pyte.Stream(through).feed(LINKS.sub("", canvas.write(frame) + canvas.flush()))
        assert through.display == past.display
        assert (through.cursor.y, through.cursor.x) == (past.cursor.y, past.cursor.x)
        for row in range(HEIGHT):
            assert _pyte_row(through, row) == _pyte_row(past, row)


LINKS = re.compile(r"\x1b\]8;[^\x1b]*\x1b\\")
"""OSC 8, which pyte does not know."""


def _pyte_row(screen: pyte.Screen, row: int) -> list[object]:
    return [_pyte_look(screen.buffer[row][column]) for column in range(WIDTH)]


def _pyte_look(cell: pyte.screens.Char) -> object:
    """What can be seen of a cell. Pyte counts default colours as colours: reversed ones are told by both."""
    if cell.data != " " or cell.underscore or cell.strikethrough:
        return cell
    if not cell.reverse:
        return cell.bg
    return cell.fg if cell.fg != "default" and not cell.bold else ("reverse", cell.fg, cell.bold)


def test_a_cursor_within_a_wide_character_is_not_taken_to_be_beside_it() -> None:
    pair = Pair()
    pair.frame("\x1b[1;1H客ab\x1b[1;2H")
    pair.frame("\x1b[1;1H客ac\x1b[1;2H")
    assert pair.through.text()[0].startswith("客ac")


def test_nothing_old_stays_beside_an_emoji_that_the_terminal_draws_narrow() -> None:
    terminal = Terminal(2, 12, measure=partial(_measure, joins=True, columns=1))
    canvas = Canvas(2, 12, erases_in_colour=True)
    for frame in ("\x1b[1;1Habcd\x1b[1;1H", "\x1b[1;1H🦀cd\x1b[1;1H"):
        terminal.read(canvas.write(frame) + canvas.flush())
    assert terminal.text()[0].startswith("🦀 cd")


def test_what_an_emoji_is_drawn_over_by_the_terminal_is_drawn_again() -> None:
    terminal = Terminal(2, 12, measure=partial(_measure, joins=False, columns=2))
    canvas = Canvas(2, 12, erases_in_colour=True)
    for frame in ("\x1b[1;1H  cdef\x1b[1;1H", "\x1b[1;1H❤\ufe0f\x1b[1;1H"):
        terminal.read(canvas.write(frame) + canvas.flush())
    assert "".join(terminal.text()[0]).rstrip().endswith("cdef")


def test_a_line_feed_on_the_last_row_scrolls() -> None:
    pair = Pair()
    pair.frame(f"\x1b[1;1Hfirst\n\x1b[{HEIGHT};1Hlast\n\x1b[1;8Hmore\x1b[1;1H")
    assert pair.through.text()[HEIGHT - 2].startswith("last")


def test_margins_that_the_program_set_are_kept() -> None:
    pair = Pair(12, 60)
    pair.frame("\x1b[3;8r")
    for first in range(3):
        pair.frame(_page(first, 12, 60))
    pair.frame("\x1b[8;1H\x1bD")


def test_what_the_program_never_drew_does_not_scroll_along() -> None:
    pair = Pair(12, 60)
    junk = "".join(f"\x1b[{row + 1};50Hjunk {row}" for row in range(12))
    pair.past.read(junk)
    pair.through.read(junk)
    for first in range(3):
        pair.frame(_page(first, 12, 40))


# What it costs


def test_a_row_that_changes_colour_is_erased_to_its_end() -> None:
    pair = Pair(2, 80)
    pair.frame("\x1b[1;1H\x1b[44mname" + " " * 76 + "\x1b[0m\x1b[1;1H")
    assert pair.frame("\x1b[1;1H\x1b[45mname" + " " * 76 + "\x1b[0m\x1b[1;1H") == "\x1b[45mname\x1b[K\r"


def test_a_terminal_that_erases_to_black_gets_blanks() -> None:
    pair = Pair(2, 20, erases_in_colour=False)
    blanks = " " * 20
    assert blanks in pair.frame(f"\x1b[1;1H\x1b[44m{blanks}\x1b[0m\x1b[1;1H")
    assert pair.frame(f"\x1b[1;1H{blanks}\x1b[1;1H") == "\x1b[m\x1b[K"


def test_only_the_style_codes_that_differ_are_sent() -> None:
    pair = Pair()
    assert (
        pair.frame("\x1b[1;1H\x1b[1;38;5;9;44ma\x1b[0m\x1b[38;5;9;44mb\x1b[0m") == "\x1b[H\x1b[;1;38;5;9;44ma\x1b[22mb"
    )


def test_a_short_gap_is_written_again() -> None:
    pair = Pair()
    pair.frame("\x1b[1;1Habcde\x1b[1;1H")
    assert pair.frame("\x1b[1;1HAbcDe\x1b[1;5H") == "AbcD"


def test_a_mark_that_moves_down_costs_a_few_bytes() -> None:
    pair = Pair()
    pair.frame("\x1b[1;1H▌ one\n\x1b[2;1H  two\x1b[1;1H")
    assert pair.frame("\x1b[1;1H  one\n\x1b[2;1H▌ two\x1b[2;1H") == " \r\v▌\r"


def test_a_list_that_scrolls_sends_the_row_that_comes_in() -> None:
    pair = Pair(12, 60)
    pair.frame(_page(0, 12, 60))
    for first, limit in ((1, 80), (2, 80), (0, 130), (3, 180)):
        assert len(pair.frame(_page(first, 12, 60))) < limit
    assert pair.through.text()[1].startswith("customer    3")


def _page(first: int, height: int, width: int) -> str:
    """A list between a header and a footer."""
    rows = [f"customer {number:4} of {number * 7919:06}" for number in range(first, first + height - 2)]
    body = "\n".join(f"\x1b[{index + 2};1H{row:{width}}" for index, row in enumerate(rows))
    return f"\x1b[1;1H{'Customers':{width}}\n{body}\n\x1b[{height};1H{'q quit':{width}}\x1b[1;1H"


def test_a_pane_that_does_not_scroll_along_is_not_scrolled() -> None:
    pair = Pair(10, 60)

    def page(first: int) -> str:
        rows = [f"{first + row:3}  {f'a fixed pane, its row {row}: ' + chr(65 + row) * 20}" for row in range(10)]
        return "\n".join(f"\x1b[{index + 1};1H{row:60}" for index, row in enumerate(rows)) + "\x1b[1;1H"

    pair.frame(page(100))
    assert "\x1b[M" not in pair.frame(page(101))


def test_a_column_of_labels_is_written_in_one_style_before_what_stands_beside_it() -> None:
    pair = Pair(8, 40)
    rows = [f"\x1b[{row};5H\x1b[38;5;245mlabel {row}\x1b[0m\x1b[{row};20Hvalue {row}" for row in range(1, 9)]
    written = pair.frame("\n".join(rows) + "\x1b[1;1H")
    assert written.count("38;5;245") == 1
    assert written.index("label 8") < written.index("value 1")


def test_a_large_frame_is_synchronised_and_a_small_one_is_not() -> None:
    pair = Pair(30, 80)
    rows = "\n".join(f"\x1b[{row + 1};1H{chr(65 + row) * 80}" for row in range(26))
    large = pair.frame(f"\x1b[?2026h{rows}\x1b[1;1H\x1b[?2026l")
    assert large.startswith("\x1b[?2026h")
    assert large.endswith("\x1b[?2026l")
    assert "2026" not in pair.frame("\x1b[?2026h\x1b[1;1Hx\x1b[1;1H\x1b[?2026l")
    assert pair.frame("\x1b[?2026h\x1b[1;1Hx\x1b[1;1H\x1b[?2026l") == ""


def test_what_draws_nothing_goes_out_at_once_and_forgets_nothing() -> None:
    pair = Pair()
    pair.frame("\x1b[1;1Hname\x1b[1;1H")
    for sequence in INERT_SEQUENCES:
        if "2026" not in sequence or "$p" in sequence:
            assert pair.canvas.write(sequence) == sequence
    assert pair.frame("\x1b[1;1Hname\x1b[1;1H") == ""
