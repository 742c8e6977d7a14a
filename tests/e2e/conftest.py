"""The real program on a pseudo-terminal, with a data folder of the test's own."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal
from tui.sandbox.app import DEFAULT_CUSTOMERS

Open = Callable[..., Terminal]
"""Opens a terminal with `kehu ARGUMENTS…` in it: `open_desk(*arguments, columns=, rows=, **environment)`."""


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """The demo's sandbox database, made once."""
    return seeded_with(DEFAULT_CUSTOMERS)


@pytest.fixture
def data_dir(seeded: Path, tmp_path: Path) -> Path:
    """A data folder in which the demo has its customers, and nobody has worked yet."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(seeded, folder)
    return folder


@pytest.fixture
def open_desk(data_dir: Path) -> Iterator[Open]:
    """Opens terminals, and closes them after the test."""
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    with ExitStack() as stack:

        def open_desk(*arguments: str, columns: int = 120, rows: int = 36, **environment: str) -> Terminal:
            settings = environ | {"KEHU_DATA_DIR": str(data_dir), "KEHU_PAGER": "cat"} | environment
            command = [sys.executable, "-m", "tui", *arguments]
            return stack.enter_context(Terminal(command, settings, columns=columns, rows=rows))

        yield open_desk
