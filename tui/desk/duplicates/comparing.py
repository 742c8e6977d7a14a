"""Two customers of one profile side by side, and what one record would be that takes the best of both."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tui.desk.linked.matching import key_of
from tui.desk.merging import ROWS, STANDARD
from tui.desk.values import as_tuple, label_of, value_of
from tui.locale import _
from tui.model.characters import normal
from tui.model.customer import Contact, Customer, FieldSpec, FieldType, FieldValue
from tui.model.errors import N_
from tui.model.same import same

LABELS = {
    "name": N_("Name"),
    "company": N_("Company"),
    "owner": N_("Owner"),
    "description": N_("Description"),
    "phones": N_("Phones"),
    "emails": N_("E-mails"),
    "wechat": N_("WeChat"),
    "qq": N_("QQ"),
    "tags": N_("Tags"),
}
"""What people call the fields that every customer has, where no configuration says it."""


_GROUPING = re.compile(r"[\s()./-]+")


class Take(StrEnum):
    """Whose value of a field the record that stays is to have."""

    STAYS = "stays"
    """Its own."""
    GOES = "goes"
    """The other one's."""
    BOTH = "both"


class Alike(StrEnum):
    """How two values of a field stand to each other."""

    SAME = "same"
    MEANT = "meant"
    """They mean the same, written another way: a phone with +86, a contact with another memo."""
    NOT = "not"


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One field of two customers: of the one that is to stay, and of the other."""

    code: str
    label: str
    spec: FieldSpec | None
    stays: FieldValue
    goes: FieldValue

    @property
    def likeness(self) -> Alike:
        """How the two values stand to each other."""
        alike = same(self.spec, self.stays, self.goes)
        if alike and _grouped(self.stays) == _grouped(self.goes):
            return Alike.SAME
        return Alike.MEANT if _keys(self.code, self.stays) == _keys(self.code, self.goes) else Alike.NOT

    @property
    def choices(self) -> Sequence[Take]:
        """What can be taken; none of a field that is the same, or that nobody can write."""
        spec = self.spec
        if self.likeness is Alike.SAME or spec is None or not spec.editable or not spec.enabled:
            return ()
        if spec.required and not self.goes:
            return ()
        both = self._listed and self.likeness is Alike.NOT and bool(self.stays and self.goes)
        return (Take.STAYS, Take.GOES, Take.BOTH) if both else (Take.STAYS, Take.GOES)

    @property
    def proposal(self) -> Take:
        """What loses least: both of a list, else the own value, where there is one."""
        if Take.BOTH in self.choices:
            return Take.BOTH
        return Take.GOES if self.choices and not self.stays else Take.STAYS

    @property
    def _listed(self) -> bool:
        """It is a list whose items stand for themselves, unlike a cascade's levels."""
        cascade = self.spec is not None and self.spec.type is FieldType.CASCADE
        return (isinstance(self.stays, tuple) or isinstance(self.goes, tuple)) and not cascade

    def value(self, take: Take) -> FieldValue:
        """The field's value once `take` is taken."""
        match take:
            case Take.STAYS:
                return self.stays
            case Take.GOES:
                return self.goes
            case Take.BOTH:
                return _joined(self.code, self.stays, self.goes)

    def lost(self, take: Take) -> FieldValue:
        """What of the record that goes is nowhere once `take` is taken, memos too."""
        if self.likeness is Alike.SAME or take is Take.GOES:
            return ""
        if not self._listed:
            return self.goes if self.likeness is Alike.NOT else ""
        kept = {_key(self.code, row): row for row in as_tuple(self.value(take))}
        return _tuple(row for row in as_tuple(self.goes) if not _holds(kept.get(_key(self.code, row)), row))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two customers, which of them is to stay, and whose values it is to have, as far as somebody chose."""

    stays: Customer
    goes: Customer
    specs: Sequence[FieldSpec]
    taken: Mapping[str, Take] = field(default_factory=dict)
    """By the fields' codes."""

    @property
    def lines(self) -> tuple[ComparedLine, ...]:
        """Every field that one of the two has."""
        return compared(self.stays, self.goes, self.specs)

    def take(self, line: ComparedLine) -> Take:
        """Whose value of `line`'s field is to be there."""
        take = self.taken.get(line.code, line.proposal)
        return take if take in line.choices else line.proposal

    @property
    def values(self) -> dict[str, FieldValue]:
        """What has to be written into the record that stays."""
        chosen = [(line, line.value(self.take(line))) for line in self.lines if line.choices]
        return {line.code: value for line, value in chosen if not same(line.spec, value, line.stays)}

    @property
    def lost(self) -> tuple[tuple[ComparedLine, FieldValue], ...]:
        """What of the record that goes is in neither record afterwards."""
        every = ((line, line.lost(self.take(line))) for line in self.lines)
        return tuple((line, value) for line, value in every if value)


def comparison(one: Customer, other: Customer, specs: Sequence[FieldSpec]) -> Comparison:
    """`one` and `other`; the one with more in it is to stay, and of two with as much the older."""
    first = Comparison(one, other, specs)
    mine, theirs = (sum(bool(getattr(line, side)) for line in first.lines) for side in ("stays", "goes"))
    older = bool(one.created_at and other.created_at and other.created_at < one.created_at)
    turned = theirs > mine or (theirs == mine and older)
    return Comparison(other, one, specs) if turned else first


def compared(stays: Customer, goes: Customer, specs: Sequence[FieldSpec]) -> tuple[ComparedLine, ...]:
    """Every field that one of the two has: in the order of `specs`, then those that no configuration names."""
    known = {spec.code: spec for spec in specs}
    covered = {*known, *(ROWS[code] for code in known if code in ROWS)}
    own = [*stays.custom, *goes.custom]
    codes = dict.fromkeys((*known, *(code for code in STANDARD if code not in covered), *(item.code for item in own)))
    lines = (
        ComparedLine(
            code, _label(stays, goes, code, known), known.get(code), value_of(stays, code), value_of(goes, code)
        )
        for code in codes
    )
    return tuple(line for line in lines if line.stays or line.goes)


def _label(one: Customer, other: Customer, code: str, known: Mapping[str, FieldSpec]) -> str:
    if code in LABELS and code not in known:
        return _(LABELS[code])
    label = label_of(one, code, known.get(code))
    return _(label if label != code else label_of(other, code, None))


def _grouped(value: FieldValue) -> frozenset[str]:
    """The contacts of `value` without what groups their digits: with +86 or without is two ways to write a phone."""
    return frozenset(_GROUPING.sub("", normal(row.value)) for row in as_tuple(value) if isinstance(row, Contact))


def _keys(code: str, value: FieldValue) -> frozenset[str]:
    return frozenset(_key(code, row) for row in as_tuple(value))


def _joined(code: str, stays: FieldValue, goes: FieldValue) -> FieldValue:
    """The rows of both, each once; a contact has the first memo that there is."""
    found: dict[str, str | Contact] = {}
    for row in (*as_tuple(stays), *as_tuple(goes)):
        key = _key(code, row)
        known = found.setdefault(key, row)
        if isinstance(known, Contact) and isinstance(row, Contact) and not known.memo:
            found[key] = known.model_copy(update={"memo": row.memo})
    return _tuple(found.values())


def _key(code: str, row: str | Contact) -> str:
    return key_of(code, _text(row))


def _holds(kept: str | Contact | None, row: str | Contact) -> bool:
    """Whether the row that is `kept` tells all that `row` does."""
    if isinstance(kept, Contact) and isinstance(row, Contact):
        return row.memo in ("", kept.memo)
    return kept is not None


def _text(row: str | Contact) -> str:
    return row.value if isinstance(row, Contact) else row


def _tuple(rows: Iterable[str | Contact]) -> FieldValue:
    """`rows` as a field's value: contacts where one of them is."""
    rows = list(rows)
    if any(isinstance(row, Contact) for row in rows):
        return tuple(row if isinstance(row, Contact) else Contact(value=row) for row in rows)
    return tuple(row for row in rows if isinstance(row, str))
