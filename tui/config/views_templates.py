"""The configuration's `[[views]]` and `[[templates]]`: lists by name, and texts that are often written."""

from __future__ import annotations

from tui.config.table import Table
from tui.model.errors import InvalidError
from tui.model.saved_view import SavedView, check_view
from tui.model.template import KINDS, Template, check_places


def read_views(table: Table) -> tuple[SavedView, ...]:
    """Return the views of the file; what their queries and columns name is found out when they are shown.

    Raises: ConfigError for the first mistake.
    """
    found = []
    for one in table.tables("views"):
        one.allow("name", "query", "columns", "key")
        view = SavedView(
            one.text("name").strip(), one.text("query"), one.texts("columns"), one.text("key", ""), "given"
        )
        try:
            check_view(view)
        except InvalidError as error:
            key = str(error.facts.get("field") or "name")
            raise one.mistake(key, "{file}: {key}: " + error.what, error.todo, **_but_key(error)) from error
        found.append(view)
    return tuple(found)


def _but_key(error: InvalidError) -> dict[str, object]:
    """What `error` tells, in words that the file's own key does not hide."""
    return {name: fact for name, fact in error.facts.items() if name != "key"}


def read_templates(table: Table) -> tuple[Template, ...]:
    """Return the templates of the file.

    Raises: ConfigError for the first mistake.
    """
    found = []
    for one in table.tables("templates"):
        one.allow("name", "kind", "text")
        text = one.text("text")
        try:
            check_places(text)
        except InvalidError as error:
            raise one.mistake("text", "{file}: {key}: " + error.what, error.todo, **error.facts) from error
        kind = next(kind for kind in KINDS if kind == one.choice("kind", KINDS, KINDS[0]))
        found.append(Template(one.text("name").strip(), kind, text, given=True))
    return tuple(found)
