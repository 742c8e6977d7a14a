"""Inputs of numbers."""

from __future__ import annotations

from widgets.inputs.line import Read, ReadInput
from widgets.inputs.words import ENGLISH, Words


class NumberInput(ReadInput):
    """A number."""

    @property
    def refusal(self) -> str:
        return self.words.not_number


class PercentInput(NumberInput):
    """A number of per cent; the sign stands beside the line and is no part of the value."""

    def __init__(
        self,
        read: Read,
        *,
        placeholder: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(read, placeholder=placeholder, suffix="%", words=words, name=name, id=id, classes=classes)
