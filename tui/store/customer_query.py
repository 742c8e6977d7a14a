"""A query answered over the directory: who is meant, how many they are, and any page of them in any order.

Each clause makes a mask of each block (`column_scan`), and the masks are laid over one another. An order is read from
the columns too: of each block the best customers who are left, of all blocks the best of these, one after another, as
far as the page goes. The newest customers, who stand in no block yet, are one more, made for the query.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import islice

from tui.model.query.field_values import SortKey
from tui.model.query.query_names import OF_DEEDS
from tui.model.query.tree import (
    Clause,
    CustomerQuery,
    FieldClause,
    QueryField,
    QueryKind,
    SortBy,
    TextSpan,
    WordsClause,
)
from tui.store.column_index import CONTACTS, PLACES, TAIL, ColumnIndex
from tui.store.column_scan import mask_of
from tui.store.deeds import places_of
from tui.store.packed_columns import (
    SWAPPED,
    MomentColumn,
    StoredColumn,
    TextColumn,
    laid_over,
    pack_block,
    pack_moments,
    pack_texts,
    united,
)

CONSTANT = ("profile", "dialect")
"""Fields that are the same for all customers of a file."""

_MOMENTS = ("created_at", "updated_at", "added", "seen", *CONTACTS)

Masks = dict[int, bytes]
"""Whom is meant, by block; a block of which nobody is meant is left out."""

Spot = tuple[int, int]
"""A block and a row in it."""

Words = Callable[[str], Iterator[Iterator[Sequence[int]]]]
"""Finds the places of whom words mean, the best first; what comes second is for where the first finds nobody."""


@dataclass(frozen=True, slots=True)
class Block:
    """Customers whose columns are together."""

    number: int
    last: int
    """Their last place."""
    live: bytes
    """The mask of those who are still there."""


class Answer:
    """What a query finds, as long as its caller's transaction lasts."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        index: ColumnIndex,
        query: CustomerQuery,
        words: Words,
        constants: Mapping[str, str],
    ) -> None:
        self.connection = connection
        self._index = index
        self._query = query
        self._words = words
        self._constants = constants
        self._columns: dict[str, dict[int, StoredColumn]] = {}
        self._blocks = [Block(*found) for found in index.blocks()]
        self._tail: dict[str, bytes] = {}
        self.unread = index.unread
        """How many customers were not looked at, since the index is being made."""
        if not self.unread:
            self._read_tail()
        self._tiers: list[Masks] = []
        self.masks = self._meant()
        """Who is meant."""

    def _read_tail(self) -> None:
        after = self._blocks[-1].last if self._blocks else 0
        entries = self._index.entries(after, TAIL)
        if entries:
            number = self._blocks[-1].number + 1 if self._blocks else 1
            places = array("q", [entry.place for entry in entries])
            self._tail = {**pack_block(entries), PLACES: places.tobytes()}
            self._blocks.append(Block(number, places[-1], b"\1" * len(places)))

    # Who is meant

    @cached_property
    def count(self) -> int:
        """How many are meant."""
        return sum(mask.count(1) for mask in self.masks.values())

    @cached_property
    def looked_at(self) -> int:
        """How many customers there are, but for those who were not looked at."""
        return sum(block.live.count(1) for block in self._blocks)

    def places(self, limit: int | None, offset: int = 0) -> list[int]:
        """Return the places of at most `limit` of them after the first `offset`, in the order that is asked for."""
        end = None if limit is None else offset + limit
        spots = list(islice(self._ordered(), offset, end))
        places = self._places(sorted({block for block, _row in spots}))
        return [places[block][row] for block, row in spots]

    def pieces(self, size: int) -> Iterator[list[int]]:
        """Yield the places of all of them in the same order, at most `size` at a time."""
        ordered = self._ordered()
        while spots := list(islice(ordered, size)):
            places = self._places(sorted({block for block, _row in spots}))
            yield [places[block][row] for block, row in spots]

    def _meant(self) -> Masks:
        masks: Masks = {block.number: block.live for block in self._blocks if 1 in block.live}
        for clause in self._query.clauses:
            if not _of_deeds(clause):
                masks = _laid_over(masks, self._found_by(clause, masks), negated=clause.negated)
        deeds = [clause for clause in self._query.clauses if isinstance(clause, FieldClause) and _of_deeds(clause)]
        said = [clause for clause in deeds if not clause.negated]
        for clauses, negated in ((said, False), *(([clause], True) for clause in deeds if clause.negated)):
            if clauses:
                found = self._masks_of(places_of(self.connection, clauses))
                masks = _laid_over(masks, found, negated=negated)
        return masks

    def _found_by(self, clause: Clause, masks: Masks) -> Masks:
        if isinstance(clause, WordsClause):
            return self._word_masks(clause)
        return self._field_masks(clause, masks)

    def _field_masks(self, clause: FieldClause, masks: Masks) -> Masks:
        columns = self._column(clause.field, masks)
        found = {number: mask_of(clause.tests, column) for number, column in columns.items() if number in masks}
        return {number: mask for number, mask in found.items() if mask is not None}

    def _word_masks(self, clause: WordsClause) -> Masks:
        found: Masks = {}
        ranked = not self._query.sorts and not clause.negated and not self._tiers
        for tiers in self._words(clause.text):
            for tier in tiers:
                fresh = _laid_over(self._masks_of(tier), found, negated=True)
                if ranked and fresh:
                    self._tiers.append(fresh)
                for number, mask in fresh.items():
                    found[number] = united(found[number], mask) if number in found else mask
            if found:
                break
        return found

    def _masks_of(self, places: Sequence[int]) -> Masks:
        """Return the masks of the customers at `places`, who may be there no more."""
        wanted = sorted(places)
        found: Masks = {}
        start = 0
        for block in self._blocks:
            end = bisect_right(wanted, block.last, start)
            if end > start:
                there = self._places([block.number])[block.number]
                if end - start > _MANY:
                    mask = bytes(map(frozenset(wanted[start:end]).__contains__, there))
                else:
                    rows = [(bisect_left(there, place), place) for place in wanted[start:end]]
                    some = bytearray(len(there))
                    for row, place in rows:
                        if row < len(there) and there[row] == place:
                            some[row] = 1
                    mask = bytes(some)
                if there_now := laid_over(mask, block.live):
                    found[block.number] = there_now
            start = end
        return found

    # Their order

    def _ordered(self) -> Iterator[Spot]:
        if self._tiers and not self._query.sorts:
            left = self.masks
            for tier in self._tiers:
                there = _laid_over(left, tier)
                yield from self._sorted(there, ())
                left = _laid_over(left, tier, negated=True)
            return
        yield from self._sorted(self.masks, self._query.sorts)

    def _sorted(self, masks: Masks, sorts: Sequence[SortBy]) -> Iterator[Spot]:
        """Yield whom `masks` mean by `sorts`; without any, the most lately seen first."""
        if len(masks) == 1:
            ((number, mask),) = masks.items()
            if mask.count(1) == 1:
                yield number, mask.index(1)
                return
        by = sorts[0] if sorts else _LATELY_SEEN
        columns = self._column(by.field, self.masks)
        for group in _merged(columns, masks, descending=by.descending):
            yield from self._sorted(group, sorts[1:]) if sorts else _latest(group)
        rest = {
            number: absent
            for number, mask in masks.items()
            if (absent := columns[number].absent(mask) if number in columns else mask) is not None
        }
        if rest:
            yield from self._sorted(rest, sorts[1:]) if sorts else _latest(rest)

    # Columns

    def column(self, field: QueryField) -> Mapping[int, StoredColumn]:
        """Return the column of `field` in the blocks of whom is meant; a block in which nobody has a value has none."""
        return self._column(field, self.masks)

    def _column(self, field: QueryField, masks: Masks) -> dict[int, StoredColumn]:
        """Return the column of `field` in those blocks of `masks` that have one."""
        if field.name not in self._columns:
            self._columns[field.name] = self._read(field.name, list(masks))
        return self._columns[field.name]

    def _read(self, name: str, numbers: Sequence[int]) -> dict[int, StoredColumn]:
        if name in CONSTANT:
            return self._constant(name)
        if name == "state":
            return self._states()
        tail = self._blocks[-1].number if self._tail else None
        packed = self._index.column(name, [number for number in numbers if number != tail])
        if tail is not None and name in self._tail:
            packed[tail] = self._tail[name]
        if name in _MOMENTS:
            columns = {number: MomentColumn(content) for number, content in packed.items()}
            if name in CONTACTS:
                self._overlay(columns, CONTACTS.index(name))
            return dict(columns)
        rows = self._rows
        return {number: TextColumn(content, rows[number]) for number, content in packed.items()}

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {block.number: len(block.live) for block in self._blocks}

    def _places(self, numbers: Sequence[int]) -> dict[int, Sequence[int]]:
        found: dict[int, Sequence[int]] = {}
        missing = [number for number in numbers if number not in self._known_places]
        if missing:
            tail = self._blocks[-1].number if self._tail else None
            packed = self._index.column(PLACES, [number for number in missing if number != tail])
            if tail in missing:
                packed[tail] = self._tail[PLACES]
            self._known_places.update((number, array("q", content)) for number, content in packed.items())
        for number in numbers:
            found[number] = self._known_places[number]
        return found

    @cached_property
    def _known_places(self) -> dict[int, Sequence[int]]:
        return {}

    def _spots(self, places: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Yield the index in `places`, which ascend, the block and the row of those that are in one."""
        start = 0
        ranges = []
        for block in self._blocks:
            end = bisect_right(places, block.last, start)
            if end > start:
                ranges.append((block, start, end))
            start = end
        known = self._places([block.number for block, _start, _end in ranges])
        for block, start, end in ranges:
            there = known[block.number]
            for index in range(start, end):
                row = bisect_left(there, places[index])
                if row < len(there) and there[row] == places[index]:
                    yield index, block.number, row

    def _overlay(self, columns: dict[int, MomentColumn], which: int) -> None:
        """Put the contact times that the blocks do not have yet over `columns`."""
        found = self._index.overlaid()
        for index, number, row in self._spots([place for place, _times in found]):
            moment = found[index][1][which]
            if number not in columns:
                columns[number] = MomentColumn(pack_moments([None] * self._rows[number]))
            columns[number].put(row, moment)

    def _states(self) -> dict[int, StoredColumn]:
        query = """
            SELECT place, group_concat(DISTINCT state) FROM changes JOIN customers ON customers.id = customer_id
            GROUP BY place ORDER BY place
        """
        found = self.connection.execute(query).fetchall()
        values: dict[int, list[tuple[str, ...] | None]] = {}
        for index, number, row in self._spots([place for place, _states in found]):
            column = values.setdefault(number, [None] * self._rows[number])
            column[row] = tuple(sorted(found[index][1].split(",")))
        return {
            number: TextColumn(packed, self._rows[number])
            for number, column in values.items()
            if (packed := pack_texts("state", column)) is not None
        }

    def _constant(self, name: str) -> dict[int, StoredColumn]:
        value = (self._constants.get(name, ""),)
        columns: dict[int, StoredColumn] = {}
        for number, rows in self._rows.items():
            packed = pack_texts(name, [value] * rows)
            if packed is not None:
                columns[number] = TextColumn(packed, rows)
        return columns


def _of_deeds(clause: Clause) -> bool:
    return isinstance(clause, FieldClause) and clause.field.name in OF_DEEDS


def _merged(columns: Mapping[int, StoredColumn], masks: Masks, *, descending: bool) -> Iterator[Masks]:
    """Yield whom `masks` mean in the order of one column's values, over all blocks; who share one are one group."""
    groups = {
        number: column.groups(masks[number], descending=descending)
        for number, column in columns.items()
        if number in masks
    }
    heap = []

    def key_of(number: int, code: int) -> _Rank:
        return _Rank(columns[number].key(code), descending)

    for number, of_block in groups.items():
        if head := next(of_block, None):
            heap.append((key_of(number, head[0]), number, head[1]))
    heapify(heap)
    while heap:
        key = heap[0][0]
        group: Masks = {}
        while heap and not key < heap[0][0]:
            _key, number, mask = heappop(heap)
            group[number] = united(group[number], mask) if number in group else mask
            if head := next(groups[number], None):
                heappush(heap, (key_of(number, head[0]), number, head[1]))
        yield group


class _Rank:
    """What comes first: by a key, or the other way round."""

    __slots__ = ("_descending", "key")

    def __init__(self, key: SortKey, descending: bool) -> None:
        self.key = key
        self._descending = descending

    def __lt__(self, other: _Rank) -> bool:
        return other.key < self.key if self._descending else self.key < other.key


_MANY = 64
"""Places of one block from which all of its rows are asked whether they are meant, instead of looking each up."""

_LATELY_SEEN = SortBy(QueryField("seen", "", QueryKind.MOMENT), TextSpan(0, 0), descending=True)


def _latest(masks: Masks) -> Iterator[Spot]:
    """Yield whom `masks` mean, the last place first."""
    for number in sorted(masks, reverse=True):
        mask = masks[number]
        row = mask.rfind(1)
        while row >= 0:
            yield number, row
            row = mask.rfind(1, 0, row)


def _laid_over(masks: Masks, found: Masks, *, negated: bool = False) -> Masks:
    """Return whom both `masks` and `found` mean, or `masks` alone where it is `negated`."""
    kept: Masks = {}
    for number, mask in masks.items():
        other = found.get(number)
        if other is None:
            both = mask if negated else None
        else:
            both = laid_over(mask, other.translate(SWAPPED) if negated else other)
        if both is not None:
            kept[number] = both
    return kept
