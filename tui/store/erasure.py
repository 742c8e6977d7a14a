"""Erasing for good: a person, or all that is older than a moment. Not a byte of it is left in the file.

The journal and the outbox are only added to, and triggers see to it; here alone they are lifted, within the
transaction. The file is written anew afterwards, since SQLite leaves what it deletes where it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.model.change import UNSETTLED
from tui.store.database import Database, chunks, placeholders

if TYPE_CHECKING:
    from tui.store.directory import Directory

_WAITS = f"state IN ({', '.join(repr(state.value) for state in UNSETTLED)})"

_KEPT_KINDS = "kind <> 'forget'"
"""True of entries that are about somebody: that a person was erased says of nobody, and stays."""


@dataclass(frozen=True, slots=True)
class ErasedHere:
    """How much was erased, or would be."""

    customers: int = 0
    entries: int = 0
    """Of the journal."""
    changes: int = 0
    """Of the outbox, settled."""
    drafts: int = 0
    contacts: int = 0
    """Next contacts, made or not."""
    links: int = 0

    @property
    def anything(self) -> bool:
        """Whether there is any of it."""
        return self != ErasedHere()


class Erasure:
    """What can be erased of one file. Every method raises `StoreError`s."""

    def __init__(self, database: Database, directory: Directory) -> None:
        self._database = database
        self._directory = directory

    def waiting(self, customer_id: str) -> int:
        """How many changes of the customer stand in the outbox: to be sent, refused, or unknown."""
        query = f"SELECT count(*) FROM changes WHERE customer_id = ? AND {_WAITS}"  # noqa: S608
        with self._database.reading() as connection:
            (found,) = connection.execute(query, (customer_id,)).fetchone()
        return int(found)

    def about(self, customer_id: str) -> ErasedHere:
        """How much there is about the customer."""
        with self._database.reading() as connection:
            counts = [
                connection.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()[0]  # noqa: S608
                for table, where, values in _about(customer_id)
            ]
        return ErasedHere(*counts)

    def forget(self, customer_id: str) -> ErasedHere:
        """Erase the customer; what there was. The file is to be made compact afterwards."""
        found = self.about(customer_id)
        with self._compacting(), self._directory.erasing([customer_id]) as (connection, _count):  # noqa: SIM117
            with _lifted(connection):
                _drop_drafts_of_changes(connection, "SELECT id FROM changes WHERE customer_id = ?", (customer_id,))
                connection.execute(
                    "DELETE FROM transitions WHERE change IN (SELECT id FROM changes WHERE customer_id = ?)",
                    (customer_id,),
                )
                for table, where, values in _about(customer_id)[1:]:
                    connection.execute(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608
                connection.execute("DELETE FROM contact_times WHERE customer_id = ?", (customer_id,))
                connection.execute("DELETE FROM deeds WHERE customer = ?", (customer_id,))
        return found

    def older(self, moment: float) -> ErasedHere:
        """How much of what is kept is older than `moment` (epoch seconds), and in use by nothing."""
        with self._database.reading() as connection:
            customers = len(_unused(connection, moment))
            counts = [
                connection.execute(f"SELECT count(*) FROM {table} WHERE {where}", (moment,)).fetchone()[0]  # noqa: S608
                for table, where in _OLDER
            ]
        return ErasedHere(customers, *counts)

    def prune(self, moment: float) -> ErasedHere:
        """Erase it."""
        found = self.older(moment)
        if not found.anything:
            return found
        with self._database.reading() as connection:
            unused = _unused(connection, moment)
        with self._compacting(), self._directory.erasing(unused) as (connection, _count):  # noqa: SIM117
            with _lifted(connection):
                gone = "SELECT id FROM changes WHERE changed_at < ? AND NOT " + _WAITS  # noqa: S608
                _drop_drafts_of_changes(connection, gone, (moment,))
                connection.execute(f"DELETE FROM transitions WHERE change IN ({gone})", (moment,))  # noqa: S608
                connection.execute(
                    f"DELETE FROM deeds WHERE place IN (SELECT place FROM journal WHERE {dict(_OLDER)['journal']})",  # noqa: S608
                    (moment,),
                )
                for table, where in _OLDER:
                    connection.execute(f"DELETE FROM {table} WHERE {where}", (moment,))  # noqa: S608
                for some in chunks(unused):
                    connection.execute(
                        f"DELETE FROM contact_times WHERE customer_id IN ({placeholders(some)})",  # noqa: S608
                        some,
                    )
        return found

    @contextmanager
    def _compacting(self) -> Iterator[None]:
        """Have what is deleted overwritten, and then write the file anew and empty its log.

        Raises: Locked where another kehu has the file in use just then.
        """
        with self._database.reading() as connection:
            connection.execute("PRAGMA secure_delete = ON")
            try:
                yield
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.execute("PRAGMA secure_delete = OFF")

    def copies(self) -> list[Path]:
        """Other files that older versions and repairs left beside this one: what was erased here stands in them."""
        path = self._database.path
        live = {path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"}
        found = (one for one in path.parent.glob(f"{path.name}*") if one.name not in live)
        return sorted(one for one in found if one.is_file() and one.stat().st_size)


def _about(customer_id: str) -> Sequence[tuple[str, str, Sequence[object]]]:
    """Tables, and which of their rows are about the customer, in the order of `ErasedHere`."""
    return (
        ("customers", "id = ?", (customer_id,)),
        ("journal", "customer = ?", (customer_id,)),
        ("changes", "customer_id = ?", (customer_id,)),
        (
            "drafts",
            "target = ? OR instr(target, ?) = 1 OR substr(target, -length(?)) = ?",
            (customer_id, f"{customer_id} ", f" {customer_id}", f" {customer_id}"),
        ),
        ("next_contacts", "customer_id = ?", (customer_id,)),
        ("links", "customer_id = ?", (customer_id,)),
    )


_OLDER = (
    (
        "journal",
        f"at < ? AND {_KEPT_KINDS} AND about NOT IN (SELECT uid FROM changes WHERE {_WAITS})",  # noqa: S608
    ),
    ("changes", f"changed_at < ? AND NOT {_WAITS}"),
    ("drafts", "saved_at < ?"),
    ("next_contacts", "done_at < ?"),
    ("links", "asked_at < ?"),
)
"""Tables, and which of their rows are older than a moment and in use by nothing, in the order of `ErasedHere`."""


def _unused(connection: sqlite3.Connection, moment: float) -> list[str]:
    """The customers who were seen last before `moment`, and of whom nothing waits, is due or is being written."""
    query = f"""
        SELECT id FROM customers WHERE seen_at < ?
        AND id NOT IN (SELECT customer_id FROM changes WHERE {_WAITS})
        AND id NOT IN (SELECT customer_id FROM next_contacts WHERE done_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM drafts WHERE saved_at >= ? AND instr(' ' || target || ' ', ' ' || id || ' '))
    """  # noqa: S608
    return [id for (id,) in connection.execute(query, (moment, moment))]


def _drop_drafts_of_changes(connection: sqlite3.Connection, which: str, values: Sequence[object]) -> None:
    connection.execute(
        f"DELETE FROM drafts WHERE form = 'mend' AND target IN (SELECT CAST(id AS TEXT) FROM ({which}))",  # noqa: S608
        values,
    )


@contextmanager
def _lifted(connection: sqlite3.Connection) -> Iterator[None]:
    """Lift the triggers that keep the journal and the outbox, within the transaction."""
    names = ("journal_stays", "changes_stay")
    query = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ({placeholders(names)})"  # noqa: S608
    found = connection.execute(query, names).fetchall()
    for name, _sql in found:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in found:
        connection.execute(sql)
