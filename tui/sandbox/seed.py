"""Fill a sandbox's database with invented people: the same seed and number give the same data.

Rows go in by batches and in order, and the indexes are made when all are in, so that memory stays flat at a million.
"""

import fcntl
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from tui.sandbox.sample_people import people, shown
from tui.sandbox.stored_records import Row, company_rows, ima_detail, juzi_follow_rows, juzi_row, useasy_records
from tui.sandbox.tables import BLOCK, INDEXES, TABLES, connect
from tui.sandbox.useasy import terms
from tui.sandbox.vocabulary import CORP_TAGS, PERSONAL_TAGS, STAFF
from tui.sandbox.wire import encode

DEFAULT_SEED: Final = 20201030
"""The day on which the customer of the juzi page's sample was added."""

_BATCH: Final = 1000
"""How many people are written at a time."""

_SAMPLE_TAG_ID: Final = "etDodGBwAA-rmc_3HDr84OnvfycgOQQQ"
"""The tag id of the juzi page's sample: the first corp tag's."""

_TAGS_CREATED_MS: Final = 1_577_808_000_000
"""2020-01-01 in China. The last group has no such time, which the vendor writes as 0."""

_PATIENCE: Final = 20.0
"""Seconds that another process which seeds is waited for, however few people it makes."""

_PEOPLE_PER_SECOND: Final = 200
"""How many a machine makes at the least; a quick one makes ten times as many."""

_PAUSE: Final = 0.05
"""Seconds between two tries for the lock."""

Progress = Callable[[int, int], None]
"""Called with how many people are written, and how many will be."""


class SeedMismatchError(ValueError):
    """The file is a sandbox with another number of customers, or no sandbox at all."""


def seed(database: Path, customers: int = 5000, seed: int = DEFAULT_SEED, *, progress: Progress | None = None) -> None:
    """Make the database, unless it is there with so many customers: then it keeps all that was changed in it.

    It appears under its name when it is complete; of several processes one makes it, and the others wait.

    Raises:
        ValueError: `customers` is less than 1.
        SeedMismatchError: the file is there and holds something else.
        OSError, sqlite3.Error: it cannot be written.
    """
    if customers < 1:
        raise ValueError(f"a sandbox has at least one customer, not {customers}")
    with _alone(database.parent, patience=_PATIENCE + customers / _PEOPLE_PER_SECOND):
        if database.exists():
            _check(database, customers)
            return
        unfinished = database.with_name(f"{database.name}.seeding")
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
        _fill(unfinished, customers, seed, progress)
        unfinished.replace(database)


@contextmanager
def _alone(folder: Path, patience: float) -> Iterator[None]:
    """Keep other processes from seeding in this folder. The lock goes with the process, so none is left behind.

    Raises:
        TimeoutError: another process kept it for longer than `patience` seconds.
        OSError: the disk has no locks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        end = time.monotonic() + patience
        while not _locked(handle, folder):
            if time.monotonic() > end:
                raise TimeoutError(f"another process keeps {folder} locked")
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)


def _locked(handle: int, folder: Path) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        raise OSError(error.errno, f"{folder} is on a disk without locks ({error.strerror})") from error
    return True


def _check(database: Path, customers: int) -> None:
    try:
        with closing(connect(database)) as connection:
            ((found,),) = connection.execute("SELECT value FROM meta WHERE key = 'customers'")
    except (sqlite3.DatabaseError, ValueError) as error:
        raise SeedMismatchError(f"{database} is not a sandbox: {error}") from error
    if found != str(customers):
        raise SeedMismatchError(
            f"{database} is a sandbox of {found} customers, not {customers}: delete it, or give another file"
        )


def _fill(database: Path, customers: int, seed: int, progress: Progress | None) -> None:
    with closing(connect(database)) as connection:
        # Nobody sees the file before it is complete: a crash costs a new start, so nothing need be undone or synced.
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {TABLES}")
        connection.execute("BEGIN")
        _insert(connection, "juzi_staff", _staff_rows())
        _insert(connection, "juzi_tag", _tag_rows())
        _insert(connection, "ima_company", company_rows())
        blocks: Counter[int] = Counter()
        ranks = [0] * len(STAFF)
        everyone = map(shown, people(seed, 1, customers))
        written = 0
        while batch := list(islice(everyone, _BATCH)):
            _insert(connection, "juzi_customer", map(juzi_row, batch))
            _insert(
                connection, "juzi_follow_user", (row for person in batch for row in juzi_follow_rows(person, ranks))
            )
            records = [record for person in batch for record in useasy_records(person, customers)]
            blocks.update(position // BLOCK for position, _ in records)
            _insert(connection, "useasy_customer", ((position, encode(record)) for position, record in records))
            _insert(connection, "useasy_term", (row for record in records for row in terms(*record)))
            connection.executemany(
                "INSERT INTO ima_customer (ordinal, detail) VALUES (?, ?)",
                ((person.ordinal, encode(ima_detail(person))) for person in batch if person.in_ima),
            )
            written += len(batch)
            if progress is not None:
                progress(written, customers)
        _insert(connection, "useasy_block", iter(blocks.items()))
        meta = {"customers": customers, "seed": seed, "useasy_newest": 1}
        _insert(connection, "meta", ((key, str(value)) for key, value in meta.items()))
        connection.execute("COMMIT")
        connection.executescript(f"{INDEXES} PRAGMA journal_mode = WAL;")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    first = next(rows, None)
    if first is not None:
        statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(first))})"  # noqa: S608
        connection.execute(statement, first)
        connection.executemany(statement, rows)


def _staff_rows() -> Iterator[Row]:
    for member in STAFF:
        # The staff member of the page's sample has the sample's avatar.
        avatar = (
            "http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0"
            if member.user_id == "rocky"
            else f"https://avatar.example.com/{member.user_id}/0"
        )
        yield member.user_id, member.name, avatar


def _tag_rows() -> Iterator[Row]:
    number = 0
    for group, (group_name, names) in enumerate(CORP_TAGS):
        created = _TAGS_CREATED_MS + group * 86_400_000 if group < len(CORP_TAGS) - 1 else 0
        for name in names:
            number += 1
            tag_id = _SAMPLE_TAG_ID if number == 1 else f"etDodGBwAA{number:022d}"
            yield number, f"stDodGBwAA{group:022d}", group_name, name, "1", tag_id, created
    for name in PERSONAL_TAGS:
        number += 1
        yield number, None, "个人标签", name, "2", None, 0
