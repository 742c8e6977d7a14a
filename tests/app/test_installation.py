"""How kehu was installed, which command adds a package to it, and which strange packages hide its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui.app import installation
from tui.app.installation import HOME, TOP_LEVEL, how_to_add, kind, of_installation, strangers


@pytest.mark.parametrize(("receipt", "expected"), [("uv-receipt.toml", "uv"), ("pipx_metadata.json", "pipx")])
def test_a_tool_installed_by_another_program_is_told_from_its_receipt(
    receipt: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / receipt).touch()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    assert kind() == expected


def test_a_frozen_program_is_told() -> None:
    script = "import sys; sys.frozen = True; from tui.app.installation import kind; print(kind())"
    done = subprocess.run([sys.executable, "-c", script], cwd=HOME, capture_output=True, text=True, check=True)

    assert done.stdout == "frozen\n"


@pytest.mark.parametrize("name", installation.NAMES)
def test_what_an_extra_needs_is_added_without_asking_an_index_for_kehu(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pip install kehu[keyring]` asks an index for kehu, which may have none, or another one."""
    monkeypatch.setattr(installation, "kind", lambda: name)

    command = how_to_add("keyring")

    assert "keyring" in command
    assert "kehu[" not in command
    assert name in ("file", "checkout") or "keyring<26,>=25" in command


def test_kehu_s_packages_are_its_own_here() -> None:
    assert strangers() == []
    (finding,) = of_installation()
    assert finding.ok
    assert str(HOME) in finding.found


@pytest.mark.parametrize("name", [name for name in TOP_LEVEL if name != "tui"])
@pytest.mark.parametrize("arguments", [["doctor"], ["doctor", "--json"]])
def test_a_package_of_the_same_name_that_python_finds_first_is_named(
    name: str, arguments: list[str], tmp_path: Path
) -> None:
    (tmp_path / f"{name}.py").touch()

    done = subprocess.run(
        [sys.executable, "-c", "import sys; from tui.cli import main; sys.exit(main())", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(HOME)))},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3, done.stderr
    told = done.stdout + done.stderr
    assert str(tmp_path / f"{name}.py") in told
    assert "PYTHONPATH" in told
