"""Wheels without a network: kehu's own, and those of its dependencies, packed again from what is installed here."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import subprocess
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.tags import parse_tag
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[2]

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

VERSION: Final[str] = PROJECT["project"]["version"]

OF_AN_INSTALLER: Final = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
"""Files of an installed distribution's folder that no wheel has, or that are written anew."""

EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""No entry of a zip can be older."""


def closure(lines: Iterable[str]) -> set[str]:
    """The distributions that the requirements `lines` lead to, as far as they are installed here."""
    found: set[str] = set()
    waiting = [(Requirement(line), "") for line in lines]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        try:
            needs = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        extras = requirement.extras or {""}
        if name not in found or requirement.extras:
            waiting += [(Requirement(line), extra) for line in needs for extra in extras]
        found.add(name)
    return found


def runtime(extras: Iterable[str] = ()) -> list[str]:
    """The distributions that kehu runs on, with those of its `extras`, by name.

    Raises: LookupError for one that is not installed here.
    """
    project = PROJECT["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    found = closure(lines)
    missing = {canonicalize_name(Requirement(line).name) for line in lines} - found
    if missing:
        raise LookupError(f"not installed here: {', '.join(sorted(missing))}")
    return sorted(found)


def moment() -> datetime:
    """When what is built is dated: SOURCE_DATE_EPOCH, else the last commit, so that two builds are the same bytes."""
    told = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not told:
        ask = ["git", "log", "-1", "--format=%ct"]
        done = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, check=False)
        told = done.stdout.strip() if done.returncode == 0 else ""
    return max(datetime.fromtimestamp(int(told or 0), UTC), EARLIEST)


def zipped(files: Mapping[str, bytes], *, executable: frozenset[str] = frozenset()) -> bytes:
    """`files` as a zip that depends on nothing but them and `moment()`."""
    date = moment().timetuple()[:6]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date)
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def own_wheel(folder: Path) -> Path:
    """kehu's wheel, built in `folder`."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(moment().timestamp())))
    return Path(next(WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


def repacked(name: str, folder: Path) -> Path:
    """The wheel of the installed distribution `name`, in `folder`."""
    installed = distribution(name)
    files = dict(_files(installed))
    info = next(PurePosixPath(file).parts[0] for file in files if PurePosixPath(file).parts[0].endswith(".dist-info"))
    files[f"{info}/RECORD"] = _record(files, info)
    tags = _tags(files[f"{info}/WHEEL"].decode())
    target = folder / f"{info.removesuffix('.dist-info')}-{tags}.whl"
    target.write_bytes(zipped(files))
    return target


def _files(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    for file in installed.files or ():
        within = file.parts[0] != ".." and "__pycache__" not in file.parts
        if within and not (file.parent.name.endswith(".dist-info") and file.name in OF_AN_INSTALLER):
            yield str(file), Path(str(file.locate())).read_bytes()


def _record(files: Mapping[str, bytes], info: str) -> bytes:
    lines = []
    for name, content in sorted(files.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    return "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()


def _tags(wheel: str) -> str:
    """The end of a wheel's name, from what its WHEEL file says: `cp311-cp311-manylinux_2_17_x86_64`."""
    tags = [tag for line in wheel.splitlines() if line.startswith("Tag:") for tag in parse_tag(line[4:].strip())]
    parts = ({tag.interpreter for tag in tags}, {tag.abi for tag in tags}, {tag.platform for tag in tags})
    return "-".join(".".join(sorted(part)) for part in parts)


def wheelhouse(folder: Path, extras: Iterable[str] = ()) -> list[Path]:
    """Everything that kehu is installed from without a network, for this Python on this platform, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    return [own_wheel(folder), *(repacked(name, folder) for name in runtime(extras))]
