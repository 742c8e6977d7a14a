"""A line to type into, and nothing around it."""

from __future__ import annotations

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from widgets.typed import UNPRINTABLE_BUT_TYPED, one_line, visible


class Visible(Highlighter):
    """Draws what could act on a terminal as pictures, one for one, and leaves the value alone."""

    def highlight(self, text: Text) -> None:
        """Replace the hostile characters of TEXT in place."""
        text.plain = visible(text.plain)


class LineEdit(Input):
    """Textual's Input without box, blink or layout: a letter typed repaints this one line."""

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
