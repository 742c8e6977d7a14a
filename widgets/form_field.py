"""One field of a form: its label, its input, and the line below for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from widgets.cells import fit, plain, width, wrap
from widgets.inputs.base import Value, ValueInput
from widgets.inputs.messages import Words

MARK_CELLS = 4
"""The marks around a label: focus, changed, required, and a blank before the input."""

Part = Literal["label", "focused", "changed", "required", "note", "problem"]
"""What a form draws around its inputs; its look is the form's component class `field--PART`."""

StyleOf = Callable[[Part], Style]


@dataclass(frozen=True)
class FormField:
    """One line of a form. `note`, of one line or several, is shown below the input, where its problem would be.

    A `required` field is marked, and cannot be emptied. One that began empty stops the form only if it is `wanted`:
    in a record that is there already, somebody else left it so.
    """

    key: str
    label: str
    input: ValueInput
    value: Value = ""
    required: bool = False
    note: str = ""
    wanted: bool = True


class FieldRow(Widget):
    """A label with its marks, its input beside it, and below the input the note or the problem.

    The marks are a bar for the focus, `•` for a changed value and `*` for a required one.
    """

    def __init__(self, field: FormField, label_width: int, style_of: StyleOf, words: Words) -> None:
        super().__init__()
        self.field = field
        self.input = field.input
        self._words = words
        self._style_of = style_of
        self._label_width = label_width
        self._initial: Value = field.value
        self._has_focus = False
        self._marked = False
        self._told: str | None = None
        self._warning = ""
        self._warned_of: Value = ""
        self._watched = False
        """Whether the agent has left the input once, or tried to send: from then on its problem is shown live."""

    def compose(self) -> ComposeResult:
        self.input.set_value(self.field.value)
        self._initial = self.input.value
        self._place()
        yield self.input

    @property
    def changed(self) -> bool:
        """Whether the value differs from the one to start from."""
        return self.input.value != self._initial

    @property
    def problem(self) -> str | None:
        """Why the value cannot be sent. What came from elsewhere and was left alone is never refused."""
        value = self.input.value
        empty = not (value.strip() if isinstance(value, str) else value)
        if self.field.required and empty and (self.field.wanted or self.changed):
            return self._words.required
        return self.input.problem if self.changed else None

    def warn(self, text: str) -> None:
        """Show `text` below the input until its value is another one; what is wrong with the value goes before it."""
        self._warning, self._warned_of = text, self.input.value
        self.update()

    def set_label_width(self, cells: int) -> None:
        """Begin the input `cells` from the left."""
        if cells != self._label_width:
            self._label_width = cells
            self._place()
            self.refresh()

    def reveal(self) -> None:
        """Show the problem from now on, as long as there is one."""
        self._watched = True
        self.update()

    def update(self) -> None:
        """Draw what became different: a mark, or the line below the input; nothing for most letters typed."""
        if self.changed != self._marked:
            self._marked = self.changed
            self._refresh_label()
        told = self.problem if self._watched else None
        if told is None and self._warning and self.input.value == self._warned_of:
            told = self._warning
        if told != self._told:
            self._told = told
            self._place()
            self.refresh(Region(0, self.input.size.height, self.size.width, self.size.height))

    def on_resize(self) -> None:
        """Give the note as many lines as it takes at this width."""
        self._place()

    def on_descendant_focus(self) -> None:
        """Mark the row that takes keys."""
        self._follow_focus()

    def on_descendant_blur(self) -> None:
        """Where the agent left the input, not one of its parts for another, a changed value is looked at."""
        self._follow_focus()
        if self.changed and not self._has_focus:
            self.reveal()

    def _follow_focus(self) -> None:
        if self.has_focus_within != self._has_focus:
            self._has_focus = self.has_focus_within
            self._refresh_label()

    def _refresh_label(self) -> None:
        self.refresh(Region(0, 0, self._label_width, 1))

    def _below(self) -> list[str]:
        """The lines below the input: its problem, else the note."""
        room = self.size.width - self._label_width
        below = f"! {self._told}" if self._told else self.field.note
        return [line for text in below.splitlines() for line in (wrap(text, room) if room > 0 else [text])]

    def _place(self) -> None:
        margin = (0, 0, len(self._below()), self._label_width)
        if self.input.styles.margin != margin:
            self.input.styles.margin = margin

    def render_line(self, y: int) -> Strip:
        """The label in the first line, the problem or the note in the last; the input lies over the rest."""
        room = self.size.width
        if y == 0:
            return self._render_label().adjust_cell_length(room, self.rich_style)
        below = self._below()
        place = y - (self.size.height - len(below))
        if place < 0:
            return Strip.blank(room, self.rich_style)
        style = self._style_of("problem" if self._told else "note")
        text = fit(below[place], room - self._label_width)
        return Strip([Segment(" " * self._label_width, self.rich_style), Segment(text, style)])

    def _render_label(self) -> Strip:
        mark = self._style_of("focused")
        label = mark if self._has_focus else self._style_of("label")
        room = self._label_width - MARK_CELLS
        name = fit(self.field.label, min(width(plain(self.field.label)), room))
        return Strip(
            [
                Segment("▌" if self._has_focus else " ", mark),
                Segment("•" if self._marked else " ", self._style_of("changed")),
                Segment(name, label),
                Segment("*" if self.field.required else " ", self._style_of("required")),
            ]
        )
