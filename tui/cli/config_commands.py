"""`kehu config`: where the configuration is, what is in force and why, and how it is changed."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from tui.cli.failures import Misused, say_error
from tui.cli.output import confirmed, on_terminal, print_json, print_table, put, say
from tui.cli.session import TEXT, Session, TranslatedGroup, command, pass_session
from tui.config import Config
from tui.config.file import Place, value_at
from tui.config.layers import agent_file, host_files, read_layers
from tui.config.settings import SETTINGS, Setting, below, dotted, pattern_of, setting_of, split_key
from tui.config.settings import Path as KeyPath
from tui.locale import N_, _
from tui.model.errors import ConfigError
from tui.model.naming import nearest

PLACES = {
    "path": "tui.cli.config_commands:path_",
    "get": "tui.cli.config_commands:get",
    "set": "tui.cli.config_commands:set_",
    "unset": "tui.cli.config_commands:unset",
    "edit": "tui.cli.config_commands:edit",
    "check": "tui.cli.config_commands:check",
}

EDITORS = ("sensible-editor", "nano", "vi")
"""Tried in this order where neither VISUAL nor EDITOR names one."""

HIDDEN = "***"
"""In place of a secret."""


@click.group("config", cls=TranslatedGroup, places=PLACES, help=N_("Look at the configuration, change it, check it."))
def config() -> None:
    """A command of it does the work."""


def file_of(session: Session) -> Path:
    """The agent's file, there or not."""
    return session.config_path or agent_file(os.environ)


@command("path", help=N_("Name the files of the configuration, and the folder of the data, there or not."))
@pass_session
def path_(session: Session) -> None:
    """Print the host's files, the agent's, and the data folder; a broken file is named as well."""
    from tui.config import data_folder

    session.speak()
    found = [("host", path) for path in host_files(os.environ)]
    found += [("agent", file_of(session)), ("data", data_folder(os.environ))]
    if session.json:
        print_json([{"what": what, "path": str(path), "in_force": path.exists()} for what, path in found])
        return
    words = {"host": _("the host's"), "agent": _("the agent's"), "data": _("data")}
    rows = [(words[what], str(path), _("in force") if path.exists() else _("not there")) for what, path in found]
    print_table(["", _("Path"), _("State")], rows, whole=_("Path"))


# Looking


class KeyValue(NamedTuple):
    """A key's value in force, and where it comes from."""

    key: KeyPath
    value: Any
    source: str
    """`host`, `agent`, `environment` or `default`."""
    place: Place | None = None
    variable: str = ""
    locked: bool = False

    @property
    def shown(self) -> str:
        """The value in a line, a text as it is; no secret."""
        value = presentable(self.key, self.value)
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def presentable(key: KeyPath, value: Any) -> Any:
    """`value` without what nobody is to see."""
    setting = setting_of(key)
    if setting is None or not setting.secret or not value:
        return value
    return re.sub(r"//[^@/]*@", f"//{HIDDEN}@", str(value)) if key[-1] == "proxy" else HIDDEN


def values_in_force(config: Config, profile: str = "") -> Iterator[KeyValue]:
    """Every value, given or the default; `profile` is the one that `KEHU_USER` means."""
    given = {key for file in config.layers.files for key in _leaves(file.values, ()) if not _is_listed(key)}
    tables = {key[:end] for key in given for end in range(len(key))} | {()}
    every = set(given)
    for table in tables:
        pattern = pattern_of(table)
        known = below(pattern) if pattern is not None else {}
        every |= {(*table, name) for name, one in known.items() if one.default not in (None, "") or not table}
    order: dict[KeyPath, int] = {setting.path: number for number, setting in enumerate(SETTINGS)}
    for key in sorted(every, key=lambda key: (order.get(pattern_of(key) or (), len(order)), dotted(key))):
        setting = setting_of(key)
        if setting is None or setting.kind not in ("table", "tables"):
            yield value_of(config, key, profile)
    for file in config.layers.files:  # a list of tables is not laid over another: one's stand beside the other's
        for key in filter(_is_listed, _leaves(file.values, ())):
            yield KeyValue(key, value_at(file.values, key), "host" if file.host else "agent", file.place(key))


def _is_listed(key: KeyPath) -> bool:
    return any(isinstance(part, int) for part in key)


def _leaves(values: object, at: KeyPath) -> Iterator[KeyPath]:
    if isinstance(values, dict):
        for name, value in values.items():
            yield from _leaves(value, (*at, name))
    elif isinstance(values, list) and values and isinstance(values[0], dict):
        for number, value in enumerate(values, 1):
            yield from _leaves(value, (*at, number))
    else:
        yield at


def value_of(config: Config, key: KeyPath, profile: str = "") -> KeyValue:
    """The value of `key` in force."""
    locked = config.layers.lock_of(key) is not None
    variables: dict[KeyPath, str] = {
        ("default_profile",): "KEHU_PROFILE",
        ("profiles", profile, "user_id"): "KEHU_USER",
    }
    variable = variables.get(key, "")
    if not locked and (given := os.environ.get(variable, "").strip()):
        return KeyValue(key, given, "environment", variable=variable)
    for file in reversed(config.layers.files):
        found = value_at(file.values, key)
        if found is not None:
            return KeyValue(key, found, "host" if file.host else "agent", file.place(key), locked=locked)
    setting = setting_of(key)
    default = config.default_profile if key == ("default_profile",) else setting.default if setting else None
    return KeyValue(key, list(default) if isinstance(default, tuple) else default, "default", locked=locked)


@command("get", help=N_("Show what is in force, and where it comes from."))
@click.argument("key", type=TEXT, required=False)
@pass_session
def get(session: Session, key: str | None) -> None:
    """Print one value, or a table's, or all. Of one, standard output has the value alone."""
    config = session.read_config()
    every = list(values_in_force(config, session.profile.name))
    if key is None:
        _print_values(session, every)
        return
    path = _known_key(key)
    setting = setting_of(path)
    if setting is not None and setting.kind in ("table", "tables"):
        _print_values(session, [one for one in every if one.key[: len(path)] == path])
        return
    value = value_of(config, path, session.profile.name)
    if session.json:
        print_json(_json(value))
        return
    if value.value is not None:
        put(value.shown)
    say(_origin(value))


def _known_key(text: str) -> KeyPath:
    """The key that `text` names.

    Raises: Misused, with the nearest.
    """
    path = split_key(text)
    if not path or setting_of(path) is None:
        close = nearest(text, _names_near(path))
        todo = _("Did you mean {nearest}?").format(nearest=close) if close else _("kehu config get shows every key.")
        raise Misused(_("there is no key {name}").format(name=text), todo)
    return path


def _names_near(path: KeyPath) -> list[str]:
    """The names that a key could have beside `path`, as far as its beginning is one."""
    for end in range(len(path) - 1, -1, -1):
        pattern = pattern_of(path[:end])
        if pattern is not None:
            return [dotted((*path[:end], name, *path[end + 1 :])) for name in below(pattern)]
    return []


def _print_values(session: Session, values: list[KeyValue]) -> None:
    if session.json:
        print_json([_json(value) for value in values])
        return
    rows = [(dotted(one.key), "" if one.value is None else one.shown, _origin(one)) for one in values]
    print_table([_("Key"), _("Value"), _("From")], rows)


def _json(value: KeyValue) -> dict[str, Any]:
    return {
        "key": dotted(value.key),
        "value": presentable(value.key, value.value),
        "from": value.source,
        "file": str(value.place.path) if value.place else None,
        "line": value.place.line if value.place else None,
        "variable": value.variable or None,
        "locked": value.locked,
    }


def _origin(value: KeyValue) -> str:
    words = {
        "host": _("the host's: {place}"),
        "agent": "{place}",
        "environment": _("the variable {variable}"),
        "default": _("default"),
    }
    text = words[value.source].format(place=value.place, variable=value.variable)
    return _("{origin}, locked").format(origin=text) if value.locked else text


# Changing


@command("set", help=N_("Set a key in the agent's file: kehu config set language zh_CN"))
@click.argument("key", type=TEXT)
@click.argument("value", type=TEXT)
@pass_session
def set_(session: Session, key: str, value: str) -> None:
    """Set `key` to `value`, read as TOML; `-` reads it from standard input, the only way for a secret."""
    from tui.config.writing import read_value, set_key

    path = _writable_key(session, key)
    setting = _leaf(path)
    if value == "-":
        value = sys.stdin.readline().rstrip("\r\n")
    elif setting.secret and path[-1] != "proxy":
        raise Misused(
            _("{key} is a secret, and others can see what is typed on a command line").format(key=dotted(path)),
            _("Give it on standard input: kehu config set {key} -").format(key=dotted(path)),
        )
    set_key(file_of(session), path, read_value(setting, value))
    say(_("set {key} in {file}").format(key=dotted(path), file=file_of(session)))


@command("unset", help=N_("Take a key out of the agent's file, so that the host's or the default holds again."))
@click.argument("key", type=TEXT)
@pass_session
def unset(session: Session, key: str) -> None:
    """Take `key` out; it is told where it is not there."""
    from tui.config.writing import remove_key

    path = _known_key(key)
    file = file_of(session)
    own = [one for one in read_layers(session.config_path, os.environ).files if not one.host]
    if (not own or value_at(own[-1].values, path) is None) and not _is_ignored(session, path):
        say(_("{key} is not in {file}").format(key=dotted(path), file=file))
        return
    remove_key(file, path)
    say(_("took {key} out of {file}").format(key=dotted(path), file=file))


def _is_ignored(session: Session, path: KeyPath) -> bool:
    """Whether the agent's file says `path`, which is locked."""
    ignored = read_layers(session.config_path, os.environ).ignored
    return dotted(path) in {str(error.facts.get("key")) for error in ignored}


def _writable_key(session: Session, key: str) -> KeyPath:
    """The key that `key` names.

    Raises: Misused where there is none; ConfigError where it is locked.
    """
    path = _known_key(key)
    refuse_locked(session, path)
    if path == ("locked",):
        raise ConfigError(
            N_("{file}: {key} counts in the host's configuration alone"),
            todo=N_("Take the line out; an administrator locks keys in {host}."),
            file=file_of(session),
            key="locked",
            host=host_files(os.environ)[0],
        )
    return path


def refuse_locked(session: Session, *keys: KeyPath) -> None:
    """Go on where the agent may say all of `keys`.

    Raises: ConfigError.
    """
    layers = read_layers(session.config_path if file_of(session).exists() else None, os.environ)
    for key in keys:
        lock = layers.lock_of(key)
        if lock is not None:
            what = N_("{key} is locked by {lock}")
            raise ConfigError(what, todo=N_("Ask the administrator."), key=dotted(key), lock=lock.place)


def _leaf(path: KeyPath) -> Setting:
    """What is declared of the key `path`.

    Raises: Misused where it is a table.
    """
    setting = setting_of(path)
    if setting is None or setting.kind in ("table", "tables"):
        raise Misused(
            _("{key} is a table: it has no value of its own").format(key=dotted(path)),
            _("Set a key in it, or run: kehu config edit"),
        )
    return setting


@command("edit", help=N_("Open the agent's file in an editor, and check it afterwards."))
@pass_session
def edit(session: Session) -> int:
    """Edit a copy, which takes the file's place when it makes sense; else it can be edited again."""
    from tui.config.writing import new_mistakes, rewrite

    path = file_of(session).resolve()
    old = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".toml")
    scratch = Path(name)
    first = old or _template()
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(first)
        while True:
            _run_editor(scratch)
            new = scratch.read_bytes().decode("utf-8", "replace")
            if new == first:
                say(_("{file} stays as it was").format(file=path))
                return 0
            mistakes = new_mistakes(path, scratch)
            if not mistakes:
                rewrite(path, partial(_unless_changed, path, old, new))
                say(_("changed {file}").format(file=path))
                return 0
            for error in mistakes:
                say_error(error)
            if not (on_terminal() and confirmed(_("Edit it again?"))):
                break
        rejected = path.with_name(f"{path.name}.rejected")
        scratch.replace(rejected)
        say(_("{file} stays as it was; what you wrote is in {rejected}").format(file=path, rejected=rejected))
        return ConfigError.exit_code
    finally:
        scratch.unlink(missing_ok=True)


def _unless_changed(path: Path, old: str, new: str, now: str) -> str:
    """`new`, where the file still says `now` what was edited.

    Raises: ConfigError.
    """
    if now != old:
        raise ConfigError(
            N_("{file} was changed by somebody else while you edited it"),
            todo=N_("Do it again: kehu config edit"),
            file=path,
        )
    return new


def _template() -> str:
    """What a new file begins with: every key at the top with its default, as a comment."""
    lines = [f"# {_('Every key and its value in force: kehu config get')}", ""]
    for setting in below(()).values():
        if setting.kind in ("text", "flag"):
            default = json.dumps(setting.default or "", ensure_ascii=False) if setting.kind == "text" else "false"
            lines += [f"# {_(setting.help)}", f"# {setting.key} = {default}", ""]
    return "\n".join(lines)


def _run_editor(path: Path) -> None:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, EDITORS), "")
    if not named:
        raise ConfigError(N_("no editor is found"), todo=N_("Name one: export EDITOR=…"))
    try:
        done = subprocess.run([*shlex.split(named), str(path)], check=False)  # noqa: S603  # the user's own editor
    except OSError as error:
        raise ConfigError(
            N_("the editor {editor} cannot be run: {reason}"),
            todo=N_("Name another one: export EDITOR=…"),
            editor=named,
            reason=error.strerror,
        ) from error
    if done.returncode:
        raise ConfigError(
            N_("the editor {editor} ended with exit code {status}; the file stays as it was"),
            editor=named,
            status=done.returncode,
        )


@command("check", help=N_("Name every mistake in the configuration, with file, line and key."))
@pass_session
def check(session: Session) -> int:
    """Print all that is wrong or does not count, one line each; the exit code is 0 only where nothing is."""
    from tui.app.diagnosis import key_problems
    from tui.config import examine

    session.speak()
    try:
        config, mistakes = examine(session.config_path)
        found: list[ConfigError] = list(mistakes)
    except ConfigError as error:
        config, found = None, [error]
    if config is not None:
        found += config.layers.ignored
        found += key_problems(config)
    found.sort(key=_where)
    if session.json:
        print_json([_mistake_json(mistake) for mistake in found])
    else:
        for mistake in found:
            put(mistake.message(_))
            if hint := mistake.hint(_):
                put(f"    {hint}")
        if not found:
            say(_("nothing is wrong"))
    return ConfigError.exit_code if found else 0


def _where(error: ConfigError) -> tuple[str, int]:
    place = error.facts.get("file")
    return (str(place.path), place.line) if isinstance(place, Place) else (str(place), 0)


def _mistake_json(error: ConfigError) -> dict[str, Any]:
    file, line = _where(error)
    key = error.facts.get("key")
    return {
        "file": file,
        "line": line or None,
        "key": str(key) if key else None,
        "message": error.message(_),
        "todo": error.hint(_),
    }
