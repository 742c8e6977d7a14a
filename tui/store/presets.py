"""What an agent saved by name, to be used again: views of the list, how lists are arranged, and texts."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Literal

from tui.store.database import Database

PresetKind = Literal["view", "arrangement", "follow", "remark", "mapping"]
"""A view, how its list is arranged, the text of a follow-up or of a remark, or what a file's headings mean."""


class Presets:
    """The presets of one profile. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, kind: PresetKind) -> dict[str, Mapping[str, Any]]:
        """The presets of `kind` by name, in the order in which they were first saved."""
        query = "SELECT name, body FROM presets WHERE kind = ? ORDER BY created_at, name"
        with self._database.reading() as connection:
            return {name: json.loads(body) for name, body in connection.execute(query, (kind,))}

    def save(self, kind: PresetKind, name: str, body: Mapping[str, object]) -> None:
        """Keep `body` as `name`, in place of what was called so. When it returns it outlives a power cut."""
        with self._database.writing(durable=True) as connection:
            connection.execute(
                "INSERT INTO presets VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body",
                (kind, name, json.dumps(body), time.time()),
            )

    def remove(self, kind: PresetKind, name: str) -> bool:
        """Forget the preset `name`; whether there was one."""
        with self._database.writing(durable=True) as connection:
            return connection.execute("DELETE FROM presets WHERE kind = ? AND name = ?", (kind, name)).rowcount > 0
