"""People: the customers of one profile, with their records at the profiles that it is linked to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.client.models import Customer, FieldSpec, FieldValues
from tui.desk.outcome import Change, Record
from tui.desk.people.answers import Answers
from tui.desk.people.creating import filled
from tui.desk.people.link import Link
from tui.desk.people.model import Linked, LinkState, Person, Source

if TYPE_CHECKING:
    from tui.client.errors import KehuError
    from tui.desk.desk import Desk

FRESH = 600.0
"""Seconds for which an answer is not asked for again by itself: a customer is often opened twice in one talk."""

ANSWERED = frozenset({LinkState.FOUND, LinkState.MISSING, LinkState.AMBIGUOUS})
"""States that a vendor's answer led to."""


class People:
    """Follows LINKS from SOURCE, one profile, whose customers ANSWERS are about.

    No link costs a request until `look` is asked for it, nor a credential or a connection. Every method raises
    `KehuError`s alone; what goes wrong at one neighbour is told in its `Linked`.
    """

    def __init__(self, source: Source, answers: Answers, links: Sequence[Link]) -> None:
        self.source = source
        self._answers = answers
        self._links: Mapping[str, Link] = {link.neighbour.source.profile: link for link in links}

    @property
    def links(self) -> tuple[Link, ...]:
        """The links, in the order of the configuration."""
        return tuple(self._links.values())

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where else a person is looked for."""
        return tuple(link.neighbour.source for link in self.links)

    @property
    def notices(self) -> tuple[KehuError, ...]:
        """What there is to tell about how the neighbours' files opened, such as a damaged one that was set aside."""
        return tuple(notice for link in self.links for notice in link.neighbour.notices)

    async def open_files(self) -> tuple[KehuError, ...]:
        """Open the neighbours' files; the `notices`. One that cannot be opened is told of in its own part."""
        await asyncio.gather(*(link.neighbour.seen(()) for link in self.links), return_exceptions=True)
        return self.notices

    async def kept(self, own: Record) -> Person:
        """OWN with what its links led to last, from disk alone."""
        return Person(own, self.source, await self._kept(own.customer))

    async def _kept(self, customer: Customer) -> tuple[Linked, ...]:
        answers = await self._answers.of([customer.id]) if self._links else {}
        kept = (link.kept(customer, answers.get((customer.id, profile))) for profile, link in self._links.items())
        return tuple(await asyncio.gather(*kept))

    async def look(self, customer: Customer, *, refresh: bool = False) -> AsyncGenerator[Linked, None]:
        """What each link leads to, as it comes: what is on disk, LOOKING where the vendor is asked, then its answer.

        What was answered in the last ten minutes is not asked for again, unless to REFRESH. Closing the iterator
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
        """Take one of LINKED's candidates, or a record just created there, for CUSTOMER's; it is remembered."""
        return await self._links[linked.source.profile].choose(customer, linked, candidate_id)

    async def desk(self, profile: str) -> Desk:
        """The desk of a linked PROFILE: what is changed there goes through its own outbox and journal.

        Raises: KehuError where it cannot be opened.
        """
        return await self._links[profile].neighbour.desk()

    async def fields(self, profile: str) -> tuple[FieldSpec, ...]:
        """The fields of a linked PROFILE as they were last read there, from disk alone."""
        return await self._links[profile].neighbour.fields()

    async def journal(self, profile: str, customer_id: str) -> Sequence[Change]:
        """Every change made from here to the customer CUSTOMER_ID of a linked PROFILE, from disk alone."""
        return await self._links[profile].neighbour.journal(customer_id)

    async def unsettled(self) -> Mapping[str, int]:
        """How many changes wait, failed or are unknown at each linked profile where any do, from disk alone."""
        counts = await asyncio.gather(
            *(link.neighbour.unsettled() for link in self._links.values()), return_exceptions=True
        )
        found = zip(self._links, counts, strict=True)
        return {profile: count for profile, count in found if not isinstance(count, BaseException) and count}

    async def for_create(self, person: Person, profile: str) -> FieldValues:
        """What a record of PERSON at PROFILE would be filled with, the field that it is looked for by included.

        Raises: KehuError where the fields there cannot be read.
        """
        link = self._links[profile]
        desk = await link.neighbour.desk()
        return filled(person, link.match(person.own.customer), await desk.fields())

    async def known_in(self, customers: Sequence[Customer]) -> Mapping[str, tuple[str, ...]]:
        """In which profiles each of CUSTOMERS is, by id, as far as is known on disk; this one first."""
        answers = await self._answers.of([customer.id for customer in customers]) if self._links else {}
        known = {customer.id: [self.source.profile] for customer in customers}
        for profile, link in self._links.items():
            for customer in customers:
                kept = await link.kept(customer, answers.get((customer.id, profile)))
                if kept.record or kept.candidates:
                    known[customer.id].append(profile)
        return {id: tuple(profiles) for id, profiles in known.items()}

    async def close(self) -> None:
        """Close the neighbours' desks."""
        await asyncio.gather(*(link.neighbour.close() for link in self._links.values()))


def _is_fresh(linked: Linked) -> bool:
    return linked.state in ANSWERED and linked.asked_at is not None and 0 <= time.time() - linked.asked_at < FRESH
