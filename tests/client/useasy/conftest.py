"""The client against a useasy tenant on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.client.loopback import Loopback
from tests.client.useasy.tenant import SECRET, Tenant
from tui.client.service import ServiceSettings
from tui.client.useasy import UseasyService


@pytest.fixture
def tenant(vendor: Loopback) -> Tenant:
    return Tenant(vendor)


@pytest.fixture
def settings(tenant: Tenant) -> ServiceSettings:
    return ServiceSettings(profile="crm", dialect="useasy", base_url=tenant.url, secret=SECRET, app_id="1090")


@pytest.fixture
async def useasy(settings: ServiceSettings) -> AsyncIterator[UseasyService]:
    service = UseasyService(settings)
    yield service
    await service.aclose()
