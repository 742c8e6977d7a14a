"""`kehu backup` and `kehu restore`."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tui.store.store import Store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file that a test backs up to."""
    return tmp_path / "out" / "kehu.backup"


@pytest.fixture
def kept(kehu: Kehu, data_dir: Path, file: Path) -> Path:
    """The data folder with a customer seen and a follow-up noted."""
    file.parent.mkdir()
    key = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    assert kehu("follow", key, "--text", "before").code == 0
    return data_dir


def texts(kehu: Kehu) -> list[str]:
    return [str(entry) for entry in kehu("journal", "--json").json()]


def test_what_is_kept_comes_back_and_what_was_there_is_aside(kehu: Kehu, kept: Path, file: Path) -> None:
    before = texts(kehu)
    assert kehu("backup", str(file)).code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    key = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    assert kehu("follow", key, "--text", "after").code == 0
    assert texts(kehu) != before
    run = kehu("restore", str(file), "--json")
    assert run.code == 0, run.err
    assert texts(kehu) == before
    assert Path(run.json()["aside"], "profiles/demo-juzi.db").exists()
    assert kehu("backup", str(file)).code == 3, "nothing is written over"


def test_a_backup_is_whole_while_a_desk_writes_and_a_restore_is_refused(kehu: Kehu, kept: Path, file: Path) -> None:
    with closing(Store.open(kept / "profiles/demo-juzi.db")) as store:
        store.presets.save("view", "open", {"query": "owner:me"})
        assert kehu("backup", str(file)).code == 0
    with tarfile.open(file) as tar:
        tar.extract("data/profiles/demo-juzi.db", file.parent, filter="data")
    with closing(sqlite3.connect(file.parent / "data/profiles/demo-juzi.db")) as copy:
        assert copy.execute("SELECT count(*) FROM presets").fetchone() == (1,)


def test_a_restore_is_refused_while_another_process_has_the_data_open(kehu: Kehu, kept: Path, file: Path) -> None:
    import subprocess
    import sys

    assert kehu("backup", str(file)).code == 0
    script = (
        "import sys; from pathlib import Path; from tui.store.store import Store;"
        "store = Store.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.readline()"
    )
    database = kept / "profiles/demo-juzi.db"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as desk:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "open\n"
        inode = database.stat().st_ino
        run = kehu("restore", str(file))
        assert (run.code, database.stat().st_ino) == (3, inode)
        assert "is open" in run.err
        desk.communicate("\n")
    assert kehu("restore", str(file)).code == 0


@pytest.mark.parametrize("harm", ["cut", "changed", "other", "newer"])
@pytest.mark.usefixtures("kept")
def test_a_damaged_or_newer_backup_changes_nothing(kehu: Kehu, file: Path, harm: str, data_dir: Path) -> None:
    assert kehu("backup", str(file)).code == 0
    whole = file.read_bytes()
    match harm:
        case "cut":
            file.write_bytes(whole[: len(whole) // 2])
        case "changed":
            file.write_bytes(whole[:-2000] + bytes(1000) + whole[-1000:])
        case "other":
            file.write_bytes(b"no backup")
        case "newer":
            import gzip

            text = gzip.decompress(whole)
            start = text.index(b'"format": 1')
            file.write_bytes(gzip.compress(text[:start] + b'"format": 9' + text[start + 11 :]))
    before = {path: path.stat().st_ino for path in data_dir.rglob("*.db")}
    run = kehu("restore", str(file))
    assert run.code == 3
    assert str(file) in run.err
    assert {path: path.stat().st_ino for path in data_dir.rglob("*.db")} == before
    assert not [path for path in data_dir.iterdir() if path.name.startswith((".restore", "before"))]


def test_no_secret_is_in_a_backup_unless_it_is_asked_for(
    kehu: Kehu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    config = tmp_path / "kehu.toml"
    config.write_text("# mine\n" + profile_text(server, "juzi", token="geheim", proxy="http://a:passwort@p.example"))
    config.chmod(0o600)
    monkeypatch.setenv("KEHU_CONFIG", str(config))
    for arguments, there in (((), False), (("--secrets",), True)):
        file = tmp_path / f"backup{there}"
        assert kehu("backup", str(file), *arguments).code == 0
        with tarfile.open(file) as tar:
            member = tar.extractfile("config.toml")
            assert member is not None, "a file, and no folder"
            text = member.read().decode()
        assert text.startswith("# mine\n")
        assert ("geheim" in text, "passwort" in text) == (there, there)
