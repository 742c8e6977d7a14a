"""The client against an ima tenant on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.client.ima.tenant import SECRET, Tenant
from tests.client.loopback import Loopback
from tui.client.ima import ImaService
from tui.client.service import ServiceSettings


@pytest.fixture
def tenant(vendor: Loopback) -> Tenant:
    return Tenant(vendor)


@pytest.fixture
def settings(tenant: Tenant) -> ServiceSettings:
    return ServiceSettings(profile="desk", dialect="ima", base_url=tenant.url, secret=SECRET, app_id="app-1")


@pytest.fixture
async def ima(settings: ServiceSettings) -> AsyncIterator[ImaService]:
    service = ImaService(settings)
    yield service
    await service.aclose()
