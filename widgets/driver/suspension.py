"""Stopping a program as the shell's own key does, until the shell continues it.

Its terminal is raw, so that the key is typed and stops nobody. All of its job has to be stopped: whoever started it (a
`uv run`) waits for it, and the shell for whoever that is.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def has_shell() -> bool:
    """Whether a shell could continue this process: one that has jobs gives each a process group (POSIX, XBD 11.1)."""
    return os.getpgrp() != os.getsid(0)


def stop_job(driver: Driver) -> None:
    """Give DRIVER's terminal back and stop; once continued, take it again.

    Call it from the event loop's thread. Where nobody could continue this process, the kernel does not stop it.
    """
    driver.suspend_application_mode()
    # The handlers that Textual has set stop this process alone, and even where nobody is there to continue it.
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTSTP, signal.SIGCONT)}
    os.kill(0, signal.SIGTSTP)
    for number, handler in handlers.items():
        signal.signal(number, handler)
    driver.resume_application_mode()
