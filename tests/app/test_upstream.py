"""Check that what we change in Rich and httpx is there, and that the change has its effect."""

from __future__ import annotations

import inspect
import subprocess
import sys

SCRIPT = """
from tui.app.upstream import CUTS, WIDTHS, bound_caches
bound_caches()
from textual._cells import cell_len
from rich.segment import Segment
for number in range(2 * (CUTS + WIDTHS)):
    line = Segment(f"张伟 {number}")
    assert cell_len(line.text) == line.cell_length
    assert [piece.text for piece in line.split_cells(2)] == ["张", f"伟 {number}"]
print(Segment._split_cells.cache_info().currsize == CUTS, cell_len.cache_info().currsize == WIDTHS)
"""


def test_no_more_lines_are_remembered_than_a_screen_shows() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["True", "True"]


def test_httpx_loads_no_command_line_of_its_own() -> None:
    script = (
        "import sys; from tui.app.upstream import leave_out_httpx_command; leave_out_httpx_command();"
        "import httpx; print(sys.modules['httpx._main'], 'rich' in sys.modules, 'click' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "False", "False"]


def test_what_is_replaced_in_rich_is_there() -> None:
    from rich import cells
    from rich.segment import Segment

    assert next(iter(inspect.signature(cells.cached_cell_len.__wrapped__).parameters)) == "text"
    assert list(inspect.signature(vars(Segment)["_split_cells"].__func__.__wrapped__).parameters) == [
        *("cls", "segment", "cut")
    ]
