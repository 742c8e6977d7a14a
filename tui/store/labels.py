"""Tags and colleagues by number: a few thousand texts that stand on all the customers."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from tui.store.terms import Label, fold, label_aliases

LABELS_SEARCHED = 50
"""Labels that one search goes on with, those on the most customers first; `a` stands in nearly all of them."""


class Owner(NamedTuple):
    """A colleague who follows or owns customers that were seen."""

    user_id: str
    """The name where the vendor tells no id."""
    name: str
    customers: int


class Matches(NamedTuple):
    """Numbers of the labels that a text finds, by how well."""

    exact: list[int]
    beginning: list[int]
    piece: list[int]


class Labels:
    """The labels of one file. Needs its caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._numbers: dict[Label, int] = {}

    def number(self, label: Label) -> int:
        """The number of `label`, which it gets if it has none."""
        number = self._numbers.get(label)
        if number is None:
            number = self._numbers[label] = self._store(label)
        return number

    def _store(self, label: Label) -> int:
        kind, text, shown = label
        aliases = label_aliases(text, shown)
        # A colleague's name may have changed since the label was made.
        self._connection.execute(
            """
            INSERT INTO labels (kind, text, shown, folded, aliases) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (kind, text) DO UPDATE SET shown = excluded.shown, folded = excluded.folded,
                aliases = excluded.aliases WHERE shown <> excluded.shown
            """,
            (kind, text, shown, fold(shown), aliases),
        )
        found = self._connection.execute("SELECT number FROM labels WHERE kind = ? AND text = ?", (kind, text))
        return int(found.fetchone()[0])

    def fold_anew(self) -> None:
        """Make anew what each label is found by."""
        labels = self._connection.execute("SELECT number, text, shown FROM labels").fetchall()
        self._connection.executemany(
            "UPDATE labels SET folded = ?, aliases = ? WHERE number = ?",
            [(fold(shown), label_aliases(text, shown), number) for number, text, shown in labels],
        )

    def count(self, changes: Counter[int]) -> None:
        """Add `changes` to how many customers have each label."""
        self._connection.executemany(
            "UPDATE labels SET customers = customers + ? WHERE number = ?",
            [(change, number) for number, change in changes.items() if change],
        )

    def find(self, kind: str, folded: str) -> Matches:
        """The labels of `kind` that the `folded` text finds."""
        found = self._connection.execute(
            """
            SELECT number, folded, aliases FROM labels
            WHERE kind = ? AND customers > 0 AND (instr(folded, ?) OR instr(aliases, ?))
            ORDER BY customers DESC LIMIT ?
            """,
            (kind, folded, f" {folded}", LABELS_SEARCHED),
        )
        matches = Matches([], [], [])
        for number, text, aliases in found:
            if text == folded or f" {folded} " in f"{aliases} ":
                matches.exact.append(number)
            elif text.startswith(folded) or f" {folded}" in aliases:
                matches.beginning.append(number)
            else:
                matches.piece.append(number)
        return matches

    def exact(self, kind: str, text: str) -> int | None:
        """The number of the label of `kind` with just `text`; None where there is none."""
        query = "SELECT number FROM labels WHERE kind = ? AND text = ?"
        found = self._connection.execute(query, (kind, text)).fetchone()
        return found[0] if found else None

    def texts(self, kind: str) -> Sequence[str]:
        """The labels of KIND, those on the most customers first."""
        query = "SELECT shown FROM labels WHERE kind = ? AND customers > 0 ORDER BY customers DESC, shown"
        return [shown for (shown,) in self._connection.execute(query, (kind,))]

    def owners(self) -> Sequence[Owner]:
        """The colleagues, the busiest first."""
        query = """
            SELECT text, shown, customers FROM labels WHERE kind = 'owner' AND customers > 0
            ORDER BY customers DESC, shown
        """
        return [Owner(*row) for row in self._connection.execute(query)]

    def forget(self) -> None:
        """Drop numbers that were given in a transaction that was rolled back."""
        self._numbers.clear()
