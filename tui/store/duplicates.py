"""Customers of the directory who may be one person: brought together by what they share, the likeliest pair first.

Nobody is compared with everybody: the keys (terms.py) bring together who has the same phone, address or id, and one
grouping of the rows who has a like name in the same company. What brings two together is weighed by the caller; the
pairs lie in a temporary table, so that memory does not grow with the directory.
"""

from __future__ import annotations

import heapq
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.store.customers import Customers
from tui.store.database import Database, SharedConnection, connect
from tui.store.packed_records import Records
from tui.store.pinyin import LONGEST, spellings
from tui.store.store_errors import refusal
from tui.store.terms import CONTACTS, CUSTOM, GAP, UNION_ID, fold, keys_of

if TYPE_CHECKING:
    from tui.model.customer import Customer


_ASIDE = re.compile(r"[(\[<（【《].*?[)\]>）】》]")
_LEGAL_FORM = re.compile(r"(股份|责任|集团)*有限(责任)?公司$|·(co·)?(ltd|inc|llc|gmbh)$")


@lru_cache(maxsize=2048)
def namesake(name: str) -> str:
    """`name` as it sounds, without what stands in brackets; Latin words in any order. Empty for one that tells nothing.

    Homophones are how a Chinese name is mistyped: 陈晓云 and 陈小云 are namesakes.
    """
    folded = fold(_ASIDE.sub(" ", name)) or fold(name)
    spelt = spellings(folded) if len(folded) <= LONGEST else []
    sound = "".join(spelt[0]) if spelt else GAP.join(sorted(folded.split(GAP)))
    return sound if len(folded) > 1 else ""


def company_key(company: str) -> str:
    """`company` as it is compared: without its legal form."""
    folded = fold(company)
    return _LEGAL_FORM.sub("", folded) or folded


MOST = 6
"""Customers with one value whom it brings together at the most; more share a switchboard, or a word for none."""

NAMESAKES = 50
"""Customers of one name up to which their records are read for a company, where the rows tell none."""

COUNTED = 1000
"""Customers with one value that are counted one by one; more are as many."""

SHARED_TOLD = 20
"""Values that many share, of which is told."""

FEW_REPEATED = 20
REPEATED_SHARE = 0.2
"""A field of which more values than this are another customer's too holds no ids, but dates, sums or words."""

LINKED_AT_ONCE = 1000
"""Links that are in memory at a time."""

STEPS = 10_000
"""SQLite's steps between two looks whether the search was stopped: a few milliseconds."""

MARKS = {UNION_ID: "union_id", **{mark: kind for kind, mark in CONTACTS.items()}}
"""The marks of keys that are no custom fields', and the kind of each."""


class Shared(NamedTuple):
    """A value that several customers have."""

    kind: str
    """`phone`, `email`, `wechat`, `qq`, `union_id`, or a custom field's code."""
    value: str
    """As it is compared: a phone's digits, an address in one case."""
    customers: int
    """How many have it; at the most `COUNTED` where it is told of two."""


class Who(NamedTuple):
    """What a customer is called, and where."""

    name: str
    company: str


class Pair(NamedTuple):
    """Two customers who may be one, and the values that both have."""

    one: Customer
    other: Customer
    shared: tuple[Shared, ...]


class Judge(Protocol):
    """Weighs what two customers have in common. Weights add up, and 0 says nothing."""

    @property
    def companies(self) -> frozenset[str]:
        """The codes of custom fields that hold a company."""
        ...

    @property
    def least(self) -> float:
        """The weight from which two are a pair."""
        ...

    def identifies(self, code: str) -> bool:
        """Whether the custom field `code` may hold ids."""
        ...

    def weigh(self, shared: Shared) -> float:
        """What it weighs that two customers have this value."""
        ...

    def compare(self, one: Who, other: Who) -> float:
        """What two names and companies weigh."""
        ...


class DuplicateSearch:
    """One search of the file at `path`, on a connection of its own: it may take seconds, and holds nobody up.

    `run` it, then read pairs with `next`. One thread at a time, but for `stop`. Every method raises `StoreError`s.
    """

    def __init__(self, path: Path, judge: Judge) -> None:
        try:
            self._database = Database(SharedConnection(connect(path), path), SharedConnection.close)
        except sqlite3.Error as error:
            raise refusal(error, path) from error
        self._judge = judge
        self._customers = Customers(self._database.connection)
        self._records = Records(self._database.connection)
        self._company = lru_cache(maxsize=4096)(self._read_company)
        self._codes: dict[str, bool] = {}
        self._read = 0
        self._stopped = False
        self.count = 0
        """Pairs that were found."""
        self.shared: Sequence[Shared] = ()
        """Values that too many share to bring anybody together, those of the most first."""

    def run(self) -> None:
        """Find the pairs. Once it was stopped, it raises."""
        with self._database.reading() as connection:
            connection.set_progress_handler(lambda: self._stopped, STEPS)
            connection.execute("CREATE TEMP TABLE links (one INTEGER, other INTEGER, weight REAL)")
            connection.execute("CREATE TEMP TABLE pairs (one TEXT, other TEXT, weight REAL)")
            connection.execute("BEGIN")  # one state of the directory, whatever is written meanwhile
            try:
                self._link(self._by_values())
                self._link(self._by_names())
                self._weigh()
            finally:
                if connection.in_transaction:  # what is stopped may have ended it
                    connection.execute("COMMIT")
            connection.execute(
                "CREATE TEMP TABLE ranked AS SELECT one, other FROM pairs ORDER BY weight DESC, one, other"
            )
            (self.count,) = connection.execute("SELECT count(*) FROM ranked").fetchone()

    def next(self, count: int) -> list[Pair]:
        """The next pairs, `count` at the most, and none only at the end; those of whom one was deleted meanwhile are
        passed over."""
        pairs: list[Pair] = []
        with self._database.reading() as connection:
            query = "SELECT one, other FROM ranked WHERE rowid > ? ORDER BY rowid LIMIT ?"
            while not pairs and (found := connection.execute(query, (self._read, count)).fetchall()):
                self._read += len(found)
                known = self._customers.get_many(sorted({id for ids in found for id in ids}))
                both = ((known[one][0], known[other][0]) for one, other in found if one in known and other in known)
                pairs += (Pair(one, other, self._shared_by(one, other)) for one, other in both)
        return pairs

    def stop(self) -> None:
        """Have `run` end soon, from any thread."""
        self._stopped = True

    def close(self) -> None:
        """Close the connection, and with it the pairs."""
        self._database.close()

    # What brings customers together

    def _by_values(self) -> Iterator[tuple[Sequence[int], float]]:
        """The places of customers who have one value, and what it weighs."""
        told: list[tuple[int, Shared]] = []
        for start, kind in self._kinds():
            query = "SELECT key, count(*) FROM keys WHERE key >= ? AND key < ? GROUP BY key HAVING count(*) > 1"
            for key, customers in self._execute(query, start, _after(start)):
                shared = Shared(kind, key[len(start) :], customers)
                if customers <= MOST:
                    if weight := self._judge.weigh(shared):
                        yield self._places(key), weight
                elif self._judge.weigh(shared._replace(customers=2)):
                    keep = heapq.heappush if len(told) < SHARED_TOLD else heapq.heappushpop
                    keep(told, (customers, shared))
        self.shared = [shared for _, shared in sorted(told, reverse=True)]

    def _kinds(self) -> Iterator[tuple[str, str]]:
        """What the keys of each kind begin with, and the kind."""
        yield from MARKS.items()
        at: str | None = CUSTOM
        while at is not None:
            (found,) = self._execute(
                "SELECT min(key) FROM keys WHERE key >= ? AND key < ?", at, _after(CUSTOM)
            ).fetchone()
            if found is None:
                return
            code = found[1:].partition("=")[0]
            start = f"{CUSTOM}{code}="
            if self._identifies(code):
                yield start, code
            at = _after(start)

    def _identifies(self, code: str) -> bool:
        """Whether the custom field `code` holds ids, by what it is and by how seldom its values repeat."""
        if code not in self._codes:
            start = f"{CUSTOM}{code}="
            query = "SELECT count(*), count(DISTINCT key) FROM keys WHERE key >= ? AND key < ?"
            every, distinct = self._execute(query, start, _after(start)).fetchone()
            most = max(FEW_REPEATED, every * REPEATED_SHARE)
            self._codes[code] = self._judge.identifies(code) and every - distinct <= most
        return self._codes[code]

    def _by_names(self) -> Iterator[tuple[Sequence[int], float]]:
        """The places of customers of like names in one company; `_weigh` says what that weighs."""
        connection = self._database.connection
        connection.create_function("namesake", 1, namesake, deterministic=True)
        connection.create_function("company_key", 1, company_key, deterministic=True)
        query = """
            SELECT group_concat(place) FROM customers WHERE company <> '' AND name <> ''
            GROUP BY namesake(name), company_key(company) HAVING count(*) BETWEEN 2 AND ? AND namesake(name) <> ''
        """
        for (places,) in self._execute(query, MOST):
            yield [*map(int, places.split(","))], 0.0
        if self._judge.companies:
            yield from self._by_recorded_companies()

    def _by_recorded_companies(self) -> Iterator[tuple[Sequence[int], float]]:
        """The same where the company stands in a custom field: the records of the namesakes tell it."""
        query = """
            SELECT group_concat(place) FROM customers WHERE company = '' AND name <> ''
            GROUP BY namesake(name) HAVING count(*) BETWEEN 2 AND ? AND namesake(name) <> ''
        """
        for (joined,) in self._execute(query, NAMESAKES):
            companies: dict[str, list[int]] = {}
            for place in map(int, joined.split(",")):
                if company := company_key(self._company(place)):
                    companies.setdefault(company, []).append(place)
            yield from ((places, 0.0) for places in companies.values() if 2 <= len(places) <= MOST)

    def _read_company(self, place: int) -> str:
        """The company that the record at `place` has in a custom field."""
        (packed,) = self._execute("SELECT packed FROM records WHERE place = ?", place).fetchone()
        for custom in self._records.plain(packed)["custom"]:
            if custom["code"] in self._judge.companies and isinstance(custom["value"], str) and custom["value"]:
                return str(custom["value"])
        return ""

    # What it weighs

    def _link(self, groups: Iterable[tuple[Sequence[int], float]]) -> None:
        """Note each two of the places in one group."""
        links: list[tuple[int, int, float]] = []
        insert = partial(self._database.connection.executemany, "INSERT INTO links VALUES (?, ?, ?)")
        for places, weight in groups:
            links += ((one, other, weight) for one, other in combinations(sorted(places), 2))
            if len(links) >= LINKED_AT_ONCE:
                insert(links)
                links.clear()
        insert(links)

    def _weigh(self) -> None:
        """Make pairs of the links that weigh enough, with what names and companies add."""
        query = """
            SELECT weight, one.id, one.place, one.name, one.company, other.id, other.place, other.name, other.company
            FROM (SELECT one, other, sum(weight) AS weight FROM links GROUP BY one, other) AS linked
            JOIN customers AS one ON one.place = linked.one JOIN customers AS other ON other.place = linked.other
            WHERE NOT one.unreadable AND NOT other.unreadable
        """
        for weight, *both in self._execute(query):
            one, other = both[:4], both[4:]
            weight += self._judge.compare(self._who(*one[1:]), self._who(*other[1:]))
            if weight >= self._judge.least:
                self._execute("INSERT INTO pairs VALUES (?, ?, ?)", one[0], other[0], weight)

    def _who(self, place: int, name: str, company: str) -> Who:
        return Who(name, company or (self._company(place) if self._judge.companies else ""))

    def _shared_by(self, one: Customer, other: Customer) -> tuple[Shared, ...]:
        """The values that both have."""
        found = []
        for key in keys_of(one) & keys_of(other):
            if kind := MARKS.get(key[0]):
                value = key[1:]
            else:
                kind, _, value = key[1:].partition("=")
            if key[0] in MARKS or (key[0] == CUSTOM and self._identifies(kind)):
                found.append(Shared(kind, value, self._customers_with(key)))
        return tuple(sorted(found))

    def _customers_with(self, key: str) -> int:
        query = "SELECT count(*) FROM (SELECT 1 FROM keys WHERE key = ? LIMIT ?)"
        (count,) = self._execute(query, key, COUNTED).fetchone()
        return int(count)

    def _places(self, key: str) -> list[int]:
        return [place for (place,) in self._execute("SELECT place FROM keys WHERE key = ?", key)]

    def _execute(self, query: str, *values: object) -> sqlite3.Cursor:
        return self._database.connection.execute(query, values)


def _after(start: str) -> str:
    """A text after all that begin with `start`."""
    return start[:-1] + chr(ord(start[-1]) + 1)
