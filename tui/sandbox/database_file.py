"""The sandbox's own thread: it opens the database, seeds it where it is missing, and does every call's work in turn.

So neither a slow query nor another process's write ever stops the event loop of the desk in whose process it runs.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from tui.sandbox.tables import connect

T = TypeVar("T")


class SandboxDatabase:
    """One SQLite file, and the one thread that works on it. Opening waits until the first piece of work."""

    def __init__(self, path: Path, customers: int) -> None:
        self._path = path
        self._customers = customers
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kehu-sandbox")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do one piece of work on the thread. It is done to its end, even if nobody waits for it any more.

        Raises:
            sqlite3.Error: the database cannot be opened, or the work failed in it.
            OSError: the database is missing and cannot be written.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    def close(self) -> None:
        """Finish the work under way, and close the file."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            if not self._path.exists():
                from tui.sandbox.seed import seed  # the word lists are needed once in the life of a database

                seed(self._path, self._customers)
            self._connection = connect(self._path)
        return work(self._connection)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
