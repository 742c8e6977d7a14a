"""The team's database: one PostgreSQL, or one SQLite file, behind the same statements.

What differs between the two is here and nowhere else: how they are opened, whose turn it is to write, what time it is,
and how the other servers on the same database hear that there is something new.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Double, Table, event, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from tui.model.errors import N_, ConfigError
from tui.team.server.team_tables import COUNTER

CHANNEL: Final = "kehu_team"
"""On which PostgreSQL tells the other servers."""

CONNECTIONS: Final = 8
"""To PostgreSQL, of each server: more than two cores can keep busy, and far from PostgreSQL's own limit of 100."""

READERS: Final = 4
"""Connections to the SQLite file; each has a thread."""

BUSY_SECONDS: Final = 10.0
"""How long a statement waits for another process that writes to the SQLite file."""

CONNECT_SECONDS: Final = 5.0
STATEMENT_MS: Final = 30_000
"""How long PostgreSQL works on one statement at most."""

_LOG: Final = logging.getLogger("kehu.team")
_RETRY_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 1.0

Told = Callable[[str], None]
"""Called with what another server, or this one, announced."""


class epoch_now(FunctionElement[float]):  # as functions are spelled in SQL
    """The database's clock, in epoch seconds: one for all servers."""

    type = Double()
    inherit_cache = True


@compiles(epoch_now, "postgresql")
def _now_in_postgresql(element: epoch_now, compiler: Any, **rest: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


@compiles(epoch_now, "sqlite")
def _now_in_sqlite(element: epoch_now, compiler: Any, **rest: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


class TeamDatabase:
    """The database at `url`: `postgresql://…`, `sqlite:///FILE`, or the name of a file. Nothing is opened before use.

    Raises: ConfigError where `url` names neither.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.shift = 0.0
        """Seconds by which the clock is off; for tests."""
        self.path: Path | None = None
        """The SQLite file."""
        self.is_postgresql = url.startswith(("postgresql:", "postgres:", "postgresql+asyncpg:"))
        if self.is_postgresql:
            self._dsn = "postgresql:" + url.partition(":")[2]
            self._engine = self._postgresql()
        else:
            self.path = _sqlite_path(url)
            self._engine = self._sqlite(self.path)
        self._writer = self._engine.execution_options(kehu_writes=True)
        # What only reads looks at what is committed, a statement at a time: without BEGIN and ROLLBACK around each.
        self._reader = (
            self._engine.execution_options(isolation_level="AUTOCOMMIT") if self.is_postgresql else self._engine
        )
        self._turn = contextlib.nullcontext() if self.is_postgresql else asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None

    # Opening

    def _postgresql(self) -> AsyncEngine:
        return create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,  # an error is written down, what was to be kept is not
            pool_pre_ping=True,  # a database that was started anew costs no call
        )

    async def _connect(self) -> Any:
        """Connect as libpq would with the same address: `sslmode`, `passfile`, several hosts and all."""
        import asyncpg

        return await asyncpg.connect(
            self._dsn,
            timeout=CONNECT_SECONDS,
            server_settings={"application_name": "kehu team", "statement_timeout": str(STATEMENT_MS)},
        )

    def _sqlite(self, path: Path) -> AsyncEngine:
        engine = create_async_engine(
            make_url("sqlite+aiosqlite://").set(database=str(path)),
            pool_size=READERS,
            max_overflow=0,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,
            connect_args={"timeout": BUSY_SECONDS},
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    async def migrate(self) -> None:
        """Make the tables, or bring those of an older kehu along. Of several servers that start, one does it.

        Raises: ConfigError where a newer kehu made them, or the database refuses.
        """
        from tui.team.server.migrations.upgrade import upgrade

        if self.path is not None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        async with self._turn, self._writer.begin() as connection:
            if self.is_postgresql:
                await connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            await connection.run_sync(upgrade)

    async def close(self) -> None:
        """Let go of the database."""
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
            self._listening = None
        await self._engine.dispose()

    # Transactions

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for statements that only read."""
        async with self._reader.connect() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """The same, for many statements that are to see one moment, or one with more rows than memory holds."""
        async with self._engine.connect() as connection:
            if self.is_postgresql:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextlib.asynccontextmanager
    async def writing(self, *, durable: bool = True) -> AsyncIterator[AsyncConnection]:
        """A connection inside a transaction, committed at the end; if `durable`, that outlives a power cut."""
        async with self._turn, self._writer.begin() as connection:
            if self.is_postgresql and not durable:
                await connection.execute(select(func.set_config("synchronous_commit", "off", True)))
            yield connection

    async def now(self, connection: AsyncConnection) -> float:
        """Epoch seconds by the database's clock."""
        return float((await connection.execute(select(epoch_now()))).scalar_one()) + self.shift

    async def take(self, connection: AsyncConnection, count: int = 1) -> tuple[int, float]:
        """Take `count` sequences; the first of them, and the time. No other transaction takes any before this one ends.

        Every transaction that writes what desks are told of begins with it: so it also keeps two of them apart.
        """
        taken = update(COUNTER).values(value=COUNTER.c.value + count).returning(COUNTER.c.value, epoch_now())
        last, now = (await connection.execute(taken)).one()
        return last - count + 1, float(now) + self.shift

    async def team(self, connection: AsyncConnection) -> str:
        """The id of the team that is kept here, made with the tables."""
        return str((await connection.execute(select(COUNTER.c.team))).scalar_one())

    async def sequence(self, connection: AsyncConnection) -> int:
        """The last sequence: whatever has it or a lower one can be read."""
        return int((await connection.execute(select(COUNTER.c.value))).scalar_one())

    def insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An insert that may say what is to be done ON CONFLICT; both databases say it alike."""
        return postgresql.insert(table) if self.is_postgresql else sqlite.insert(table)

    def is_away(self, error: Exception) -> bool:
        """Whether `error` means that the database cannot be had, and not that a statement makes no sense."""
        if isinstance(error, DBAPIError):
            return not isinstance(error, IntegrityError | ProgrammingError | DataError)
        if isinstance(error, OSError | PoolTimeout | TimeoutError):
            return True
        return type(error).__module__.startswith("asyncpg.")  # it could not be connected to at all

    def away(self, error: Exception) -> ConfigError:
        """Return what to tell an administrator of `error`, by which the database cannot be had."""
        return ConfigError(
            N_("the team's database cannot be had: {reason}"),
            todo=N_("Check --database, and that the database runs and lets this user in."),
            reason=str(error).partition("\n")[0][:300] or type(error).__name__,
        )

    # Telling other servers

    async def announce(self, connection: AsyncConnection, about: Mapping[str, object] | None = None) -> None:
        """Have every server on this database be told, once the transaction is committed.

        Without `about` that there are new sequences. On SQLite the others look once a second.
        """
        if self.is_postgresql:
            await connection.execute(
                select(func.pg_notify(CHANNEL, json.dumps(about, ensure_ascii=False) if about else ""))
            )

    def listen(self, told: Told) -> None:
        """Call `told` from now on for whatever any server on this database announces, and when something may have been
        missed."""
        watch = self._hear_postgresql if self.is_postgresql else self._look_at_sqlite
        self._listening = asyncio.create_task(self._forever(watch, told))

    async def _forever(self, watch: Callable[[Told], Awaitable[None]], told: Told) -> None:
        while True:
            try:
                await watch(told)
            except Exception as error:  # noqa: BLE001  # every desk's feed hangs on it: it is told, and goes on
                if not self.is_away(error):
                    _LOG.exception("the database could not be listened to")
            await asyncio.sleep(_RETRY_SECONDS)
            told("")  # it may not be heard; whoever looks finds out

    async def _hear_postgresql(self, told: Told) -> None:
        connection = await self._connect()
        try:
            gone = asyncio.Event()
            connection.add_termination_listener(lambda _connection: gone.set())
            await connection.add_listener(CHANNEL, lambda *heard: told(heard[3]))
            told("")
            await gone.wait()
        finally:
            connection.terminate()

    async def _look_at_sqlite(self, told: Told) -> None:
        """Other processes on the file cannot call this one: what is new is seen once a second."""
        async with self._engine.connect() as connection:
            before = None
            while True:
                found = (await connection.exec_driver_sql("PRAGMA data_version")).scalar_one()
                await connection.rollback()
                if before is not None and found != before:
                    told("")
                before = found
                await asyncio.sleep(_LOOK_SECONDS)


_MIGRATION_LOCK: Final = 0x6B656875
"""The number of PostgreSQL's advisory lock for migrations: "kehu" in ASCII."""


def _sqlite_path(url: str) -> Path:
    if "://" not in url:
        return Path(url).expanduser().absolute()
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise ConfigError(
            N_("{found} is no database that a team can be kept in"),
            todo=N_("Write postgresql://USER@HOST/NAME, sqlite:///FILE, or the name of a file."),
            found=url.partition("://")[0] + "://…",  # a password may follow
        )
    return Path(parsed.database).absolute()


def _prepare_sqlite(connection: Any, record: object) -> None:
    """Have transactions begin where they are said to, and what is committed outlive a power cut."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -8192"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("kehu_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
