"""What the desk answers its callers: records, differences, deliveries, and the store's rows, changes and drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.client.service import Capabilities
from tui.desk.record import Record
from tui.locale import _, listed
from tui.model.change import UNSETTLED, Change, Kind, State
from tui.model.errors import N_, ConflictError, KehuError
from tui.store.directory import Owner
from tui.store.drafts import Draft, new_id
from tui.store.rows import Listing, Row, row_of

if TYPE_CHECKING:
    from tui.model.customer import Customer, Failure, FieldValue, FieldValues

__all__ = [
    "UNSETTLED",
    "Capabilities",
    "Change",
    "ChangedSinceError",
    "Conflict",
    "Delivery",
    "Draft",
    "FieldChange",
    "FieldConflict",
    "Kind",
    "Listing",
    "Owner",
    "Record",
    "Row",
    "State",
    "new_id",
    "row_of",
]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after a change."""

    code: str
    label: str
    before: FieldValue
    after: FieldValue
    drops: tuple[str, ...] = ()
    """What the vendor has in this list now and would have no more."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that both the agent and somebody else changed since the agent read it."""

    code: str
    label: str
    before: FieldValue
    theirs: FieldValue
    mine: FieldValue


@dataclass(frozen=True, slots=True)
class Conflict:
    """Which fields clash, the record as it is now, and what of the agent's change stands without asking."""

    fields: tuple[FieldConflict, ...]
    theirs: Customer
    clear: FieldValues
    """The agent's values that nobody else touched."""


class ChangedSinceError(ConflictError):
    """The record changed since it was read, in fields that the agent changed too."""

    def __init__(self, conflict: Conflict) -> None:
        customer = conflict.theirs
        super().__init__(
            N_("{name} was changed by somebody else since you read it: {fields}"),
            todo=N_("Compare field by field, then save again."),
            name=customer.name or customer.id,
            fields=listed(_(field.label) for field in conflict.fields),
        )
        self.conflict = conflict


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far one change, or one batch of them, has come."""

    change_ids: tuple[int, ...] = ()
    applied: int = 0
    waiting: int = 0
    """Recorded and on its way; sent again by itself."""
    failures: tuple[Failure, ...] = ()
    customer: Customer | None = None
    """The one customer that a single change is about, as the vendor has it now."""
    surprises: tuple[FieldChange, ...] = ()
    """Fields whose value at the vendor is not the one that was sent: `before` was sent, `after` is there."""
    meanwhile: tuple[FieldChange, ...] = ()
    """Where the record cannot be read before it is written: other fields that the answer has with another value than
    was last seen here."""
    error: KehuError | None = None
    """Why it failed as a whole."""
    unnoted: KehuError | None = None
    """Why the vendor's answer is not on disk yet; it is put there as soon as the disk takes it."""

    @property
    def ok(self) -> bool:
        """All of it is at the vendor, as sent."""
        return not (self.waiting or self.failures or self.surprises or self.meanwhile or self.error or self.unnoted)
