"""After a write: the record is read again and kept, and what is not as it was sent is told."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from tui.desk.checks import follower_of, notes_of
from tui.desk.conflicts import TEXTS
from tui.desk.disk import Disk
from tui.desk.merging import ROWS, STANDARD, told_by, with_remark, with_values
from tui.desk.outbox.result import Sent
from tui.desk.outcome import FieldChange
from tui.desk.values import changes, from_json
from tui.model.change import Change, Kind
from tui.model.customer import Customer, FieldSpec, FieldValues
from tui.model.errors import KehuError
from tui.model.same import same


@dataclass(frozen=True, slots=True)
class ReadBack:
    """The record after a write, and what of it is not as it was sent."""

    customer: Customer | None = None
    surprises: tuple[FieldChange, ...] = ()
    """Sent fields with another value: `before` was sent, `after` is there."""
    meanwhile: tuple[FieldChange, ...] = ()
    """Other fields that the answer to a write has with another value than was last seen."""


class RecordReader:
    """Reads records again. `read` asks the vendor and keeps what it tells; `specs` are the fields as far as known."""

    def __init__(
        self,
        disk: Disk,
        read: Callable[[str], Awaitable[Customer]] | None,
        specs: Callable[[], Awaitable[Sequence[FieldSpec]]],
        user_id: str,
    ) -> None:
        self._disk = disk
        self._read = read
        self._specs = specs
        self._user_id = user_id

    async def after(self, item: Sent) -> ReadBack:
        """The record after the applied change `item`."""
        change = item.change
        customer_id = item.customer.id if item.customer is not None else change.customer_id
        if change.kind is Kind.DELETE:
            await self._disk.run(lambda store: store.directory.forget(customer_id))
            return ReadBack()
        known = await self._known(customer_id)
        if change.kind is Kind.FOLLOW:
            return ReadBack(known)
        specs = await self._specs()
        if self._read is not None:
            try:
                there = await self._read(customer_id)
            except KehuError:
                pass  # the answer to the write has to do
            else:
                if change.kind is Kind.REMARK:
                    return ReadBack(there, _texts_otherwise(there, change))
                return ReadBack(there, _otherwise(there, _sent(change), specs))
        return await self._from_answer(change, item.customer, known or Customer(id=customer_id), specs)

    async def _known(self, customer_id: str) -> Customer | None:
        found = await self._disk.run(lambda store: store.directory.get(customer_id))
        return found[0] if found else None

    async def _from_answer(
        self, change: Change, answer: Customer | None, known: Customer, specs: Sequence[FieldSpec]
    ) -> ReadBack:
        """The record as it was `known`, with what `change` sent and what the `answer`, which may be a part of it,
        tells.
        """
        sent = _sent(change)
        told = {} if answer is None else told_by(answer, specs)
        customer = with_values(known, {**sent, **told})
        if change.kind is Kind.REMARK:
            customer = with_remark(customer, change.request)
        surprises: tuple[FieldChange, ...] = ()
        meanwhile: tuple[FieldChange, ...] = ()
        if answer is not None:
            if answer.raw:
                customer = customer.model_copy(update={"raw": answer.raw})
            surprises = _otherwise(answer, {code: value for code, value in sent.items() if code in told}, specs)
            others = {code: told[code] for code in _comparable(sent, specs) if code in told}
            # Of a record that was never seen nobody knows what it was before.
            meanwhile = changes(known, others, specs) if known.raw else ()
        now = time.time()
        await self._disk.run(lambda store: store.directory.save([customer], now, self._user_id))
        return ReadBack(customer, surprises, meanwhile)


def _otherwise(there: Customer, sent: FieldValues, specs: Sequence[FieldSpec]) -> tuple[FieldChange, ...]:
    """What of `sent` the record has otherwise."""
    found = changes(there, sent, specs)
    return tuple(replace(change, before=change.after, after=change.before, drops=()) for change in found)


def _comparable(sent: FieldValues, specs: Sequence[FieldSpec]) -> Sequence[str]:
    """The fields, but those `sent`, that a person changes: a vendor's own, such as times, change with each write."""
    codes = [spec.code for spec in specs if spec.editable] or STANDARD
    covered = {*sent, *(ROWS[code] for code in sent if code in ROWS)}
    return [code for code in codes if code not in covered]


def _texts_otherwise(there: Customer, change: Change) -> tuple[FieldChange, ...]:
    """Which texts of the remark that `change` sent its colleague has otherwise; none where nothing of it is told."""
    follower = follower_of(there, change.request["user_id"])
    now = notes_of(follower) if follower is not None else {}
    return tuple(
        FieldChange(name, label, change.request[name], now[name])
        for name, label in TEXTS.items()
        if name in now and change.request.get(name) and not same(None, change.request[name], now[name])
    )


def _sent(change: Change) -> FieldValues:
    """The values of the record's fields that `change` sent."""
    return from_json(change.request["values"]) if change.kind in (Kind.CREATE, Kind.UPDATE) else {}
