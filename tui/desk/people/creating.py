"""What a record would be filled with at a profile where a person was not found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui.client.models import LANDLINE, Contact, FieldSpec, FieldValue, TagKind
from tui.desk.people.differences import COMPANY_LABELS, holding
from tui.desk.people.matching import code_of
from tui.desk.people.merged import contacts, tags
from tui.desk.people.model import Match, Person

ROWS = ("phones", "emails", "wechat", "qq")
"""Fields that hold contact rows."""

SINGLE = {"phone": "phones", "telephone": "phones", "email": "emails"}
"""Fields of one value, and the rows that it is taken from."""


def filled(person: Person, match: Match | None, specs: Sequence[FieldSpec]) -> dict[str, FieldValue]:
    """What is known of PERSON, in the editable fields that SPECS have there; by MATCH it will be found there.

    A colleague's own tags are not carried along.
    """
    values = {}
    for spec in specs:
        if spec.editable and spec.enabled and (value := _value(person, spec, match)):
            values[spec.code] = value
    return values


def _value(person: Person, spec: FieldSpec, match: Match | None) -> FieldValue:
    code = spec.code
    if code in ROWS:
        return tuple(shared.contact for shared in contacts(person, code))
    if match is not None and code == code_of(match.theirs):
        return match.values[0]
    if code in SINGLE:
        return next((row.value for row in _rows(person, code)), "")
    if code == "tags":
        return tuple(shared.tag.name for shared in tags(person) if shared.tag.kind is not TagKind.PERSONAL)
    if spec.label.strip().casefold() in COMPANY_LABELS:
        code = "company"
    if code not in ("name", "company", "description"):
        return ""
    every = (holding(source, customer, code).value for source, customer in person.records.items())
    return next((value for value in every if value), "")


def _rows(person: Person, code: str) -> Iterator[Contact]:
    """The contacts that could stand in the single field CODE: landlines in `telephone`, and nowhere else."""
    for shared in contacts(person, SINGLE[code]):
        if (shared.contact.memo == LANDLINE) is (code == "telephone"):
            yield shared.contact
