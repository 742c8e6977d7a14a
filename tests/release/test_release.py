"""`kehu.pyz` and the wheelhouse, made and used without a network, as a user does."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests import docs
from tests.pace import slow
from tests.release import __main__ as release
from tests.release import pyz, wheels


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheelhouse."""
    folder = tmp_path_factory.mktemp("wheelhouse")
    wheels.wheelhouse(folder)
    return folder


@pytest.fixture(scope="module")
def file(house: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `kehu.pyz`."""
    target = tmp_path_factory.mktemp("pyz") / "kehu.pyz"
    pyz.build(target, house.glob("*.whl"))
    return target


def command(file: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-I", str(file), *arguments]


def run(file: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(file, *arguments), env={**os.environ, **environ}, capture_output=True, text=True, check=False, cwd="/"
    )


def unpacked(cache: Path) -> list[Path]:
    return [path for path in cache.iterdir() if not path.name.startswith(".")]


def test_a_wheel_is_packed_again_as_it_was_installed(tmp_path: Path) -> None:
    wheel = wheels.repacked("mdurl", tmp_path)

    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = next(archive.read(name).decode() for name in names if name.endswith(".dist-info/RECORD"))
    assert wheel.name.startswith("mdurl-")
    assert wheel.name.endswith("-none-any.whl")
    assert {line.partition(",")[0] for line in record.splitlines()} == set(names)
    assert not {Path(name).name for name in names} & (wheels.OF_AN_INSTALLER - {"RECORD"})


def test_the_same_files_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [wheels.zipped({"b": b"2", "a": b"1"}), wheels.zipped({"a": b"1", "b": b"2"})]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")

    assert made[0] == made[1] != wheels.zipped({"a": b"1", "b": b"2"})


def test_a_missing_dependency_is_named_before_anything_is_built(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"there is no wheel of .*textual"):
        pyz.build(tmp_path / "kehu.pyz", [])
    assert list(tmp_path.iterdir()) == []


def test_this_checkout_could_be_released_and_one_without_its_changes_told_could_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert release.unready() == []

    monkeypatch.setattr(wheels, "VERSION", "99.0.0")
    assert release.unready() == ["CHANGELOG.md has no heading: ## 99.0.0"]


def test_a_stale_page_keeps_a_release_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docs, "constraints", lambda: "something else")

    assert release.unready() == ["constraints.txt is stale: uv run python -m tests.docs"]


@slow
def test_the_file_starts_from_an_empty_home_and_unpacks_itself_once(file: Path, isolated: Path) -> None:
    page = json.loads(run(file, "list", "--size", "1", "--json").stdout)
    assert page["total"] == 5000

    (folder,) = unpacked(isolated / ".cache/kehu/pyz")
    assert folder.name.startswith(f"{wheels.VERSION}-")
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    before = (folder / "tui/__init__.py").stat().st_ctime_ns
    assert run(file, "--version").stdout == f"kehu {wheels.VERSION}\n"
    assert (folder / "tui/__init__.py").stat().st_ctime_ns == before


@slow
def test_several_starts_at_once_unpack_one_whole_copy(file: Path, isolated: Path) -> None:
    starts = [
        subprocess.Popen(command(file, "--version"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _start in range(4)
    ]
    told = [start.communicate() for start in starts]

    assert told == [(f"kehu {wheels.VERSION}\n", "")] * 4
    assert len(list((isolated / ".cache/kehu/pyz").iterdir())) == 1


@slow
def test_a_home_that_is_not_there_is_told_and_keeps_nobody_from_starting(file: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "a-file"
    nowhere.touch()
    (tmp_path / "tmp").mkdir()

    done = run(file, "--version", HOME=str(nowhere / "home"), TMPDIR=str(tmp_path / "tmp"))

    assert (done.returncode, done.stdout) == (0, f"kehu {wheels.VERSION}\n")
    assert "cannot be written" in done.stderr
    assert "KEHU_PYZ_DIR" in done.stderr
    assert list((tmp_path / "tmp").iterdir()) == []


@slow
def test_a_folder_for_all_users_is_unpacked_with_its_bytecode_and_then_only_read(file: Path, tmp_path: Path) -> None:
    shared = tmp_path / "opt"
    assert run(file, "--version", KEHU_PYZ_DIR=str(shared)).returncode == 0
    (folder,) = unpacked(shared)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    before = sorted(folder.rglob("*"))

    assert run(file, "list", "--size", "1", KEHU_PYZ_DIR=str(shared)).returncode == 0

    assert sorted(folder.rglob("*")) == before
    assert (folder / f"tui/cli/__pycache__/reading.cpython-{sys.version_info[0]}{sys.version_info[1]}.pyc").is_file()


@slow
def test_a_folder_that_others_may_write_to_is_refused(file: Path, isolated: Path) -> None:
    assert run(file, "--version").returncode == 0
    (folder,) = unpacked(isolated / ".cache/kehu/pyz")
    folder.chmod(0o777)

    done = run(file, "--version")

    assert (done.returncode, done.stdout) == (1, "")
    assert "others may write to it" in done.stderr


@slow
def test_the_same_wheels_make_the_same_file(file: Path, house: Path, tmp_path: Path) -> None:
    pyz.build(tmp_path / "again.pyz", house.glob("*.whl"))

    assert (tmp_path / "again.pyz").read_bytes() == file.read_bytes()


@slow
@pytest.mark.timeout(600)  # pip compiles all that it installs
def test_pip_installs_from_the_wheelhouse_without_a_network(house: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True, symlinks=True)
    pip = [str(home / "bin/python"), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"]

    subprocess.run(
        [*pip, "--no-index", "--find-links", str(house), "--constraint", str(docs.CONSTRAINTS), "kehu"], check=True
    )

    done = subprocess.run([home / "bin/kehu", "list", "--size", "1", "--json"], capture_output=True, check=True)
    assert json.loads(done.stdout)["total"] == 5000
