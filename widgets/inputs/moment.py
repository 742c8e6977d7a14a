"""Inputs of dates and times."""

from __future__ import annotations

from widgets.inputs.line import Read, ReadInput
from widgets.inputs.messages import ENGLISH, Words


class DateInput(ReadInput):
    """A date, which `read` writes out as `YYYY-MM-DD`."""

    def __init__(
        self,
        read: Read,
        *,
        zone: str = "",
        placeholder: str = "YYYY-MM-DD",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`zone` is shown beside the line."""
        super().__init__(read, placeholder=placeholder, suffix=zone, words=words, name=name, id=id, classes=classes)

    @property
    def refusal(self) -> str:
        return self.words.not_date


class DateTimeInput(DateInput):
    """A date with a time of day, which `read` writes out as `YYYY-MM-DD HH:MM`, with seconds where there are any.

    The value says nothing of a zone: it is the one that `zone` names beside the line.
    """

    def __init__(
        self,
        read: Read,
        *,
        zone: str = "",
        placeholder: str = "YYYY-MM-DD HH:MM",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(read, zone=zone, placeholder=placeholder, words=words, name=name, id=id, classes=classes)

    @property
    def refusal(self) -> str:
        return self.words.not_datetime
