"""Finding a value of a sheet by typing a piece of its label, or of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from widgets.bars import StatusLine
from widgets.line_edit import LineEdit
from widgets.sheet import Sheet


class FindLine(LineEdit):
    """What is looked for; its keys are those of `SheetFind`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,ctrl+n", "next(1)", show=False),
        Binding("up,ctrl+p", "next(-1)", show=False),
        Binding("enter,escape,ctrl+q", "done", show=False),
    ]

    class Next(Message):
        """The agent wants the next value, or (-1) the one before."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Done(Message):
        """The agent is where they wanted to be."""

    def action_next(self, step: int) -> None:
        """Ask for another value."""
        self.post_message(self.Next(step))

    def action_done(self) -> None:
        """Ask to be closed."""
        self.post_message(self.Done())


class SheetFind(Vertical):
    """A line to type into, and what is found above it; there while something is looked for in `sheet`.

    The cursor of the sheet follows what is typed. Down and up go to the next value and the one before, and Enter and
    Escape both leave the cursor there.
    """

    DEFAULT_CSS = "SheetFind { height: auto; }"

    line = getters.query_one(FindLine)
    told = getters.query_one(StatusLine)

    def __init__(
        self, sheet: Sheet, placeholder: str, told: Callable[[int, int], str], *, id: str | None = None
    ) -> None:
        """`told` says in the agent's language which of how many values was found; (0, 0) for none."""
        super().__init__(id=id)
        self._sheet = sheet
        self._placeholder = placeholder
        self._tell = told

    def compose(self) -> ComposeResult:
        yield StatusLine()
        yield FindLine(self._placeholder)

    def on_mount(self) -> None:
        """Take keys."""
        self._sheet.pointing = True
        self.line.focus()

    def on_unmount(self) -> None:
        """Nothing is looked for any more."""
        self._sheet.pointing = False
        self._sheet.redraw()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._find(0)

    @on(FindLine.Next)
    def _next(self, event: FindLine.Next) -> None:
        event.stop()
        self._find(1 if event.step > 0 else -1)

    def _find(self, step: Literal[0, 1, -1]) -> None:
        text = self.line.value
        found = self._sheet.find(text, step)
        self.told.idle = self._tell(*found) if text.strip() else ""

    @on(FindLine.Done)
    def _done(self, event: FindLine.Done) -> None:
        event.stop()
        self._sheet.focus()
        self.remove()
