"""The Desk: everything an agent can do with one profile."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tui.client.errors import N_, KehuError, NetworkError, NotFoundError, UnsupportedError
from tui.client.models import Customer, FieldSpec, FieldValues, FollowEntry, FollowUser, Page, Query, Remark, TagGroup
from tui.client.service import Capabilities, CustomerService, Pulse
from tui.client.values import check_values
from tui.desk.checks import check_follows, check_remarks, follower_of, undoable
from tui.desk.disk import Disk
from tui.desk.outbox import Outbox
from tui.desk.outcome import ChangedSinceError, Conflict, Delivery, FieldChange, FieldConflict, Record
from tui.desk.sender import Progress
from tui.desk.values import changes as changes_of
from tui.desk.values import conflict, from_json, same, to_json, values_of
from tui.locale import _
from tui.store.change import Change, Kind, NewChange, State
from tui.store.directory import Directory, Owner
from tui.store.drafts import Draft
from tui.store.rows import Listing, row_of
from tui.store.store import Store

FIELDS_AGE = 24 * 3600.0
"""Seconds that a kept field configuration is good for: an administrator changes it a few times a year."""


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """Who works where."""

    profile: str
    dialect: str
    place: str
    """`sandbox`, or the vendor's host: what the title bar shows."""
    user_id: str
    """The staff member who acts, as the vendor knows it; may be empty."""
    os_user: str
    host: str
    page_size: int = 100


class Desk:
    """Reads and changes one profile's customers, and keeps what was seen and done on disk.

    Every method raises `KehuError`s alone. A change goes through the outbox: it is on disk before it is sent.
    """

    def __init__(self, settings: DeskSettings, service: CustomerService, store: Store) -> None:
        self.settings = settings
        self._service = service
        self._disk = Disk(store)
        self._outbox = Outbox(service, self._disk, self._announce, self._read_back)
        self._specs: tuple[FieldSpec, ...] | None = None
        self._listeners: list[Callable[[], None]] = []

    # What this vendor can do

    @property
    def capabilities(self) -> Capabilities:
        """What this vendor can do under this profile, and its limits."""
        return self._service.capabilities

    @property
    def pulse(self) -> Pulse | None:
        """What the last answer told of the line."""
        return self._service.pulse

    def why_not(self, operation: str) -> str:
        """Why OPERATION cannot be done here, in the agent's language; empty when it can."""
        if self.capabilities.can(operation):
            return ""
        if operation in self.capabilities.disabled:
            return _("profile {profile} switches this off").format(profile=self.settings.profile)
        return _("{dialect} has no such call").format(dialect=self.settings.dialect)

    def _require(self, operation: str) -> None:
        if reason := self.why_not(operation):
            raise UnsupportedError(N_("cannot {operation}: {reason}"), operation=operation, reason=reason)

    # Reading

    async def page(self, query: Query) -> Page:
        """One page from the vendor; it is kept in the directory.

        Raises: UnsupportedError where the vendor has no list.
        """
        self._require("list")
        page = await self._service.list(query)
        await self._disk.run(lambda store: self._save_page(store.directory, query, page))
        return page

    def _save_page(self, directory: Directory, query: Query, page: Page) -> None:
        """Keep the customers; and the page as such where it has the desk's size, as pages of two sizes do not mix."""
        now, user_id = time.time(), self.settings.user_id
        if query.size == self.settings.page_size:
            directory.save_page(_key(query), page.page, page.size, page.total, page.items, now, user_id)
        else:
            directory.save(page.items, now, user_id, listed=True)

    async def listing(self, query: Query) -> Listing:
        """One page as rows: from the vendor, or from the directory where the vendor has no list."""
        if not self.capabilities.can("list"):
            return await self._known(query)
        page = await self.page(query)
        now = time.time()
        rows = tuple(row_of(customer, now, self.settings.user_id) for customer in page.items)
        return Listing(rows, page.page, page.size, page.total, now, "vendor")

    async def seen(self, query: Query) -> Listing | None:
        """The same page as it was last seen; None where it never was."""
        if not self.capabilities.can("list"):
            return await self._known(query)
        return await self._disk.run(lambda store: store.directory.page(_key(query), query.page))

    async def _known(self, query: Query) -> Listing:
        offset = (query.page - 1) * query.size
        return await self._disk.run(lambda store: store.directory.known(offset, query.size, query.owner))

    async def customer(self, key: str, by: str = "id") -> Record:
        """One customer, read at the vendor and kept; from the directory where the vendor has no read."""
        if not self.capabilities.can("get"):
            record = await self.seen_customer(key)
            if record is None:
                raise NotFoundError(
                    N_("{key} was never seen here, and this profile has no way to read one customer"), key=key
                )
            return record
        try:
            customer = await self._service.get(key, by)
        except NotFoundError:
            if by == "id":
                await self._disk.run(lambda store: store.directory.forget(key))
            raise
        return await self._keep(customer)

    async def seen_customer(self, customer_id: str) -> Record | None:
        """The customer as last seen; None where it never was."""
        found = await self._disk.run(lambda store: store.directory.get(customer_id))
        return Record(found[0], found[1], live=False) if found else None

    async def _keep(self, customer: Customer) -> Record:
        now = time.time()
        await self._disk.run(lambda store: store.directory.save([customer], now, self.settings.user_id))
        return Record(customer, now, live=True)

    async def fields(self, refresh: bool = False) -> tuple[FieldSpec, ...]:
        """The field configuration, read once a run; while the line is down, as it was kept. Empty without one."""
        if not self.capabilities.can("fields"):
            return ()
        if self._specs is None or refresh:
            try:
                specs = await self._service.fields()
            except NetworkError:
                kept = await self._disk.run(lambda store: store.directory.fields())
                if kept is None:
                    raise
                return kept[0]
            await self._disk.run(lambda store: store.directory.save_fields(specs, time.time()))
            self._specs = specs
        return self._specs

    async def owners(self) -> Sequence[Owner]:
        """The colleagues who follow or own somebody in the directory, the busiest first."""
        return await self._disk.run(lambda store: store.directory.owners())

    async def find(self, text: str, limit: int = 100, offset: int = 0) -> Listing:
        """Customers seen whose name, remark, phone, company, tag, owner or id holds TEXT, the best first."""
        return await self._disk.run(lambda store: store.directory.search(text, limit, offset))

    async def history(self, customer_id: str) -> Sequence[Change]:
        """Follow-ups and remarks made from here, the newest first."""
        return await self._disk.run(lambda store: store.changes.history(customer_id))

    async def tags(self) -> tuple[TagGroup, ...]:
        """The vendor's corp tag groups."""
        self._require("tags")
        return await self._service.tags()

    # Changing: every change is on disk before it is sent

    def preview(self, before: Customer, values: FieldValues) -> tuple[FieldChange, ...]:
        """What saving VALUES over BEFORE would change."""
        return changes_of(before, values, self._specs or ())

    async def update(self, before: Customer, values: FieldValues, *, force: bool = False) -> Delivery:
        """Send what of VALUES differs from BEFORE, the record as the agent read it.

        FORCE: the agent has seen what others changed, and decided.
        Raises: ChangedSinceError with the fields that both changed; InvalidError; UnsupportedError.
        """
        wanted = {change.code: change.after for change in self.preview(before, values)}
        return await self._update(before, values_of(before, wanted), wanted, force=force)

    async def _update(
        self, customer: Customer, was: FieldValues, wanted: FieldValues, *, force: bool, undo_of: int | None = None
    ) -> Delivery:
        self._require("update")
        if not wanted:
            return Delivery(customer=customer)
        specs = await self.fields()
        check_values(specs, wanted, creating=False)
        checked = force
        if not force and self.capabilities.can("get"):
            try:
                theirs = (await self.customer(customer.id)).customer
            except NetworkError:
                pass  # the line is down: it is recorded now, and compared when it is sent
            else:
                found = conflict(was, theirs, wanted, specs)
                if found.fields:
                    raise ChangedSinceError(found)
                wanted, checked = found.clear, True
                if not wanted:
                    return Delivery(customer=theirs)
        before = {"values": to_json({code: was[code] for code in wanted})}
        request = {"values": to_json(wanted)}
        new = self._new(Kind.UPDATE, customer, request, before=before, undo_of=undo_of)
        return self._compared(await self._record_and_send([new], checked=checked), wanted)

    async def create(self, values: FieldValues) -> Delivery:
        """Create a customer.

        Raises: InvalidError; UnsupportedError.
        """
        self._require("create")
        check_values(await self.fields(), values, creating=True)
        nobody = Customer(id="", name=str(values.get("name", "")))
        new = self._new(Kind.CREATE, nobody, {"values": to_json(values)})
        return self._compared(await self._record_and_send([new]), values)

    def _compared(self, delivery: Delivery, sent: FieldValues) -> Delivery:
        """DELIVERY with the fields whose value at the vendor is not the one that was SENT."""
        if delivery.customer is None:
            return delivery
        surprises = tuple(
            replace(change, before=change.after, after=change.before, drops=())
            for change in changes_of(delivery.customer, sent, self._specs or ())
        )
        return replace(delivery, surprises=surprises)

    async def delete(self, customer: Customer) -> Delivery:
        """Delete CUSTOMER; the journal keeps it whole."""
        self._require("delete")
        new = self._new(Kind.DELETE, customer, {}, before=customer.model_dump(mode="json"))
        delivery = await self._record_and_send([new])
        if delivery.applied:
            await self._disk.run(lambda store: store.directory.forget(customer.id))
            self._announce()
        return delivery

    async def remark(
        self,
        remarks: Sequence[Remark],
        *,
        seen: FollowUser | None = None,
        on_progress: Progress | None = None,
        undo_of: int | None = None,
    ) -> Delivery:
        """Set REMARKS, in as few calls as the vendor allows.

        SEEN is what the agent read of the one follow user concerned: its remark is read again before it is replaced.
        Raises: ChangedSinceError; InvalidError, and then nothing is sent; UnsupportedError.
        """
        self._require("set_remarks")
        check_remarks(remarks, self.capabilities)
        if seen is not None and self.capabilities.can("get"):
            await self._check_remark(remarks[0], seen)
        news = []
        for remark in remarks:
            customer = await self._known_customer(remark.customer)
            follower = follower_of(customer, remark.user_id)
            texts = remark.model_dump(include={"user_id", "remark", "description"}, exclude_none=True)
            before = {"remark": follower.remark, "description": follower.description} if follower else None
            news.append(
                self._new(Kind.REMARK, customer, texts, before=before, union_id=remark.union_id, undo_of=undo_of)
            )
        return await self._sent_about_customers(news, on_progress)

    async def _check_remark(self, remark: Remark, seen: FollowUser) -> None:
        """Compare what the agent read, SEEN, with what stands there now."""
        try:
            customer = (await self.customer(remark.customer)).customer
        except NetworkError:
            return  # the line is down: it is recorded, and sent when it is back
        now = follower_of(customer, remark.user_id)
        if now is None:
            return
        clashes = tuple(
            FieldConflict(field, label, was, theirs, mine)
            for field, label, was, theirs, mine in (
                ("remark", _("Remark"), seen.remark, now.remark, remark.remark),
                ("description", _("Description"), seen.description, now.description, remark.description),
            )
            if mine is not None and not same(was, theirs) and not same(theirs, mine)
        )
        if clashes:
            raise ChangedSinceError(Conflict(clashes, customer, {}))

    async def follow(self, entries: Sequence[FollowEntry], *, on_progress: Progress | None = None) -> Delivery:
        """Write down follow-ups; where the vendor has none, they are notes kept here alone.

        Raises: InvalidError, and then nothing is sent.
        """
        kept = not self.capabilities.can("add_follows")
        check_follows(entries, needs_union_id=not kept)
        news = []
        for entry in entries:
            customer = await self._known_customer(entry.customer)
            texts = entry.model_dump(mode="json", include={"user_id", "texts"})
            news.append(self._new(Kind.FOLLOW, customer, texts, union_id=entry.union_id, kept=kept))
        if not kept:
            return await self._sent_about_customers(news, on_progress)
        ids = await self._outbox.record(news)
        return Delivery(change_ids=ids, applied=len(ids))

    async def _known_customer(self, customer_id: str) -> Customer:
        known = await self.seen_customer(customer_id)
        return known.customer if known else Customer(id=customer_id)

    async def _sent_about_customers(self, news: Sequence[NewChange], on_progress: Progress | None) -> Delivery:
        """Send NEWS; a single one has its customer read back."""
        delivery = await self._record_and_send(news, on_progress=on_progress)
        if len(news) > 1 or not delivery.applied:
            return delivery
        return replace(delivery, customer=await self._read_back(await self._known_customer(news[0].customer_id)))

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
            repeatable=kind in (Kind.UPDATE, Kind.REMARK),
            undo_of=undo_of,
        )

    async def _record_and_send(
        self, news: Sequence[NewChange], *, checked: bool = False, on_progress: Progress | None = None
    ) -> Delivery:
        ids = await self._outbox.record(news)
        return await self._outbox.deliver(ids, checked=checked, on_progress=on_progress)

    async def _read_back(self, answer: Customer) -> Customer:
        """The record as the vendor has it now; where it cannot be read, as its answer told it."""
        try:
            return (await self.customer(answer.id)).customer
        except KehuError:
            return (await self._keep(answer)).customer

    # The outbox and the journal

    async def start(self) -> None:
        """Put right what a crash left behind, and send what may be sent again."""
        await self._outbox.start()

    async def outbox(self) -> Sequence[Change]:
        """What waits, failed or is unknown, the oldest first."""
        return await self._outbox.items()

    async def outbox_counts(self) -> Mapping[State, int]:
        """How many changes stand in each state."""
        return await self._outbox.counts()

    async def retry(self, ids: Sequence[int]) -> Delivery:
        """Send failed or unknown changes again, because a person says so."""
        return await self._outbox.retry(ids)

    async def discard(self, ids: Sequence[int]) -> None:
        """Throw changes away unsent; the journal keeps them."""
        await self._outbox.discard(ids)

    async def mark_done(self, ids: Sequence[int]) -> None:
        """Take unknown changes for applied, because a person looked."""
        await self._outbox.mark_done(ids)

    async def journal(self, customer_id: str | None = None, limit: int = 200) -> Sequence[Change]:
        """Every change made from here, the newest first."""
        return await self._disk.run(lambda store: store.changes.journal(customer_id, limit))

    async def undo(self, change_id: int, *, force: bool = False) -> Delivery:
        """Write the values before a change again, as a new change with the same check for others' changes.

        Raises: UnsupportedError for what cannot be undone (`undoable` tells beforehand); NotFoundError.
        """
        change = await self._disk.run(lambda store: store.changes.get(change_id))
        if change is None:
            raise NotFoundError(N_("there is no change {id} in the journal"), id=change_id)
        if reason := undoable(change):
            raise UnsupportedError(N_("change {id} cannot be undone: {reason}"), id=change_id, reason=reason)
        before = change.before or {}
        customer = await self._known_customer(change.customer_id)
        if change.kind is Kind.UPDATE:
            was = from_json(change.request["values"])
            return await self._update(customer, was, from_json(before["values"]), force=force, undo_of=change.id)
        texts = {name: before[name] for name in ("remark", "description") if name in change.request}
        remark = Remark(
            customer=change.customer_id, union_id=change.union_id, user_id=change.request["user_id"], **texts
        )
        seen = (
            None
            if force
            else FollowUser(user_id=change.request["user_id"], **{name: change.request[name] for name in texts})
        )
        return await self.remark([remark], seen=seen, undo_of=change.id)

    # Drafts

    async def save_draft(
        self, form: str, target: str, values: Mapping[str, object], seen: Mapping[str, object] | None = None
    ) -> None:
        """Keep what was typed into FORM for TARGET."""
        await self._disk.run(lambda store: store.drafts.save(form, target, values, seen))

    async def draft(self, form: str, target: str) -> Draft | None:
        """What was typed into FORM for TARGET and neither sent nor thrown away."""
        return await self._disk.run(lambda store: store.drafts.get(form, target))

    async def drop_draft(self, form: str, target: str) -> None:
        """Throw a draft away: it was sent, or the agent says so."""
        await self._disk.run(lambda store: store.drafts.delete(form, target))

    async def drafts(self) -> Sequence[Draft]:
        """All drafts, the newest first."""
        return await self._disk.run(lambda store: store.drafts.list())

    # Its life

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have LISTENER called when the outbox, the journal or a kept customer changed; returns how to stop it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _announce(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    async def close(self) -> None:
        """Let the calls under way end, then close the line and the file."""
        await self._outbox.close()
        await self._service.aclose()
        self._disk.close()


def _key(query: Query) -> str:
    """The directory's name for a query, its page apart; empty for all customers."""
    if query.owner is None and not query.conditions:
        return ""
    conditions = [condition.model_dump() for condition in query.conditions]
    return json.dumps({"owner": query.owner, "conditions": conditions}, ensure_ascii=False, sort_keys=True)
