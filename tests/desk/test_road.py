"""What the road keeps from leaving waits, whatever is written, and goes once when the road is clear again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.faults.plan import ROUTES
from tests.faults.vendor import ADDRESS, Vendor
from tests.roads import VENDOR, SocksProxy
from tui.client.service import RoadSettings, ServiceSettings, open_service
from tui.desk.customer_reader import DeskSettings
from tui.desk.desk import Desk
from tui.desk.outcome import Delivery, State
from tui.model.customer import FollowEntry, FollowText, Remark
from tui.sandbox.demo import DEMO_ORIGIN, DEMO_PROFILES
from tui.store.store import Store

NUMBERS = count(1)
"""Each write has a text of its own: the vendor is the same."""


@dataclass(frozen=True)
class Write:
    """One write: what it is of, and to whom."""

    kind: str
    value: str
    customer_id: str = ""
    union_id: str = ""
    user_id: str = ""

    @property
    def profile(self) -> str:
        if self.kind in ("remark", "follow"):
            return "demo-juzi"
        return "demo-ima" if self.kind.endswith("ima") else "demo-useasy"

    async def by(self, desk: Desk) -> Delivery:
        """Have `desk` do it, by what is kept there."""
        if self.kind.startswith("create"):
            specs = await desk.fields()
            required = {spec.code: spec.choices[0].key if spec.choices else "1" for spec in specs if spec.required}
            return await desk.create({**required, "name": self.value})
        record = await desk.seen_customer(self.customer_id)
        assert record is not None
        match self.kind:
            case "update-useasy":
                return await desk.update(record.customer, {ADDRESS: self.value})
            case "update-ima":
                return await desk.update(record.customer, {"description": self.value})
            case "delete":
                return await desk.delete(record.customer)
        whom = {"customer": self.customer_id, "union_id": self.union_id, "user_id": self.user_id}
        if self.kind == "remark":
            return await desk.remark([Remark(**whom, remark=self.value)])
        return await desk.follow([FollowEntry(**whom, texts=(FollowText(content=self.value),))])


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    vendor = Vendor(tmp_path_factory.mktemp("vendor"), 60)
    yield vendor
    vendor.close()


@pytest.fixture(scope="module")
def people(vendor: Vendor) -> dict[str, Iterator[tuple[str, ...]]]:
    """Customers of whom nobody knows yet here."""
    return {
        "demo-useasy": ((id,) for id in vendor.useasy_ids()),
        "demo-ima": ((id,) for id in vendor.ima_ids()),
        "demo-juzi": iter(vendor.followed()),
    }


@pytest.fixture
def proxy(vendor: Vendor) -> Iterator[SocksProxy]:
    """The way to the vendor."""
    with SocksProxy(int(vendor.address.rpartition(":")[2])) as proxy:
        yield proxy


@pytest.fixture
async def write(
    request: pytest.FixtureRequest, people: dict[str, Iterator[tuple[str, ...]]], proxy: SocksProxy, tmp_path: Path
) -> Write:
    """One write of the kind that the test names, to somebody who was read while the road was clear."""
    kind, value = request.param, f"road {next(NUMBERS)}"
    write = Write(kind, value)
    if not kind.startswith("create"):
        write = Write(kind, value, *next(people[write.profile]))
    desk = open_desk(write.profile, tmp_path, RoadSettings(f"socks5://127.0.0.1:{proxy.port}"))
    await desk.fields()
    if write.customer_id:
        await desk.customer(write.customer_id)
    await desk.close()
    return write


def open_desk(profile: str, folder: Path, road: RoadSettings) -> Desk:
    demo = DEMO_PROFILES[profile]
    settings = ServiceSettings(
        profile=profile,
        dialect=demo["dialect"],
        base_url=demo["base_url"].replace(DEMO_ORIGIN, f"http://{VENDOR}"),
        secret=demo.get("token") or demo["secret"],
        app_id=demo.get("app_id", ""),
        road=road,
    )
    return Desk(
        DeskSettings(profile, demo["dialect"], VENDOR, demo["user_id"], "agent", "jump"),
        open_service(settings),
        Store.open(folder / "desk.db"),
    )


async def settled(desk: Desk) -> None:
    """Return once nothing is in the outbox any more."""
    changed = asyncio.Event()
    stop = desk.subscribe(changed.set)
    while await desk.outbox.items():
        changed.clear()
        await changed.wait()
    stop()


@pytest.mark.parametrize("fault", ["hang up", "forbidden"])
@pytest.mark.parametrize("write", ROUTES, indirect=True)
async def test_what_a_proxy_keeps_from_leaving_waits_and_goes_once_when_it_leads_on(
    write: Write, fault: str, vendor: Vendor, proxy: SocksProxy, tmp_path: Path
) -> None:
    desk = open_desk(write.profile, tmp_path, RoadSettings(f"socks5://127.0.0.1:{proxy.port}"))
    try:
        proxy.go_wrong(fault)
        delivery = await write.by(desk)
        (change,) = await desk.outbox.items()
        assert (delivery.applied, delivery.waiting, delivery.failures, change.state) == (0, 1, (), State.PENDING)
        assert f"socks5://127.0.0.1:{proxy.port}" in change.message
        assert vendor.count(write.kind, write.customer_id, write.value) == 0
        proxy.go_wrong("")
        await desk.outbox.retry([change.id])
        await settled(desk)
    finally:
        await desk.close()
    assert vendor.count(write.kind, write.customer_id, write.value) == 1


@pytest.mark.parametrize("write", ROUTES, indirect=True)
async def test_what_a_wrong_setting_keeps_from_leaving_waits_and_goes_once_from_the_next_desk(
    write: Write, vendor: Vendor, proxy: SocksProxy, tmp_path: Path
) -> None:
    desk = open_desk(write.profile, tmp_path, RoadSettings("socks4://rocky:geheim@127.0.0.1"))
    delivery = await write.by(desk)
    (change,) = await desk.outbox.items()
    await desk.close()
    assert (delivery.applied, delivery.waiting, delivery.failures, change.state) == (0, 1, (), State.PENDING)
    assert "proxy is socks4://…@127.0.0.1" in change.message
    assert change.code == "config"
    assert vendor.count(write.kind, write.customer_id, write.value) == 0
    desk = open_desk(write.profile, tmp_path, RoadSettings(f"socks5://127.0.0.1:{proxy.port}"))
    try:
        await desk.start()
        await settled(desk)
    finally:
        await desk.close()
    assert vendor.count(write.kind, write.customer_id, write.value) == 1
