"""The directory: every customer seen, to be drawn at once, searched, and read where a vendor has no list."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tui.model.phone_email import read_phone
from tui.store.customers import Customers
from tui.store.database import Database, chunks, placeholders
from tui.store.labels import Owner
from tui.store.remark_targets import RemarkTarget, person_in
from tui.store.rows import Listing, Row
from tui.store.search import ROW_COLUMNS, PlaceSearch, Search, row_from
from tui.store.terms import CONTACTS, LABEL, UNION_ID, contact_key, custom_key

if TYPE_CHECKING:
    from tui.model.customer import Customer, FieldSpec
    from tui.model.query.tree import CustomerQuery, QueryField
    from tui.store.column_counts import Counted
    from tui.store.customer_query import Answer


PAGES_KEPT = 1000
"""Remembered pages; a page of 100 ids takes 2.5 KiB."""

LONGEST_PAGE = 1000
"""Ids of a page that are remembered: the largest page of any vendor."""


class Pages:
    """The remembered pages of one file. Needs its caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, customers: Customers) -> None:
        self._connection = connection
        self._customers = customers

    def save(self, key: str, page: int, size: int, total: int | None, ids: Sequence[str], seen_at: float) -> None:
        """Remember that the page held `ids`, in this order."""
        packed = zlib.compress(json.dumps(ids[:LONGEST_PAGE], separators=(",", ":")).encode())
        self._connection.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", (key, page, size, total, seen_at, packed)
        )
        self._connection.execute(
            "DELETE FROM pages WHERE seen_at < (SELECT seen_at FROM pages ORDER BY seen_at DESC LIMIT 1 OFFSET ?)",
            (PAGES_KEPT - 1,),
        )

    def show(self, key: str, page: int, cursor_id: str) -> None:
        """Note that the page is the one on the screen, with the cursor on this customer."""
        shown = json.dumps([key, page, cursor_id])
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('shown', ?)", (shown,))

    def page(self, key: str, page: int) -> Listing | None:
        """The page as it was last seen; None where it never was."""
        query = "SELECT size, total, seen_at, ids FROM pages WHERE key = ? AND page = ?"
        found = self._connection.execute(query, (key, page)).fetchone()
        if found is None:
            return None
        size, total, seen_at, packed = found
        ids = json.loads(zlib.decompress(packed))
        rows = self._customers.rows(ids)
        return Listing(rows, page, size, total, seen_at, "directory", complete=len(rows) == len(ids), key=key)

    def last(self) -> Listing | None:
        """The page that was last on the screen, else the first of all customers; None where neither was seen."""
        shown = self._connection.execute("SELECT value FROM meta WHERE key = 'shown'").fetchone()
        if shown:
            key, page, cursor_id = json.loads(shown[0])
            if found := self.page(key, page):
                return replace(found, cursor_id=cursor_id)
        return self.page("", 1)


__all__ = ["Directory", "Owner", "SyncState"]

STALE_SHARE = 0.5
"""Empty places for each customer, from which the index is worth being made anew: it is half as large again."""

STALE_AT_LEAST = 20_000
"""Empty places that are never worth it: 4 MiB."""

QUERIES_KEPT = 20
"""Queries that are remembered; nobody looks for an older one."""

UNSERIALISED = frozenset({"contacts", "searchable", "param"})
"""What `FieldSpec` leaves out of its JSON, and the kept configuration must not."""


@dataclass(frozen=True, slots=True)
class SyncState:
    """How far the directory was filled from a vendor's list."""

    key: str
    """The query, as in `save_page`."""
    page: int
    """The last page that is in the directory whole; 0 before the first."""
    size: int
    total: int | None
    """How many customers the vendor last said there are."""
    started_at: float
    updated_at: float
    complete: bool = False
    missed: int = 0
    """Customers that may have slipped between pages while the list changed."""


class ContactTimes(NamedTuple):
    """When a customer was contacted last, and is to be next, in epoch seconds; None where nobody knows."""

    last_at: int | None
    next_at: int | None


class Directory:
    """The customers seen under one profile. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._customers = Customers(database.connection)
        self._pages = Pages(database.connection, self._customers)
        self.next_contact_field = ""
        """The vendor's own field that says when a customer is to be contacted next, where one does."""

    # Keeping

    def save(
        self,
        customers: Sequence[Customer],
        seen_at: float,
        user_id: str = "",
        *,
        listed: bool = False,
        sync: SyncState | None = None,
    ) -> int:
        """Keep `customers` as a vendor's answer told them at `seen_at` (epoch seconds); `user_id` is the acting
        colleague.

        `listed`: they only passed by in a list, and do not rank as lately opened. `sync` is kept in the same
        transaction, so that it never claims more than is there; what is returned is how many had not been seen since
        it began.
        """
        since = sync.started_at if sync is not None else 0.0
        with self._writing():
            fresh = self._customers.save(customers, seen_at, user_id, listed=listed, since=since)
            self._follow_vendor(customers, seen_at)
            if sync is not None:
                self._save_sync(sync)
        return fresh

    def save_page(
        self,
        key: str,
        page: int,
        size: int,
        total: int | None,
        customers: Sequence[Customer],
        seen_at: float,
        user_id: str = "",
    ) -> None:
        """Keep one page of a vendor's list, and that it held `customers` in this order.

        `key` is the query as one canonical text, its page apart; empty for all customers.
        """
        with self._writing():
            self._customers.save(customers, seen_at, user_id, listed=True)
            self._follow_vendor(customers, seen_at)
            self._pages.save(key, page, size, total, [customer.id for customer in customers], seen_at)

    def _follow_vendor(self, customers: Sequence[Customer], seen_at: float) -> None:
        """Have the next contacts of `customers` be what the vendor's field says, where one holds them."""
        if self.next_contact_field:
            from tui.model.next_contact import read_vendor_time
            from tui.store.work import follow_vendor

            follow_vendor(self._database.connection, customers, self.next_contact_field, read_vendor_time, seen_at)

    def show(self, key: str, page: int, cursor_id: str = "") -> None:
        """Note that this page is on the screen, with the cursor on a customer: `last_page` gives both back."""
        with self._writing():
            self._pages.show(key, page, cursor_id)

    def forget(self, customer_id: str) -> None:
        """Remove a customer that the vendor has no more."""
        with self._writing():
            self._customers.forget(customer_id)

    @contextmanager
    def erasing(self, customer_ids: Sequence[str]) -> Iterator[tuple[sqlite3.Connection, int]]:
        """Remove customers with every trace of them here, and yield the transaction, and how many there were."""
        with self._writing() as connection:
            count = self._customers.erase(customer_ids)
            connection.execute("DELETE FROM pages")
            connection.execute("DELETE FROM meta WHERE key = 'shown'")
            yield connection, count

    def tidy(self) -> bool:
        """Make the index anew where many changed customers left it too large, or another kehu made it by other rules;
        tell whether it was.

        For the end of a sync: it takes minutes at 1,000,000 customers, and nothing where there is nothing to do.
        """
        with self._writing():
            too_large = self._customers.stale > max(STALE_AT_LEAST, STALE_SHARE * self._customers.count)
            due = too_large or self._customers.outdated
            if due:
                self._customers.reindex()
        return due

    # Lists

    def page(self, key: str, page: int) -> Listing | None:
        """A page as it was last seen; None where it never was."""
        with self._database.reading():
            return self._pages.page(key, page)

    def last_page(self) -> Listing | None:
        """The page for the first frame: the one last on the screen, else the first one. None where neither was seen."""
        with self._database.reading():
            return self._pages.last()

    def known(self, offset: int, limit: int, owner: str | None = None) -> Listing:
        """Every customer seen, the most lately seen first; of `owner` (a user id) alone where given."""
        with self._database.reading() as connection:
            if owner is None:
                source, values = "customers", list[object]()
                total = self._customers.count
            else:
                label = self._customers.labels.exact("owner", owner) or 0  # no label has this number
                source = "search JOIN customers ON place = search.rowid WHERE search MATCH ?"
                values = [f'"{LABEL}{label}"']
                (total,) = connection.execute(f"SELECT count(*) FROM {source}", values).fetchone()  # noqa: S608
            query = f"SELECT {ROW_COLUMNS} FROM {source} ORDER BY seen_at DESC, place DESC LIMIT ? OFFSET ?"  # noqa: S608
            rows = tuple(map(row_from, connection.execute(query, (*values, limit, offset))))
        return _listing(rows, limit, offset, total)

    def search(self, text: str, limit: int = 100, offset: int = 0) -> Listing:
        """Customers that `text` finds, the best first: by how well, then by how lately seen.

        `text` is a piece of a name, remark, company, tag or colleague in any script, a Chinese name's pinyin or its
        initials, the digits of a phone from either end, an e-mail, WeChat or QQ, an id, or several words of which each
        stands somewhere. An empty one finds everybody. `total` is known once the last page is reached.
        """
        if not text.strip():
            return self.known(offset, limit)
        with self._database.reading() as connection:
            rows = tuple(Search(connection, self._customers.labels, text).rows(limit, offset))
        ended = len(rows) < limit and (rows or not offset)
        return _listing(rows, limit, offset, offset + len(rows) if ended else None)

    def answer(
        self, query: CustomerQuery, limit: int, offset: int = 0, constants: Mapping[str, str] | None = None
    ) -> Listing:
        """Return whom `query` means, the first `limit` after `offset` in its order, and how many they are in all.

        Words alone are searched for as in `search`. `constants` are the fields that are the same for all: `profile`.
        """
        if query.words:
            return self.search(query.words, limit, offset)
        with self._answering(query, constants) as found:
            rows = self._customers.rows_at(found.places(limit, offset))
            return replace(_listing(rows, limit, offset, found.count), known=found.looked_at, unread=found.unread)

    def answer_ids(self, query: CustomerQuery, constants: Mapping[str, str] | None = None) -> list[str]:
        """Return the ids of all whom `query` means, in its order."""
        with self._answering(query, constants) as found:
            return self._customers.ids_at(found.places(None))

    def answer_all(
        self, query: CustomerQuery, at_once: int, constants: Mapping[str, str] | None = None
    ) -> Generator[list[str], None, None]:
        """Yield the ids of all whom `query` means, in its order and as of one moment, at most `at_once` at a time.

        Until it is closed its thread keeps its turn, and may read, but not write.
        """
        with self._answering(query, constants, snapshot=True) as found:
            if query.words.strip():
                with closing(Search(found.connection, self._customers.labels, query.words).ranked()) as ranked:
                    while rows := list(islice(ranked, at_once)):
                        yield [row.id for row in rows]
            else:
                for places in found.pieces(at_once):
                    yield self._customers.ids_at(places)

    def counted(
        self,
        query: CustomerQuery,
        values: Sequence[QueryField] = (),
        spans: Mapping[QueryField, Sequence[int]] = MappingProxyType({}),
        constants: Mapping[str, str] | None = None,
    ) -> Counted:
        """Count whom `query` means by the `values` of some fields, and by when their moments in others are.

        `spans` has the moments (epoch seconds, ascending) between which it is counted.
        """
        from tui.store.column_counts import counted

        with self._answering(query, constants) as found:
            return counted(found, values, spans)

    @contextmanager
    def _answering(
        self, query: CustomerQuery, constants: Mapping[str, str] | None, *, snapshot: bool = False
    ) -> Iterator[Answer]:
        """What `query` finds, to be read from within; `snapshot`: nobody else's writing is seen meanwhile."""
        from tui.model.query.query_names import OF_DEEDS
        from tui.store.customer_query import Answer
        from tui.store.deeds import Deeds

        if query.asks_for(OF_DEEDS):
            Deeds(self._database).catch_up()
        with self._database.reading() as connection:

            def words(text: str) -> Iterator[Iterator[Sequence[int]]]:
                return PlaceSearch(connection, self._customers.labels, text).stages()

            if snapshot:
                connection.execute("BEGIN")
            try:
                yield Answer(connection, self._customers.columns, query, words, constants or {})
            finally:
                if snapshot:
                    connection.execute("ROLLBACK")

    def fill_columns(self) -> bool:
        """Go on making what queries read of customers whom an older kehu kept; whether there is more to do.

        It takes a tenth of a second, so that others get their turn between two calls.
        """
        with self._writing():
            return self._customers.columns.fill()

    def unread(self) -> int:
        """How many customers no query looks at before `fill_columns` came to them."""
        with self._database.reading():
            return self._customers.columns.unread

    def vendor_total(self) -> int | None:
        """How many customers the vendor said last that it has; None where it never said."""
        query = """
            SELECT total FROM (
                SELECT total, seen_at AS told_at FROM pages WHERE key = ''
                UNION ALL SELECT total, updated_at FROM syncs WHERE key = ''
            ) WHERE total IS NOT NULL ORDER BY told_at DESC LIMIT 1
        """
        with self._database.reading() as connection:
            found = connection.execute(query).fetchone()
        return found[0] if found else None

    def asked(self) -> Sequence[str]:
        """The queries that were asked on the screen, the latest first."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'asked'").fetchone()
        return json.loads(found[0]) if found else ()

    def note_asked(self, text: str) -> None:
        """Remember the query `text` as the latest that was asked."""
        kept = [text, *(other for other in self.asked() if other != text)][:QUERIES_KEPT]
        with self._writing() as connection:
            value = json.dumps(kept, ensure_ascii=False)
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('asked', ?)", (value,))

    def fields_seen(self) -> Mapping[str, str]:
        """The fields that somebody has a value in, and what the vendor calls them where its customers tell."""
        with self._database.reading():
            return self._customers.columns.names()

    def tags(self) -> Sequence[str]:
        """The tags of whom were seen, those on the most customers first."""
        with self._database.reading():
            return self._customers.labels.texts("tag")

    def owners(self) -> Sequence[Owner]:
        """The colleagues who follow or own somebody seen, the busiest first."""
        with self._database.reading():
            return self._customers.labels.owners()

    def count(self) -> int:
        """How many customers were seen."""
        with self._database.reading():
            return self._customers.count

    # One customer

    def get(self, customer_id: str) -> tuple[Customer, float] | None:
        """A customer by its id, else by its union id, and when it was seen; None where it never was."""
        with self._database.reading():
            return self._customers.get(customer_id) or next(self._customers.by_key(UNION_ID + customer_id), None)

    def get_many(self, ids: Sequence[str]) -> dict[str, tuple[Customer, float]]:
        """Those of `ids` that were seen, by what they were asked for as: the id, else the union id."""
        with self._database.reading():
            return self._customers.get_many(ids)

    def rows(self, ids: Sequence[str]) -> tuple[Row, ...]:
        """The rows of those of `ids` that were seen."""
        with self._database.reading():
            return self._customers.rows(ids)

    def people(self, ids: Sequence[str]) -> dict[str, RemarkTarget]:
        """As much as a batch takes of those of `ids` that were seen, by what they were asked for as, as in
        `get_many`.
        """
        with self._database.reading():
            return {id: person_in(json, seen_at) for id, json, seen_at in self._customers.jsons(ids)}

    def by_union(self, union_id: str) -> tuple[Customer, float] | None:
        """A customer by its union id alone."""
        return next(iter(self.find_by("union_id", union_id)), None)

    def find_by(self, kind: str, value: str) -> Sequence[tuple[Customer, float]]:
        """The customers whose `kind` (id, union_id, phone, email, wechat, qq, or a custom field's code) is `value`.

        A custom field is found by values that look like an id: 5 to 64 characters of ASCII without a space, one of
        them a digit.
        """
        with self._database.reading():
            if kind == "id":
                known = self._customers.get(value)
                return [known] if known else []
            if kind == "union_id":
                key = UNION_ID + value
            elif kind in CONTACTS:
                key = CONTACTS[kind] + contact_key(kind, value)
            else:
                key = custom_key(kind, value)
            found = list(self._customers.by_key(key))
            if not found and kind == "phone" and (phone := read_phone(value)) and phone.extension:
                found = list(self._customers.by_key(CONTACTS[kind] + phone._replace(extension="").key))
            return found

    # When a customer was contacted, and is to be

    def contact_times(self, customer_id: str) -> ContactTimes:
        """When the customer was contacted last and is to be next, in epoch seconds; None where nobody knows."""
        return self.contact_times_of([customer_id]).get(customer_id, ContactTimes(None, None))

    def contact_times_of(self, customer_ids: Sequence[str]) -> dict[str, ContactTimes]:
        """The same of several customers, by their ids; of whom nothing is known is left out."""
        found: dict[str, ContactTimes] = {}
        with self._database.reading() as connection:
            for ids in chunks(customer_ids):
                where = f"WHERE customer_id IN ({placeholders(ids)})"
                query = f"SELECT customer_id, last_at, next_at FROM contact_times {where}"  # noqa: S608
                found.update((id, ContactTimes(*times)) for id, *times in connection.execute(query, ids))
        return found

    def set_last(self, customer_id: str, at: int | None) -> None:
        """Note when the customer was contacted last; a follow-up from here notes it by itself, if it is later."""
        self._set_contact_time("last_at", customer_id, at)

    def contacted(self, times: Iterable[tuple[str, int]]) -> None:
        """Note when colleagues contacted customers: ids, each with epoch seconds; what is later already stays."""
        with self._writing() as connection:
            connection.executemany(
                """
                INSERT INTO contact_times (customer_id, last_at) VALUES (?, ?)
                ON CONFLICT (customer_id) DO UPDATE SET last_at = excluded.last_at, overlaid = 1
                    WHERE excluded.last_at > coalesce(last_at, 0)
                """,
                list(times),
            )
            self._customers.columns.write_overlaid()

    def set_next(self, customer_id: str, at: int | None) -> None:
        """Note when the customer is to be contacted next; None takes it away."""
        self._set_contact_time("next_at", customer_id, at)

    def _set_contact_time(self, which: str, customer_id: str, at: int | None) -> None:
        with self._writing() as connection:
            connection.execute(
                f"""
                INSERT INTO contact_times (customer_id, {which}) VALUES (?, ?)
                ON CONFLICT (customer_id) DO UPDATE SET {which} = excluded.{which}, overlaid = 1
                """,  # noqa: S608  # one of two
                (customer_id, at),
            )
            self._customers.columns.write_overlaid()

    # The field configuration

    def fields(self) -> tuple[tuple[FieldSpec, ...], float] | None:
        """The field configuration, and when it was read (epoch seconds); None where it never was."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'fields'").fetchone()
        if found is None:
            return None
        from tui.model.customer import FieldSpec

        kept = json.loads(found[0])
        return tuple(FieldSpec.model_validate(spec) for spec in kept["specs"]), kept["seen_at"]

    def sensitive(self) -> frozenset[str]:
        """The codes of the fields that the vendor calls sensitive, as far as is known; light enough for the first
        frame."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'fields'").fetchone()
        specs = json.loads(found[0])["specs"] if found else ()
        return frozenset(spec["code"] for spec in specs if spec["sensitive"])

    def save_fields(self, specs: Sequence[FieldSpec], seen_at: float) -> None:
        """Keep the field configuration as read at `seen_at`."""
        kept = [
            {**spec.model_dump(mode="json"), **{name: getattr(spec, name) for name in UNSERIALISED}} for spec in specs
        ]
        text = json.dumps({"seen_at": seen_at, "specs": kept}, ensure_ascii=False)
        with self._writing() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('fields', ?)", (text,))

    # Filling it

    def sync(self, key: str = "") -> SyncState | None:
        """How far the list `key` was synchronised; None where it never was."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT * FROM syncs WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        key, page, size, total, started_at, updated_at, complete, missed = found
        return SyncState(key, page, size, total, started_at, updated_at, bool(complete), missed)

    def save_sync(self, state: SyncState) -> None:
        """Keep how far a list was synchronised; `save` does it together with the customers."""
        with self._writing():
            self._save_sync(state)

    def _save_sync(self, state: SyncState) -> None:
        values = astuple(state)
        self._database.connection.execute(
            f"INSERT OR REPLACE INTO syncs VALUES ({placeholders(values)})",  # noqa: S608
            values,
        )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._database.writing() as connection:
                yield connection
        except BaseException:
            self._customers.rolled_back()
            raise


def _listing(rows: tuple[Row, ...], limit: int, offset: int, total: int | None) -> Listing:
    return Listing(rows, offset // limit + 1, limit, total, None, "directory")
