"""What of this machine's journal goes to the team, and in which words: nothing hidden, nothing of a credential."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from tui.model.change import Kind, State
from tui.model.journal_entry import JournalEntry
from tui.model.masking import Masker

HIDDEN = "****"
"""Stands for a value that must not leave: that it was changed is told, what it is the vendor tells."""

CONTACTS = ("phones", "emails", "wechat", "qq", "phone", "email", "telephone")
"""Fields that reach a person, whatever the vendor calls sensitive."""

TOLD = (State.SENT, State.KEPT, State.UNKNOWN)
"""States that are told by themselves; how else a change ended is told where the team was told of it as unknown."""

_OF_A_CHANGE = ("change", "state", "customer_name", "user_id", "request", "created_at", "sent_at", "code")
"""What of a change's entry is told; not the vendor's answer, which holds whole records, nor this machine's name."""

_OF_A_LOOK = {
    "reveal": ("field", "fields", "customer_name", "profile", "host", "os_user", "reason", "where"),
    "export": ("query", "count", "columns", "format", "profile", "host", "os_user", "where", "revealed"),
}
"""What is told of an entry about values that were seen or taken along: which, never the values."""

_WITH_BEFORE = (Kind.UPDATE, Kind.REMARK)
"""Kinds of which what stood there before is told: of a delete that is the whole customer."""

MOST_BYTES = 64 * 1024
"""Of an entry's body: what the server takes unless it says otherwise."""

LONG = 2000
"""Characters that are left of each text of an entry that is too large."""


def is_told(entry: JournalEntry, states_before: Collection[str]) -> bool:
    """Return whether `entry` goes to the team; `states_before` are those in which its change was told earlier."""
    if entry.kind not in set(Kind):
        return True
    state = entry.body.get("state")
    return state in TOLD or State.UNKNOWN in states_before


def outgoing(entry: JournalEntry, sensitive: Collection[str], masker: Masker, most: int = MOST_BYTES) -> dict[str, Any]:
    """Return `entry` as it goes to the team: the values of the fields `sensitive`, contacts, and what `masker` finds in
    free texts, are hidden.

    One whose body has more than `most` bytes loses what stood there before, then the ends of its texts.
    """
    body: dict[str, Any] = dict(entry.body)
    if entry.kind in set(Kind):
        body = {name: body[name] for name in _OF_A_CHANGE if name in body}
        if entry.kind in _WITH_BEFORE and entry.body.get("before") is not None:
            body["before"] = entry.body["before"]
    elif entry.kind in _OF_A_LOOK:
        body = {name: body[name] for name in _OF_A_LOOK[entry.kind] if name in body}
    body = masker.json(_without({*CONTACTS, *sensitive}, body))
    if _size(body) > most:
        body.pop("before", None)
    if _size(body) > most:
        body = _shortened(body)
    if _size(body) > most:
        body = {name: value for name, value in body.items() if not isinstance(value, dict | list)}
    return {
        "id": entry.id,
        "source": entry.source,
        "customer": entry.customer,
        "union_id": entry.union_id,
        "kind": entry.kind,
        "at": entry.at,
        "body": body,
    }


def _without(hidden: Collection[str], value: Any) -> Any:
    """Return `value`, any JSON, with a sign in place of whatever stands under one of the names `hidden`."""
    if isinstance(value, Mapping):
        return {
            name: (HIDDEN if part else part) if name in hidden else _without(hidden, part)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without(hidden, part) for part in value]
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "replace").decode()  # half of a pair, which no JSON can hold
    return value


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shortened(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_shortened(part) for part in value]
    return value[:LONG] + "…" if isinstance(value, str) and len(value) > LONG else value


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
