"""Bars drawn in characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.blocks import Chart, ChartBar, Heading
from widgets.cells import width
from widgets.chart import bar_text, chart_lines, lines_as_text
from widgets.lines import line_width
from widgets.sheet_layout import lay_out

CHART = Chart(
    (
        ChartBar("张三", 1200, "9 customers", ref="owner:rocky"),
        ChartBar("Li Lei", 300),
        ChartBar("nobody", 0),
        ChartBar("none", 98_765, outside=True),
    )
)


def test_bars_stand_under_one_another_with_their_numbers() -> None:
    assert lines_as_text(CHART, 61) == [
        "张三     1,200  " + 40 * "█",
        "Li Lei     300  " + 10 * "█",
        "nobody       0",
        "none    98,765",
    ]
    assert lines_as_text(CHART, 80)[0].endswith("█  9 customers")


def test_something_is_never_drawn_as_nothing() -> None:
    assert bar_text(1, 1_000_000, 40) == "▏"
    assert bar_text(0, 10, 40) == ""
    assert bar_text(10, 10, 40) == "█" * 40


@pytest.mark.parametrize("cells", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_pane(cells: int) -> None:
    assert all(line_width(line) <= cells for line in chart_lines(CHART, cells))


@given(
    st.lists(st.tuples(st.text(max_size=60), st.integers(0, 10**9), st.booleans()), max_size=8), st.integers(24, 130)
)
def test_any_labels_keep_the_columns_straight(bars: list[tuple[str, int, bool]], cells: int) -> None:
    chart = Chart(tuple(ChartBar(label, value, outside=outside) for label, value, outside in bars))
    lines = lines_as_text(chart, cells)
    assert len(lines) == len(bars)
    assert all(width(line) <= cells for line in lines)


def test_each_bar_can_be_pointed_at() -> None:
    layout = lay_out([Heading("Customers by colleague", ruled=True), CHART], 60)
    assert [(item.label, item.value, item.ref) for item in layout.items[1:3]] == [
        ("张三", "1200", "owner:rocky"),
        ("Li Lei", "300", ""),
    ]
