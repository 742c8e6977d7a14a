"""Whole copies of SQLite's files, made while others write, and files that nobody has open."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from tui.store.locks import lock
from tui.store.schema import MIGRATIONS
from tui.store.store_errors import N_, Locked, os_refusal, refusal

KNOWN_VERSION = len(MIGRATIONS)
"""The version of a profile's file that this program writes."""

PATIENCE = 2.0
"""Seconds to wait for another kehu that is opening a file."""


def copy_whole(path: Path, target: Path) -> None:
    """Copy what is committed in the database at `path` to the new file `target`, while others may go on writing.

    Raises: StoreError.
    """
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        whence = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(whence, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    except OSError as error:
        raise os_refusal(error, target) from error
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def look_at(path: Path) -> tuple[int, bool]:
    """The version of the database at `path`, which nobody else has open, and whether every page of it makes sense."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            return version, connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return 0, False


@contextmanager
def unopened(paths: Sequence[Path]) -> Iterator[None]:
    """Keep everybody from opening the databases at `paths` while the block runs; each is one file without a log then.

    Raises: Locked where one is open somewhere; StoreError.
    """
    with ExitStack() as held:
        for path in paths:
            held.enter_context(lock(path.with_name(path.stem + ".lock"), alone=True, patience=PATIENCE))
            try:
                with closing(sqlite3.connect(path, timeout=0.1)) as connection:
                    # It leaves its log, which it does for whoever has the file alone.
                    connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            except sqlite3.OperationalError as error:
                if isinstance(refusal(error, path), Locked):
                    raise Locked(
                        N_("{path} is open: a desk, or a command, is at work with it"),
                        todo=N_("End every kehu that uses this data, and try again."),
                        path=path,
                    ) from error
                raise refusal(error, path) from error
            except sqlite3.DatabaseError:
                pass  # it is damaged, and is only set aside
        yield
