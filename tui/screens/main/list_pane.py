"""The left pane: customers, a page at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from tui.desk.outcome import Listing, Row, row_of
from tui.desk.page_reader import FRESH, PageReader, is_fresh
from tui.desk.paging import last_page
from tui.locale import _
from tui.model.columns import COLUMNS, LIST_COLUMNS, CustomerColumn, usual_columns
from tui.model.errors import KehuError
from tui.model.masking import OPEN, Mask, masker_of
from tui.screens.main.list_columns import list_table
from tui.screens.main.list_state import Marks, Totals, View, extent_of, filter_of, scope_of, why_empty
from tui.screens.result_text import failed, told
from tui.text import width
from widgets.bars import StatusLine, TitleBar
from widgets.blocks import Note
from widgets.line_edit import LineEdit
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.customer import Customer, Query
    from tui.model.saved_view import SavedView

SETTLE = 0.2
"""Seconds that a page must stay wanted before it is asked for, once pages are turned in a row."""

TYPING_RESTS = 0.2
"""Seconds without a key after which a search's results are shown over SSH. They cost 1 to 2 KB, which keep a slow line
busy for longer than the next letter takes: its results would wait behind those that nobody wants any more."""

BLANKS = 4
"""Cells of the title around what it says."""

FOUND_AT_ONCE = 100
"""Rows a page of a search's results."""

Cursor = Literal["first", "last"]


class ListPane(Vertical):
    """Shows what was last seen at once, and what the vendor answers when it does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "to_found", show=False)]

    title = getters.query_one(TitleBar)
    list = getters.query_one(PagedList)
    search = getters.query_one(LineEdit)
    conditions = getters.query_one(StatusLine)
    """By which conditions the list is filtered, below its title."""

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

    class Shown(Message):
        """Other rows may be on the screen now, or none, other marks, and the cursor on another row."""

    class Unkept(Message):
        """The page on the screen is the vendor's answer, and the disk refused to keep it."""

        def __init__(self, error: KehuError) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self, first: Listing | None, *, marked: Iterable[str] = (), slow_line: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._listing = first
        self._slow_line = slow_line
        self._desk: Desk | None = None
        self._reader: PageReader | None = None
        self._wanted = self._shown = self._listed = View(page=first.page if first else 1)
        """What was asked for, what is on the screen, and what is listed when no text is searched for."""
        self._totals = Totals()
        self._troubled = False
        """The list could not be read the last time."""
        self._reading = 0
        """Readings of a page under way."""
        self._turned_at = 0.0
        self._understood = ""
        """What the query that is listed asks for, or what is not understood of the text that is searched for."""
        self._columns = usual_columns(first.columns if first is not None else ())
        self.view: SavedView | None = None
        """The view that is listed, if one is."""
        self._masker = OPEN
        """Hides what is not to be seen; the first frame came hidden already."""
        self._hiding = Mask.NONE
        """What the agent has hidden from onlookers beyond what is hidden anyway."""
        """What the view that is listed is called; empty for none."""
        self.marks = Marks(self._draw_marks, marked)
        """Whom a batch is about."""

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield StatusLine()
        yield LineEdit(_("name, pinyin, phone, company, tag, id …"))
        yield PagedList()

    def on_mount(self) -> None:
        self.title.program = _("Customers")
        self.search.display = self.conditions.display = False
        if self._listing is not None and self._listing.rows:
            self._draw(self._listing, None, self._listing.cursor_id or None)
        else:
            self.list.waiting = True  # no key is about a row, or a page, that is not there
            self.list.notice = Note(_("Loading …"))

    # What it is told

    async def attach(self, desk: Desk, query: Query, columns: Sequence[CustomerColumn] = LIST_COLUMNS) -> None:
        """List `query`'s customers from `desk` in `columns`, from the page on that is on the screen or was turned to
        since."""
        self._desk = desk
        self._columns = tuple(columns)
        self._reader = PageReader(desk)
        try:
            self._masker = await desk.masker()
        except KehuError:  # the page, read next, meets the same trouble and tells it
            self._masker = masker_of(desk.settings.mask, None)
        if not self._masker.knows:
            self._learn_what_is_hidden(desk)
        self._shown, self._listed = (replace(view, query=query) for view in (self._shown, self._listed))
        await self._show(replace(self._wanted, query=query), None)

    @property
    def query_in_use(self) -> Query | None:
        """What is listed, its page apart; None before the desk is there."""
        return self._listed.query

    @property
    def place(self) -> tuple[Query, str] | None:
        """The page that is listed and the customer under the cursor; None before the desk is there."""
        query = self._listed.query
        if query is None:
            return None
        cursor_id = "" if self._shown.text else self.list.cursor_id or ""
        if self._listed.asked:
            return query, ""
        return query.model_copy(update={"page": self._listed.page}), cursor_id

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None while another page than the one on the screen is wanted."""
        wanted = None if self.list.waiting else self.list.cursor_id
        rows = self._listing.rows if self._listing else ()
        return next((row for row in rows if row.id == wanted), None)

    @property
    def out_of_sight(self) -> tuple[str, ...]:
        """The marked customers who are not among the rows on the screen."""
        shown = {row.id for row in self.list.rows}
        return tuple(id for id in self.marks if id not in shown)

    @property
    def pages(self) -> int | None:
        """How many pages there are, where that is known."""
        listing = self._listing
        return last_page(listing) if listing is not None and self._shown.same_list(self._wanted) else None

    @property
    def waiting_for(self) -> int | None:
        """The page that was turned to, while it is not there yet and the rows on the screen are others."""
        return self._wanted.page if self.list.waiting else None

    async def filter(self, query: Query) -> None:
        """List `query`'s customers, from its page on."""
        await self._show(View(query, query.page), "first")

    @property
    def by_query(self) -> bool:
        """Whether whom a query means is listed, which what is done to a customer may change."""
        return bool(self._listed.asked)

    @property
    def columns(self) -> Sequence[CustomerColumn]:
        """The columns of the list, whether or not there is room for all of them."""
        return self._columns

    @property
    def chosen_columns(self) -> tuple[str, ...]:
        """The keys of the columns that were chosen; empty for the usual ones."""
        return () if self._columns == LIST_COLUMNS else tuple(column.key for column in self._columns)

    def call_list(self, view: SavedView | None, columns: Sequence[CustomerColumn]) -> None:
        """Have what is listed from here on be `view`, or no view, and have these columns."""
        self.view = view
        self._columns = tuple(columns)

    async def reload(self, cursor: Cursor | None = None) -> None:
        """Read the page again at the vendor; the cursor stays on its customer, or goes to an end."""
        self._turned_at = 0.0
        await self._show(self._wanted, cursor, fresh=0.0)

    @property
    def page(self) -> int:
        """The page that is on the screen, or was turned to."""
        return self._wanted.page

    async def go_to(self, page: int, cursor: Cursor = "first") -> bool:
        """Turn to `page`; False where there is no such page. One that was seen before is shown when this returns."""
        if page < 1 or (self.pages is not None and page > self.pages):
            return False
        await self._show(replace(self._wanted, page=page), cursor)
        return True

    async def line_changed(self) -> None:
        """The vendor does not answer any more, or again: tell it, and read again what could not be read."""
        self._head()
        answers = self._desk is not None and self._desk.line.trouble is None
        if answers and self._troubled and not self._reading:
            await self.reload()

    @work(group="fields", exclusive=True)
    async def _learn_what_is_hidden(self, desk: Desk) -> None:
        """Hide what the vendor's configuration says, once it is known, in place of all that reaches a person."""
        try:
            await desk.fields()
            self._masker = await desk.masker()
        except KehuError:
            return
        if self._listing is not None:
            self._draw(self._listing, None)

    def mask(self, hiding: Mask) -> None:
        """Hide from onlookers what `hiding` says, where that is more than is hidden anyway."""
        self._hiding = hiding
        if self._listing is not None:
            self._draw(self._listing, None)

    async def show_columns(self, columns: Sequence[CustomerColumn]) -> None:
        """Show these columns from here on, in this order (see `tui.model.columns.find_columns`)."""
        self._columns = tuple(columns)
        await self.read_values()

    async def read_values(self) -> None:
        """Show again what stands in the columns: it may have changed without the vendor's telling."""
        if self._listing is not None and self._desk is not None:
            shown = self._listing
            try:
                listing = await self._desk.with_values(shown, self._columns)
            except KehuError as error:
                self.post_message(self.Trouble(error))
                return
            if shown is self._listing:
                self._draw(listing, None)

    def redraw_row(self, customer: Customer | None) -> None:
        """Show `customer`'s row as it is now, where it is on the page."""
        if customer is not None and self._listing is not None and self._desk is not None:
            row = row_of(customer, time.time(), self._desk.settings.user_id, self._columns)
            rows = tuple(row if old.id == row.id else old for old in self._listing.rows)
            self._draw(replace(self._listing, rows=rows), None)

    # Pages

    async def _show(self, view: View, cursor: Cursor | None, fresh: float = FRESH) -> None:
        """Show `view` as far as the disk has it before the next key is handled; the vendor is asked after that.

        A slow line delivers keys in bunches: an Enter that follows must meet the page that is turned to, or none.
        """
        self.workers.cancel_group(self, "page")
        if view.text:
            await self._show_found(view, cursor)
            return
        self._wanted = self._listed = view
        if view.asked:
            await self._show_asked(view, cursor)
            return
        query = view.query and view.query.model_copy(update={"page": view.page})
        if self._desk is None or self._reader is None or query is None:
            self.list.waiting = view != self._shown
            return
        self._reader.want(query)
        in_a_row = time.monotonic() - self._turned_at < SETTLE
        self._turned_at = time.monotonic()
        try:
            seen = await self._desk.seen(query)
            if seen is not None:
                seen = await self._desk.with_values(seen, self._columns)
        except KehuError as error:
            self._fail(error)
            return
        if view != self._wanted:
            return
        if seen is not None and (seen.rows or seen.seen_at is not None or not self._has_list):
            self._paint(view, seen, cursor)
            cursor = cursor if not fresh else None
        else:
            self.list.waiting = True
            self.list.notice = Note(_("Loading …"))
        if self._has_list:
            self._read(view, query, cursor, ask=not is_fresh(seen, fresh), settle=in_a_row)

    @work(group="page", exclusive=True)
    async def _read(self, view: View, query: Query, cursor: Cursor | None, *, ask: bool, settle: bool) -> None:
        """Show the page as the vendor has it, where it is to be ASKed, then fetch the next one ahead."""
        reader = self._reader
        assert reader is not None
        assert self._desk is not None
        try:
            if ask:
                self.title.state = _("loading page {page} …").format(page=view.page)
                if settle:
                    await asyncio.sleep(SETTLE)
                with self._busy():
                    self._paint(view, await self._desk.with_values(await reader.read(query), self._columns), cursor)
                if self._desk.unkept is not None:
                    self.post_message(self.Unkept(self._desk.unkept))
            await asyncio.sleep(SETTLE)
            if self.pages is None or view.page < self.pages:
                await reader.fetch_ahead(query.model_copy(update={"page": view.page + 1}))
        except KehuError as error:
            self._fail(error)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        self.post_message(self.Busy(True))
        self._reading += 1
        try:
            yield
        finally:
            self._reading -= 1
            self.post_message(self.Busy(False))

    def _paint(self, view: View, listing: Listing, cursor: Cursor | None) -> None:
        """`listing` is what `view` is."""
        self._shown = view
        self.list.waiting = False
        self._troubled = self._troubled and listing.source != "vendor"
        self._draw(self._totals.counted(view, listing), cursor)
        self.post_message(self.Shown())

    def _draw(self, listing: Listing, cursor: Cursor | None, cursor_id: str | None = None) -> None:
        self._listing = listing
        table = list_table(listing.rows, self._columns, self.marks, self._masker.under(self._hiding))
        if table.columns != self.list.columns:
            self.list.columns = table.columns
        can = self._desk.capabilities if self._desk else None
        self.list.notice = why_empty(listing, self._shown, can, self._filter())
        self.list.show(table.rows, cursor=cursor, cursor_id=cursor_id)
        self._head()

    def hide(self, key: str, text: str) -> str:
        """Return `text` as it may be seen in the column `key`."""
        return self._masker.under(self._hiding).cell(COLUMNS[key], text)

    def _fail(self, error: KehuError) -> None:
        """Tell `error`; the page on the screen stays, and is what keys are about.

        Without a row to show the error stands in the middle, never as an empty list.
        """
        self._troubled = True
        if self.list.rows:
            self._wanted = self._shown
            self._listed = self._shown if not self._shown.text else self._listed
        else:
            self.list.notice = failed(error)
        self.list.waiting = False
        self._head()
        self.post_message(self.Trouble(error))

    @property
    def _has_list(self) -> bool:
        return self._desk is None or self._desk.capabilities.can("list")

    def _head(self) -> None:
        text = self._shown.text
        parts = []
        if self.marks:  # first: it is what the next key is about, and a narrow pane cuts the end
            parts.append(self._told_marks())
        if self._listing:
            offline = self._desk is not None and self._desk.line.trouble is not None
            parts.append(extent_of(self._listing, text, has_list=self._has_list, offline=offline, room=self.room))
        if not text and not self._shown.asked:
            parts.append(scope_of(self._shown.query))
        self.title.program = self.view.name if self.view is not None else _("Customers")
        self.title.state = " · ".join(part for part in parts if part)
        self.conditions.idle = self._told_filter()
        self.conditions.display = bool(self.conditions.idle)

    @property
    def room(self) -> int:
        """Cells that the title has for what there is to say."""
        return self.size.width - width(self.title.program) - BLANKS

    def _told_filter(self) -> str:
        """What stands below the title: the query or the conditions, or what of a search is not understood."""
        if self._shown.text or self._shown.asked:
            return self._understood
        return self._filter() if self._shown.query and self._shown.query.conditions else ""

    def _filter(self) -> str:
        """What is true of those who are listed; by codes before the desk is there."""
        if self._shown.asked:
            return self._understood
        return filter_of(self._shown.query, self._desk.told_fields if self._desk is not None else ())

    def _told_marks(self) -> str:
        hidden = len(self.out_of_sight)
        text = _("{count} marked, {hidden} not shown") if hidden else _("{count} marked")
        return text.format(count=f"{len(self.marks):,}", hidden=f"{hidden:,}")

    # A query

    async def ask(self, text: str) -> None:
        """List whom the query `text` means, of those seen here."""
        await self._show(View(self._listed.query, asked=text), "first")

    @property
    def asked(self) -> str:
        """The query of whom is listed; empty where the vendor's list is."""
        return self._listed.asked

    async def _show_asked(self, view: View, cursor: Cursor | None, *, nobody_known: bool = False) -> None:
        """Show whom the query means; with `nobody_known` although the vendor was just asked, and has nobody."""
        if self._desk is None:
            return
        from tui.desk.customer_queries import told_query  # the models, which the first frame does not wait for

        queries = self._desk.queries
        try:
            query = await queries.parse(view.asked)
            found = await queries.page(query, view.page, self._desk.settings.page_size)
            found = await self._desk.with_values(found, self._columns)
        except KehuError as error:
            self._fail(error)
            return
        if view == self._wanted:
            self._understood = told_query(query)
            self._paint(view, found, cursor)
            if found.unread:
                self._fill()
            elif not found.known and not nobody_known and self._desk.capabilities.can("list"):
                self._read_first(view)

    @work(group="page", exclusive=True)
    async def _read_first(self, view: View) -> None:
        """Have the vendor's first page here before the query is answered: of nobody, every query means none."""
        if self._reader is None or view.query is None:
            return
        try:
            with self._busy():
                await self._reader.read(view.query.model_copy(update={"page": 1}))
        except KehuError as error:
            self._fail(error)
            return
        if view == self._wanted:
            await self._show_asked(view, None, nobody_known=True)

    @work(group="fill", exclusive=True)
    async def _fill(self) -> None:
        """Have everybody who was seen here looked through, and list them anew then; whoever asks meanwhile has a turn
        after each few."""
        assert self._desk is not None
        try:
            async for left in self._desk.queries.fill():
                if self._listing is not None and self._listing.unread:
                    self._listing = replace(self._listing, unread=left)
                    self._head()
                await asyncio.sleep(0)
        except KehuError as error:
            self._fail(error)
            return
        if self._wanted.asked and not self._wanted.text:
            await self._show(self._wanted, None)

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
        return self._wanted.text

    @property
    def filtered(self) -> bool:
        """Not all customers are listed."""
        query = self._listed.query
        return query is not None and bool(query.owner or query.conditions or self._listed.asked)

    async def close_search(self) -> None:
        """Go back to the page."""
        with self.app.batch_update():  # else the results are drawn once more, a line higher
            with self.prevent(Input.Changed):
                self.search.clear()
            self.search.display = False
            self.list.focus()
            await self._show(self._listed, None)

    @on(Input.Changed)
    async def _typed(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value.strip()
        if text:
            self._wanted = replace(self._listed, page=1, text=text)
            self.list.waiting = self.list.waiting or self._slow_line  # no key is about a row that is about to go
            self._find_as_typed(self._wanted)
        else:
            await self._show(self._listed, None)

    @work(group="page", exclusive=True)
    async def _find_as_typed(self, view: View) -> None:
        """Show whom a text finds; a newer text cancels this one, so that an older answer never shows over it."""
        if self._slow_line:
            await asyncio.sleep(TYPING_RESTS)
        await self._show_found(view, "first")

    @on(Input.Submitted)
    async def _searched(self, event: Input.Submitted) -> None:
        event.stop()
        await self.action_to_found()

    async def action_to_found(self) -> None:
        """Go to whom the typed text finds: they are there before the next key is handled."""
        text = self.search.value.strip()
        await self._show(replace(self._listed, page=1, text=text) if text else self._listed, "first")
        self.list.focus()

    async def _show_found(self, view: View, cursor: Cursor | None) -> None:
        self._wanted = view
        if self._desk is None:
            return
        try:
            found, problem = await self._desk.queries.find(view.text, view.page, FOUND_AT_ONCE)
            found = await self._desk.with_values(found, self._columns)
        except KehuError as error:
            self._fail(error)
            return
        if view == self._wanted:
            self._understood = "" if problem is None else told(problem)
            self._paint(view, found, cursor)

    # Marks

    def _draw_marks(self) -> None:
        ids = [row.id for row in self.list.rows]
        self.list.mark([id for id in ids if id in self.marks], True)
        self.list.mark([id for id in ids if id not in self.marks], False)
        self._head()
        self.post_message(self.Shown())

    @on(PagedList.Marked)
    def _marked(self, event: PagedList.Marked) -> None:
        if event.on:
            self.marks.put_on(event.ids)
        else:
            self.marks.take_off(event.ids)

    @on(PagedList.PageWanted)
    async def _page_wanted(self, event: PagedList.PageWanted) -> None:
        event.stop()
        await self.go_to(self.page + event.direction, "first" if event.direction > 0 else "last")
