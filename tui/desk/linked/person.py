"""What is known of a person at several profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.desk.outcome import Record
    from tui.model.customer import Contact, Customer, FieldValue, Tag
    from tui.model.errors import KehuError


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record lies."""

    profile: str
    title: str
    """What the vendor calls itself."""
    dialect: str
    account: str = ""
    """The vendor's account, as the journal names it."""


@dataclass(frozen=True, slots=True)
class Match:
    """By what a record was looked for: their field `theirs`, and the values that our record gave for it."""

    theirs: str
    values: tuple[str, ...]

    @property
    def value(self) -> str:
        """The values as one text."""
        return ", ".join(self.values)


class LinkState(StrEnum):
    """How far a link has come with one customer."""

    UNASKED = "unasked"
    """Nobody looked yet; who was seen there all the same may be the one."""
    LOOKING = "looking"
    FOUND = "found"
    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    """Several match, and nobody chose."""
    FAILED = "failed"
    NOTHING = "nothing"
    """Our record has no value to look by."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What one link leads to."""

    source: Source
    match: Match | None
    state: LinkState
    record: Record | None = None
    """The record: where the state is UNASKED, LOOKING or FAILED, as it was last seen there."""
    candidates: tuple[Customer, ...] = ()
    """All that match, where they are several: also after one was chosen."""
    error: KehuError | None = None
    asked_at: float | None = None
    """Epoch seconds of the answer that this is from; None where there is none."""


@dataclass(frozen=True, slots=True)
class Person:
    """A customer with what its profile's links lead to, in the order of the links."""

    own: Record
    source: Source
    linked: tuple[Linked, ...]

    @property
    def records(self) -> Mapping[Source, Customer]:
        """Every record there is, our own first."""
        found = {linked.source: linked.record.customer for linked in self.linked if linked.record is not None}
        return {self.source: self.own.customer, **found}

    def with_answer(self, linked: Linked) -> Person:
        """The same person once `linked` is known."""
        others = tuple(linked if item.source == linked.source else item for item in self.linked)
        return replace(self, linked=others)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a source has for a field, and what it calls the field."""

    source: Source
    code: str
    value: FieldValue


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the sources disagree on, with the value of each that has one."""

    field: str
    """`name`, `company`, `phones` or `emails`."""
    label: str
    """What a person calls it: a message of the catalogue."""
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A phone, e-mail, WeChat or QQ, told once."""

    contact: Contact
    """As the first of the sources writes it, with the first memo that there is."""
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SharedTag:
    """A tag, told once."""

    tag: Tag
    sources: tuple[Source, ...]
