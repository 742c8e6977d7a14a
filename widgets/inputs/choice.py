"""Inputs of one or several of a field's allowed values."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.inputs.base import Value, as_keys, as_text
from widgets.inputs.messages import ENGLISH, Words
from widgets.inputs.picker import PickerInput, PickOption


class ChoiceInput(PickerInput):
    """One of `choices`; the value is its key, or empty. A key that was set and is no longer allowed is shown as it
    is.
    """

    def __init__(
        self,
        choices: Iterable[PickOption],
        *,
        clearable: bool = True,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(clearable=clearable, words=words, name=name, id=id, classes=classes)
        self._choices = {choice.key: choice for choice in choices}
        self._key = ""

    @property
    def value(self) -> Value:
        return self._key

    def set_value(self, value: Value) -> None:
        self._key = as_text(value)
        self.refresh()

    @property
    def problem(self) -> str | None:
        if not self._key or self._key in self._choices:
            return None
        return self.words.not_choice.format(value=self._key)

    @property
    def start_key(self) -> str:
        return self._key

    def summary(self) -> str:
        choice = self._choices.get(self._key)
        return choice.label if choice else self._key

    def choices(self) -> list[PickOption]:
        return list(self._choices.values())

    def pick(self, choice: PickOption) -> None:
        self.close()
        self._choose(choice.key)

    def clear(self) -> None:
        self._choose("")

    def _choose(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self.post_message(self.Changed(self))
        self.refresh()


class ChoicesInput(PickerInput):
    """Any of `choices`; the value is their keys, in the list's order. Space ticks, Enter closes the list."""

    def __init__(
        self,
        choices: Iterable[PickOption],
        *,
        clearable: bool = True,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(clearable=clearable, words=words, name=name, id=id, classes=classes)
        self._choices = {choice.key: choice for choice in choices}
        self._keys: tuple[str, ...] = ()

    def offer(self, choices: Iterable[PickOption]) -> None:
        """Have `choices` to choose from; where they are others than before, nothing is chosen."""
        offered = {choice.key: choice for choice in choices}
        if self._choices and offered != self._choices:
            self._keys = ()
        self._choices = offered
        self.refresh()

    @property
    def value(self) -> Value:
        return self._keys

    def set_value(self, value: Value) -> None:
        self._keys = as_keys(value)
        self.refresh()

    @property
    def problem(self) -> str | None:
        unknown = [key for key in self._keys if key not in self._choices]
        return self.words.not_choice.format(value=", ".join(unknown)) if unknown else None

    def summary(self) -> str:
        return ", ".join(self._choices[key].label if key in self._choices else key for key in self._keys)

    def choices(self) -> list[PickOption]:
        return list(self._choices.values())

    def mark(self, choice: PickOption) -> str:
        return "[x] " if choice.key in self._keys else "[ ] "

    def pick(self, choice: PickOption) -> None:
        self.close()

    def space(self) -> bool:
        """Open the list, or tick what the cursor is on."""
        if self._options is None:
            self.open()
        elif (choice := self._options.current) is not None and not choice.reason:
            self._toggle(choice.key)
        return True

    def clear(self) -> None:
        if self._keys:
            self._keys = ()
            self.refresh()
            self.post_message(self.Changed(self))

    def _toggle(self, key: str) -> None:
        ticked = {*self._keys} ^ {key}
        unknown = [known for known in self._keys if known not in self._choices and known in ticked]
        self._keys = (*unknown, *(known for known in self._choices if known in ticked))
        self.refresh()
        self.post_message(self.Changed(self))
