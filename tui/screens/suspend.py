"""Back to the shell for a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.outcome import State
from tui.locale import _

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def suspend(main: MainScreen) -> None:
    """Stop kehu until the shell continues it; not while an answer is awaited, which would come too late."""
    for desk in (await main.all_desks()).values():
        if (await desk.outbox.counts()).get(State.SENDING, 0):
            main.tell(_("A change is on its way: press it again when it is through."), "warn")
            return
    if not main.app.suspend_to_shell():
        main.tell(_("kehu was not started from a shell that could take over; q leaves it."), "warn")
