"""What `widgets.upstream` uses of Textual is there, takes what it is given, and is what it is used for."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump
from textual.widgets import Static

from widgets.upstream import ANSI_SEQUENCES_KEYS, FUNCTIONAL_KEYS, OpenApp, key_events, style_part, tell_uncaught

PARTS: dict[Callable[..., Any], list[str]] = {
    App._build_driver: ["self", "headless", "inline", "mouse", "size"],
    App._handle_exception: ["self", "error"],
    App._fatal_error: ["self"],
    App._check_bindings: ["self", "key", "priority"],
    MessagePump._close_messages_no_wait: ["self"],
    MessagePump._attach: ["self", "parent"],
    LinuxDriver._run_input_thread: ["self"],
    LinuxDriver._sigtstp_application: ["self", "_"],
    LinuxDriver._sigcont_application: ["self", "_"],
    XTermParser._sequence_to_key_events: ["self", "sequence", "alt"],
}
"""The methods of Textual's own that are called or replaced, and their parameters."""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__qualname__)
def test_each_method_takes_what_it_is_given(part: Callable[..., Any]) -> None:
    assert list(inspect.signature(part).parameters) == PARTS[part]


def test_the_attributes_are_set_where_they_are_read() -> None:
    assert "self._file = sys.__stderr__" in inspect.getsource(LinuxDriver.__init__)
    assert "self._key_thread: Thread | None = None" in inspect.getsource(LinuxDriver.__init__)
    assert "self._file.write" in inspect.getsource(LinuxDriver) or "WriterThread(self._file)" in inspect.getsource(
        LinuxDriver
    )
    assert "self._component_styles" in inspect.getsource(DOMNode)


def test_sequences_mean_keys() -> None:
    assert "\x1b[A" in ANSI_SEQUENCES_KEYS
    assert "escape" in FUNCTIONAL_KEYS.values()
    parser = XTermParser()
    assert [event.key for event in key_events(parser, "\x1b[A")] == ["up"]
    assert [event.key for event in key_events(parser, "x", alt=True)] == ["alt+x"]


class Probe(OpenApp[str]):
    """Notes what it is told, and goes on."""

    CSS = ".line--name { color: #ff0000; }"
    BINDINGS = [("x", "exit_with('done')", "")]  # noqa: RUF012  # as Textual declares it

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[Exception] = []
        self.drivers: list[Driver] = []

    def compose(self) -> ComposeResult:
        yield Static("text")

    def driver_built(self, driver: Driver) -> None:
        self.drivers.append(driver)

    def ends_with(self, error: Exception) -> bool:
        self.errors.append(error)
        return False

    def on_key(self, event: events.Key) -> None:
        raise ValueError(event.key)

    def action_exit_with(self, result: str) -> None:
        self.exit(result)


async def test_an_app_decides_what_becomes_of_an_error_and_has_its_driver() -> None:
    app = Probe()
    async with app.run_test() as pilot:
        assert app.drivers == [app.terminal]
        tell_uncaught(app, OSError("from a thread"))
        await pilot.pause()
        assert [type(error) for error in app.errors] == [OSError]
        static = app.query_one(Static)
        style_part(static, DOMNode(classes="line--name"), "line--name")
        color = static.get_component_rich_style("line--name").color
        assert color is not None
        assert color.triplet is not None
        assert color.triplet.hex == "#ff0000"
        await app.run_binding("x")
    assert app.return_value == "done"


async def test_a_fatal_error_ends_the_program_without_printing_anything(capsys: pytest.CaptureFixture[str]) -> None:
    class Ending(Probe):
        def ends_with(self, error: Exception) -> bool:
            return super().ends_with(error) or True

    async def press(key: str) -> None:
        async with Ending().run_test() as pilot:
            await pilot.press(key)
            await pilot.pause()

    with pytest.raises(ValueError, match="a"):
        await press("a")
    assert capsys.readouterr() == ("", "")
