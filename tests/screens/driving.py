"""An agent at the desk: presses keys, and waits for what must come on the screen."""

from __future__ import annotations

import asyncio
import re

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tests.widgets.drawing import screen_lines
from tui.app.application import KehuApp
from tui.desk.desk import Desk
from widgets.form import FieldRow

PATIENCE = 60.0
"""Seconds to wait for what must come: long enough for a busy machine, as a wait ends when the thing is there."""

NAMED_KEYS = {"enter": "\r", "tab": "\t", "space": " "}
"""The character that comes along with a key that has a name."""

TURN = 0.002
"""Seconds between two looks at whether a key is still on its way."""


class Agent:
    """One desk, and the keys pressed at it."""

    def __init__(self, app: KehuApp, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in screen_lines(self.app))

    @property
    def desk(self) -> Desk:
        """The desk of the profile that is open."""
        desk = self.app._desk
        assert desk is not None
        return desk

    async def press(self, *keys: str) -> None:
        """Press `keys`, by Textual's names, all at once: the desk lets each have its effect before the next.

        Returns once they had their effect, are kept back for a form that does not come yet, or have ended the desk.
        """
        for key in keys:
            character = NAMED_KEYS.get(key, key if len(key) == 1 else None)
            name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
            self.app.post_message(events.Key(name, character))
        while (self.app.message_queue_size or self.app.is_typing) and self.app._hold is None and self.app.is_running:
            await asyncio.sleep(TURN)
        await self._pilot.pause()

    async def type(self, text: str) -> None:
        """Type `text`."""
        await self.press(*text)

    async def go_to_field(self, label: str) -> None:
        """Press Tab in the form until the field `label` has the keys."""
        chain, focused = self.app.screen.focus_chain, self.app.screen.focused
        rows = [
            next((row for row in widget.ancestors_with_self if isinstance(row, FieldRow)), None) for widget in chain
        ]
        place = next((place for place, row in enumerate(rows) if row is not None and row.field.label == label), None)
        if place is not None and focused is not None:
            await self.press(*["tab"] * ((place - chain.index(focused)) % len(chain)))
        for _ in range(len(chain)):  # a field of several parts takes a Tab for each
            if re.search(f"▌[ •]{re.escape(label)}", self.text):
                return
            await self.press("tab")
        await self.until(f"▌.{label}")

    async def type_over(self, label: str, text: str) -> None:
        """Give the form's field `label` another text."""
        await self.go_to_field(label)
        await self.press("ctrl+a", "ctrl+k", *text)
        await self.until(f"{label} +{text}")

    async def until(self, pattern: str) -> str:
        """Wait until the screen matches `pattern`; what matched."""
        return await self._wait(pattern, there=True)

    async def until_gone(self, pattern: str) -> None:
        """Wait until nothing on the screen matches `pattern`."""
        await self._wait(pattern, there=False)

    async def _wait(self, pattern: str, *, there: bool) -> str:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            await self._pilot.pause()
            match = re.search(pattern, self.text)
            if bool(match) is there:
                return match[0] if match else ""
            assert asyncio.get_running_loop().time() < deadline, (
                f"{'never' if there else 'always'} {pattern!r} on\n{self.text}"
            )

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        await self._pilot.resize_terminal(width, height)
        await self._pilot.pause()
