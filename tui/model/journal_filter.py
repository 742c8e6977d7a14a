"""Which of what was done from here is looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.model.change import State

REACHED = (State.SENT.value, State.KEPT.value)
"""States of what reached whom it was meant for: the vendor, or this desk alone where the vendor takes none."""


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What was done is of all that is given here; empty is no condition."""

    texts: Sequence[str] = ()
    """Each is a piece of what was written: compared texts (`tui.model.query.field_values`)."""
    kinds: Sequence[str] = ()
    """Kinds of changes."""
    authors: Sequence[str] = ()
    """Ids of colleagues, folded."""
    states: Sequence[str] = ()
    since: int | None = None
    """Epoch seconds."""
    until: int | None = None
    """Epoch seconds; what was done then is not of it."""

    @property
    def is_empty(self) -> bool:
        """Whether all that was done is of it."""
        return self == JournalFilter()
