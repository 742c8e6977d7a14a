"""The team's server: 200 desks that work, and a customer's history among millions of entries, on PostgreSQL."""

from __future__ import annotations

import asyncio
import json
import math
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import text

from tests.bench.measure import Family, Measure, Target
from tests.bench.setting import Setting
from tests.team.postgres import Postgres
from tests.team.served import SOURCE, Caller, entry
from tui.team.server import people
from tui.team.server.engine import TeamDatabase

DESKS: Final = 200
OPENS_EVERY: Final = 10.0
"""Seconds after which each desk opens another customer."""

WRITES_EVERY: Final = 60.0
"""Seconds after which each desk writes a follow-up."""

OF_A_CUSTOMER: Final = 50
"""Entries of each customer where the journal is filled."""

MOST_CALLS: Final = 300

FILL: Final = """
INSERT INTO entries
SELECT n, 'bulk-' || n, :source, 'c' || n / :each, NULL, 'follow', 'somebody', 'somebody', n, n,
       '{"state":"sent","request":{"text":"电话未接，明天再联系"}}', ''
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
"""

AT_ONCE: Final = 200_000


@dataclass
class Worked:
    """How long the desks waited, in seconds."""

    histories: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    """When each follow-up was begun to be sent, by its id."""


def families(entries: int) -> tuple[Family, ...]:
    """Return what is measured of a team whose journal has so many entries."""
    return (Family("team", partial(served, entries)),)


def served(entries: int, setting: Setting) -> Iterator[Measure]:
    """History and a colleague's new entry while all desks work, the server's memory, and history alone."""
    desks = setting.times(DESKS, 8)
    entries = setting.times(entries, 10_000)
    postgres = Postgres()
    try:
        postgres.start()
        url = postgres.url("postgres")
        tokens = asyncio.run(_fill(url, entries, desks))
        socket = setting.folder / "team.sock"
        command = [sys.executable, "-m", "tui", "team", "serve", "--database", url, "--listen", f"unix:{socket}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=setting.environ()) as server:
            assert server.stdout is not None
            json.loads(server.stdout.readline())
            alone = asyncio.run(_alone(socket, tokens[0], entries, setting.times(MOST_CALLS, 20)))
            seconds = float(setting.times(60, 4))
            worked = asyncio.run(_work(socket, tokens, entries, seconds, setting.quick))
            memory = _resident(server.pid)
            server.send_signal(signal.SIGTERM)
        size = f"{entries:,}"
        yield Measure(f"team: a customer's history among {size} entries, p95", "ms", [_p95(alone)], Target(20))
        yield Measure(f"team: history while {desks} desks work, p95", "ms", [_p95(worked.histories)], Target(50))
        yield Measure(f"team: a colleague's entry at {desks} desks, p95", "ms", [_p95(worked.delays)], Target(1000))
        yield Measure(f"team: the server's memory with {desks} desks", "MiB", [memory], Target(150))
    finally:
        postgres.close()


def _p95(seconds: list[float]) -> float:
    """In milliseconds."""
    return sorted(seconds)[math.ceil(len(seconds) * 0.95) - 1] * 1000


def _resident(pid: int) -> float:
    """MiB that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def _fill(url: str, entries: int, desks: int) -> list[str]:
    """Fill the journal, and have members join; their tokens."""
    database = TeamDatabase(url)
    await database.migrate()
    for first in range(1, entries + 1, AT_ONCE):
        last = min(entries, first + AT_ONCE - 1)
        async with database.writing() as connection:
            values = {"source": SOURCE, "each": OF_A_CUSTOMER, "first": first, "last": last}
            await connection.execute(text(FILL), values)
    async with database.writing() as connection:
        await connection.execute(text("UPDATE counter SET value = :value"), {"value": entries})
        await connection.execute(text("ANALYZE"))
    tokens = []
    for number in range(desks):
        code = (await people.invite(database, f"desk {number}", by="bench")).code
        tokens.append((await people.join(database, code))[0])
    await database.close()
    return tokens


def _client(socket: Path) -> httpx.AsyncClient:
    transport = httpx.AsyncHTTPTransport(verify=False, uds=str(socket))
    return httpx.AsyncClient(transport=transport, base_url="http://team", timeout=30)


def _anybody(plan: random.Random, entries: int) -> str:
    return f"c{plan.randrange(max(1, entries // OF_A_CUSTOMER))}"


async def _open(caller: Caller, customer: str) -> float:
    """Read a customer's history; the seconds that it took."""
    began = time.perf_counter()
    await caller.get("/v1/entries", source=SOURCE, customer=customer)
    return time.perf_counter() - began


async def _alone(socket: Path, token: str, entries: int, calls: int) -> list[float]:
    plan = random.Random(1)
    async with _client(socket) as client:
        caller = Caller(client, token)
        await _open(caller, "c0")
        return [await _open(caller, _anybody(plan, entries)) for _ in range(calls)]


async def _work(socket: Path, tokens: list[str], entries: int, seconds: float, quick: bool) -> Worked:
    """Have every desk listen, open and write for some time."""
    worked = Worked()
    pace = 0.05 if quick else 1.0
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(_client(socket)) for _ in tokens]
        desks = [Caller(client, token) for client, token in zip(clients, tokens, strict=True)]
        ready = [asyncio.Event() for _ in desks]
        listening = [
            asyncio.create_task(_listen(desk, worked, event)) for desk, event in zip(desks, ready, strict=True)
        ]
        for event in ready:
            await event.wait()
        until = time.monotonic() + seconds
        await asyncio.gather(*(_desk(desk, number, worked, entries, until, pace) for number, desk in enumerate(desks)))
        await asyncio.sleep(1)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return worked


async def _listen(desk: Caller, worked: Worked, ready: asyncio.Event) -> None:
    async with desk.feed() as heard:
        await heard.until_ready()
        ready.set()
        while True:
            _event, told = await heard.next(patience=3600)
            if told.get("id") in worked.sent:
                worked.delays.append(time.perf_counter() - worked.sent[told["id"]])


async def _desk(desk: Caller, number: int, worked: Worked, entries: int, until: float, pace: float) -> None:
    plan = random.Random(number)
    await asyncio.sleep(plan.uniform(0, OPENS_EVERY * pace))
    write_at = time.monotonic() + plan.uniform(0, WRITES_EVERY * pace)
    while time.monotonic() < until:
        customer = _anybody(plan, entries)
        await desk.post("/v1/presence", {"source": SOURCE, "customer": customer})
        worked.histories.append(await _open(desk, customer))
        if time.monotonic() >= write_at:
            said = entry(customer)
            worked.sent[said["id"]] = time.perf_counter()
            await desk.add(said)
            write_at += WRITES_EVERY * pace
        await asyncio.sleep(OPENS_EVERY * pace * plan.uniform(0.9, 1.1))
        await desk.delete("/v1/presence", source=SOURCE, customer=customer)
