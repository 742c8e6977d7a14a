"""A pane to read: blocks of text, scrolled by line, with a cursor on one value at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.block_layout import NO_ITEM, Item, Layout
from widgets.blocks import Block, Heading
from widgets.lines import BAR, BLANK, Line, LinePane, Span
from widgets.sheet_layout import lay_out
from widgets.typed import narrow

GUTTER = 2
"""Cells left of the text: cursor bar, blank."""

MARGIN = 1
"""Blank cells right of the text."""

CONTEXT = 1
"""Lines that stay on the screen when it scrolls by a screen."""

WHEEL_LINES = 3
"""Lines that one notch of the mouse wheel scrolls."""


class Sheet(LinePane, can_focus=True):
    """Blocks, wrapped to the pane. Showing others repaints only the lines that differ."""

    DEFAULT_CSS = "Sheet { width: 1fr; height: 1fr; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Value up", show=False, id="sheet.up"),
        Binding("down,j", "move(1)", "Value down", show=False, id="sheet.down"),
        Binding("pageup,ctrl+b", "screen(-1)", "Screen up", show=False, id="sheet.page_up"),
        Binding("pagedown,ctrl+f", "screen(1)", "Screen down", show=False, id="sheet.page_down"),
        Binding("ctrl+u", "half_screen(-1)", "Half a screen up", show=False, id="sheet.half_up"),
        Binding("ctrl+d", "half_screen(1)", "Half a screen down", show=False, id="sheet.half_down"),
        Binding("g,home", "end('first')", "Top", show=False, id="sheet.first"),
        Binding("G,end", "end('last')", "Bottom", show=False, id="sheet.last"),
        Binding("right_curly_bracket", "part(1)", "Next part", show=False, id="sheet.next_part"),
        Binding("left_curly_bracket", "part(-1)", "Part before", show=False, id="sheet.previous_part"),
        Binding("enter", "choose", "Choose", show=False, id="sheet.choose"),
    ]

    class Chosen(Message):
        """The agent pressed Enter on a value that stands for something: `ref` is the owner's name for it."""

        def __init__(self, sheet: Sheet, ref: str) -> None:
            super().__init__()
            self.sheet = sheet
            self.ref = ref

        @property
        def control(self) -> Sheet:
            """The sheet."""
            return self.sheet

    def __init__(
        self,
        *,
        pins_heading: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`pins_heading`: the first line stays in sight while the rest is scrolled, where it is a heading."""
        super().__init__(name=name, id=id, classes=classes)
        self._pins_heading = pins_heading
        self.pointing = False
        """The cursor is shown although something else takes keys."""
        self._blocks: tuple[Block, ...] = ()
        self._layout_of = Layout()
        self._layout_width = -1
        self._top = 0
        self._item = 0

    def show(self, blocks: Iterable[Block], *, keep_scroll: bool = False) -> None:
        """Show `blocks` from the top, or, for news of the same thing, from where the reader is.

        Then the value under the cursor stays in its line of the screen, whatever is new above it.
        """
        before = self._item_under
        self._blocks = tuple(blocks)
        self._lay_out(self.content_size.width)
        if not keep_scroll:
            self._top = self._item = 0
        elif before is not None:
            self._follow(before)
        self.redraw()

    def _follow(self, before: Item) -> None:
        """Have the cursor on the value that it was on, the nearest of several alike, and that in its place."""
        items = self._layout_of.items
        alike = [
            place
            for place, item in enumerate(items)
            if (item.label, item.value, item.ref) == (before.label, before.value, before.ref)
        ]
        if alike:
            self._item = min(alike, key=lambda place: abs(place - self._item))
            if self._top:  # at the top nothing above the cursor is out of sight
                self._top += items[self._item].first - before.first

    @property
    def current(self) -> tuple[str, str] | None:
        """Label and value under the cursor, as they came; None when there is no value to point at."""
        item = self._item_under
        return (item.label, item.value) if item else None

    @property
    def current_shown(self) -> str:
        """The value under the cursor as it is drawn, which may be with some of it hidden; empty where there is none."""
        item = self._item_under
        return item.shown if item else ""

    @property
    def current_ref(self) -> str:
        """What the value under the cursor stands for; empty where for nothing but itself."""
        item = self._item_under
        return item.ref if item else ""

    @property
    def current_part(self) -> str:
        """What the heading of the part under the cursor stands for; empty where for nothing but itself."""
        above = self._layout_of.items[: self._item + 1]
        return next((item.ref for item in reversed(above) if item.opens), "")

    @property
    def _item_under(self) -> Item | None:
        items = self._layout_of.items
        return items[min(self._item, len(items) - 1)] if items else None

    # How it is drawn

    def lines(self, width: int, height: int) -> list[Line]:
        if width != self._layout_width:
            self._lay_out(width)
        self._clamp()
        view, lines = self._view, self._layout_of.lines
        bottom = self._top + view
        drawn = [self._with_bar(i) for i in range(self._top, min(bottom, len(lines)))]
        if self._pinned and drawn:
            drawn[0] = self._with_bar(0)
        if len(lines) > height:
            above, below = self._top, max(0, len(lines) - bottom)
            signs = f"↑ {above}" * bool(above) + "   " * bool(above and below) + f"↓ {below}" * bool(below)
            drawn += [BLANK] * (view - len(drawn))
            drawn.append((Span(signs.rjust(width - MARGIN), "muted"),))
        return drawn

    def _with_bar(self, index: int) -> Line:
        owner = self._layout_of.owners[index]
        line = self._layout_of.lines[index]
        if (self.has_focus or self.pointing) and owner != NO_ITEM and owner == self._item:
            return (Span(BAR, "cursor"), Span(" " * (GUTTER - 1)), *line)
        return (Span(" " * GUTTER), *line) if line else BLANK

    def _lay_out(self, width: int) -> None:
        self._layout_width = width
        self._layout_of = lay_out(self._blocks, max(2, width - GUTTER - MARGIN)) if width > 0 else Layout()

    # How it scrolls

    @property
    def _view(self) -> int:
        """How many lines there is room for, the one that says that there are more not counted."""
        height = max(1, self.content_size.height)
        return height if len(self._layout_of.lines) <= height else max(1, height - 1)

    @property
    def _pinned(self) -> int:
        """How many lines at the top of the pane are not of those that are scrolled to: a heading that stays."""
        pins = self._pins_heading and bool(self._blocks) and isinstance(self._blocks[0], Heading)
        return int(pins and self._top > 0 and self._view > 1)

    def action_move(self, by: Literal[1, -1]) -> None:
        """Move to the next value; one that reaches out of the pane, or a stretch without values, is scrolled first."""
        items = self._layout_of.items
        if items:
            item = items[self._item]
            in_sight = self._top + self._pinned
            reaches_out = item.last >= self._top + self._view if by > 0 else item.first < in_sight
            if not reaches_out and 0 <= self._item + by < len(items):
                self._item += by
                self._reveal()
                self.redraw()
                return
        self._top += by
        self.redraw()

    def action_screen(self, direction: int) -> None:
        """Scroll by a screen, all but one line."""
        self._scroll_by(direction * max(1, self._view - CONTEXT))

    def action_half_screen(self, direction: int) -> None:
        """Scroll by half a screen."""
        self._scroll_by(direction * max(1, self._view // 2))

    def action_end(self, which: Literal["first", "last"]) -> None:
        """Scroll to an end, the cursor with it."""
        self._top = 0 if which == "first" else len(self._layout_of.lines)
        self._item = 0 if which == "first" else max(0, len(self._layout_of.items) - 1)
        self.redraw()

    def action_part(self, direction: Literal[1, -1]) -> None:
        """Go to the heading of the next part, or of the one before; past the last one to the end."""
        places = [place for place, item in enumerate(self._layout_of.items) if item.opens]
        there = [place for place in places if (place > self._item if direction > 0 else place < self._item)]
        if not there:
            self.action_end("last" if direction > 0 else "first")
            return
        self._item = there[0] if direction > 0 else there[-1]
        self._show_from(self._layout_of.items[self._item].first)

    def _show_from(self, line: int) -> None:
        """Scroll so that `line` is the first in sight, below what is pinned."""
        self._top = line
        self._clamp()
        self._top = max(0, self._top - self._pinned) if self._top == line else self._top
        self.redraw()

    def point_at(self, beginning: str) -> bool:
        """Move to the first value whose `ref` begins with `beginning`, and show it with what follows; False if none."""
        place = next((i for i, item in enumerate(self._layout_of.items) if item.ref.startswith(beginning)), None)
        if place is None:
            return False
        self._item = place
        above = self._layout_of.items[place - 1].last + 1 if place else 0
        self._show_from(max(above, self._layout_of.items[place].first - CONTEXT))
        return True

    def find(self, text: str, step: Literal[0, 1, -1] = 0) -> tuple[int, int]:
        """Move to the next value whose label, or which itself as it is drawn, has `text` in it; round the ends.

        A `step` of 0 stays where it is, if that has it; -1 goes up. Returns which of how many that have it; (0, 0) for
        none.
        """
        items, wanted = self._layout_of.items, narrow(text).casefold().strip()
        there = [
            i for i, item in enumerate(items) if wanted and wanted in narrow(f"{item.label} {item.shown}").casefold()
        ]
        if not there:
            return 0, 0
        if step < 0:
            self._item = max((i for i in there if i < self._item), default=there[-1])
        else:
            self._item = min((i for i in there if i >= self._item + step), default=there[0])
        self._reveal()
        self.redraw()
        return there.index(self._item) + 1, len(there)

    def action_choose(self) -> None:
        """Tell what the value under the cursor stands for."""
        if self.current_ref:
            self.post_message(self.Chosen(self, self.current_ref))

    def _scroll_by(self, lines: int) -> None:
        self._top += lines
        self._clamp()
        items = self._layout_of.items
        in_sight = range(self._top + self._pinned, self._top + self._view)
        shown = [i for i, item in enumerate(items) if item.first in in_sight]
        if shown and self._item not in shown:
            self._item = shown[0] if lines > 0 else shown[-1]
        self.redraw()

    def _reveal(self) -> None:
        item = self._layout_of.items[self._item]
        if item.first < self._top + self._pinned:
            self._top = max(item.first - self._pinned, item.last - self._view + 1) if self._item else 0
        elif item.last >= self._top + self._view:
            self._top = min(item.first, item.last - self._view + 1)
            self._top = min(self._top, max(0, item.first - self._pinned))

    def _clamp(self) -> None:
        self._item = max(0, min(self._item, len(self._layout_of.items) - 1))
        self._top = max(0, min(self._top, len(self._layout_of.lines) - self._view))

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll_by(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll_by(-WHEEL_LINES)
