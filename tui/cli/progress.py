"""How far a batch has come, on standard error: a line rewritten on a terminal that can, else a line now and then."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tui.cli.output import say
from tui.cli.streams import can_rewrite, rewrite_line
from tui.desk.batch.pace import Pace
from tui.locale import _
from tui.text import fit

REPAINT = 0.25
"""Seconds between two repaints on a terminal: over a slow line each costs some 60 bytes."""

LINE_EVERY = 10.0
"""Seconds between two lines where standard error is a file: a batch of 10,000 leaves a handful in a log."""

NARROW = 80
"""Columns of a terminal that does not tell, as some of those behind a container do."""


_begun: set[int] = set()
"""Who has half a line on the terminal."""


class ProgressLine:
    """Tells how far what it is called for has come; `silent`, only on a terminal, since a program reads the rest.

    `beside_data`: only where standard output leads elsewhere, as the data would be written over it.
    """

    def __init__(
        self,
        text: str,
        *,
        silent: bool = False,
        beside_data: bool = False,
        already: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._text = text
        self._clock = clock
        self._pace = Pace(clock, already)
        self._on_terminal = can_rewrite()
        self._is_written = False
        """Whether half a line stands there."""
        self._silent = (silent and not self._on_terminal) or (beside_data and sys.stdout.isatty())
        self._told_at = clock()

    def __call__(self, done: int, total: int | None) -> None:
        """`done` of `total` are through; None where nobody knows how many there are."""
        now = self._clock()
        if self._silent or now - self._told_at < (REPAINT if self._on_terminal else LINE_EVERY):
            return
        self._told_at = now
        text = f"{self._text}: {self._pace.told(done, total)}"
        if self._on_terminal:
            width = os.get_terminal_size(sys.stderr.fileno()).columns or NARROW
            rewrite_line(fit(text, width - 1).rstrip())
            self._is_written = True
            _begun.add(id(self))
        else:
            say(text)

    def clear(self) -> None:
        """Leave no half a line behind."""
        if self._is_written:
            rewrite_line("")
            self._is_written = False
            _begun.discard(id(self))


def leave_line() -> None:
    """Erase the line that a progress may have begun, for another that is to stand there."""
    if _begun:
        rewrite_line("")


@contextmanager
def stoppable(progress: ProgressLine, *, silent: bool = False) -> Iterator[asyncio.Event]:
    """What Ctrl-C sets while the block runs; a second one ends the program as it always does. `silent`: say nothing."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def interrupted() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        stop.set()
        progress.clear()
        if not silent:
            say(_("stopping after the calls under way; Ctrl-C again leaves at once"))

    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        progress.clear()
