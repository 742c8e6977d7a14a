"""What useasy can do, and what a profile can switch off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from tui.client.service import ServiceSettings
from tui.client.useasy import UseasyService
from tui.model.customer import Query
from tui.model.errors import (
    UnsupportedError,
)


async def test_what_the_vendor_lacks_is_unsupported(useasy: UseasyService) -> None:
    assert useasy.capabilities.operations == {"list", "get", "create", "update", "delete", "fields"}
    assert useasy.capabilities.operators == ("eq", "empty")
    with pytest.raises(UnsupportedError, match="useasy has no call for set_remarks"):
        await useasy.set_remarks([])
    with pytest.raises(UnsupportedError):
        await useasy.add_follows([])
    with pytest.raises(UnsupportedError):
        await useasy.tags()
    with pytest.raises(UnsupportedError, match="by phone"):
        await useasy.get("1", by="phone")


@pytest.mark.parametrize("operation", ["list", "get", "create", "update", "delete", "fields"])
async def test_what_the_profile_switches_off_is_unsupported(settings: ServiceSettings, operation: str) -> None:
    service = UseasyService(replace(settings, disable=frozenset({operation})))
    calls: Mapping[str, Callable[[], Awaitable[object]]] = {
        "list": lambda: service.list(Query()),
        "get": lambda: service.get("1"),
        "create": lambda: service.create({"name": "x"}),
        "update": lambda: service.update("1", {"name": "x"}),
        "delete": lambda: service.delete("1"),
        "fields": service.fields,
    }
    assert not service.capabilities.can(operation)
    assert service.capabilities.disabled == {operation}
    with pytest.raises(UnsupportedError, match=f"switched {operation} off"):
        await calls[operation]()
    await service.aclose()
