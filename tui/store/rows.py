"""Customers as plain rows: what a list shows, light enough for the first frame."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from tui.model.customer import Customer, FollowUser

TEXT_LENGTH = 200
"""Characters of one text in a row: more than the widest terminal shows; the record keeps all of it."""

PHONE_FIELDS = frozenset({"phones", "phone", "telephone"})
"""Codes of the fields that a row's phone may be from."""

TAGS_SHOWN = 3
"""Tags in a row: a column has no room for more."""

FIRST_YEAR, LAST_YEAR = 1, 9999
"""Of the calendar."""


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
    cursor_id: str = ""
    """The customer under the cursor when the page was last on the screen, where that is known."""


def row_of(customer: Customer, seen_at: float, user_id: str = "") -> Row:
    """Return the row of `customer`, seen at `seen_at` by the colleague `user_id`."""
    kept = kept_row(customer, seen_at, user_id)
    return kept._replace(added=day_of(kept.added))


def kept_row(customer: Customer, seen_at: float, user_id: str = "") -> Row:
    """Return the same as it is kept on disk: `added` is in epoch seconds, as the next desk may be in another zone."""
    follower = _follower(customer, user_id)
    remark, owner, added, tags = "", customer.owner, customer.created_at, customer.tags
    if follower is not None:
        remark, owner = follower.remark, follower.name or follower.user_id or owner
        added, tags = follower.added_at or added, follower.tags + tags
    return Row(
        customer.id,
        customer.name[:TEXT_LENGTH],
        customer.company[:TEXT_LENGTH],
        remark[:TEXT_LENGTH],
        customer.phones[0].value[:TEXT_LENGTH] if customer.phones else "",
        owner[:TEXT_LENGTH],
        _seconds(added) if added else "",
        ", ".join([tag.name for tag in tags[:TAGS_SHOWN]])[:TEXT_LENGTH],
        seen_at,
        customer.unreadable,
    )


def _seconds(moment: datetime) -> str:
    """`moment` in epoch seconds; empty at an end of the calendar where it has no zone and finds no room for one."""
    try:
        return str(floor(moment.timestamp()))
    except (OverflowError, ValueError):
        return ""


def day_of(kept: str) -> str:
    """Return the ISO date, on this machine's clock, of a row's `added` as it is kept.

    It is empty at either end of the calendar, where there is no room for a zone. An older file holds dates: they stay.
    """
    if not kept or "-" in kept[1:]:
        return kept
    moment = time.localtime(int(kept))
    if not FIRST_YEAR <= moment.tm_year <= LAST_YEAR:
        return ""
    return f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}"


def added_at(kept: str) -> int | None:
    """Return a row's `added`, as it is kept, in epoch seconds; None for none. An older file's date is its start."""
    if not kept or "-" not in kept[1:]:
        return int(kept) if kept else None
    year, month, day = map(int, kept.split("-"))
    try:
        return int(time.mktime((year, month, day, 0, 0, 0, 0, 0, -1)))
    except (OverflowError, ValueError):
        return None


def _follower(customer: Customer, user_id: str) -> FollowUser | None:
    if not customer.follow_users:
        return None
    if user_id:
        for follower in customer.follow_users:
            if follower.user_id == user_id:
                return follower
    return customer.follow_users[0]
