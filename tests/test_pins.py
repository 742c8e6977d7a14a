"""What the project depends on: bounded, pinned exactly, and found without an address in the repository."""

from __future__ import annotations

import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests.docs import CONSTRAINTS, constraints
from tests.release.wheels import PROJECT, ROOT, closure

GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]

DIRECT = [
    *PROJECT["build-system"]["requires"],
    *PROJECT["project"]["dependencies"],
    *(line for lines in PROJECT["project"]["optional-dependencies"].values() for line in lines),
    *(line for lines in GROUPS.values() for line in lines),
]

PINS: dict[str, SpecifierSet] = {
    canonicalize_name(pin.name): pin.specifier
    for pin in map(Requirement, PROJECT["tool"]["uv"]["constraint-dependencies"])
}

REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npmjs" + ".org")
"""Hosts that a lock file or an index option would name; written so that this file does not hold them."""

HOMES = ("/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/", f"{ROOT}/")
"""How absolute paths of the machine begin on which somebody develops."""

TELLTALE = re.compile("|".join(map(re.escape, (*REGISTRIES, *HOMES))))


def tracked() -> list[Path]:
    """The repository's own text files; all that would be in it where this is no checkout."""
    ask = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(ask, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        names = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        hidden = (".", "__pycache__")
        names = [
            path
            for path in ROOT.rglob("*")
            if path.name != "uv.lock" and not any(part.startswith(hidden) for part in path.relative_to(ROOT).parts)
        ]
    return [path for path in names if path.is_file() and b"\0" not in path.read_bytes()]


@pytest.mark.parametrize("line", DIRECT)
def test_a_direct_dependency_stays_below_its_next_major(line: str) -> None:
    bounds = [part for part in Requirement(line).specifier if part.operator == "<"]

    assert len(bounds) == 1, line


def test_every_pin_is_exact() -> None:
    assert {name for name, pin in PINS.items() if not re.fullmatch(r"==[\d.]+", str(pin))} == set()


def test_all_that_is_installed_for_kehu_is_pinned_as_it_is() -> None:
    needed = closure(DIRECT)

    assert {"textual", "rich", "pydantic-core", "pytest", "pyte"} <= needed
    assert {name: version(name) for name in needed} == {
        name: str(PINS[name]).removeprefix("==") if name in PINS else "no pin" for name in needed
    }


def test_pip_gets_the_same_pins() -> None:
    assert CONSTRAINTS.read_text(encoding="utf-8") == constraints(), "run: uv run python -m tests.docs"
    assert {line.partition("==")[0] for line in constraints().splitlines()[1:]} == set(PINS)


def test_direct_dependencies_allow_what_is_pinned() -> None:
    for line in DIRECT:
        requirement = Requirement(line)
        assert str(PINS[canonicalize_name(requirement.name)]).removeprefix("==") in requirement.specifier


def test_nothing_records_where_packages_are_downloaded_or_who_develops() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit}"
        for path in tracked()
        for hit in TELLTALE.findall(path.read_text(errors="replace"))
    ]

    assert found == []


def test_no_lock_file_is_kept() -> None:
    assert [path for path in tracked() if path.name.endswith(".lock")] == []
