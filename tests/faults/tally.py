"""What runs against the vendors come to: what was lost, doubled, untrue or broken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """What a trial counts."""

    runs: int = 0
    killed: int = 0
    recorded: int = 0
    by_state: Counter[str] = field(default_factory=Counter)
    """The rows as the last process left them, before a person decided."""
    lost: list[str] = field(default_factory=list)
    """Recorded, and not at the vendor in the end."""
    doubled: list[str] = field(default_factory=list)
    """More than once at the vendor."""
    untrue: list[str] = field(default_factory=list)
    """Rows whose state says something else than the vendor's database."""

    broken: list[str] = field(default_factory=list)
    """Files that are unsound, or that nobody finds any more, and processes that do not end."""

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return [*self.lost, *self.doubled, *self.untrue, *self.broken]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.runs + other.runs,
            self.killed + other.killed,
            self.recorded + other.recorded,
            self.by_state + other.by_state,
            self.lost + other.lost,
            self.doubled + other.doubled,
            self.untrue + other.untrue,
            self.broken + other.broken,
        )

    def __str__(self) -> str:
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.by_state.items()))
        return (
            f"{self.runs} runs, {self.killed} processes killed, {self.recorded} writes recorded ({states}): "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.untrue)} rows untrue, "
            f"{len(self.broken)} broken"
        )
