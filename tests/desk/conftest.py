"""Desks on a small sandbox of each test's own, called in-process."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.desk.workshop import Workshop
from tui.desk.desk import Desk
from tui.sandbox.faults import Faults

CUSTOMERS = 300

OpenDesk = Callable[..., Awaitable[Desk]]
"""Opens a desk on a demo profile: `await open_desk("demo-juzi")`, with `disable={"get"}` where wanted."""


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """A sandbox database that no test writes to."""
    return seeded_with(CUSTOMERS)


@pytest.fixture
def sandbox(seeded: Path, tmp_path: Path) -> Path:
    """This test's own copy."""
    database = tmp_path / "sandbox.db"
    shutil.copy(seeded, database)
    return database


@pytest.fixture
def faults() -> Faults:
    """What the sandbox does wrong; nothing until a test says so."""
    return Faults()


@pytest.fixture
async def workshop(sandbox: Path, faults: Faults, tmp_path: Path) -> AsyncIterator[Workshop]:
    """Opens desks and people, and closes them after the test."""
    workshop = Workshop(sandbox, tmp_path / "data", faults)
    yield workshop
    await workshop.close()


@pytest.fixture
def open_desk(workshop: Workshop) -> OpenDesk:
    """Opens desks."""
    return workshop.open


@pytest.fixture
def rows(sandbox: Path) -> Callable[..., list[tuple[Any, ...]]]:
    """Reads the sandbox's database past the sandbox."""

    def read(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(sandbox)) as connection:
            return connection.execute(statement, parameters).fetchall()

    return read
