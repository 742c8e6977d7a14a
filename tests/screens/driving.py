"""An agent at the desk: presses keys, and waits for what must come on the screen."""

from __future__ import annotations

import asyncio
import re

from textual.pilot import Pilot

from tests.widgets.drawing import screen_lines
from tui.app.application import KehuApp

PATIENCE = 15.0
"""Seconds to wait for what must come; a wait ends when the thing is there."""


class Agent:
    """One desk, and the keys pressed at it."""

    def __init__(self, app: KehuApp, pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in screen_lines(self.app))

    async def press(self, *keys: str) -> None:
        """Press `keys`, by Textual's names."""
        await self._pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type `text`, letter by letter."""
        await self._pilot.press(*text)

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
