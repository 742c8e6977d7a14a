"""What an administrator looks at: the program's log, the doctor's report, and whose data it is."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.another_user import as_another_user
from tests.cli.conftest import Kehu, Server, profile_text
from tui import program_log

WriteConfig = Callable[[str], Path]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where `KEHU_LOG` points; what writes there is taken away after the test."""
    path = tmp_path / "kehu.log"
    monkeypatch.setenv("KEHU_LOG", str(path))
    yield path
    logger = logging.getLogger(program_log.NAME)
    for handler in list(logger.handlers):
        if isinstance(handler, program_log.BoundedFile):
            logger.removeHandler(handler)
            handler.close()
    logger.setLevel(logging.NOTSET)


def test_starts_calls_and_errors_are_logged_without_secrets_or_people(
    kehu: Kehu, config: WriteConfig, server: Server, log: Path
) -> None:
    config(profile_text(server, "juzi"))
    person = kehu("list", "--size", "1", "--json").json()["items"][0]
    kehu("follow", person["id"], "--user", "rocky", "--text", "a private word")
    assert kehu("show", "nobody").code == 5
    text = log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o777 == 0o600
    assert "start: kehu list --size --json (kehu 0" in text
    assert ": 200, " in text
    assert "NotFoundError" in text
    assert "http.py:" in text or "service.py:" in text
    for secret in (server.credentials["juzi"]["token"], person["name"], "a private word", "rocky"):
        assert secret not in text


def test_nothing_is_logged_on_the_terminal_and_a_log_that_cannot_be_written_is_told(
    kehu: Kehu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEHU_LOG", str(tmp_path / "none" / "kehu.log"))
    run = kehu("profile", "list")
    assert run.code == 0
    assert run.err.splitlines() == [f"KEHU_LOG: {tmp_path}/none/kehu.log cannot be written: No such file or directory"]


def test_a_log_is_bounded_and_several_processes_lose_no_line(tmp_path: Path) -> None:
    path = tmp_path / "kehu.log"
    script = (
        "import sys, logging; from pathlib import Path; from tui import program_log;"
        "program_log.LIMIT = 20000; handler = program_log.BoundedFile(Path(sys.argv[1]));"
        "[handler.emit(logging.LogRecord('tui', 20, '', 0, '%s-%04d', (sys.argv[2], n), None)) for n in range(150)]"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in "ab"]
    assert [process.wait(60) for process in running] == [0, 0]
    assert path.stat().st_size <= 20200
    assert sorted(item.name for item in tmp_path.iterdir()) == ["kehu.log", "kehu.log.1"] or path.stat().st_size < 20000
    lines = [line for item in tmp_path.iterdir() for line in item.read_text().splitlines()]
    assert len({line.rpartition(" ")[2] for line in lines}) == 300


@pytest.mark.usefixtures("data_dir")
def test_the_doctor_tells_versions_and_every_path_there_or_not(kehu: Kehu, isolated: Path) -> None:
    findings = kehu("doctor", "--json").json()
    by_topic = {item["topic"]: item["found"] for item in findings}
    for part in ("kehu 0", "Python 3", "SQLite 3", "textual 8", "httpx 0"):
        assert part in by_topic["versions"]
    paths = [item["found"] for item in findings if item["topic"] == "path"]
    assert any(f"{isolated}/.config/kehu/config.toml (not there)" in text for text in paths)
    assert any("KEHU_DATA_DIR=" in item["found"] for item in findings if item["topic"] == "variable")


def test_a_report_has_no_secret_no_person_and_no_home(
    kehu: Kehu, config: WriteConfig, server: Server, isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config(profile_text(server, "juzi", token="geheim", user_id="rocky"))
    monkeypatch.setenv("KEHU_DATA_DIR", str(isolated / "data"))
    monkeypatch.setenv("HTTPS_PROXY", "http://rocky:passwort@proxy.example")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    run = kehu("doctor", "--report")
    for word in ("geheim", "rocky", "passwort", str(isolated)):
        assert word not in run.out
    for part in ("versions", "acting as <user>", "~/data", "proxy.example"):
        assert part in run.out


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_a_second_user_on_shared_data_is_told_whose_it_is_and_what_to_do(data_dir: Path) -> None:
    for folder in (data_dir, *data_dir.parents):
        if "pytest-of" in str(folder):
            folder.chmod(0o755)
    stores = data_dir / "profiles"
    stores.mkdir()
    os.chown(stores, 12344, 12344)
    stores.chmod(0o777)
    mine = stores / "demo-juzi.db"
    mine.touch()
    os.chown(mine, 12344, 12344)
    mine.chmod(0o666)
    done = as_another_user("due", "--count", KEHU_DATA_DIR=str(data_dir))
    assert done.returncode == 3, done.stderr
    assert f"{mine} belongs to another user, 12344" in done.stderr
    assert "KEHU_DATA_DIR" in done.stderr
    assert "Operation not permitted" not in done.stderr
