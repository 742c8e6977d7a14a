"""What leans on the private parts of Rich and httpx, in one place: why, and since which version it is so.

Textual's are in `widgets/upstream.py`. `tests/app/test_upstream.py` fails when one of these changes.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from types import MethodType
from typing import Final

CUTS: Final = 256
"""Cut lines that are kept, in two pieces each: what the tallest terminal shows, not the 16,384 of Rich."""

WIDTHS: Final = 1024
"""Texts whose width is kept: what a screen is made of, several times over, not 4,096."""


def bound_caches() -> None:
    """Keep what is on the screen, not all that ever was. For all of the process, and before Textual is loaded.

    A line of which a part is painted is measured and cut, and Rich (15.0) keeps both: of a list that is turned page by
    page, 10 MiB of rows that nobody looks at any more. It has no setting for that.
    """
    from rich import cells

    # Before the modules that take it from there by its name.
    cells.cached_cell_len = lru_cache(maxsize=WIDTHS)(cells.cached_cell_len.__wrapped__)

    from rich.segment import Segment

    cut = vars(Segment)["_split_cells"].__func__.__wrapped__
    setattr(Segment, "_split_cells", MethodType(lru_cache(maxsize=CUTS)(cut), Segment))  # noqa: B010  # a method, to mypy


def leave_out_httpx_command() -> None:
    """Have httpx loaded without its own command line, as where its extra is not installed: half of what it takes.

    httpx 0.28 loads it wherever click and rich are installed.
    """
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # the import system's own word for that
