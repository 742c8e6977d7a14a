"""Inputs of what a customer is reached at, and the checks behind them."""

from __future__ import annotations

import re
from collections.abc import Callable

from widgets.inputs.line import TextInput
from widgets.inputs.words import ENGLISH, Words
from widgets.typed import narrow

_PHONE = re.compile(r"\+?[\d\s().-]+([ ,;x#转]+\d{1,6})?", re.ASCII)
_DIGITS = range(3, 21)
"""From a short service number (110, 95588) to the 15 of E.164 with an extension."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
"""Lenient on purpose: the vendor's own check decides, this one catches slips."""


def tidy_address(text: str) -> str:
    """A phone number or e-mail address without the spaces around it and in half-width letters."""
    return narrow(text).strip()


def is_phone(text: str) -> bool:
    """Whether TEXT, tidied, can be a phone number."""
    return bool(_PHONE.fullmatch(text)) and sum(letter.isdigit() for letter in text) in _DIGITS


def is_email(text: str) -> bool:
    """Whether TEXT, tidied, can be an e-mail address."""
    return bool(_EMAIL.fullmatch(text))


class AddressInput(TextInput):
    """A line for what a customer is reached at; `tidy` makes of what was typed or pasted what is meant."""

    def __init__(
        self,
        *,
        tidy: Callable[[str], str] = tidy_address,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(words=words, name=name, id=id, classes=classes)
        self._tidy = tidy

    def tidy(self, text: str) -> str:
        return self._tidy(text)


class PhoneInput(AddressInput):
    """A phone number as people write them."""

    def check(self, text: str) -> str | None:
        return None if is_phone(text) else self.words.not_phone


class EmailInput(AddressInput):
    """An e-mail address."""

    def check(self, text: str) -> str | None:
        return None if is_email(text) else self.words.not_email
