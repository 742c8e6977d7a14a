"""A link between two profiles, followed for one customer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace

from tui.client.errors import KehuError
from tui.client.models import Customer
from tui.desk.outcome import Record
from tui.desk.people.answers import Answers
from tui.desk.people.matching import looked_for
from tui.desk.people.model import Linked, LinkState, Match
from tui.desk.people.neighbour import Neighbour
from tui.store.links import Answer


class Link:
    """The way from our customers to the same people at NEIGHBOUR: its field THEIRS holds what OURS holds here.

    What it leads to is kept in ANSWERS, and the records themselves in the neighbour's directory.
    """

    def __init__(self, answers: Answers, neighbour: Neighbour, theirs: str, ours: str) -> None:
        self._answers = answers
        self.neighbour = neighbour
        self.theirs = theirs
        self.ours = ours
        self._turn = asyncio.Lock()
        """Held by the one look-up that is under way."""

    def match(self, customer: Customer) -> Match | None:
        """By what CUSTOMER is looked for; None where it has nothing to look by."""
        values = looked_for(customer, self.ours)
        return Match(self.theirs, values) if values else None

    async def kept(self, customer: Customer, answer: Answer | None) -> Linked:
        """What is on disk: what ANSWER, the last one about CUSTOMER, leads to; else who is in the directory there."""
        source, match = self.neighbour.source, self.match(customer)
        if match is None:
            return Linked(source, None, LinkState.NOTHING)
        try:
            if answer is not None and (records := await self._still(match, answer)) is not None:
                return self._answered(match, records, answer)
            seen = await self.neighbour.holding(match.theirs, match.values)
        except KehuError as error:
            return Linked(source, match, LinkState.FAILED, error=error)
        one, several = (seen[0], ()) if len(seen) == 1 else (None, tuple(record.customer for record in seen))
        return Linked(source, match, LinkState.UNASKED, one, several)

    async def _still(self, match: Match, answer: Answer) -> Sequence[Record] | None:
        """The records that ANSWER named; None where it counts no more: our value changed, or theirs came or went."""
        if (answer.theirs, answer.values) != (match.theirs, match.values):
            return None
        if not answer.ids:
            return None if await self.neighbour.holding(match.theirs, match.values) else ()
        records = await self.neighbour.seen(answer.ids)
        return records if len(records) == len(answer.ids) else None

    async def ask(self, customer: Customer, kept: Linked) -> Linked:
        """What the vendor answers, which is kept; KEPT is what was known before."""
        if kept.match is None:
            return kept
        try:
            async with self._turn:
                records = await self.neighbour.ask(self.theirs, kept.match.values)
            chosen = kept.record.customer.id if kept.candidates and kept.record else None
            return await self._keep(customer, kept.match, records, chosen, time.time())
        except KehuError as error:
            return replace(kept, state=LinkState.FAILED, error=error)

    async def choose(self, customer: Customer, linked: Linked, candidate_id: str) -> Linked:
        """Take CANDIDATE_ID, which the neighbour's directory has, for the one that LINKED is about."""
        if linked.match is None:
            return linked
        known = [candidate.id for candidate in linked.candidates]
        records = await self.neighbour.seen([*known, *(() if candidate_id in known else (candidate_id,))])
        return await self._keep(customer, linked.match, records, candidate_id, linked.asked_at or time.time())

    async def _keep(
        self, customer: Customer, match: Match, records: Sequence[Record], chosen: str | None, asked_at: float
    ) -> Linked:
        ids = tuple(record.customer.id for record in records)
        answer = Answer(
            customer_id=customer.id,
            profile=self.neighbour.source.profile,
            theirs=match.theirs,
            values=match.values,
            ids=ids,
            chosen=chosen if chosen in ids else None,
            asked_at=asked_at,
        )
        await self._answers.save(answer)
        return self._answered(match, records, answer)

    def _answered(self, match: Match, records: Sequence[Record], answer: Answer) -> Linked:
        """What RECORDS, all that match, come to: of several, only the one that a person chose counts as found."""
        several = len(records) > 1
        found = [one for one in records if not several or one.customer.id == answer.chosen]
        return Linked(
            self.neighbour.source,
            match,
            LinkState.FOUND if found else LinkState.AMBIGUOUS if several else LinkState.MISSING,
            record=found[0] if found else None,
            candidates=tuple(one.customer for one in records) if several else (),
            asked_at=answer.asked_at,
        )
