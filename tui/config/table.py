"""A table of the configuration, read by what is declared of its keys: a mistake names file, line and key.

`Table.mistakes` looks at all of it; where it finds nothing, every key has a value of its kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tui.config.file import ConfigFile, Place, value_at
from tui.config.settings import ANY, Setting, below, dotted, pattern_of
from tui.config.settings import Path as KeyPath
from tui.model.errors import N_, ConfigError
from tui.model.naming import nearest

_TYPE_NAMES = {bool: "boolean", int: "integer", float: "float", str: "string", list: "array", dict: "table"}
"""TOML's own words; every other value that TOML knows is a date or a time."""

DID_YOU_MEAN = N_("Did you mean {nearest}?")
KNOWN_ARE = N_("Known are: {known}.")


def unknown(
    what: str, name: str, known: Iterable[str], *, file: Path | Place | None = None, key: str = ""
) -> ConfigError:
    """The error for `name`, which is none of `known`; the template `what` gets `name`, `file` and `key`."""
    known = sorted(known)
    close = nearest(name, known)
    todo = DID_YOU_MEAN if close else KNOWN_ARE
    return ConfigError(what, todo=todo, nearest=close, known=", ".join(known), name=name, file=file, key=key)


class Table:
    """One table, of one file or of several that were laid one over the other; `key` is its whole name."""

    def __init__(self, files: Sequence[ConfigFile], values: Mapping[str, Any], key: KeyPath = ()) -> None:
        self.files = files
        """Those that it may be from, the one that counts last."""
        self._values = values
        self.key = key
        pattern = pattern_of(key)
        self._known = {} if pattern is None else below(pattern)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    @property
    def name(self) -> str:
        """Its whole name; empty for the top of the file."""
        return dotted(self.key)

    def value(self, key: str) -> Any:
        """`key`'s value, whatever it is; what is declared where it is absent."""
        found = self._values.get(key)
        setting = self._known.get(key)
        return setting.default if found is None and setting is not None else found

    def path(self, key: str) -> str:
        """`key`'s full name, such as `profiles.team.dialect`."""
        return dotted((*self.key, key))

    def file_of(self, *key: str) -> ConfigFile:
        """The file that `key`'s value is from; of an absent one, the file of what is around it."""
        whole = (*self.key, *key)
        prefixes = (whole[:end] for end in range(len(whole), -1, -1))
        found = (file for at in prefixes for file in reversed(self.files) if value_at(file.values, at) is not None)
        return next(found, ConfigFile(Path(), "", {}))

    def place(self, key: str) -> Place:
        """Where `key` stands; of an absent one, where what is around it does."""
        file = self.file_of(key)
        at: KeyPath = (*self.key, key)
        while at and value_at(file.values, at) is None:
            at = at[:-1]
        return file.place(at)

    def mistakes(self) -> Iterator[tuple[KeyPath, ConfigError]]:
        """All that is wrong with it, and in the tables below it, as far as single keys go; each with its whole name."""
        for key in self:
            at = (*self.key, key)
            setting = self._known.get(key) or self._known.get(ANY)
            if setting is None:
                what = N_("{file}: unknown key {key}")
                yield at, unknown(what, key, self._known, file=self.place(key), key=self.path(key))
            elif error := self._wrong(key, setting):
                yield at, error
            elif setting.kind == "table":
                yield from self.table(key).mistakes()
            elif setting.kind == "tables":
                for table in self.tables(key):
                    yield from table.mistakes()
        for name, setting in self._known.items():
            if setting.required and name not in self:
                yield (*self.key, name), self.missing(name)

    def missing(self, key: str) -> ConfigError:
        """The error that `key` has to be there."""
        return self.mistake(key, N_("{file}: {key} is missing"))

    def mistake(self, key: str, what: str, todo: str = "", **facts: object) -> ConfigError:
        """The error for `key`'s value; the templates get `file` with its line, `key`, and `found`, the value as TOML
        would have it.
        """
        found = shown(self._values.get(key))
        error = ConfigError(what, todo=todo, file=self.place(key), key=self.path(key), found=found)
        error.facts.update(facts)
        return error

    def _wrong(self, key: str, setting: Setting) -> ConfigError | None:
        """What is wrong with `key`'s value by what is declared of it; of a secret, its value is not shown."""
        value = self._values[key]
        match setting.kind:
            case "text" if not isinstance(value, str):
                found = _type(value) if setting.secret else shown(value)
                return self.mistake(key, N_("{file}: {key} is {found}; expected text in quotes"), found=found)
            case "text" if not value.strip() and not setting.empty:
                return self.mistake(key, N_("{file}: {key} is empty"), N_("Give it a value, or take the line out."))
            case "text" if setting.choices and value not in setting.choices:
                close = nearest(value, setting.choices)
                what = N_("{file}: {key} is {found}; expected one of {known}")
                known = ", ".join(setting.choices)
                return self.mistake(key, what, DID_YOU_MEAN if close else "", known=known, nearest=close)
            case "flag" if not isinstance(value, bool):
                return self.mistake(key, N_("{file}: {key} is {found}; expected true or false, without quotes"))
            case "number" | "whole" if not _is_between(value, setting.low, setting.high):
                what = N_("{file}: {key} is {found}; expected a number from {low} to {high}")
                return self.mistake(key, what, low=setting.low, high=setting.high)
            case "whole" if not isinstance(value, int):
                return self.mistake(key, N_("{file}: {key} is {found}; expected a whole number"))
            case "texts" if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                return self.mistake(key, N_("{file}: {key} is {found}; expected a list of texts in quotes"))
            case "texts" if setting.choices and (odd := [item for item in value if item not in setting.choices]):
                what = N_("{file}: {key} names {name}; expected some of {known}")
                return unknown(what, odd[0], setting.choices, file=self.place(key), key=self.path(key))
            case "table" if not isinstance(value, dict):
                return self.mistake(key, N_("{file}: {key} is {found}; expected a table: [{key}]"))
            case "tables" if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
                return self.mistake(key, N_("{file}: {key} is {found}; expected tables: [[{key}]]"))
            case _:
                return None

    # Once no mistake is found

    def text(self, key: str) -> str:
        """`key`'s text; empty where nobody gives one."""
        return str(self.value(key) or "")

    def flag(self, key: str) -> bool:
        """`key`'s truth."""
        return bool(self.value(key))

    def number(self, key: str) -> float:
        """`key`'s number."""
        return float(self.value(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """`key`'s list of texts."""
        return tuple(self.value(key) or ())

    def tables(self, key: str) -> list[Table]:
        """`key`'s tables, `[[key]]` each: those of the file below first."""
        at = (*self.key, key)
        return [
            Table([file], item, (*at, number))
            for file in self.files
            for number, item in enumerate(value_at(file.values, at) or (), 1)
        ]

    def table(self, key: str) -> Table:
        """`key`'s table; an empty one where `key` is absent."""
        return Table(self.files, self._values.get(key) or {}, (*self.key, key))


def _is_between(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _type(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "date")


def shown(value: object) -> str:
    """`value` in a sentence, as TOML would have it; a list or a table by its kind alone."""
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return "true" if value else "false"
        case list() | dict():
            return _type(value)
        case _:
            return str(value)
