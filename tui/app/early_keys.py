"""Keys that are typed while the program loads are kept for it, as they were typed, and not shown.

Textual has the terminal hand keys on, but only once it runs. Until then a terminal would write them over what it shows,
keep them until Enter, and make Enter another key. So this is the first that a desk does, before it loads anything.
"""

from __future__ import annotations

import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tui.ending import end_on_signals

INPUT_FLAGS, LOCAL_FLAGS = 0, 3
"""Where termios keeps what it makes of keys as they come, and what it does with them."""

AS_TYPED = termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR
"""What makes ctrl+s stop the output, and Enter another key."""

TO_THE_PROGRAM = termios.ECHO | termios.ICANON | termios.IEXTEN
"""What a terminal does with keys by itself."""

found: list[Any] = []
"""The terminal's attributes as they were found; whoever gives it back, to a shell too, gives it back so."""


@contextmanager
def kept_keys() -> Iterator[None]:
    """Have the terminal keep keys while the block runs; after it the terminal is as it was.

    Ctrl-C ends a program that is still loading, as it does any. Does nothing where there is no terminal.
    """
    keys = sys.__stdin__
    if keys is None or keys.closed or not keys.isatty():
        yield
        return
    before = termios.tcgetattr(keys)
    found[:] = before
    end_on_signals()
    try:
        hand_on(keys.fileno(), TO_THE_PROGRAM)
        yield
    finally:
        try:
            termios.tcsetattr(keys, termios.TCSANOW, before)
        except (termios.error, OSError):
            pass  # the terminal is gone


def hand_on(descriptor: int, own: int) -> None:
    """Have the terminal hand keys on as they are typed, without its `own` way with them (flags of termios)."""
    attributes = termios.tcgetattr(descriptor)
    attributes[INPUT_FLAGS] &= ~AS_TYPED
    attributes[LOCAL_FLAGS] &= ~own
    termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
