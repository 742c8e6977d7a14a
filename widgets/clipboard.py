"""Text for the clipboard of whoever sits at the terminal, over any number of SSH hops: OSC 52.

A multiplexer in between keeps what it does not know, so the sequence is also wrapped for it to pass on.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

LONGEST: Final = 74_994
"""Bytes of base64 that terminals take at least; the smallest known limit is hterm's."""

_SCREEN_CHUNK: Final = 240
"""Characters of a control string that every GNU screen takes: its buffer was once 256."""


def copy_sequence(text: str, environment: Mapping[str, str]) -> str:
    """What a terminal must be sent to copy `text`.

    Args:
        text: What to copy; may be empty, which clears the clipboard.
        environment: Tells of tmux (TMUX, TERM) and of GNU screen (STY).

    Raises:
        ValueError: if `text` is longer than terminals take (`LONGEST`).
    """
    payload = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    if len(payload) > LONGEST:
        raise ValueError(f"{len(payload)} bytes of base64 are more than a terminal's clipboard takes, {LONGEST}")
    sequence = f"\x1b]52;c;{payload}\x07"
    if "TMUX" in environment or environment.get("TERM", "").startswith("tmux"):
        # Bare for a tmux that handles the clipboard itself, wrapped for one that lets others do it: it is one or the
        # other, by its options `set-clipboard` and `allow-passthrough`.
        escaped = sequence.replace("\x1b", "\x1b\x1b")
        return f"{sequence}\x1bPtmux;{escaped}\x1b\\"
    if "STY" not in environment and not environment.get("TERM", "").startswith("screen"):
        return sequence
    chunks = (sequence[start : start + _SCREEN_CHUNK] for start in range(0, len(sequence), _SCREEN_CHUNK))
    wrapped = "".join(f"\x1bP{chunk}\x1b\\" for chunk in chunks)
    # SSH takes TERM along, but not STY and TMUX: a `screen` may then be either. GNU screen passes over the bare one;
    # tmux takes the first piece of the wrapped one for all of it, so the bare one comes last.
    return wrapped if "STY" in environment else wrapped + sequence
