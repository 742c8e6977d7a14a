"""What the team told this desk, in a file of its own beside the profiles': read when the server is away, and at once.

All of it can be had again from the server, but for how a claim stands, which it tells itself.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.model.errors import N_
from tui.model.journal_entry import JournalEntry
from tui.model.team import HeldClaim, Stands, TeamContact, TeamMember, TeamPreset, ToldEntry
from tui.store.database import BUSY_TIMEOUT, Database
from tui.store.file_opening import Schema, open_database
from tui.store.store_errors import StoreError

MIGRATIONS = (
    (
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
        # "body" is a JSON object. `about` is the change that an entry tells of, by its UUID; else its id.
        """
        CREATE TABLE entries (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, customer TEXT NOT NULL,
            union_id TEXT, kind TEXT NOT NULL, author TEXT NOT NULL, author_name TEXT NOT NULL, at REAL NOT NULL,
            body TEXT NOT NULL, about TEXT NOT NULL
        )
        """,
        "CREATE INDEX entries_customer ON entries (source, customer)",
        "CREATE INDEX entries_union ON entries (union_id) WHERE union_id IS NOT NULL",
        # Customers whose whole history is here, since the feed tells all that came after it was read.
        """
        CREATE TABLE histories (
            source TEXT NOT NULL, customer TEXT NOT NULL, PRIMARY KEY (source, customer)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE people (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, user_ids TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE claims (
            source TEXT NOT NULL, customer TEXT NOT NULL, member TEXT NOT NULL, name TEXT NOT NULL, until REAL NOT NULL,
            fence INTEGER NOT NULL, PRIMARY KEY (source, customer)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE contacts (
            id TEXT PRIMARY KEY, source TEXT NOT NULL, customer TEXT NOT NULL, customer_name TEXT NOT NULL,
            union_id TEXT, owner TEXT NOT NULL, owner_name TEXT NOT NULL, at INTEGER NOT NULL,
            whole_day INTEGER NOT NULL, note TEXT NOT NULL, done_at REAL, removed INTEGER NOT NULL,
            author_name TEXT NOT NULL, revision INTEGER NOT NULL
        ) WITHOUT ROWID
        """,
        "CREATE INDEX contacts_source ON contacts (source, owner)",
        # How a next contact stood when it was last the same here and there: a JSON list.
        """
        CREATE TABLE agreed (
            source TEXT NOT NULL, id TEXT NOT NULL, stands TEXT NOT NULL, PRIMARY KEY (source, id)
        ) WITHOUT ROWID
        """,
        """
        CREATE TABLE presets (
            kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL, revision INTEGER NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID
        """,
    ),
)

SCHEMA = Schema(
    MIGRATIONS,
    N_("{path} was damaged: it is kept as {aside}"),
    N_("What it held is read again from the team's server."),
)

TABLES = ("entries", "histories", "people", "claims", "contacts", "agreed", "presets")

FOLDER = "team"
"""The folder of the data directory that holds one file a team."""

MOST_ENTRIES = 50_000
"""Entries that are kept: some 25 MB; a team of 200 writes as many in a week."""

HISTORY = 1000
"""Entries of one customer that are told."""


def file_of(url: str, data_dir: Path) -> Path:
    """Return where what the team at `url` told is kept."""
    return data_dir / FOLDER / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.db"


class Received:
    """The file. Every method raises `StoreError`s; any thread may call it."""

    def __init__(self, database: Database, notices: Sequence[StoreError] = ()) -> None:
        self._database = database
        self.notices = tuple(notices)
        """What there is to tell about how it opened."""

    @classmethod
    def open(cls, path: Path, busy_timeout: float = BUSY_TIMEOUT) -> Received:
        """Open the file at `path`, which is made where there is none."""
        return cls(*open_database(path, "", busy_timeout, SCHEMA))

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self._database.close()

    # How far it is

    def get(self, key: str) -> Any:
        """What is noted under `key`; None where nothing is."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else row[0]

    def note(self, **values: str | float | None) -> None:
        """Note `values` under their names."""
        with self._database.writing() as connection:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    @property
    def sequence(self) -> int | None:
        """The place in the team's journal up to which everything was told; None before the first time."""
        found = self.get("sequence")
        return None if found is None else int(found)

    def begin(self, team: str, sequence: int) -> None:
        """Begin anew with the database `team` of the server, from `sequence` on: nothing of another one stays."""
        with self._database.writing() as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  # one of TABLES
            values = {"team": team, "sequence": sequence}
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def seen(self, sequence: int | None) -> None:
        """Note that everything up to `sequence` was told, and when."""
        with self._database.writing() as connection:
            _mark(connection, sequence)

    # The journal

    def take(self, entries: Sequence[ToldEntry], sequence: int | None = None) -> None:
        """Keep `entries`; with `sequence`, all up to there was told. One that is there already is passed over.

        An entry that tells that a customer was erased takes what there is of that customer with it.
        """
        with self._database.writing() as connection:
            for told in entries:
                entry = told.entry
                if entry.kind == ERASE:
                    connection.execute(
                        "DELETE FROM entries WHERE source = ? AND customer = ?", (entry.source, entry.customer)
                    )
                connection.execute(
                    "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(told.sequence, entry.id, entry.source, entry.customer, entry.union_id, entry.kind),
                        *(entry.author, told.author_name, entry.at),
                        *(json.dumps(entry.body, separators=(",", ":")), entry.about),
                    ),
                )
            _mark(connection, sequence)

    def take_history(self, source: str, customer: str, entries: Sequence[ToldEntry]) -> None:
        """Keep `entries`, which are all there are about the customer by now; what comes later the feed tells."""
        self.take(entries)
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO histories VALUES (?, ?)", (source, customer))

    def has_history(self, source: str, customer: str) -> bool:
        """Whether the customer's whole history is here."""
        query = "SELECT 1 FROM histories WHERE source = ? AND customer = ?"
        with self._database.reading() as connection:
            return connection.execute(query, (source, customer)).fetchone() is not None

    def history(self, records: Sequence[tuple[str, str]], union_id: str | None) -> list[ToldEntry]:
        """What was done with a customer who has `records`, each an account and an id there, or whom `union_id` names.

        The last entry about each change, the newest first.
        """
        ours = " OR ".join(["(source = ? AND customer = ?)"] * len(records) + ["union_id = ?"] * (union_id is not None))
        values = [part for record in records for part in record] + [union_id] * (union_id is not None)
        query = f"""
            SELECT sequence, id, source, customer, union_id, kind, author, author_name, at, body FROM entries
            WHERE {ours} ORDER BY sequence DESC LIMIT ?
        """  # noqa: S608  # of the two above
        with self._database.reading() as connection:
            rows = connection.execute(query, (*values, HISTORY)).fetchall()
        last: dict[str, ToldEntry] = {}
        for sequence, id, at_source, of, union, kind, author, name, at, body in rows:
            told = ToldEntry(
                sequence, JournalEntry(id, at_source, of, union, kind, author, at, json.loads(body)), author_name=name
            )
            last.setdefault(told.entry.about, told)
        return list(last.values())

    def prune(self, most: int = MOST_ENTRIES) -> None:
        """Let the oldest entries go where there are more than `most`; their customers' histories are read again."""
        with self._database.writing() as connection:
            query = "SELECT sequence FROM entries ORDER BY sequence DESC LIMIT 1 OFFSET ?"
            row = connection.execute(query, (most,)).fetchone()
            if row is not None:
                connection.execute(
                    """
                    DELETE FROM histories WHERE EXISTS (
                        SELECT 1 FROM entries WHERE entries.source = histories.source
                        AND entries.customer = histories.customer AND sequence <= ?
                    )
                    """,
                    row,
                )
                connection.execute("DELETE FROM entries WHERE sequence <= ?", row)

    # People, claims

    def take_people(self, people: Sequence[TeamMember]) -> None:
        """Keep `people`, who are all of the team."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM people")
            connection.executemany(
                "INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?)",
                [(one.id, one.name, one.role, json.dumps(one.user_ids)) for one in people],
            )

    def people(self) -> list[TeamMember]:
        """Everybody of the team."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, name, role, user_ids FROM people ORDER BY name, id").fetchall()
        return [TeamMember(id, name, role, tuple(json.loads(user_ids))) for id, name, role, user_ids in rows]

    def take_claims(self, claims: Iterable[HeldClaim]) -> None:
        """Keep `claims`; one that has ended takes the customer's away."""
        now = time.time()
        with self._database.writing() as connection:
            for one in claims:
                connection.execute("DELETE FROM claims WHERE source = ? AND customer = ?", (one.source, one.customer))
                if one.until > now:
                    connection.execute(
                        "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?)",
                        (one.source, one.customer, one.member, one.name, one.until, one.fence),
                    )

    def claims(self) -> list[HeldClaim]:
        """The claims that hold."""
        query = "SELECT source, customer, member, name, until, fence FROM claims WHERE until > ?"
        with self._database.reading() as connection:
            return [HeldClaim(*row) for row in connection.execute(query, (time.time(),))]

    # Next contacts, views and templates

    def take_contacts(self, contacts: Iterable[TeamContact]) -> None:
        """Keep `contacts`; one of an older revision than what is there is passed over."""
        with self._database.writing() as connection:
            connection.executemany(
                """
                INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
                    customer_name = excluded.customer_name, owner = excluded.owner, owner_name = excluded.owner_name,
                    at = excluded.at, whole_day = excluded.whole_day, note = excluded.note, done_at = excluded.done_at,
                    removed = excluded.removed, author_name = excluded.author_name, revision = excluded.revision
                    WHERE excluded.revision > revision
                """,
                [
                    (
                        *(one.id, one.source, one.customer, one.customer_name, one.union_id, one.owner),
                        *(one.owner_name, one.at, one.whole_day, one.note, one.done_at, one.removed),
                        *(one.author_name, one.revision),
                    )
                    for one in contacts
                ],
            )

    def contacts(self, source: str) -> list[TeamContact]:
        """Every next contact of one vendor's account that was told, those that are made too; the earliest first."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM contacts WHERE source = ? ORDER BY at", (source,)).fetchall()
        names = (
            *("id", "source", "customer", "customer_name", "union_id", "owner", "owner_name", "at", "whole_day"),
            *("note", "done_at", "removed", "author_name", "revision"),
        )
        return [
            TeamContact(**{**dict(zip(names, row, strict=True)), "whole_day": bool(row[8]), "removed": bool(row[11])})
            for row in rows
        ]

    def agreed(self, source: str) -> dict[str, Stands]:
        """How each next contact of `source` stood, by its id, when it was last the same here and there."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT id, stands FROM agreed WHERE source = ?", (source,)).fetchall()
        return {id: Stands(*json.loads(stands)) for id, stands in rows}

    def agree(self, source: str, stands: Mapping[str, Stands]) -> None:
        """Note that the next contacts stand so here and there; one that is gone is forgotten."""
        with self._database.writing() as connection:
            for id, how in stands.items():
                if how.open:
                    connection.execute("INSERT OR REPLACE INTO agreed VALUES (?, ?, ?)", (source, id, json.dumps(how)))
                else:
                    connection.execute("DELETE FROM agreed WHERE source = ? AND id = ?", (source, id))

    def take_presets(self, presets: Iterable[TeamPreset], *, all_of_them: bool = False) -> None:
        """Keep `presets`, without those that were taken away."""
        with self._database.writing() as connection:
            if all_of_them:
                connection.execute("DELETE FROM presets")
            for one in presets:
                if one.body is not None:
                    connection.execute(
                        "INSERT OR REPLACE INTO presets VALUES (?, ?, ?, ?, ?)",
                        (one.kind, one.name, json.dumps(one.body), one.author_name, one.revision),
                    )
                else:
                    connection.execute("DELETE FROM presets WHERE kind = ? AND name = ?", (one.kind, one.name))

    def presets(self) -> list[TeamPreset]:
        """Everything that is shared by name."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT kind, name, body, author, revision FROM presets ORDER BY name").fetchall()
        return [TeamPreset(kind, name, json.loads(body), *rest) for kind, name, body, *rest in rows]


ERASE = "erase"
"""The kind of an entry that tells that all about a customer was taken out of the team's journal."""


def _mark(connection: Any, sequence: int | None) -> None:
    values: dict[str, float] = {"seen_at": time.time()}
    if sequence is not None:
        values["sequence"] = sequence
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
