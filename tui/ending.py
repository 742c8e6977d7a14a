"""How a process of kehu ends when a signal says so: in good order, and in any case.

A line that drops (SIGHUP), a machine that shuts down (SIGTERM): the calls under way are answered and recorded, as far
as they come to an end in time. Then it ends, whatever a thread of it still waits for: what stands on disk is true after
every step, and the next start finds what was under way as if the power had failed.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

SIGNALLED = 128
"""Added to a signal's number for the exit code, as shells have it."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Signals that end a process in good order."""

COMMAND_SECONDS = 20.0
"""How long a command may take to end once a signal says so: as long as a call, unless it is configured."""

DESK_SECONDS = 5.0
"""How long a desk may take at least, however short its calls are: the disk has its own pace."""

LAST_WORDS = 1.0
"""Seconds in which a terminal is to be set right by a process that ends in any case; one that is stuck takes ever."""

GET_NUMBER = 0x80045430
"""Linux's TIOCGPTN, which the master of a pseudo-terminal alone answers (asm-generic/ioctls.h)."""

_told: list[int] = []
"""The signals, apart from Ctrl-C's, that told this command to end."""


def end_within(seconds: float, exit_code: int, last_words: Callable[[], object] = lambda: None) -> None:
    """Have this process end with `exit_code` after `seconds` at the latest, whatever it waits for by then.

    `last_words` is called in a thread of its own just before.
    """
    from threading import Thread, Timer

    def end() -> None:
        speaker = Thread(target=last_words, daemon=True)
        speaker.start()
        speaker.join(LAST_WORDS)
        os._exit(exit_code)

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()


def end_on_signals() -> None:
    """Have SIGTERM and SIGHUP end a command as Ctrl-C does: what is under way is recorded first.

    A process for which one of them is ignored, as `nohup` has it, goes on ignoring it.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if not _told:
        end_within(COMMAND_SECONDS, SIGNALLED + number)
    _told.append(number)
    let_go_of_lost_terminal()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a script's `&` has it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.raise_signal(signal.SIGINT)


def exit_code(result: int) -> int:
    """The exit code of a command that came to `result`: the signal's, where one told it to end."""
    return SIGNALLED + _told[0] if _told else result


def let_go_of_lost_terminal() -> None:
    """Have what is still to be written to a terminal that was hung up go nowhere, instead of failing."""
    from widgets.driver.hangup import let_go, terminal_is_gone

    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if any(stream is not None and not stream.closed and terminal_is_gone(stream.fileno()) for stream in streams):
        let_go()


def let_go_of_other_terminals() -> None:
    """Close the masters of pseudo-terminals that this process was born with.

    Whoever opens several terminals may hand those that are there already down to the next program. As long as that one
    has them, none of them is hung up, and what runs in it is never told that its window was closed.
    """
    if sys.platform != "linux":
        return  # nothing else answers the question below
    with suppress(OSError):
        for descriptor in map(int, os.listdir("/dev/fd")):
            if descriptor > 2 and _is_master(descriptor):
                os.close(descriptor)


def _is_master(descriptor: int) -> bool:
    try:
        fcntl.ioctl(descriptor, GET_NUMBER, bytes(4))
    except OSError:
        return False
    return True
