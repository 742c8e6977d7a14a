"""Whether a line lies between the desk and whoever looks at it."""

from __future__ import annotations

from collections.abc import Mapping


def over_ssh(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is at the other end of an SSH connection, as far as ENVIRON tells."""
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
