"""The journal: what was done from here, entry after entry, none ever changed or taken away.

It is apart from the outbox, which is this machine's queue: an entry stands by itself, and has an id by which it is
known wherever else it is kept. What waits or is on its way is not in it yet.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from typing import Protocol

from tui.model.journal_entry import ANY_TIME, JournalEntry
from tui.store.database import Database, placeholders


class Journal(Protocol):
    """Where entries are kept: this machine's file, or whatever else takes them."""

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add `entries`, all or none; one whose id is there already is passed over."""
        ...

    def latest(
        self, customer: str | None = None, limit: int = 200, *, kinds: Sequence[str] = (), before: str = ANY_TIME
    ) -> list[JournalEntry]:
        """What was done, to one customer and of certain `kinds` where given; the newest first, at most `limit`.

        Of several entries about one change the last one is told. `before`: nothing from this change, or entry, on.
        """
        ...

    def about(self, id: str) -> JournalEntry | None:
        """The last entry about the change, or with the id, `id`; None where there is none."""
        ...


_FIELDS = "id, source, customer, union_id, kind, author, at, body"

_LAST = "NOT EXISTS (SELECT 1 FROM journal AS later WHERE later.about = entry.about AND later.place > entry.place)"
"""True of the last entry about something."""


class FileJournal:
    """The journal in this machine's file. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Add `entries`; when it returns they outlive a power cut."""
        with self._database.writing(durable=True) as connection:
            self.append_in(connection, entries)

    def append_in(self, connection: sqlite3.Connection, entries: Sequence[JournalEntry]) -> None:
        """Add `entries` in the transaction that `connection` is in: with what they tell of, or not at all."""
        connection.executemany(
            f"INSERT INTO journal ({_FIELDS}, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",  # noqa: S608
            [
                (
                    entry.id, entry.source, entry.customer, entry.union_id, entry.kind, entry.author, entry.at,
                    json.dumps(entry.body, separators=(",", ":")), entry.about,
                )
                for entry in entries
            ],
        )  # fmt: skip

    def latest(
        self, customer: str | None = None, limit: int = 200, *, kinds: Sequence[str] = (), before: str = ANY_TIME
    ) -> list[JournalEntry]:
        """What was done, the newest first; see `Journal`."""
        wanted = ["about < ?", _LAST]
        values: list[object] = [before]
        if customer is not None:
            wanted.append("customer = ?")
            values.append(customer)
        if kinds:
            wanted.append(f"kind IN ({placeholders(kinds)})")
            values += kinds
        return self._read(f"WHERE {' AND '.join(wanted)} ORDER BY about DESC LIMIT ?", *values, limit)

    def about(self, id: str) -> JournalEntry | None:
        """The last entry about `id`; None where there is none."""
        return next(iter(self._read("WHERE about = ? ORDER BY place DESC LIMIT 1", id)), None)

    # For whoever passes it on, such as to a team: all of it, in the order in which it came

    def after(self, place: int, limit: int) -> list[tuple[int, JournalEntry]]:
        """Return the entries behind `place` with their own places, in their order, at most `limit`."""
        query = f"SELECT place, {_FIELDS} FROM journal WHERE place > ? ORDER BY place LIMIT ?"  # noqa: S608
        with self._database.reading() as connection:
            rows = connection.execute(query, (place, limit)).fetchall()
        return [
            (at_place, JournalEntry(id, source, customer, union_id, kind, author, at, json.loads(body)))
            for at_place, id, source, customer, union_id, kind, author, at, body in rows
        ]

    def states_before(self, about: str, place: int) -> set[str]:
        """Return the states in which the change `about` was told before `place`."""
        query = "SELECT DISTINCT json_extract(body, '$.state') FROM journal WHERE about = ? AND place < ?"
        with self._database.reading() as connection:
            return {str(state) for (state,) in connection.execute(query, (about, place))}

    def passed_on(self, reader: str) -> tuple[int, int]:
        """Return the place up to which `reader` has everything, and how many entries it would not take."""
        query = "SELECT value FROM meta WHERE key = ?"
        with self._database.reading() as connection:
            row = connection.execute(query, (f"passed_on:{reader}",)).fetchone()
        place, refused = json.loads(row[0]) if row is not None else (0, 0)
        return int(place), int(refused)

    def pass_on(self, reader: str, place: int, refused: int = 0) -> None:
        """Note that `reader` has everything up to `place`, but for `refused` more entries that it would not take.

        Where somebody was quicker, nothing is noted: they counted the same. One that is lost with the file's last
        moments is passed on again, which the reader knows by its id.
        """
        with self._database.writing() as connection:
            before, lost = self.passed_on(reader)
            if place > before:
                value = json.dumps([place, lost + refused])
                connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"passed_on:{reader}", value))

    def _read(self, where: str, *values: object) -> list[JournalEntry]:
        with self._database.reading() as connection:
            rows = connection.execute(f"SELECT {_FIELDS} FROM journal AS entry {where}", values).fetchall()  # noqa: S608
        return [
            JournalEntry(id, source, customer, union_id, kind, author, at, json.loads(body))
            for id, source, customer, union_id, kind, author, at, body in rows
        ]
