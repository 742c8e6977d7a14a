"""One entry of the journal: what was done from a desk, so that it stands by itself wherever it is read."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tui.model.change import Change, Json, Kind, State

TICKS = 4_096_000
"""Steps of a UUID's clock in a second: version 7 has milliseconds, and twelve bits more for their parts."""

ANY_TIME = "~"
"""Comes after every id."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """Something that was done. It is never changed: what comes of it later is told by another entry."""

    id: str
    """A UUID of version 7, made by the desk that wrote the entry: by it an entry that comes twice is known."""
    source: str
    """The vendor and the account, such as `useasy:crm.example.com/1090`; never a profile's name."""
    customer: str
    """The customer's id there; empty where none is known."""
    union_id: str | None
    kind: str
    """A `Kind` of change; others, such as what was revealed or exported, may follow."""
    author: str
    """Who acted: the colleague as the vendor knows them, else the user of the machine."""
    at: float
    """Epoch seconds."""
    body: Json
    """The rest, by kind; of a change: what was there before, what was sent, what the vendor answered."""

    @property
    def about(self) -> str:
        """The change that it tells of, by its UUID, which sorts by when it was recorded; else itself."""
        change = self.body.get("change")
        return change if isinstance(change, str) else self.id


_IN_BODY = (
    "state", "customer_name", "user_id", "request", "before", "after", "answer", "code", "message", "repeatable",
    "batch", "undo_of", "os_user", "host", "profile", "created_at", "sent_at", "settled_at", "attempts",
)  # fmt: skip
"""What of a change the body holds under its own name, where there is something."""


def entries_of(changes: Sequence[Change], at: float) -> list[JournalEntry]:
    """Return what became of `changes`, as of `at` (epoch seconds), an entry each."""
    return [
        JournalEntry(
            id=id,
            source=change.source,
            customer=change.customer_id,
            union_id=change.union_id,
            kind=change.kind.value,
            author=change.author,
            at=at,
            body={"change": change.uid, "number": change.id}
            | {name: value for name in _IN_BODY if (value := getattr(change, name)) not in (None, "")},
        )
        for id, change in zip(new_ids(len(changes), at), changes, strict=True)
    ]


def note_of(
    kind: Kind,
    request: Json,
    *,
    source: str,
    author: str,
    customer: str = "",
    union_id: str | None = None,
    **facts: str,
) -> JournalEntry:
    """Return an entry, as of now, of something that changed nothing: what was revealed, exported or erased.

    `request` says what; `facts` are `customer_name`, `os_user`, `host`, `profile`.
    """
    at = time.time()
    (id,) = new_ids(1, at)
    body = {"request": request} | {name: value for name, value in facts.items() if value}
    return JournalEntry(id, source, customer, union_id, kind.value, author, at, body)


def change_of(entry: JournalEntry) -> Change:
    """Return the change that `entry` tells of, as it stood then; whether it was undone since is not in it."""
    body = entry.body
    return Change(
        id=body.get("number") or 0,
        uid=entry.about,
        kind=Kind(entry.kind),
        state=State(body.get("state") or State.KEPT),
        customer_id=entry.customer,
        customer_name=body.get("customer_name") or "",
        union_id=entry.union_id,
        user_id=body.get("user_id") or "",
        request=body.get("request") or {},
        before=body.get("before"),
        after=body.get("after"),
        repeatable=bool(body.get("repeatable")),
        batch=body.get("batch"),
        undo_of=body.get("undo_of"),
        undone_by=None,
        os_user=body.get("os_user") or "",
        host=body.get("host") or "",
        profile=body.get("profile") or "",
        source=entry.source,
        author=entry.author,
        created_at=body.get("created_at") or entry.at,
        sent_at=body.get("sent_at"),
        settled_at=body.get("settled_at"),
        attempts=body.get("attempts") or 0,
        code=body.get("code") or "",
        message=body.get("message") or "",
        answer=body.get("answer"),
    )


def new_ids(count: int, now: float, after: str = "") -> list[str]:
    """Make `count` UUIDs of version 7 (RFC 9562), each after the one before.

    `now` is in epoch seconds. All come after the id `after`, also where the clock was set back.
    """
    tick = int(now * TICKS)
    if after:
        tick = max(tick, _tick_of(after) + 1)
    return [_uuid(tick + step, int.from_bytes(os.urandom(8), "big")) for step in range(count)]


def dated_id(at: float, number: int) -> str:
    """Make a UUID of version 7 for what happened `at` (epoch seconds); of several at once, they sort by `number`."""
    return _uuid(int(at * TICKS), number << 30 | int.from_bytes(os.urandom(4), "big") >> 2)


def _tick_of(id: str) -> int:
    digits = id.replace("-", "")
    return int(digits[:12] + digits[13:16], 16)


def _uuid(tick: int, rest: int) -> str:
    """`tick` fills what there is for the time, the last 62 bits of `rest` the others."""
    rest = rest & (1 << 62) - 1 | 1 << 63
    digits = f"{tick >> 12 & (1 << 48) - 1:012x}7{tick & 0xFFF:03x}{rest:016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
