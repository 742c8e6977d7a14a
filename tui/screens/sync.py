"""Filling the directory from the vendor's list while the agent goes on working."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.client.errors import KehuError
from tui.desk.sync import told
from tui.locale import _
from tui.screens.under_way import under_way
from tui.screens.verdict import told as told_error

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def sync(main: MainScreen) -> None:
    """Begin to read the list, or go on where that was stopped; while it is being read, stop after this page."""
    if running := main.doing("sync"):
        running.stop.set()
        main.tell(_("Stopping the sync after this page …"))
        return
    try:
        with under_way(main, "sync", _("Sync")) as syncing:
            syncing.go_on_from(await _through(main))
            report = await main.desk.sync.run(on_progress=syncing.progress, stop=syncing.stop)
    except KehuError as error:
        if not (through := await _through(main)):
            raise
        text = _("Sync stopped after {count} customers: {error}")
        main.tell(text.format(count=f"{through:,}", error=told_error(error)), "error")
    else:
        main.tell(told(report), "ok" if report.complete and not report.missed else "warn")


async def _through(main: MainScreen) -> int:
    """How many customers of the list an interrupted sync has read."""
    left_off = await main.desk.sync.left_off()
    return left_off.page * left_off.size if left_off else 0
