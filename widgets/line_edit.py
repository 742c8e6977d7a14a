"""A line to type into, and nothing around it."""

from __future__ import annotations

from collections import deque
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from widgets.typed import UNPRINTABLE_BUT_TYPED, one_line, visible


class Visible(Highlighter):
    """Draws what could act on a terminal as pictures, one for one, and leaves the value alone."""

    def highlight(self, text: Text) -> None:
        """Replace the hostile characters of `text` in place."""
        text.plain = visible(text.plain)


STEPS = 100
"""Steps of one line that can be undone."""

Step = tuple[str, int]
"""What the line held, and where the cursor was."""


class LineEdit(Input):
    """Textual's Input without box, blink or layout: a letter typed repaints this one line.

    ctrl+z undoes what was typed or deleted, a word at a time, ctrl+y does it again, both as in an area. Text that the
    program puts into the line is where that begins anew.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "Undo", show=False),
        Binding("ctrl+y", "redo", "Redo", show=False),
    ]

    virtual_size: Reactive[Size] = Reactive(Size(0, 0))
    """As of any scrolling widget, but a longer text asks for no layout: the line is as high and as wide as before."""

    def __init__(self, placeholder: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(
            placeholder=placeholder,
            highlighter=Visible(),
            select_on_focus=False,
            validate_on=(),  # it has no validators, and would still set a class, which restyles the widget
            id=id,
            classes=classes,
        )
        self.cursor_blink = False
        self._steps: deque[Step] = deque(maxlen=STEPS)
        """What the line held before each change, the oldest first."""
        self._undone: list[Step] = []
        self._left = ""
        """What the last change left in the line: anything else was put there by the program."""
        self._word_end: int | None = None
        """Where a further letter belongs to the word that is being typed."""

    def replace(self, text: str, start: int, end: int) -> None:
        """Put `text` in the place of what stands from `start` to `end`: all that is typed comes through here."""
        before = (self.value, self.cursor_position)
        super().replace(text, start, end)
        if self.value == before[0]:
            return
        if before[0] != self._left:
            self._steps.clear()
        letter = len(text) == 1 and start == end and not text.isspace()
        if not (self._steps and letter and start == self._word_end):
            self._steps.append(before)
        self._word_end = self.cursor_position if letter else None
        self._undone.clear()
        self._left = self.value

    def action_undo(self) -> None:
        """Take the last change back."""
        if self._steps and self.value == self._left:
            self._undone.append((self.value, self.cursor_position))
            self._go_to(self._steps.pop())

    def action_redo(self) -> None:
        """Make the change again that was taken back last."""
        if self._undone and self.value == self._left:
            self._steps.append((self.value, self.cursor_position))
            self._go_to(self._undone.pop())

    def _go_to(self, step: Step) -> None:
        self.value, self.cursor_position = step
        self._left = self.value
        self._word_end = None

    def on_key(self, event: events.Key) -> None:
        """Take the letters that Textual drops."""
        if event.character is not None and event.character in UNPRINTABLE_BUT_TYPED:
            event.stop()
            event.prevent_default()
            self.replace(event.character, *self.selection)

    def on_paste(self, event: events.Paste) -> None:
        """Take all of the text, as one line."""
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)

    def action_paste(self) -> None:
        """Paste what was cut or copied here."""
        self.replace(one_line(self.app.clipboard), *self.selection)
