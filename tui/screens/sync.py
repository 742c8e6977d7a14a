"""Filling the directory from the vendor's list while the agent goes on working."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.desk.sync import told
from tui.locale import _
from tui.screens.batch import StatusProgress, key_of

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def sync(main: MainScreen) -> None:
    """Begin to read the list, or go on where that was stopped; while it is being read, stop after this page."""
    if main.stop_sync is not None:
        main.stop_sync.set()
        main.tell(_("Stopping the sync after this page …"))
        return
    main.stop_sync = asyncio.Event()
    try:
        left_off = await main.desk.sync.left_off()
        already = left_off.page * left_off.size if left_off else 0
        progress = StatusProgress(main, _("Sync"), already)
        main.tell(_("Reading the vendor's list into the directory; {key} stops it.").format(key=key_of(main, "sync")))
        try:
            report = await main.desk.sync.run(on_progress=progress, stop=main.stop_sync)
        finally:
            progress.clear()
    finally:
        main.stop_sync = None
    main.tell(told(report), "ok" if report.complete and not report.missed else "warn")
