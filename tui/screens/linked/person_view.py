"""A person as the pane shows it: the customer's own record, and below it a part for each linked profile."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.desk.linked.person import Linked, LinkState, Person, Source
from tui.desk.outcome import Change, Kind, Record, State
from tui.desk.team import RecordPlace
from tui.locale import _
from tui.screens.linked.compared import Compared
from tui.screens.linked.linked_section import linked_part
from tui.screens.main.customer_blocks import Portrait, blocks_of
from tui.screens.main.follow_history import CLOSED, HistoryView
from tui.text import ago
from widgets.blocks import Block

if TYPE_CHECKING:
    from tui.model.customer import FieldSpec
    from tui.model.masking import Masker

TOGETHER = 0.4
"""Seconds in which nobody has begun to read a part: those that come within them stand in the order of the links."""

HISTORY = (Kind.FOLLOW, Kind.REMARK)
"""What the follow history tells; of edits the record itself does."""

SILENT = (LinkState.UNASKED, LinkState.LOOKING)
"""States that tell nothing yet: without a record the part is its heading alone."""


class PersonView:
    """What is known of one person, and in which order it is shown. `specs` are the fields of each profile.

    A part that tells something stands above those that do not yet, and stays where it is: what arrives later is added
    below it.
    """

    def __init__(self, person: Person, specs: Mapping[str, Sequence[FieldSpec]]) -> None:
        self._person = person
        self._specs = specs
        self._links = [linked.source for linked in person.linked]
        self._told: dict[Source, float] = {}
        """The parts that tell something, in the order in which they stand, and when each came (seconds)."""
        self.changes: dict[str, Sequence[Change]] = {}
        """What was made from here with each profile's record, the newest first."""
        self.told: Sequence[Change] = ()
        """What the team did with any of the records, the newest first."""
        self.told_as_of: float | None = None
        """See `Portrait.as_of`."""
        self.names: Mapping[str, str] = {}
        """What the team calls colleagues, by their ids."""
        for linked in person.linked:
            self._place(linked)

    @property
    def records(self) -> list[RecordPlace]:
        """Where the linked records lie."""
        return [
            RecordPlace(one.source.account, one.record.customer.id)
            for one in self._person.linked
            if one.record is not None and one.source.account
        ]

    @property
    def person(self) -> Person:
        """The person, in the order of the parts."""
        told = {source: place for place, source in enumerate(self._told)}
        linked = sorted(self._person.linked, key=lambda linked: told.get(linked.source, len(told)))
        return replace(self._person, linked=tuple(linked))

    @property
    def profiles(self) -> tuple[str, ...]:
        """The customer's own profile, and the linked ones."""
        return (self._person.source.profile, *(linked.source.profile for linked in self._person.linked))

    @property
    def looking(self) -> tuple[str, ...]:
        """The profiles that are being asked."""
        return tuple(one.source.profile for one in self._person.linked if one.state is LinkState.LOOKING)

    def take_own(self, own: Record) -> None:
        """`own` is the customer as it is now."""
        self._person = replace(self._person, own=own)

    def take(self, linked: Linked) -> None:
        """`linked` is what its profile tells now."""
        self._person = self._person.with_answer(linked)
        self._place(linked)

    def take_kept(self, kept: Person) -> None:
        """`kept` is what is on disk now: of whom is being looked for, or was in vain, the record alone."""
        known = {linked.source: linked for linked in self._person.linked}
        self._links = [linked.source for linked in kept.linked]
        self._person = replace(kept, linked=tuple(_newer(known.get(one.source, one), one) for one in kept.linked))
        for linked in self._person.linked:
            self._place(linked)

    def stop_looking(self) -> bool:
        """Nobody looks any more; whether anybody did."""
        looking = [linked for linked in self._person.linked if linked.state is LinkState.LOOKING]
        for linked in looking:
            self.take(replace(linked, state=LinkState.UNASKED))
        return bool(looking)

    def _place(self, linked: Linked) -> None:
        tells = linked.record is not None or linked.state not in SILENT
        if tells and linked.source not in self._told:
            now = time.monotonic()
            order = [*self._told, linked.source]
            fresh = [source for source in order if now - self._told.get(source, now) < TOGETHER]
            settled = [source for source in order if source not in fresh]
            self._told |= {linked.source: now}
            self._told = {source: self._told[source] for source in (*settled, *sorted(fresh, key=self._links.index))}

    def blocks(
        self,
        maskers: Mapping[str, Masker],
        *,
        keeps_history: bool,
        creators: Collection[str],
        offline: Collection[str] = (),
        opened: HistoryView = CLOSED,
        me: str = "",
    ) -> list[Block]:
        """The pane, top down. `keeps_history`, `me`: see `Portrait`; `creators`: where a record can be created, by
        profile; `opened`: what of the follow history is; `maskers`: what hides each profile's values.

        The vendors of the `offline` profiles do not answer: what they told last is as old as it is.
        """
        person = self.person
        compared = Compared(person, maskers)
        own = self._portrait(person.source, person.own, compared, offline, maskers)
        blocks = blocks_of(replace(own, keeps_history=keeps_history, me=me, opened=opened))
        for linked in person.linked:
            profile = linked.source.profile
            record = linked.record
            portrait = self._portrait(linked.source, record, compared, offline, maskers) if record else None
            portrait = replace(portrait, opened=opened) if portrait is not None else None
            changes = self.changes.get(profile, ())
            blocks += linked_part(
                linked,
                portrait,
                changes,
                self._specs.get(profile, ()),
                maskers[profile],
                creates=profile in creators,
                offline=profile in offline,
            )
        return blocks

    def _portrait(
        self,
        source: Source,
        record: Record,
        compared: Compared,
        offline: Collection[str],
        maskers: Mapping[str, Masker],
    ) -> Portrait:
        silent, masker = source.profile in offline, maskers[source.profile]
        age = "" if record.live and not silent else ago(time.time() - record.seen_at)
        changes = [*self.changes.get(source.profile, ()), *self._told_of(source, record)]
        return Portrait(
            record.customer,
            source,
            compared,
            self._specs.get(source.profile, ()),
            [
                masker.change(change)
                for change in changes
                if change.kind in HISTORY and change.state is not State.DISCARDED
            ],
            masker=masker,
            freshness=" · ".join(filter(None, (_("offline") if silent else "", age))),
            names=self.names,
            as_of=self.told_as_of if source == self._person.source else None,
        )

    def _told_of(self, source: Source, own: Record) -> list[Change]:
        """What the team did that stands in the part of `source`: each change in one part, and as it is known here."""
        if not self.told:
            return []
        known = {change.uid for made in self.changes.values() for change in made}
        elsewhere = {*self.records}
        here = RecordPlace(source.account, own.customer.id)
        return [
            change
            for change in self.told
            if change.uid not in known
            and (
                (at := RecordPlace(change.source, change.customer_id)) == here
                or (source == self._person.source and at not in elsewhere)
            )
        ]


def _newer(known: Linked, kept: Linked) -> Linked:
    busy = known.state in (LinkState.LOOKING, LinkState.FAILED) and known.match == kept.match
    return replace(known, record=kept.record) if busy else kept
