"""A form: labels, inputs, and what is wrong with them, one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from widgets.cells import plain, width
from widgets.form_field import MARK_CELLS, FieldRow, FormField, Part
from widgets.inputs.base import Value, ValueInput
from widgets.inputs.messages import ENGLISH, Words

__all__ = ["FieldRow", "Form", "FormField", "FormSection"]

LABEL_CELLS = range(8, 25)
"""How wide the column of labels may be, its marks included; it is as wide as its widest label within that."""


@dataclass(frozen=True)
class FormSection:
    """A heading above the fields that follow; `note` is what there is to know of all of them, or why there are none."""

    title: str
    note: str = ""


class Form(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Fields, one below the other. Tab, Shift+Tab and the arrows move, and so does Enter in a single line.

    It scrolls by half a screen at a time, so that most moves repaint two labels and nothing else.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "field--label",
        "field--focused",
        "field--changed",
        "field--required",
        "field--note",
        "field--problem",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "move(1, True)", "Next field", show=False, id="form.next"),
        Binding("shift+tab", "move(-1, True)", "Previous field", show=False, id="form.previous"),
        Binding("down", "move(1)", "Next field", show=False, id="form.down"),
        Binding("up", "move(-1)", "Previous field", show=False, id="form.up"),
        Binding("pagedown", "page(1)", "A screen down", show=False, id="form.page_down"),
        Binding("pageup", "page(-1)", "A screen up", show=False, id="form.page_up"),
        Binding("ctrl+g", "find", "Find a field", show=False, id="form.find"),
    ]

    class FormMessage(Message):
        """Something that a form tells."""

        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form

        @property
        def control(self) -> Form:
            """The form."""
            return self.form

    class Changed(FormMessage):
        """The agent changed a value."""

    class Submitted(FormMessage):
        """The agent pressed Enter in a form that is sent by it."""

    def __init__(
        self,
        fields: Iterable[FormField | FormSection],
        *,
        enter_sends: bool = False,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`enter_sends`: Enter does not go to the next field but sends the form, as in one of a field or two."""
        super().__init__(name=name, id=id, classes=classes)
        self._items = tuple(fields)
        self._enter_sends = enter_sends
        self._words = words
        own = [item for item in self._items if isinstance(item, FormField)]
        widest = max((width(plain(field.label)) for field in own), default=0) + MARK_CELLS
        self._label_width = max(LABEL_CELLS.start, min(widest, LABEL_CELLS.stop - 1))
        self.rows = {field.key: FieldRow(field, self._label_width, self._style_of, words) for field in own}

    def compose(self) -> ComposeResult:
        for item in self._items:
            if isinstance(item, FormField):
                yield self.rows[item.key]
            else:
                yield Static(plain(item.title), markup=False, classes="form-section")
                if item.note:
                    yield Static(plain(item.note), markup=False, classes="form-section-note")

    def on_mount(self) -> None:
        """Take keys, unless something else does."""
        if self.screen.focused is None:
            self.focus_first()

    def values(self) -> dict[str, Value]:
        """Every field's value."""
        return {key: row.input.value for key, row in self.rows.items()}

    def changed(self) -> dict[str, Value]:
        """The values that differ from those the form started with."""
        return {key: row.input.value for key, row in self.rows.items() if row.changed}

    def problems(self) -> list[tuple[str, str]]:
        """Label and reason of each field that cannot be sent."""
        return [(row.field.label, reason) for row in self.rows.values() if (reason := row.problem)]

    def warn(self, key: str, text: str) -> None:
        """Show `text` below the field `key` until its value is another one; it stops nothing."""
        if (row := self.rows.get(key)) is not None:
            row.warn(text)

    def load(self, values: Mapping[str, Value]) -> None:
        """Put `values`, such as a draft's, into their fields; what the form started with stays what it was."""
        for key, value in values.items():
            if (row := self.rows.get(key)) is not None and row.input.editable:
                row.input.set_value(value)
                row.update()

    def focus_first(self) -> None:
        """Go to the first field."""
        for row in self.rows.values():
            if row.input.editable:
                row.input.focus(scroll_visible=False)
                break

    def focus_field(self, key: str) -> None:
        """Go to the field `key`, or to the first one that can be edited where it cannot."""
        row = self.rows.get(key)
        if row is None or not row.input.editable:
            self.focus_first()
        else:
            self._focus(row.input)

    def focus_first_problem(self) -> bool:
        """Show every problem and go to the first; False where there is none."""
        for row in self.rows.values():
            row.reveal()
        wrong = next((row for row in self.rows.values() if row.problem), None)
        if wrong is not None:
            self._focus(wrong.input)
        return wrong is not None

    def on_value_input_changed(self, event: ValueInput.Changed) -> None:
        """Mark the row, and tell."""
        event.stop()
        row = event.control.parent
        if isinstance(row, FieldRow):
            row.update()
        self.post_message(self.Changed(self))

    def on_value_input_done(self, event: ValueInput.Done) -> None:
        """Go to the next field, past what is left of this one; or send."""
        event.stop()
        if self._enter_sends:
            self.post_message(self.Submitted(self))
            return
        inputs = [row.input for row in self.rows.values() if row.input.editable and row.display]
        place = inputs.index(event.control) + 1
        if place < len(inputs):
            self._focus(inputs[place])

    def on_resize(self, event: events.Resize) -> None:
        """Give the labels their share of the width, and keep the field that takes keys in sight."""
        cells = max(LABEL_CELLS.start, min(self._label_width, event.size.width // 3))
        for row in self.rows.values():
            row.set_label_width(cells)
        self.call_after_refresh(self._show_focused)

    def action_move(self, step: int, around: bool = False) -> None:
        """Focus the next part that takes keys, or the one before; past the ends only `around` moves on."""
        parts = self._parts()
        focused = self.screen.focused
        to = parts.index(focused) + step if focused in parts else 0
        if 0 <= to < len(parts):
            self._focus(parts[to])
        elif around and parts == self.screen.focus_chain:
            self._focus(parts[to % len(parts)])
        elif around:
            self.screen.focus_next() if step > 0 else self.screen.focus_previous()

    def action_page(self, pages: int) -> None:
        """Focus the field about a screen away."""
        parts = self._parts()
        focused = self.screen.focused
        if focused in parts:
            wanted = focused.region.y + pages * max(1, self.size.height - 1)
            self._focus(min(parts, key=lambda part: abs(part.region.y - wanted)))

    def action_find(self) -> None:
        """Have the agent choose a field by typing a piece of its label, and focus it."""
        from widgets.inputs import PickOption
        from widgets.pick import PickDialog

        options = [
            PickOption(key, row.field.label) for key, row in self.rows.items() if row.input.editable and row.display
        ]
        self.app.push_screen(PickDialog(self._words.find_field, options, words=self._words), self._found)

    def _found(self, key: str | None) -> None:
        if key is not None:
            self.call_after_refresh(self.focus_field, key)  # the screen gives the focus back first

    def _style_of(self, part: Part) -> Style:
        # Asked of the form, not of each row: a component class costs a look-up in the style sheet a widget.
        return self.get_component_rich_style(f"field--{part}")

    def _parts(self) -> list[Widget]:
        return [part for part in self.screen.focus_chain if self in part.ancestors]

    def _focus(self, part: Widget) -> None:
        part.focus(scroll_visible=False)  # the screen's own scrolling is animated
        # Where the parts are is known only once the layout of the last scrolling is done: keys may come faster.
        self.call_after_refresh(self._show_focused)

    def _show_focused(self) -> None:
        """Have the part that takes keys in sight."""
        focused = self.screen.focused
        if focused is not None and self in focused.ancestors and not self.can_view_entire(focused):
            self.scroll_to_widget(focused, animate=False, center=True, immediate=True)
