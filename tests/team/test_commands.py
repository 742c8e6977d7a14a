"""`kehu team …` on the server's host, as an administrator types it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

from tests.cli.conftest import Kehu, kehu
from tests.team.served import entry
from tui.cli import team_server

__all__ = ["kehu"]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    monkeypatch.setenv("KEHU_DATA_DIR", str(folder))
    return folder


Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `kehu team serve`: the process, and where it listens. What still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tui", "team", "serve", *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())["address"]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def end(process: subprocess.Popen[str]) -> None:
    """End it as systemd does."""
    process.send_signal(signal.SIGTERM)
    rest, _errors = process.communicate(timeout=30)
    assert (process.returncode, rest) == (0, "")


def test_one_command_serves_a_small_team_on_one_host(kehu: Kehu, data: Path, start: Start) -> None:
    code = kehu("team", "invite", "rocky").out.strip()
    process, address = start()
    socket = Path(address.removeprefix("unix:"))
    assert (socket.parent, socket.stat().st_mode & 0o777) == (data, 0o600)
    assert (data / "team-server.db").stat().st_mode & 0o777 == 0o600
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://team", timeout=30) as client:
        token = client.post("/v1/join", json={"code": code}).json()["token"]
        headers = {"authorization": f"Bearer {token}"}
        assert client.post("/v1/entries", json={"entries": [entry()]}, headers=headers).status_code == 200
        second = subprocess.run(
            [sys.executable, "-m", "tui", "team", "serve"], capture_output=True, text=True, check=False, timeout=60
        )
        assert (second.returncode, "a server listens there already" in second.stderr) == (3, True)
        with client.stream("GET", "/v1/feed", params={"after": 0}, headers=headers) as answer:
            assert "event: people" in next(text for text in answer.iter_text() if "event" in text)
            end(process)
    assert not socket.exists()


def test_other_machines_are_served_with_tls_alone(kehu: Kehu, data: Path, start: Start, tmp_path: Path) -> None:
    refused = kehu("team", "serve", "--listen", "0.0.0.0:0")
    assert (refused.code, "there is no certificate" in refused.err) == (3, True)
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1", "localhost")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    wrong = kehu("team", "serve", "--listen", "127.0.0.1:0", "--cert", str(key), "--key", str(key))
    assert (wrong.code, "cannot be used with its key" in wrong.err) == (3, True)
    process, address = start("--listen", "127.0.0.1:0", "--cert", str(cert), "--key", str(key))
    import ssl

    context = ssl.create_default_context()
    authority.configure_trust(context)
    with httpx.Client(verify=context, base_url=address) as client:
        assert address.startswith("https://")
        assert client.get("/docs").status_code == 200
    end(process)


def test_members_are_invited_listed_and_revoked(kehu: Kehu, data: Path) -> None:
    invited = kehu("team", "invite", "rocky", "--role", "lead", "--user-id", "rocky@juzi", "--json").json()
    assert (invited["member"]["role"], len(invited["code"])) == ("lead", 19)
    again = kehu("team", "invite", "Rocky").out.strip()
    assert again != invited["code"]
    assert [(one["name"], one["role"]) for one in kehu("team", "people", "--json").json()] == [("rocky", "lead")]
    assert "rocky@juzi" in kehu("team", "people").out
    assert kehu("team", "revoke", "rocky").code == 0
    assert kehu("team", "revoke", "rocky").code == 6
    assert kehu("team", "revoke", "nobody", "--json").error()["kind"] == "not_found"
    told = [json.loads(line) for line in kehu("team", "audit", "--json").out.splitlines()]
    assert [one["body"]["did"] for one in told] == ["invite", "invite", "revoke"]
    assert "did=revoke" in kehu("team", "audit", "--since", "today").out
    assert kehu("team", "invite", "a\u200bb\n", "--json").code in (0, 2)


def test_what_cannot_be_taken_back_asks_or_takes_yes(kehu: Kehu, data: Path) -> None:
    assert "six months" in kehu("team", "prune", "--older-than", "30d").err
    assert "cannot be taken back" in kehu("team", "prune", "--older-than", "180d").err
    assert kehu("team", "prune", "--older-than", "soon", "--yes").code == 2
    assert kehu("team", "prune", "--older-than", "180d", "--yes", "--json").json()["entries"] == 0
    assert kehu("team", "prune", "--older-than", "1d", "--below-six-months", "--yes").code == 0
    assert kehu("team", "erase", "c1").code == 2
    assert kehu("team", "erase", "c1", "--yes").code == 5


def test_a_team_is_exported_and_imported(kehu: Kehu, data: Path, tmp_path: Path) -> None:
    kehu("team", "invite", "rocky")
    file = str(tmp_path / "team.gz")
    counts = kehu("team", "export", file, "--json").json()
    assert counts["members"] == 1
    assert kehu("team", "export", file).code == 2
    other = str(tmp_path / "other.db")
    assert kehu("team", "import", file, "--database", other, "--json").json() == counts
    assert kehu("team", "import", file, "--database", other).code == 6
    assert kehu("team", "export", str(tmp_path / "no" / "where.gz")).code == 3


def test_a_database_that_cannot_be_had_is_told_without_its_password(kehu: Kehu, data: Path) -> None:
    for url in ("postgresql://kehu:s3cret@127.0.0.1:1/team", "mysql://kehu:s3cret@127.0.0.1/team"):
        for command in (("people",), ("serve",)):
            told = kehu("team", *command, "--database", url)
            assert told.code == 3
            assert "s3cret" not in told.err
            assert "Traceback" not in told.err


def test_where_the_extra_is_missing_it_is_named(kehu: Kehu, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find(name: str) -> Any:
        return None if name == "asyncpg" else object()

    monkeypatch.setattr(team_server, "find_spec", find)
    told = kehu("team", "serve")
    assert told.code == 2
    assert "asyncpg" in told.err
    assert "kehu[team]" in told.err
