"""A list to choose from: what a filter leaves of it, where the cursor is, and which part of it is in the window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from widgets.typed import narrow


@dataclass(frozen=True)
class Choice:
    """One thing to choose."""

    key: str
    label: str
    search: str = ""
    """What it is found by besides its label, such as a name's pinyin."""
    detail: str = ""
    """Shown behind the label, and not searched."""
    reason: str = ""
    """Why it cannot be chosen; empty where it can."""


class Options:
    """Choices under a filter. Those that begin with the filter's text come before those that have it inside."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._all = tuple(choices)
        self._labels = [narrow(f"{choice.label} {choice.search}").casefold() for choice in self._all]
        self.shown: Sequence[Choice] = self._all
        self.filter = ""
        self.cursor = 0
        self.top = 0
        """The first row in the window."""

    @property
    def total(self) -> int:
        """How many there are without the filter."""
        return len(self._all)

    @property
    def current(self) -> Choice | None:
        """The choice under the cursor."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else None

    def set_filter(self, text: str) -> None:
        """Leave what has TEXT in it, and go to the best match."""
        self.filter = text
        wanted = narrow(text).casefold().strip()
        if wanted:
            hits = [(label, choice) for label, choice in zip(self._labels, self._all, strict=True) if wanted in label]
            # Sorting is stable: within each half the order stays the list's own.
            hits.sort(key=lambda hit: not any(word.startswith(wanted) for word in (hit[0], *hit[0].split())))
            self.shown = [choice for _, choice in hits]
        else:
            self.shown = self._all
        self.cursor = self.top = 0

    def move(self, to: int, height: int) -> bool:
        """Put the cursor on row TO, as far as there is one, in a window of HEIGHT rows; True if the window moved."""
        self.cursor = max(0, min(to, len(self.shown) - 1))
        before = self.top
        highest = max(0, len(self.shown) - height)
        self.top = max(0, min(max(self.cursor - height + 1, min(self.top, self.cursor)), highest))
        return self.top != before

    def find(self, key: str, height: int) -> None:
        """Put the cursor on the choice that KEY names, if it is there."""
        for row, choice in enumerate(self.shown):
            if choice.key == key:
                self.move(row, height)
                break
