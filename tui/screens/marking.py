"""Marking all customers that match."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from tui.desk.paging import ends
from tui.locale import _, ngettext

if TYPE_CHECKING:
    from tui.desk.outcome import Row
    from tui.screens.main import MainScreen

PAGE_SIZE = 1000
"""Rows a request while marking: the most that a vendor gives, so that few requests are made."""


async def mark_all(main: MainScreen) -> None:
    """Mark every customer of the list or of the search, page by page, besides those marked elsewhere; where all of
    them are marked already, take every mark off."""
    pane = main.list_pane
    before = len(pane.marked)
    async for rows in _found(main):
        pane.mark_rows(rows)
        main.tell(_("Marking: {count} so far …").format(count=f"{len(pane.marked):,}"))
    count = len(pane.marked)
    if count == before:
        pane.unmark_all()
        main.tell(_("No marks any more."))
    else:
        text = ngettext("{count} customer marked.", "{count} customers marked.", count)
        main.tell(text.format(count=f"{count:,}"), "ok")


async def _found(main: MainScreen) -> AsyncIterator[Sequence[Row]]:
    """The rows of what is listed, a page at a time."""
    pane, desk = main.list_pane, main.desk
    if pane.searching:
        text, offset = pane.search_text, 0
        while rows := (await desk.find(text, PAGE_SIZE, offset)).rows:
            yield rows
            offset += len(rows)
    elif pane.query_in_use is not None:
        size = min(PAGE_SIZE, desk.capabilities.page_size)
        query = pane.query_in_use.model_copy(update={"page": 1, "size": size})
        while True:
            listing = await desk.listing(query)
            yield listing.rows
            if ends(query.page * size, len(listing.rows), size, listing.total):
                return
            query = query.model_copy(update={"page": query.page + 1})
