"""People: the customers of one profile, with their records at the profiles that it is linked to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.desk.linked.differences import COMPANY_LABELS, contacts, holding, tags
from tui.desk.linked.link import Answers, Link
from tui.desk.linked.matching import code_of
from tui.desk.linked.person import Linked, LinkState, Match, Person, Source
from tui.desk.outcome import Change, Record
from tui.model.characters import fold
from tui.model.customer import LANDLINE, Contact, Customer, FieldSpec, FieldValue, FieldValues, TagKind

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.errors import KehuError


ROWS = ("phones", "emails", "wechat", "qq")
"""Fields that hold contact rows."""

SINGLE = {"phone": "phones", "telephone": "phones", "email": "emails"}
"""Fields of one value, and the rows that it is taken from."""


def filled(person: Person, match: Match | None, specs: Sequence[FieldSpec]) -> dict[str, FieldValue]:
    """What is known of `person`, in the editable fields that `specs` have there; by `match` it will be found there.

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
    if fold(spec.label) in COMPANY_LABELS:
        code = "company"
    if code not in ("name", "company", "description"):
        return ""
    every = (holding(source, customer, code).value for source, customer in person.records.items())
    return next((value for value in every if value), "")


def _rows(person: Person, code: str) -> Iterator[Contact]:
    """The contacts that could stand in the single field `code`: landlines in `telephone`, and nowhere else."""
    for shared in contacts(person, SINGLE[code]):
        if (shared.contact.memo == LANDLINE) is (code == "telephone"):
            yield shared.contact


FRESH = 600.0
"""Seconds for which an answer is not asked for again by itself: a customer is often opened twice in one talk."""

ANSWERED = frozenset({LinkState.FOUND, LinkState.MISSING, LinkState.AMBIGUOUS})
"""States that a vendor's answer led to."""


class LinkedPeople:
    """Follows `links` from `source`, one profile, whose customers `answers` are about.

    No link costs a request until `look` is asked for it, nor a credential or a connection. Every method raises
    `KehuError`s alone; what goes wrong at one linked profile is told in its `Linked`.
    """

    def __init__(self, source: Source, answers: Answers, links: Sequence[Link]) -> None:
        self.source = source
        self._answers = answers
        self._links: Mapping[str, Link] = {link.linked_profile.source.profile: link for link in links}

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, in the order of the configuration."""
        return tuple(self._links.values())

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where else a person is looked for."""
        return tuple(link.linked_profile.source for link in self.links)

    @property
    def notices(self) -> tuple[KehuError, ...]:
        """What there is to tell of how the linked profiles' files opened, such as a damaged one that was set aside."""
        return tuple(notice for link in self.links for notice in link.linked_profile.notices)

    async def open_files(self) -> tuple[KehuError, ...]:
        """Open the linked profiles' files; the `notices`. One that cannot be opened is told of in its own part."""
        await asyncio.gather(*(link.linked_profile.seen(()) for link in self.links), return_exceptions=True)
        return self.notices

    async def whose(self, profile: str, id: str) -> Sequence[str]:
        """Our customers to whom the record `id` at `profile` belongs, as far as anybody looked."""
        return await self._answers.whose(profile, id)

    async def kept(self, own: Record) -> Person:
        """`own` with what its links led to last, from disk alone."""
        return Person(own, self.source, await self._kept(own.customer))

    async def _kept(self, customer: Customer) -> tuple[Linked, ...]:
        answers = await self._answers.of([customer.id]) if self._links else {}
        kept = (link.kept(customer, answers.get((customer.id, profile))) for profile, link in self._links.items())
        return tuple(await asyncio.gather(*kept))

    async def look(self, customer: Customer, *, refresh: bool = False) -> AsyncGenerator[Linked, None]:
        """What each link leads to, as it comes: what is on disk, LOOKING where the vendor is asked, then its answer.

        What was answered in the last ten minutes is not asked for again, unless to `refresh`. Closing the iterator
        (`contextlib.aclosing`), or cancelling who reads it, cancels the look-ups under way; nothing is left half done.
        """
        due = []
        for link, kept in zip(self._links.values(), await self._kept(customer), strict=True):
            if kept.state is LinkState.NOTHING or (_is_fresh(kept) and not refresh):
                yield kept
            else:
                due.append((link, kept))
                yield replace(kept, state=LinkState.LOOKING, error=None)
        tasks = [asyncio.create_task(link.ask(customer, kept)) for link, kept in due]
        try:
            for answer in asyncio.as_completed(tasks):
                yield await answer
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def choose(self, customer: Customer, linked: Linked, candidate_id: str) -> Linked:
        """Take one of `linked`'s candidates, or a record just created there, for `customer`'s; it is remembered."""
        return await self._links[linked.source.profile].choose(customer, linked, candidate_id)

    async def desk(self, profile: str) -> Desk:
        """The desk of a linked `profile`: what is changed there goes through its own outbox and journal.

        Raises: KehuError where it cannot be opened.
        """
        return await self._links[profile].linked_profile.desk()

    async def fields(self, profile: str) -> tuple[FieldSpec, ...]:
        """The fields of a linked `profile` as they were last read there, from disk alone."""
        return await self._links[profile].linked_profile.fields()

    async def journal(self, profile: str, customer_id: str) -> Sequence[Change]:
        """Every change made from here to the customer `customer_id` of a linked `profile`, from disk alone."""
        return await self._links[profile].linked_profile.journal(customer_id)

    async def unsettled(self) -> Mapping[str, int]:
        """How many changes wait, failed or are unknown at each linked profile where any do, from disk alone."""
        counts = await asyncio.gather(
            *(link.linked_profile.unsettled() for link in self._links.values()), return_exceptions=True
        )
        found = zip(self._links, counts, strict=True)
        return {profile: count for profile, count in found if not isinstance(count, BaseException) and count}

    async def for_create(self, person: Person, profile: str) -> FieldValues:
        """What a record of `person` at `profile` would be filled with, the field that it is looked for by included.

        Raises: KehuError where the fields there cannot be read.
        """
        link = self._links[profile]
        desk = await link.linked_profile.desk()
        return filled(person, link.match(person.own.customer), await desk.fields())

    async def known_in(self, customers: Sequence[Customer]) -> Mapping[str, tuple[str, ...]]:
        """In which profiles each of `customers` is, by id, as far as is known on disk; this one first."""
        answers = await self._answers.of([customer.id for customer in customers]) if self._links else {}
        known = {customer.id: [self.source.profile] for customer in customers}
        for profile, link in self._links.items():
            for customer in customers:
                kept = await link.kept(customer, answers.get((customer.id, profile)))
                if kept.record or kept.candidates:
                    known[customer.id].append(profile)
        return {id: tuple(profiles) for id, profiles in known.items()}

    async def close(self) -> None:
        """Close the linked profiles' desks."""
        await asyncio.gather(*(link.linked_profile.close() for link in self._links.values()))


def _is_fresh(linked: Linked) -> bool:
    return linked.state in ANSWERED and linked.asked_at is not None and 0 <= time.time() - linked.asked_at < FRESH
