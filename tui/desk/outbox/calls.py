"""One call to the vendor for each kind of change, from what stands in the outbox."""

from __future__ import annotations

import time
from collections.abc import Sequence

from tui.client.service import CustomerService
from tui.desk.changes_made import told
from tui.desk.conflicts import FRESH, remark_conflict, since, update_conflict
from tui.desk.disk import Disk
from tui.desk.outbox.result import Sent, after_error, applied, of_batch, refuses_reading
from tui.desk.outcome import ChangedSinceError
from tui.desk.values import from_json
from tui.model.change import Change, Kind
from tui.model.customer import Customer, FieldSpec, FollowEntry, FollowText, Remark
from tui.model.errors import N_, KehuError, NetworkError, NotFoundError, OutcomeUnknownError, VendorError


class Calls:
    """Performs claimed changes. What is sent later than it was typed is compared with the record as it is by then."""

    def __init__(self, service: CustomerService, disk: Disk) -> None:
        self._service = service
        self._disk = disk

    async def perform(self, claimed: Sequence[Change], checked: bool) -> list[Sent]:
        """Send `claimed`, all of one kind, in one call; what became of each.

        `checked`: they were compared with the vendor's record just now.
        Raises: KehuError where the call as a whole failed.
        """
        change = claimed[0]
        match change.kind:
            case Kind.UPDATE:
                return [await self._update(change, checked)]
            case Kind.CREATE:
                created = await self._service.create(from_json(change.request["values"]))
                return [applied(change, created.answer, created.customer)]
            case Kind.DELETE:
                return [await self._delete(change)]
            case Kind.REMARK:
                return await self._remarks(claimed, checked)
            case _:
                result = await self._service.add_follows([follow_of(item) for item in claimed])
                return of_batch(claimed, result)

    async def _update(self, change: Change, checked: bool) -> Sent:
        values = from_json(change.request["values"])
        theirs = None if checked else await self._there(change)
        if theirs is not None:
            found = update_conflict(change, theirs, await self._sent_since(change), await self._specs())
            if found.fields:
                raise ChangedSinceError(found)
            values = dict(found.clear)
            if not values:
                return applied(change, customer=theirs)
        if theirs is None:
            kept = await self._disk.run(lambda store: store.directory.get(change.customer_id))
            theirs = kept[0] if kept else None
        updated = await self._service.update(change.customer_id, values, theirs)
        return applied(change, updated.answer, updated.customer)

    async def _remarks(self, claimed: Sequence[Change], checked: bool) -> list[Sent]:
        """Remarks in one call. Those that were not compared just now, or have waited since, are compared first."""
        held: list[Sent] = []
        going: list[Change] = []
        for place, change in enumerate(claimed):
            verdict = None if checked or _is_summed_up(change) else await self._compared_remark(change)
            if verdict is None:
                going.append(change)
                continue
            held.append(verdict)
            if isinstance(verdict.error, NetworkError):  # nor would the others be read
                error = verdict.error
                held += [Sent(left, after_error(left, error), error=error) for left in claimed[place + 1 :]]
                break
        if going:
            result = await self._service.set_remarks([remark_of(change) for change in going])
            held += of_batch(going, result)
        return sorted(held, key=lambda item: item.change.id)

    async def _compared_remark(self, change: Change) -> Sent | None:
        """What is clear of `change` before it is sent: that it is there already, or a conflict; None: it may go."""
        try:
            theirs = await self._there(change) if change.before is not None else None
        except KehuError as error:
            return Sent(change, after_error(change, error), error=error)
        if theirs is None:
            return None
        found = remark_conflict(change, theirs, await self._sent_since(change))
        if found.fields:
            conflict_for = ChangedSinceError(found)
            return Sent(change, after_error(change, conflict_for), error=conflict_for)
        return None if found.clear else applied(change)

    async def _there(self, change: Change) -> Customer | None:
        """The record that `change` is about as it is now; None where this profile cannot read any.

        Raises: KehuError where it could, and did not.
        """
        if not self._service.capabilities.can("get"):
            return None
        try:
            return await self._service.get(change.customer_id)
        except KehuError as error:
            if refuses_reading(error):
                return None
            raise

    async def _specs(self) -> Sequence[FieldSpec]:
        """The field configuration as it was last read: by it values are compared."""
        kept = await self._disk.run(lambda store: store.directory.fields())
        return kept[0] if kept else ()

    async def _sent_since(self, change: Change) -> Sequence[Change]:
        journal = await self._disk.run(lambda store: told(store, change.customer_id, before=change.uid))
        return since(change, journal)

    async def _delete(self, change: Change) -> Sent:
        """One delete. Where its answer is lost and the record is gone, it was done; a record that is still there says
        nothing so soon, as the vendor may be at it."""
        try:
            return applied(change, await self._service.delete(change.customer_id))
        except NotFoundError as error:
            return applied(change, error.answer)  # gone already: what was asked for is true
        except OutcomeUnknownError:
            if await self._is_there(change) is not False:
                raise
            return applied(change)

    async def look_for_deleted(self, change: Change) -> Sent | None:
        """What reading the record tells of `change`, a delete of which nobody knows.

        Gone means that it was done. A record that is still there means that it was not, but only once the vendor has
        had time to do it (`seconds_left`). None: it cannot be told yet.
        """
        due = self.seconds_left(change) <= 0
        there = await self._is_there(change)
        if there is None or (there and not due):
            return None
        if not there:
            return applied(change)
        undone = VendorError(
            N_("{name} was not deleted: the call was lost and the record is still there"),
            todo=N_("Delete it again from the outbox."),
            name=change.customer_name or change.customer_id,
        )
        return Sent(change, after_error(change, undone), error=undone)

    def seconds_left(self, change: Change) -> float:
        """How long the vendor may still be at work on `change`, whose call was lost: as long again as the call is
        waited for, from when it was given up. Of a call whose program was killed, that is at the latest when the call
        would have been given up."""
        within = self._service.capabilities.answer_within
        sent_at, given_up_at = change.sent_at or 0.0, change.settled_at or 0.0
        if given_up_at < sent_at:
            given_up_at = sent_at + within
        left = given_up_at + within - time.time()
        return left if left <= 2 * within else 0.0  # the clock was set back

    async def _is_there(self, change: Change) -> bool | None:
        """Whether the vendor has the record of `change` at this moment; None where it does not say."""
        try:
            await self._service.get(change.customer_id)
        except NotFoundError as error:
            return False if error.certain else None
        except KehuError:
            return None
        return True


def _is_summed_up(change: Change) -> bool:
    """`change` is of a batch that was compared as a whole, a short while ago."""
    return change.batch is not None and change.created_at > time.time() - FRESH


def remark_of(change: Change) -> Remark:
    """The remark that `change` sends."""
    return Remark(
        customer=change.customer_id,
        union_id=change.union_id,
        user_id=change.request["user_id"],
        remark=change.request.get("remark"),
        description=change.request.get("description"),
    )


def follow_of(change: Change) -> FollowEntry:
    """The follow-ups that `change` sends."""
    return FollowEntry(
        customer=change.customer_id,
        union_id=change.union_id,
        user_id=change.request["user_id"],
        texts=tuple(FollowText.model_validate(text) for text in change.request["texts"]),
    )
