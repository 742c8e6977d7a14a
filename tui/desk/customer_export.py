"""Customers as rows of a file: every column whole, and a journal entry that says who took how many of them along."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING

from tui.desk.table_file import Cell, TableColumn, join_values
from tui.locale import _
from tui.model.change import Kind, NewChange, State
from tui.model.columns import ColumnKind, CustomerColumn, CustomerFacts, day_text
from tui.model.display import name_of

if TYPE_CHECKING:
    from tui.desk.customer_reader import DeskSettings
    from tui.model.customer import Contact, Customer
    from tui.model.masking import Masker
    from tui.model.query.tree import CustomerQuery
    from tui.store.store import Store

AT_ONCE = 500
"""Customers that are read, and written, at a time."""

_EXACT_DIGITS = 15
"""Of a number that a spreadsheet keeps whole."""


def file_columns(columns: Sequence[CustomerColumn]) -> tuple[TableColumn, ...]:
    """Return `columns` as a file has them: by key, and headed in the agent's language."""
    return tuple(TableColumn(column.key, _(column.label)) for column in columns)


def shown_value(column: CustomerColumn, known: CustomerFacts) -> Cell:
    """Return what a file shows of `known` in `column`. Every cell of a customer that is written comes from here."""
    return _whole(column, known)


def ids_meant(store: Store, query: CustomerQuery, constants: Mapping[str, str]) -> Iterator[list[str]]:
    """Return the ids of all seen here whom `query` means, in its order, `AT_ONCE` at a time.

    They are looked up now, and wait in a temporary file: a million of them take no memory.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `read`
    with closing(store.directory.answer_all(query, AT_ONCE, constants)) as found:
        for ids in found:
            file.write(json.dumps(ids).encode() + b"\n")
    file.seek(0)

    def read() -> Iterator[list[str]]:
        with file:
            yield from map(json.loads, file)

    return read()


def export_rows(
    store: Store, customers: Sequence[Customer], columns: Sequence[CustomerColumn], user_id: str
) -> list[list[Cell]]:
    """Return a row for each of `customers`, as `user_id`, who acts, sees them."""
    keys = {column.key for column in columns}
    ids = [customer.id for customer in customers]
    seen = {row.id: row.seen_at for row in store.directory.rows(ids)} if "seen" in keys else {}
    states = store.changes.states(ids) if "state" in keys else {}
    times = store.directory.contact_times_of(ids) if not keys.isdisjoint(("last", "next")) else {}
    rows = []
    for customer in customers:
        id = customer.id
        known = CustomerFacts(customer, user_id, seen.get(id), states.get(id), *times.get(id, (None, None)))
        rows.append([shown_value(column, known) for column in columns])
    return rows


def known_rows(
    store: Store, ids: Sequence[str], columns: Sequence[CustomerColumn], user_id: str, masker: Masker
) -> list[list[Cell]]:
    """Return the same for those of the customers `ids` who were seen here, as `masker` shows them."""
    known = store.directory.get_many(ids)
    return export_rows(store, [masker.customer(known[id][0]) for id in ids if id in known], columns, user_id)


def note_export(store: Store, who: DeskSettings, what: str, count: int, target: str) -> None:
    """Write down that `who` took `count` customers along: `what` says which, `target` as what and where to."""
    if count:
        request = {"user_id": who.user_id, "query": what, "count": count, "target": target}
        new = NewChange(
            kind=Kind.EXPORT, state=State.KEPT, customer_id="", user_id=who.user_id, request=request, repeatable=False,
            os_user=who.os_user, host=who.host, profile=who.profile, source=who.source, author=who.author,
        )  # fmt: skip
        store.changes.add([new])


# Whole values


def _whole(column: CustomerColumn, known: CustomerFacts) -> Cell:
    if special := _ALL_OF_THEM.get(column.key):
        return special(known)
    value = column.value(known)
    if column.kind is ColumnKind.NAMED:
        return name_of(column.names, str(value), _)
    if isinstance(value, str):
        return _number(value) if column.align == "right" else value
    if column.kind is ColumnKind.DAY:
        day = day_text(value)
        return date.fromisoformat(day) if day else None
    try:
        moment = datetime.fromtimestamp(value)  # noqa: DTZ006  # by this machine's clock, as a spreadsheet has it
    except (OverflowError, OSError, ValueError):
        return None
    whole_day = column.kind is ColumnKind.APPOINTMENT and not (moment.hour or moment.minute)
    return moment.date() if whole_day else moment


def _number(text: str) -> Cell:
    """Return `text`, a number field's value, as a number where a spreadsheet keeps all of it."""
    digits = sum(char.isdigit() for char in text)
    try:
        return (float(text) if "." in text else int(text)) if 0 < digits <= _EXACT_DIGITS and text.isascii() else text
    except ValueError:
        return text


def _contacts(name: str) -> Callable[[CustomerFacts], str]:
    def all_of_them(known: CustomerFacts) -> str:
        rows: Sequence[Contact] = getattr(known.customer, name)
        return join_values(f"{row.value}|{row.memo}" if row.memo else row.value for row in rows)

    return all_of_them


def _tags(known: CustomerFacts) -> str:
    follower = known.follower
    tags = (follower.tags if follower else ()) + known.customer.tags
    return join_values(dict.fromkeys(tag.name for tag in tags))


_ALL_OF_THEM = {
    "phone": _contacts("phones"),
    "email": _contacts("emails"),
    "wechat": _contacts("wechat"),
    "qq": _contacts("qq"),
    "tags": _tags,
}
"""Columns of which a list shows the first values alone."""
