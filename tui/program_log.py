"""What the program did, in the file that `KEHU_LOG` names: starts, calls, errors with where they happened.

No secret, no value and no text of anybody is in it: a call is its method, path, status, time and size, an error is its
kind and the lines that led to it. Several processes may write the same file, which is private and bounded.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from tui.text import plain

LIMIT = 4 * 1024 * 1024
"""Bytes from which on the file is moved to FILE.1, in the place of the one before."""

NAME = "tui"
"""The logger above all of the program's."""


class BoundedFile(logging.Handler):
    """Adds a line to a file for each record, whole or not at all; raises nothing once it is open."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._descriptor = self._open()

    def _open(self) -> int:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.fchmod(descriptor, 0o600)
        return descriptor

    def emit(self, record: logging.LogRecord) -> None:
        """Write `record`; where the disk refuses it is lost."""
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(record.created))
        lines = [plain(line) for line in record.getMessage().splitlines()] or [""]
        text = f"{stamp} {os.getpid()} {record.levelname} {record.name}: " + "\n  ".join(lines) + "\n"
        try:
            self._turn_over()
            os.write(self._descriptor, text.encode("utf-8", "backslashreplace"))
        except OSError:
            pass

    def _turn_over(self) -> None:
        """Begin a new file where this one is full, or another process has begun one."""
        if not self._is_in_place():
            self._reopen()
        if os.fstat(self._descriptor).st_size < LIMIT:
            return
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)  # given back with the descriptor
        if self._is_in_place():
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        self._reopen()

    def _reopen(self) -> None:
        old, self._descriptor = self._descriptor, self._open()
        os.close(old)

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except OSError:
            return False

    def close(self) -> None:
        """Close the file."""
        super().close()
        os.close(self._descriptor)


def begin(path: Path, arguments: Sequence[str], commands: Collection[str]) -> None:
    """Write to `path` from here on. Of the `arguments` only the command and the options' names are told.

    Raises: OSError where the file cannot be written.
    """
    from importlib.metadata import version

    logger = logging.getLogger(NAME)
    if any(isinstance(handler, BoundedFile) for handler in logger.handlers):
        return
    logger.addHandler(BoundedFile(path.expanduser()))
    logger.setLevel(logging.DEBUG)
    command = next((word for word in arguments if word in commands), "")
    options = [word.partition("=")[0] for word in arguments if word.startswith("--")]
    python = ".".join(map(str, sys.version_info[:3]))
    words = " ".join(("kehu", *filter(None, (command, *options))))
    logger.info("start: %s (kehu %s, Python %s)", words, version("kehu"), python)


def end() -> None:
    """Tell that the program ends."""
    logging.getLogger(NAME).info("end")
