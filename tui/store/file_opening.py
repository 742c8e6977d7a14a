"""Opening the file: made private, brought up to date with a copy kept, set aside where it is damaged.

POSIX takes every lock that a process has on a file away once the process closes any descriptor of it. So nothing here,
or anywhere else, opens or closes the file beside SQLite; a process has one connection to it, which its stores share.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from threading import Lock

from tui.store.database import SIDE_FILES, Database, SharedConnection, connect, damage_mark, placeholders
from tui.store.locks import lock
from tui.store.schema import ENTRIES, MIGRATIONS
from tui.store.store_errors import N_, Corrupt, Locked, NewerVersion, StoreError, os_refusal, refusal


@dataclass(frozen=True)
class Schema:
    """What one kind of file holds, and what is told where it was damaged."""

    migrations: Sequence[Sequence[str]]
    """The statements that lead from version N to N + 1."""
    notice: str
    """What happened to a damaged file at `{path}`, which is kept as `{aside}`; a rescued table's name is its rows."""
    todo: str
    rescued: tuple[str, ...] = ()
    """Tables that nobody can give back."""
    mending: Sequence[str] = ()
    """Statements that put right what was rescued."""


def _profile() -> Schema:
    """A profile's file: what was seen can be fetched again from the vendor."""
    return Schema(
        MIGRATIONS,
        N_(
            "{path} was damaged: it is kept as {aside}, and {changes} changes and {drafts} drafts of it were rescued "
            "into a new file"
        ),
        N_("Look through the outbox; the customers come back as they are seen."),
        ("changes", "journal", "drafts", "links", "next_contacts", "presets"),
        ENTRIES,  # of what was written by an older version, or could not be read
    )


_open: list[SharedConnection] = []
"""What this process has open."""

_opening = Lock()
"""Held while a file is opened or closed here. Each wait on the way has an end, and so has the wait for this."""


def open_database(
    path: Path, source: str, busy_timeout: float, schema: Schema | None = None
) -> tuple[Database, tuple[StoreError, ...]]:
    """The up-to-date file at `path`, and what there is to tell about it; `busy_timeout` is in seconds.

    `source` is the vendor's account that it is about: what an older version wrote does not say so. `schema` is what it
    holds, where it is no profile's.

    Raises: StoreError.
    """
    schema = schema or _profile()
    path = path.resolve()  # as SQLite does: what belongs to the file stands beside it, not beside a link to it
    notices: tuple[StoreError, ...] = ()
    with _opening:
        shared = next((known for known in _open if known.is_at(path)), None)
        if shared is None:
            connection, notices = _open_file(path, source, busy_timeout, schema)
            shared = SharedConnection(connection, path)
            _open.append(shared)
        shared.check_in_place()
        shared.users += 1
    return Database(shared, _let_go), notices


def _let_go(shared: SharedConnection) -> None:
    """Close what the last store has given back."""
    with _opening:
        shared.users -= 1
        if not shared.users:
            _open.remove(shared)
            shared.close()


def _open_file(
    path: Path, source: str, busy_timeout: float, schema: Schema
) -> tuple[sqlite3.Connection, tuple[StoreError, ...]]:
    """The only connection of this process to the file at `path`, and what there is to tell about it."""
    _make_folder(path.parent)
    guard = path.with_name(path.stem + ".lock")
    with lock(guard, alone=False, patience=busy_timeout):
        if not damage_mark(path).exists():
            with suppress(Corrupt):
                return _opened(path, source, busy_timeout, schema), ()
    with lock(guard, alone=True, patience=busy_timeout):  # nobody opens it while its files change their names
        notices = _put_right(path, source, busy_timeout, schema)
        return _opened(path, source, busy_timeout, schema), notices


def _opened(path: Path, source: str, busy_timeout: float, schema: Schema) -> sqlite3.Connection:
    """A connection to the file at `path`, which is brought up to date. Damage further in shows when it is met."""
    _make_private(path)
    try:
        connection = connect(path, busy_timeout)
        try:
            _migrate(connection, path, source, schema.migrations)
            # Makes SQLite read the schema, and open the files that belong to it.
            connection.execute("SELECT count(*) FROM meta").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise refusal(error, path) from error
    return connection


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise os_refusal(error, folder) from error


def _make_private(path: Path) -> None:
    """See that the file is there, for its owner's eyes alone; SQLite gives its side files the same mode.

    Raises: StoreError, also where it has a second name: what is written under one would be lost under the other.
    """
    try:
        try:
            # Nobody has a file open that is not there, and `_opening` keeps this process's own threads away.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            pass
        found = path.stat()
        if S_ISREG(found.st_mode) and found.st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise os_refusal(error, path) from error
    if S_ISREG(found.st_mode) and found.st_nlink > 1:
        raise StoreError(
            N_("{path} has a second name (a hard link): what is written under the one is lost under the other"),
            todo=N_("Delete the name that is not needed; this finds both: find {folder} -samefile {quoted}"),
            path=path,
            folder=shlex.quote(str(path.parent)),
            quoted=shlex.quote(str(path)),
        )


def _migrate(connection: sqlite3.Connection, path: Path, source: str, migrations: Sequence[Sequence[str]]) -> None:
    """Bring the file from its version to this program's, in one transaction, with a copy of the old one kept.

    Raises: NewerVersion.
    """
    if _version(connection) == len(migrations):
        return
    _teach(connection, source)
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another kehu may have been quicker
        if version > len(migrations):
            raise NewerVersion(
                N_("{path} was written by a newer kehu: its version is {version}, and this one knows {known}"),
                todo=N_("Use the newer kehu, or set KEHU_DATA_DIR to another folder."),
                path=path,
                version=version,
                known=len(migrations),
            )
        if 0 < version < len(migrations):
            _copy(path, _free_name(path, f"v{version}"))
        for statements in migrations[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _teach(connection: sqlite3.Connection, source: str) -> None:
    """Give `connection` the functions that the steps of the schema call."""
    connection.create_function("kehu_source", 0, lambda: source)
    connection.create_function("kehu_dated_id", 2, _dated_id)


def _dated_id(at: float, number: int) -> str:
    from tui.model.journal_entry import dated_id  # a file without changes needs none

    return dated_id(at, number)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _copy(path: Path, copy: Path) -> None:
    """Copy what is committed in the database at `path`, whole or not at all."""
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


def _put_right(path: Path, source: str, busy_timeout: float, schema: Schema) -> tuple[StoreError, ...]:
    """Set the file at `path` aside if it is damaged indeed, with what can be rescued of it in a new one.

    The mark stays until all is done, so that whoever dies on the way is followed by somebody who goes on. A desk that
    has the file open meanwhile finds that it has moved, and confirms nothing more.
    """
    mark = damage_mark(path)
    rescued = path.with_name(f"{path.stem}.rescued{path.suffix}")
    try:
        mark.touch(mode=0o600)
        if path.exists():
            if _is_sound(path, busy_timeout):
                rescued.unlink(missing_ok=True)
                mark.unlink()
                return ()  # another kehu has put it right, or the damage was none
            _rescue(path, rescued, source, busy_timeout, schema)
        if not rescued.exists():
            mark.unlink()
            return ()  # the file was deleted, by whom it was marked
        _set_aside(path, SIDE_FILES[1:])  # those that somebody who died left behind
        notice = _notice(path, rescued, schema)
        rescued.replace(path)
        mark.unlink()
    except OSError as error:
        raise os_refusal(error, path) from error
    except sqlite3.Error as error:
        raise refusal(error, path) from error
    return (notice,)


def _is_sound(path: Path, busy_timeout: float) -> bool:
    """Whether every page of the file at `path` makes sense; takes seconds for a large one."""
    try:
        with closing(connect(path, busy_timeout)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.DatabaseError as error:
        if isinstance(refusal(error, path), Corrupt):
            return False
        raise


def _rescue(path: Path, rescued: Path, source: str, busy_timeout: float, schema: Schema) -> None:
    """Copy what can be read of the damaged file at `path` to the new one `rescued`, and set the damaged one aside.

    Whoever has it open writes nothing meanwhile, as far as it can still be locked: what they confirmed is rescued.
    """
    unfinished = rescued.with_suffix(".unfinished")
    for suffix in SIDE_FILES:
        unfinished.with_name(unfinished.name + suffix).unlink(missing_ok=True)
    with closing(sqlite3.connect(path, timeout=busy_timeout, isolation_level=None)) as damaged:
        damaged.row_factory = sqlite3.Row
        try:
            damaged.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if isinstance(refusal(error, path), Locked):
                raise
        with closing(_opened(unfinished, source, busy_timeout, schema)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            for table in schema.rescued:
                for row in _readable(table, damaged):
                    names = ", ".join(f'"{name}"' for name in row.keys())  # noqa: SIM118  # a Row iterates over its values
                    query = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({placeholders(tuple(row))})"  # noqa: S608
                    connection.execute(query, tuple(row))
            for statement in schema.mending:
                connection.execute(statement)
            connection.execute("COMMIT")
        unfinished.replace(rescued)
        _set_aside(path, SIDE_FILES)


def _readable(table: str, damaged: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    """The rows of `table` up to where the file cannot be read; it is still there for whoever can."""
    with suppress(sqlite3.DatabaseError):
        yield from damaged.execute(f"SELECT * FROM {table}")  # noqa: S608  # one of the schema's own


def _set_aside(path: Path, suffixes: tuple[str, ...]) -> None:
    """Give the file at `path`, and what belongs to it, another name: itself first, as it is read with the others."""
    aside = _free_name(path, "damaged")
    for suffix in suffixes:
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))


def _notice(path: Path, rescued: Path, schema: Schema) -> Corrupt:
    """What there is to tell of the file at `path`, which is set aside, and of what was `rescued`."""
    with closing(sqlite3.connect(rescued)) as connection:
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # one of the schema's own
            for table in schema.rescued
        }
    aside = max(
        path.parent.glob(f"{path.stem}.damaged-*{path.suffix}"), key=lambda name: name.stat().st_ctime_ns, default=path
    )
    return Corrupt(schema.notice, todo=schema.todo, path=path, aside=aside, **counts)


def _free_name(path: Path, why: str) -> Path:
    """A dated name beside `path` that is not taken."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    name, number = path.with_name(f"{path.stem}.{why}-{stamp}{path.suffix}"), 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.stem}.{why}-{stamp}-{number}{path.suffix}")
    return name
