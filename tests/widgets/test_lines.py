"""How much of a line must be painted when it changes."""

from __future__ import annotations

import re
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size

from tests.widgets.drawing import KIT
from widgets.cells import fit
from widgets.lines import BLANK, Line, Role, Span, changed_width, line_width

WIDTH = 12

LINES = st.lists(
    st.builds(
        Span,
        st.text("ab 李四e\u0301👍", max_size=4).map(lambda text: fit(text, 4)),
        st.sampled_from(("text", "strong")),
    ),
    max_size=3,
).map(tuple)
"""Lines of up to three spans of four cells each."""


def cells_of(line: Line) -> list[tuple[str, str]]:
    """What stands in each cell of `line`; the second cell of a wide character holds nothing of its own."""
    cells: list[tuple[str, str]] = []
    for text, role in line:
        for char in text:
            size = get_character_cell_size(char)
            if size:
                cells += [(char, role), *[("", role)] * (size - 1)]
            elif cells:
                cells[-1] = (cells[-1][0] + char, role)
    return cells + [(" ", "text")] * (WIDTH - len(cells))


@given(LINES, LINES)
def test_painting_up_to_the_last_change_gives_the_new_line(before: Line, after: Line) -> None:
    painted = changed_width(before, after, WIDTH)
    old, new = cells_of(before), cells_of(after)
    assert new[:painted] + old[painted:] == new
    if painted < WIDTH:
        assert old[painted][0] != ""
        assert new[painted][0] != ""


def test_a_line_that_stays_is_not_painted() -> None:
    assert changed_width((Span("李四"),), (Span("李四"),), WIDTH) == 0
    assert changed_width(BLANK, BLANK, WIDTH) == 0


def test_a_sign_at_the_left_is_all_that_is_painted() -> None:
    assert changed_width((Span("   李四"),), (Span(" "), Span("▌", "cursor"), Span(" 李四")), WIDTH) == 2


def test_every_role_but_plain_text_has_a_look() -> None:
    told = set(re.findall(r"& > \.line--(\w+) \{", KIT.read_text(encoding="utf-8")))
    assert {"text", *told} == set(get_args(Role))
    assert line_width(BLANK) == 0
