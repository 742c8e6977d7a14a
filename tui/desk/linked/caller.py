"""Who it is that calls: what a caller says, told apart, and looked for here, at the vendor and at linked profiles."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tui.desk.linked.matching import looked_for
from tui.model.characters import clean_id, clean_text
from tui.model.customer import Condition, Customer, Query
from tui.model.errors import KehuError, NotFoundError
from tui.model.phone_email import SHORTEST_NUMBER, read_email, read_phone

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.link import Link
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.outcome import Row

SaidKind = Literal["phone", "telephone", "email", "id", "name"]

CONTACTS = ("email", "phone", "telephone")
"""What a vendor finds customers by that is no id of any kind."""

MOST = 20
"""Customers of one answer: of more, nobody chooses."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a caller said: what it is, and in its normal form."""

    kind: SaidKind
    value: str

    def lookups(self, known: Sequence[str]) -> tuple[str, ...]:
        """Return by which of the vendor's `known` look-ups it is looked for, the likeliest first; empty for a name.

        Digits may be an id too, whatever else they look like.
        """
        ids = [name for name in known if name not in CONTACTS]
        wanted = {"phone": ["phone"], "telephone": ["telephone", "phone"], "email": ["email"], "id": [*ids, "phone"]}
        found = [*wanted.get(self.kind, []), *(ids if self.value.isdecimal() else [])]
        return tuple(dict.fromkeys(name for name in found if name in known))


def read_said(text: str) -> Said:
    """Return what `text` is, however it was typed: with blanks, a country's code, in full width."""
    if "@" in read_email(text):
        return Said("email", read_email(text))
    phone = read_phone(text)
    if phone is not None and phone.is_landline:
        return Said("telephone", phone.spellings[0])
    if phone is not None and (phone.is_mobile or phone.foreign):
        return Said("phone", phone.spellings[0])
    cleaned = clean_id(text)
    if cleaned.isascii() and " " not in cleaned and any(sign.isdigit() or sign == "_" for sign in cleaned):
        return Said("id", cleaned)
    return Said("name", clean_text(text))


@dataclass(frozen=True, slots=True)
class CallerHit:
    """A customer whom what was said may mean."""

    profile: str
    id: str
    name: str
    contact: str = ""
    company: str = ""
    live: bool = False
    """The vendor has just told of it."""
    ours: str = ""
    """The id of our own customer; empty where nobody here is known to be the same person."""


@dataclass(frozen=True, slots=True)
class CallerAnswer:
    """What one profile answered: whom it has, or why nobody knows."""

    profile: str
    hits: tuple[CallerHit, ...] = ()
    error: KehuError | None = None


async def seen_here(desk: Desk, text: str) -> tuple[CallerHit, ...]:
    """Whom `text` finds among the customers seen here."""
    found = await desk.find(text, MOST)
    return tuple(_of_row(desk.settings.profile, row) for row in found.rows)


async def ask_all(desk: Desk, people: LinkedPeople, said: Said) -> AsyncGenerator[CallerAnswer, None]:
    """Ask the vendor and those of linked profiles for whom `said` means; yields each answer as it comes.

    Closing the iterator, or cancelling who reads it, gives up the calls under way.
    """
    asked = [_answer(desk.settings.profile, _at_vendor(desk, said))]
    asked += [
        _answer(link.linked_profile.source.profile, _at_linked(desk, people, link, said)) for link in people.links
    ]
    tasks = [asyncio.create_task(one) for one in asked]
    try:
        for answer in asyncio.as_completed(tasks):
            yield await answer
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _answer(profile: str, asked: Awaitable[list[CallerHit]]) -> CallerAnswer:
    try:
        hits = await asked
    except NotFoundError:
        return CallerAnswer(profile)
    except KehuError as error:
        return CallerAnswer(profile, error=error)
    return CallerAnswer(profile, tuple(hits))


async def _find(desk: Desk, said: Said) -> list[Customer]:
    """Everybody at `desk`'s vendor whom `said` means, by the first of its look-ups that finds anybody."""
    trouble: KehuError | None = None
    for by in said.lookups(desk.capabilities.lookups if desk.capabilities.can("get") else ()):
        try:
            if found := await desk.look_up(by, said.value):
                return [record.customer for record in found][:MOST]
        except NotFoundError:
            continue
        except KehuError as error:
            trouble = trouble or error
    if trouble is not None:
        raise trouble
    return []


async def _at_vendor(desk: Desk, said: Said) -> list[CallerHit]:
    profile = desk.settings.profile
    found = [_of_customer(profile, customer, customer.id) for customer in await _find(desk, said)]
    return found or await _searched(desk, said)


async def _searched(desk: Desk, said: Said) -> list[CallerHit]:
    """The same by the vendor's own search, where it has one for what was said."""
    fields = {"phone": "phones", "telephone": "phones", "email": "emails", "name": "name"}
    field = fields.get(said.kind, "")
    searchable = {spec.code for spec in await desk.fields() if spec.enabled and spec.searchable}
    digits = sum(sign.isdigit() for sign in said.value)
    if not desk.capabilities.operators or field not in searchable or (field == "phones" and digits < SHORTEST_NUMBER):
        return []
    listing = await desk.listing(Query(size=MOST, conditions=(Condition(field=field, values=(said.value,)),)))
    return [replace(_of_row(desk.settings.profile, row), live=True) for row in listing.rows]


async def _at_linked(desk: Desk, people: LinkedPeople, link: Link, said: Said) -> list[CallerHit]:
    profile = link.linked_profile.source.profile
    there = await link.linked_profile.desk()
    found = await _find(there, said)
    return [_of_customer(profile, customer, await _ours(desk, people, link, customer)) for customer in found]


async def _ours(desk: Desk, people: LinkedPeople, link: Link, theirs: Customer) -> str:
    """The id of our customer who is the one that `link` leads to as `theirs`: as somebody found out, or as it says."""
    if known := await people.whose(link.linked_profile.source.profile, theirs.id):
        return known[0]
    by, values = link.ours, looked_for(theirs, link.theirs)
    for value in values:
        if by == "id" and await desk.seen_customer(value) is not None:
            return value
        if by in desk.capabilities.lookups and desk.capabilities.can("get"):
            try:
                if found := await desk.look_up(by, value):
                    return found[0].customer.id
            except KehuError:
                continue  # the record there is told of all the same
    return ""


def _of_row(profile: str, row: Row) -> CallerHit:
    return CallerHit(profile, row.id, row.name, row.phone, row.company, ours=row.id)


def _of_customer(profile: str, customer: Customer, ours: str) -> CallerHit:
    contact = next((one.value for one in (*customer.phones, *customer.emails)), "")
    return CallerHit(profile, customer.id, customer.name, contact, customer.company, live=True, ours=ours)
