"""A team moved between databases, or kept apart: one file with everything, whole or not at all.

The file is gzipped JSON lines: a head, each row as `[table, {column: value}]`, and a last line with the count of each
table. Who is where at the moment is left out.
"""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tui.model.errors import N_, ConflictError, InvalidError
from tui.team.server.engine import TeamDatabase
from tui.team.server.entries import record
from tui.team.server.migrations.upgrade import revision
from tui.team.server.team_tables import COUNTER, METADATA, PRESENCE

FORMAT: Final = 1

_AT_ONCE: Final = 1000

_LEVEL: Final = 3
"""Of gzip: most of what there is to save, at the speed of the disk."""


def _tables() -> list[Table]:
    return [table for table in METADATA.sorted_tables if table is not PRESENCE]


async def export_team(database: TeamDatabase, file: Path) -> Counter[str]:
    """Write the whole team to `file`, which appears once it is complete; how many rows of each table.

    It holds what customers were told and hashes of tokens: it is for this user alone.

    Raises: OSError where it cannot be written.
    """
    counts: Counter[str] = Counter()
    with _written(file) as out:
        async with database.snapshot() as connection:
            team, sequence = await database.team(connection), await database.sequence(connection)
            step = await connection.run_sync(revision)
            _put(out, {"kehu_team": FORMAT, "step": step, "team": team, "sequence": sequence})
            for table in _tables():
                rows = await connection.stream(select(table).execution_options(yield_per=_AT_ONCE))
                async for row in rows.mappings():
                    _put(out, [table.name, dict(row)])
                    counts[table.name] += 1
        _put(out, {"end": counts})
    return counts


def _put(out: gzip.GzipFile, value: object) -> None:
    out.write(json.dumps(value, separators=(",", ":")).encode() + b"\n")


@contextmanager
def _written(file: Path) -> Iterator[gzip.GzipFile]:
    half = file.with_name(f".{file.name}.{os.getpid()}.half")
    try:
        with open(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as raw:
            with gzip.open(raw, "wb", _LEVEL) as out:
                yield out
            raw.flush()
            os.fsync(raw.fileno())
        half.replace(file)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()


async def import_team(database: TeamDatabase, file: Path, *, by: str) -> Counter[str]:
    """Read a team from `file` into a database in which there is none, in one transaction; how many rows of each table.

    Members go on with the tokens that they have, desks with what they have read. `by` is who does it, on the server's
    host.

    Raises: InvalidError where the file is not whole or of another version; ConflictError where there is a team already;
        OSError where it cannot be read.
    """
    counts: Counter[str] = Counter()
    async with database.writing() as connection:
        await database.take(connection)
        for table in _tables():
            if (
                table is not COUNTER
                and (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            ):
                raise ConflictError(
                    N_("there is a team in this database already"), todo=N_("Import into a database of its own.")
                )
        try:
            with gzip.open(file, "rb") as lines:
                await _read(connection, lines, counts, file)
        except (EOFError, gzip.BadGzipFile, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _broken(file) from error
        sequence, now = await database.take(connection)
        await record(connection, sequence, now, "import", {"rows": counts}, by=by)
    return counts


async def _read(connection: AsyncConnection, lines: gzip.GzipFile, counts: Counter[str], file: Path) -> None:
    head = json.loads(lines.readline())
    step = await connection.run_sync(revision)
    if head["kehu_team"] != FORMAT or head["step"] != step:
        raise InvalidError(
            N_("{file} is of another version of kehu: it is at step {found}, and this one is at {known}"),
            todo=N_("Export and import with the same version."),
            file=file,
            found=head["step"],
            known=step,
        )
    tables = {table.name: table for table in _tables()}
    waiting: list[dict[str, Any]] = []
    name = ""
    ended = False
    for line in lines:
        if ended:
            raise _broken(file)
        read = json.loads(line)
        if isinstance(read, dict):
            await _insert(connection, tables, name, waiting)
            if Counter(read["end"]) != counts:
                raise _broken(file)
            ended = True
            continue
        if read[0] != name or len(waiting) >= _AT_ONCE:
            await _insert(connection, tables, name, waiting)
            name, waiting = read[0], []
        waiting.append(read[1])
        counts[name] += 1
    if not ended:
        raise _broken(file)


async def _insert(connection: AsyncConnection, tables: dict[str, Table], name: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    if name == COUNTER.name:
        await connection.execute(update(COUNTER).values(value=rows[0]["value"], team=rows[0]["team"]))
    else:
        await connection.execute(insert(tables[name]), rows)


def _broken(file: Path) -> InvalidError:
    return InvalidError(
        N_("{file} is no whole export of a team"), todo=N_("Nothing was imported; export it again."), file=file
    )
