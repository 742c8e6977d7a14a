"""All commands by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.commands import COMMANDS, key_signs
from tui.screens.words import words
from widgets.inputs import Choice
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def palette(main: MainScreen) -> None:
    """Run the command that the agent picks by its name."""
    choices = []
    for command in COMMANDS:
        if "." not in command.id and command.id != "palette":
            keys = ", ".join(key_signs(main.app.keys_of(command)))
            label = f"{_(command.name)} · {_(command.about)}"
            choices.append(Choice(command.id, label, command.id, keys, main.why_not(command)))
    picked = await main.app.push_screen_wait(PickDialog(_("Commands"), choices, words=words()))
    for command in COMMANDS:
        if command.id == picked:
            await main.run_action(command.action)
