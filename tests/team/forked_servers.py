"""A process that has loaded the team's server, and forks one for each line that it is told: `python -m
tests.team.forked_servers`. To load it takes a second; to fork it, a hundredth."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiosqlite
import asyncpg
from alembic import command

from tui.team.server import asgi
from tui.team.server.limits import Limits
from tui.team.server.listening import Address, serve
from tui.team.server.migrations import env, upgrade
from tui.team.server.migrations.versions import first_tables

LOADED = (aiosqlite, asyncpg, command, asgi, env, upgrade, first_tables)
"""What a server loads when it needs it: here it is there before the fork."""

PLENTY = Limits(calls_a_second=100_000, calls_at_once=100_000, feeds=1000)


class ForkedServers:
    """The process, from the side of whoever wants servers; `close` it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.team.forked_servers"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def start(self, url: str, socket: Path) -> int:
        """Start a server of the database at `url` on a socket; the number of its process. It may not listen yet."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([url, str(socket)]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the process, and with it every server."""
        self._process.communicate()


def main() -> None:
    """Fork a server for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is not waited for
    children = []
    for line in sys.stdin:
        url, socket = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _serve(url, Path(socket))
        children.append(pid)
        print(pid, flush=True)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _serve(url: str, socket: Path) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    try:
        serve(url, Address(path=socket), limits=PLENTY, announce=lambda address: None)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
