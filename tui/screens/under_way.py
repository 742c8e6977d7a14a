"""What is under way while the desk goes on being used: how far it has come, and the one key that stops it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from tui.desk.batch.pace import Pace
from tui.locale import _, ngettext
from tui.screens.commands import command_of, key_signs

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

REPAINT = 0.5
"""Seconds between two repaints of the status line: each costs a slow line some 100 bytes."""

Work = Literal["batch", "marking", "sync"]


class UnderWay:
    """WORK that takes long: MAIN's status line tells how far it has come, and what stops it; a message of the desk's
    own goes over it for a while."""

    def __init__(self, main: MainScreen, work: Work, text: str) -> None:
        self.work = work
        self.stop = asyncio.Event()
        """Set when the agent wants it to stop."""
        self._line = main.status  # at hand even when the desk is left before it is through
        self._text = text
        self._how_to_stop = how_to_stop(main)
        self._pace = Pace()
        self._told_at = 0.0
        self._line.message = None
        self._line.idle = f"{text}{self._how_to_stop}"

    def go_on_from(self, already: int) -> None:
        """ALREADY so many were done before, which tell nothing of how fast it goes."""
        self._pace = Pace(already=already)

    def progress(self, done: int, total: int | None) -> None:
        """DONE of TOTAL are through; None where nobody knows how many there are."""
        if (now := time.monotonic()) - self._told_at >= REPAINT:
            self._told_at = now
            self._line.idle = f"{self._text}: {self._pace.told(done, total)}{self._how_to_stop}"

    def end(self) -> None:
        """It is through."""
        self._line.idle = ""


@contextmanager
def under_way(main: MainScreen, work: Work, text: str) -> Iterator[UnderWay]:
    """Have WORK, which TEXT names, shown meanwhile, and stoppable."""
    main.form_keys.end_own(failed=False)  # no form comes before it is through
    one = UnderWay(main, work, text)
    main.under_way.append(one)
    try:
        yield one
    finally:
        main.under_way.remove(one)
        one.end()


async def sending_left_over(main: MainScreen, count: int) -> str:
    """That COUNT changes left from before are being sent, and what stops them where they are a batch's."""
    text = ngettext("Sending {count} change left from before", "Sending {count} changes left from before", count)
    return text.format(count=f"{count:,}") + (how_to_stop(main) if await main.desk.batches.waiting() else "")


async def stop(main: MainScreen) -> None:
    """Stop what is under way, or, where nothing is, what waits of batches and would be sent by itself.

    It asks nothing, since all of it can go on.
    """
    if main.under_way:
        for one in main.under_way:
            one.stop.set()
        main.tell(_("Stopping …"))
    elif held := await main.desk.batches.hold():
        main.tell(_("Stopped: {left}").format(left=what_is_left(main, held)), "warn")
    else:
        main.tell(_("Nothing is left that could be stopped; q leaves kehu."))


def what_is_left(main: MainScreen, count: int) -> str:
    """That COUNT changes were not sent, and how to go on."""
    text = ngettext("{count} left", "{count} left", count).format(count=f"{count:,}")
    return f"{text} · " + _("{outbox}, then s, sends what is left").format(outbox=key_of(main, "outbox"))


def how_to_stop(main: MainScreen) -> str:
    """The key that stops what is under way, as the end of a line."""
    return " · " + _("{key} stops").format(key=key_of(main, "stop"))


def key_of(main: MainScreen, command_id: str) -> str:
    """The key of a command, as a person reads it."""
    return key_signs(main.app.keys_of(command_of(command_id)))[0]
