"""Whether the process that took a change to send is still alive.

Each process that sends holds an exclusive `flock` on a file of its own, named by a random token that stands on the
rows it took. The kernel drops the lock with the process, however it dies, so nothing has to be cleaned up first, a
reused process id means nothing, and containers that share the folder see each other right.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

from tui.store.store_errors import no_locks, os_refusal

_living: set[Path] = set()
"""The signs of life of this process, which looks at none of them: a network disk takes its locks for one, and would
take them away with the descriptor that looked."""

TOKEN_BYTES = 8
"""Random bytes of a token: two processes never draw the same."""


class Presence:
    """This process's sign of life in `folder`; the file appears with the first call of `token`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = ""
        self._descriptor: int | None = None

    def token(self) -> str:
        """The name under which this process takes changes; alive until `close` or the process's end.

        Raises: StoreError where the disk takes no sign of life.
        """
        try:
            if self._descriptor is None:
                self._folder.mkdir(mode=0o700, exist_ok=True)
                self._sweep()
                while self._descriptor is None:
                    self._token = secrets.token_hex(TOKEN_BYTES)
                    self._descriptor = _hold(self._folder / self._token)
                _living.add(self._folder / self._token)
        except OSError as error:
            raise os_refusal(error, self._folder) from error
        return self._token

    def alive(self, token: str) -> bool:
        """Whether the process that drew `token` still runs."""
        if self._folder / token in _living:
            return True
        # Shared, so that two that look at the same time do not take each other for the owner.
        found = _locked(self._folder / token, os.O_RDWR, fcntl.LOCK_SH)
        if found is not None:
            os.close(found)
        return found is None and (self._folder / token).exists()

    def close(self) -> None:
        """Give up the sign of life; what was taken and not settled counts as left behind."""
        if self._descriptor is not None:
            (self._folder / self._token).unlink(missing_ok=True)
            _living.discard(self._folder / self._token)
            os.close(self._descriptor)
            self._descriptor = None

    def _sweep(self) -> None:
        """Remove the files of processes that are gone."""
        for path in set(self._folder.iterdir()) - _living:
            # Held while it goes, so that no process that is just making its file takes it for its own.
            descriptor = _locked(path, os.O_RDWR, fcntl.LOCK_EX)
            if descriptor is not None:
                path.unlink(missing_ok=True)
                os.close(descriptor)


def _hold(path: Path) -> int | None:
    """A descriptor that holds the lock on a new file at `path`, or None where somebody looked at it first."""
    descriptor = _locked(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, fcntl.LOCK_EX)
    if descriptor is not None and os.fstat(descriptor).st_nlink == 0:  # swept away before it was locked
        os.close(descriptor)
        return None
    return descriptor


def _locked(path: Path, flags: int, lock: int) -> int | None:
    """A descriptor of the file at `path` with `lock`; None where it is not there or another process holds it.

    Raises: NoLocks; OSError.
    """
    try:
        descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError as error:
        os.close(descriptor)
        raise no_locks(path, error.strerror) from error
    return descriptor
