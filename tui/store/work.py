"""Next contacts: whom to contact when, and why. Of each customer one is open; those that were made stay."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from tui.model.next_contact import NextContact
from tui.store.database import Database, chunks, placeholders

if TYPE_CHECKING:
    from tui.model.customer import Customer
    from tui.model.times import DayOrMoment

ReadTime = Callable[[str], "DayOrMoment | None"]
"""Returns the day or the moment that a vendor's value is; None where it is none."""

_COLUMNS = "id, customer_id, at, whole_day, note, author, created_at, done_at, at_vendor"


class NextContacts:
    """The next contacts of one profile. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, contacts: Sequence[NextContact]) -> None:
        """Keep `contacts`, each in place of the open one of its customer, which keeps its id and when it was made.

        When it returns they outlive a power cut.
        """
        now = time.time()
        with self._database.writing(durable=True) as connection:
            connection.executemany(
                f"""
                INSERT INTO next_contacts ({_COLUMNS}, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)
                ON CONFLICT (customer_id) WHERE done_at IS NULL DO UPDATE SET
                    at = excluded.at, whole_day = excluded.whole_day, note = excluded.note, author = excluded.author,
                    at_vendor = excluded.at_vendor, changed_at = excluded.changed_at
                """,  # noqa: S608
                [
                    (
                        *(one.id, one.customer_id, one.at, one.whole_day, one.note, one.author),
                        *(one.created_at or now, one.at_vendor, now),
                    )
                    for one in contacts
                ],
            )

    def take(self, contacts: Sequence[NextContact]) -> None:
        """Keep `contacts`, which a team agreed on, by their own ids, each in place of its customer's open one."""
        now = time.time()
        with self._database.writing(durable=True) as connection:
            for one in contacts:
                connection.execute(
                    "DELETE FROM next_contacts WHERE done_at IS NULL AND (customer_id = ? OR id = ?)",
                    (one.customer_id, one.id),
                )
                connection.execute(
                    f"INSERT OR REPLACE INTO next_contacts ({_COLUMNS}, changed_at) "  # noqa: S608
                    "VALUES (?, ?, ?, ?, ?, ?, ?, NULL, 0, ?)",
                    (
                        *(one.id, one.customer_id, one.at, one.whole_day, one.note, one.author),
                        *(one.created_at or now, now),
                    ),
                )

    def by_id(self, ids: Iterable[str]) -> dict[str, NextContact]:
        """The contacts with `ids`, those that were made too; what there is none of is left out."""
        found: dict[str, NextContact] = {}
        with self._database.reading() as connection:
            for some in chunks(list(ids)):
                query = f"SELECT {_COLUMNS} FROM next_contacts WHERE id IN ({placeholders(some)})"  # noqa: S608
                found.update((row[0], _contact(*row)) for row in connection.execute(query, some))
        return found

    def finish(self, customer_ids: Sequence[str]) -> int:
        """Note that the open contacts of the customers were made; how many there were."""
        now = time.time()
        with self._database.writing(durable=True) as connection:
            return sum(
                connection.execute(
                    f"""
                    UPDATE next_contacts SET done_at = ?, changed_at = ?
                    WHERE done_at IS NULL AND customer_id IN ({placeholders(some)})
                    """,  # noqa: S608
                    (now, now, *some),
                ).rowcount
                for some in chunks(customer_ids)
            )

    def remove(self, customer_ids: Sequence[str]) -> int:
        """Take the open contacts of the customers away: they are not to be made; how many there were."""
        with self._database.writing(durable=True) as connection:
            return sum(
                connection.execute(
                    f"DELETE FROM next_contacts WHERE done_at IS NULL AND customer_id IN ({placeholders(some)})",  # noqa: S608
                    some,
                ).rowcount
                for some in chunks(customer_ids)
            )

    def of(self, customer_ids: Sequence[str]) -> dict[str, NextContact]:
        """The open contacts of the customers, by their ids; who has none is left out."""
        found: dict[str, NextContact] = {}
        with self._database.reading() as connection:
            for some in chunks(customer_ids):
                query = f"""
                    SELECT {_COLUMNS} FROM next_contacts
                    WHERE done_at IS NULL AND customer_id IN ({placeholders(some)})
                """  # noqa: S608
                found.update((row[1], _contact(*row)) for row in connection.execute(query, some))
        return found

    def until(self, moment: float, limit: int = -1) -> list[NextContact]:
        """The open contacts before `moment` (epoch seconds), the earliest first; at most `limit`, -1 for all."""
        query = f"SELECT {_COLUMNS} FROM next_contacts WHERE done_at IS NULL AND at < ? ORDER BY at, rowid LIMIT ?"  # noqa: S608
        with self._database.reading() as connection:
            return [_contact(*row) for row in connection.execute(query, (moment, limit))]

    def count(self, moment: float) -> int:
        """How many open contacts there are before `moment` (epoch seconds)."""
        query = "SELECT count(*) FROM next_contacts WHERE done_at IS NULL AND at < ?"
        with self._database.reading() as connection:
            return int(connection.execute(query, (moment,)).fetchone()[0])

    def made(self, customer_id: str, limit: int) -> list[NextContact]:
        """The last `limit` contacts with the customer that were made, the newest first."""
        query = f"""
            SELECT {_COLUMNS} FROM next_contacts WHERE customer_id = ? AND done_at IS NOT NULL
            ORDER BY done_at DESC LIMIT ?
        """  # noqa: S608
        with self._database.reading() as connection:
            return [_contact(*row) for row in connection.execute(query, (customer_id, limit))]


def _contact(
    id: str,
    customer_id: str,
    at: int,
    whole_day: int,
    note: str,
    author: str,
    created_at: float,
    done_at: float | None,
    at_vendor: int,
) -> NextContact:
    return NextContact(
        id=id,
        customer_id=customer_id,
        at=at,
        whole_day=bool(whole_day),
        note=note,
        author=author,
        created_at=created_at,
        done_at=done_at,
        at_vendor=bool(at_vendor),
    )


def follow_vendor(
    connection: sqlite3.Connection, customers: Sequence[Customer], field: str, read: ReadTime, now: float
) -> None:
    """Have the next contacts of `customers` be what their records say in `field`, the vendor's own, by `read`.

    A note that was set here stays with its contact. One that the vendor has no more was made, or given up, there; one
    that was set here before the vendor's field was named stays.
    """
    for customer in customers:
        value = next((custom.value for custom in customer.custom if custom.code == field), "")
        found = read(value) if isinstance(value, str) and value else None
        if found is None:
            connection.execute(
                "UPDATE next_contacts SET done_at = ?, changed_at = ? "
                "WHERE customer_id = ? AND done_at IS NULL AND at_vendor",
                (now, now, customer.id),
            )
            continue
        at, whole_day = int(found.at.timestamp()), found.whole_day
        connection.execute(
            f"""
            INSERT INTO next_contacts ({_COLUMNS}, changed_at) VALUES (?, ?, ?, ?, '', '', ?, NULL, 1, ?)
            ON CONFLICT (customer_id) WHERE done_at IS NULL DO UPDATE SET
                at = excluded.at, whole_day = excluded.whole_day, at_vendor = 1, changed_at = excluded.changed_at
                WHERE at <> excluded.at OR whole_day <> excluded.whole_day OR NOT at_vendor
            """,  # noqa: S608
            (str(uuid4()), customer.id, at, whole_day, now, now),
        )
