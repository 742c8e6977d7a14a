"""`kehu.pyz`: kehu and all that it runs on in one file that any fitting Python starts."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from packaging.tags import Tag
from packaging.utils import canonicalize_name, parse_wheel_filename

from tests.release.wheels import VERSION, runtime, zipped

BOOTSTRAP: Final = Path(__file__).with_name("bootstrap.py")

BEGIN: Final = b"#!/usr/bin/env python3\n"

MAIN: Final = 'if __name__ == "__main__":'


def build(target: Path, wheels: Iterable[Path], extras: Iterable[str] = ()) -> list[str]:
    """Write `target` from `wheels`, and return the tags of the compiled modules in it.

    Of a distribution that has compiled modules there may be several wheels, one for each Python and platform.

    Raises: LookupError where a distribution that kehu runs on has no wheel.
    """
    wheels = sorted(wheels)
    have = {parse_wheel_filename(wheel.name)[0] for wheel in wheels}
    missing = {canonicalize_name("kehu"), *runtime(extras)} - have
    if missing:
        raise LookupError(f"there is no wheel of {', '.join(sorted(missing))}")
    files: dict[str, bytes] = {}
    native: dict[frozenset[Tag], list[Path]] = defaultdict(list)
    for wheel in wheels:
        _name, _version, _build, tags = parse_wheel_filename(wheel.name)
        if all(tag.platform == "any" for tag in tags):
            files |= _contents(wheel, "site")
        else:
            native[tags].append(wheel)
    folders = [(f"native{number}", sorted(map(str, tags))) for number, tags in enumerate(native)]
    for (folder, _tags), of_one in zip(folders, native.values(), strict=True):
        for wheel in of_one:
            files |= _contents(wheel, folder)
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name] + b"\0")
    filled = f"VERSION, DIGEST = {VERSION!r}, {digest.hexdigest()!r}\nNATIVE = {folders!r}\n\n\n{MAIN}"
    files["__main__.py"] = BOOTSTRAP.read_text(encoding="utf-8").replace(MAIN, filled).encode()
    target.write_bytes(BEGIN + zipped(files))
    os.chmod(target, 0o755)
    return [tag for _folder, tags in folders for tag in tags]


def _contents(wheel: Path, folder: str) -> dict[str, bytes]:
    """What installing `wheel` would put beside other packages, below `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        found = {}
        for name in archive.namelist():
            top, _slash, rest = name.partition("/")
            if top.endswith(".data"):
                kind, _slash, rest = rest.partition("/")
                if kind in ("purelib", "platlib") and rest:
                    found[f"{folder}/{rest}"] = archive.read(name)
            elif not name.endswith("/"):
                found[f"{folder}/{name}"] = archive.read(name)
    return found
