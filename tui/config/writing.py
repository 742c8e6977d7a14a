"""The agent's configuration file changed: comments, order and all that is not meant stay as they are.

The new file takes the old one's place at once, and only when it makes sense; a link among dotfiles stays one.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.config import Config, examine, load
from tui.config.file import Place
from tui.config.settings import Path as KeyPath
from tui.config.settings import Setting
from tui.model.errors import N_, ConfigError

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

PATIENCE = 5.0
"""Seconds to wait for another kehu that writes the file, which takes it a moment."""

PAUSE = 0.02
"""Seconds between two tries."""


def add_profile(path: Path, name: str, values: Mapping[str, str | bool], *, make_default: bool = False) -> Config:
    """Add the profile `name` with `values` to the file at `path`, which is made where it is not there.

    Raises: ConfigError.
    """

    def add(document: TOMLDocument) -> None:
        for key, value in values.items():
            _set(document, ("profiles", name, key), value)
        if make_default:
            _set(document, ("default_profile",), name)

    return change(path, add)


def add_team(path: Path, values: Mapping[str, str | bool]) -> Config:
    """Give the table `[team]` the `values` in the file at `path`, which is made where it is not there.

    Raises: ConfigError.
    """

    def add(document: TOMLDocument) -> None:
        for key, value in values.items():
            _set(document, ("team", key), value)

    return change(path, add)


def set_key(path: Path, key: KeyPath, value: Any) -> Config:
    """Give `key` the `value` in the file at `path`, which is made where it is not there.

    Raises: ConfigError.
    """
    return change(path, lambda document: _set(document, key, value))


def remove_key(path: Path, key: KeyPath) -> Config:
    """Take `key`, which may be a table, out of the file at `path`, with the tables around it that held nothing else.

    Raises: ConfigError.
    """
    return change(path, lambda document: _remove(document, key))


def remove_profile(path: Path, name: str) -> Config:
    """Take the profile `name` out of the file at `path`, and out of `default_profile`.

    Raises: ConfigError, such as for a link of another profile to it.
    """

    def remove(document: TOMLDocument) -> None:
        _remove(document, ("profiles", name))
        if document.get("default_profile") == name:
            del document["default_profile"]

    return change(path, remove)


def read_value(setting: Setting, text: str) -> Any:
    """The value that `text` is for the key `setting`: TOML; for one that takes a text, also the bare text itself.

    Raises: ConfigError where it is no TOML.
    """
    import tomllib

    try:
        value = tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except tomllib.TOMLDecodeError as error:
        if setting.kind in ("text", "keys"):
            return text
        expected = _EXPECTED.get(setting.kind, "")
        raise ConfigError(
            N_("{key} does not take {found}: it is no TOML"), todo=expected, key=setting.key, found=text
        ) from error
    return text if setting.kind == "text" and not isinstance(value, str) else value


_EXPECTED = {
    "flag": N_("Write true or false."),
    "number": N_("Write a number."),
    "whole": N_("Write a number."),
    "texts": N_('Write a list of texts: ["one", "two"]'),
}


def _set(document: TOMLDocument, key: KeyPath, value: Any) -> None:
    import tomlkit

    table: Any = document
    for number, part in enumerate(key[:-1], 1):
        if isinstance(part, int):
            table = table[part - 1]
            continue
        if part not in table:
            table[part] = tomlkit.table(is_super_table=number < len(key) - 1)
        table = table[part]
    table[key[-1]] = value


def _remove(document: TOMLDocument, key: KeyPath) -> None:
    tables: list[Any] = [document]
    for part in key[:-1]:
        tables.append(tables[-1][part - 1 if isinstance(part, int) else part])
    for table, part in zip(reversed(tables), reversed(key), strict=True):
        if table is not tables[-1] and table[part]:
            break
        del table[part]


def change(path: Path, edit: Callable[[TOMLDocument], None]) -> Config:
    """Have `edit` change the file at `path`, which is made, private, where it is not there; what it configures then.

    Raises: ConfigError for a mistake that was not there before; then the file stays as it was.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    def changed(text: str) -> str:
        try:
            document = tomlkit.parse(text)
        except TOMLKitError as error:
            raise ConfigError(
                N_("{file} is not TOML: {reason}"),
                todo=N_("Mend it first: kehu config edit"),
                file=path,
                reason=str(error),
            ) from error
        edit(document)
        return tomlkit.dumps(document)

    return rewrite(path, changed)


def rewrite(path: Path, changed: Callable[[str], str]) -> Config:
    """Have `changed` make the new text of the file at `path` of its old one, as `change` does.

    Raises: ConfigError.
    """
    path = path.resolve()  # a link to a file among dotfiles stays one
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(path):
            old = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
            _replace(path, changed(old))
            return load(path)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            N_("{file} cannot be written: {reason}"),
            todo=N_("Check who owns the file and its folder, and the space on the disk."),
            file=path,
            reason=error.strerror if isinstance(error, OSError) else "UTF-8",
        ) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep another kehu from writing `path` between reading and replacing it.

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


def _replace(path: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600 from the start
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if new := new_mistakes(path, fresh):
            raise new[0]
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def new_mistakes(path: Path, fresh: Path) -> list[ConfigError]:
    """What is wrong with `fresh`, which is to take the place of the file at `path`, and not with that one already.

    Their words name `path`, which is the one that the agent knows.
    """
    before = {_same_mistake(error) for error in mistakes_in(path)} if path.exists() else set()
    found = [error for error in mistakes_in(fresh) if _same_mistake(error) not in before]
    for error in found:
        place = error.facts.get("file")
        if isinstance(place, Place) and place.path == fresh:
            error.facts["file"] = place._replace(path=path)
        elif place == fresh:
            error.facts["file"] = path
    return found


def mistakes_in(path: Path) -> list[ConfigError]:
    """All that is wrong with the file at `path` over the host's; a file that cannot be read has one mistake."""
    try:
        return list(examine(path)[1])
    except ConfigError as error:
        return [error]


def _same_mistake(error: ConfigError) -> tuple[str, str, str]:
    return error.what, str(error.facts.get("key", "")), str(error.facts.get("found", ""))
