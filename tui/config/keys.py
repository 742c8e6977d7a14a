"""The configuration's `[keys]`: each command's keys, as a terminal can send them and as Textual spells them."""

from __future__ import annotations

import string
import unicodedata

from tui.config.table import DID_YOU_MEAN, Table
from tui.model.errors import N_, ConfigError
from tui.model.naming import nearest

_SIGN_NAMES = {"solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus"}
_SIGN_NAMES |= {"plus_sign": "plus", "low_line": "underscore"}
"""Signs that Textual calls otherwise than Unicode does."""

_TWINS = str.maketrans("、【】《》。", "/[]<>.")
"""Signs of a Chinese input method that stand on a key of their own; the other full-width ones fold to theirs."""

MOVES = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete")
FUNCTIONS = tuple(f"f{number}" for number in range(1, 25))
NAMED = (*MOVES, *FUNCTIONS, "enter", "tab", "escape", "space", "backspace")
"""Keys that are called by a name."""

_MODIFIERS = ("alt", "ctrl", "shift")
"""In the order in which Textual writes them."""

SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+j": "enter", "ctrl+h": "backspace"}
SAME |= {"ctrl+left_square_bracket": "escape"}
"""Keys that a terminal sends as others, so that nothing could be told of them."""


def _sign_name(character: str) -> str:
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _SIGN_NAMES.get(name, name)


SIGNS = {_sign_name(sign): sign for sign in string.punctuation}
"""Textual's names of the signs on a keyboard."""

_CTRL_SIGNS = ("at", "backslash", "right_square_bracket", "circumflex_accent", "underscore", "left_square_bracket")
_EVERY = (
    *NAMED,
    *SIGNS,
    *(f"ctrl+{key}" for key in (*string.ascii_lowercase, *MOVES)),
    *(f"alt+{key}" for key in string.ascii_lowercase),
    *(f"shift+{key}" for key in (*MOVES, "tab")),
)


def types_a_character(key: str) -> bool:
    """Return whether `key` puts a character into a text."""
    return len(key) == 1 or key in SIGNS or key == "space"


def key_name(text: str) -> str:
    """Return Textual's name of the key that `text` means, whatever its case and width; empty where there is none."""
    folded = unicodedata.normalize("NFKC", text.translate(_TWINS)).strip()
    if len(folded) == 1:
        return (folded if folded.isalnum() else _sign_name(folded)) if folded.isprintable() else ""
    *modifiers, base = [part.strip() for part in folded.lower().split("+")]
    if len(base) == 1 and not base.isalnum():
        base = _sign_name(base)
    if modifiers == ["ctrl"] and base == "space":
        base = "at"
    return "+".join([*sorted(modifiers), base]) if _exists(modifiers, base) else ""


def _exists(modifiers: list[str], base: str) -> bool:
    if len({*modifiers}) < len(modifiers) or not {*modifiers} <= {*_MODIFIERS}:
        return False
    moves = base in MOVES or base in FUNCTIONS
    match sorted(modifiers):
        case []:
            return base in NAMED or base in SIGNS
        case ["ctrl"]:
            return moves or base in _CTRL_SIGNS or (len(base) == 1 and base in string.ascii_lowercase)
        case ["shift"]:
            return moves or base == "tab"
        case ["alt"]:
            return moves or len(base) == 1 or base in SIGNS
        case _:
            return moves


def read_keys(table: Table) -> tuple[dict[str, str], tuple[ConfigError, ...]]:
    """Return what `table` gives to each command, a comma between keys, and all that is wrong with it.

    A command without a good key keeps its own; an empty list leaves it without one. Which commands there are is not
    known here.
    """
    keys: dict[str, str] = {}
    problems: list[ConfigError] = []
    for command in table:
        value = table.value(command)
        if isinstance(value, dict):  # a name with a dot and without quotes
            inner, wrong = read_keys(table.table(command))
            keys |= {f"{command}.{name}": given for name, given in inner.items()}
            problems += wrong
        elif value == []:
            keys[command] = ""
        elif isinstance(value, str) and not value.strip():
            todo = N_("Name a key, or take the line out.")
            problems.append(table.mistake(command, N_("{file}: {key} is empty"), todo))
        elif (texts := _texts(value)) is None:
            what = N_("{file}: {key} is {found}; expected a key in quotes, or a list of them")
            problems.append(table.mistake(command, what))
        else:
            found = [(key_name(text), _problem(table, command, text)) for text in texts]
            problems += [problem for _key, problem in found if problem is not None]
            if good := [key for key, problem in found if problem is None]:
                keys[command] = ",".join(dict.fromkeys(good))
    return keys, tuple(problems)


def _texts(value: object) -> list[str] | None:
    """Return the keys of an entry one by one; None where it holds anything but texts."""
    if isinstance(value, str):
        return [value] if len(value.strip()) == 1 else [part for part in value.split(",") if part.strip()]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [str(item) for item in value]
    return None


def _problem(table: Table, command: str, text: str) -> ConfigError | None:
    """Return why `command` cannot have the key `text`."""
    name = key_name(text)
    if twin := SAME.get(name):
        what = N_("{file}: {key} is {found}, which a terminal sends as {twin}")
        return table.mistake(command, what, N_("Choose another key."), found=f'"{text}"', twin=twin)
    if name:
        return None
    close = _nearest_key(text)
    todo = DID_YOU_MEAN if close else N_("A key is a letter, a sign, or such as f5, ctrl+x, alt+x, shift+tab or space.")
    what = N_("{file}: {key} is {found}, and there is no such key")
    return table.mistake(command, what, todo, found=f'"{text}"', nearest=close)


def _nearest_key(text: str) -> str:
    """Return the key that `text` may be meant for."""
    *modifiers, base = text.strip().lower().split("+")
    if modifiers[-1:] == ["shift"] and len(base) == 1 and base.isalpha():
        return base.upper() if len(modifiers) == 1 else f"ctrl+{base}"  # a terminal sends no Shift with a letter
    return nearest(text, _EVERY)
