"""What is longer than the screen, read in the agent's pager: `KEHU_PAGER`, `PAGER`, or `less`, as git does it.

What fits on the screen is written as it is. A pager that is left early is a reader that went away.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress

from tui.text import width

LESS = {"LESS": "FRX", "LV": "-c"}
"""Options of pagers that say none themselves: colours as they are, and the text stays on the screen."""


def pager_command(environ: Mapping[str, str]) -> str:
    """Return the command that reads long texts; empty where none is wanted, or there is none."""
    named = environ.get("KEHU_PAGER", environ.get("PAGER", "less")).strip()
    try:
        program = shlex.split(named)[0] if named else "cat"
    except ValueError:
        program = named
    return "" if program == "cat" or shutil.which(program) is None else named


class Pager:
    """Takes what is written, holds a screen of it back, and gives all to `command` once it is more than that.

    `put` writes to the terminal itself. Raises, as it does: OSError, BrokenPipeError where the pager was left.
    """

    def __init__(self, command: str, columns: int, lines: int, put: Callable[[bytes], object]) -> None:
        self._command = command
        self._columns = max(columns, 1)
        self._room = lines - 1  # the prompt's line
        self._put = put
        self._held: list[bytes] = []
        self._process: subprocess.Popen[bytes] | None = None
        self.over = False
        """What is written from here on goes to the terminal."""

    def write(self, content: bytes) -> None:
        """Take whole lines."""
        if self._process is not None:
            self._give(content)
            return
        self._held.append(content)
        self._room -= sum(
            -(-width(line) // self._columns) or 1 for line in content.decode("utf-8", "replace").splitlines()
        )
        if self._room < 0:
            self._begin()

    def _begin(self) -> None:
        held, self._held = self._held, []
        environ = {**LESS, **os.environ}
        arguments = ["/bin/sh", "-c", self._command]  # as POSIX has it, PAGER is a shell's; it is the agent's own
        self._process = subprocess.Popen(arguments, stdin=subprocess.PIPE, env=environ, bufsize=0)  # noqa: S603
        for content in held:
            self._give(content)

    def _give(self, content: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        rest = memoryview(content)
        while rest:
            rest = rest[self._process.stdin.write(rest) or 0 :]

    def finish(self) -> None:
        """Write what is held; where the pager reads, wait until the agent leaves it. Ctrl-C is the pager's by then."""
        if self.over:
            return
        self.over = True
        for content in self._held:
            self._put(content)
        self._held.clear()
        if self._process is None:
            return
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with suppress(OSError):
                if self._process.stdin is not None:
                    self._process.stdin.close()
            self._process.wait()
        finally:
            signal.signal(signal.SIGINT, before)
