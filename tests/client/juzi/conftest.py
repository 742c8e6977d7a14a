"""A client of JuziBot's dialect."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.client.juzi.samples import TOKEN
from tests.client.loopback import Loopback
from tui.client.juzi import JuziService
from tui.client.service import ServiceSettings

Open = Callable[..., JuziService]


@pytest.fixture
async def juzi(vendor: Loopback) -> AsyncIterator[Open]:
    """Opens a client of the vendor on loopback."""
    opened: list[JuziService] = []

    def open_juzi(**settings: Any) -> JuziService:
        profile = ServiceSettings(
            **{"profile": "team", "dialect": "juzi", "base_url": vendor.url, "secret": TOKEN, **settings}
        )
        opened.append(JuziService(profile))
        return opened[-1]

    yield open_juzi
    for service in opened:
        await service.aclose()
