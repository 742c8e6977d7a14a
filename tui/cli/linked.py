"""A person with the records that other profiles have of them, as JSON and as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from tui.cli.customer_text import facts_of, print_customers
from tui.cli.failures import error_json
from tui.cli.json_shapes import JSON, customer_json, value_json
from tui.cli.masked import Shown, shown_by
from tui.cli.output import print_facts, put, warn
from tui.cli.session import Session, known_fields
from tui.config import profile_called
from tui.desk.outcome import row_of
from tui.locale import N_, _
from tui.model.columns import TABLE_COLUMNS
from tui.model.errors import KehuError
from tui.text import plain

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.customer_reader import Reading
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.linked.person import Difference, Holding, Linked, Match, Person, Source
    from tui.desk.outcome import Record
    from tui.model.customer import FieldSpec, FieldValue

Specs = Mapping[str, Sequence["FieldSpec"]]
"""Each profile's field configuration."""

ShownBy = Mapping[str, Shown]
"""What makes each profile's customers ready to be printed."""

WORDS = {
    "missing": N_("nobody there"),
    "ambiguous": N_("several match"),
    "failed": N_("could not be read"),
    "nothing": N_("nothing here to look by"),
}
"""What stands in place of a record."""


async def look_everywhere(people: LinkedPeople, own: Record) -> Person:
    """`own` with what every link leads to, asked for now. A linked profile that fails is told on standard error."""
    person = await people.kept(own)
    async with aclosing(people.look(own.customer, refresh=True)) as answers:
        async for linked in answers:
            person = person.with_answer(linked)
            if linked.error is not None:
                warn(f"{linked.source.profile}: {linked.error.message(_)}")
    return person


async def specs_of(people: LinkedPeople, person: Person, own: Sequence[FieldSpec]) -> Specs:
    """The field configurations of all who have a record of `person`; `own` is that of its own profile."""
    specs = {person.source.profile: own}
    for linked in person.linked:
        if linked.error is None and (linked.record or linked.candidates):
            specs[linked.source.profile] = await known_fields(await people.desk(linked.source.profile))
    return specs


async def shown_everywhere(session: Session, desk: Reading, people: LinkedPeople, person: Person) -> ShownBy:
    """Return what makes the customers of each profile that has a record of `person` ready to be printed."""
    shown = {person.source.profile: await shown_by(session, desk)}
    for linked in person.linked:
        profile = profile_called(session.read_config(), linked.source.profile)
        try:
            shown[profile.name] = await shown_by(session, await people.desk(profile.name), profile)
        except KehuError:  # it cannot be opened, and nothing of it is printed
            shown[profile.name] = Shown(session, desk.disk, None, profile)
    return shown


def person_json(person: Person, profiles: Mapping[str, Profile], specs: Specs, shown: ShownBy) -> JSON:
    """`{customer, linked, differences}`."""
    from tui.desk.linked.differences import differences

    own = person.source.profile
    return {
        "customer": customer_json(shown[own].customer(person.own.customer), profiles[own], specs[own]),
        "linked": [
            _linked_json(linked, profiles[linked.source.profile], specs, shown[linked.source.profile])
            for linked in person.linked
        ],
        "differences": [_difference_json(difference, shown) for difference in differences(person)],
    }


def _linked_json(linked: Linked, profile: Profile, specs: Specs, shown: Shown) -> JSON:
    """What one link leads to: a customer, null where nobody is there; or candidates; or an error."""
    match = linked.match
    facts: dict[str, object] = {
        "profile": profile.name,
        "dialect": profile.dialect,
        "match": {"theirs": match.theirs, "value": _sought_value(match, shown)} if match else None,
    }
    known = specs.get(profile.name, ())
    if linked.error is not None:
        return {**facts, "error": error_json(linked.error)}
    if linked.candidates and linked.record is None:
        found = shown.customers(linked.candidates)
        return {**facts, "candidates": [customer_json(customer, profile, known) for customer in found]}
    if linked.record is None:
        return {**facts, "customer": None}
    return {**facts, "customer": customer_json(shown.customer(linked.record.customer), profile, known)}


def _difference_json(difference: Difference, shown: ShownBy) -> JSON:
    values = [
        {"profile": one.source.profile, "value": value_json(_shown_value(one, shown))} for one in difference.holdings
    ]
    return {"field": difference.field, "values": values}


def _shown_value(holding: Holding, shown: ShownBy) -> FieldValue:
    return shown[holding.source.profile].masker.value(holding.code, holding.value)


def _sought_value(match: Match, shown: Shown) -> str:
    return ", ".join(shown.masker.text(match.theirs, value) for value in match.values)


def print_person(person: Person, specs: Specs, shown: ShownBy) -> None:
    """`person`, each record under its source's name, then what they disagree on."""
    from tui.desk.linked.differences import differences

    _print_heading(person.source)
    own = person.source.profile
    print_facts(facts_of(shown[own].customer(person.own.customer), specs[own]))
    for linked in person.linked:
        put("")
        known = specs.get(linked.source.profile, ())
        here = shown[linked.source.profile]
        _print_heading(linked.source, _sought(linked.match, known, here) if linked.match else "")
        if linked.error is None and linked.record is not None:
            print_facts(facts_of(here.customer(linked.record.customer), known))
            continue
        put(_(WORDS[linked.state]))
        if linked.candidates:
            found_there = here.customers(linked.candidates)
            print_customers([row_of(customer, 0.0, columns=TABLE_COLUMNS) for customer in found_there])
    found = differences(person)
    if found:
        put("")
        put(_("They disagree on:"))
        print_facts([(_(item.label), [line for one in item.holdings for line in _lines(one, shown)]) for item in found])


def _print_heading(source: Source, aside: str = "") -> None:
    put(plain(" · ".join(part for part in (source.title, source.profile, aside) if part)))


def _sought(match: Match, specs: Sequence[FieldSpec], shown: Shown) -> str:
    """By what somebody was looked for, in the words of the `specs` there."""
    from tui.desk.linked.matching import code_of

    labels = {spec.code: spec.label for spec in specs}
    return f"{_(labels.get(code_of(match.theirs), match.theirs))} = {_sought_value(match, shown)}"


def _lines(holding: Holding, shown: ShownBy) -> Sequence[str]:
    from tui.model.display import texts

    return [f"{holding.source.profile}: {text}" for text in texts(_shown_value(holding, shown))]
