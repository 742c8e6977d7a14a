"""The line between the desk and the embedded sandbox, watched and held up."""

from __future__ import annotations

import asyncio

import httpx


class Line:
    """What goes over the line to the sandbox, and what is held back on it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        """Every call, as `METHOD /path`."""
        self.gates: dict[str, asyncio.Event] = {}
        """Calls that are not answered until their event is set, by a vendor or another part of the path: `useasy`."""
        self.cancelled: list[str] = []
        """The calls that were given up while they were held back."""

    @property
    def elsewhere(self) -> list[str]:
        """The calls to other vendors than juzi."""
        return [call for call in self.calls if "/juzi/" not in call]

    async def pass_through(self, request: httpx.Request) -> None:
        """Note `request`, and hold it back while a gate of its path is shut."""
        call = f"{request.method} {request.url.path}"
        self.calls.append(call)
        for part, gate in self.gates.items():
            if f"/{part}" in call:
                try:
                    await gate.wait()
                except asyncio.CancelledError:
                    self.cancelled.append(call)
                    raise
