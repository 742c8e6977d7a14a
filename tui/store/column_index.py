"""The columns of the directory: kept up as customers come, change and go, and read by queries.

Customers are put into blocks in the order of their places, a thousand at a time while many come, a hundred at a time
while few do, and these become one of a thousand again; the newest few are read from their records. A block is never
written again: who moved to another place is marked as gone from it, and when somebody was seen is written over in
place. When somebody was contacted changes for few at a time: these stand
over what the block says, until there are enough of them to be written into it.

A file that an older kehu wrote has no block. They are made a few at a time, by whoever saves customers and by `fill`;
until then queries know how many customers they did not look at.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tui.model.naming import CUSTOM
from tui.model.query.field_values import Texts, epoch, own_name, texts_of
from tui.store.database import chunks, placeholders
from tui.store.packed_columns import BLOCK, ColumnEntry, pack_block, pack_moments, packed_moment
from tui.store.packed_records import Records
from tui.store.rows import added_at

if TYPE_CHECKING:
    from tui.model.customer import Customer

BLOCKS_AT_ONCE = 2
"""Blocks that one saving makes at most: 0.1 s in a file that has none yet."""

SMALL_BLOCK = BLOCK // 8
"""Customers who are put into a block of their own: as many again are read from their records in 10 ms."""

TAIL = 2 * BLOCK
"""Customers after the last block who are read from their records; where there are more, the index is being made."""

READ_AT_ONCE = BLOCK // 4
"""Customers whose records `fill` reads at a time."""

OVERLAID = 500
"""Customers whose contact times stand over the blocks, before they are written into them."""

CONTACTS = ("last", "next")
"""Moments that come from `contact_times`."""

PLACES = "place"
"""The column with the places of a block's customers."""

_FIELD = 32
"""Bits of a column's key that number the block."""


class ColumnIndex:
    """The columns of one file. Needs its caller's transaction; what it remembers of a failed one is dropped."""

    def __init__(self, connection: sqlite3.Connection, records: Records) -> None:
        self._connection = connection
        self._records = records
        self._new: dict[int, ColumnEntry] = {}
        """Customers who were saved since, and stand in no block yet."""
        self._numbers: dict[str, int] = {}

    # Writing

    def add(self, place: int, customer: Customer) -> None:
        """Take up `customer`, who was saved at `place`."""
        if len(self._new) >= TAIL:  # older ones are still to come: these are read from their records then
            self._new.clear()
        self._new[place] = ColumnEntry(place, texts_of(customer), _moments(customer))

    def grow(self, last: int, blocks: int = BLOCKS_AT_ONCE) -> None:
        """Make `blocks` at most of the customers that stand in none; `last` is the last place."""
        for _turn in range(blocks):
            after = self._last()
            if last - after < BLOCK or not self._grow(after):
                return

    def fill(self) -> bool:
        """Do a part of what it takes to put the customers into blocks, 0.1 s of work; whether there is more to do."""
        after = self._last()
        query = "SELECT place FROM customers WHERE place > ? ORDER BY place LIMIT ?"
        places = [place for (place,) in self._connection.execute(query, (after, TAIL + 1))]
        unknown = [place for place in places[:BLOCK] if place not in self._new]
        if len(places) < SMALL_BLOCK:
            self.write_overlaid()
            return False
        if unknown:
            self._new.update(self._known(unknown[:READ_AT_ONCE]))
        elif len(places) >= BLOCK:
            self._grow(after)
        elif not self._merge_small(len(places)):
            self._make(self.entries(after, BLOCK))
        return True

    def _merge_small(self, more: int) -> bool:
        """Take the small blocks at the end apart, if they and `more` customers make a whole one; whether they do."""
        small: list[int] = []
        count = more
        for number, rows in self._connection.execute("SELECT number, length(live) FROM blocks ORDER BY number DESC"):
            if rows >= BLOCK:
                break
            small.append(number)
            count += rows
        if not small or count < BLOCK:
            return False
        for number in small:
            self._connection.execute("DELETE FROM blocks WHERE number = ?", (number,))
            fields = self._connection.execute("SELECT number FROM column_names").fetchall()
            keys = [field << _FIELD | number for (field,) in fields]
            for some in chunks(keys):
                self._connection.execute(f"DELETE FROM columns WHERE key IN ({placeholders(some)})", some)  # noqa: S608
        return True

    @property
    def unread(self) -> int:
        """How many customers queries do not look at, since their block is not made yet."""
        query = "SELECT count(*) FROM customers WHERE place > ?"
        count = int(self._connection.execute(query, (self._last(),)).fetchone()[0])
        return count if count > TAIL else 0

    def _last(self) -> int:
        return int(self._connection.execute("SELECT coalesce(max(last), 0) FROM blocks").fetchone()[0])

    def _grow(self, after: int) -> bool:
        """Make a block of the first customers after a place; False where they are too few."""
        if self._merge_small(BLOCK):
            after = self._last()
        entries = self.entries(after, BLOCK)
        if len(entries) < BLOCK:
            return False
        self._make(entries)
        return True

    def _make(self, entries: Sequence[ColumnEntry]) -> None:
        """Make a block of `entries`."""
        places = [entry.place for entry in entries]
        (number,) = self._connection.execute("SELECT coalesce(max(number), 0) + 1 FROM blocks").fetchone()
        columns = pack_block(entries) | {PLACES: array("q", places).tobytes()}
        self._connection.execute(
            "INSERT INTO blocks VALUES (?, ?, ?, ?)", (number, places[0], places[-1], b"\1" * len(places))
        )
        self._connection.executemany(
            "INSERT INTO columns VALUES (?, ?)",
            [(self._number(name, entries) << _FIELD | number, packed) for name, packed in columns.items()],
        )
        self._new = {place: entry for place, entry in self._new.items() if place > places[-1]}

    def entries(self, after: int, limit: int) -> list[ColumnEntry]:
        """Return the first `limit` customers whose places are after another, as columns hold them."""
        query = "SELECT place, id, seen_at, added FROM customers WHERE place > ? ORDER BY place LIMIT ?"
        found = self._connection.execute(query, (after, limit)).fetchall()
        known = self._known([place for place, *_rest in found])
        times = self._contact_times([id for _place, id, *_rest in found])
        entries = []
        for place, id, seen_at, added in found:
            entry = known[place]
            moments = {**entry.moments, "seen": int(seen_at), **times.get(id, {})}
            if (moment := added_at(added)) is not None:
                moments["added"] = moment
            entries.append(ColumnEntry(place, entry.texts, moments))
        return entries

    def _known(self, places: Sequence[int]) -> Mapping[int, ColumnEntry]:
        known = {place: entry for place in places if (entry := self._new.get(place)) is not None}
        for some in chunks([place for place in places if place not in known]):
            query = f"SELECT place, packed FROM records WHERE place IN ({placeholders(some)})"  # noqa: S608
            for place, packed in self._connection.execute(query, some):
                known[place] = entry_of(place, self._records.plain(packed))
        return known

    def _contact_times(self, ids: Sequence[str]) -> dict[str, dict[str, int]]:
        times = {}
        for some in chunks(ids):
            where = f"customer_id IN ({placeholders(some)})"
            query = f"SELECT customer_id, last_at, next_at FROM contact_times WHERE {where}"  # noqa: S608
            for id, *found in self._connection.execute(query, some):
                times[id] = {name: moment for name, moment in zip(CONTACTS, found, strict=True) if moment is not None}
        return times

    def _number(self, name: str, entries: Sequence[ColumnEntry] = ()) -> int:
        """Return the number of the field `name`; with `entries`, of whom one has a value, it gets one."""
        if name not in self._numbers:
            found = self._connection.execute("SELECT number FROM column_names WHERE name = ?", (name,)).fetchone()
            if found is None and not entries:
                return 0  # no column has this number
            if found is None:
                cursor = self._connection.execute(
                    "INSERT INTO column_names (name, label) VALUES (?, ?)", (name, self._label(name, entries))
                )
                found = (cursor.lastrowid,)
            self._numbers[name] = int(found[0])
        return self._numbers[name]

    def _label(self, name: str, entries: Sequence[ColumnEntry]) -> str:
        """Return what the vendor calls a tenant's own field, as far as its customers tell."""
        code = name.removeprefix(CUSTOM)
        place = next((entry.place for entry in entries if name in entry.texts), None)
        if place is None or code == name:
            return ""
        packed = self._connection.execute("SELECT packed FROM records WHERE place = ?", (place,)).fetchone()[0]
        custom = self._records.load(packed).custom
        return next((one.label for one in custom if one.code == code and one.label != code), "")

    def drop(self, places: Iterable[int]) -> None:
        """Note that nobody is at `places` any more."""
        for place in places:
            self._new.pop(place, None)
        for number, rows in self._rows(places):
            with self._connection.blobopen("blocks", "live", number) as live:
                for row, _place in rows:
                    live.seek(row)
                    live.write(b"\0")

    def touch(self, places: Iterable[int], seen_at: float) -> None:
        """Note that the customers at `places` were seen once more."""
        self._write("seen", dict.fromkeys(places, int(seen_at)))

    def write_overlaid(self, least: int = OVERLAID) -> None:
        """Write the contact times that stand over the blocks into them, where there are so many."""
        (count,) = self._connection.execute("SELECT count(*) FROM contact_times WHERE overlaid").fetchone()
        if count < least:
            return
        found = self.overlaid()
        for number, name in enumerate(CONTACTS):
            self._write(name, {place: times[number] for place, times in found})
        self._connection.execute("UPDATE contact_times SET overlaid = 0 WHERE overlaid")

    def overlaid(self) -> list[tuple[int, tuple[int | None, int | None]]]:
        """Return the places, with `CONTACTS`, of those whose contact times their blocks do not have yet."""
        # A cross join keeps SQLite from going through all customers for the sake of their order.
        query = """
            SELECT place, last_at, next_at FROM contact_times CROSS JOIN customers ON customers.id = customer_id
            WHERE overlaid
        """
        found = [(place, (last, next)) for place, last, next in self._connection.execute(query)]
        return sorted(found, key=lambda one: one[0])

    def _write(self, name: str, moments: Mapping[int, int | None]) -> None:
        """Write `moments` by place over the column `name` of each block that they are in."""
        for number, rows in self._rows(moments):
            key = self._number(name) << _FIELD | number
            found = self._connection.execute("SELECT packed FROM columns WHERE key = ?", (key,)).fetchone()
            if found is None:  # nobody in this block had any
                rows_of = "SELECT length(live) FROM blocks WHERE number = ?"
                count = self._connection.execute(rows_of, (number,)).fetchone()[0]
                key = self._number(name, (ColumnEntry(0, {}, {}),)) << _FIELD | number
                self._connection.execute("INSERT INTO columns VALUES (?, ?)", (key, pack_moments([None] * count)))
            with self._connection.blobopen("columns", "packed", key) as blob:
                for row, place in rows:
                    blob.seek(8 * row)
                    blob.write(packed_moment(moments[place]))

    def _rows(self, places: Iterable[int]) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield the blocks that `places` are in, each with the rows and places of these."""
        left = sorted(places, reverse=True)
        while left:
            query = "SELECT number, last FROM blocks WHERE last >= ? ORDER BY last LIMIT 1"
            found = self._connection.execute(query, (left[-1],)).fetchone()
            if found is None:
                return
            number, last = found
            there = self.places(number)
            rows = []
            while left and left[-1] <= last:
                place = left.pop()
                row = bisect_left(there, place)
                if row < len(there) and there[row] == place:
                    rows.append((row, place))
            if rows:
                yield number, rows

    def clear(self) -> None:
        """Forget all blocks, to make them anew without what is gone from them."""
        self._connection.execute("DELETE FROM blocks")
        self._connection.execute("DELETE FROM columns")

    def forget(self) -> None:
        """Drop what is remembered of a transaction that was rolled back."""
        self._new.clear()
        self._numbers.clear()

    # Reading

    def blocks(self) -> list[tuple[int, int, bytes]]:
        """Return the number, the last place, and the mask of those who are still there, of each block."""
        return self._connection.execute("SELECT number, last, live FROM blocks ORDER BY number").fetchall()

    def places(self, number: int) -> Sequence[int]:
        """Return the places of the customers of the block `number`."""
        (packed,) = self.column(PLACES, [number]).values()
        return array("q", packed)

    def column(self, name: str, numbers: Sequence[int]) -> dict[int, bytes]:
        """Return the column `name` of the blocks `numbers`, in ascending order; those that have none are left out."""
        first = self._number(name) << _FIELD
        if not first or not numbers:
            return {}
        if len(numbers) > FEW * (numbers[-1] - numbers[0] + 1):
            query = "SELECT key, packed FROM columns WHERE key BETWEEN ? AND ?"
            wanted = set(numbers)
            found = self._connection.execute(query, (first | numbers[0], first | numbers[-1]))
            return {key - first: packed for key, packed in found if key - first in wanted}
        columns = {}
        for some in chunks(numbers):
            query = f"SELECT key, packed FROM columns WHERE key IN ({placeholders(some)})"  # noqa: S608
            for key, packed in self._connection.execute(query, [first | number for number in some]):
                columns[key - first] = packed
        return columns

    def names(self) -> dict[str, str]:
        """Return the fields that somebody has a value in, with what the vendor calls the tenant's own."""
        return dict(self._connection.execute("SELECT name, label FROM column_names ORDER BY number"))


def entry_of(place: int, record: Mapping[str, Any]) -> ColumnEntry:
    """Return what columns hold of the customer that is kept as `record`: the same as of the model, in a tenth of the
    time."""
    followers = record["follow_users"]
    found: Texts = {name: (record[name] or "",) for name in ("id", "union_id", "name", "company", "gender", "kind")}
    found["description"] = (record["description"], *[one["description"] for one in followers])
    if followers:
        found["remark"] = tuple([one["remark"] for one in followers])
        found["owner"] = tuple([text for one in followers for text in (one["name"], one["user_id"])])
    else:
        found["owner"] = (record["owner"],)
    found["tags"] = tuple([tag["name"] for tags in (record, *followers) for tag in tags["tags"]])
    for name in ("phones", "emails", "wechat", "qq"):
        if record[name]:
            found[name] = tuple([contact["value"] for contact in record[name]])
    for custom in record["custom"]:
        if value := custom["value"]:
            rows = (value,) if isinstance(value, str) else value
            texts = tuple([row if isinstance(row, str) else row["value"] for row in rows])
            found.setdefault(own_name(custom["code"]), texts)
    moments = {}
    for name in ("created_at", "updated_at"):
        if record[name] and (moment := epoch(datetime.fromisoformat(record[name]))) is not None:
            moments[name] = moment
    return ColumnEntry(place, found, moments)


FEW = 0.3
"""Share of a row of blocks below which each is looked for by itself."""


def _moments(customer: Customer) -> dict[str, int]:
    moments = {"created_at": epoch(customer.created_at), "updated_at": epoch(customer.updated_at)}
    return {name: moment for name, moment in moments.items() if moment is not None}
