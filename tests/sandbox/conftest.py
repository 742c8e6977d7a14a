"""A small sandbox of one's own for every test, called in-process."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.sandbox.callers import ImaCaller, JuziCaller, UseasyCaller
from tui.sandbox.app import Sandbox, create_app
from tui.sandbox.demo import DEMO_ORIGIN

CUSTOMERS = 300


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_764_000_000.25

    def __call__(self) -> float:
        return self.now


class Rows:
    """Reads the sandbox's database past the sandbox."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def __call__(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(statement, parameters).fetchall()


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """A database that is copied, never changed."""
    return seeded_with(CUSTOMERS)


@pytest.fixture
def database(seeded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(seeded, tmp_path / "sandbox.db"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rows(database: Path) -> Rows:
    return Rows(database)


@pytest.fixture
def sandbox(database: Path, clock: Clock) -> Iterator[Sandbox]:
    sandbox = create_app(database, clock=clock)
    yield sandbox
    sandbox.close()


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), base_url=DEMO_ORIGIN) as client:
        yield client


@pytest.fixture
def juzi(http: httpx.AsyncClient) -> JuziCaller:
    return JuziCaller(http)


@pytest.fixture
def useasy(http: httpx.AsyncClient, clock: Clock) -> UseasyCaller:
    return UseasyCaller(http, clock)


@pytest.fixture
def ima(http: httpx.AsyncClient, clock: Clock) -> ImaCaller:
    return ImaCaller(http, clock)
