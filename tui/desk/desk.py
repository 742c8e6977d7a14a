"""The Desk: everything an agent can do with one profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tui.client.service import CustomerService
from tui.desk.change_labels import deed
from tui.desk.changes_made import change_made, changes_found, changes_made
from tui.desk.checks import (
    check_follows,
    check_masks,
    check_remarks,
    follower_of,
    mendable,
    notes_of,
    undoable,
    without_empty_texts,
)
from tui.desk.conflicts import TEXTS, remark_conflict, texts_conflict, update_conflict
from tui.desk.customer_reader import DeskSettings, Reading
from tui.desk.defaults import with_defaults
from tui.desk.disk import Disk
from tui.desk.drafts import ProfileDrafts
from tui.desk.outbox.queue import Outbox
from tui.desk.outbox.readback import RecordReader
from tui.desk.outbox.result import refuses_reading
from tui.desk.outbox.shares import Progress
from tui.desk.outcome import ChangedSinceError, Conflict, Delivery, FieldChange
from tui.desk.sync import Sync
from tui.desk.values import changes as changes_of
from tui.desk.values import conflict, from_json, to_json, values_of
from tui.locale import _
from tui.model.change import Change, Kind, NewChange, State
from tui.model.customer import Customer, FieldSpec, FieldValues, FollowEntry, FollowUser, Remark
from tui.model.errors import N_, KehuError, NetworkError, NotFoundError, UnsupportedError
from tui.model.masking import masker_of
from tui.model.same import identical
from tui.model.validate import check_values
from tui.store.drafts import DraftId
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.desk.batch.sending import BatchSender
    from tui.desk.insights.insights import InsightsReader
    from tui.desk.next_contacts import WorkingDay
    from tui.desk.team import Team
    from tui.desk.templates import Templates
    from tui.desk.views import Views
    from tui.model.journal_filter import JournalFilter
    from tui.model.team import TeamPreset


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from."""

    draft: DraftId | None = None
    """The draft that it was typed as."""
    undo_of: int | None = None
    """The change that it takes back."""
    replaces: int | None = None
    """The change that it is sent in place of."""


NOWHERE = Origin()


def _origin(draft: DraftId | None, replaces: Change | None) -> Origin:
    """Where a change comes from that was typed as `draft`, in place of the change that it `replaces`."""
    if replaces is None:
        return Origin(draft)
    return Origin(draft, undo_of=replaces.undo_of, replaces=replaces.id)


class Desk(Reading):
    """Reads and changes one profile's customers, and keeps what was seen and done on disk.

    Every method raises `KehuError`s alone. A change goes through the outbox: it is on disk before it is sent.
    """

    def __init__(self, settings: DeskSettings, service: CustomerService, store: Store) -> None:
        super().__init__(settings, service, Disk(store))
        read = self._read if service.capabilities.can("get") else None
        reader = RecordReader(self._disk, read, self.known_fields, settings.user_id)
        self.outbox = Outbox(self._service, self._disk, self.announce, reader.after)
        self.drafts = ProfileDrafts(self._disk)
        self.team: Team | None = None
        """Whoever else works with the same customers; None for a desk that works alone."""
        self.sync = Sync(self._service, self._disk, settings.user_id, self.why_not)
        self._listeners: list[Callable[[], None]] = []
        self.line.subscribe(self._line_changed)

    def _line_changed(self) -> None:
        if self.line.trouble is None:
            self.outbox.line_is_back()

    # What few runs need is loaded by those that do

    @cached_property
    def batches(self) -> BatchSender:
        """Many remarks or follow-ups at once."""
        from tui.desk.batch.sending import BatchSender

        return BatchSender(self.settings, self, self._disk, self.outbox, self.announce)

    @cached_property
    def views(self) -> Views:
        """Lists that are asked for by name."""
        from tui.desk.views import Views

        return Views(self._disk, self.settings.views, self._shared_presets)

    @cached_property
    def templates(self) -> Templates:
        """Texts that are often written."""
        from tui.desk.templates import Templates

        return Templates(self._disk, self.settings.templates, self.settings.user_id, self._shared_presets)

    async def _shared_presets(self) -> Sequence[TeamPreset]:
        """The views and templates that the team shares."""
        return await self.team.presets() if self.team is not None else ()

    @cached_property
    def day(self) -> WorkingDay:
        """Whom to contact when."""
        from tui.desk.next_contacts import WorkingDay

        return WorkingDay(self, self._disk, self.announce)

    def insights(self, query: str = "") -> InsightsReader:
        """Figures about those whom `query` means, or about all who were seen."""
        from tui.desk.insights.insights import InsightsReader

        settings = self.settings
        return InsightsReader(
            self._disk, profile=settings.profile, dialect=settings.dialect, me=settings.user_id, query=query
        )

    # Changing: every change is on disk before it is sent

    def preview(self, before: Customer, values: FieldValues) -> tuple[FieldChange, ...]:
        """What saving `values` over `before` would change."""
        return changes_of(before, values, self._specs or (), equal=identical)

    async def check(self, values: FieldValues, *, creating: bool = False) -> None:
        """Raise InvalidError where an update, or a create, with `values` would be refused before it is recorded."""
        self._check(await self.fields(), values, creating=creating)

    def _check(self, specs: Sequence[FieldSpec], values: FieldValues, *, creating: bool) -> FieldValues:
        """Return `values` in the one form in which they are kept and sent.

        Raises: InvalidError.
        """
        check_masks(specs, values, masker_of(self.settings.mask, specs).hides)
        return check_values(specs, values, creating=creating)

    async def update(
        self,
        before: Customer,
        values: FieldValues,
        *,
        draft: DraftId | None = None,
        replaces: Change | None = None,
    ) -> Delivery:
        """Send what of `values` differs from `before`, the record as the agent read it.

        `draft` is what it was typed as, and `replaces` the change in the outbox that it takes the place of; both are
        gone once the new one is recorded, or once it is clear that there is nothing to send.
        Raises: ChangedSinceError with the fields that both changed; ConflictError where the replaced change was sent
        meanwhile; InvalidError; UnsupportedError.
        """
        wanted = {change.code: change.after for change in self.preview(before, values)}
        delivery = await self._update(before, values_of(before, wanted), wanted, _origin(draft, replaces))
        if replaces is not None and not delivery.change_ids:
            await self.outbox.discard([replaces.id])
        return delivery

    async def _update(
        self, customer: Customer, was: FieldValues, wanted: FieldValues, origin: Origin, *, force: bool = False
    ) -> Delivery:
        self._require("update")
        if not wanted:
            return Delivery(customer=customer)
        specs = await self.fields()
        wanted = self._check(specs, wanted, creating=False)
        theirs = None if force else await self._there(customer.id)
        if theirs is not None:
            found = conflict(was, theirs, wanted, specs)
            if found.fields:
                raise ChangedSinceError(found)
            wanted = found.clear
            if not wanted:
                return Delivery(customer=theirs)
        before = {"values": to_json({code: was[code] for code in wanted})}
        request = {"values": to_json(wanted)}
        new = self._new(Kind.UPDATE, customer, request, before=before, undo_of=origin.undo_of)
        return await self._record_and_send([new], origin, checked=force or theirs is not None)

    async def _there(self, customer_id: str) -> Customer | None:
        """The record as it is now. None: the line is down, and it is compared when it is sent; or this profile cannot
        read any, and it is compared with the vendor's answer.

        Raises: KehuError, such as NotFoundError.
        """
        if not self.capabilities.can("get"):
            return None
        try:
            return await self._read(customer_id)
        except KehuError as error:
            if isinstance(error, NetworkError) or refuses_reading(error):
                return None
            raise

    async def create(
        self, values: FieldValues, *, draft: DraftId | None = None, replaces: Change | None = None
    ) -> Delivery:
        """Create a customer with `values`, and the defaults of the fields that `values` does not name.

        `draft` is what it was typed as, and `replaces` the change that it takes the place of; both are gone once the
        new one is recorded.

        Raises: ConflictError where the replaced change was sent meanwhile; InvalidError; UnsupportedError.
        """
        self._require("create")
        specs = await self.fields()
        values = with_defaults(specs, values)
        values = self._check(specs, values, creating=True)
        nobody = Customer(id="", name=str(values.get("name", "")))
        new = self._new(Kind.CREATE, nobody, {"values": to_json(values)})
        return await self._record_and_send([new], _origin(draft, replaces))

    async def delete(self, customer: Customer) -> Delivery:
        """Delete `customer`; the journal keeps it whole."""
        self._require("delete")
        new = self._new(Kind.DELETE, customer, {}, before=customer.model_dump(mode="json"))
        return await self._record_and_send([new])

    async def remark(
        self,
        remarks: Sequence[Remark],
        *,
        seen: FollowUser | None = None,
        on_progress: Progress | None = None,
        draft: DraftId | None = None,
        replaces: Change | None = None,
    ) -> Delivery:
        """Set `remarks`, in as few calls as the vendor allows. An empty text is left out: what stands there stays.

        `seen` is what the agent read of the one follow user concerned: its remark is read again before it is replaced.
        `draft` is what they were typed as, and `replaces` the change that they take the place of; both are gone once
        they are recorded.
        Raises: ChangedSinceError; ConflictError where the replaced change was sent meanwhile; InvalidError, and then
        nothing is sent; UnsupportedError.
        """
        self._require("set_remarks")
        remarks = [without_empty_texts(remark) for remark in remarks]
        check_remarks(remarks, self.capabilities)
        if seen is not None:
            await self._check_remark(remarks[0], seen)
        return await self._remark(remarks, _origin(draft, replaces), on_progress)

    async def _remark(self, remarks: Sequence[Remark], origin: Origin, on_progress: Progress | None = None) -> Delivery:
        news = []
        customers = await self._known_customers([remark.customer for remark in remarks])
        for remark, customer in zip(remarks, customers, strict=True):
            follower = follower_of(customer, remark.user_id)
            texts = remark.model_dump(include={"user_id", "remark", "description"}, exclude_none=True)
            before = notes_of(follower) if follower else None
            new = self._new(
                Kind.REMARK, customer, texts, before=before, union_id=remark.union_id, undo_of=origin.undo_of
            )
            news.append(new)
        return await self._record_and_send(news, origin, checked=True, on_progress=on_progress)

    async def _check_remark(self, remark: Remark, seen: FollowUser) -> None:
        """Compare what the agent read, `seen`, with what stands there now."""
        theirs = await self._there(remark.customer)
        if theirs is None:
            return
        mine = remark.model_dump(include={"remark", "description"}, exclude_none=True)
        found = texts_conflict(theirs, remark.user_id, notes_of(seen), mine)
        if found.fields:
            raise ChangedSinceError(found)

    async def follow(
        self,
        entries: Sequence[FollowEntry],
        *,
        on_progress: Progress | None = None,
        draft: DraftId | None = None,
        replaces: Change | None = None,
    ) -> Delivery:
        """Write down follow-ups; where the vendor has none, they are notes kept here alone.

        `draft` is what they were typed as, and `replaces` the change that they take the place of; both are gone once
        they are recorded.

        Raises: ConflictError where the replaced change was sent meanwhile; InvalidError, and then nothing is sent.
        """
        kept = not self.capabilities.can("add_follows")
        check_follows(entries, self.capabilities)
        news = []
        customers = await self._known_customers([entry.customer for entry in entries])
        for entry, customer in zip(entries, customers, strict=True):
            texts = entry.model_dump(mode="json", include={"user_id", "texts"})
            news.append(self._new(Kind.FOLLOW, customer, texts, union_id=entry.union_id, kept=kept))
        if not kept:
            return await self._record_and_send(news, _origin(draft, replaces), on_progress=on_progress)
        ids = await self.outbox.record(news, draft=draft)
        return Delivery(change_ids=ids, applied=len(ids))

    async def _known_customers(self, ids: Sequence[str]) -> Sequence[Customer]:
        """The customers `ids` as last seen; of one who never was, the id alone."""
        known = await self._disk.run(lambda store: store.directory.get_many(ids))
        return [known[id][0] if id in known else Customer(id=id) for id in ids]

    def _new(
        self,
        kind: Kind,
        customer: Customer,
        request: dict[str, Any],
        *,
        before: dict[str, Any] | None = None,
        union_id: str | None = None,
        undo_of: int | None = None,
        kept: bool = False,
    ) -> NewChange:
        return NewChange(
            kind=kind,
            state=State.KEPT if kept else State.PENDING,
            customer_id=customer.id,
            customer_name=customer.name,
            union_id=union_id or customer.union_id,
            user_id=request.get("user_id") or self.settings.user_id,
            request=request,
            before=before,
            os_user=self.settings.os_user,
            host=self.settings.host,
            profile=self.settings.profile,
            source=self.settings.source,
            author=self.settings.author,
            repeatable=kind in (Kind.UPDATE, Kind.REMARK),
            undo_of=undo_of,
        )

    async def _record_and_send(
        self,
        news: Sequence[NewChange],
        origin: Origin = NOWHERE,
        *,
        checked: bool = False,
        on_progress: Progress | None = None,
    ) -> Delivery:
        ids = await self.outbox.record(news, draft=origin.draft, replaces=origin.replaces)
        return await self.outbox.deliver(ids, checked=checked, on_progress=on_progress)

    # The outbox and the journal

    async def start(self) -> None:
        """Put right what a crash left behind, and send what may be sent again."""
        await self.outbox.start()

    async def journal(
        self, customer_id: str | None = None, limit: int = 200, wanted: JournalFilter | None = None
    ) -> Sequence[Change]:
        """Every change made from here, the newest first; those alone that `wanted` means, where given."""
        if wanted is None or wanted.is_empty:
            return await self._disk.run(lambda store: changes_made(store, customer_id, limit))
        return await self._disk.run(lambda store: changes_found(store, wanted, customer_id, limit))

    async def journal_authors(self) -> Sequence[str]:
        """Who did something from here, by their ids, folded; the busiest first."""
        return await self._disk.read(lambda store: store.deeds.authors())

    async def undo(self, change_id: int, *, force: bool = False) -> Delivery:
        """Write the values before a change again, as a new change with the same check for others' changes.

        Raises: UnsupportedError for what cannot be undone (`undoable` tells beforehand); NotFoundError.
        """
        change = await self._disk.run(lambda store: change_made(store, change_id))
        if change is None:
            raise NotFoundError(N_("there is no change {id} in the journal"), id=change_id)
        if reason := undoable(change):
            raise UnsupportedError(N_("change {id} cannot be undone: {reason}"), id=change_id, reason=reason)
        before = change.before or {}
        (customer,) = await self._known_customers([change.customer_id])
        if change.kind is Kind.UPDATE:
            was = from_json(change.request["values"])
            wanted = from_json(before["values"])
            return await self._update(customer, was, wanted, Origin(undo_of=change.id), force=force)
        texts = {name: before[name] for name in TEXTS if name in change.request and before[name]}
        remark = _remark_of(change, texts)
        check_remarks([remark], self.capabilities)
        if not force:
            written = {name: change.request[name] for name in texts}
            await self._check_remark(remark, FollowUser(user_id=remark.user_id, **written))
        return await self._remark([remark], Origin(undo_of=change.id))

    async def conflict_for(self, change: Change) -> Conflict:
        """What stands against `change`, which failed as a conflict, by now: the record is read again.

        Raises: KehuError where it cannot be read.
        """
        theirs = await self._read(change.customer_id)
        if change.kind is Kind.UPDATE:
            return update_conflict(change, theirs, specs=await self.fields())
        return remark_conflict(change, theirs)

    async def take_out(self, change: Change) -> bool:
        """Keep `change` from being sent by itself while a person mends it; whether it was to be sent.

        Raises: UnsupportedError where it cannot be mended, or went out this moment.
        """
        reason = mendable(change)
        waits = change.state is State.PENDING
        if not reason and waits and not await self.outbox.hold(change.id):
            reason = _("it is being sent right now")
        if reason:
            raise UnsupportedError(N_("{kind} cannot be opened: {reason}"), kind=deed(change), reason=reason)
        return waits

    async def resolve(self, change: Change, theirs: Customer, wanted: FieldValues) -> Delivery:
        """Send `wanted`, what the agent decided over `theirs`, the record as it was then, as a new change.

        `change` stands in the way of another's: one that failed so is thrown away, and stays in the journal; one that
        is at the vendor is being undone. Where nothing is `wanted`, nothing is sent.
        Raises: ChangedSinceError where the record changed once more.
        """
        undoing = change.state is State.SENT
        if not wanted:
            if not undoing:
                await self.outbox.discard([change.id])
            return Delivery(customer=theirs)
        origin = Origin(undo_of=change.id) if undoing else Origin(undo_of=change.undo_of, replaces=change.id)
        if change.kind is Kind.UPDATE:
            return await self._update(theirs, values_of(theirs, wanted), wanted, origin)
        remark = _remark_of(change, wanted)
        check_remarks([remark], self.capabilities)
        seen = follower_of(theirs, remark.user_id)
        if seen is not None:
            await self._check_remark(remark, seen)
        return await self._remark([remark], origin)

    # Its life

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have `listener` called when the outbox, the journal or a kept customer changed; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def announce(self) -> None:
        """Tell whoever subscribed that something changed."""
        for listener in tuple(self._listeners):
            listener()

    async def close(self) -> None:
        """Let the calls under way end, then close the line and the file."""
        await self.outbox.close()
        if self.team is not None:
            await self.team.close()
        await super().close()


def _remark_of(change: Change, texts: Mapping[str, Any]) -> Remark:
    """A remark with `texts` where `change`, a remark, was."""
    return Remark(customer=change.customer_id, union_id=change.union_id, user_id=change.request["user_id"], **texts)
