"""The configuration's `[[views]]` and `[[templates]]`: lists by name, and texts that are often written."""

from __future__ import annotations

from collections.abc import Collection

from tui.config.settings import Path
from tui.config.table import Table
from tui.model.errors import ConfigError, InvalidError
from tui.model.saved_view import SavedView, check_view
from tui.model.template import KINDS, Template, check_places


def read_views(table: Table, unsound: Collection[Path]) -> tuple[tuple[SavedView, ...], list[ConfigError]]:
    """Return the views, and what is wrong with others; those with a mistake among `unsound` are left out.

    The agent's stand before the host's, so that they have the name or the key that both have. What their queries and
    columns name is found out when they are shown.
    """
    found: dict[str, SavedView] = {}
    mistakes = []
    for one in sorted(_sound(table, "views", unsound), key=lambda one: one.files[0].host):
        view = SavedView(one.text("name").strip(), one.text("query"), one.texts("columns"), one.text("key"), "given")
        try:
            check_view(view)
        except InvalidError as error:
            key = str(error.facts.get("field") or "name")
            mistakes.append(one.mistake(key, "{file}: {key}: " + error.what, error.todo, **_but_key(error)))
        found.setdefault(view.name, view)
    return tuple(found.values()), mistakes


def _sound(table: Table, key: str, unsound: Collection[Path]) -> list[Table]:
    if (key,) in unsound:
        return []
    return [one for one in table.tables(key) if not any(path[: len(one.key)] == one.key for path in unsound)]


def _but_key(error: InvalidError) -> dict[str, object]:
    """What `error` tells, in words that the file's own key does not hide."""
    return {name: fact for name, fact in error.facts.items() if name != "key"}


def read_templates(table: Table, unsound: Collection[Path]) -> tuple[tuple[Template, ...], list[ConfigError]]:
    """Return the templates, and what is wrong with others; those with a mistake among `unsound` are left out.

    The agent's takes the place of the host's of its name and kind.
    """
    found: dict[tuple[str, str], Template] = {}
    mistakes = []
    for one in _sound(table, "templates", unsound):
        text, kind = one.text("text"), one.text("kind")
        try:
            check_places(text)
        except InvalidError as error:
            mistakes.append(one.mistake("text", "{file}: {key}: " + error.what, error.todo, **error.facts))
        name = one.text("name").strip()
        found[name, kind] = Template(name, next(known for known in KINDS if known == kind), text, given=True)
    return tuple(found.values()), mistakes
