"""Finding customers: tiers of matches, the best first, each read only as far as it is wanted.

A text that 50,000 customers match must not be ranked 50,000 times. So each way to match is a query of its own, and the
ways are asked in the order of their worth: whole texts before beginnings before pieces, and within each of these the
name before the remark before the company. The index gives a tier's matches in the order of their places, the latest
first, and the asking stops with the page full.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice

from tui.model.characters import clean_id
from tui.model.phone_email import read_phone
from tui.store.labels import Labels, Matches
from tui.store.pinyin import spellings
from tui.store.rows import Row, day_of
from tui.store.terms import (
    COMPANY,
    CONTACTS,
    END,
    GAP,
    INITIALS,
    INNER,
    INNER_INITIALS,
    LABEL,
    NAME,
    PHONE,
    REMARK,
    REMARK_INITIALS,
    REMARK_SPELT,
    REVERSED_PHONE,
    SPELT,
    START,
    UNION_ID,
    contact_key,
    fold,
    pairs,
)

ROW_COLUMNS = ", ".join(Row._fields[:-1])
"""The columns of the table that make a `Row`, in its order: all but `more`."""

CHUNK = 200
"""Matches of one tier that are ranked together by how lately they were seen."""

SHORTEST_DIGITS = 3
"""Digits from which a text is looked for among the phones; one or two stand in all of them."""

SHORTEST_KEY = 3
"""Characters from which ids and addresses are looked for by their beginnings."""

LONGEST_TEXT = 64
"""Characters of a text that are looked for."""

WORDS = 6
"""Words of a text that are looked for, each in a field of its own."""

Found = Generator[tuple[int, Row], None, None]
"""Places and rows."""


class Search:
    """One search for `text`. Needs its caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, labels: Labels, text: str) -> None:
        self._connection = connection
        self._labels = labels
        # A terminal in a wrong mode types half characters, which SQLite does not take.
        self._typed = clean_id(text.encode(errors="replace").decode())[:LONGEST_TEXT]
        self._folded = fold(self._typed)
        # `Zhang San` and `zhang'san` are typed for `zhangsan`.
        spelt = self._folded.replace(GAP, "")
        self._spelt = spelt if spelt.isascii() and spelt.isalnum() and not spelt.isdigit() else ""
        phone = read_phone(self._typed)
        # A number that was typed with its extension is most often kept without.
        keys = dict.fromkeys((phone.key, phone._replace(extension="").key)) if phone else {}
        self._phones = [key for key in keys if len(key) >= SHORTEST_DIGITS]

    def rows(self, limit: int, offset: int) -> list[Row]:
        """At most `limit` rows after the first `offset`, the best first."""
        with closing(self.ranked()) as ranked:
            return list(islice(ranked, offset, offset + limit))

    def ranked(self) -> Generator[Row, None, None]:
        """Each row that matches once, the best first."""
        given: set[int] = set()
        for tiers in (self._tiers, self._homophones):
            for tier in tiers():
                with closing(tier) as found:
                    while chunk := list(islice(found, CHUNK)):
                        # The index's order is that of first sight; what was seen again since comes first.
                        for place, row in sorted(chunk, key=lambda match: -match[1].seen_at):
                            if place not in given:
                                given.add(place)
                                yield row
            if given:
                return

    def _tiers(self) -> Iterator[Found]:
        tags, owners = (
            self._labels.find(kind, self._folded) if self._folded else Matches([], [], []) for kind in ("tag", "owner")
        )
        yield from self._whole(tags, owners)
        if self._folded:
            yield from self._beginnings(tags, owners)
            yield from self._pieces(tags, owners)
            yield from self._words()

    def _whole(self, tags: Matches, owners: Matches) -> Iterator[Found]:
        yield self._query("SELECT place, {row} FROM customers WHERE id = ?", self._typed)
        yield self._key(UNION_ID + self._typed)
        for phone in self._phones:
            yield self._key(PHONE + phone)
        for kind, mark in CONTACTS.items():
            if kind != "phone":
                yield self._key(mark + contact_key(kind, self._typed))
        if not self._folded:
            return
        whole = START + self._folded + END
        yield self._match(pairs(NAME, whole), lambda row: fold(row.name) == self._folded)
        yield self._match(pairs(REMARK, whole))
        yield self._match(pairs(COMPANY, whole), lambda row: fold(row.company) == self._folded)
        if self._spelt:
            yield self._match([SPELT + self._spelt])
            yield self._match([INITIALS + self._spelt])
            yield self._match([REMARK_SPELT + self._spelt])
            yield self._match([REMARK_INITIALS + self._spelt])
        yield self._labelled(tags.exact)
        yield self._labelled(owners.exact)

    def _beginnings(self, tags: Matches, owners: Matches) -> Iterator[Found]:
        beginning = START + self._folded
        yield self._match(pairs(NAME, beginning), lambda row: fold(row.name).startswith(self._folded))
        yield from self._spelt_beginnings(SPELT, INITIALS)
        yield self._match(pairs(REMARK, beginning))
        yield from self._spelt_beginnings(REMARK_SPELT, REMARK_INITIALS)
        yield self._match(pairs(COMPANY, beginning), lambda row: fold(row.company).startswith(self._folded))
        for phone in self._phones:
            yield self._key_beginning(REVERSED_PHONE + phone[::-1])
            yield self._key_beginning(PHONE + phone)
        yield self._labelled(tags.beginning)
        yield self._labelled(owners.beginning)
        if len(self._typed) >= SHORTEST_KEY:
            for kind, mark in CONTACTS.items():
                if kind != "phone":
                    yield self._key_beginning(mark + contact_key(kind, self._typed))
            query = "SELECT place, {row} FROM customers WHERE id >= ? AND id < ?"
            yield self._query(query, self._typed, _after(self._typed))
            yield self._key_beginning(UNION_ID + self._typed)

    def _pieces(self, tags: Matches, owners: Matches) -> Iterator[Found]:
        yield self._match(pairs(NAME, self._folded), lambda row: self._folded in fold(row.name))
        yield from self._spelt_beginnings(INNER, INNER_INITIALS)
        yield self._match(pairs(REMARK, self._folded))
        yield self._match(pairs(COMPANY, self._folded), lambda row: self._folded in fold(row.company))
        yield self._labelled(tags.piece)
        yield self._labelled(owners.piece)

    def _spelt_beginnings(self, full: str, initials: str) -> Iterator[Found]:
        if len(self._spelt) > 1:  # the beginnings with one letter are those of the initials
            yield self._match([full + self._spelt], beginning=True)
        if self._spelt:
            yield self._match([initials + self._spelt], beginning=True)

    def _homophones(self) -> Iterator[Found]:
        """Where nobody has these characters, whose name or remark is spelt alike: 陈文 finds 陳文, 张san finds 张三."""
        if len(self._folded) < 2:
            return
        for way in spellings(self._folded):
            spelt = "".join(way)
            yield self._match([SPELT + spelt])
            for mark in (SPELT, INNER, REMARK_SPELT):
                yield self._match([mark + spelt], beginning=True)

    def _words(self) -> Iterator[Found]:
        """Every word somewhere: `张 上海` is a 张 with Shanghai in the company, `李 vip` one with the tag."""
        words = self._folded.split(GAP)[:WORDS]
        if len(words) > 1:
            yield self._found(" AND ".join(f"({self._anywhere(word)})" for word in words))

    def _anywhere(self, word: str) -> str:
        ways = [" AND ".join(_quoted(term) for term in pairs(mark, word)) for mark in (NAME, REMARK, COMPANY)]
        if word.isascii():
            ways += [_quoted(mark + word) for mark in (SPELT, INNER, INITIALS, REMARK_SPELT)]
        for kind in ("tag", "owner"):
            matches = self._labels.find(kind, word)
            ways += [_quoted(f"{LABEL}{number}") for numbers in matches for number in numbers]
        return " OR ".join(f"({way})" for way in ways)

    def _match(
        self, terms: Sequence[str], holds: Callable[[Row], bool] | None = None, *, beginning: bool = False
    ) -> Found:
        """The customers with all `terms` for whom `holds`; `beginning`: that have a term that begins with the only one.

        Pairs may come from all over a text; `holds` looks whether they stand together, where the row shows the text.
        """
        expression = " AND ".join(_quoted(term) for term in terms) + (" *" if beginning else "")
        if holds is None:
            yield from self._found(expression)
            return
        with closing(self._matching(expression)) as found:
            yield from (match for match in found if holds(match[1]))

    def _labelled(self, labels: Sequence[int]) -> Found:
        if labels:
            yield from self._found(" OR ".join(_quoted(f"{LABEL}{number}") for number in labels))

    def _found(self, expression: str) -> Found:
        """Whom the index finds, where nothing need be looked at in their rows."""
        return self._matching(expression)

    def _matching(self, expression: str) -> Found:
        return self._query(
            """
            SELECT place, {row} FROM search JOIN customers ON place = search.rowid
            WHERE search MATCH ? ORDER BY search.rowid DESC
            """,
            expression,
        )

    def _key(self, key: str) -> Found:
        return self._query("SELECT place, {row} FROM keys JOIN customers USING (place) WHERE key = ?", key)

    def _key_beginning(self, key: str) -> Found:
        query = "SELECT place, {row} FROM keys JOIN customers USING (place) WHERE key >= ? AND key < ?"
        return self._query(query, key, _after(key))

    def _query(self, query: str, *values: str) -> Found:
        with closing(self._connection.execute(query.format(row=ROW_COLUMNS), values)) as cursor:
            for place, *columns in cursor:
                yield place, row_from(columns)


class PlaceSearch(Search):
    """The same search for the places alone, without the rows that a list shows."""

    def stages(self) -> Iterator[Iterator[Sequence[int]]]:
        """Yield the places of whom the text finds, the best first, and then who only sounds so; some may be empty."""
        for tiers in (self._tiers, self._homophones):
            yield self._places(tiers())

    def _places(self, tiers: Iterator[Found]) -> Iterator[Sequence[int]]:
        for tier in tiers:
            with closing(tier) as found:
                if places := [place for place, _row in found]:
                    yield places

    def _match(
        self, terms: Sequence[str], holds: Callable[[Row], bool] | None = None, *, beginning: bool = False
    ) -> Found:
        # A single pair stands together wherever it is.
        return super()._match(terms, holds if len(terms) > 1 else None, beginning=beginning)

    def _found(self, expression: str) -> Found:
        return self._bare("SELECT rowid FROM search WHERE search MATCH ?", expression)

    def _key(self, key: str) -> Found:
        return self._bare("SELECT place FROM keys WHERE key = ?", key)

    def _key_beginning(self, key: str) -> Found:
        return self._bare("SELECT place FROM keys WHERE key >= ? AND key < ?", key, _after(key))

    def _bare(self, query: str, *values: str) -> Found:
        with closing(self._connection.execute(query, values)) as cursor:
            for (place,) in cursor:
                yield place, _NO_ROW


_NO_ROW = Row("", "", "", "", "", "", "", "", 0.0, False)


def row_from(columns: Sequence[object]) -> Row:
    """The row that the `ROW_COLUMNS` of the table make."""
    row = Row(*columns)  # type: ignore[arg-type]  # as the table's columns are declared
    return row._replace(added=day_of(row.added), unreadable=bool(row.unreadable))


def _quoted(term: str) -> str:
    return f'"{term}"'


def _after(beginning: str) -> str:
    """A text after all that begin with `beginning`."""
    return beginning + chr(sys.maxunicode)
