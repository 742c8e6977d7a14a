"""What was typed into forms and neither sent nor thrown away."""

from __future__ import annotations

import builtins
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.store.database import Database
from tui.store.store_errors import N_, TooLarge

DRAFT_LIMIT = 1024 * 1024
"""Bytes of a draft as JSON."""


DraftId = int
"""Names a draft: a number that the form draws when it is opened."""

ID_BITS = 62
"""Of such a number: SQLite's are signed and of 64 bits, and two forms never draw the same."""


def new_id() -> DraftId:
    """The name of a draft that nobody has yet."""
    return secrets.randbits(ID_BITS)


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a form."""

    id: DraftId
    form: str
    """Which form: `edit`, `remark`, `follow`, …"""
    target: str
    """What it is about, such as a customer's id; empty for a new one."""
    values: Mapping[str, Any]
    seen: Mapping[str, Any] | None
    """The values that the agent saw in the form when it was opened."""
    saved_at: float
    """Epoch seconds."""


class Drafts:
    """The drafts of one profile. Every method raises `StoreError`s.

    A form may have several about one target: two desks that are open at once, or left one after the other.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self,
        id: DraftId,
        form: str,
        target: str,
        values: Mapping[str, object],
        seen: Mapping[str, object] | None = None,
    ) -> None:
        """Keep `values` as the draft `id`; when it returns they outlive a power cut. A few milliseconds.

        Raises: TooLarge.
        """
        # Escaped, so that half characters, which SQLite does not take, come back as they were typed.
        kept, before = json.dumps(values), None if seen is None else json.dumps(seen)
        if len(kept) + len(before or "") > DRAFT_LIMIT:
            raise TooLarge(
                N_("a draft of {size} KiB is too large to keep; at most {limit} KiB are taken"),
                todo=N_("Shorten it, or send it in parts."),
                size=(len(kept) + len(before or "")) // 1024,
                limit=DRAFT_LIMIT // 1024,
            )
        with self._database.writing(durable=True) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?)",
                (id, form, target, kept, before, time.time()),
            )

    def get(self, id: DraftId) -> Draft | None:
        """The draft `id`; None where there is none."""
        return next(iter(self._read("WHERE id = ?", id)), None)

    def about(self, form: str, target: str) -> list[Draft]:
        """The drafts of `form` about `target`, the newest first."""
        return self._read("WHERE form = ? AND target = ? ORDER BY saved_at DESC", form, target)

    def adopt(self, id: DraftId, heir: DraftId) -> None:
        """Go on with the draft `id` as `heir`: a form that still has it open keeps a draft of its own."""
        with self._database.writing(durable=True) as connection:
            connection.execute("UPDATE drafts SET id = ? WHERE id = ?", (heir, id))

    def delete(self, id: DraftId) -> None:
        """Throw a draft away."""
        with self._database.writing(durable=True) as connection:
            connection.execute("DELETE FROM drafts WHERE id = ?", (id,))

    def list(self) -> list[Draft]:
        """All drafts, the newest first."""
        return self._read("ORDER BY saved_at DESC")

    def count(self) -> int:
        """How many drafts there are."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM drafts").fetchone()[0])

    def _read(self, where: str, *values: object) -> builtins.list[Draft]:
        with self._database.reading() as connection:
            return [_draft(*row) for row in connection.execute(f"SELECT * FROM drafts {where}", values)]  # noqa: S608


def _draft(id: DraftId, form: str, target: str, values: str, seen: str | None, saved_at: float) -> Draft:
    return Draft(id, form, target, json.loads(values), None if seen is None else json.loads(seen), saved_at)
