"""A line to the vendor on loopback, on which nobody really waits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.client.http.stand_ins import TOKEN, Open, Stamp, judge
from tests.client.loopback import Loopback
from tui.client.http import Transport
from tui.client.service import ServiceSettings


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the transport waited between attempts; nobody really does."""
    return []


@pytest.fixture
async def connect(vendor: Loopback, waits: list[float]) -> AsyncIterator[Open]:
    """Opens a transport to the vendor on loopback, or to `base_url`."""
    opened: list[Transport] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    def open_transport(network: httpx.AsyncBaseTransport | None = None, **settings: Any) -> Transport:
        profile = ServiceSettings(
            **{"profile": "team", "dialect": "test", "base_url": vendor.url, "secret": TOKEN, **settings}
        )
        opened.append(Transport(profile, Stamp(), judge, network, pause=pause))
        return opened[-1]

    yield open_transport
    for transport in opened:
        await transport.aclose()
