"""Frames for Hypothesis: what Textual's compositor writes, and what it never would."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

NARROW = "abcXYZ019.-│─█éß"
WIDE = "客户李四王五张三、。ア한"
JOINED = (
    "e\u0301",
    "👩\u200d👩\u200d👧",
    "👍🏽",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "🇨🇳",
    "🇨",
    "क्षि",
    "ก็",
    "☎",
    "🦀",
    "⭘",
    "▶\ufe0f",
)

STYLES = (
    "",
    "38;5;253;48;5;234",
    "1;38;5;195;48;5;32",
    "48;5;234",
    "7;38;5;23;48;5;234",
    "38;2;1;2;3",
    "31",
    "1;31;44",
    "2;3",
    "1;2;35",
    "9;33",
    "1",
    "7",
    "1;7;31",
    "4;9;32",
    "5;8;92;102",
)
ODD_STYLES = (*STYLES, "4:3;38;5;9", "21;53;33")

COLOURS_OFF = ("39", "49", "22", "24", "27", "0;1", ";7")

UNKNOWN_SEQUENCES = (
    "\x1b[2J",
    "\x1b[K",
    "\x1b[3C",
    "\x1b[A",
    "\x1b[2D",
    "\x1b[5G",
    "\x1b[2X",
    "\x1b[L",
    "\x1b[M",
    "\x1b7",
    "\x1b8",
    "\x1bM",
    "\x1b[2;4r\x1b[r",
    "\r",
    "\n",
    "\b",
    "\x1b[999;999H",
    "\x1b[3;500H",
    "\x1b[3m",
    "\x1b[27;58;5;9m",
    "\x1b[38;9m",
    "\x1b]1337;File=:AAAA\x07",
    "\x1bPq#0\x1b\\",
    "\u0301",
    "\u200d",
    "\ufe0f",
    "tail without a place",
)

INERT_SEQUENCES = (
    "\x07",
    "\x1b[?25l",
    "\x1b[?25h",
    "\x1b[?2004h",
    "\x1b[?2026$p",
    "\x1b[>25u",
    "\x1b]22;default\x07",
    "\x1b]0;客户\x07",
    "\x1b]52;c;YWJj\x07",
    "\x1bPtmux;\x1b\x1b]52;c;YWJj\x07\x1b\\",
    "\x1b[?2026h",
    "\x1b[?2026l",
)

texts = st.lists(
    st.one_of(
        st.text(NARROW, min_size=1, max_size=8),
        st.text(WIDE, min_size=1, max_size=4),
        st.sampled_from([" ", "  ", " " * 6, " " * 12, " " * 40]),
        st.sampled_from(JOINED),
    ),
    min_size=1,
    max_size=4,
).map("".join)


@st.composite
def strips(
    draw: st.DrawFn, row: int, width: int, texts: st.SearchStrategy[str], styles: Sequence[str] = ODD_STYLES
) -> str:
    """A piece of a row, as a strip of segments that the compositor has cropped to the screen."""
    column = draw(st.sampled_from([0, 0, 1, width // 2, width - 1]) | st.integers(0, width - 1))
    out, room = [f"\x1b[{row + 1};{column + 1}H"], width - column
    for _ in range(draw(st.integers(0, 4))):
        text = draw(texts)
        if cell_len(text) > room:
            text = set_cell_size(text, room)
        room -= cell_len(text)
        style = draw(st.sampled_from(styles))
        segment = f"\x1b[{style}m{text}\x1b[0m" if style else text
        if draw(st.integers(0, 15)) == 0:
            segment = f"\x1b]8;id=1;https://example.com\x1b\\{segment}\x1b]8;;\x1b\\"
        out.append(segment)
    return "".join(out)


@st.composite
def compositor_frames(
    draw: st.DrawFn,
    height: int,
    width: int,
    texts: st.SearchStrategy[str] = texts,
    styles: Sequence[str] = ODD_STYLES,
) -> str:
    """Rows from top to bottom, a line feed between them, and at the end the cursor's place."""
    rows = sorted(draw(st.sets(st.integers(0, height - 1), min_size=1)))
    out = ["\n".join([draw(strips(row, width, texts, styles)) for row in rows])]
    out.append(f"\x1b[{draw(st.integers(1, height))};{draw(st.integers(1, width))}H")
    return "".join(out)


@st.composite
def scrolled_frames(draw: st.DrawFn, height: int, width: int) -> list[str]:
    """A page of rows, then the same rows moved by some, as a list draws them that follows its cursor."""
    lines: list[str] = []
    while len(lines) < height * 2:
        line = f"\x1b[{draw(st.sampled_from(STYLES[1:4]))}m{set_cell_size(draw(texts), width)}\x1b[0m"
        lines += [line] * draw(st.sampled_from([1, 1, 1, 2, 3]))
    top = draw(st.integers(0, height - 1))
    bottom = draw(st.integers(top, height - 1))
    frames, shown = [], [""] * height
    for offset in draw(st.lists(st.integers(0, height), min_size=1, max_size=4)):
        page = lines[offset : offset + height]
        rows = [row for row in range(top, bottom + 1) if page[row] != shown[row]]  # the others need no drawing
        frames.append("\n".join([f"\x1b[{row + 1};1H{page[row]}" for row in rows]) + "\x1b[1;1H")
        shown = page
    return frames


@st.composite
def hostile_writes(draw: st.DrawFn, height: int, width: int) -> str:
    """Anything: half frames, sequences that nobody knows, text without a place or past the margin."""
    pieces = st.one_of(
        compositor_frames(height, width),
        st.sampled_from(UNKNOWN_SEQUENCES),
        st.sampled_from(INERT_SEQUENCES),
        st.sampled_from(COLOURS_OFF).map("\x1b[{}m".format),
        st.sampled_from(ODD_STYLES).map("\x1b[{}m".format),
        texts,
        st.just("\x1b[0m"),
    )
    return "".join(draw(st.lists(pieces, min_size=1, max_size=6)))
