"""Pages of the vendor's lists as they were last seen, so that they can be drawn before the vendor answers."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import replace

from tui.store.customers import Customers
from tui.store.rows import Listing

PAGES_KEPT = 1000
"""Remembered pages; a page of 100 ids takes 2.5 KiB."""

LONGEST_PAGE = 1000
"""Ids of a page that are remembered: the largest page of any vendor."""


class Pages:
    """The remembered pages of one file. Needs its caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, customers: Customers) -> None:
        self._connection = connection
        self._customers = customers

    def save(self, key: str, page: int, size: int, total: int | None, ids: Sequence[str], seen_at: float) -> None:
        """Remember that the page held IDS, in this order."""
        packed = zlib.compress(json.dumps(ids[:LONGEST_PAGE], separators=(",", ":")).encode())
        self._connection.execute(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", (key, page, size, total, seen_at, packed)
        )
        self._connection.execute(
            "DELETE FROM pages WHERE seen_at < (SELECT seen_at FROM pages ORDER BY seen_at DESC LIMIT 1 OFFSET ?)",
            (PAGES_KEPT - 1,),
        )

    def show(self, key: str, page: int, cursor_id: str) -> None:
        """Note that the page is the one on the screen, with the cursor on this customer."""
        shown = json.dumps([key, page, cursor_id])
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('shown', ?)", (shown,))

    def page(self, key: str, page: int) -> Listing | None:
        """The page as it was last seen; None where it never was."""
        query = "SELECT size, total, seen_at, ids FROM pages WHERE key = ? AND page = ?"
        found = self._connection.execute(query, (key, page)).fetchone()
        if found is None:
            return None
        size, total, seen_at, packed = found
        ids = json.loads(zlib.decompress(packed))
        rows = self._customers.rows(ids)
        return Listing(rows, page, size, total, seen_at, "directory", complete=len(rows) == len(ids), key=key)

    def last(self) -> Listing | None:
        """The page that was last on the screen, else the first of all customers; None where neither was seen."""
        shown = self._connection.execute("SELECT value FROM meta WHERE key = 'shown'").fetchone()
        if shown:
            key, page, cursor_id = json.loads(shown[0])
            if found := self.page(key, page):
                return replace(found, cursor_id=cursor_id)
        return self.page("", 1)
