"""The sandbox inside this process: no port is opened, and nothing is loaded or seeded before the first call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tui.sandbox.app import Sandbox
    from tui.sandbox.faults import Faults


class EmbeddedSandbox(httpx.AsyncBaseTransport):
    """Takes a client's calls to the sandbox on `database`, as the network would take them to a vendor."""

    def __init__(self, database: Path, faults: Faults | None = None) -> None:
        self._database = database
        self._faults = faults
        self._app: Sandbox | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The sandbox's answer.

        Raises: httpx.ReadError where the sandbox drops the connection.
        """
        from tui.sandbox.app import create_app
        from tui.sandbox.faults import Dropped

        if self._app is None:
            self._database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._app = create_app(self._database, faults=self._faults)
        try:
            return await httpx.ASGITransport(self._app).handle_async_request(request)
        except Dropped as error:
            raise httpx.ReadError(str(error), request=request) from error

    async def aclose(self) -> None:
        """Close the database."""
        if self._app is not None:
            self._app.close()
            self._app = None
