"""A configuration file: read whole, refused where others could read a secret in it or write the host's.

A key is found in it again by `line_of`: TOML's reader does not tell where it met what.
"""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tui.config.settings import Path as KeyPath
from tui.model.errors import N_, ConfigError


class ConfigFile(NamedTuple):
    """A file that was read."""

    path: Path
    text: str
    values: Mapping[str, Any]
    host: bool = False
    """It is the host's: an administrator wrote it, for everybody here."""

    def __repr__(self) -> str:
        return f"ConfigFile({str(self.path)!r})"  # it may hold a secret

    def place(self, key: KeyPath) -> Place:
        """Where `key` stands in it."""
        return Place(self.path, line_of(self.text, key))


class Place(NamedTuple):
    """A line of a file, as compilers name it."""

    path: Path
    line: int = 0
    """From 1 on; 0 for none in particular."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else str(self.path)


def read_file(path: Path, *, host: bool = False) -> ConfigFile:
    """The file at `path`.

    Raises: ConfigError where it cannot be read, is not UTF-8, or is not TOML (with the line); of a `host`'s, also where
        others than root and its reader may write it.
    """
    if host:
        _refuse_if_writable(path)
    import tomllib

    try:
        text = path.read_bytes().decode("utf-8-sig")
    except IsADirectoryError as error:
        raise ConfigError(
            N_("{file} is a folder"), todo=N_("Name the file in it: {file}/config.toml"), file=path
        ) from error
    except FileNotFoundError as error:
        raise ConfigError(
            N_("{file} does not exist"), todo=N_("Check --config and KEHU_CONFIG, or run: kehu profile add"), file=path
        ) from error
    except OSError as error:
        raise ConfigError(
            N_("{file} cannot be read: {reason}"),
            todo=N_("Check who owns it: ls -l {quoted}"),
            file=path,
            reason=error.strerror,
            quoted=shlex.quote(str(path)),
        ) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            N_("{file}, line {line}: not UTF-8"), todo=N_("Save the file as UTF-8."), file=path, line=line
        ) from error
    try:
        return ConfigFile(path, text, tomllib.loads(text), host)
    except tomllib.TOMLDecodeError as error:
        # Its words name the line and column, and quote no more than one character of the file.
        raise ConfigError(
            N_("{file} is not TOML: {reason}"),
            todo=N_("Texts need quotes, and every key stands once in its table."),
            file=path,
            reason=str(error),
        ) from error


def line_of(text: str, key: KeyPath) -> int:
    """The line of `text`, which is TOML, on which `key` is first given, from 1 on; 0 where it is not.

    Of the beginnings of a file that are TOML themselves the first that has the key ends with it: halving finds it.
    """
    text = text.replace("\r\n", "\n")  # which must not be cut in two
    lines = text.split("\n")
    absent, present = 0, len(lines)
    if not key or not _has(text, key):
        return 0
    while present - absent > 1:
        middle = (absent + present) // 2
        tries = (*range(middle, present), *range(middle - 1, absent, -1))
        found = ((end, has) for end in tries if (has := _has("\n".join(lines[:end]), key)) is not None)
        end, has = next(found, (0, None))
        if has is None:
            break
        absent, present = (absent, end) if has else (end, present)
    written = (number for number in range(absent, present) if lines[number].strip()[:1] not in ("", "#"))
    return next(written, absent) + 1


def _has(text: str, key: KeyPath) -> bool | None:
    """Whether `text` gives `key`; None where it is no TOML."""
    import tomllib

    try:
        return value_at(tomllib.loads(text), key) is not None
    except tomllib.TOMLDecodeError:
        return None


def value_at(values: object, key: KeyPath) -> Any:
    """The value of `key` in `values`; None where there is none."""
    for part in key:
        if isinstance(part, int):
            if not isinstance(values, list) or len(values) < part:
                return None
            values = values[part - 1]
        elif isinstance(values, Mapping) and part in values:
            values = values[part]
        else:
            return None
    return values


def is_private(path: Path) -> bool:
    """Whether nobody but its owner may read or write `path`."""
    return os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & 0o077


def refusal_if_shared(file: ConfigFile, keys: list[str]) -> ConfigError | None:
    """The error that `file` holds secrets, under `keys`, and others may read it; None where all is well.

    The host's may be its group's to read.
    """
    if not keys or is_private(file.path):
        return None
    if file.host and not stat.S_IMODE(file.path.stat().st_mode) & 0o007:
        return None
    host = N_("Have each agent's come from a command or a variable, or give the file to their group: {mend}")
    return ConfigError(
        N_("{file} holds {keys}, and others on this machine can read it"),
        todo=host if file.host else "{mend}",
        file=file.path,
        keys=", ".join(keys),
        mend=f"chmod {'640' if file.host else '600'} {shlex.quote(str(file.path))}",
    )


def _refuse_if_writable(path: Path) -> None:
    """Raise ConfigError where somebody but root and the reader could have written the host's file at `path`."""
    for place in (path, path.parent):
        try:
            found = place.stat()
        except OSError:
            return  # whoever reads it tells
        if found.st_mode & 0o022 or found.st_uid not in (0, os.geteuid()):
            quoted = shlex.quote(str(place))
            raise ConfigError(
                N_("{file} is the host's configuration, and others than its administrator can write {place}"),
                todo=N_("As root: chown root {quoted} && chmod go-w {quoted}"),
                file=path,
                place=place,
                quoted=quoted,
            )
