"""Two records of one person become one: what the one lacks is saved in it, and then the other is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.desk.duplicates.comparing import Alike, compared
from tui.desk.outcome import Delivery, State
from tui.locale import _, listed
from tui.model.customer import Customer, FieldSpec, FieldValues
from tui.model.errors import N_, ConflictError, KehuError, UnsupportedError

if TYPE_CHECKING:
    from tui.desk.desk import Desk

NEEDED = {"get": N_("read"), "update": N_("edit"), "delete": N_("delete")}
"""The vendor's operations that it takes, and what people call them."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """How far it came."""

    update: Delivery
    """What was saved in the record that stays."""
    deletion: Delivery | None = None
    """None where nothing was to be deleted, as the update is not saved as it was sent; `unsent` where something came
    between."""

    @property
    def ok(self) -> bool:
        """The vendor has one record now, as it was sent."""
        return self.update.ok and self.deletion is not None and self.deletion.ok


def why_not(desk: Desk) -> str:
    """Why two records cannot be merged at this vendor, in the agent's language; empty when they can."""
    for operation, name in NEEDED.items():
        if reason := desk.why_not(operation):
            return _("{operation}: {reason}").format(operation=_(name), reason=reason)
    return ""


async def merge_records(desk: Desk, stays: Customer, goes: Customer, values: FieldValues) -> MergeResult:
    """Save `values` in the record `stays`; once the vendor's answer says that they are, delete the record `goes`.

    Both are as the agent compared them, and are read again before anything is sent; the one that goes also before it
    is deleted. Each change stands in the journal on its own: the update can be undone, and the deleted record is
    kept whole.

    Raises: ConflictError where one of them was changed since, or a change of one still waits, and then nothing was
    done; NotFoundError where one is gone; InvalidError; UnsupportedError; NetworkError.
    """
    if reason := why_not(desk):
        raise UnsupportedError(N_("cannot merge: {reason}"), reason=reason)
    await _check_settled(desk, (stays, goes))
    specs = await desk.fields()
    await _unchanged(desk, stays, specs)
    await _unchanged(desk, goes, specs)
    update = await desk.update(stays, values)
    if not update.ok:
        return MergeResult(update)
    try:
        last = await _unchanged(desk, goes, specs)
        return MergeResult(update, await desk.delete(last))
    except KehuError as error:
        return MergeResult(update, Delivery(error=error))


async def _unchanged(desk: Desk, compared_as: Customer, specs: Sequence[FieldSpec]) -> Customer:
    """The record as it is now, which is what was compared."""
    now = (await desk.customer(compared_as.id)).customer
    labels = [line.label for line in compared(compared_as, now, specs) if line.likeness is not Alike.SAME]
    if labels:
        raise ConflictError(
            N_("{name} ({id}) was changed by somebody else since you compared: {fields}"),
            todo=N_("Compare again, then merge."),
            name=now.name or now.id,
            id=now.id,
            fields=listed(labels),
        )
    return now


async def _check_settled(desk: Desk, customers: Sequence[Customer]) -> None:
    """Raise ConflictError where a change of one of `customers` is still to be sent, or nobody knows of it."""
    items = await desk.outbox.items()
    unsettled = {change.customer_id for change in items if change.state is not State.FAILED}
    for customer in customers:
        if customer.id in unsettled:
            raise ConflictError(
                N_("a change of {name} ({id}) still stands in the outbox"),
                todo=N_("Have it sent or throw it away there, then merge."),
                name=customer.name or customer.id,
                id=customer.id,
            )
