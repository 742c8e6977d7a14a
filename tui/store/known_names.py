"""What a profile's file knows by name, read without a trace: for completion, which must not write, wait or fail."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

PATIENCE = 0.05
"""Seconds that a writer is waited for."""


class KnownNames(NamedTuple):
    """Names that an agent may mean."""

    fields: Sequence[Mapping[str, Any]] = ()
    """The field configuration, as JSON."""
    colleagues: Sequence[tuple[str, str]] = ()
    """Ids and names, the busiest first."""
    presets: Sequence[tuple[str, str]] = ()
    """Kind and name of each view and text that was saved."""


def read_known_names(path: Path) -> KnownNames:
    """Return what the file at `path` has; nothing where there is none, or it cannot be read now.

    A file that nobody has open is read as one that does not change: SQLite would make files beside it otherwise.
    """
    if not path.is_file():
        return KnownNames()
    in_use = all(path.with_name(path.name + end).exists() for end in ("-wal", "-shm"))
    address = f"file:{quote(str(path))}?mode=ro" + ("" if in_use else "&immutable=1")
    try:
        with closing(sqlite3.connect(address, PATIENCE, uri=True)) as connection:
            found = connection.execute("SELECT value FROM meta WHERE key = 'fields'").fetchone()
            owners = connection.execute(
                "SELECT text, shown FROM labels WHERE kind = 'owner' AND customers > 0 ORDER BY customers DESC, shown"
            ).fetchall()
            presets = connection.execute("SELECT kind, name FROM presets ORDER BY created_at, name").fetchall()
        return KnownNames(json.loads(found[0])["specs"] if found else (), owners, presets)
    except (sqlite3.Error, ValueError, LookupError):
        return KnownNames()
