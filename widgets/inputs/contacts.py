"""An input of rows, each a value with a memo: phones, e-mails, whatever a customer is reached at."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from widgets.inputs.base import Value, ValueInput
from widgets.inputs.messages import ENGLISH, Words
from widgets.line_edit import LineEdit

Row = tuple[str, str]
"""A value and its memo."""


def as_rows(value: Value) -> tuple[Row, ...]:
    """`value` as rows; a text or a name is a row without a memo."""
    if isinstance(value, str):
        return ((value, ""),) if value else ()
    return tuple((part, "") if isinstance(part, str) else part for part in value)


class ContactRow(Horizontal):
    """One row: the value, a rule, the memo."""

    def __init__(self, memo: str) -> None:
        super().__init__()
        self._value_edit = LineEdit(classes="contact-value")
        self._memo_edit = LineEdit(memo, classes="contact-memo")

    def compose(self) -> ComposeResult:
        yield self._value_edit
        yield Static("│", classes="contact-rule")
        yield self._memo_edit

    @property
    def row(self) -> Row:
        """What stands in it."""
        return self._value_edit.value, self._memo_edit.value

    @row.setter
    def row(self, row: Row) -> None:
        for edit, text in zip((self._value_edit, self._memo_edit), row, strict=True):
            edit.value = text
            edit.cursor_position = len(text)

    def tidy(self, tidy: Callable[[str], str]) -> None:
        """Write the value as it will be sent."""
        if (tidied := tidy(self._value_edit.value)) != self._value_edit.value:
            self._value_edit.replace(tidied, 0, len(self._value_edit.value))

    def focus_part(self, memo: bool = False) -> None:
        """Focus the value, or the memo."""
        self.screen.set_focus(self._memo_edit if memo else self._value_edit)

    @property
    def in_memo(self) -> bool:
        """Whether the memo has the focus."""
        return self._memo_edit.has_focus


class ContactsInput(ValueInput):
    """Rows of value and memo. There is always one to type in; empty ones are not part of the value.

    Enter or ctrl+n begins a new row, ctrl+d removes the one with the focus, and so does backspace in an empty one.
    `check` says what is wrong with a value (tidied by `tidy`), and is not asked about rows that were set and left
    alone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "add", "New row", show=False, id="contacts.add"),
        # With priority, since a line takes ctrl+d for Delete.
        Binding("ctrl+d", "remove", "Remove the row", show=False, priority=True, id="contacts.remove"),
        Binding("up", "move(-1)", "Row up", show=False, id="contacts.up"),
        Binding("down", "move(1)", "Row down", show=False, id="contacts.down"),
    ]

    def __init__(
        self,
        *,
        check: Callable[[str], str | None] | None = None,
        tidy: Callable[[str], str] = str.strip,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(words=words, name=name, id=id, classes=classes)
        self._check = check
        self._tidy = tidy
        self._given: tuple[Row, ...] = ()
        self._told: tuple[Row, ...] = ()
        self._rows: list[ContactRow] = [ContactRow(words.memo)]

    def compose(self) -> ComposeResult:
        yield from self._rows

    @property
    def value(self) -> Value:
        return self._read()

    def set_value(self, value: Value) -> None:
        self._given = self._told = as_rows(value)
        wanted = self._given or (("", ""),)
        while len(self._rows) > len(wanted):
            self._drop(len(self._rows) - 1)
        while len(self._rows) < len(wanted):
            self._rows.append(ContactRow(self.words.memo))
            if self.is_mounted:
                self.mount(self._rows[-1])
        for row, texts in zip(self._rows, wanted, strict=True):
            row.row = texts

    @property
    def problem(self) -> str | None:
        for number, (value, memo) in enumerate((row.row for row in self._rows), 1):
            if (value, memo) in self._given or not (value or memo):
                continue
            tidied = self._tidy(value)
            reason = self._check(tidied) if self._check and tidied else None if tidied else self.words.no_value
            if reason:
                return self.words.row.format(row=number, reason=reason) if len(self._rows) > 1 else reason
        return None

    def _read(self) -> tuple[Row, ...]:
        rows = (row.row for row in self._rows)
        tidied = (row if row in self._given else (self._tidy(row[0]), row[1].strip()) for row in rows)
        return tuple(row for row in tidied if any(row))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell of what was typed."""
        event.stop()
        self._tell()

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: to the next row, a new one after the last; in an empty last row, on to the next field."""
        event.stop()
        index = self._index()
        if index + 1 < len(self._rows):
            self._rows[index + 1].focus_part()
        elif any(self._rows[index].row):
            await self.action_add()
        else:
            self.post_message(self.Done(self))

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Write what was typed as it will be sent."""
        event.stop()
        for row in self._rows:
            if row.row not in self._given:
                row.tidy(self._tidy)

    def on_key(self, event: events.Key) -> None:
        """Backspace and Delete take an empty row away."""
        index = self._index()
        if event.key in ("backspace", "delete") and len(self._rows) > 1 and not any(self._rows[index].row):
            event.stop()
            event.prevent_default()
            self.action_remove()

    async def action_add(self) -> None:
        """Begin a row below the one with the focus."""
        index = self._index() + 1
        row = ContactRow(self.words.memo)
        self._rows.insert(index, row)
        await self.mount(row, before=index)  # what is typed next is meant for it
        row.focus_part()

    def action_remove(self) -> None:
        """Remove the row with the focus; the last one left is emptied."""
        index, in_memo = self._index(), self._rows[self._index()].in_memo
        if len(self._rows) == 1:
            self._rows[0].row = ("", "")
        else:
            self._rows[index - 1 if index else 1].focus_part(in_memo)
            self._drop(index)
        self._tell()

    def action_move(self, rows: int) -> None:
        """Go to the row above or below; from the ends, on to the form's next field."""
        to = self._index() + rows
        if not 0 <= to < len(self._rows):
            raise SkipAction
        self._rows[to].focus_part(self._rows[to - rows].in_memo)

    def _index(self) -> int:
        focused = self.screen.focused
        return next((index for index, row in enumerate(self._rows) if focused in row.children), len(self._rows) - 1)

    def _drop(self, index: int) -> None:
        row = self._rows.pop(index)
        if row.is_attached:
            row.remove()

    def _tell(self) -> None:
        now = self._read()
        if now != self._told:
            self._told = now
            self.post_message(self.Changed(self))
