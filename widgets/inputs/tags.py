"""An input of names."""

from __future__ import annotations

import re

from textual.widgets import Input

from widgets.inputs.base import Value, as_keys
from widgets.inputs.line import TextInput

_SEPARATORS = ",，、;；"
_SHOWN_SEPARATOR = ", "


class TagsInput(TextInput):
    """Names in one line, parted by commas (of any width) or Enter; Enter after the last one moves on.

    The value is the names in their order, each once. A name that was set with a comma in it stays one name.
    """

    _names: tuple[str, ...] = ()

    @property
    def value(self) -> Value:
        return self._split(self.text) if self.edited else self._names

    def set_value(self, value: Value) -> None:
        self._names = as_keys(value)
        super().set_value(_SHOWN_SEPARATOR.join(self._names))

    def settled(self, text: str) -> str:
        return _SHOWN_SEPARATOR.join(self._split(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: begin the next name, or move on where none was begun."""
        text = self.text.rstrip()
        if self.edited and text and text[-1] not in _SEPARATORS:
            event.stop()
            event.prevent_default()  # the line's own handler would move on
            self.replace(text + _SHOWN_SEPARATOR)

    def _split(self, text: str) -> tuple[str, ...]:
        whole = [re.escape(name) for name in self._names if any(mark in name for mark in _SEPARATORS)]
        pattern = "|".join([*whole, f"[^{_SEPARATORS}]+"])
        names = (name.strip() for name in re.findall(pattern, text))
        return tuple(dict.fromkeys(name for name in names if name))
