"""An input of several lines."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.widgets import TextArea

from widgets.inputs.base import Value, ValueInput, as_text
from widgets.inputs.messages import ENGLISH, Words
from widgets.typed import UNPRINTABLE_BUT_TYPED, many_lines, visible


class AreaEdit(TextArea):
    """Textual's TextArea without box, blink or line highlight."""

    def __init__(self, placeholder: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(placeholder=placeholder, highlight_cursor_line=False, id=id, classes=classes)
        self.cursor_blink = False

    def get_line(self, line_index: int) -> Text:
        """The line as it is drawn: a tab stays a tab, whatever else a terminal could act on is a picture."""
        parts = self.document.get_line(line_index).split("\t")
        return Text("\t".join(visible(part) for part in parts), end="", no_wrap=True)

    def on_key(self, event: events.Key) -> None:
        """Take the letters that Textual drops."""
        if event.character is not None and event.character in UNPRINTABLE_BUT_TYPED:
            event.stop()
            event.prevent_default()
            self._insert(event.character)

    def on_paste(self, event: events.Paste) -> None:
        """Take the text with its lines, without what could act on a terminal."""
        event.stop()
        event.prevent_default()
        self._insert(many_lines(event.text))

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up a line; from the first one on, the key is the form's."""
        if not select and self.navigator.is_first_wrapped_line(self.cursor_location):
            raise SkipAction
        super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down a line; from the last one on, the key is the form's."""
        if not select and self.navigator.is_last_wrapped_line(self.cursor_location):
            raise SkipAction
        super().action_cursor_down(select)

    def action_paste(self) -> None:
        """Paste what was cut or copied here."""
        self._insert(many_lines(self.app.clipboard))

    def _insert(self, text: str) -> None:
        self.move_cursor(self.replace(text, *self.selection, maintain_selection_offset=False).end_location)


class AreaInput(ValueInput):
    """A text of several lines; it is 3 rows high and grows to 6. Enter makes a line, Tab moves on."""

    def __init__(
        self,
        *,
        limit: int | None = None,
        placeholder: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(words=words, name=name, id=id, classes=classes)
        self.limit = limit
        self._edit = AreaEdit(placeholder)
        self._given = ""
        self._shown = ""
        """The given text as the text area writes it."""
        self._told = ""

    def compose(self) -> ComposeResult:
        yield self._edit

    @property
    def value(self) -> Value:
        # A text area writes every kind of line break as a newline: what was not edited goes back as it came.
        return self._given if self._edit.text == self._shown else self._edit.text

    def set_value(self, value: Value) -> None:
        self._given = as_text(value)
        self._edit.load_text(self._given)
        self._shown = self._told = self._edit.text

    @property
    def problem(self) -> str | None:
        count = len(self._edit.text)
        if self.limit is None or count <= self.limit:
            return None
        return self.words.too_long.format(count=count, limit=self.limit)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell of what was typed."""
        event.stop()
        if self._edit.text != self._told:
            self._told = self._edit.text
            self.post_message(self.Changed(self))
