"""Locks between processes: each wait for one has an end, and a disk that gives none is named."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tui.store.store_errors import locked, no_locks, os_refusal

PAUSE = 0.02
"""Seconds between two tries for a lock that another process holds."""


@contextmanager
def lock(path: Path, *, alone: bool, patience: float) -> Iterator[None]:
    """Hold the lock of the file at `path`, which is made: `alone`, or together with others that do not ask so.

    It is of the kind that SQLite takes (POSIX), so that a disk which refuses those is found out here. The kernel takes
    it back from a process that dies. One thread of a process at a time may hold it.

    Raises: Locked where it cannot be had within `patience` seconds; NoLocks; StoreError.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise os_refusal(error, path) from error
    try:
        if not _taken(descriptor, path, fcntl.LOCK_EX if alone else fcntl.LOCK_SH, patience):
            raise locked(path)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int, path: Path, kind: int, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.lockf(descriptor, kind | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # what POSIX lets a system say where another process has it
            if time.monotonic() > end:
                return False
            time.sleep(PAUSE)
        except OSError as error:  # whichever it is, such as EIO from a server that does not answer
            raise no_locks(path, error.strerror) from error
        else:
            return True
