"""A page of rows under a heading, with a cursor and marks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from widgets.blocks import SIGNS, Note
from widgets.cells import fit, wrap
from widgets.cells import width as cells
from widgets.lines import BAR, BLANK, Line, LinePane, Role, Span
from widgets.list_layout import GUTTER, Column, ListRow, Slot, arrange_rows, row_text

REST_DELAY = 0.15
"""Seconds without a move after which the cursor rests: longer than the pause of a held key, shorter than a glance."""

CONTEXT = 1
"""Rows that stay on the screen when the cursor leaves it. The window then moves by a screen, as in less and mutt:
moving it row by row would send a screen a row over the line."""

WHEEL_ROWS = 3
"""Rows that one notch of the mouse wheel moves."""

MARK = "*"


class PagedList(LinePane, can_focus=True):
    """A list that holds one page; moving past an end asks for the next one."""

    DEFAULT_CSS = "PagedList { width: 1fr; height: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Row up", show=False, id="list.up"),
        Binding("down,j", "move(1)", "Row down", show=False, id="list.down"),
        Binding("pageup,ctrl+b", "screen(-1)", "Screen up", show=False, id="list.page_up"),
        Binding("pagedown,ctrl+f", "screen(1)", "Screen down", show=False, id="list.page_down"),
        Binding("ctrl+u", "half_screen(-1)", "Half a screen up", show=False, id="list.half_up"),
        Binding("ctrl+d", "half_screen(1)", "Half a screen down", show=False, id="list.half_down"),
        Binding("g,home", "end('first')", "First row", show=False, id="list.first"),
        Binding("G,end", "end('last')", "Last row", show=False, id="list.last"),
        Binding("enter", "open", "Open", show=False, id="list.open"),
        Binding("space", "mark", "Mark", show=False, id="list.mark"),
        Binding("a", "mark_all", "Mark all on the page", show=False, id="list.mark_all"),
    ]

    columns: reactive[tuple[Column, ...]] = reactive((), repaint=False, init=False)
    """What the cells of a row are; those that there is no room for are left out."""

    notice: reactive[Note | None] = reactive(None, repaint=False, init=False)
    """Stands in the middle while there are no rows: loading, why it is empty and what to do, or what failed."""

    waiting: reactive[bool] = reactive(False, repaint=False)
    """The rows are not those of the page that was asked for: until that is there, no key moves, marks or opens one."""

    class RowMessage(Message):
        """Something happened to the row with this id."""

        def __init__(self, paged_list: PagedList, row_id: str) -> None:
            super().__init__()
            self.paged_list = paged_list
            self.row_id = row_id

        @property
        def control(self) -> PagedList:
            return self.paged_list

    class Highlighted(RowMessage):
        """The cursor came to this row; sent at once. `by_agent`: by a key, not because other rows are shown."""

        def __init__(self, paged_list: PagedList, row_id: str, by_agent: bool) -> None:
            super().__init__(paged_list, row_id)
            self.by_agent = by_agent

    class Rested(RowMessage):
        """The cursor has been on this row for a moment."""

    class Opened(RowMessage):
        """The agent wants to see this row whole."""

    class PageWanted(Message):
        """The cursor would leave the page: forward (+1) or back (-1)."""

        def __init__(self, paged_list: PagedList, direction: Literal[1, -1]) -> None:
            super().__init__()
            self.paged_list = paged_list
            self.direction = direction

        @property
        def control(self) -> PagedList:
            return self.paged_list

    class Marked(Message):
        """The agent put marks on these rows, or took them off; the list shows it already."""

        def __init__(self, paged_list: PagedList, ids: tuple[str, ...], on: bool) -> None:
            super().__init__()
            self.paged_list = paged_list
            self.ids = ids
            self.on = on

        @property
        def control(self) -> PagedList:
            return self.paged_list

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.set_reactive(PagedList.columns, tuple(columns))
        self._rows: list[ListRow] = []
        self._cursor = 0
        self._top = 0
        self._rest_timer: asyncio.TimerHandle | None = None
        self._texts: dict[str, tuple[str, str]] = {}  # first cell and the others, by id, as wide as they are now
        self._plain: dict[str, Line] = {}  # the same as lines, of rows without the cursor, a mark or a flag
        self._slots: tuple[Slot, ...] = ()
        self._slots_width = -1

    # What it shows

    def show(
        self, rows: Iterable[ListRow], *, cursor_id: str | None = None, cursor: Literal["first", "last"] | None = None
    ) -> None:
        """Show this page, the cursor on `cursor_id` or at the `cursor` end where told, and else on the row it was
        on.
        """
        before = self.cursor_id
        offset = self._cursor - self._top
        self._rows = list(rows)
        self._forget_texts()
        last = max(0, len(self._rows) - 1)
        if cursor is not None:
            self._cursor = 0 if cursor == "first" else last
            self._top = self._cursor
        else:
            wanted = before if cursor_id is None else cursor_id
            self._cursor = next((i for i, row in enumerate(self._rows) if row.id == wanted), min(self._cursor, last))
            self._top = self._cursor - offset
        self._keep_in_view()
        self.redraw()
        if self.cursor_id != before:
            self._announce(by_agent=False)

    @property
    def rows(self) -> Sequence[ListRow]:
        """The rows of this page, marks as the agent set them."""
        return self._rows

    @property
    def left_out(self) -> Sequence[str]:
        """The headings of the columns for which there is no room."""
        shown = {slot.index for slot in arrange_rows(self.columns, self.size.width)}
        return [column.title for index, column in enumerate(self.columns) if index not in shown]

    @property
    def cursor_id(self) -> str | None:
        """The id of the row under the cursor; None when there are no rows."""
        return self._rows[self._cursor].id if self._rows else None

    @property
    def cursor_index(self) -> int:
        """Which row of the page the cursor is on, from 0."""
        return self._cursor

    def point_at(self, row_id: str) -> bool:
        """Put the cursor on the row `row_id`; False, and it stays where it is, when that is not on this page."""
        index = next((i for i, row in enumerate(self._rows) if row.id == row_id), None)
        if index is not None and index != self._cursor:
            self._cursor = index
            self.redraw()
            self._announce(by_agent=False)
        return index is not None

    def mark(self, ids: Iterable[str], on: bool) -> None:
        """Put marks on rows of this page, or take them off, without a message."""
        wanted = frozenset(ids)
        self._rows = [replace(row, mark=on) if row.id in wanted else row for row in self._rows]
        self.redraw()

    # How it is drawn

    def lines(self, width: int, height: int) -> list[Line]:
        self._arrange(width)
        heading: Line = (
            (Span(" " * GUTTER + row_text([column.title for column in self.columns], self._slots), "label"),)
            if self._slots
            else BLANK
        )
        if not self._rows:
            return [heading, *self._notice_lines(width, height - 1)]
        self._keep_in_view()
        return [heading, *(self._row_line(i) for i in range(self._top, min(self._top + height - 1, len(self._rows))))]

    def _arrange(self, width: int) -> None:
        if width != self._slots_width:
            self._slots_width = width
            self._slots = arrange_rows(self.columns, width)
            self._forget_texts()

    def _forget_texts(self) -> None:
        self._texts.clear()
        self._plain.clear()

    def _row_line(self, index: int) -> Line:
        row = self._rows[index]
        at_cursor = index == self._cursor
        if at_cursor or row.mark or row.flag:
            return self._row_with_signs(row, at_cursor)
        line = self._plain.get(row.id)
        if line is None:
            line = self._plain[row.id] = (Span(" " * GUTTER + "".join(self._text_of(row)), _role_of(row)),)
        return line

    def _row_with_signs(self, row: ListRow, at_cursor: bool) -> Line:
        first, others = self._text_of(row)
        role = _role_of(row)
        mark = Span(MARK, "mark") if row.mark else Span(" ")
        tail = Span(" " + fit(row.flag, 1) if row.flag else "", "mark")
        if not at_cursor:
            return (mark, Span("  " + first + others, role), tail)
        bar = Span(BAR, "cursor" if self.has_focus else "muted")
        return (mark, bar, Span(" "), Span(first, "strong"), Span(others, role), tail)

    def _text_of(self, row: ListRow) -> tuple[str, str]:
        text = self._texts.get(row.id)
        if text is None:
            first = row_text(row.cells, self._slots[:1])
            text = self._texts[row.id] = first, row_text(row.cells, self._slots)[len(first) :]
        return text

    def _notice_lines(self, width: int, height: int) -> list[Line]:
        if self.notice is None or height <= 0:
            return []
        room = max(2, min(width - 4, 60))
        texts = wrap(SIGNS[self.notice.tone] + self.notice.text, room)[:height]
        indent = " " * max(0, (width - max(map(cells, texts))) // 2)
        # the first line says what is the matter in the tone of the notice, the others what to do
        told = [(Span(indent + text, self.notice.tone if i == 0 else "muted"),) for i, text in enumerate(texts)]
        return [BLANK] * ((height - len(told)) // 2) + told

    # How the cursor moves

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the rows alone while they are not those that were asked for."""
        return not self.waiting

    def action_move(self, by: int) -> None:
        """Move by rows; past an end of the page, ask for the page beyond."""
        self._move_to(self._cursor + by)

    def action_screen(self, direction: int) -> None:
        """Move by a screen, all but one row."""
        self._scroll_by(direction * max(1, self._view - CONTEXT))

    def action_half_screen(self, direction: int) -> None:
        """Move by half a screen."""
        self._scroll_by(direction * max(1, self._view // 2))

    def action_end(self, which: Literal["first", "last"]) -> None:
        """Move to an end of the page."""
        if self._rows:
            self._move_to(0 if which == "first" else len(self._rows) - 1)

    def action_open(self) -> None:
        """Ask for the row under the cursor whole."""
        if self.cursor_id is not None:
            self.post_message(self.Opened(self, self.cursor_id))

    def action_mark(self) -> None:
        """Turn the mark of the row under the cursor, and go on to the next row."""
        if self._rows:
            row = self._rows[self._cursor]
            self._set_marks((row.id,), not row.mark)
            if self._cursor < len(self._rows) - 1:
                self._move_to(self._cursor + 1)

    def action_mark_all(self) -> None:
        """Mark the whole page; when it is marked already, take the marks off."""
        if self._rows:
            self._set_marks(tuple(row.id for row in self._rows), not all(row.mark for row in self._rows))

    @property
    def _view(self) -> int:
        """How many rows there is room for."""
        return max(1, self.content_size.height - 1)

    def _set_marks(self, ids: tuple[str, ...], on: bool) -> None:
        self.mark(ids, on)
        self.post_message(self.Marked(self, ids, on))

    def _scroll_by(self, rows: int) -> None:
        if 0 <= self._cursor + rows < len(self._rows):
            self._top += rows
        self._move_to(self._cursor + rows)

    def _move_to(self, index: int) -> None:
        last = len(self._rows) - 1
        target = max(0, min(index, last))
        if not self._rows or target == self._cursor:
            if index > last and self._rows:  # nothing comes after a page without rows
                self.post_message(self.PageWanted(self, 1))
            elif index < 0:
                self.post_message(self.PageWanted(self, -1))
            return
        self._cursor = target
        self.redraw()
        self._announce(by_agent=True)

    def _keep_in_view(self) -> None:
        view = self._view
        if self._cursor < self._top:
            self._top = self._cursor - view + 1 + CONTEXT
        elif self._cursor >= self._top + view:
            self._top = self._cursor - min(CONTEXT, view - 1)
        self._top = max(0, min(self._top, self._cursor, len(self._rows) - view))

    def _announce(self, *, by_agent: bool) -> None:
        """Tell where the cursor is now, and again once it rests."""
        if self._rest_timer is not None:
            self._rest_timer.cancel()
            self._rest_timer = None
        if self.cursor_id is not None:
            self.post_message(self.Highlighted(self, self.cursor_id, by_agent))
            # None of Textual's timers, which are tasks: one would be begun and ended with every key.
            self._rest_timer = asyncio.get_running_loop().call_later(REST_DELAY, self.call_later, self._rest)

    def _rest(self) -> None:
        self._rest_timer = None
        if self.cursor_id is not None:
            self.post_message(self.Rested(self, self.cursor_id))

    # What it hears

    def watch_columns(self) -> None:
        self._slots_width = -1
        self.redraw()

    def watch_notice(self) -> None:
        self.redraw()

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - 1
        if event.y >= 1 and index < len(self._rows):
            self._move_to(index)
            if event.chain == 2:
                self.action_open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._move_to(min(self._cursor + WHEEL_ROWS, len(self._rows) - 1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._move_to(max(self._cursor - WHEEL_ROWS, 0))


def _role_of(row: ListRow) -> Role:
    return "muted" if row.dim else "text"
