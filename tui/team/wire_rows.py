"""What the team's server tells, as models: text is text, and a row that makes no sense is passed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tui.model.journal_entry import JournalEntry
from tui.model.team import LAST_MOMENT, ColleagueThere, HeldClaim, TeamContact, TeamMember, TeamPreset, ToldEntry

T = TypeVar("T")

MOST_LETTERS = 64 * 1024
"""Of a text that is no part of a body; the server itself takes 200."""

Row = Mapping[str, Any]


def rows_of(answer: Row, read: Callable[[Row], T | None], name: str = "items") -> list[T]:
    """Return what `read` makes of each row of `answer`."""
    items = answer.get(name)
    rows = items if isinstance(items, list) else []
    return [found for row in rows if isinstance(row, dict) and (found := read(row)) is not None]


def read_member(row: Row) -> TeamMember | None:
    """Return the member that `row` tells of."""
    if not (id := _text(row, "id")):
        return None
    ids = row.get("user_ids")
    user_ids = tuple(one for one in ids if isinstance(one, str)) if isinstance(ids, list) else ()
    return TeamMember(id, _line(row, "name") or id, _text(row, "role"), user_ids)


def read_entry(row: Row) -> ToldEntry | None:
    """Return the entry that `row` tells of."""
    sequence, id, kind, body = _whole(row, "sequence"), _text(row, "id"), _text(row, "kind"), row.get("body")
    if sequence is None or not id or not kind or not isinstance(body, dict):
        return None
    union_id = _text(row, "union_id") or None
    at = _moment(row, "at") or 0.0
    entry = JournalEntry(
        id, _text(row, "source"), _text(row, "customer"), union_id, kind, _text(row, "author"), at, body
    )
    return ToldEntry(sequence, entry, _line(row, "author_name"))


def read_claim(row: Row, ahead: float = 0.0) -> HeldClaim | None:
    """Return the claim that `row` tells of, by this machine's clock, which the server's is `ahead` of (seconds)."""
    source, customer = _text(row, "source"), _text(row, "customer")
    if not source or not customer:
        return None
    holder = _text(row, "holder")
    until = (_moment(row, "until") or 0.0) - ahead if holder else 0.0
    return HeldClaim(source, customer, holder, _line(row, "holder_name") or holder, until, _whole(row, "fence") or 0)


def read_presence(row: Row) -> ColleagueThere | None:
    """Return the colleague who is at a customer."""
    member = _text(row, "member")
    name = _line(row, "name") or member
    return ColleagueThere(member, name, row.get("doing") == WRITING) if name else None


WRITING, OPEN = "writing", "open"
"""What somebody does at a customer, as the wire says it."""


def read_contact(row: Row) -> TeamContact | None:
    """Return the next contact that `row` tells of."""
    id, source, customer = (_text(row, name) for name in ("id", "source", "customer"))
    at, revision = _moment(row, "at"), _whole(row, "revision")
    if not id or not source or not customer or at is None or revision is None:
        return None
    return TeamContact(
        id=id,
        source=source,
        customer=customer,
        customer_name=_line(row, "customer_name"),
        union_id=_text(row, "union_id") or None,
        owner=_text(row, "owner"),
        owner_name=_line(row, "owner_name"),
        at=int(at),
        whole_day=row.get("whole_day") is True,
        note=_line(row, "note"),
        done_at=_moment(row, "done_at"),
        removed=row.get("removed") is True,
        author_name=_line(row, "author_name"),
        revision=revision,
    )


def read_preset(row: Row) -> TeamPreset | None:
    """Return the view or template that `row` tells of."""
    kind, name, body = _text(row, "kind"), _line(row, "name"), row.get("body")
    if not kind or not name or not (body is None or isinstance(body, dict)):
        return None
    return TeamPreset(kind, name, body, _line(row, "author_name"), _whole(row, "revision") or 0)


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) and len(value) <= MOST_LETTERS else ""


def _line(row: Row, name: str) -> str:
    """A text of one line, without what nobody could see."""
    text = " ".join(_text(row, name).split())
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _whole(row: Row, name: str) -> int | None:
    value = row.get(name)
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 63
    return value if fits else None


def _moment(row: Row, name: str) -> float | None:
    value = row.get(name)
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LAST_MOMENT
    return float(value) if fits else None  # type: ignore[arg-type]  # as was just looked at
