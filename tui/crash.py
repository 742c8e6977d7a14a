"""What is left of a crash: a file that says what went wrong and where, and never with which values."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from tui.locale import _
from tui.model.errors import KehuError

LOG = "crash.log"
"""The file in the data folder."""

LOG_LIMIT = 256 * 1024
"""Bytes from which on the log begins anew: a hundred crashes."""

EXIT_CODE = 70
"""What sysexits.h calls a fault of the program itself."""


def told(error: BaseException, path: Path | None) -> tuple[str, str]:
    """Return what a person is told of `error`, and where it is written: in `path`; empty where it is nowhere."""
    what = _("a fault in kehu itself ended it ({kind}); what you typed and what is to be sent is kept")
    where = _("Where it happened is written in {path}.").format(path=path) if path else ""
    return what.format(kind=type(error).__name__), where


def log(error: BaseException) -> None:
    """Write `error` to the file that `KEHU_LOG` names, where it names one: what it is and where it happened."""
    if os.environ.get("KEHU_LOG"):
        import logging

        logging.getLogger("tui").warning("%s", "".join(lines_of(error)).rstrip())


def note(error: BaseException, folder: Path) -> Path | None:
    """Write `error` to the log in `folder`; where it stands now, or None where the disk refuses.

    Of an error that is not our own only its type is told: its words may hold what an agent typed, or a token.
    """
    path = folder / LOG
    log(error)
    try:
        fresh = path.exists() and path.stat().st_size > LOG_LIMIT
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if fresh else os.O_APPEND)
        with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", errors="backslashreplace") as file:
            python = ".".join(map(str, sys.version_info[:3]))
            file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} Python {python}\n")
            file.writelines(lines_of(error))
            file.write("\n")
    except OSError:
        return None
    return path


def lines_of(error: BaseException) -> Iterator[str]:
    """`error` and what led to it, the last first: files, lines and functions."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        words = f": {cause.what}" if isinstance(cause, KehuError) else ""
        yield f"{type(cause).__module__}.{type(cause).__qualname__}{words}\n"
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}\n"
        cause = cause.__cause__ or cause.__context__
        if cause is not None:
            yield "after\n"
