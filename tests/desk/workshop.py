"""Opens desks on the embedded sandbox, for tests that need one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tui.client.service import ServiceSettings, open_service
from tui.desk.desk import Desk, DeskSettings
from tui.embedded import EmbeddedSandbox
from tui.sandbox.demo import DEMO_PROFILES
from tui.sandbox.faults import Faults
from tui.store.store import Store


class Workshop:
    """Desks over one sandbox database; each profile has its file in DATA."""

    def __init__(self, sandbox: Path, data: Path, faults: Faults) -> None:
        self._sandbox = sandbox
        self._data = data
        self._faults = faults
        self._desks: list[Desk] = []

    async def open(self, profile: str, *, disable: Collection[str] = (), page_size: int = 100) -> Desk:
        """A desk on the demo profile PROFILE."""
        demo = DEMO_PROFILES[profile]
        service = open_service(
            ServiceSettings(
                profile=profile,
                dialect=demo["dialect"],
                base_url=demo["base_url"],
                secret=demo.get("token") or demo["secret"],
                app_id=demo.get("app_id", ""),
                disable=frozenset(disable),
                timeout=1.0,
            ),
            EmbeddedSandbox(self._sandbox, self._faults),
        )
        settings = DeskSettings(
            profile=profile,
            dialect=demo["dialect"],
            place="sandbox",
            user_id=demo["user_id"],
            os_user="agent",
            host="jump",
            page_size=page_size,
        )
        desk = Desk(settings, service, Store.open(self._data / f"{profile}.db"))
        self._desks.append(desk)
        return desk

    async def close(self) -> None:
        """Close every desk that was opened."""
        for desk in self._desks:
            await desk.close()
