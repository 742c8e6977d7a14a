"""What is remembered of lines that are on the screen no more."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from widgets.caches import CUTS, WIDTHS, bound_caches
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
