"""What the desk's own disk can refuse.

StoreError       the disk refused, for a reason that has no name of its own
├── DiskFull     no space is left
├── ReadOnly     the file or its folder cannot be opened or written
├── Locked       another program kept the file for itself for too long
├── NoLocks      the disk has no locks that processes could rely on
├── Moved        the file was replaced while it was open
├── Corrupt      the file is damaged; it is set aside, never deleted
├── NewerVersion a newer kehu wrote the file
├── TooLarge     one record is larger than the store takes
└── Overtaken    another kehu was quicker

The Desk turns them into its own errors in one place.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path


def N_(text: str) -> str:
    """`text` itself, marked for the message catalogue: it is translated where it is shown."""
    return text


def _untranslated(text: str) -> str:
    return text


class StoreError(Exception):
    """What happened and what to do, as templates that `facts` fill in the agent's language."""

    def __init__(self, what: str, *, todo: str = "", **facts: object) -> None:
        super().__init__(what)
        self.what = what
        self.todo = todo
        self.facts = facts

    def message(self, translate: Callable[[str], str] = _untranslated) -> str:
        """What happened, in one sentence."""
        return translate(self.what).format(**self.facts)

    def hint(self, translate: Callable[[str], str] = _untranslated) -> str:
        """What to do about it; may be empty."""
        return translate(self.todo).format(**self.facts) if self.todo else ""

    def __str__(self) -> str:
        return self.message()


class DiskFull(StoreError):
    """No space is left for the file or its journal."""


class StoreReadOnly(StoreError):
    """The file or its folder cannot be opened or written."""


class Locked(StoreError):
    """Another program kept the file for itself for longer than the busy time-out."""


class NoLocks(StoreError):
    """The disk refuses the locks, or the shared memory, by which processes keep out of each other's way."""


class Moved(StoreError):
    """The file, or one of those that belong to it, is another one by now than what this process has open."""


class Corrupt(StoreError):
    """The file is damaged."""


class NewerVersion(StoreError):
    """A newer kehu wrote the file; it is left as it is."""


class TooLarge(StoreError):
    """One record is larger than the store takes; nothing of it was kept."""


class Overtaken(StoreError):
    """Another kehu recorded the same batch first; nothing of this one was kept."""


LOCKS_REFUSED = frozenset(
    {
        *(sqlite3.SQLITE_IOERR_RDLOCK, sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_UNLOCK),
        *(sqlite3.SQLITE_IOERR_CHECKRESERVEDLOCK, sqlite3.SQLITE_IOERR_SHMOPEN),
        *(sqlite3.SQLITE_IOERR_SHMLOCK, sqlite3.SQLITE_IOERR_SHMMAP, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS),
    }
)
"""What SQLite says where a disk has no locks, or no memory that processes share: https://sqlite.org/rescode.html"""


NO_LOCKS = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS})
"""What the system says to a lock there; NFS without its lock daemon says the first."""


def refusal(error: sqlite3.Error, path: Path) -> StoreError:
    """The error that SQLite's `error` about the file at `path` stands for."""
    # An extended code keeps its primary code in the low byte: https://sqlite.org/rescode.html
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    primary = code & 0xFF
    # The log's index, which is mapped into memory, meets a full disk as a failure of its own.
    if primary == sqlite3.SQLITE_FULL or (primary == sqlite3.SQLITE_IOERR and _is_full(path)):
        return DiskFull(
            N_("no space is left on the disk for {path}"),
            todo=N_("Free some space there and try again; nothing was sent that is not recorded."),
            path=path,
        )
    if code in LOCKS_REFUSED:
        return no_locks(path, error)
    refused = primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH)
    if refused and (owner := _other_owner(path)):
        return StoreReadOnly(
            N_("{path} belongs to another user, {owner}: each has a folder of their own"),
            todo=N_("Name a folder of yours: export KEHU_DATA_DIR=…"),
            path=path,
            owner=owner,
        )
    if refused:
        return StoreReadOnly(
            N_("cannot open or write {path}: {reason}"),
            todo=N_("Make the file and its folder writable for you, or set KEHU_DATA_DIR to a folder that is."),
            path=path,
            reason=error,
        )
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return locked(path)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Corrupt(
            N_("{path} is damaged: {reason}"),
            todo=N_("Start kehu again: it sets the damaged file aside, rescues what can be read, and goes on."),
            path=path,
            reason=error,
        )
    return StoreError(
        N_("the disk refused {path}: {reason}"),
        todo=N_("Look at the disk that holds it."),
        path=path,
        reason=error,
    )


def locked(path: Path) -> Locked:
    """The error that another program does not give up the file at `path`."""
    return Locked(
        N_("another program keeps {path} locked"), todo=N_("Wait for it or close it, and try again."), path=path
    )


def no_locks(path: Path, reason: object) -> NoLocks:
    """The error that the disk of the file at `path` refuses locks, for a `reason` in the system's words."""
    return NoLocks(
        N_("the disk of {path} does not keep two programs apart, as a network home may not: {reason}"),
        todo=N_("Set KEHU_DATA_DIR to a folder on a disk of this machine."),
        path=path,
        reason=reason,
    )


def _other_owner(path: Path) -> str:
    """The user that `path`, or the nearest place above it, belongs to; empty where it is this one.

    A folder of root's is nobody else's data.
    """
    for place in (path, *path.parents):
        try:
            owner = place.stat().st_uid
        except OSError:
            continue
        if owner == os.geteuid() or (owner == 0 and place != path):
            return ""
        try:
            import pwd

            return pwd.getpwuid(owner).pw_name
        except (ImportError, KeyError):
            return str(owner)
    return ""


def _is_full(path: Path) -> bool:
    """Whether nothing more can be written on the disk of `path`."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_blocks > 0 and disk.f_bavail == 0


def os_refusal(error: OSError, path: Path) -> StoreError:
    """The error that the system's `error` about the file at `path` stands for."""
    if error.errno in NO_LOCKS:
        return no_locks(path, error.strerror)
    stand_in = sqlite3.OperationalError(error.strerror)
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    stand_in.sqlite_errorcode = sqlite3.SQLITE_FULL if full else sqlite3.SQLITE_CANTOPEN
    return refusal(stand_in, path)
