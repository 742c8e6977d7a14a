"""The standard streams, and the one way on which anything is written to them.

A text for a person steers no terminal; what its encoding lacks is spelt out. JSON is UTF-8, whatever the locale. What
standard output does not take ends the command (`UnwritableError`); what standard error does not take is lost, since
nobody is left who could be told.
"""

from __future__ import annotations

import errno
import io
import locale
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TextIO

from tui.text import plain

if TYPE_CHECKING:
    from tui.cli.pager import Pager

DESCRIPTORS = (0, 1, 2)
"""Those of standard input, output and error."""

NO_CONTROLS = ("", "dumb", "unknown")
"""What TERM is where a terminal knows no control sequences."""

ERASE = "\r\x1b[K"
"""Goes to the line's begin and erases it (ECMA-48, 8.3.41)."""


STYLES = {"heading": "1", "label": "36", "error": "1;31", "good": "32", "bad": "31"}
"""What is told by colour too, and never by it alone: select graphic rendition (ECMA-48, 8.3.117)."""


@dataclass
class Manners:
    """How one run of the command writes."""

    colour: str = "auto"
    """`auto`, `always` or `never`."""
    quiet: bool = False
    """Of what is told beside the data, errors alone."""
    pages: bool = True
    """What is longer than the screen is read in a pager."""


manners = Manners()
_pager: Pager | None = None


class UnwritableError(Exception):
    """Standard output does not take what is written to it; the message says why."""


class _Closed(io.TextIOBase):
    """Standard output that was closed before the program began."""

    def write(self, text: str) -> int:
        """Raises: OSError."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


@contextmanager
def standard_streams() -> Iterator[None]:
    """Have all three streams be there while the block runs, and take every text.

    The descriptor of a closed one leads nowhere: the next file that is opened, a database, would get it, and be written
    over with whatever is written to the stream.
    """
    for descriptor in DESCRIPTORS:
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest that is free, which is this one
    global manners, _pager
    manners, _pager = Manners(), None
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            _leave_pager()
        sys.stdin, sys.stdout, sys.stderr = before


def typed_arguments(arguments: Sequence[str]) -> list[str]:
    """`arguments`, the process's own, as they were typed.

    In a locale of one byte a letter (C, Latin-1) Python takes each byte of what a terminal sent in UTF-8 for a letter.
    """
    return [_typed(argument) for argument in arguments]


def _typed(argument: str) -> str:
    if argument.isascii() or _HAN.encode(locale.getencoding(), "ignore"):
        return argument
    try:
        return os.fsencode(argument).decode()
    except UnicodeError:
        return argument


_HAN = "\u4e2d"
"""A character that the encodings have in which Chinese is typed."""


def file_name(typed: str) -> str:
    """`typed` as the file system's functions take it: its bytes, which need not be of the locale's encoding."""
    try:
        os.fsencode(typed)
    except UnicodeEncodeError:
        return os.fsdecode(typed.encode(errors="replace"))  # replaced: half a surrogate pair, which no name has
    return typed


STDIN = "-"
"""The name of a file, or the text of an option, that means standard input."""


def read_stdin() -> bytes:
    """Return all of standard input."""
    return sys.stdin.buffer.read() if isinstance(sys.stdin, io.TextIOWrapper) else sys.stdin.read().encode()


def write_text(text: str, style: str = "", first: int | None = None) -> None:
    """Write lines for a person to standard output, the `first` characters, or all of them, in one of `STYLES`.

    Raises: UnwritableError; BrokenPipeError.
    """
    with _told():
        _write(sys.stdout, _painted(harmless(text), style, first, sys.stdout) + "\n")


def write_fields(text: str) -> None:
    """Write one line, whose tabs part what a program reads, to standard output.

    Raises: UnwritableError; BrokenPipeError.
    """
    with _told():
        sys.stdout.write(f"{text}\n")


def write_json(text: str) -> None:
    """Write a JSON document, which holds nothing that a terminal obeys, to standard output.

    Raises: UnwritableError; BrokenPipeError.
    """
    with _told():
        _write_utf8(sys.stdout, text + "\n")


def write_bytes(content: bytes) -> None:
    """Write a piece of a file to standard output; on a terminal its text, of whole lines, steers nothing.

    Raises: UnwritableError; BrokenPipeError.
    """
    with _told():
        if sys.stdout.isatty():
            _write(sys.stdout, harmless(content.decode("utf-8", "replace")))
            return
        if not isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.write(content.decode("utf-8", "replace"))  # a test's, which has no encoding
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


def finish_output() -> None:
    """See that all of it is written.

    Raises: UnwritableError; BrokenPipeError.
    """
    with _told():
        _leave_pager()
        sys.stdout.flush()


def give_up_output() -> None:
    """Let what is left to be written lead nowhere: Python would try once more when it ends, and complain."""
    _lead_nowhere(sys.stdout)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # ValueError: closed meanwhile
        raise UnwritableError(getattr(error, "strerror", None) or str(error)) from error


def tell_text(text: str, style: str = "", first: int | None = None) -> None:
    """Write lines for a person to standard error; see `write_text`."""
    with _not_told():
        _write(sys.stderr, _painted(harmless(text), style, first, sys.stderr) + "\n")
        sys.stderr.flush()


def ask(question: str) -> None:
    """Write `question` to standard error, where its answer is typed beside it."""
    with _not_told():
        _leave_pager()
        sys.stderr.write(harmless(question))
        sys.stderr.flush()


def tell_json(text: str) -> None:
    """Write a JSON document, which holds nothing that a terminal obeys, to standard error."""
    with _not_told():
        _write_utf8(sys.stderr, text + "\n")
        sys.stderr.flush()


def can_rewrite() -> bool:
    """Whether standard error is a terminal that can erase a line."""
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in NO_CONTROLS


def rewrite_line(text: str) -> None:
    """Write `text` over the line that the cursor is on, where `can_rewrite`."""
    with _not_told():
        _leave_pager()
        sys.stderr.write(ERASE + harmless(text))
        sys.stderr.flush()


@contextmanager
def _not_told() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError):
        _lead_nowhere(sys.stderr)


def harmless(text: str) -> str:
    """`text`, of one line or several, without what a terminal could obey."""
    return "\n".join(map(plain, text.split("\n")))


def in_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether what is written to `stream` is coloured: as --color says, else as NO_COLOR and CLICOLOR do."""
    if manners.colour != "auto":
        return manners.colour == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return environ.get("CLICOLOR") != "0" and environ.get("TERM", "") not in NO_CONTROLS and stream.isatty()


def _painted(text: str, style: str, first: int | None, stream: TextIO) -> str:
    if not style or not in_colour(stream, os.environ):
        return text
    first = len(text) if first is None else first
    return f"\x1b[{STYLES[style]}m{text[:first]}\x1b[m{text[first:]}"


def _write(stream: TextIO, text: str) -> None:
    """Write lines to `stream`, or to the pager in which it is read."""
    pager = _pager_of(stream)
    if pager is None:
        stream.write(text)
    else:
        pager.write(text.encode(stream.encoding or "utf-8", "backslashreplace"))


def _pager_of(stream: TextIO) -> Pager | None:
    """The pager of a terminal's long texts. Standard error joins it, so that all of it is read in its order."""
    global _pager
    if not manners.pages or not stream.isatty():
        return None
    if _pager is None and stream is sys.stdout and os.environ.get("TERM", "") not in NO_CONTROLS:
        from tui.cli.pager import Pager, pager_command

        command = pager_command(os.environ)
        if not command:
            manners.pages = False
            return None
        columns, lines = shutil.get_terminal_size()
        _pager = Pager(command, columns, lines, partial(_put_bytes, stream))
    return None if _pager is None or _pager.over else _pager


def _put_bytes(stream: TextIO, content: bytes) -> None:
    stream.flush()
    stream.buffer.write(content)
    stream.flush()


def _leave_pager() -> None:
    if _pager is not None:
        _pager.finish()


def _write_utf8(stream: object, text: str) -> None:
    if isinstance(stream, io.TextIOWrapper) and (pager := _pager_of(stream)) is not None:
        pager.write(text.encode())
        return
    if not isinstance(stream, io.TextIOWrapper):
        stream.write(text)  # type: ignore[attr-defined]  # a test's, which has no encoding
        return
    stream.flush()
    stream.buffer.write(text.encode())
    if stream.line_buffering:
        stream.flush()


def _lead_nowhere(stream: object) -> None:
    if isinstance(stream, io.TextIOWrapper):
        with suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
