"""The README's table of keys, made from the commands themselves: `uv run python -m tests.readme`."""

from __future__ import annotations

import re
from pathlib import Path

from tui.screens.main.commands import COMMANDS
from widgets.bars import key_signs

README = Path(__file__).parents[1] / "README.md"
SECTION = re.compile(r"(<!-- keys -->\n).*?(<!-- /keys -->)", re.DOTALL)


def with_keys(text: str) -> str:
    """`text`, the README's, with the table of keys as the commands have them now."""
    rows = ["| key | does | name |", "|---|---|---|"]
    for command in COMMANDS:
        keys = " ".join(f"`{sign}`" for sign in key_signs(command.keys))
        rows.append(f"| {keys} | {command.about} | `{command.id}` |")
    table = "\n".join(rows)
    return SECTION.sub(lambda match: f"{match[1]}{table}\n{match[2]}", text)


if __name__ == "__main__":
    README.write_text(with_keys(README.read_text(encoding="utf-8")), encoding="utf-8")
