"""A value that is shown in a form and cannot be changed there."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.strip import Strip

from widgets.cells import fit
from widgets.inputs.base import Value, ValueInput, as_text


class ReadOnly(ValueInput):
    """Shows a value, with `reason` why it cannot be edited. Tab passes it by."""

    editable: ClassVar[bool] = False

    def __init__(
        self, reason: str = "", *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.reason = reason
        self._value: Value = ""

    @property
    def value(self) -> Value:
        return self._value

    def set_value(self, value: Value) -> None:
        self._value = value
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the value in one line, with the reason behind it."""
        text = as_text(self._value) or self.words.nothing_chosen
        reason = f"  ({self.reason})" if self.reason else ""
        return Strip([Segment(fit(text + reason, self.size.width), self.rich_style)])
