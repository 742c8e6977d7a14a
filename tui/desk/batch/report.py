"""What became of a batch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from tui.client.errors import KehuError
from tui.client.models import Failure
from tui.desk.words import is_held
from tui.store.change import Change, State

APPLIED = (State.SENT, State.KEPT)
"""States of what is where it was to go."""

ON_ITS_WAY = (State.PENDING, State.SENDING)
"""States of what is still to be sent, or is being sent by another process."""

WAITING = "waiting"
"""The code of a row that is still to be sent, where the vendor has said nothing about it yet."""


@dataclass(frozen=True, slots=True)
class Report:
    """Changes that were sent together, as they stand on disk."""

    changes: tuple[Change, ...] = ()
    """Those that are not, or not surely, where they were to go."""
    applied: int = 0
    """How many the vendor has."""
    settled: frozenset[str] = frozenset()
    """The customers of whom nothing is to be asked for again: it was applied, or is in the outbox's care.

    Those who were refused, or whose change a person held back, are not among them.
    """
    error: KehuError | None = None
    """Why all of it failed."""

    @property
    def waiting(self) -> int:
        """How many are still to be sent: by themselves once the line is back and the desk is open."""
        return sum(change.state in ON_ITS_WAY for change in self.changes)

    @property
    def held(self) -> int:
        """How many were not sent because a person stopped it."""
        return sum(map(is_held, self.changes))

    def but_held(self) -> Report:
        """The same, but for those."""
        return replace(self, changes=tuple(change for change in self.changes if not is_held(change)))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Those that the vendor does not have, or not yet, and those of which nobody knows."""
        return tuple(
            Failure(
                index=place,
                customer=change.customer_id,
                user_id=change.user_id,
                code=change.code or (WAITING if change.state in ON_ITS_WAY else ""),
                message=change.message,
                unknown=change.state is State.UNKNOWN,
            )
            for place, change in enumerate(self.changes)
        )

    def causes(self) -> list[tuple[Change, int]]:
        """Why some are not at the vendor: the first of each cause, and how many; the most frequent first."""
        firsts: dict[tuple[State, str, str], Change] = {}
        counts: Counter[tuple[State, str, str]] = Counter()
        for change in self.changes:
            cause = (change.state, change.code, change.message)
            firsts.setdefault(cause, change)
            counts[cause] += 1
        return [(firsts[cause], count) for cause, count in counts.most_common()]
