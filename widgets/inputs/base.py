"""What all inputs have in common."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, Self

from textual.message import Message
from textual.widget import Widget

from widgets.inputs.messages import ENGLISH, Words

Value = str | tuple[str, ...] | tuple[tuple[str, str], ...]
"""A text; several keys or names; or rows of value and memo."""


class _FromInput(Message):
    """Something an input tells."""

    def __init__(self, control: ValueInput) -> None:
        super().__init__()
        self._control = control

    @property
    def control(self) -> ValueInput:
        """The input that tells it."""
        return self._control


class ValueInput(Widget):
    """An input with a value, which tells at any time what is wrong with it.

    A subclass defines `value`, `set_value` and, where a value can be wrong, `problem`. What an agent changes is told by
    `Changed`; what a program sets with `set_value` is not.
    """

    editable: ClassVar[bool] = True
    """Whether an agent can change it at all."""

    class Changed(_FromInput):
        """The agent changed the value."""

    class Done(_FromInput):
        """The agent pressed Enter and is through with it: a form moves on."""

    def __init__(
        self, *, words: Words = ENGLISH, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.words = words

    @property
    @abstractmethod
    def value(self) -> Value:
        """What would be sent: tidied where the agent typed it, untouched where it was set and left alone."""

    @abstractmethod
    def set_value(self, value: Value) -> None:
        """Show `value`, as the one to start from."""

    @property
    def problem(self) -> str | None:
        """Why the value cannot be sent, in one sentence; None where it can."""
        return None

    def focus(self, scroll_visible: bool = True) -> Self:
        """Focus the input, or the first part of it that takes keys."""
        if self.can_focus:
            return super().focus(scroll_visible)
        for part in self.walk_children(Widget):
            if part.focusable:
                part.focus(scroll_visible)
                break
        return self


def as_text(value: Value) -> str:
    """`value` as one line for an input that takes a text, whatever shape a record had it in."""
    if isinstance(value, str):
        return value
    return ", ".join(part if isinstance(part, str) else part[0] for part in value)


def as_keys(value: Value) -> tuple[str, ...]:
    """`value` as keys or names; the empty text is none."""
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(part if isinstance(part, str) else part[0] for part in value)
