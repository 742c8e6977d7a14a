"""The configuration's `[[templates]]`: texts that are often written."""

from __future__ import annotations

from tui.config.table import Table
from tui.model.errors import InvalidError
from tui.model.template import KINDS, Template, check_places


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
