"""The left pane: customers, a page at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui.client.errors import KehuError
from tui.desk.outcome import Listing, Row, row_of
from tui.locale import _
from tui.screens.columns import columns_of, list_rows
from tui.text import ago
from widgets.bars import TitleBar
from widgets.blocks import Note
from widgets.inputs.line import LineEdit
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from tui.client.models import Customer, Query
    from tui.desk.desk import Desk

SETTLE = 0.2
"""Seconds that a page must stay wanted before it is asked for, once pages are turned in a row."""

FRESH = 60.0
"""Seconds for which a page that was read (or fetched ahead) is not read again by turning to it."""

Cursor = Literal["first", "last"]


class ListPane(Vertical):
    """Shows what was last seen at once, and what the vendor answers when it does."""

    title = getters.query_one(TitleBar)
    list = getters.query_one(PagedList)
    search = getters.query_one(LineEdit)

    class Busy(Message):
        """A call is under way, or none is any more."""

        def __init__(self, on: bool) -> None:
            super().__init__()
            self.on = on

    class Trouble(Message):
        """A call failed; what is on the screen stays."""

        def __init__(self, error: KehuError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, first: Listing | None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._listing = first
        self._desk: Desk | None = None
        self._query: Query | None = None
        self._wanted = first.page if first else 1
        self._turned_at = 0.0
        self._text = ""
        self.marked: dict[str, Row] = {}
        """Marked customers by id, across pages and searches."""

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield LineEdit(_("name, pinyin, phone, company, tag, id …"))
        yield PagedList()

    def on_mount(self) -> None:
        self.title.program = _("Customers")
        self.search.display = False
        if self._listing is not None and self._listing.rows:
            self._paint(self._listing, None)
        else:
            self.list.notice = Note(_("Loading …"))

    # What it is told

    def attach(self, desk: Desk, query: Query) -> None:
        """Read QUERY's customers from DESK from here on."""
        self._desk = desk
        self.filter(query)

    @property
    def query_in_use(self) -> Query | None:
        """What is listed, its page apart; None before the desk is there."""
        return self._query

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        wanted = self.list.cursor_id
        rows = self._listing.rows if self._listing else ()
        return next((row for row in rows if row.id == wanted), None)

    @property
    def pages(self) -> int | None:
        """How many pages there are, where that is known."""
        if self._listing is None or self._listing.total is None:
            return None
        return max(1, -(-self._listing.total // self._listing.size))

    def filter(self, query: Query) -> None:
        """List QUERY's customers, from its page on."""
        self._query = query
        self._wanted = query.page
        self._turn("first" if query.page == 1 else None)

    def reload(self, cursor: Cursor | None = None) -> None:
        """Read the page again at the vendor; the cursor stays on its customer, or goes to an end."""
        if self._text:
            self._find(self._text)
        else:
            self._turned_at = 0.0
            self._turn(cursor, fresh=0.0)

    def turn(self, by: int, cursor: Cursor = "first") -> bool:
        """Turn BY pages; False where there is no such page."""
        return self.go_to(self._wanted + by, cursor)

    def go_to(self, page: int, cursor: Cursor = "first") -> bool:
        """Turn to PAGE; False where there is no such page."""
        if self._text or page < 1 or (self.pages is not None and page > self.pages):
            return False
        self._wanted = page
        self._turn(cursor)
        return True

    def repaint_marks(self) -> None:
        """Draw the marks as `marked` has them."""
        ids = [row.id for row in self.list.rows]
        self.list.mark([id for id in ids if id in self.marked], True)
        self.list.mark([id for id in ids if id not in self.marked], False)
        self._head()

    def mark_rows(self, rows: Iterable[Row]) -> None:
        """Mark ROWS, on this page or not."""
        self.marked.update((row.id, row) for row in rows)
        self.repaint_marks()

    def unmark(self, ids: Iterable[str]) -> None:
        """Take the marks off the customers IDS, on this page or not."""
        for id in ids:
            self.marked.pop(id, None)
        self.repaint_marks()

    def unmark_all(self) -> None:
        """Take every mark off."""
        self.marked.clear()
        self.repaint_marks()

    def redraw_row(self, customer: Customer | None) -> None:
        """Show CUSTOMER's row as it is now, where it is on the page."""
        if customer is not None and self._listing is not None and self._desk is not None:
            row = row_of(customer, time.time(), self._desk.settings.user_id)
            rows = tuple(row if old.id == row.id else old for old in self._listing.rows)
            self._paint(replace(self._listing, rows=rows), None)

    # Pages

    def _turn(self, cursor: Cursor | None, fresh: float = FRESH) -> None:
        self._load(cursor, fresh)

    @work(group="page", exclusive=True)
    async def _load(self, cursor: Cursor | None, fresh: float) -> None:
        """Show the wanted page as it was last seen, then as the vendor has it, then fetch the next one ahead."""
        desk, base = self._desk, self._query
        if desk is None or base is None:
            return
        query = base.model_copy(update={"page": self._wanted})
        in_a_row = time.monotonic() - self._turned_at < SETTLE
        self._turned_at = time.monotonic()
        try:
            seen = await desk.seen(query)
            if not desk.capabilities.can("list"):
                self._paint(seen or await desk.listing(query), cursor)
                return
            if seen is not None and (seen.rows or seen.seen_at is not None):
                self._paint(seen, cursor)
                cursor = cursor if fresh == 0.0 else None
            if seen is None or seen.seen_at is None or time.time() - seen.seen_at > fresh:
                self._head(loading=query.page)
                if in_a_row:
                    await asyncio.sleep(SETTLE)
                self.post_message(self.Busy(True))
                self._paint(await desk.listing(query), cursor)
            await self._fetch_ahead(query)
        except KehuError as error:
            self._fail(error)
        finally:
            self.post_message(self.Busy(False))

    async def _fetch_ahead(self, query: Query) -> None:
        """Have the page after this one in the directory by the time it is turned to."""
        desk, pages = self._desk, self.pages
        if desk is None or pages is None or query.page >= pages:
            return
        await asyncio.sleep(SETTLE)
        ahead = query.model_copy(update={"page": query.page + 1})
        seen = await desk.seen(ahead)
        if seen is None or seen.seen_at is None or time.time() - seen.seen_at > FRESH:
            await desk.listing(ahead)

    def _paint(self, listing: Listing, cursor: Cursor | None) -> None:
        self._listing = listing
        columns = columns_of(listing.rows)
        if columns != self.list.columns:
            self.list.columns = columns
        self.list.notice = self._why_empty()
        self.list.show(list_rows(listing.rows, columns, self.marked), cursor=cursor)
        self._head()

    def _fail(self, error: KehuError) -> None:
        """Tell ERROR; without a row to show it stands in the middle, never as an empty list."""
        if not self.list.rows:
            what_to_do = error.hint(_) or _("Press R to try again.")
            self.list.notice = Note(f"{error.message(_)}\n{what_to_do}", "error")
        self._head()
        self.post_message(self.Trouble(error))

    def _why_empty(self) -> Note:
        if self._text:
            return Note(
                _("Nobody seen here matches “{text}”.\nF searches at the vendor, L looks one customer up.").format(
                    text=self._text
                )
            )
        if self._desk is not None and not self._desk.capabilities.can("list"):
            return Note(
                _("This vendor has no list: customers you look up or create stay here.\nPress L to look one up.")
            )
        return Note(_("No customer matches.\nPress F to change the filter, Esc to see all."))

    # The heading

    def _head(self, loading: int | None = None) -> None:
        self.title.state = _("loading page {page} …").format(page=loading) if loading else self._extent()

    def _extent(self) -> str:
        """What the list knows of how much there is, and no more."""
        listing = self._listing
        if listing is None:
            return ""
        count = len(listing.rows)
        first = (listing.page - 1) * listing.size + 1
        if self._text:
            parts = [_("{count} found").format(count=count)]
        elif self._desk is not None and not self._desk.capabilities.can("list"):
            parts = [_("{count} known here").format(count=f"{listing.total or count:,}")]
        elif listing.total is None:
            parts = [_("{count} loaded, total unknown").format(count=count)]
        elif count:
            parts = [
                _("{first}–{last} of {total}").format(
                    first=f"{first:,}", last=f"{first + count - 1:,}", total=f"{listing.total:,}"
                )
            ]
        else:
            parts = [_("none of {total}").format(total=f"{listing.total:,}")]
        if listing.source == "directory" and listing.seen_at is not None:
            parts.append(ago(time.time() - listing.seen_at))
        parts.append(self._scope())
        if self.marked:
            parts.append(_("{count} marked").format(count=len(self.marked)))
        return " · ".join(part for part in parts if part)

    def _scope(self) -> str:
        if self._query is None or self._text:
            return ""
        if self._query.conditions:
            return _("filtered")
        return self._query.owner or _("all")

    # The search

    def open_search(self) -> None:
        """Search what was seen here, as the agent types."""
        self.search.display = True
        self.search.focus()

    @property
    def searching(self) -> bool:
        """The search line is open, or its results are shown."""
        return self.search.display

    @property
    def search_text(self) -> str:
        """What is searched for; empty without a search."""
        return self._text

    @property
    def filtered(self) -> bool:
        """Not all customers are listed."""
        return self._query is not None and bool(self._query.owner or self._query.conditions)

    def close_search(self) -> None:
        """Go back to the page."""
        self._text = ""
        self.search.clear()
        self.search.display = False
        self.list.focus()
        self._turn(None)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(event.value)

    @on(Input.Submitted)
    def _searched(self, event: Input.Submitted) -> None:
        event.stop()
        self.list.focus()

    def _find(self, text: str) -> None:
        self._text = text.strip()
        self._search(self._text)

    @work(group="page", exclusive=True)
    async def _search(self, text: str) -> None:
        """Show who matches TEXT; a newer text cancels this one, so that an older answer never shows over it."""
        if self._desk is None:
            return
        if not text:
            self._load(None, FRESH)
            return
        try:
            self._paint(await self._desk.find(text), "first")
        except KehuError as error:
            self._fail(error)

    # Marks

    @on(PagedList.Marked)
    def _mark(self, event: PagedList.Marked) -> None:
        self.set_marks(event.ids, event.on)

    def set_marks(self, ids: Iterable[str], on: bool) -> None:
        """Mark the customers IDS of this page, or take the marks off."""
        rows = {row.id: row for row in self._listing.rows} if self._listing else {}
        for id in ids:
            if on and id in rows:
                self.marked[id] = rows[id]
            elif not on:
                self.marked.pop(id, None)
        self._head()

    @on(PagedList.PageWanted)
    def _page_wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        self.turn(event.direction, "first" if event.direction > 0 else "last")
