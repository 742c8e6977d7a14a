"""Opening the file: made private, brought up to date with a copy kept, set aside where it is damaged."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tui.store.database import connect, damage_mark, placeholders
from tui.store.errors import N_, Corrupt, NewerVersion, StoreError, os_refusal, refusal
from tui.store.schema import MIGRATIONS

SIDE_FILES = ("", "-wal", "-shm")
"""What SQLite appends to a database's name for the files that belong to it."""

RESCUED = ("changes", "drafts", "links")
"""Tables that no vendor can give back; what was seen can be fetched again."""


def open_file(path: Path, busy_timeout: float) -> tuple[sqlite3.Connection, tuple[StoreError, ...]]:
    """A connection to the up-to-date file at PATH, and what there is to tell about it.

    Raises: StoreError.
    """
    _make_private(path)
    notices = _put_right(path, busy_timeout) if damage_mark(path).exists() else ()
    try:
        return _opened(path, busy_timeout), notices
    except Corrupt:
        notices = _put_right(path, busy_timeout)
    return _opened(path, busy_timeout), notices


def _opened(path: Path, busy_timeout: float) -> sqlite3.Connection:
    """A connection to the file at PATH, which is brought up to date. Damage further in shows when it is met."""
    try:
        connection = connect(path, busy_timeout)
        try:
            _migrate(connection, path)
            connection.execute("SELECT count(*) FROM meta").fetchone()  # makes SQLite read the schema
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise refusal(error, path) from error
    return connection


def _make_private(path: Path) -> None:
    """See that the file is there, for its owner's eyes alone; SQLite gives its side files the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(descriptor).st_mode & 0o077:
                os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise os_refusal(error, path) from error


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the file from its version to this program's, in one transaction, with a copy of the old one kept.

    Raises: NewerVersion.
    """
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another kehu may have been quicker
        if version > len(MIGRATIONS):
            raise NewerVersion(
                N_("{path} was written by a newer kehu: its version is {version}, and this one knows {known}"),
                todo=N_("Use the newer kehu, or set KEHU_DATA_DIR to another folder."),
                path=path,
                version=version,
                known=len(MIGRATIONS),
            )
        if 0 < version < len(MIGRATIONS):
            _copy(path, _free_name(path, f"v{version}"))
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _copy(path: Path, copy: Path) -> None:
    """Copy what is committed in the database at PATH, whole or not at all."""
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise os_refusal(error, copy) from error
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except BaseException:
        for suffix in ("", "-journal"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)
        raise


def _put_right(path: Path, busy_timeout: float) -> tuple[StoreError, ...]:
    """Set the file at PATH aside if it is damaged indeed, and begin a new one with what can be rescued."""
    with _alone(path.parent):
        if _sound(path, busy_timeout):
            damage_mark(path).unlink(missing_ok=True)
            return ()  # another kehu has put it right, or the damage was none
        aside = _free_name(path, "damaged")
        try:
            for suffix in SIDE_FILES:
                part = path.with_name(path.name + suffix)
                if part.exists():
                    part.rename(aside.with_name(aside.name + suffix))
            damage_mark(path).unlink(missing_ok=True)
        except OSError as error:
            raise os_refusal(error, path) from error
        _make_private(path)
        try:
            with closing(_opened(path, busy_timeout)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                rescued = {table: _rescue(table, aside, connection) for table in RESCUED}
                connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise refusal(error, path) from error
    notice = Corrupt(
        N_(
            "{path} was damaged: it is kept as {aside}, and {changes} changes and {drafts} drafts of it were rescued "
            "into a new file"
        ),
        todo=N_("Look through the outbox; the customers come back as they are seen."),
        path=path,
        aside=aside,
        **rescued,
    )
    return (notice,)


def _sound(path: Path, busy_timeout: float) -> bool:
    """Whether every page of the file at PATH makes sense; takes seconds for a large one."""
    try:
        with closing(connect(path, busy_timeout)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if isinstance(refusal(error, path), Corrupt):
            return False
        raise refusal(error, path) from error


def _rescue(table: str, aside: Path, connection: sqlite3.Connection) -> int:
    """Copy what can be read of TABLE in the file set ASIDE; how many rows that was."""
    count = 0
    for row in _readable(table, aside):
        names = ", ".join(f'"{name}"' for name in row.keys())  # noqa: SIM118  # a Row iterates over its values
        query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({placeholders(tuple(row))})"  # noqa: S608
        count += connection.execute(query, tuple(row)).rowcount
    return count


def _readable(table: str, aside: Path) -> Iterator[sqlite3.Row]:
    """The rows of TABLE up to where the file set ASIDE cannot be read; it is still there for whoever can."""
    with closing(sqlite3.connect(aside)) as damaged:
        damaged.row_factory = sqlite3.Row
        try:
            yield from damaged.execute(f"SELECT * FROM {table}")  # noqa: S608  # one of RESCUED
        except sqlite3.DatabaseError:
            pass


def _free_name(path: Path, why: str) -> Path:
    """A dated name beside PATH that is not taken."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    name, number = path.with_name(f"{path.stem}.{why}-{stamp}{path.suffix}"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.stem}.{why}-{stamp}-{number}{path.suffix}")
    return name


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time; the kernel takes the lock back from one that dies."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
