"""Inputs of numbers."""

from __future__ import annotations

import re

from widgets.inputs.line import TextInput
from widgets.inputs.words import ENGLISH, Words
from widgets.typed import narrow

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
"""A number with its thousands set off, as spreadsheets give it."""


class NumberInput(TextInput):
    """A number, kept as the digits that were typed: a vendor's long ids and trailing noughts survive."""

    def tidy(self, text: str) -> str:
        number = narrow(text).strip()
        return number.replace(",", "") if _GROUPED.fullmatch(number) else number

    def check(self, text: str) -> str | None:
        return None if _NUMBER.fullmatch(text) else self.words.not_number


class PercentInput(NumberInput):
    """A number of per cent; the sign stands beside the line and is no part of the value."""

    def __init__(
        self,
        *,
        placeholder: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(placeholder=placeholder, suffix="%", words=words, name=name, id=id, classes=classes)

    def tidy(self, text: str) -> str:
        return super().tidy(narrow(text).strip().removesuffix("%"))
