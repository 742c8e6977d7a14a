"""All that is kept here in one file, and put back from it.

The file is a compressed tar: `manifest.json` first, which says what the others are and what they must be to the byte,
then each database as SQLite itself copies it, and the agent's configuration without its secrets.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from tui.config import Config
from tui.config.settings import setting_of
from tui.desk.disk import translated
from tui.model.errors import N_, StorageError
from tui.store.copies import KNOWN_VERSION, copy_whole, look_at, unopened
from tui.store.store_errors import StoreError

FORMAT = 1
"""The version of the backup's own shape."""

MANIFEST = "manifest.json"
CONFIG = "config.toml"
DATA = "data"

STORES = "profiles/"

ASIDE = "before-restore-"
"""What the name of the folder begins with in which that is which a restore took the place of."""

FRESH = ".restore-"
"""The same of the folder in which a backup is unpacked."""

_LEFTOVER = re.compile(r"\.(damaged-|v\d+-|rescued|unfinished)")
"""What names a file that was set aside, or copied before it was changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore."""

    files: tuple[str, ...]
    aside: Path | None
    """Where that is which was there before; None where nothing was."""
    config: Path | None
    """Where the backup's configuration was written; None where it has none."""


def back_up(config: Config, file: Path, *, secrets: bool) -> list[str]:
    """Write all that is kept here to the new file `file`, for its owner alone; the names of what is in it.

    Desks may go on writing: each database is as it was at one moment. Secrets are left out unless `secrets` says so.
    Raises: StorageError.
    """
    made: list[str] = []
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError as error:
        raise _failed(N_("{file} is there already"), N_("Name another file, or delete it."), file) from error
    except OSError as error:
        raise _unwritable(file, error) from error
    try:
        with os.fdopen(descriptor, "wb") as out, tempfile.TemporaryDirectory(dir=file.absolute().parent) as folder:
            parts = dict(_parts(config, Path(folder), secrets))
            manifest = {
                "format": FORMAT,
                "made_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                "schema": KNOWN_VERSION,
                "secrets": secrets,
                "files": {name: _digest(path) for name, path in parts.items()},
            }
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=3) as tar:
                text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
                head = tarfile.TarInfo(MANIFEST)
                head.size, head.mode, head.mtime = len(text), 0o600, int(time.time())
                tar.addfile(head, io.BytesIO(text))
                for name, path in parts.items():
                    tar.add(path, name, filter=_private)
                    made.append(name)
            out.flush()
            os.fsync(out.fileno())
    except StoreError as error:
        file.unlink(missing_ok=True)
        raise translated(error) from error
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _unwritable(file, error) from error
    return made


def _private(part: tarfile.TarInfo) -> tarfile.TarInfo:
    part.mode, part.uid, part.gid, part.uname, part.gname = 0o600, 0, 0, "", ""
    return part


def _parts(config: Config, folder: Path, secrets: bool) -> Iterator[tuple[str, Path]]:
    """What goes into a backup, by its name there; copies are made in `folder`."""
    for number, path in enumerate(databases(config.data_dir)):
        copy = folder / f"{number}.db"
        copy_whole(path, copy)
        yield f"{DATA}/{path.relative_to(config.data_dir).as_posix()}", copy
    if secrets:
        for path in sorted(config.data_dir.rglob("*.token")):
            yield f"{DATA}/{path.relative_to(config.data_dir).as_posix()}", path
    if config.path is not None:
        copy = folder / CONFIG
        text = config.path.read_text(encoding="utf-8-sig")
        copy.write_text(text if secrets else without_secrets(text), encoding="utf-8")
        yield CONFIG, copy


def databases(data_dir: Path) -> list[Path]:
    """The databases in the folder of the data that are in use, not those that were set aside."""
    found = data_dir.rglob("*.db") if data_dir.exists() else ()
    return sorted(path for path in found if not _LEFTOVER.search(path.name) and not _is_aside(path, data_dir))


def _is_aside(path: Path, data_dir: Path) -> bool:
    return path.relative_to(data_dir).parts[0].startswith((ASIDE, FRESH))


def without_secrets(text: str) -> str:
    """`text`, a configuration, without the values that nobody else is to have; all else stays as it is."""
    import tomlkit

    document = tomlkit.parse(text)

    def strip(table: Any, at: tuple[str, ...]) -> None:
        for key in list(table):
            setting = setting_of((*at, key))
            if setting is not None and setting.secret:
                if key != "proxy" or "@" in str(table[key]):
                    del table[key]
            elif isinstance(table[key], dict):
                strip(table[key], (*at, key))

    strip(document, ())
    return tomlkit.dumps(document)


def restore(config: Config, file: Path, config_file: Path) -> Restored:
    """Put what the backup `file` holds in the place of what is kept here, which is kept aside.

    The configuration goes to `config_file` where there is none; else beside it.
    Raises: StorageError, with nothing changed: for a file that is damaged, none, or a newer kehu's, and while a desk is
        open.
    """
    data = config.data_dir
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=data, prefix=FRESH) as name:
            fresh = Path(name)
            files = _unpacked(file, fresh)
            there = databases(data)
            with unopened(there):
                aside = _set_aside(data, there)
                for part in files:
                    if part.startswith(f"{DATA}/"):
                        place = data / part.removeprefix(f"{DATA}/")
                        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                        (fresh / part).replace(place)
            written = None
            if CONFIG in files:
                written = config_file if not config_file.exists() else _free(config_file)
                written.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                text = (fresh / CONFIG).read_bytes()
                with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    out.write(text)
    except StoreError as error:
        raise translated(error) from error
    except OSError as error:
        raise _unwritable(data, error) from error
    return Restored(tuple(files), aside, written)


def _free(config_file: Path) -> Path:
    number = 1
    while (place := config_file.with_name(f"{config_file.stem}.restored-{number}.toml")).exists():
        number += 1
    return place


def _set_aside(data: Path, there: list[Path]) -> Path | None:
    if not there:
        return None
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside, number = data / f"{ASIDE}{stamp}", 1
    while aside.exists():
        number += 1
        aside = data / f"{ASIDE}{stamp}-{number}"
    for path in there:
        place = aside / path.relative_to(data)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(place)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)  # of a damaged one: its log is nobody's
    return aside


def _unpacked(file: Path, folder: Path) -> list[str]:
    """Unpack the backup `file` into `folder` and find every part right; their names.

    Raises: StorageError.
    """
    damaged = N_("{file} is damaged, or no backup of kehu's: {reason}")
    todo = N_("Take another backup; nothing was changed.")
    try:
        with tarfile.open(file, "r:gz") as tar:
            first = tar.next()
            source = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
            if source is None:
                raise _failed(damaged, todo, file, reason=MANIFEST)
            manifest = json.loads(source.read())
            expected = manifest["files"]
            if manifest["format"] > FORMAT or manifest["schema"] > KNOWN_VERSION:
                raise _failed(
                    N_("{file} was made by a newer kehu"), N_("Restore it with that one; nothing was changed."), file
                )
            for part in tar:
                if part.name == MANIFEST:
                    continue
                path = PurePosixPath(part.name)
                if part.name not in expected or path.is_absolute() or ".." in path.parts or not part.isfile():
                    raise _failed(damaged, todo, file, reason=part.name)
                tar.extract(part, folder, set_attrs=False, filter="data")
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, tarfile.TarError) and error.errno is not None:
            raise _failed(N_("{file} cannot be read: {reason}"), "", file, reason=error.strerror) from error
        raise _failed(damaged, todo, file, reason=type(error).__name__) from error
    for name, digest in expected.items():
        path = folder / name
        if not path.exists() or _digest(path) != digest:
            raise _failed(damaged, todo, file, reason=name)
        path.chmod(0o600)
        if path.suffix == ".db":
            version, sound = look_at(path)
            if not sound or (name.startswith(f"{DATA}/{STORES}") and version > KNOWN_VERSION):
                raise _failed(damaged, todo, file, reason=name)
    return list(expected)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _failed(what: str, todo: str, file: Path, reason: object = "") -> StorageError:
    return StorageError(what, todo=todo, file=file, reason=reason)


def _unwritable(file: Path, error: OSError) -> StorageError:
    return _failed(
        N_("{file} cannot be written: {reason}"),
        N_("Check who owns the file and its folder, and the space on the disk."),
        file,
        reason=error.strerror,
    )
