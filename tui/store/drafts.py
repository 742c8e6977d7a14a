"""What was typed into forms and neither sent nor thrown away."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui.store.database import Database
from tui.store.errors import N_, TooLarge

DRAFT_LIMIT = 1024 * 1024
"""Bytes of a draft as JSON."""


DraftKey = tuple[str, str]
"""A draft's form and target."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What stood in a form."""

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
    """The drafts of one profile. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, form: str, target: str, values: Mapping[str, object], seen: Mapping[str, object] | None = None
    ) -> None:
        """Keep VALUES as the draft of FORM about TARGET; when it returns they outlive a power cut. A few milliseconds.

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
                "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?)", (form, target, kept, before, time.time())
            )

    def get(self, form: str, target: str) -> Draft | None:
        """The draft of FORM about TARGET; None where there is none."""
        with self._database.reading() as connection:
            query = "SELECT * FROM drafts WHERE form = ? AND target = ?"
            found = connection.execute(query, (form, target)).fetchone()
        return _draft(*found) if found else None

    def delete(self, form: str, target: str) -> None:
        """Throw a draft away."""
        with self._database.writing(durable=True) as connection:
            connection.execute("DELETE FROM drafts WHERE form = ? AND target = ?", (form, target))

    def list(self) -> list[Draft]:
        """All drafts, the newest first."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT * FROM drafts ORDER BY saved_at DESC").fetchall()
        return [_draft(*row) for row in found]

    def count(self) -> int:
        """How many drafts there are."""
        with self._database.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM drafts").fetchone()[0])


def _draft(form: str, target: str, values: str, seen: str | None, saved_at: float) -> Draft:
    return Draft(form, target, json.loads(values), None if seen is None else json.loads(seen), saved_at)
