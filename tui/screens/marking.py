"""Marking all customers that match."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from tui.desk.paging import ends
from tui.locale import _, ngettext
from tui.screens.under_way import under_way

if TYPE_CHECKING:
    from tui.desk.outcome import Row
    from tui.screens.main import MainScreen

PAGE_SIZE = 1000
"""Rows a request while marking: the most that a vendor gives, so that few requests are made."""


async def mark_all(main: MainScreen) -> None:
    """Mark every customer of the list or of the search, besides those marked elsewhere; where all of them are marked
    already, take every mark off.

    All or none: until the last page is there nobody is marked, and no change can be begun.
    """
    found: list[Row] = []
    with under_way(main, "marking", _("Marking")) as marking:
        async for rows, total in _found(main):
            found += rows
            marking.progress(len(found), total)
            if marking.stop.is_set():
                main.tell(_("Stopped: nobody was marked."))
                return
    _mark(main, found)


async def unmark(main: MainScreen) -> None:
    """Take every mark off, wherever its customer is listed."""
    count = len(main.list_pane.marks)
    main.list_pane.marks.clear()
    if count:
        text = ngettext("{count} mark taken off.", "{count} marks taken off.", count)
        main.tell(text.format(count=f"{count:,}"))
    else:
        main.tell(_("Nobody is marked."))


def _mark(main: MainScreen, found: Sequence[Row]) -> None:
    pane = main.list_pane
    if not found:
        main.tell(_("There is nobody to mark."))
    elif all(row.id in pane.marks for row in found):
        pane.marks.clear()
        main.tell(_("No marks any more."))
    else:
        pane.marks.put_on(row.id for row in found)
        count = len(pane.marks)
        text = ngettext("{count} customer marked.", "{count} customers marked.", count)
        main.tell(text.format(count=f"{count:,}"), "ok")


async def _found(main: MainScreen) -> AsyncIterator[tuple[Sequence[Row], int | None]]:
    """The rows of what is listed, a page at a time, and how many there are in all, where that is known."""
    pane, desk = main.list_pane, main.desk
    if pane.search_text:
        text, offset = pane.search_text, 0
        while rows := (await desk.find(text, PAGE_SIZE, offset)).rows:
            yield rows, None
            offset += len(rows)
    elif pane.query_in_use is not None:
        size = min(PAGE_SIZE, desk.capabilities.page_size)
        query = pane.query_in_use.model_copy(update={"page": 1, "size": size})
        while True:
            listing = await desk.listing(query)
            yield listing.rows, listing.total
            if ends(query.page * size, len(listing.rows), size, listing.total):
                return
            query = query.model_copy(update={"page": query.page + 1})
