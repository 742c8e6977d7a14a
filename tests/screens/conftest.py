"""The desk on a small sandbox of each test's own, with keys pressed by Textual's pilot."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.screens.driving import Agent
from tests.screens.line import Line
from tests.screens.vendor import Vendor
from tui.app import embedded
from tui.app.application import KehuApp
from tui.app.opening import open_store
from tui.config import SANDBOX, load
from tui.sandbox.faults import Faults

CUSTOMERS = 300

OpenApp = Callable[..., AbstractAsyncContextManager[Agent]]
"""`async with open_app("demo-useasy", size=(80, 24)) as agent`"""


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """A sandbox database that no test writes to."""
    return seeded_with(CUSTOMERS)


@pytest.fixture
def data_dir(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This test's own data, the sandbox's database in it."""
    shutil.copy(seeded, tmp_path / SANDBOX)
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Faults:
    """What the embedded sandbox does wrong; nothing until a test says so."""
    made = Faults()
    create = embedded.EmbeddedSandbox.__init__

    def with_faults(self: embedded.EmbeddedSandbox, database: Path) -> None:
        create(self, database, made)

    monkeypatch.setattr(embedded.EmbeddedSandbox, "__init__", with_faults)
    return made


@pytest.fixture
def open_app(data_dir: Path) -> OpenApp:
    """Opens the desk on a demo profile, connected and with its first page read."""

    @asynccontextmanager
    async def opened(
        profile: str = "demo-juzi", size: tuple[int, int] = (120, 36), opened: str = "  sandbox"
    ) -> AsyncIterator[Agent]:
        config = load(None, os.environ)
        chosen = config.profiles[profile]
        app = KehuApp(config, chosen, open_store(chosen, config), os.environ)
        async with app.run_test(size=size) as pilot:
            agent = Agent(app, pilot)
            await agent.until(opened)
            await agent.until_gone("[Ll]oading")
            yield agent

    return opened


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """The line to the sandbox."""
    line = Line()
    handle = embedded.EmbeddedSandbox.handle_async_request

    async def watched(self: embedded.EmbeddedSandbox, request: httpx.Request) -> httpx.Response:
        await line.pass_through(request)
        return await handle(self, request)

    monkeypatch.setattr(embedded.EmbeddedSandbox, "handle_async_request", watched)
    return line


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """The vendors behind the embedded sandbox, as a test wants them."""
    vendor = Vendor()
    handle = embedded.EmbeddedSandbox.handle_async_request

    async def answered(self: embedded.EmbeddedSandbox, request: httpx.Request) -> httpx.Response:
        return await vendor.handle(request, partial(handle, self))

    monkeypatch.setattr(embedded.EmbeddedSandbox, "handle_async_request", answered)
    return vendor
