"""Inputs of a single line of text, and what the more particular ones are made of."""

from __future__ import annotations

import re
from collections.abc import Callable

from textual.app import ComposeResult
from textual.widgets import Input, Static

from widgets.inputs.base import Value, ValueInput, as_keys, as_text
from widgets.inputs.messages import ENGLISH, Words
from widgets.line_edit import LineEdit
from widgets.typed import narrow

Read = Callable[[str], str | None]
"""Returns what a typed text means, written out as it is sent; None where it means nothing. What was written out once is
returned as it is."""


class TextInput(ValueInput):
    """A line of text.

    The more particular inputs override `tidy`, which turns what was typed into what is meant, and `check`, which says
    what is wrong with it. Both see typed text alone: a value that was set and left alone is sent back as it came.
    """

    def __init__(
        self,
        *,
        placeholder: str = "",
        suffix: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(words=words, name=name, id=id, classes=classes)
        self._edit = LineEdit(placeholder)
        self._suffix = Static(suffix, markup=False, classes="suffix") if suffix else None
        self._given = ""
        self._told = ""

    def compose(self) -> ComposeResult:
        yield self._edit
        if self._suffix is not None:
            yield self._suffix

    @property
    def text(self) -> str:
        """What stands in the line, letter for letter."""
        return self._edit.value

    @property
    def edited(self) -> bool:
        """Whether it is no longer the text that was set."""
        return self.text != self._given

    @property
    def value(self) -> Value:
        return self.tidy(self.text) if self.edited else self.text

    def set_value(self, value: Value) -> None:
        self._given = as_text(value)
        self.show(self._given)

    @property
    def problem(self) -> str | None:
        tidied = self.tidy(self.text)
        return self.check(tidied) if tidied else None

    def tidy(self, text: str) -> str:
        """What `text` means, written the way it is sent; `text` itself where it means nothing."""
        return text

    def check(self, text: str) -> str | None:
        """What is wrong with `text`, which is tidied and not empty."""
        return None

    def show(self, text: str) -> None:
        """Put `text` into the line, as no change of the agent's."""
        self._told = text
        self._edit.value = text
        self._edit.cursor_position = len(text)

    def replace(self, text: str) -> None:
        """Put `text` into the line in the agent's name."""
        self._edit.replace(text, 0, len(self.text))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell of what was typed."""
        event.stop()
        if event.value != self._told:
            self._told = event.value
            self.typed()
            self.post_message(self.Changed(self))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: write what was typed as it will be sent, and move on."""
        event.stop()
        self._settle()
        self.post_message(self.Done(self))

    def on_input_blurred(self, event: Input.Blurred) -> None:
        """Write what was typed as it will be sent."""
        event.stop()
        self._settle()

    def typed(self) -> None:
        """Called after each change, before it is told."""

    def _settle(self) -> None:
        if self.edited and (tidied := self.settled(self.text)) != self.text:
            self._told = tidied
            self.replace(tidied)

    def settled(self, text: str) -> str:
        """How the line shows `text` once the agent has left it."""
        return self.tidy(text)


class ReadInput(TextInput):
    """A line of which `read` tells what it means. Once the agent leaves it, it shows what will be sent."""

    def __init__(
        self,
        read: Read,
        *,
        placeholder: str = "",
        suffix: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(placeholder=placeholder, suffix=suffix, words=words, name=name, id=id, classes=classes)
        self.read = read

    def tidy(self, text: str) -> str:
        written = self.read(text)
        return text.strip() if written is None else written

    def check(self, text: str) -> str | None:
        return self.refusal if self.read(text) is None else None

    @property
    def refusal(self) -> str:
        """What is wrong with a text that means nothing."""
        raise NotImplementedError


class CounterInput(TextInput):
    """A line of at most `limit` characters, with a count beside it. A Han character counts one, as vendors count."""

    def __init__(
        self,
        limit: int,
        *,
        placeholder: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(placeholder=placeholder, suffix=f"0/{limit}", words=words, name=name, id=id, classes=classes)
        self.limit = limit

    def on_mount(self) -> None:
        """Give the count its width for good, so that it never moves anything."""
        assert self._suffix is not None
        self._suffix.styles.width = len(f"! {self.limit}/{self.limit}") + 1
        self.typed()

    def set_value(self, value: Value) -> None:
        super().set_value(value)
        if self.is_mounted:
            self.typed()

    @property
    def over(self) -> bool:
        """Whether there is more than the limit."""
        return len(self.text) > self.limit

    def check(self, text: str) -> str | None:
        return self.words.too_long.format(count=len(text), limit=self.limit) if len(text) > self.limit else None

    def typed(self) -> None:
        assert self._suffix is not None
        self._suffix.set_class(self.over, "-over")
        self._suffix.update(f"{'! ' if self.over else ''}{len(self.text)}/{self.limit}", layout=False)


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


_PHONE = re.compile(r"\+?[\d\s().-]+([ ,;x#转]+\d{1,6})?", re.ASCII)
_DIGITS = range(3, 21)
"""From a short service number (110, 95588) to the 15 of E.164 with an extension."""

_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
"""Lenient on purpose: the vendor's own check decides, this one catches slips."""


def tidy_address(text: str) -> str:
    """A phone number or e-mail address without the spaces around it and in half-width letters."""
    return narrow(text).strip()


def is_phone(text: str) -> bool:
    """Whether `text`, tidied, can be a phone number."""
    return bool(_PHONE.fullmatch(text)) and sum(letter.isdigit() for letter in text) in _DIGITS


def is_email(text: str) -> bool:
    """Whether `text`, tidied, can be an e-mail address."""
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
