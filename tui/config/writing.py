"""A profile added to the configuration file; every other byte of the file stays as it is."""

from __future__ import annotations

import fcntl
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tui.config import Config, load
from tui.model.errors import N_, ConfigError

PATIENCE = 5.0
"""Seconds to wait for another kehu that writes the file, which takes it a moment."""

PAUSE = 0.02
"""Seconds between two tries."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DEFAULT_LINE = re.compile(r"^default_profile\s*=.*$", re.MULTILINE)
_FIRST_TABLE = re.compile(r"^\s*\[", re.MULTILINE)


def add_profile(path: Path, name: str, values: Mapping[str, str | bool], *, make_default: bool = False) -> Config:
    """Append the profile `name` with `values` to `path`, which is created, and made private, where it is not there.

    The new file is read before it takes the old one's place: `path` never holds a mistake that was not there before.
    Raises: ConfigError.
    """
    return _changed(path, lambda old: _with_profile(old, name, values, make_default=make_default or not old))


def add_team(path: Path, values: Mapping[str, str | bool]) -> Config:
    """Append the table `[team]` with `values` to `path`, as `add_profile` does with a profile.

    Raises: ConfigError.
    """
    return _changed(path, lambda old: _with_table(old, "team", values))


def _changed(path: Path, change: Callable[[str], str]) -> Config:
    """Put what `change` makes of its text into `path`."""
    path = path.resolve()  # a link to a file among dotfiles stays one
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(path):
            return _replace(path, change(path.read_text(encoding="utf-8") if path.exists() else ""))
    except OSError as error:
        raise ConfigError(
            N_("{file} cannot be written: {reason}"),
            todo=N_("Check who owns the file and its folder, and the space on the disk."),
            file=path,
            reason=error.strerror,
        ) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep another `kehu profile add` from writing `path` between reading and replacing it.

    The lock is on the folder, since the file is replaced; a disk without locks does without.
    Raises: ConfigError where the other one takes too long.
    """
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    raise ConfigError(
                        N_("another kehu is writing {file}"), todo=N_("Wait for it, and try again."), file=path
                    ) from None
                time.sleep(PAUSE)
                continue
            except OSError:
                pass
            break
        yield
    finally:
        os.close(folder)


def _with_profile(text: str, name: str, values: Mapping[str, str | bool], *, make_default: bool) -> str:
    if make_default:
        text = _with_default(text, name)
    return _with_table(text, f"profiles.{_key(name)}", values)


def _with_table(text: str, name: str, values: Mapping[str, str | bool]) -> str:
    """`text` with the table `name` at its end."""
    lines = [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in values.items())]
    before = text if not text or text.endswith("\n") else text + "\n"
    return before + ("\n" if before else "") + "\n".join(lines) + "\n"


def _with_default(text: str, name: str) -> str:
    """`text` with `default_profile` at its top: the line that is there changed, or a line more."""
    line = f"default_profile = {_value(name)}"
    table = _FIRST_TABLE.search(text)
    end = table.start() if table else len(text)
    head, rest = text[:end], text[end:]
    if _DEFAULT_LINE.search(head):
        return _DEFAULT_LINE.sub(lambda _: line, head, count=1) + rest
    return f"{line}\n{text}"


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _value(name)


def _value(value: str | bool) -> str:
    """`value` in TOML, whose texts are written as JSON's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(path: Path, text: str) -> Config:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600 from the start
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            load(fresh)
        except ConfigError as error:
            error.facts["file"] = path  # the one that the agent knows
            raise
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return load(path)
