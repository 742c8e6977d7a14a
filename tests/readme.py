"""The README's tables of keys and of columns, made from what they tell of: `uv run python -m tests.readme`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tui.model.columns import COLUMNS, LIST_KEYS, TABLE_KEYS
from tui.screens.main.commands import COMMANDS
from widgets.bars import key_signs

README = Path(__file__).parents[1] / "README.md"


def with_tables(text: str) -> str:
    """`text`, the README's, with its tables as the commands and the columns have them now."""
    keys = [
        (" ".join(f"`{sign}`" for sign in key_signs(command.keys)), command.about, f"`{command.id}`")
        for command in COMMANDS
    ]
    columns = [(f"`{column.key}`", column.label, column.about, _shown(column.key)) for column in COLUMNS.values()]
    text = _with_table(text, "keys", ("key", "does", "name"), keys)
    return _with_table(text, "columns", ("name", "heading", "shows", "without a choice"), columns)


def _shown(key: str) -> str:
    """Where the column `key` is shown unless others are chosen."""
    places = {"desk": LIST_KEYS, "command line": TABLE_KEYS}
    return ", ".join(place for place, keys in places.items() if key in keys)


def _with_table(text: str, name: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (headings, *rows)]
    lines.insert(1, "|---" * lines[0].count(" | ") + "|---|")
    table = "\n".join(lines)
    section = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    assert section.search(text), name
    return section.sub(lambda match: f"{match[1]}{table}\n{match[2]}", text)


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
