"""One SQLite connection a file: how it is opened and shared, how a transaction runs, what its errors become."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TypeVar

from tui.store.store_errors import N_, Corrupt, Moved, locked, no_locks, refusal

BUSY_TIMEOUT = 10.0
"""Seconds to wait for another kehu that is writing; a bulk write of 1,000 customers takes well under one."""

TURN_TIMEOUT = 3 * BUSY_TIMEOUT
"""Seconds to wait for another thread's turn, which may itself wait for another kehu."""

SIDE_FILES = ("", "-wal", "-shm")
"""What SQLite appends to a database's name for the files that belong to it; all are there while it is open."""

CACHE_KIB = 256
"""Page cache, of each connection: the top of every index. All below it is in the system's own, once for all desks."""

CHECKPOINT_PAGES = 4000
"""Pages of 4 KiB in the write-ahead log before it is folded into the file, which costs an fsync."""

VALUES_AT_ONCE = 500
"""Values of one statement; SQLite took 999 before 3.32."""

T = TypeVar("T")


def connect(path: Path, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A connection as the store uses it. It may move between threads: they take turns.

    Raises: sqlite3.Error; NoLocks.
    """
    connection = sqlite3.connect(path, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
    try:
        (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if journal != "wal":
            raise no_locks(path, "no shared memory")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    except BaseException:
        connection.close()
        raise
    return connection


class SharedConnection:
    """The one connection that this process has to a file, for all of its stores on it; one thread at a time uses it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        self.users = 0
        """How many stores have it."""
        self._turn = RLock()
        self._parts = _parts(path)

    @contextmanager
    def turn(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone.

        Raises: Locked where another thread does not give it up.
        """
        if not self._turn.acquire(timeout=TURN_TIMEOUT):
            raise locked(self.path)
        try:
            yield self.connection
        finally:
            self._turn.release()

    def close(self) -> None:
        """Close it, after the turn of whoever uses it."""
        with self.turn() as connection:
            connection.close()

    def is_at(self, path: Path) -> bool:
        """Whether this is the connection to the file at `path`."""
        return self._parts[0] is not None and _file_id(path) == self._parts[0]

    def check_in_place(self) -> None:
        """Raise Moved where what is open is no longer what others find under its name.

        Whatever was written to it then, they would never see, and it would go with this process.
        """
        if _parts(self.path) != self._parts:
            raise Moved(
                N_("{path} was moved, replaced or deleted while kehu had it open; nothing more is recorded in it"),
                todo=N_("Start kehu again: it goes on with the file that is there."),
                path=self.path,
            )


class Database:
    """A store's use of the connection to its file. Its errors are `StoreError`s."""

    def __init__(self, shared: SharedConnection, let_go: Callable[[SharedConnection], None]) -> None:
        self.path = shared.path
        self._shared = shared
        self._let_go = let_go
        """Takes it back from the last store that has it."""
        self._closed = False

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection, whoever's turn it is."""
        return self._shared.connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for statements that only read."""
        if self._closed:
            raise sqlite3.ProgrammingError("the store is closed")
        with self._shared.turn() as connection:
            try:
                yield connection
            except sqlite3.Error as error:
                raise self._refusal(error) from error

    @contextmanager
    def writing(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """The connection inside a transaction that has the write lock from its start.

        `durable`: what is committed survives a power cut (it is fsynced); otherwise it survives the death of the
        process, and a power cut may take back the last commits as a whole.

        Raises: Moved where the file is not in its place: before the commit, as whoever moved it may have read it by
        then, and after it, as they may have been quicker than a lock that a damaged file does not give.
        """
        with self.reading() as connection:
            if durable:
                connection.execute("PRAGMA synchronous = FULL")
            try:
                connection.execute("BEGIN IMMEDIATE")
                try:
                    self._shared.check_in_place()
                    yield connection
                    connection.execute("COMMIT")
                finally:
                    # SQLite itself has already taken back what met a full disk.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                self._shared.check_in_place()
            finally:
                if durable:
                    connection.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Have no more to do with the file; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._let_go(self._shared)

    def _refusal(self, error: sqlite3.Error) -> Exception:
        if isinstance(error, sqlite3.ProgrammingError):
            return error  # a slip in the caller, such as a closed store; the disk has nothing to do with it
        refused = refusal(error, self.path)
        if isinstance(refused, Corrupt):
            with suppress(OSError):  # it is met again at the latest where the mark would have led to it
                damage_mark(self.path).touch(mode=0o600)
        return refused


def _parts(path: Path) -> list[tuple[int, int] | None]:
    """Which files stand under the database's name: device and inode of each, None for one that is not there."""
    return [_file_id(path.with_name(path.name + suffix)) for suffix in SIDE_FILES]


def _file_id(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file at `path`; None where there is none that could be looked at."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def damage_mark(path: Path) -> Path:
    """The empty file that says: damage was met in `path`, check it as a whole when it is opened next."""
    return path.with_name(path.name + ".damaged")


def placeholders(values: Sequence[object]) -> str:
    """`?, ?, ?` for `values`."""
    return ", ".join("?" * len(values))


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """`values` in their order, as many at a time as a statement takes."""
    for start in range(0, len(values), VALUES_AT_ONCE):
        yield values[start : start + VALUES_AT_ONCE]
