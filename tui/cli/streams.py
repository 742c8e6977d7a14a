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
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tui.text import plain

DESCRIPTORS = (0, 1, 2)
"""Those of standard input, output and error."""

NO_CONTROLS = ("", "dumb", "unknown")
"""What TERM is where a terminal knows no control sequences."""

ERASE = "\r\x1b[K"
"""Goes to the line's begin and erases it (ECMA-48, 8.3.41)."""


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


def write_text(text: str) -> None:
    """Write lines for a person to standard output.

    Raises: UnwritableError; BrokenPipeError.
    """
    with _told():
        sys.stdout.write(harmless(text) + "\n")


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
            sys.stdout.write(harmless(content.decode("utf-8", "replace")))
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


def tell_text(text: str) -> None:
    """Write lines for a person to standard error."""
    with _not_told():
        sys.stderr.write(harmless(text) + "\n")
        sys.stderr.flush()


def ask(question: str) -> None:
    """Write `question` to standard error, where its answer is typed beside it."""
    with _not_told():
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


def _write_utf8(stream: object, text: str) -> None:
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
