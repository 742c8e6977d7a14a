"""The beginning of `kehu.pyz`, before anything of kehu is loaded."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest
from packaging.tags import sys_tags

from tests.release import bootstrap
from tests.release.pyz import BOOTSTRAP

GLIBC = ("linux", "x86_64", (2, 36))
MUSL = ("musllinux", "x86_64", (1, 2))
MAC = ("macosx", "arm64", (14, 2))


@pytest.mark.parametrize(
    ("tag", "abi", "place", "fits"),
    [
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311", GLIBC, True),
        ("cp311-cp311-manylinux2014_x86_64", "cp311", GLIBC, True),
        ("cp311-cp311-linux_x86_64", "cp311", GLIBC, True),
        ("cp311-cp311-manylinux_2_39_x86_64", "cp311", GLIBC, False),
        ("cp311-cp311-manylinux_2_17_aarch64", "cp311", GLIBC, False),
        ("cp311-cp311-musllinux_1_1_x86_64", "cp311", GLIBC, False),
        ("cp311-cp311-win_amd64", "cp311", GLIBC, False),
        ("cp312-cp312-manylinux_2_17_x86_64", "cp311", GLIBC, False),
        ("cp311-cp311t-manylinux_2_17_x86_64", "cp311", GLIBC, False),
        ("cp39-abi3-manylinux_2_17_x86_64", "cp311", GLIBC, True),
        ("cp312-abi3-manylinux_2_17_x86_64", "cp311", GLIBC, False),
        ("cp39-abi3-manylinux_2_17_x86_64", "cp311t", GLIBC, False),
        ("cp311-cp311-musllinux_1_1_x86_64", "cp311", MUSL, True),
        ("cp311-cp311-manylinux_2_17_x86_64", "cp311", MUSL, False),
        ("cp311-cp311-macosx_11_0_arm64", "cp311", MAC, True),
        ("cp311-cp311-macosx_11_0_universal2", "cp311", MAC, True),
        ("cp311-cp311-macosx_15_0_arm64", "cp311", MAC, False),
        ("cp311-cp311-macosx_10_12_x86_64", "cp311", MAC, False),
        ("pp311-pypy311_pp73-manylinux_2_17_x86_64", "cp311", GLIBC, False),
    ],
)
def test_a_compiled_module_is_loaded_where_it_fits(
    tag: str, abi: str, place: tuple[str, str, tuple[int, int]], fits: bool
) -> None:
    system, machine, release = place

    assert bootstrap.fits(tag, (3, 11), abi, system, machine, release) is fits


def test_it_agrees_with_what_installers_take_for_this_interpreter() -> None:
    here = bootstrap.this_interpreter()
    theirs = {str(tag) for tag in sys_tags() if tag.abi != "none" and tag.platform != "any"}

    assert theirs
    assert {tag for tag in theirs if not bootstrap.fits(tag, *here)} == set()


def test_a_platform_that_it_has_nothing_for_is_told_with_those_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "NATIVE", [("native0", ["cp399-cp399-manylinux_2_17_x86_64"])])

    with pytest.raises(SystemExit, match=r"no compiled modules for CPython 3\..*cp399-cp399-manylinux_2_17_x86_64"):
        bootstrap._native_folder()


def test_an_older_python_is_told_which_one_is_needed_in_the_users_language(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(BOOTSTRAP.read_text(encoding="utf-8"), feature_version=(3, 6))
    monkeypatch.setattr(sys, "version_info", (3, 6, 15))

    with pytest.raises(SystemExit, match=r"kehu needs Python 3\.11 or later, and this is 3\.6\."):
        bootstrap.main()
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    with pytest.raises(SystemExit, match=r"kehu 需要 Python 3\.11 或更高版本，当前是 3\.6。"):
        bootstrap.main()


def test_it_loads_the_standard_library_alone() -> None:
    tree = ast.parse(BOOTSTRAP.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert {name.partition(".")[0] for name in names} - {"tui"} <= sys.stdlib_module_names


def test_what_others_may_write_to_is_not_started_from(tmp_path: Path) -> None:
    folder = tmp_path / "unpacked"
    folder.mkdir(mode=0o700)
    assert bootstrap._ours(str(folder))

    folder.chmod(0o777)
    assert not bootstrap._ours(str(folder))


def test_what_an_older_version_unpacked_goes_once_nobody_started_it_for_long(tmp_path: Path) -> None:
    for name, days in (("mine", 0), ("yesterday", 1), ("long-ago", 31)):
        (tmp_path / name).mkdir()
        moment = (tmp_path / name).stat().st_mtime - days * 86400
        os.utime(tmp_path / name, (moment, moment))

    bootstrap._forget_older(str(tmp_path / "mine"))

    assert {path.name for path in tmp_path.iterdir()} == {"mine", "yesterday"}
