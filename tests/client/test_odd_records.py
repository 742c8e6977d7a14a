"""An odd value in a record costs what it stands in, and no more: in all three dialects, whatever the field."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.client.juzi.samples import CUSTOMER, LISI
from tests.client.loopback import Answer, Loopback, Seen, Told
from tests.client.odd import MOMENTS, odd_records
from tests.client.samples import sample_curl, sample_json
from tests.client.useasy.tenant import CONFIGURATION
from tests.client.useasy.tenant import good as useasy_answer
from tests.pace import first_is_fast
from tui.cli.customer_text import facts_of
from tui.cli.json_shapes import customer_json
from tui.cli.output import dumps
from tui.client.service import CustomerService, ServiceSettings, open_service
from tui.config.model import Profile, SecretSource
from tui.model.columns import COLUMNS
from tui.model.customer import Customer, Query
from tui.model.errors import KehuError, NotFoundError, ProtocolError
from tui.store.rows import row_of
from tui.store.store import Store
from tui.text import plain

USEASY_RECORD: dict[str, Any] = {
    **sample_curl("useasy", "list").answer["data"]["list"][0],
    "mobile": [{"value": "333222111", "memo": "王哈"}],
    "email": [{"value": "a@b.com", "memo": ""}],
    "wechat": [{"value": "ann_88", "memo": ""}],
    "customerSource": ["试用申请"],
    "level": "a",
    "budget": 12.5,
    "visit": "2024-11-20 14:02:00",
    "region": ["sh", "pd"],
    "text_6ts9_1687316347239": "x",
}
IMA_RECORD: dict[str, Any] = sample_json("ima", "update_answer")["data"]
ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati")
AT_ONCE = 400
"""Odd records on one page."""

some_or_all = pytest.mark.parametrize("step", first_is_fast([29, 1]), ids=["some", "all"])
"""Runs a test on each 29th of the odd records, and with the slow tests on all."""


@pytest.fixture
async def vendor() -> AsyncIterator[Loopback]:
    server = Loopback()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def service(vendor: Loopback, request: pytest.FixtureRequest) -> AsyncIterator[CustomerService]:
    settings = ServiceSettings(profile="p", dialect=request.param, base_url=vendor.url, secret="s", app_id="1")
    service = open_service(settings)
    yield service
    await service.aclose()


def body(answer: object) -> bytes:
    """`answer` as vendors' programs write it: not all of it is JSON."""
    return json.dumps(answer).encode()


def drawn(dialect: str, customers: list[Customer]) -> None:
    """What the command line, its JSON and the list make of `customers`."""
    profile = Profile("p", dialect, "", SecretSource("literal"))
    for customer in customers:
        text = dumps(customer_json(customer, profile))
        assert json.loads(text.encode(), parse_constant=pytest.fail)["id"] == customer.id
        for label, lines in facts_of(customer, ()):
            assert [plain(line) for line in (label, *lines)]
        row = row_of(customer, 0.0, "rocky", tuple(COLUMNS.values()))
        assert row.id == customer.id
        assert [plain(column.show(row.value(column.key))) for column in COLUMNS.values()]
        json.dumps(dict(customer.raw)).encode()


@some_or_all
@pytest.mark.parametrize(
    ("service", "zone"), [("juzi", zone) for zone in ZONES] + [("useasy", "UTC")], indirect=["service"]
)
async def test_an_odd_record_leaves_the_others_of_its_page_untouched(
    service: CustomerService,
    vendor: Loopback,
    zone: str,
    step: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    dialect = "juzi" if "tags" in service.capabilities.operations else "useasy"
    record, key = (CUSTOMER, "externalUserId") if dialect == "juzi" else (USEASY_RECORD, "_id")
    sound = {**record, key: "sound"}
    every = list(odd_records(record))[::step]
    store = Store.open(tmp_path / "odd.db")
    for start in range(0, len(every), AT_ONCE):
        some = every[start : start + AT_ONCE]
        page = [sound, *(odd for _, odd in some), sound]

        async def answer(seen: Seen, page: list[Any] = page) -> Told:
            if seen.path.endswith("/field/list"):
                return Answer(useasy_answer(CONFIGURATION))
            if dialect == "juzi":
                return Answer(body({"errcode": 0, "errmsg": "ok", "data": page, "total": len(page)}))
            return Answer(body(useasy_answer({"list": page, "count": len(page)})))

        vendor.handler = answer
        if dialect == "useasy":
            await service.fields()
        found = (await service.list(Query(size=1000))).items
        assert len(found) == len(page)
        first, *odd_ones, last = found
        assert first == last
        assert (first.id, first.unreadable) == ("sound", False)
        drawn(dialect, list(found))
        for (name, _), customer in zip(some, odd_ones, strict=True):
            check_sound_fields(dialect, name, customer)
        store.directory.save(found, 1.0, "rocky", listed=True)
        assert store.directory.get_many([customer.id for customer in found if customer.id])
    for text in ("李四", "test", "王", "x", "a/b?c#d", "13231307283", "1" * 70):
        for row in store.directory.search(text, 50).rows:
            assert plain(row.name)
    assert store.directory.get("sound")
    store.directory.tidy()
    store.close()


def check_sound_fields(dialect: str, name: str, customer: Customer) -> None:
    """What the odd value named `name` does not stand in is there."""
    field = name.partition(":")[0].partition(".")[0]
    if not field or field in ("externalUserId", "_id"):
        return
    assert not customer.unreadable, name
    if dialect == "juzi":
        assert field == "name" or customer.name == LISI.name, name
        assert field == "unionId" or customer.union_id == LISI.union_id, name
        assert field == "followUser" or customer.follow_users == LISI.follow_users, name
    else:
        assert field == "customerName" or customer.name == USEASY_RECORD["customerName"], name
        assert field == "mobile" or customer.phones[0].value == "333222111", name
        assert field == "createTime" or customer.created_at is not None, name


@some_or_all
@pytest.mark.parametrize("service", ["ima"], indirect=True)
async def test_an_odd_customer_of_ima_is_shown_with_what_is_sound_of_it(
    service: CustomerService, vendor: Loopback, step: int, tmp_path: Path
) -> None:
    told: list[object] = []

    async def answer(seen: Seen) -> Told:
        return Answer(body({"code": "10000", "message": "ok", "data": told[-1]}))

    vendor.handler = answer
    store = Store.open(tmp_path / "odd.db")
    found = []
    for name, odd in list(odd_records(IMA_RECORD))[::step]:
        told.append(odd)
        try:
            customer = await service.get("1")
        except (NotFoundError, ProtocolError):  # there is no customer in it
            assert not isinstance(odd, dict) or not isinstance(odd.get("customer"), dict) or not odd["customer"], name
            continue
        assert name.startswith(("customer:", "customer.name:")) or customer.name == "string", name
        found.append(customer)
    drawn("ima", found)
    store.directory.save(found, 1.0)
    store.close()


@pytest.mark.parametrize("service", ["juzi"], indirect=True)
@pytest.mark.parametrize("zone", ZONES)
async def test_a_moment_is_shown_right_where_it_is_certain_and_left_out_elsewhere(
    service: CustomerService, vendor: Loopback, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    records = [{**CUSTOMER, "followUser": [{**CUSTOMER["followUser"][0], "createTimestamp": odd}]} for odd in MOMENTS]
    vendor.then(Answer(body({"errcode": 0, "errmsg": "ok", "data": records, "total": len(records)})))
    items = (await service.list(Query())).items
    right = datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC)
    told = {str(odd): item.created_at for odd, item in zip(MOMENTS, items, strict=True)}
    assert {odd for odd, at in told.items() if at == right} == {"1604048292", "1604048292000000", "1604048292000"}
    assert [odd for odd, at in told.items() if at is not None and at.year not in (2020, 9998)] == []
    assert row_of(items[0], 0.0).added == ""


@pytest.mark.parametrize("service", ["juzi", "useasy"], indirect=True)
@pytest.mark.parametrize("total", [10**30, 2**63, "9" * 40, 1e300, -1, -(10**30), {}, True])
async def test_a_total_that_nobody_counted_is_no_total_and_the_page_is_there(
    service: CustomerService, vendor: Loopback, total: object
) -> None:
    vendor.then(
        Answer(body({"errcode": 0, "data": [CUSTOMER], "total": total}))
        if "tags" in service.capabilities.operations
        else Answer(body(useasy_answer({"list": [USEASY_RECORD], "count": total})))
    )
    page = await service.list(Query())
    assert (len(page.items), page.total) == (1, None)


@pytest.mark.parametrize("service", ["juzi", "useasy", "ima"], indirect=True)
async def test_an_answer_that_is_odd_as_a_whole_is_one_error(service: CustomerService, vendor: Loopback) -> None:
    heads: tuple[dict[str, object], ...] = (
        {},
        {"errcode": 0},
        {"success": True, "code": "200"},
        {"code": "10000"},
        {"errcode": {}},
        {"code": []},
    )
    every: tuple[object, ...] = (None, "x", 7, [], [None], {}, {"list": "x", "count": 1}, {"customer": []})
    for head in heads:
        for data in every:
            vendor.then(Answer(body({**head, "data": data})))
            for call in (service.get("1"), service.list(Query())):
                with contextlib.suppress(KehuError):
                    await call
