"""Desks in a team: each on its own copy of the sandbox, with its own line to a server on a Unix socket."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.desk.workshop import Workshop
from tests.team.desk.fake_server import FakeTeam, serving
from tui.desk.desk import Desk
from tui.desk.team import News
from tui.sandbox.faults import Faults
from tui.team.client import TeamClient
from tui.team.desk_team import DeskTeam
from tui.team.received import Received
from tui.team.team_line import TeamLine

CUSTOMERS = 30


class Office:
    """Desks that work as a team, and their server, which comes and goes."""

    def __init__(self, workshop: Workshop, folder: Path) -> None:
        self.workshop = workshop
        self.folder = folder
        self.server = FakeTeam()
        self.socket = folder / "team.sock"
        self.faults = Faults()
        self._up: AsyncExitStack | None = None
        self._teams: list[DeskTeam] = []
        self.pauses: list[float] = []
        """How long each desk would have waited before it tried the line again."""

    async def serve(self) -> None:
        """Have the server be there."""
        self._up = AsyncExitStack()
        await self._up.enter_async_context(serving(self.server, self.socket))

    async def cut(self) -> None:
        """Have it be away."""
        if self._up is not None:
            await self._up.aclose()
            self._up = None

    async def join(self, profile: str = "demo-juzi", token: str = "secret-token") -> tuple[Desk, DeskTeam]:
        """A desk that begins to work in the team."""
        desk = await self.workshop.open(profile)
        team = self.place(desk, token)
        await team.start()
        return desk, team

    def place(self, desk: Desk, token: str = "secret-token") -> DeskTeam:
        """`desk`'s place in the team; it does nothing by itself yet."""
        line = TeamLine(
            TeamClient(f"unix:{self.socket}", token, timeout=2.0),
            Received.open(self.folder / f"{len(self._teams)}.db"),
            pause=self.pause,
        )
        team = DeskTeam(line, desk.disk, desk.settings.source, desk.subscribe, desk.announce)
        desk.team = team
        self._teams.append(team)
        return team

    async def pause(self, seconds: float) -> None:
        """Note how long a desk would wait, and wait for a moment."""
        self.pauses.append(seconds)
        await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Close every desk, and the server."""
        for team in self._teams:
            await team.close()
        await self.cut()


async def until(team: DeskTeam, condition: Callable[[], bool]) -> None:
    """Wait until `condition` holds, looked at whenever the team tells something or the server was called."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def is_up(team: DeskTeam) -> None:
    """Wait until the line is there."""
    await until(team, lambda: team.line.is_up)


class Heard(list[News]):
    """What a team told."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name is short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="kehu-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """A sandbox database that no test writes to."""
    return seeded_with(CUSTOMERS)


@pytest.fixture
async def office(seeded: Path, tmp_path: Path, folder: Path) -> AsyncIterator[Office]:
    """A team with a server that is there."""
    sandbox = tmp_path / "sandbox.db"
    shutil.copy(seeded, sandbox)
    faults = Faults()
    workshop = Workshop(sandbox, tmp_path / "data", faults)
    office = Office(workshop, folder)
    office.faults = faults
    await office.serve()
    yield office
    await office.close()
    await workshop.close()
