"""All keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.commands import COMMANDS, key_signs
from tui.screens.words import words
from tui.text import fit, width
from widgets.dialog import MessageDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def help(main: MainScreen) -> None:
    """Show every key, what it does, and what this vendor cannot do."""
    rows = [(command, " ".join(key_signs(main.app.keys_of(command)))) for command in COMMANDS]
    column = max(width(keys) for _command, keys in rows) + 2
    lines: list[str] = []
    group = ""
    for command, keys in rows:
        if command.group != group:
            group = command.group
            lines += ["", _(group)]
        reason = main.why_not(command)
        lines.append("  " + fit(keys, column) + _(command.about) + (f" ({reason})" if reason else ""))
    lines += [
        "",
        _("In a form"),
        "  " + fit("Tab Shift+Tab", column) + _("next field, field before"),
        "  " + fit("ctrl+s", column) + _("send"),
        "  " + fit("ctrl+z ctrl+y", column) + _("undo what was typed, do it again"),
        "  " + fit("Esc ctrl+q", column) + _("leave; what was typed is kept as a draft"),
        "",
        _("kehu has the mouse (mouse = true): hold Shift to select and copy in the terminal.")
        if main.app.config.mouse
        else _("The mouse is left to your terminal: select and copy as you always do."),
    ]
    await main.app.push_screen_wait(MessageDialog(_("Keys"), "\n".join(lines[1:]), words=words()))
