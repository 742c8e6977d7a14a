"""A program around the inputs, forms and dialogs under test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, ParamSpec, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Static

import styles
from tests.widgets.drawing import KIT, KitApp
from widgets.inputs import Value, ValueInput
from widgets.typeahead import TypeAheadApp

P = ParamSpec("P")
T = TypeVar("T")

STYLES = Path(styles.__file__).parent

NAMED_KEYS = {"\n": ("enter", "\r"), "\t": ("tab", "\t"), " ": ("space", " ")}
"""What a terminal's driver calls these, and the character that comes along."""


class Host(KitApp, TypeAheadApp[None], inherit_bindings=False):
    """Shows `widgets`, and keeps the values that its inputs told of. It has no keys of its own, ctrl+q included."""

    CSS_PATH: ClassVar = [KIT, STYLES / "form.tcss"]

    def __init__(self, *widgets: Widget) -> None:
        super().__init__()
        self.shown = widgets or (Static("behind " * 500, markup=False),)
        self.told: list[Value] = []
        self.done = 0

    def compose(self) -> ComposeResult:
        yield from self.shown

    def on_value_input_changed(self, event: ValueInput.Changed) -> None:
        self.told.append(event.control.value)

    def on_value_input_done(self) -> None:
        self.done += 1


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Press the keys of `text` as a terminal sends them, whatever its script; `pilot.press` knows ASCII alone."""
    for char in text:
        key, character = NAMED_KEYS.get(char, (char, char))
        pilot.app.post_message(events.Key(key, character))
    while isinstance(pilot.app, TypeAheadApp) and (pilot.app.is_typing or pilot.app.message_queue_size):
        await pilot.pause()
    await pilot.pause()


def counted(function: Callable[P, T], calls: list[str], name: str) -> Callable[P, T]:
    """`function`, adding `name` to `calls` each time."""

    def call(*args: P.args, **more: P.kwargs) -> T:
        calls.append(name)
        return function(*args, **more)

    return call
