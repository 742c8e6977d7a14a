"""A link between two profiles, followed for one customer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.desk.disk import Disk
from tui.desk.linked.linked_profile import LinkedProfile
from tui.desk.linked.matching import looked_for
from tui.desk.linked.person import Linked, LinkState, Match
from tui.desk.outcome import Record
from tui.model.customer import Customer
from tui.model.errors import N_, ConfigError, InvalidError, KehuError
from tui.model.field_names import find_field
from tui.model.naming import CUSTOM
from tui.store.links import LinkAnswer

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.customer import FieldSpec


async def outlook(link: Link, own: Desk) -> tuple[str, ...]:
    """The profiles whose fields would have to be read before it is certain that `link`, from `own`, works; mostly none.

    Raises: KehuError with what stands in its way: a credential that cannot be had, or a field that is not there.
    """
    there = await link.linked_profile.desk()
    ours, theirs = await own.kept_fields(), await there.kept_fields()
    _check(link.ours, ours, own)
    spec = _check(link.theirs, theirs, there)
    if spec is not None and not spec.searchable:
        raise ConfigError(
            N_("profile {profile} does not search by {field}"),
            todo=N_("Let it be searched in the vendor's console, or link by another field."),
            profile=there.settings.profile,
            field=link.theirs,
        )
    used = ((link.ours, ours, own), (link.theirs, theirs, there))
    return tuple(desk.settings.profile for field, specs, desk in used if field.startswith(CUSTOM) and specs is None)


def _check(field: str, specs: Sequence[FieldSpec] | None, desk: Desk) -> FieldSpec | None:
    """The tenant's own `field`, where it is one and `specs` are known."""
    if specs is None or not field.startswith(CUSTOM):
        return None
    try:
        return find_field(specs, field)
    except InvalidError as error:
        raise ConfigError(
            N_("profile {profile} has no field {field}"),
            todo=N_("See its codes: kehu fields --profile {profile}"),
            profile=desk.settings.profile,
            field=field,
        ) from error


class Answers:
    """The answers of one profile's links."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def of(self, customer_ids: Sequence[str]) -> dict[tuple[str, str], LinkAnswer]:
        """Every answer about `customer_ids`, by customer and by the profile that was asked."""
        found = await self._disk.run(lambda store: store.links.of(customer_ids))
        return {(answer.customer_id, answer.profile): answer for answer in found}

    async def whose(self, profile: str, id: str) -> Sequence[str]:
        """Our customers to whom the record `id` at `profile` belongs, as far as anybody looked."""
        return await self._disk.run(lambda store: store.links.whose(profile, id))

    async def save(self, answer: LinkAnswer) -> None:
        """Keep `answer` in place of the last one."""
        await self._disk.run(lambda store: store.links.save(answer))


class Link:
    """The way from our customers to the same people at NEIGHBOUR: its field `theirs` holds what `ours` holds here.

    What it leads to is kept in `answers`, and the records themselves in the linked profile's directory.
    """

    def __init__(self, answers: Answers, linked_profile: LinkedProfile, theirs: str, ours: str) -> None:
        self._answers = answers
        self.linked_profile = linked_profile
        self.theirs = theirs
        self.ours = ours
        self._turn = asyncio.Lock()
        """Held by the one look-up that is under way."""

    def match(self, customer: Customer) -> Match | None:
        """By what `customer` is looked for; None where it has nothing to look by."""
        values = looked_for(customer, self.ours)
        return Match(self.theirs, values) if values else None

    async def kept(self, customer: Customer, answer: LinkAnswer | None) -> Linked:
        """What is on disk: what `answer`, the last one about `customer`, leads to; else who is in the directory
        there.
        """
        source, match = self.linked_profile.source, self.match(customer)
        if match is None:
            return Linked(source, None, LinkState.NOTHING)
        try:
            if answer is not None and (records := await self._still(match, answer)) is not None:
                return self._answered(match, records, answer)
            seen = await self.linked_profile.holding(match.theirs, match.values)
        except KehuError as error:
            return Linked(source, match, LinkState.FAILED, error=error)
        one, several = (seen[0], ()) if len(seen) == 1 else (None, tuple(record.customer for record in seen))
        return Linked(source, match, LinkState.UNASKED, one, several)

    async def _still(self, match: Match, answer: LinkAnswer) -> Sequence[Record] | None:
        """The records that `answer` named; None where it counts no more: our value changed, or theirs came or went."""
        if (answer.theirs, answer.values) != (match.theirs, match.values):
            return None
        if not answer.ids:
            return None if await self.linked_profile.holding(match.theirs, match.values) else ()
        records = await self.linked_profile.seen(answer.ids)
        return records if len(records) == len(answer.ids) else None

    async def ask(self, customer: Customer, kept: Linked) -> Linked:
        """What the vendor answers, which is kept; `kept` is what was known before."""
        if kept.match is None:
            return kept
        try:
            async with self._turn:
                records = await self.linked_profile.ask(self.theirs, kept.match.values)
            chosen = kept.record.customer.id if kept.candidates and kept.record else None
            return await self._keep(customer, kept.match, records, chosen, time.time())
        except KehuError as error:
            return replace(kept, state=LinkState.FAILED, error=error)

    async def choose(self, customer: Customer, linked: Linked, candidate_id: str) -> Linked:
        """Take `candidate_id`, which the linked profile's directory has, for the one that `linked` is about."""
        if linked.match is None:
            return linked
        known = [candidate.id for candidate in linked.candidates]
        records = await self.linked_profile.seen([*known, *(() if candidate_id in known else (candidate_id,))])
        return await self._keep(customer, linked.match, records, candidate_id, linked.asked_at or time.time())

    async def _keep(
        self, customer: Customer, match: Match, records: Sequence[Record], chosen: str | None, asked_at: float
    ) -> Linked:
        ids = tuple(record.customer.id for record in records)
        answer = LinkAnswer(
            customer_id=customer.id,
            profile=self.linked_profile.source.profile,
            theirs=match.theirs,
            values=match.values,
            ids=ids,
            chosen=chosen if chosen in ids else None,
            asked_at=asked_at,
        )
        await self._answers.save(answer)
        return self._answered(match, records, answer)

    def _answered(self, match: Match, records: Sequence[Record], answer: LinkAnswer) -> Linked:
        """What `records`, all that match, come to: of several, only the one that a person chose counts as found."""
        several = len(records) > 1
        found = [one for one in records if not several or one.customer.id == answer.chosen]
        return Linked(
            self.linked_profile.source,
            match,
            LinkState.FOUND if found else LinkState.AMBIGUOUS if several else LinkState.MISSING,
            record=found[0] if found else None,
            candidates=tuple(one.customer for one in records) if several else (),
            asked_at=answer.asked_at,
        )
