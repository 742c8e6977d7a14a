"""What programs are measured in: a folder, an environment, servers on loopback, data."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.bench.probe import running

YARDSTICKS: Final = Path(__file__).with_name("yardsticks")

A_ROW: Final = r"\d{4}-\d\d-\d\d"
"""The day on which a customer was added: whoever sees one sees a customer's row."""

CONNECTED: Final = " · all "
"""In the list's heading once the desk is there."""

STOP_SECONDS: Final = 10
"""In which a server that is told to end must have ended."""

PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")
"""Variables of ours that programs are measured with."""


@dataclass(frozen=True)
class Server:
    """A sandbox in a process of its own."""

    address: str
    token: str
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def base_url(self) -> str:
        """Where its juzi dialect is."""
        return f"{self.address}/juzi"

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        try:
            self.process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


class Setting:
    """Where one run of the bench takes place; a context manager that ends the servers."""

    def __init__(self, folder: Path, *, quick: bool, directory: Path | None = None) -> None:
        self.folder = folder
        self.quick = quick
        self.directory = directory
        """Where the directory that is searched is kept from one run to the next."""
        self._stack = ExitStack()
        self._servers: dict[tuple[int, float], Server] = {}
        self._demo: Path | None = None

    def __enter__(self) -> Setting:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def times(self, many: int, few: int) -> int:
        """`many`, or as `few` as show that it works."""
        return few if self.quick else many

    @property
    def rounds(self) -> int:
        """How often each thing is measured."""
        return self.times(5, 1)

    # Programs

    @property
    def kehu(self) -> str:
        """The command, as it is installed."""
        return str(Path(sys.executable).with_name("kehu"))

    def yardstick(self, name: str, *arguments: str) -> list[str]:
        """The command of a yardstick."""
        return [sys.executable, str(YARDSTICKS / f"{name}.py"), *arguments]

    def environ(self, data: Path | None = None, config: Path | None = None, *, compiled: bool = True) -> dict[str, str]:
        """What programs find in their environment.

        `compiled`: with Python's bytecode kept from one run to the next, as after an installation by pip; without it
        every start compiles all that it imports, as where nobody may write beside the sources.
        """
        passed = {name: value for name, value in os.environ.items() if name in PASSED_ON}
        bytecode = {"PYTHONPYCACHEPREFIX": str(self.folder / ("bytecode" if compiled else "no-bytecode"))}
        if not compiled:
            bytecode["PYTHONDONTWRITEBYTECODE"] = "1"
        kehu = {"KEHU_DATA_DIR": str(data)} if data else {}
        if config:
            kehu["KEHU_CONFIG"] = str(config)
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}
        return passed | terminal | {"HOME": str(home)} | bytecode | kehu

    def run(self, command: Sequence[str], env: dict[str, str]) -> str:
        """Run `command` to its end; its standard output."""
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-800:]}")
        return done.stdout

    # Data

    def demo(self) -> Path:
        """A data folder in which the demo was at work: 5,000 customers in its sandbox, a page of them seen."""
        if self._demo is None:
            self._demo = self.folder / "demo"
            with running([self.kehu], self.environ(self._demo), A_ROW) as probe:
                probe.settle()
        return self._demo

    def serve(self, customers: int, latency: float = 0.0) -> Server:
        """A sandbox of so many customers that waits `latency` seconds before each answer; the same one if asked
        again.
        """
        key = (customers, latency)
        if key not in self._servers:
            database = self.folder / f"served-{customers}.db"
            command = [self.kehu, "sandbox", "--port", "0", "--customers", str(customers), "--database", str(database)]
            if latency:
                command += ["--latency", str(latency)]
            process = subprocess.Popen(command, env=self.environ(), stdout=subprocess.PIPE, text=True)
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            self._servers[key] = Server(told["address"], told["juzi"]["token"], process)
            self._stack.callback(self._servers[key].stop)
        return self._servers[key]

    def configure(self, server: Server, page_size: int = 100) -> Path:
        """A configuration whose one profile works at `server`."""
        lines = (
            'default_profile = "bench"',
            "[profiles.bench]",
            'dialect = "juzi"',
            f'base_url = "{server.base_url}"',
            f'token = "{server.token}"',
            'user_id = "rocky"',
            f"page_size = {page_size}",
        )
        file = self.folder / f"config-{server.process.pid}-{page_size}.toml"
        file.touch(mode=0o600)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file
