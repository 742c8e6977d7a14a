"""A TOML table read key by key, so that a mistake names the file, the key, what was found and what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tui.model.errors import N_, ConfigError
from tui.model.naming import nearest

_TYPE_NAMES = {bool: "boolean", int: "integer", float: "float", str: "string", list: "array", dict: "table"}
"""TOML's own words; every other value that TOML knows is a date or a time."""

DID_YOU_MEAN = N_("Did you mean {nearest}?")
KNOWN_ARE = N_("Known are: {known}.")


def unknown(what: str, name: str, known: Iterable[str], *, file: Path | None = None, key: str = "") -> ConfigError:
    """The error for `name`, which is none of `known`; the template `what` gets `name`, `file` and `key`."""
    known = sorted(known)
    close = nearest(name, known)
    todo = DID_YOU_MEAN if close else KNOWN_ARE
    return ConfigError(what, todo=todo, nearest=close, known=", ".join(known), name=name, file=file, key=key)


class Table:
    """One table of a file; `name` is its full name, empty for the top of the file."""

    def __init__(self, values: Mapping[str, object], file: Path, name: str = "") -> None:
        self._values = values
        self.file = file
        self.name = name

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def value(self, key: str) -> object:
        """`key`'s value, whatever it is; None where it is absent."""
        return self._values.get(key)

    def path(self, key: str) -> str:
        """`key`'s full name, such as `profiles.team.dialect`."""
        return f"{self.name}.{key}" if self.name else key

    def allow(self, *known: str) -> None:
        """Refuse any key but `known`.

        Raises: ConfigError naming the key and its nearest neighbour.
        """
        for key in self._values:
            if key not in known:
                raise unknown(N_("{file}: unknown key {key}"), key, known, file=self.file, key=self.path(key))

    def mistake(self, key: str, what: str, todo: str = "", **facts: object) -> ConfigError:
        """The error for `key`'s value; the templates get `file`, `key`, and `found`, the value as TOML would have
        it.
        """
        error = ConfigError(what, todo=todo, file=self.file, key=self.path(key), found=_shown(self._values.get(key)))
        error.facts.update(facts)
        return error

    def text(self, key: str, default: str | None = None, *, secret: bool = False, empty: bool = False) -> str:
        """`key`'s text; `default` where `key` is absent, None for a key that must be there.

        It may not be `empty`, unless it says so. A `secret`'s value is not shown in an error.
        """
        value = self._values.get(key)
        if value is None:
            if default is None:
                raise self.mistake(key, N_("{file}: {key} is missing"))
            return default
        if not isinstance(value, str):
            found = _type(value) if secret else _shown(value)
            raise self.mistake(key, N_("{file}: {key} is {found}; expected text in quotes"), found=found)
        if not value.strip() and not empty:
            raise self.mistake(key, N_("{file}: {key} is empty"), N_("Give it a value, or take the line out."))
        return value

    def choice(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """`key`'s text, one of `known`."""
        value = self.text(key, default)
        known = tuple(known)
        if value not in known:
            raise self.mistake(
                key,
                N_("{file}: {key} is {found}; expected one of {known}"),
                DID_YOU_MEAN if nearest(value, known) else "",
                known=", ".join(known),
                nearest=nearest(value, known),
            )
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """`key`'s truth."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self.mistake(key, N_("{file}: {key} is {found}; expected true or false, without quotes"))
        return value

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """`key`'s number, from `low` to `high`."""
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.mistake(
                key, N_("{file}: {key} is {found}; expected a number from {low} to {high}"), low=low, high=high
            )
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """`key`'s whole number, from `low` to `high`."""
        value = self.number(key, default, low, high)
        if not isinstance(value, int):
            raise self.mistake(key, N_("{file}: {key} is {found}; expected a whole number"))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """`key`'s list of texts; empty where `key` is absent."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.mistake(key, N_("{file}: {key} is {found}; expected a list of texts in quotes"))
        return tuple(value)

    def tables(self, key: str) -> list[Table]:
        """`key`'s tables, `[[key]]` each; none where `key` is absent."""
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.mistake(key, N_("{file}: {key} is {found}; expected tables: [[{key}]]"))
        return [Table(item, self.file, f"{self.path(key)}[{number}]") for number, item in enumerate(value, 1)]

    def table(self, key: str) -> Table:
        """`key`'s table; an empty one where `key` is absent."""
        value = self._values.get(key, {})
        if not isinstance(value, dict):
            raise self.mistake(key, N_("{file}: {key} is {found}; expected a table: [{key}]"))
        return Table(value, self.file, self.path(key))


def _type(value: object) -> str:
    return _TYPE_NAMES.get(type(value), "date")


def _shown(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case bool():
            return "true" if value else "false"
        case list() | dict():
            return _type(value)
        case _:
            return str(value)
