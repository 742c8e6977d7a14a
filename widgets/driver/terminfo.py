"""Which stream is the terminal, and what terminals can do by their names."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final, TextIO


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection, as far as `environ` tells."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def screen_stream() -> TextIO | None:
    """Return where a desk is drawn: standard error as Textual does it, or standard output where that alone is one.

    So `2>file` keeps what goes wrong in a file, and `>file` what is printed; None where standard error is closed and
    standard output is no terminal.
    """
    error, output = sys.__stderr__, sys.__stdout__
    if (error is None or not error.isatty()) and output is not None and output.isatty():
        return output
    return error


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
    """Whether a terminal whose `term` is this fills what it erases with the background in force."""
    return term.startswith(_ERASE_IN_COLOUR)
