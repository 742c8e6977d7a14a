"""What the desk answers its callers: records, differences, deliveries, and the store's rows, changes and drafts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.client.service import Capabilities
from tui.desk.change_labels import is_held
from tui.desk.record import Record
from tui.locale import _, listed
from tui.model.change import ON_THE_WAY, UNSETTLED, Change, Kind, State
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

WAITING = "waiting"
"""The code of a change that is still to be sent, where the vendor has said nothing about it yet."""


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
    """What became of changes that were sent together: of one, of a batch, or of none where nothing was to be sent."""

    change_ids: tuple[int, ...] = ()
    applied: int = 0
    """How many the vendor has."""
    waiting: int = 0
    """Recorded and on their way; sent again by themselves."""
    left: tuple[Change, ...] = ()
    """Those that are not, or not surely, where they were to go, as they stand, the oldest first."""
    settled: frozenset[str] = frozenset()
    """The customers of whom nothing is to be asked for again: it was applied, or is in the outbox's care.

    Those who were refused, or whose change a person held back, are not among them.
    """
    customer: Customer | None = None
    """The one customer that a single change is about, as the vendor has it now."""
    surprises: tuple[FieldChange, ...] = ()
    """Fields whose value at the vendor is not the one that was sent: `before` was sent, `after` is there."""
    meanwhile: tuple[FieldChange, ...] = ()
    """Where the record cannot be read before it is written: other fields that the answer has with another value than
    was last seen here."""
    error: KehuError | None = None
    """Why none of it is at the vendor."""
    unnoted: KehuError | None = None
    """Why the vendor's answer is not on disk yet; it is put there as soon as the disk takes it."""

    @property
    def ok(self) -> bool:
        """All of it is at the vendor, as sent."""
        return not (self.waiting or self.left or self.surprises or self.meanwhile or self.error or self.unnoted)

    @property
    def unsent(self) -> bool:
        """It was refused before it was recorded: `error` says why."""
        return self.error is not None and not self.change_ids

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Those that were refused or held back, and those of which nobody knows."""
        return self._failures(change for change in self.left if change.state not in ON_THE_WAY)

    @property
    def not_applied(self) -> tuple[Failure, ...]:
        """The same, with those that are still on their way."""
        return self._failures(self.left)

    @property
    def held(self) -> int:
        """How many were not sent because a person stopped it."""
        return sum(map(is_held, self.left))

    def but_held(self) -> Delivery:
        """The same, but for those."""
        return replace(self, left=tuple(change for change in self.left if not is_held(change)))

    def causes(self) -> list[tuple[Change, int]]:
        """Why some are not at the vendor: the first of each cause, and how many; the most frequent first."""
        firsts: dict[tuple[State, str, str], Change] = {}
        counts: Counter[tuple[State, str, str]] = Counter()
        for change in self.left:
            cause = (change.state, change.code, change.message)
            firsts.setdefault(cause, change)
            counts[cause] += 1
        return [(firsts[cause], count) for cause, count in counts.most_common()]

    def _failures(self, changes: Iterable[Change]) -> tuple[Failure, ...]:
        from tui.model.customer import Failure  # the first frame shows none

        places = {id: place for place, id in enumerate(self.change_ids)}
        return tuple(
            Failure(
                index=places.get(change.id, 0),
                customer=change.customer_id,
                user_id=change.user_id,
                code=change.code or (WAITING if change.state in ON_THE_WAY else ""),
                message=change.message,
                unknown=change.state is State.UNKNOWN,
            )
            for change in changes
        )
