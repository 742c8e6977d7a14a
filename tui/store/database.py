"""One SQLite connection: how it is opened, how a transaction runs, what its errors become."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TypeVar

from tui.store.errors import Corrupt, refusal

BUSY_TIMEOUT = 10.0
"""Seconds to wait for another kehu that is writing; a bulk write of 1,000 customers takes well under one."""

CACHE_KIB = 256
"""Page cache, of each connection: the top of every index. All below it is in the system's own, once for all desks."""

CHECKPOINT_PAGES = 4000
"""Pages of 4 KiB in the write-ahead log before it is folded into the file, which costs an fsync."""

VALUES_AT_ONCE = 500
"""Values of one statement; SQLite took 999 before 3.32."""

T = TypeVar("T")


def connect(path: Path, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A connection as the store uses it. It may move between threads: `Database` takes turns."""
    connection = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class Database:
    """A connection that one thread at a time uses, and whose errors are `StoreError`s."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self._turn = RLock()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that only read."""
        with self._turn:
            try:
                yield self.connection
            except sqlite3.Error as error:
                raise self._refusal(error) from error

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction that has the write lock from its start.

        `durable`: what is committed survives a power cut (it is fsynced); otherwise it survives the death of the
        process, and a power cut may take back the last commits as a whole.
        """
        with self.reading() as connection:
            if durable:
                connection.execute("PRAGMA synchronous = FULL")
            try:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    # SQLite itself has already taken back what met a full disk.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
            finally:
                if durable:
                    connection.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._turn:
            self.connection.close()

    def _refusal(self, error: sqlite3.Error) -> Exception:
        if isinstance(error, sqlite3.ProgrammingError):
            return error  # a slip in the caller, such as a closed store; the disk has nothing to do with it
        refused = refusal(error, self.path)
        if isinstance(refused, Corrupt):
            with suppress(OSError):  # it is met again at the latest where the mark would have led to it
                damage_mark(self.path).touch(mode=0o600)
        return refused


def damage_mark(path: Path) -> Path:
    """The empty file that says: damage was met in PATH, check it as a whole when it is opened next."""
    return path.with_name(path.name + ".damaged")


def placeholders(values: Sequence[object]) -> str:
    """`?, ?, ?` for VALUES."""
    return ", ".join("?" * len(values))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """VALUES in their order, as many at a time as a statement takes."""
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]
