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
        """What is on disk: what ANSWER, the last one about CUSTOMER, leads to; else who is in the directory there.

        An answer counts as long as it fits both records: a person who has gone from the directory there, or come into
        it, since, is to be asked for again.
        """
        match = self.match(customer)
        if match is None:
            return Linked(self.neighbour.source, None, LinkState.NOTHING)
        if answer is not None and (answer.theirs, answer.values) != (match.theirs, match.values):
            answer = None  # our record has changed since
        source = self.neighbour.source
        try:
            records = await self.neighbour.seen(answer.ids) if answer is not None else []
            if answer is not None and records and len(records) == len(answer.ids):
                return self._answered(match, records, answer)
            seen = await self.neighbour.holding(self.theirs, match.values)
        except KehuError as error:
            return Linked(source, match, LinkState.FAILED, error=error)
        if answer is not None and not answer.ids and not seen:
            return self._answered(match, (), answer)
        one, several = (seen[0], ()) if len(seen) == 1 else (None, tuple(record.customer for record in seen))
        return Linked(source, match, LinkState.UNASKED, one, several)

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
        profile = self.neighbour.source.profile
        answer = Answer(
            customer.id, profile, match.theirs, match.values, ids, chosen if chosen in ids else None, asked_at
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
