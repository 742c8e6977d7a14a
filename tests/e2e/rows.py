"""What a program did to a database: the rows that are new, and those that are gone."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """The rows of one table that only one of two databases has."""

    gone: list[Row]
    new: list[Row]


def differences(before: Path, after: Path) -> dict[str, Difference]:
    """What differs between two SQLite files of one schema, by table; equal tables are left out."""
    with closing(sqlite3.connect(before)) as old, closing(sqlite3.connect(after)) as new:
        found = {}
        for table in _tables(new):
            rows_before, rows_after = _rows(old, table), _rows(new, table)
            if rows_before != rows_after:
                found[table] = Difference(
                    list((rows_before - rows_after).elements()), list((rows_after - rows_before).elements())
                )
    return found


def record(row: Row) -> dict[str, Any]:
    """The JSON record that `row` ends with."""
    parsed: dict[str, Any] = json.loads(row[-1])
    return parsed


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The keys of a record whose values differ, each with what it was and what it is."""
    keys = {*before, *after}
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def _tables(connection: sqlite3.Connection) -> list[str]:
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in names]


def _rows(connection: sqlite3.Connection, table: str) -> Counter[Row]:
    return Counter(connection.execute(f"SELECT * FROM {table}"))
