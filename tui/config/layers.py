"""The host's configuration under the agent's: which files there are, laid one over the other, and what is locked.

A host's file is `kehu/config.toml` in the system's own folder for configuration, and in those that `XDG_CONFIG_DIRS`
names. The system's own is read whatever the environment says: what is locked there stays locked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui.config.file import ConfigFile, Place, read_file
from tui.config.settings import ANY, CREDENTIALS, SETTINGS, dotted, setting_of, split_key
from tui.config.settings import Path as KeyPath
from tui.config.table import Table, unknown
from tui.model.errors import N_, ConfigError

APP = "kehu"

FILE = "config.toml"

SYSTEM = Path("/Library/Application Support" if sys.platform == "darwin" else "/etc/xdg")
"""Where the system's own configuration is, whatever the environment says."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A key that is the host's alone; `*` in it is any name."""

    key: tuple[str, ...]
    place: Place
    """Where it is locked."""

    def holds(self, key: KeyPath) -> bool:
        """Whether it is `key` that is locked. One place where a secret comes from stands for all of them."""
        return len(key) == len(self.key) and all(
            lock in (part, ANY) or (lock in CREDENTIALS and part in CREDENTIALS)
            for lock, part in zip(self.key, key, strict=True)
        )


@dataclass(frozen=True)
class Layers:
    """The files, the one that counts last; `values` are theirs together, without what is locked away."""

    files: tuple[ConfigFile, ...] = ()
    locks: tuple[Lock, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    ignored: tuple[ConfigError, ...] = ()
    """What is given and does not count, because it is locked."""
    mistakes: tuple[ConfigError, ...] = ()
    """What is wrong with `locked` itself."""

    def table(self) -> Table:
        """All of it, to be read."""
        return Table(self.files, self.values)

    def lock_of(self, key: KeyPath) -> Lock | None:
        """What locks `key`, or a table that it is in."""
        ends = range(1, len(key) + 1)
        return next((lock for lock in self.locks if any(lock.holds(key[:end]) for end in ends)), None)


def host_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Where the host's files are, or would be: the system's own first, then what counts more."""
    named = [Path(folder) for folder in environ.get("XDG_CONFIG_DIRS", "").split(os.pathsep) if os.path.isabs(folder)]
    return tuple(folder / APP / FILE for folder in dict.fromkeys((SYSTEM, *reversed(named))))


def agent_file(environ: Mapping[str, str]) -> Path:
    """Where the agent's file is, or would be."""
    if named := environ.get("KEHU_CONFIG"):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / FILE


def read_layers(path: Path | None, environ: Mapping[str, str]) -> Layers:
    """The host's files that are there, under the agent's: `path`, or the usual one.

    Raises: ConfigError for a file that cannot be read or makes no sense, and for one that was named and is not there.
    """
    named = path is not None or bool(environ.get("KEHU_CONFIG"))
    path = path or agent_file(environ)
    hosts = [file for file in host_files(environ) if _is_there(file)]
    files = [read_file(file, host=True) for file in hosts if not _same(file, path)]
    if named or _is_there(path):
        files.append(read_file(path, host=any(_same(path, host) for host in hosts)))
    return laid(files)


def laid(files: Sequence[ConfigFile]) -> Layers:
    """`files`, each over those before it, which may have locked what it says."""
    locks: list[Lock] = []
    mistakes: list[ConfigError] = []
    ignored: list[ConfigError] = []
    kept: list[ConfigFile] = []
    values: dict[str, Any] = {}
    for file in files:
        allowed = _unlocked(file, file.values, (), locks, ignored)
        kept.append(file._replace(values=allowed))
        values = _over(values, allowed)
        try:
            locks += _locks(file)
        except ConfigError as error:
            mistakes.append(error)
    return Layers(tuple(kept), tuple(locks), values, tuple(ignored), tuple(mistakes))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True  # whoever reads it tells why it cannot be looked at


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _locks(file: ConfigFile) -> Iterator[Lock]:
    if "locked" not in file.values:
        return
    place = file.place(("locked",))
    if not file.host:
        raise ConfigError(
            N_("{file}: {key} counts in the host's configuration alone"),
            todo=N_("Take the line out; an administrator locks keys in {host}."),
            file=place,
            key="locked",
            host=SYSTEM / APP / FILE,
        )
    names = file.values["locked"]
    for name in names if isinstance(names, list) else ():  # another kind is told with all the mistakes of its kind
        key = split_key(name) if isinstance(name, str) else ()
        if setting_of(key) is None or not all(isinstance(part, str) for part in key):
            known = [setting.key for setting in SETTINGS]
            raise unknown(N_("{file}: {key} names {name}, which is no key"), str(name), known, file=place, key="locked")
        yield Lock(tuple(map(str, key)), place)


def _unlocked(
    file: ConfigFile, values: Mapping[str, Any], at: KeyPath, locks: Sequence[Lock], ignored: list[ConfigError]
) -> dict[str, Any]:
    """`values`, those of `file` in the table `at`, without what is locked; that is told in `ignored`."""
    allowed = {}
    for name, value in values.items():
        key = (*at, name)
        lock = next((lock for lock in locks if lock.holds(key)), None)
        if lock is not None:
            ignored.append(locked_away(key, file.place(key), lock))
        else:
            allowed[name] = _unlocked(file, value, key, locks, ignored) if isinstance(value, dict) else value
    return allowed


def locked_away(key: KeyPath, source: object, lock: Lock) -> ConfigError:
    """The error that `key`, given by `source`, a place or a variable, does not count."""
    return ConfigError(
        N_("{file}: {key} is locked by {lock}; what is said here does not count"),
        todo=N_("Take it out, or ask the administrator."),
        file=source,
        key=dotted(key),
        lock=lock.place,
    )


def _over(below: Mapping[str, Any], above: Mapping[str, Any], at: KeyPath = ()) -> dict[str, Any]:
    """The table `at` of the one file laid over that of the other, key by key."""
    merged = dict(below)
    if len(at) == 2 and at[0] == "profiles" and any(key in above for key in CREDENTIALS):
        for key in CREDENTIALS:  # where a secret comes from is one choice
            merged.pop(key, None)
    for name, value in above.items():
        lower = merged.get(name)
        if isinstance(value, dict) and isinstance(lower, dict):
            value = _over(lower, value, (*at, name))
        merged[name] = value
    return merged
