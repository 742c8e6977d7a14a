"""All that leans on what Textual keeps to itself, in one place: why, and since which version it is so.

Whoever needs one of these asks for it by the public name that it has here. `tests/widgets/test_upstream.py` says what
each is in the library, and fails when that changes; `tests/test_house.py` finds the ones that stand elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.app import App, ReturnType
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import _character_to_key as character_key

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual import events
    from textual.css.styles import RenderStyles
    from textual.dom import DOMNode
    from textual.driver import Driver
    from textual.widget import Widget

__all__ = [
    "ANSI_SEQUENCES_KEYS",  # which keys the sequences of terminals mean
    "FUNCTIONAL_KEYS",  # and those of the keyboard protocol
    "OpenApp",
    "OpenDriver",
    "XTermParser",  # what reads one sequence
    "character_key",  # the name of the key that types a character
    "key_events",
    "style_part",
    "tell_uncaught",
]


class OpenApp(App[ReturnType]):
    """An app whose driver, last words and way of a key are its own to decide."""

    @property
    def terminal(self) -> Driver | None:
        """The driver that draws; None before there is one. Textual 8.2 gives it to no one outside."""
        return self._driver

    def driver_built(self, driver: Driver) -> None:
        """Take note of the `driver` that draws from here on, before it does."""

    def _build_driver(self, *arguments: Any, **options: Any) -> Driver:
        # Textual 8.2 takes a class alone, and so nothing could be handed to the driver that it makes of it.
        driver = super()._build_driver(*arguments, **options)
        self.driver_built(driver)
        return driver

    def ends_with(self, error: Exception) -> bool:
        """Take note of `error`, which nobody caught; return whether the program ends with it."""
        return True

    def _handle_exception(self, error: Exception) -> None:
        # The one place that every error of a handler, a worker or a thread comes through in Textual 8.2.
        if self.ends_with(error):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual 8.2 would print every local variable, and with them tokens and customers.
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        """Leave. Textual would print the error itself."""
        self._close_messages_no_wait()

    async def run_binding(self, key: str) -> None:
        """Do what `key` is bound to, in the focused widget or around it.

        Textual 8.2 comes to that once the key has gone through every widget up to the app, which takes a sixth of the
        time of a cursor's move.
        """
        if not await self._check_bindings(key, priority=True):
            await self._check_bindings(key)


class OpenDriver(LinuxDriver):
    """A driver whose output, keys and job control are its own to decide."""

    def write_to(self, output: Any) -> None:
        """Write to `output` instead of standard error, which may lead to a file (Textual 8.2 knows no other)."""
        self._file = output

    @property
    def reads_keys(self) -> bool:
        """The thread that reads keys is there, if only just: who ends it must wake it."""
        return self._key_thread is not None and self._key_thread.is_alive()

    def keys_failed(self, error: Exception) -> None:
        """Take note of `error`, with which the thread that reads keys ends."""

    def _run_input_thread(self) -> None:
        # Textual 8.2 prints what goes wrong in this thread over the screen, and reads no key any more.
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001  # the thread's last line
            self.keys_failed(error)

    def stop(self) -> None:
        """Stop the process as its shell asks, with the terminal given back."""
        super()._sigtstp_application()

    def go_on(self) -> None:
        """Take the terminal again as the shell continues the process."""
        super()._sigcont_application()

    def _sigtstp_application(self, *_: object) -> None:
        # Textual 8.2 writes to the terminal from within the signal, if need be in the middle of a frame.
        self.stop()

    def _sigcont_application(self, *_: object) -> None:
        self.go_on()


def tell_uncaught(app: App[Any], error: Exception) -> None:
    """Have `app` take `error`, which another thread met, as one of its own (Textual 8.2 knows those of workers)."""
    app.call_later(app._handle_exception, error)


def key_events(parser: XTermParser, sequence: str, *, alt: bool = False) -> Iterable[events.Key]:
    """Return the keys that `sequence` means, with Alt held where `alt`.

    Textual's parser reads a whole stream alone (8.2), and types the letters of a sequence that was cut in two.
    """
    return parser._sequence_to_key_events(sequence, alt=alt)


def style_part(widget: Widget, part: DOMNode, name: str) -> None:
    """Have the style sheet say how `part` of `widget` looks, which `widget.get_component_rich_style(name)` gives then.

    Textual 8.2 does so for every component class of every widget before the first frame: a third of what a start takes.
    """
    part._attach(widget)
    widget.app.stylesheet.apply(part)
    styles: RenderStyles = part.styles
    widget._component_styles[name] = styles
