"""Marking all customers that match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.paging import ends
from tui.locale import _, ngettext

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

PAGE_SIZE = 1000
"""Rows a request while marking: the most that a vendor gives, so that few requests are made."""


async def mark_all(main: MainScreen) -> None:
    """Mark every customer of the list, page by page; with marks there already, take all of them off."""
    pane = main.list_pane
    if pane.marked:
        pane.unmark_all()
        main.tell(_("No marks any more."))
        return
    if pane.searching:
        text, found = pane.search_text, None
        while found is None or found.total is None:
            found = await main.desk.find(text, PAGE_SIZE, len(pane.marked))
            pane.mark_rows(found.rows)
            if not found.rows:
                break
            main.tell(_("Marking: {count} so far …").format(count=f"{len(pane.marked):,}"))
    elif pane.query_in_use is not None:
        size = min(PAGE_SIZE, main.desk.capabilities.page_size)
        query = pane.query_in_use.model_copy(update={"page": 1, "size": size})
        while True:
            listing = await main.desk.listing(query)
            pane.mark_rows(listing.rows)
            if ends(query.page * size, len(listing.rows), size, listing.total):
                break
            main.tell(_("Marking: {count} so far …").format(count=f"{len(pane.marked):,}"))
            query = query.model_copy(update={"page": query.page + 1})
    count = len(pane.marked)
    main.tell(ngettext("{count} customer marked.", "{count} customers marked.", count).format(count=count), "ok")
