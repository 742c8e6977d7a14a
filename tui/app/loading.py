"""What makes loading a program's modules slower than it need be, left out."""

from __future__ import annotations

import atexit
import gc
import os
from typing import Final

from tui.app.upstream import leave_out_httpx_command

USUAL: Final = (700, 10, 10)
"""Python's own: after how many new objects it looks for garbage, and how often among older ones."""

LOADING: Final = (500_000, 10, 10)
"""More than any command loads, and what is loaded stays: looking through it again takes a tenth of the time."""

M_ARENA_MAX: Final = -8
"""mallopt's name for how many heaps there may be (malloc.h)."""

M_TRIM_THRESHOLD: Final = -1
"""Its name for how much may be free at the heap's end."""

FREE_BYTES: Final = 64 * 1024
"""So much may: a page of customers is not asked for anew each time."""


def begin_loading() -> None:
    """From here on modules are loaded. For a process of our own: it settles what holds for all of it."""
    gc.set_threshold(*LOADING)
    atexit.register(gc.freeze)  # nor need anybody look through what ends with the process
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # looking for some opens every installed package's metadata
    leave_out_httpx_command()


def share_one_heap() -> None:
    """Have all threads take memory from one heap, before there are any, and give back what is free at its end.

    glibc gives each thread a heap of its own, and keeps the more free the more it was once asked for: an eighth of what
    the desk held. No two threads of ours take much at once.
    """
    from ctypes import CDLL

    mallopt = getattr(CDLL(None), "mallopt", None)  # glibc's alone
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)
        mallopt(M_TRIM_THRESHOLD, FREE_BYTES)


def end_loading(*, to_stay: bool = False) -> None:
    """Look for garbage as usual, and not in what is there by now. Does nothing where no loading began.

    `to_stay`: of a process that goes on for hours, what loading left behind is thrown away first.
    """
    if gc.get_threshold() == LOADING:
        if to_stay:
            gc.collect()
        gc.freeze()
        gc.set_threshold(*USUAL)
