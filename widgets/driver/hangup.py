"""A terminal that may go away while a program draws on it: a line that drops, a window that is closed."""

from __future__ import annotations

import errno
import os
import signal
import stat
import termios
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def has_shell() -> bool:
    """Whether a shell could continue this process: one that has jobs gives each a process group (POSIX, XBD 11.1)."""
    return os.getpgrp() != os.getsid(0)


def stop_job(driver: Driver) -> None:
    """Give `driver`'s terminal back and stop; once continued, take it again.

    Call it from the event loop's thread. Where nobody could continue this process, the kernel does not stop it.
    """
    driver.suspend_application_mode()
    # The handlers that Textual has set stop this process alone, and even where nobody is there to continue it.
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTSTP, signal.SIGCONT)}
    os.kill(0, signal.SIGTSTP)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    driver.resume_application_mode()


STANDARD_STREAMS = (0, 1, 2)
"""The descriptors of standard input, output and error."""


class Output:
    """`file`, to which writing does nothing once its terminal is gone.

    Textual's writer thread would end with the first error, and whoever writes to it then would wait for it for ever.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """Write `text`."""
        try:
            return self._file.write(text)
        except OSError as error:
            return _gone(error, len(text))

    def flush(self) -> None:
        """Send what was written."""
        try:
            self._file.flush()
        except OSError as error:
            _gone(error, 0)

    def fileno(self) -> int:
        """The descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()


def _gone(error: OSError, taken: int) -> int:
    if error.errno != errno.EIO:
        raise error
    return taken


def terminal_is_gone(descriptor: int) -> bool:
    """Whether the terminal behind `descriptor` was hung up."""
    try:
        termios.tcgetattr(descriptor)
    except termios.error as error:
        return bool(error.args and error.args[0] == errno.EIO)
    return False


def let_go() -> None:
    """Have the standard streams lead nowhere where they led to a terminal: what is still to be written then can be."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in STANDARD_STREAMS:
        if stat.S_ISCHR(os.fstat(descriptor).st_mode):
            os.dup2(null, descriptor)
    os.close(null)
