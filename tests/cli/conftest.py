"""The command run in-process on a copy of a small seeded sandbox, and a sandbox served over TCP."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tui.cli import main

CUSTOMERS = 120
"""People in the tests' sandbox: more than a page of 100."""


@dataclass(frozen=True)
class Run:
    """What one run of the command came to."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    def error(self) -> dict[str, str]:
        """The error of `--json` on standard error, which holds nothing else."""
        document = json.loads(self.err)
        assert set(document) == {"error"}
        assert set(document["error"]) == {"kind", "code", "message", "todo"}
        error: dict[str, str] = document["error"]
        return error


Kehu = Callable[..., Run]


@pytest.fixture
def kehu(capfd: pytest.CaptureFixture[str]) -> Kehu:
    """Runs `kehu ARGUMENTS…` in this process."""

    def run(*arguments: str) -> Run:
        code = main(arguments)
        return Run(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """A sandbox database with `CUSTOMERS` people, made once."""
    return seeded_with(CUSTOMERS)


@pytest.fixture
def data_dir(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's data folder, with a sandbox database of this test's own."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    shutil.copy(seeded, folder / "sandbox.db")
    monkeypatch.setenv("KEHU_DATA_DIR", str(folder))
    return folder


@dataclass(frozen=True)
class Server:
    """A sandbox on a port of this machine."""

    address: str
    credentials: dict[str, dict[str, str]]

    def fail(self, *faults: str) -> None:
        """Make it fail from now on in these ways alone."""
        body = json.dumps({"faults": faults}).encode()
        request = urllib.request.Request(f"{self.address}/sandbox/faults", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 200


def profile_text(server: Server, dialect: str, name: str = "team", **changed: str) -> str:
    """A profile on `server`, as TOML."""
    facts = {"dialect": dialect, **server.credentials[dialect], **changed}
    return f"[profiles.{name}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in facts.items())


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`kehu sandbox --port 0`, as another program would start it."""
    folder = tmp_path_factory.mktemp("served")
    arguments = ["sandbox", "--port", "0", "--customers", "30", "--database", str(folder / "sandbox.db")]
    environ = os.environ | {"HOME": str(folder), "KEHU_DATA_DIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-m", "tui", *arguments], stdout=subprocess.PIPE, env=environ, text=True
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        address = told.pop("address")
        yield Server(address, {dialect: facts for dialect, facts in told.items() if isinstance(facts, dict)})
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@pytest.fixture
def server(served: Server) -> Server:
    """The served sandbox, with nothing wrong with it yet."""
    served.fail()
    return served


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Writes the configuration that `kehu` then reads, privately, with an empty data folder."""

    def write(text: str) -> Path:
        path = tmp_path / "kehu.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        monkeypatch.setenv("KEHU_CONFIG", str(path))
        return path

    return write
