"""The customers' tables: rows, packed records, keys, labels and index terms, written together."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from tui.store.column_index import ColumnIndex
from tui.store.database import chunks, placeholders
from tui.store.labels import Labels
from tui.store.packed_records import Records
from tui.store.rows import Row, kept_row
from tui.store.search import ROW_COLUMNS, row_from
from tui.store.terms import UNION_ID, keys_of, labels_of, terms_of

if TYPE_CHECKING:
    from tui.model.customer import Customer

NEAR_FRONT = 1000
"""Places from the last within which a customer that is opened again need not move: one search tier ranks as many."""

INDEX = 2
"""Number of the rules by which names are folded and keys are made (`terms`). A file that was indexed by others finds
less until it is indexed anew, which the next sync does."""

SAVED_AT_ONCE = 250
"""Customers whose JSON, terms and records are in memory at a time: 2 MiB, however large the page."""


class Customers:
    """The customers of one file. Needs its caller's transaction; what it remembers of a failed one is dropped."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.labels = Labels(connection)
        self._records = Records(connection)
        self.columns = ColumnIndex(connection, self._records)

    # Writing

    def save(
        self, customers: Iterable[Customer], seen_at: float, user_id: str, *, listed: bool, since: float = 0.0
    ) -> int:
        """Keep `customers` as seen at `seen_at` by `user_id`; how many of them had not been seen `since`.

        `listed`: they passed by in a list and keep their places.
        """
        latest = list({customer.id: customer for customer in customers}.values())
        if not self.count:
            self._set_number("index", INDEX)
        return sum(
            self._save(latest[start : start + SAVED_AT_ONCE], seen_at, user_id, listed=listed, since=since)
            for start in range(0, len(latest), SAVED_AT_ONCE)
        )

    def _save(self, latest: Sequence[Customer], seen_at: float, user_id: str, *, listed: bool, since: float) -> int:
        jsons = self._records.dump(latest)
        digests = [_digest(json, user_id) for json in jsons]
        known = self._known([customer.id for customer in latest])
        last = self._number("place")
        moved = [
            index
            for index, (customer, digest) in enumerate(zip(latest, digests, strict=True))
            if customer.id not in known
            or known[customer.id][1] != digest
            or (not listed and known[customer.id][0] <= last - NEAR_FRONT)
        ]
        self._drop([known[latest[index].id][0] for index in moved if latest[index].id in known])
        stay = set(range(len(latest))).difference(moved)
        self._connection.executemany(
            "UPDATE customers SET seen_at = max(seen_at, ?) WHERE place = ?",
            [(seen_at, known[latest[index].id][0]) for index in stay],
        )
        newer = [known[latest[index].id][0] for index in stay if known[latest[index].id][2] < seen_at]
        self.columns.touch(newer, seen_at)
        self._records.prepare(jsons)
        self._insert(
            [(place, latest[index], jsons[index], digests[index]) for place, index in enumerate(moved, last + 1)],
            seen_at,
            user_id,
        )
        return len(latest) - sum(seen >= since for _, _, seen in known.values())

    def _insert(self, placed: Sequence[tuple[int, Customer, bytes, int]], seen_at: float, user_id: str) -> None:
        if not placed:
            return
        rows = [(place, *kept_row(customer, seen_at, user_id)[:-1], digest) for place, customer, _, digest in placed]
        self._connection.executemany(
            f"INSERT INTO customers (place, {ROW_COLUMNS}, digest) VALUES ({placeholders(rows[0])})",  # noqa: S608
            rows,
        )
        self._connection.executemany(
            "INSERT INTO records VALUES (?, ?)", [(place, self._records.pack(json)) for place, _, json, _ in placed]
        )
        found_by = [(place, customer) for place, customer, _, _ in placed]
        self._insert_keys(found_by)
        self._index(found_by, count=True)
        for place, customer in found_by:
            self.columns.add(place, customer)
        self.columns.grow(placed[-1][0])
        self._set_number("place", placed[-1][0])
        self._set_number("customers", self._number("customers") + len(placed))

    def _insert_keys(self, placed: Iterable[tuple[int, Customer]]) -> None:
        self._connection.executemany(
            "INSERT INTO keys VALUES (?, ?)",
            sorted((key, place) for place, customer in placed for key in keys_of(customer)),
        )

    def _index(self, placed: Iterable[tuple[int, Customer]], *, count: bool) -> None:
        counts: Counter[int] = Counter()
        terms = []
        for place, customer in placed:
            labels = [self.labels.number(label) for label in labels_of(customer)]
            counts.update(labels)
            terms.append((place, terms_of(customer, labels)))
        self._connection.executemany("INSERT INTO search (rowid, terms) VALUES (?, ?)", terms)
        if count:
            self.labels.count(counts)

    def forget(self, customer_id: str) -> None:
        """Remove a customer and all that finds it."""
        self._drop([place for place, _, _ in self._known([customer_id]).values()])

    def _drop(self, places: Sequence[int]) -> None:
        """Empty `places`; the index, which is only added to, is passed over there."""
        counts: Counter[int] = Counter()
        for place in places:
            customer, _ = self._at(place)
            counts.subtract(self.labels.number(label) for label in labels_of(customer))
            self._connection.executemany(
                "DELETE FROM keys WHERE key = ? AND place = ?", [(key, place) for key in keys_of(customer)]
            )
            self._connection.execute("DELETE FROM customers WHERE place = ?", (place,))
            self._connection.execute("DELETE FROM records WHERE place = ?", (place,))
        self.columns.drop(places)
        if places:
            self.labels.count(counts)
            self._set_number("customers", self._number("customers") - len(places))
            self._set_number("stale", self._number("stale") + len(places))

    def erase(self, customer_ids: Sequence[str]) -> int:
        """Remove customers, and what of them stands in the index, the columns and the dictionaries; how many there were.

        Everything is made anew without them: minutes at 1,000,000 customers.
        """  # noqa: E501
        places = [place for place, _, _ in self._known(customer_ids).values()]
        self._drop(places)
        self._records.pack_anew()
        self.reindex()
        return len(places)

    def reindex(self) -> None:
        """Make everything that finds customers anew, without what it still holds of empty places."""
        self._connection.execute("INSERT INTO search (search) VALUES ('delete-all')")
        self._connection.execute("DELETE FROM keys")
        self.labels.fold_anew()
        last = 0
        while found := self._connection.execute(
            "SELECT place, packed FROM records WHERE place > ? ORDER BY place LIMIT ?", (last, SAVED_AT_ONCE)
        ).fetchall():
            placed = [(place, self._records.load(packed)) for place, packed in found]
            self._insert_keys(placed)
            self._index(placed, count=False)
            last = found[-1][0]
        self.columns.clear()
        self.columns.grow(last, blocks=last)
        self._set_number("stale", 0)
        self._set_number("index", INDEX)

    def rolled_back(self) -> None:
        """Drop what is remembered of a transaction that failed."""
        self.labels.forget()
        self._records.forget()
        self.columns.forget()

    # Reading

    @property
    def count(self) -> int:
        """How many customers there are."""
        return self._number("customers")

    @property
    def stale(self) -> int:
        """How many empty places the index still holds."""
        return self._number("stale")

    @property
    def outdated(self) -> bool:
        """Whether the index was made by other rules than `INDEX`."""
        return self._number("index") != INDEX and self.count > 0

    def get(self, customer_id: str) -> tuple[Customer, float] | None:
        """A customer and when it was seen."""
        known = self._known([customer_id])
        return self._at(known[customer_id][0]) if known else None

    def get_many(self, ids: Sequence[str]) -> dict[str, tuple[Customer, float]]:
        """Customers by id, else by union id, and when each was seen."""
        return {id: self._at(place) for id, place in self._places(ids).items()}

    def jsons(self, ids: Sequence[str]) -> Iterator[tuple[str, bytes, float]]:
        """The same as they are kept, in JSON; in no order."""
        asked: dict[int, list[str]] = {}
        for id, place in self._places(ids).items():
            asked.setdefault(place, []).append(id)
        for some in chunks(list(asked)):
            where = f"WHERE place IN ({placeholders(some)})"
            query = f"SELECT place, packed, seen_at FROM records JOIN customers USING (place) {where}"  # noqa: S608
            for place, packed, seen_at in self._connection.execute(query, some):
                json = self._records.unpack(packed)
                for id in asked[place]:
                    yield id, json, seen_at

    def _places(self, ids: Sequence[str]) -> dict[str, int]:
        """Where those of `ids` are that there are, by id, else by union id."""
        places = {id: place for id, (place, _, _) in self._known(ids).items()}
        for some in chunks([UNION_ID + id for id in ids if id not in places]):
            query = f"SELECT key, max(place) FROM keys WHERE key IN ({placeholders(some)}) GROUP BY key"  # noqa: S608
            places.update((key.removeprefix(UNION_ID), place) for key, place in self._connection.execute(query, some))
        return places

    def by_key(self, key: str) -> Iterator[tuple[Customer, float]]:
        """The customers that have `key`, the latest first."""
        query = "SELECT place FROM keys JOIN customers USING (place) WHERE key = ? ORDER BY place DESC"
        for (place,) in self._connection.execute(query, (key,)).fetchall():
            yield self._at(place)

    def rows(self, ids: Sequence[str]) -> tuple[Row, ...]:
        """The rows of those of `ids` that are there, in the order of `ids`."""
        rows: dict[str, Row] = {}
        for some in chunks(ids):
            query = f"SELECT {ROW_COLUMNS} FROM customers WHERE id IN ({placeholders(some)})"  # noqa: S608
            rows.update((columns[0], row_from(columns)) for columns in self._connection.execute(query, some))
        return tuple(rows[id] for id in ids if id in rows)

    def rows_at(self, places: Sequence[int]) -> tuple[Row, ...]:
        """The rows of the customers at PLACES, in this order."""
        rows: dict[int, Row] = {}
        for some in chunks(places):
            query = f"SELECT place, {ROW_COLUMNS} FROM customers WHERE place IN ({placeholders(some)})"  # noqa: S608
            rows.update((place, row_from(columns)) for place, *columns in self._connection.execute(query, some))
        return tuple(rows[place] for place in places)

    def ids_at(self, places: Sequence[int]) -> list[str]:
        """The ids of the customers at PLACES, in this order."""
        ids: dict[int, str] = {}
        for some in chunks(places):
            query = f"SELECT place, id FROM customers WHERE place IN ({placeholders(some)})"  # noqa: S608
            ids.update(self._connection.execute(query, some))
        return [ids[place] for place in places]

    def _at(self, place: int) -> tuple[Customer, float]:
        query = "SELECT packed, seen_at FROM records JOIN customers USING (place) WHERE place = ?"
        packed, seen_at = self._connection.execute(query, (place,)).fetchone()
        return self._records.load(packed), seen_at

    def _known(self, ids: Sequence[str]) -> dict[str, tuple[int, int, float]]:
        """Place, digest and time of sight of those of `ids` that are there."""
        known: dict[str, tuple[int, int, float]] = {}
        for some in chunks(ids):
            query = f"SELECT id, place, digest, seen_at FROM customers WHERE id IN ({placeholders(some)})"  # noqa: S608
            known.update((id, tuple(rest)) for id, *rest in self._connection.execute(query, some))
        return known

    def _number(self, key: str) -> int:
        found = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return found[0] if found else 0

    def _set_number(self, key: str, value: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))


def _digest(json: bytes, user_id: str) -> int:
    """What tells apart two states of a customer, as its row and its record show them."""
    digest = blake2b(json, digest_size=8, key=user_id.encode()[:64])
    return int.from_bytes(digest.digest(), "big", signed=True)
