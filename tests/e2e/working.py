"""What an agent does at the desk, with the keys and words of a person."""

from __future__ import annotations

import re

from tests.e2e.terminal import Terminal

FOCUSED = r"(?:^|\n|│ )▌[ •]{label}\*? "
"""The form's field that has the keys: at the left of the terminal, or of a dialog's box."""


def type_into(terminal: Terminal, label: str, text: str, *, anew: bool = False) -> None:
    """Type `text` into the field `label`, which has the keys; `anew` instead of what it holds."""
    terminal.wait_for(FOCUSED.format(label=re.escape(label)))
    if anew:
        terminal.press("ctrl+a", "ctrl+k")
    terminal.press(text)
    terminal.wait_for(re.escape(text))


def go_to_field(terminal: Terminal, label: str, tabs: int) -> None:
    """Press Tab so often, all at once as a slow line delivers it, that the field `label` has the keys."""
    terminal.press(*["tab"] * tabs)
    terminal.wait_for(FOCUSED.format(label=re.escape(label)))


def search(terminal: Terminal, text: str, *names: str) -> None:
    """Search what was seen here for `text`, which finds `names` alone; then leave the search."""
    terminal.press("/", text)
    terminal.wait_for(rf"Customers +{len(names)} found")
    for name in names:
        terminal.wait_for(rf"\n (?:▌| ) {name} .*\d{{4}}-")
    terminal.press("enter", "ctrl+q")
    terminal.wait_until_gone("found")


def set_remark(terminal: Terminal, name: str, text: str) -> None:
    """Set the remark on the customer `name`, who is open."""
    terminal.press("r")
    type_into(terminal, "Remark", text, anew=True)
    terminal.press("ctrl+s")
    terminal.wait_for(f"✓ Remark on {name} saved")


def follow_up(terminal: Terminal, name: str, *texts: str) -> None:
    """Write follow-ups for the customer `name`, who is open."""
    terminal.press("f")
    for number, text in enumerate(texts, 1):
        if number > 1:
            terminal.press("ctrl+n")
        type_into(terminal, "Follow-up" if number == 1 else f"Follow-up {number}", text)
    terminal.press("ctrl+s")
    terminal.wait_for(f"✓ Follow-up on {name} sent")


def edit_field(terminal: Terminal, name: str, label: str, tabs: int, text: str) -> None:
    """Give one field of the customer `name`, who is shown, another text; it is `tabs` after the first."""
    terminal.press("e")
    terminal.wait_for(rf"Edit {name}[\s\S]*" + FOCUSED.format(label=r"\S+"))
    go_to_field(terminal, label, tabs)
    type_into(terminal, label, text, anew=True)
    terminal.wait_for("1 field changed")
    terminal.press("ctrl+s")
    terminal.wait_for(rf"Save 1 change\?[\s\S]*→ {text}")
    terminal.press("y")
    terminal.wait_for(f"✓ Saved {name}")


def switch_profile(terminal: Terminal, name: str) -> None:
    """Leave the profile for the one called `name`."""
    terminal.press("P")
    terminal.wait_for("type to filter")
    terminal.press(name)
    terminal.wait_for(rf"▸ +{name}")
    terminal.press("enter")
    terminal.wait_for(rf"kehu  {name} .* ms")


def quit_desk(terminal: Terminal, *, with_drafts: bool = False) -> None:
    """Leave the desk from its list, and have the terminal back as it was."""
    terminal.press("q")
    if with_drafts:
        terminal.wait_for("Leave\\?[\\s\\S]*y yes")
        terminal.press("y")
    assert terminal.wait_for_exit() == 0
    written = bytes(terminal.raw)
    assert written.rindex(b"\x1b[?1049l") > written.rindex(b"\x1b[?1049h")
    assert written.rindex(b"\x1b[?25h") > written.rindex(b"\x1b[?25l")
