"""Customers as plain rows: what a list shows, light enough for the first frame."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.model.columns import COLUMNS, TEXT_LENGTH, CustomerColumn, CustomerFacts, Value, day_text

if TYPE_CHECKING:
    from tui.model.customer import Customer
    from tui.model.masking import Masker


class Row(NamedTuple):
    """One customer in a list."""

    id: str
    name: str
    company: str
    remark: str
    """The acting colleague's where that one follows the customer, else the first follower's; likewise `owner`."""
    phone: str
    owner: str
    added: str
    """ISO date, or empty."""
    tags: str
    seen_at: float
    """Epoch seconds."""
    unreadable: bool
    more: Mapping[str, Value] = {}
    """Of columns that are not kept here: what they show, by key."""

    def value(self, key: str) -> Value:
        """Return what stands in the column `key`; empty where that was not read."""
        found: Value = getattr(self, key) if key in KEPT else self.more.get(key, "")
        return found


KEPT = frozenset(("id", "name", "company", "remark", "phone", "owner", "added", "tags"))
"""Columns whose values are kept with the rows on disk; those of others are read from the records."""

_SHOWN = tuple(COLUMNS[key] for key in ("name", "company", "remark", "phone", "owner", "added", "tags"))


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of one page of a list, and where they are from."""

    rows: tuple[Row, ...]
    page: int
    """From 1."""
    size: int
    total: int | None
    """How many there are in all pages; None where nobody knows."""
    seen_at: float | None
    """Epoch seconds of the vendor's answer; None where the rows are of different ages."""
    source: Literal["vendor", "directory"]
    complete: bool = True
    """False where rows that belong on the page are missing, such as one that was deleted since."""
    key: str = ""
    """The query, as the page was saved under; empty for all customers, and for what is no vendor's page."""
    known: int | None = None
    """How many customers seen here were looked through; None where that is not told."""
    unread: int = 0
    """How many more are seen here, and were not looked through: what they are found by is being made."""
    vendor_total: int | None = None
    """How many customers the vendor has, as it told last; None where nobody knows, or it is not told."""
    columns: tuple[str, ...] = ()
    """The keys of the columns that were chosen for it, of those whose values are kept with the rows; empty for none."""
    cursor_id: str = ""
    """The customer under the cursor when the page was last on the screen, where that is known."""


def row_of(customer: Customer, seen_at: float, user_id: str = "", columns: Sequence[CustomerColumn] = ()) -> Row:
    """Return the row of `customer`, seen at `seen_at` by the colleague `user_id`, with the values of `columns`."""
    return row_with(CustomerFacts(customer, user_id, seen_at), columns)


def row_with(known: CustomerFacts, columns: Sequence[CustomerColumn]) -> Row:
    """Return the same of all that is `known` of a customer."""
    kept = kept_row(known.customer, known.seen_at or 0.0, known.user_id)
    more = {column.key: _short(column.value(known)) for column in columns if column.key not in KEPT}
    return kept._replace(added=day_of(kept.added), more=more)


def masked_row(row: Row, masker: Masker) -> Row:
    """Return `row` with what `masker` hides masked."""
    texts = {column.key: masker.cell(column, getattr(row, column.key)) for column in _SHOWN if column.key != "added"}
    return row._replace(**texts)  # type: ignore[arg-type]  # of the texts alone


def shown_row(row: Row, columns: Sequence[CustomerColumn], masker: Masker) -> Row:
    """Return the same with the values of `columns` that are not kept here."""
    more = dict(row.more)
    for column in columns:
        if isinstance(value := more.get(column.key), str):
            more[column.key] = masker.cell(column, value)
    return masked_row(row, masker)._replace(more=more)


def kept_row(customer: Customer, seen_at: float, user_id: str = "") -> Row:
    """Return the same as it is kept on disk: `added` is in epoch seconds, as the next desk may be in another zone."""
    known = CustomerFacts(customer, user_id, seen_at)
    texts = {column.key: str(_short(column.value(known))) for column in _SHOWN}
    return Row(id=customer.id, seen_at=seen_at, unreadable=customer.unreadable, **texts)  # type: ignore[arg-type]


def _short(value: Value) -> Value:
    return value[:TEXT_LENGTH] if isinstance(value, str) else value


def day_of(kept: str) -> str:
    """Return the ISO date, on this machine's clock, of a row's `added` as it is kept.

    It is empty at either end of the calendar, where there is no room for a zone. An older file holds dates: they stay.
    """
    return kept if not kept or "-" in kept[1:] else day_text(int(kept))


def added_at(kept: str) -> int | None:
    """Return a row's `added`, as it is kept, in epoch seconds; None for none. An older file's date is its start."""
    if not kept or "-" not in kept[1:]:
        return int(kept) if kept else None
    year, month, day = map(int, kept.split("-"))
    try:
        return int(time.mktime((year, month, day, 0, 0, 0, 0, 0, -1)))
    except (OverflowError, ValueError):
        return None
