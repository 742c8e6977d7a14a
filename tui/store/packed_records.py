"""Whole customers, packed: JSON, deflated with a dictionary that is learnt from the tenant's own customers.

A tenant's records are much alike: the same keys, colleagues, tags and avatars stand in all of them. A dictionary of
what repeats halves a record of 2.6 KiB again, from the 1,040 bytes that deflate alone makes of it.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tui.model.customer import Customer

WINDOW_BITS = 15
"""Deflate's largest window, 32 KiB: as much of a dictionary as it can look back on."""

LEVEL = 3
"""A third faster than zlib's default here, for a record 5 % larger."""

DICTIONARY_SIZE = 1 << WINDOW_BITS
REPEATED_SIZE = 28_000
"""Of the dictionary: what repeats; whole records, which show in what order it comes, fill the rest."""

SMALLEST_SAMPLE = 50
LARGEST_SAMPLE = 250
"""Customers to learn a dictionary from: fewer repeat nothing, more change it little."""

MOST_DICTIONARIES = 255
"""A record says in one byte which is its own; 0 is none."""

BETTER_SAMPLE = 3
"""A dictionary is learnt anew from a sample so many times as large as the last; older records keep theirs."""

_REPEATING = (re.compile(rb"\{[^{}]{8,250}\}"), re.compile(rb'"[^"\\]{3,200}"[:,]?'))
"""What may repeat whole: objects without objects inside (tags, contacts), and texts."""


class Packer(Protocol):
    """What `zlib.compressobj` makes: the class has no public name."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...

    def copy(self) -> Packer: ...


class Records:
    """Packs and unpacks customers with the dictionaries of one file. Needs its caller's transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._dictionaries: dict[int, bytes] = {0: b""}
        self._number = 0
        self._sample = 0
        self._packer: Packer | None = None

    def dump(self, customers: Sequence[Customer]) -> list[bytes]:
        """The JSON of each of `customers`, whole: the model, and the vendor's record in its `raw`."""
        from pydantic_core import to_json

        return [to_json(customer) for customer in customers]

    def prepare(self, jsons: Sequence[bytes]) -> None:
        """Before packing `jsons`: take up the newest dictionary, or learn a better one from them."""
        row = self._connection.execute("SELECT max(number), sample FROM dictionaries").fetchone()
        if row[0] is not None and row[0] != self._number:
            self._use(*row)
        sample = jsons[:LARGEST_SAMPLE]
        if len(sample) >= max(SMALLEST_SAMPLE, BETTER_SAMPLE * self._sample):
            content = learn(sample)
            cursor = self._connection.execute(
                "INSERT INTO dictionaries (sample, content) VALUES (?, ?)", (len(sample), content)
            )
            assert cursor.lastrowid is not None
            self._use(cursor.lastrowid, len(sample))

    def pack_anew(self) -> None:
        """Pack every record again, with a dictionary learnt from those that are there: older ones, in which records
        stand that may be gone since, are dropped.
        """
        rows = self._connection.execute("SELECT place, packed FROM records ORDER BY place LIMIT ?", (LARGEST_SAMPLE,))
        sample = [self.unpack(packed) for _place, packed in rows.fetchall()]
        (newest,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM dictionaries").fetchone()
        number = newest % MOST_DICTIONARIES + 1
        content = learn(sample)
        old = dict(self._connection.execute("SELECT number, content FROM dictionaries").fetchall())
        self._dictionaries |= old
        last, packs = 0, Records(self._connection)
        packs._dictionaries[number] = content
        packs._use(number, len(sample))
        query = "SELECT place, packed FROM records WHERE place > ? ORDER BY place LIMIT ?"
        while found := self._connection.execute(query, (last, LARGEST_SAMPLE)).fetchall():
            self._connection.executemany(
                "UPDATE records SET packed = ? WHERE place = ?",
                [(packs.pack(self.unpack(packed)), place) for place, packed in found],
            )
            last = found[-1][0]
        self._connection.execute("DELETE FROM dictionaries")
        self._connection.execute("INSERT INTO dictionaries VALUES (?, ?, ?)", (number, len(sample), content))
        self._dictionaries = {0: b"", number: content}
        self._use(number, len(sample))

    def pack(self, json: bytes) -> bytes:
        """JSON as it is kept: one byte for the dictionary's number, and the deflated rest."""
        if self._packer is None:
            dictionary = self._content(self._number)
            self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -WINDOW_BITS, zdict=dictionary)
        packer = self._packer.copy()  # a copy is several times cheaper than to take the dictionary in again
        return bytes((self._number,)) + packer.compress(json) + packer.flush()

    def unpack(self, packed: bytes) -> bytes:
        """The JSON that `pack` took."""
        return zlib.decompressobj(-WINDOW_BITS, zdict=self._content(packed[0])).decompress(packed[1:])

    def load(self, packed: bytes) -> Customer:
        """The customer that `packed` is."""
        from tui.model.customer import Customer

        return Customer.model_validate_json(self.unpack(packed))

    def plain(self, packed: bytes) -> Mapping[str, Any]:
        """The same as plain JSON, for a fraction of the time."""
        from pydantic_core import from_json

        record: Mapping[str, Any] = from_json(self.unpack(packed))
        return record

    def forget(self) -> None:
        """Drop what was learnt in a transaction that was rolled back."""
        self._use(0, 0)

    def _use(self, number: int, sample: int) -> None:
        self._number, self._sample, self._packer = number, sample, None

    def _content(self, number: int) -> bytes:
        if number not in self._dictionaries:
            found = self._connection.execute("SELECT content FROM dictionaries WHERE number = ?", (number,)).fetchone()
            self._dictionaries[number] = found[0]
        return self._dictionaries[number]


def learn(jsons: Sequence[bytes]) -> bytes:
    """A deflate dictionary for records such as `jsons`: what repeats most last, where it is the cheapest to refer
    to.
    """
    times = Counter(piece for json in jsons for pattern in _REPEATING for piece in set(pattern.findall(json)))
    repeated = [(count * len(piece), piece) for piece, count in times.items() if count > 1]
    kept: list[bytes] = []
    held = b""
    for _, piece in sorted(repeated, reverse=True):
        if len(held) > REPEATED_SIZE:
            break
        if piece not in held:
            kept.append(piece)
            held += piece
    return (b"".join(reversed(kept)) + b"".join(jsons[:2]))[-DICTIONARY_SIZE:]
