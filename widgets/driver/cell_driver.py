"""Textual's driver with a canvas between the program and the writer thread."""

from __future__ import annotations

import asyncio
import os
import selectors
import shutil
import signal
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import get_ident
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from textual import events

from widgets.driver.canvas import Canvas
from widgets.driver.hangup import Output
from widgets.driver.key_reader import KeyReader
from widgets.driver.terminfo import erases_in_colour, screen_stream
from widgets.upstream import OpenDriver, tell_uncaught

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver
    from textual.message import Message

KEY_BYTES: Final = 4096
"""Bytes that are read at a time: more than a paste brings in one packet."""


GIVE_BACK: Final = (
    b"\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
)
"""What Textual writes when it leaves a terminal: paste, wrapping, sizes, mouse, keyboard, screen, cursor, focus."""


class CellDriver(OpenDriver):
    """A driver that sends only the cells that a frame changed.

    All that Textual writes goes through a `Canvas`; this class tells it the terminal's size, and keeps it to one thread
    and to one caller at a time: what other threads write is handed to the event loop's, and a stop or continue signal
    that comes in the middle of a frame waits for its end.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._program, self._takes_mouse, self._debugs = app, mouse, debug
        self._turns = asyncio.get_running_loop()
        self._screen = screen_stream()
        if self._screen is not None:
            self.write_to(Output(self._screen))
        self._thread = get_ident()
        self._found: list[Any] = []
        self._drawing = False
        self._starting = False
        self._stop_wanted = False
        self._continue_wanted = False
        self._wake_reader, self._wake_writer = os.pipe()  # kept over a suspension, which closes a driver too
        self._window_changed = False
        self._reported_size: tuple[int, int] | None = None
        self._measured_size = self._measure()
        width, height = self._measured_size
        self._canvas = Canvas(height, width, erases_in_colour=erases_in_colour(os.environ.get("TERM", "")))

    def take_over(self, canvas: Canvas) -> None:
        """Go on with `canvas`, on which the terminal's first cells were drawn before this driver was there."""
        self._canvas = canvas

    def give_back_as(self, attributes: list[Any]) -> None:
        """Have the terminal back with these `attributes` (termios) once it is left, if it was changed before; or []."""
        self._found = attributes

    def forget(self) -> None:
        """Draw everything again with the next flush: something else may have written to the terminal."""
        self._canvas.forget()

    def write(self, data: str) -> None:
        """Take what the program writes; what draws waits for `flush`, all else goes out now."""
        if get_ident() != self._thread:
            self._turns.call_soon_threadsafe(self.write, data)
            return
        with self._uninterrupted():
            self._follow_size()
            self._send(self._canvas.write(data))

    def flush(self) -> None:
        """End a frame: send what it changed."""
        if self._starting or get_ident() != self._thread:
            return
        with self._uninterrupted():
            self._send(self._canvas.flush())

    def _send(self, output: str) -> None:
        if output:
            super().write(output)

    # The size

    def _measure(self) -> tuple[int, int]:
        """Columns and rows, as the kernel has them."""
        try:
            columns, rows = os.get_terminal_size(self._screen.fileno() if self._screen is not None else -1)
        except (OSError, ValueError):  # not a terminal, or closed
            columns, rows = shutil.get_terminal_size()
        return columns, rows

    def _follow_size(self) -> None:
        """Forget all once the terminal has another size, whoever says so first: the kernel or the terminal itself.

        A window that was made small and large again has the size that was known, and other cells: it cut them, or moved
        them to where its emulator sees fit.
        """
        measured, reported = self._measure(), self._reported_size
        changed, self._window_changed = self._window_changed, False
        if measured != self._measured_size or reported is not None:
            width, height = reported or measured
            self._measured_size, self._reported_size = measured, None
            self._canvas.resize(height, width)
        elif changed:
            self.forget()

    def _watch_window(self) -> None:
        """Have each change of the window drawn, before whoever was told of it until now is told."""
        tell = signal.getsignal(signal.SIGWINCH)
        if not callable(tell):  # the program was stopped again before the terminal was set up
            return

        def note(number: int, frame: FrameType | None) -> None:
            self._window_changed = True
            tell(number, frame)
            self._turns.call_soon_threadsafe(self._draw_again)

        signal.signal(signal.SIGWINCH, note)

    def _draw_again(self) -> None:
        """Draw what the terminal lost, though the program has nothing new to show."""
        with self._uninterrupted():
            self._follow_size()
            self._send(self._canvas.flush())

    def process_message(self, message: Message) -> None:
        """Note a size that the terminal reports in band. Runs in the input thread."""
        if isinstance(message, events.Resize):
            self._reported_size = (message.size.width, message.size.height)
        super().process_message(message)

    def send_message(self, message: Message) -> None:
        """Hand `message` to the app from any thread, without Textual's task and future for each key."""
        self._program.post_message(message)

    # The keys

    def run_input_thread(self) -> None:
        """Read keys until told to stop. A terminal that is gone ends the program, as the kernel's own signal does.

        Textual's loop would wake ten times a second to see whether it is to stop, read a terminal's end for ever, stop
        the program for a byte that is no UTF-8, and type the letters of a terminal's answer.
        """
        reader = KeyReader(mouse=self._takes_mouse, debug=self._debugs)
        decode = getincrementaldecoder("utf-8")("surrogateescape").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while True:
                patience = None if reader.deadline is None else max(0.0, reader.deadline - time.monotonic())
                ready = {key.fd for key, _ in selector.select(patience)}
                if self._wake_reader in ready:
                    os.read(self._wake_reader, 1)
                    return
                if self.fileno in ready:
                    typed = self._read_typed()
                    if not typed:
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    for event in reader.feed(decode(typed)):
                        self.process_message(event)
                for event in reader.tick():
                    self.process_message(event)

    def disable_input(self) -> None:
        """Read no more keys, and wait until the thread that reads them has ended."""
        if self.reads_keys:
            os.write(self._wake_writer, b"\0")
        super().disable_input()

    def keys_failed(self, error: Exception) -> None:
        """What goes wrong with keys is the app's to tell."""
        tell_uncaught(self._program, error)

    def _read_typed(self) -> bytes:
        """What was typed; nothing where the terminal is gone."""
        try:
            return os.read(self.fileno, KEY_BYTES)
        except OSError:
            return b""

    # Starting, stopping

    def start_application_mode(self) -> None:
        """Set the terminal up; after a suspension, draw what it showed before."""
        self._starting = True
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]
        finally:
            self._starting = False
        if self._found and self.attrs_before is not None:
            self.attrs_before, self._found = self._found, []
        self._watch_window()
        self.flush()

    def abandon(self) -> None:
        """Give the terminal back past the writer thread, for a program that ends in any case; call it in a thread."""
        if self.attrs_before is not None and self._screen is not None:
            with suppress(OSError, termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
                os.write(self._screen.fileno(), GIVE_BACK)

    @contextmanager
    def _uninterrupted(self) -> Iterator[None]:
        """Put off stop and continue signals, which write to the terminal themselves, until the block's end."""
        self._drawing = True
        try:
            yield
        finally:
            self._drawing = False
        if self._stop_wanted:
            self._stop_wanted = False
            super().stop()
        if self._continue_wanted:
            self._continue_wanted = False
            super().go_on()

    def stop(self) -> None:
        if self._drawing:
            self._stop_wanted = True
        else:
            super().stop()

    def go_on(self) -> None:
        if self._drawing:
            self._continue_wanted = True
        else:
            super().go_on()


def driver_class(name: str | None) -> type[Driver] | None:
    """The driver that `name` asks for, as `App(driver_class=…)` takes it.

    `cells`, nothing or an empty name is `CellDriver`; `plain` is None, Textual's own choice.

    Raises:
        ValueError: if `name` is neither.
    """
    match name:
        case None | "" | "cells":
            return CellDriver
        case "plain":
            return None
        case _:
            raise ValueError(f"no driver {name!r}: it is 'cells' or 'plain'")
