"""The inputs that are chosen from a list, which opens in the form below its line."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip

from widgets.cells import fit, plain, width
from widgets.inputs.base import ValueInput
from widgets.inputs.messages import ENGLISH, Words
from widgets.typed import narrow, one_line


@dataclass(frozen=True)
class PickOption:
    """One thing to choose."""

    key: str
    label: str
    search: str = ""
    """What it is found by besides its label, such as a name's pinyin."""
    detail: str = ""
    """Shown behind the label, and not searched."""
    reason: str = ""
    """Why it cannot be chosen; empty where it can."""


class Options:
    """Choices under a filter. Those that begin with the filter's text come before those that have it inside."""

    def __init__(self, choices: Iterable[PickOption]) -> None:
        self._all = tuple(choices)
        self._labels = [narrow(f"{choice.label} {choice.search}").casefold() for choice in self._all]
        self.shown: Sequence[PickOption] = self._all
        self.filter = ""
        self.cursor = 0
        self.top = 0
        """The first row in the window."""

    @property
    def total(self) -> int:
        """How many there are without the filter."""
        return len(self._all)

    @property
    def current(self) -> PickOption | None:
        """The choice under the cursor."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else None

    def set_filter(self, text: str) -> None:
        """Leave what has `text` in it, and go to the best match."""
        self.filter = text
        wanted = narrow(text).casefold().strip()
        if wanted:
            hits = [(label, choice) for label, choice in zip(self._labels, self._all, strict=True) if wanted in label]
            # Sorting is stable: within each half the order stays the list's own.
            hits.sort(key=lambda hit: not any(word.startswith(wanted) for word in (hit[0], *hit[0].split())))
            self.shown = [choice for _, choice in hits]
        else:
            self.shown = self._all
        self.cursor = self.top = 0

    def move(self, to: int, height: int) -> bool:
        """Put the cursor on row `to`, as far as there is one, in a window of `height` rows; True if the window
        moved.
        """
        self.cursor = max(0, min(to, len(self.shown) - 1))
        before = self.top
        highest = max(0, len(self.shown) - height)
        self.top = max(0, min(max(self.cursor - height + 1, min(self.top, self.cursor)), highest))
        return self.top != before

    def find(self, key: str, height: int) -> None:
        """Put the cursor on the choice that `key` names, if it is there."""
        for row, choice in enumerate(self.shown):
            if choice.key == key:
                self.move(row, height)
                break


LIST_ROWS = 8
"""Rows of an open list at the most: with the line above it, a third of a small terminal."""


class PickerInput(ValueInput, can_focus=True):
    """A line that says what is chosen, and a list below it while it is open.

    Enter, space or typing opens the list; typing narrows it; Enter picks; Escape closes it and changes nothing. The
    list keeps its height while it is open, so that typing repaints the list alone.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"picker--cursor", "picker--dim", "picker--filter"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "Open the list, or pick", show=False, id="picker.pick"),
        Binding("escape", "escape", "Close the list", show=False, id="picker.close"),
        Binding("up", "move(-1)", "Choice up", show=False, id="picker.up"),
        Binding("down", "move(1)", "Choice down", show=False, id="picker.down"),
        Binding("pageup", "page(-1)", "Choices up", show=False, id="picker.page_up"),
        Binding("pagedown", "page(1)", "Choices down", show=False, id="picker.page_down"),
        Binding("home", "end(-1)", "First choice", show=False, id="picker.first"),
        Binding("end", "end(1)", "Last choice", show=False, id="picker.last"),
        Binding("backspace", "backspace", "Shorten the filter", show=False, id="picker.backspace"),
        Binding("delete,ctrl+u", "clear", "Choose nothing", show=False, id="picker.clear"),
    ]

    def __init__(
        self,
        *,
        clearable: bool = True,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(words=words, name=name, id=id, classes=classes)
        self.clearable = clearable
        self._options: Options | None = None

    @property
    def is_open(self) -> bool:
        """Whether the list is there."""
        return self._options is not None

    @abstractmethod
    def summary(self) -> str:
        """What is chosen, in one line; empty where nothing is."""

    @abstractmethod
    def choices(self) -> list[PickOption]:
        """What the list offers now."""

    @abstractmethod
    def pick(self, choice: PickOption) -> None:
        """The agent chose `choice`."""

    @abstractmethod
    def clear(self) -> None:
        """The agent wants nothing chosen."""

    def mark(self, choice: PickOption) -> str:
        """What stands before `choice`'s label in the list."""
        return ""

    @property
    def start_key(self) -> str:
        """The key that the cursor starts on."""
        return ""

    @property
    def placeholder(self) -> str:
        """What the line says where nothing is chosen or typed."""
        return self.words.nothing_chosen

    @property
    def list_height(self) -> int:
        """Rows of the list while it is open."""
        return min(LIST_ROWS, max(1, self._options.total)) if self._options else 0

    def open(self, text: str = "") -> None:
        """Show the list, narrowed by `text`."""
        self._options = Options(self.choices())
        self._options.find(self.start_key, self.list_height)
        if text:
            self._options.set_filter(text)
        self.styles.height = 1 + self.list_height
        self.call_after_refresh(self.scroll_visible, animate=False)

    def close(self) -> None:
        """Take the list away."""
        self._options = None
        self.styles.height = 1

    def on_blur(self) -> None:
        """Close the list: what was not picked is not chosen."""
        if self.is_open:
            self.close()
        self.refresh()

    def on_focus(self) -> None:
        """Draw the line as the one that takes keys."""
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Printable keys narrow the list; they never reach the bindings of a screen."""
        if not event.is_printable or event.character is None:
            return
        event.stop()
        event.prevent_default()
        if event.character.isspace() and self.space():
            return
        self._narrow(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Narrow the list by what was pasted."""
        event.stop()
        self._narrow(one_line(event.text).strip())

    def space(self) -> bool:
        """Space was pressed; True if that is all, False if it is a letter of the filter."""
        if not self.is_open:
            self.open()
            return True
        return False

    def _narrow(self, text: str) -> None:
        if self._options is None:
            self.open(text)
        else:
            self._options.set_filter(self._options.filter + text)
            self.refresh()

    def action_enter(self) -> None:
        """Open the list, or pick what the cursor is on."""
        if self._options is None:
            self.open()
        elif (choice := self._options.current) is not None and not choice.reason:
            self.pick(choice)

    def action_escape(self) -> None:
        """Close the list; where there is none, Escape is the form's."""
        if not self.is_open:
            raise SkipAction
        self.close()

    def action_backspace(self) -> None:
        """Take a letter off the filter; with the list closed, choose nothing."""
        if self._options is None:
            self.action_clear()
        elif self._options.filter:
            self._options.set_filter(self._options.filter[:-1])
            self.refresh()

    def action_clear(self) -> None:
        """Empty the filter; with the list closed, choose nothing."""
        if self._options is not None:
            self._options.set_filter("")
            self.refresh()
        elif self.clearable:
            self.clear()

    def action_move(self, rows: int) -> None:
        """Move the cursor; with the list closed, the arrows are the form's."""
        self._go_to(self._need_options().cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a window."""
        self._go_to(self._need_options().cursor + pages * self.list_height)

    def action_end(self, which: int) -> None:
        """Go to the first or last row."""
        options = self._need_options()
        self._go_to(len(options.shown) if which > 0 else 0)

    def _need_options(self) -> Options:
        if self._options is None:
            raise SkipAction
        return self._options

    def _go_to(self, row: int) -> None:
        options = self._need_options()
        before = options.cursor
        if options.move(row, self.list_height):
            self.refresh()
        else:
            for changed in {before, options.cursor}:
                self.refresh(Region(0, 1 + changed - options.top, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """The line itself, then the rows of the list."""
        room = self.size.width
        if y == 0:
            return self._render_head(room)
        options = self._options
        if options is None:
            return Strip.blank(room, self.rich_style)
        if not options.shown and y == 1:
            return Strip([Segment(fit(f"  {self.words.no_match}", room), self._style("dim"))])
        row = options.top + y - 1
        if row >= len(options.shown):
            return Strip.blank(room, self.rich_style)
        return self._render_choice(options.shown[row], row == options.cursor, room)

    def _render_head(self, room: int) -> Strip:
        options = self._options
        style = self.rich_style
        if options is None:
            text, arrow = self.summary(), "▾"
        else:
            text, arrow = options.filter or self.summary(), f"▴ {len(options.shown)}/{options.total}"
            if options.filter:
                style = self._style("filter")
        if not text:
            text, style = self.placeholder, self._style("dim")
        head = _cut(text, room - len(arrow) - 1)
        mark = self._style("cursor" if self.has_focus else "dim")
        strip = Strip([Segment(head, style), Segment(f" {arrow}", mark)])
        return strip.adjust_cell_length(room, self.rich_style)

    def _render_choice(self, choice: PickOption, current: bool, room: int) -> Strip:
        style = self._style("cursor") if current else self._style("dim") if choice.reason else self.rich_style
        text = _cut(f"{'▸' if current else ' '} {self.mark(choice)}{choice.label}", room)
        more = choice.reason or choice.detail
        rest = fit(f"  {more}" if more else "", room - width(text))
        return Strip([Segment(text, style), Segment(rest, self._style("dim"))])

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"picker--{part}")


def _cut(text: str, room: int) -> str:
    """`text` made plain in at most `room` cells."""
    return fit(text, min(width(plain(text)), room))
