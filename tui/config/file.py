"""The configuration file: read whole, refused where others could read a secret in it."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Mapping
from pathlib import Path

from tui.model.errors import N_, ConfigError


def read_toml(path: Path) -> Mapping[str, object]:
    """`path`'s content as plain values.

    Raises: ConfigError where it cannot be read, is not UTF-8, or is not TOML (with the line).
    """
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
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # Its words name the line and column, and quote no more than one character of the file.
        raise ConfigError(
            N_("{file} is not TOML: {reason}"),
            todo=N_("Texts need quotes, and every key stands once in its table."),
            file=path,
            reason=str(error),
        ) from error


def is_private(path: Path) -> bool:
    """Whether nobody but its owner may read or write `path`."""
    return os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & 0o077


def refuse_if_shared(path: Path, keys: list[str]) -> None:
    """Refuse `path` where it holds secrets, under `keys`, and others may read it.

    Raises: ConfigError with the command that mends it.
    """
    if keys and not is_private(path):
        raise ConfigError(
            N_("{file} holds {keys}, and others on this machine can read it"),
            todo="chmod 600 {quoted}",
            file=path,
            keys=", ".join(keys),
            quoted=shlex.quote(str(path)),
        )
