"""What JuziBot's client can do, and what it cannot."""

from __future__ import annotations

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import TOKEN, follow, remark
from tests.client.loopback import Loopback
from tui.client.juzi import JuziService
from tui.client.service import OPERATIONS, ServiceSettings, open_service
from tui.model.customer import Query
from tui.model.errors import UnsupportedError


def test_it_says_what_it_can_do_and_its_limits(juzi: Open) -> None:
    can = juzi().capabilities
    assert can.operations == {"list", "get", "set_remarks", "add_follows", "tags"}
    assert can.owner_filter
    assert can.operators == ()
    assert can.lookups == ("id", "union_id")
    limits = (can.page_size, can.remark_batch, can.follow_batch, can.remark_length, can.description_length)
    assert limits == (1000, 50, 500, 20, 150)
    assert can.concurrent_remarks == 5


async def test_what_it_lacks_or_a_profile_switches_off_is_unsupported(vendor: Loopback, juzi: Open) -> None:
    service = juzi(disable=frozenset({"list", "get", "set_remarks", "add_follows", "tags"}))
    assert service.capabilities.operations == frozenset()
    calls = {
        "list": service.list(Query()),
        "get": service.get("wm1"),
        "create": service.create({"name": "王五"}),
        "update": service.update("wm1", {"name": "王五"}),
        "delete": service.delete("wm1"),
        "fields": service.fields(),
        "set_remarks": service.set_remarks([remark()]),
        "add_follows": service.add_follows([follow()]),
        "tags": service.tags(),
    }
    assert set(calls) == set(OPERATIONS)
    for operation, call in calls.items():
        with pytest.raises(UnsupportedError, match=operation):
            await call
    with pytest.raises(UnsupportedError):
        await juzi().get("13800000000", by="phone")
    assert vendor.seen == []


def test_the_registry_opens_it(vendor: Loopback) -> None:
    assert isinstance(open_service(ServiceSettings("team", "juzi", vendor.url, TOKEN)), JuziService)
