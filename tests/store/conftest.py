"""A store of its own for each test, on a real disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.store.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the profile's file is; neither it nor its folder is there yet."""
    return tmp_path / "data" / "team.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An empty store."""
    store = Store.open(path)
    yield store
    store.close()
