"""What terminals can do, by their names."""

from __future__ import annotations

from typing import Final

_ERASE_IN_COLOUR: Final = (
    "alacritty",
    "contour",
    "foot",
    "ghostty",
    "gnome",
    "iterm",
    "kitty",
    "konsole",
    "linux",
    "mintty",
    "putty",
    "rio",
    "rxvt",
    "st-",
    "vte",
    "wezterm",
    "xterm",
)
"""How TERM begins where erased cells take the background in force: terminfo's `bce`, which `screen` and `tmux` lack."""


def erases_in_colour(term: str) -> bool:
    """Whether a terminal whose TERM is this fills what it erases with the background in force."""
    return term.startswith(_ERASE_IN_COLOUR)
