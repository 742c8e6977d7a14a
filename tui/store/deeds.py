"""What the journal's entries tell, one row for each text that was written, so that they are found and counted quickly.

The rows are made of the journal whenever they are asked for: the entries that came since the last time are few, and
nothing that writes an entry has to wait for them. Of several entries about one change the last one is told.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from tui.model.change import Kind
from tui.model.characters import fold
from tui.model.journal_filter import REACHED, JournalFilter
from tui.model.query.field_values import compared_text
from tui.model.query.query_names import OF_DEEDS
from tui.model.query.tree import Contains, Equals, FieldClause, HasAny, Moments, Test
from tui.store.database import Database, placeholders

AT_ONCE = 1000
"""Entries of which rows are made in one transaction: 50 ms."""

SAID, DID, DID_BY, DID_ON = OF_DEEDS


class Deed(NamedTuple):
    """Something that was done: a follow-up of one text, a remark, an edit."""

    customer: str
    kind: str
    author: str
    """Folded."""
    at: int
    """Epoch seconds: when it happened, which may be told later."""


class Deeds:
    """The rows of one file. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def catch_up(self) -> None:
        """Make the rows of entries that came since."""
        while self._is_behind():
            with self._database.writing() as connection:
                _make_rows(connection)

    def _is_behind(self) -> bool:
        with self._database.reading() as connection:
            return _first_after(connection) is not None

    def since(self, moment: int) -> list[Deed]:
        """Return what reached somebody from `moment` (epoch seconds) on, the earliest first."""
        self.catch_up()
        where, values = _where(JournalFilter(states=REACHED, since=moment))
        query = f"SELECT customer, kind, author, at FROM deeds WHERE {where} ORDER BY at"  # noqa: S608
        with self._database.reading() as connection:
            return [Deed(*row) for row in connection.execute(query, values)]

    def find(self, wanted: JournalFilter, limit: int, customer: str | None = None) -> list[str]:
        """Return the changes that `wanted` means, of one customer where given, the newest first: by what the journal
        calls them."""
        self.catch_up()
        where, values = _where(wanted)
        if customer is not None:
            where, values = f"customer = ? AND {where}", [customer, *values]
        query = f"SELECT DISTINCT about FROM deeds WHERE {where} ORDER BY about DESC LIMIT ?"  # noqa: S608
        with self._database.reading() as connection:
            return [about for (about,) in connection.execute(query, (*values, limit))]

    def authors(self) -> list[str]:
        """Return who did something, the busiest first."""
        self.catch_up()
        query = "SELECT author FROM deeds WHERE author <> '' GROUP BY author ORDER BY count(*) DESC, author"
        with self._database.reading() as connection:
            return [author for (author,) in connection.execute(query)]


def places_of(connection: sqlite3.Connection, clauses: Sequence[FieldClause]) -> list[int]:
    """Return the places, ascending, of the customers of whom one row is all that `clauses` say, negated or not."""
    wanted = [f"state IN ({placeholders(REACHED)})"]
    values: list[object] = [*REACHED]
    for clause in clauses:
        ways = [_test(clause.field.name, test) for test in clause.tests]
        wanted.append(f"({' OR '.join(way for way, _some in ways)})")
        values += (value for _way, some in ways for value in some)
    query = f"""
        SELECT place FROM customers WHERE id IN (SELECT customer FROM deeds WHERE {" AND ".join(wanted)}) ORDER BY place
    """  # noqa: S608
    return [place for (place,) in connection.execute(query, values)]


_COLUMNS = {SAID: "text", DID: "kind", DID_BY: "author", DID_ON: "at"}


def _test(field: str, test: Test) -> tuple[str, Sequence[object]]:
    column = _COLUMNS[field]
    match test:
        case HasAny():
            return ("1" if field == DID_ON else f"{column} <> ''"), ()
        case Contains(piece):
            return f"instr({column}, ?)", (piece,)
        case Equals(texts):
            return f"{column} IN ({placeholders(tuple(texts))})", tuple(texts)
        case Moments(start, end):
            bounds = [(f"{column} >= ?", start), (f"{column} < ?", end)]
            given = [(way, bound) for way, bound in bounds if bound is not None]
            return " AND ".join(way for way, _bound in given) or "1", [bound for _way, bound in given]
        case _:
            return "0", ()


def _where(wanted: JournalFilter) -> tuple[str, list[object]]:
    parts: list[str] = ["1"]
    values: list[object] = []
    for text in wanted.texts:
        parts.append("instr(text, ?)")
        values.append(text)
    for column, some in (("kind", wanted.kinds), ("author", wanted.authors), ("state", wanted.states)):
        if some:
            parts.append(f"{column} IN ({placeholders(some)})")
            values += some
    if wanted.since is not None:
        parts.append("at >= ?")
        values.append(wanted.since)
    if wanted.until is not None:
        parts.append("at < ?")
        values.append(wanted.until)
    return " AND ".join(parts), values


def _first_after(connection: sqlite3.Connection) -> int | None:
    query = "SELECT min(place) FROM journal WHERE place > (SELECT coalesce(max(place), 0) FROM deeds)"
    found: int | None = connection.execute(query).fetchone()[0]
    return found


def _make_rows(connection: sqlite3.Connection) -> None:
    query = """
        SELECT place, about, customer, kind, author, at, body FROM journal
        WHERE place > (SELECT coalesce(max(place), 0) FROM deeds) ORDER BY place LIMIT ?
    """
    found = connection.execute(query, (AT_ONCE,)).fetchall()
    latest = {about: place for place, about, *_rest in found}
    connection.executemany("DELETE FROM deeds WHERE about = ?", [(about,) for about in latest])
    rows = []
    for place, about, customer, kind, author, at, body in found:
        if latest[about] == place:
            content = json.loads(body)
            for number, (moment, text) in enumerate(_said(kind, content, at)):
                told = (customer, kind, fold(author), moment, content.get("state") or "", compared_text(SAID, text))
                rows.append((place, number, about, *told))
    last = found[-1][0]
    if not rows or rows[-1][0] < last:  # an entry after which another one tells of the same: it has been looked at
        rows.append((last, 0, found[-1][1], "", "", "", 0, "", ""))
    connection.executemany("INSERT OR REPLACE INTO deeds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _said(kind: str, body: dict[str, Any], at: float) -> Iterator[tuple[int, str]]:
    """Yield when, in epoch seconds, and what was written; an empty text where nothing was."""
    request = body.get("request") or {}
    then = int(body.get("sent_at") or body.get("created_at") or at)
    if kind == Kind.FOLLOW:
        for text in request.get("texts") or ():
            yield (_epoch(text["at"], then) if text.get("at") else then), str(text.get("content") or "")
    else:
        yield then, "\n".join(_texts(request))


def _texts(value: object) -> Iterable[str]:
    """The texts in what was sent."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            if name != "user_id":
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _epoch(text: str, otherwise: int) -> int:
    try:
        return int(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        return otherwise
