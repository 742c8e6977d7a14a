"""Every test of the team runs on both databases: a SQLite file and a real PostgreSQL, each fresh."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.team.postgres import QUICK, Postgres, found
from tests.team.served import Served, serving
from tui.team.server.engine import TeamDatabase

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The tests' PostgreSQL, without anything that guards it against a power cut."""
    server = Postgres(*QUICK)
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> str:
    """A database with the team's tables, to be copied."""
    name = postgres.create()
    asyncio.run(_migrate(postgres.url(name)))
    return name


async def _migrate(url: str) -> None:
    database = TeamDatabase(url)
    await database.migrate()
    await database.close()


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    kind: str = request.param
    if kind == "postgresql" and found() is None:
        pytest.skip("there is no PostgreSQL here")
    return kind


@pytest.fixture
def empty_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database in which there is nothing yet."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'team.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url(postgres.create())


@pytest.fixture(scope="session")
def template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for SQLite."""
    path = tmp_path_factory.mktemp("template") / "team.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture
def url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a fresh database."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("template_file"), tmp_path / "team.db")
        return f"sqlite:///{tmp_path / 'team.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url(postgres.create(request.getfixturevalue("template")))


@pytest.fixture
def other_url(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty database of the other kind, where there is one."""
    if kind == "postgresql" or found() is None:
        return f"sqlite:///{tmp_path / 'other.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.url(postgres.create())


@pytest_asyncio.fixture
async def served(url: str, tmp_path: Path) -> AsyncIterator[Served]:
    """A server on a fresh database."""
    async with serving(url, tmp_path / "team.sock") as server:
        yield server
