"""Make and prove what a release is made of, without a network.

uv run python -m tests.release             everything, into dist/: wheel, sdist, kehu.pyz, constraints.txt, SHA256SUMS
uv run python -m tests.release pyz         kehu.pyz alone, started once from an empty home
uv run python -m tests.release wheelhouse  all wheels that kehu is installed from where there is no network
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from hatchling.builders.sdist import SdistBuilder

from tests import docs, messages
from tests.release import pyz, wheels

EXTRAS: Final = tuple(wheels.PROJECT["project"]["optional-dependencies"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` say; 1 where something is not ready for a release, or does not work."""
    parser = argparse.ArgumentParser(prog="python -m tests.release", description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["all", "pyz", "wheelhouse"], default="all")
    parser.add_argument(
        "--to", type=Path, default=wheels.ROOT / "dist", metavar="FOLDER", help="where to; dist/ by itself"
    )
    parser.add_argument("--extra", action="append", default=[], choices=EXTRAS, help="with what kehu[EXTRA] needs")
    parser.add_argument(
        "--wheels",
        type=Path,
        metavar="FOLDER",
        help="build kehu.pyz from those, which may be for several platforms, and not from what is installed here",
    )
    wanted = parser.parse_args(arguments)
    wanted.to.mkdir(parents=True, exist_ok=True)
    try:
        if wanted.what == "wheelhouse":
            for wheel in wheels.wheelhouse(wanted.to, wanted.extra):
                print(wheel)
            return 0
        if wanted.what == "pyz":
            prove(make_pyz(wanted.to, wanted.wheels, wanted.extra))
            return 0
        if faults := unready():
            print(*faults, sep="\n", file=sys.stderr)
            return 1
        return release(wanted.to, wanted.wheels, wanted.extra)
    except (LookupError, AssertionError) as error:
        print(error, file=sys.stderr)
        return 1


def unready() -> list[str]:
    """What keeps this checkout from being released."""
    faults = []
    if f"\n## {wheels.VERSION}\n" not in (wheels.ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        faults.append(f"CHANGELOG.md has no heading: ## {wheels.VERSION}")
    faults += [f"{page.name} is stale: uv run python -m tests.docs" for page in docs.stale()]
    faults += [f"no translation: {message.id}" for message in messages.untranslated(messages.merged())]
    return faults


def release(folder: Path, given: Path | None, extras: Iterable[str]) -> int:
    """Make everything in `folder`, prove what can be started, and write the checksums."""
    made = [
        wheels.own_wheel(folder),
        Path(next(SdistBuilder(str(wheels.ROOT)).build(directory=str(folder), versions=["standard"]))),
        make_pyz(folder, given, extras),
        Path(shutil.copy(docs.CONSTRAINTS, folder)),
    ]
    prove(made[2])
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in made)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(sums, end="")
    if subprocess.run(["git", "status", "--porcelain"], cwd=wheels.ROOT, capture_output=True, check=False).stdout:
        print("Not everything is committed: what was built is of no commit.", file=sys.stderr)
    return 0


def make_pyz(folder: Path, given: Path | None, extras: Iterable[str]) -> Path:
    """`kehu.pyz` in `folder`, from the wheels in `given` and kehu's own, or from what is installed here."""
    target = folder / "kehu.pyz"
    with tempfile.TemporaryDirectory() as beside:
        if given is None:
            found = wheels.wheelhouse(Path(beside), extras)
        else:
            others = [wheel for wheel in given.glob("*.whl") if not wheel.name.startswith("kehu-")]
            found = [wheels.own_wheel(Path(beside)), *others]
        tags = pyz.build(target, found, extras)
    print(f"{target}: {target.stat().st_size / 2**20:.1f} MiB, for {', '.join(tags) or 'every platform'}")
    return target


def prove(file: Path) -> None:
    """Start `file` from an empty home, in an environment that knows no other package and no proxy.

    Raises: AssertionError with what it said.
    """
    with tempfile.TemporaryDirectory() as home:
        environ = {"HOME": home, "PATH": os.defpath, "LANG": "C.UTF-8"}
        command = [sys.executable, "-I", str(file)]
        for arguments in (["--version"], ["list", "--size", "1", "--json"]):
            done = subprocess.run(
                [*command, *arguments], cwd=home, env=environ, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{file.name} {' '.join(arguments)}: {done.stderr}"
        assert json.loads(done.stdout)["total"] == 5000


if __name__ == "__main__":
    sys.exit(main())
