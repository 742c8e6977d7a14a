"""`kehu team join` and `kehu team status`, as they are typed."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.team.desk.conftest import Office
from tui.config import load
from tui.model.errors import ConfigError

ROOT = Path(__file__).parents[3]


async def kehu(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """What `kehu` says to `arguments`, with `given` on standard input and `folder` for a home."""
    import asyncio

    environ = {**os.environ, "HOME": str(folder), "KEHU_DATA_DIR": str(folder / "data")}
    environ |= {"KEHU_CONFIG": str(folder / "config.toml"), "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tui", *arguments]
        return subprocess.run(command, input=given, capture_output=True, text=True, env=environ, cwd=ROOT, check=False)

    return await asyncio.to_thread(run)


def configured(folder: Path) -> None:
    (folder / "config.toml").write_text('language = "en"\n')


async def test_a_code_is_exchanged_once_and_the_file_is_the_agents_alone(office: Office, folder: Path) -> None:
    configured(folder)
    url = f"unix:{office.socket}"
    done = await kehu(folder, "team", "join", url, "--code", "-", given="right\n")
    assert (done.returncode, done.stderr.splitlines()[0]) == (0, f"joined the team at {url} as Rocky")
    (token,) = (folder / "data" / "team").glob("*.token")
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    assert load(folder / "config.toml", {}).team is not None
    status = await kehu(folder, "team", "status", "--json")
    told = json.loads(status.stdout)
    assert (told["reachable"], told["member"]["name"], told["waiting"]) == (True, "Rocky", 0)
    assert "secret-token" not in status.stdout + status.stderr + done.stdout + done.stderr


async def test_a_wrong_code_says_that_it_works_once(office: Office, folder: Path) -> None:
    configured(folder)
    done = await kehu(folder, "team", "join", f"unix:{office.socket}", "--code", "-", given="wrong\n")
    assert done.returncode == 7
    assert "does not take this code" in done.stderr
    assert not list((folder / "data").glob("team/*.token"))


async def test_status_of_a_server_that_is_away_tells_what_waits(office: Office, folder: Path) -> None:
    configured(folder)
    await kehu(folder, "team", "join", f"unix:{office.socket}", "--code", "-", given="right\n")
    await office.cut()
    done = await kehu(folder, "team", "status")
    assert done.returncode == 4
    assert "nothing waits to be sent" in done.stdout
    assert "does not answer" in done.stderr


async def test_what_a_command_writes_is_at_the_team_when_the_command_is_done(office: Office, folder: Path) -> None:
    configured(folder)
    await kehu(folder, "team", "join", f"unix:{office.socket}", "--code", "-", given="right\n")
    listed = await kehu(folder, "list", "--size", "1", "--json")
    customer = json.loads(listed.stdout)["items"][0]["id"]
    done = await kehu(folder, "follow", customer, "--user", "rocky", "--text", "命令行写的")
    assert done.returncode == 0, done.stderr
    (entry,) = office.server.entries.values()
    assert entry["body"]["request"]["texts"][0]["content"] == "命令行写的"


async def test_a_code_on_the_command_line_is_refused(folder: Path) -> None:
    configured(folder)
    done = await kehu(folder, "team", "join", "unix:/nowhere.sock", "--code", "abc")
    assert done.returncode == 2
    assert "read by everybody" in done.stderr


async def test_without_a_team_status_says_how_to_join_one(folder: Path) -> None:
    configured(folder)
    done = await kehu(folder, "team", "status")
    assert done.returncode == 3
    assert "kehu team join URL" in done.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://team.example:8443", "over http://"),
        ("/run/kehu/team.sock", "Write unix: before it"),
        ("unix:team.sock", "begins with /"),
        ("https://name:word@team.example", "user name or a password"),
        ("unix:/" + "x" * 200, "at most 100"),
    ],
)
def test_an_address_that_is_none_is_told_with_what_to_write(tmp_path: Path, url: str, words: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[team]\nurl = "{url}"\n')
    with pytest.raises(ConfigError) as refused:
        load(file, {})
    assert words in f"{refused.value} {refused.value.hint()}"
    assert "word@" not in str(refused.value)
