"""All keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.locale import N_, _
from tui.screens.main.commands import COMMANDS
from tui.screens.widget_texts import words
from tui.text import fit, width, wrap
from widgets.bars import NO_KEY, key_signs
from widgets.dialog import DETAIL_CELLS, MessageDialog
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


async def palette(main: MainScreen) -> None:
    """Run the command that the agent picks by its name."""
    choices = []
    for command in COMMANDS:
        if "." not in command.id and command.id != "palette":
            keys = ", ".join(key_signs(main.app.keys_of(command)))
            label = f"{_(command.name)} · {_(command.about)}"
            choices.append(PickOption(command.id, label, command.id, keys, main.why_not(command)))
    picked = await main.app.push_screen_wait(PickDialog(_("Commands"), choices, words=words()))
    for command in COMMANDS:
        if command.id == picked:
            await main.run_action(command.action)


FORM_KEYS = (
    ((("form.next", "tab"), ("form.previous", "shift+tab")), N_("next field, field before")),
    ((("dialog.send", "ctrl+s"),), N_("send")),
    ((("", "ctrl+z"), ("", "ctrl+y")), N_("undo what was typed, do it again")),
    ((("dialog.leave", "escape"), ("dialog.leave_too", "ctrl+q")), N_("leave; what was typed is kept as a draft")),
)
"""What a form's keys do, which are the same in all of them: the names by which they are configured, and their own."""

INDENT = 2
"""Cells left of a key, and between the longest one and what it does."""

MARGINS = 6
"""Columns of a narrow terminal that the dialog does not write in."""


async def help(main: MainScreen) -> None:
    """Show every key, what it does, and what this vendor cannot do."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        reason = main.why_not(command)
        about = _(command.about) + (f" ({reason})" if reason else "")
        keys = " ".join(key_signs(main.app.keys_of(command))) or "–"
        rows.setdefault(_(command.group), []).append((keys, about))
    changed = main.app.changed_keys
    for names, about in FORM_KEYS:
        signs = [sign for name, own in names for sign in key_signs(changed.get(name, own)) if sign != NO_KEY]
        rows.setdefault(_("In a form"), []).append((" ".join(signs) or "–", _(about)))
    column = max(width(keys) for group in rows.values() for keys, _about in group) + INDENT
    room = max(1, min(DETAIL_CELLS, main.app.size.width - MARGINS) - INDENT - column)
    lines: list[str] = []
    for group, members in rows.items():
        lines.append(group)
        for keys, about in members:
            first, *rest = wrap(about, room)
            lines.append(" " * INDENT + fit(keys, column) + first)
            lines += (" " * (INDENT + column) + line for line in rest)
        lines.append("")
    lines.append(
        _("kehu has the mouse (mouse = true): hold Shift to select and copy in the terminal.")
        if main.app.config.mouse
        else _("The mouse is left to your terminal: select and copy as you always do.")
    )
    await main.app.push_screen_wait(MessageDialog(_("Keys"), "\n".join(lines), words=words()))
