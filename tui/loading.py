"""What makes loading a program's modules slower than it need be, left out."""

from __future__ import annotations

import gc
import os
from typing import Final

USUAL: Final = (700, 10, 10)
"""Python's own: after how many new objects it looks for garbage, and how often among older ones."""

LOADING: Final = (50_000, 10, 10)
"""What is loaded stays; looking through it again and again takes a tenth of the time."""


def begin_loading() -> None:
    """From here on modules are loaded. For a process of our own: it settles what holds for all of it."""
    gc.set_threshold(*LOADING)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # looking for some opens every installed package's metadata


def end_loading() -> None:
    """Look for garbage as usual, and not in what is there by now. Does nothing where no loading began."""
    if gc.get_threshold() == LOADING:
        gc.freeze()
        gc.set_threshold(*USUAL)
