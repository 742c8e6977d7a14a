"""Servers and PostgreSQL, killed at random while members write, claim and listen: nothing that was acknowledged is
lost, nothing is there twice, and a customer has one holder at any time."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.pace import slow
from tests.team.forked_servers import ForkedServers
from tests.team.postgres import Postgres, found
from tests.team.served import SOURCE, Caller, Heard, entry
from tui.team.server import people
from tui.team.server.engine import TeamDatabase

SEED = 13
KILLS = int(os.environ.get("KEHU_KILLS", "40"))
"""Kills of a slow run; the plan of 500 takes some twenty minutes."""
CUSTOMERS = ("c1", "c2")
WRITERS = 4
PATIENCE = 60.0
"""Seconds after which a member who gets no answer fails the test."""


@pytest.fixture(scope="module")
def forked() -> Iterator[ForkedServers]:
    servers = ForkedServers()
    yield servers
    servers.close()


@pytest.fixture
def steady() -> Iterator[Postgres]:
    """A PostgreSQL that keeps what it acknowledged."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.close()


@dataclass
class Held:
    """A customer that somebody had, by the database's clock, as far as they were told."""

    customer: str
    fence: int
    since: float
    until: float


@dataclass
class Tally:
    """What members were told."""

    acknowledged: dict[str, int] = field(default_factory=dict)
    """The sequence of each entry."""
    claims: list[Held] = field(default_factory=list)
    heard: list[tuple[int, str]] = field(default_factory=list)
    """What the feed told, over all of its lines: sequence and id."""
    unanswered: int = 0


class Place:
    """A server's place: who serves there is killed, and another one started."""

    def __init__(self, forked: ForkedServers, url: str, socket: Path) -> None:
        self._forked = forked
        self._url = url
        self.socket = socket
        self._pid = forked.start(url, socket)
        self.client = httpx.AsyncClient(
            transport=httpx.AsyncHTTPTransport(verify=False, uds=str(socket)), base_url="http://team", timeout=10
        )

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        self._pid = self._forked.start(self._url, self.socket)

    def ensure(self) -> None:
        """Start it anew where it ended by itself, as systemd does: the database could not be had when it started."""
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            self._pid = self._forked.start(self._url, self.socket)


@asynccontextmanager
async def placed(forked: ForkedServers, url: str, folder: Path) -> AsyncIterator[list[Place]]:
    places = [Place(forked, url, folder / f"{name}.sock") for name in "ab"]
    try:
        yield places
    finally:
        for place in places:
            with suppress(ProcessLookupError):
                os.kill(place._pid, signal.SIGKILL)
            await place.client.aclose()


async def answered(
    places: list[Place],
    plan: random.Random,
    tally: Tally,
    token: str,
    method: str,
    path: str,
    body: object = None,
    **query: object,
) -> httpx.Response:
    """Ask one server or the other until one answers; what is asked can be repeated."""
    until = time.monotonic() + PATIENCE
    while True:
        place = plan.choice(places)
        try:
            answer = await Caller(place.client, token).call(method, path, body, **query)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code not in (500, 503):
            return answer
        assert answer is None or answer.status_code == 503, answer.text
        tally.unanswered += 1
        assert time.monotonic() < until, "nobody answers any more"
        place.ensure()
        await asyncio.sleep(0.02)


async def work(places: list[Place], plan: random.Random, tally: Tally, token: str, ended: asyncio.Event) -> None:
    """Write and claim until the end."""
    while not ended.is_set():
        customer = plan.choice(CUSTOMERS)
        if plan.random() < 0.3:
            body: dict[str, Any] = {"source": SOURCE, "customer": customer, "seconds": plan.uniform(0.05, 0.4)}
            answer = await answered(places, plan, tally, token, "POST", "/v1/claims", body)
            assert answer.status_code in (200, 409), answer.text
            if answer.status_code == 200:
                claim = answer.json()
                tally.claims.append(Held(customer, claim["fence"], claim["since"], claim["until"]))
        else:
            entries = [entry(customer) for _ in range(plan.randint(1, 3))]
            answer = await answered(places, plan, tally, token, "POST", "/v1/entries", {"entries": entries})
            assert answer.status_code == 200, answer.text
            for result in answer.json()["results"]:
                tally.acknowledged[result["id"]] = result["sequence"]
        await asyncio.sleep(plan.uniform(0, 0.01))


async def listen(places: list[Place], plan: random.Random, tally: Tally, token: str) -> None:
    """Listen, from where the last line broke off."""
    reached = 0
    while True:
        place = plan.choice(places)
        with suppress(httpx.TransportError, AssertionError, EOFError, TimeoutError):
            async with Caller(place.client, token).feed(after=reached) as heard:
                reached = await hear(heard, tally, reached)
        if tally.heard:
            reached = max(reached, tally.heard[-1][0])
        await asyncio.sleep(0.02)


async def hear(heard: Heard, tally: Tally, reached: int) -> int:
    while True:
        event, told = await heard.next()
        reached = max(reached, told.get("sequence", 0))
        if event == "entry":
            tally.heard.append((told["sequence"], told["id"]))


async def run(
    runs: int, forked: ForkedServers, url: str, folder: Path, postgres: Postgres | None
) -> tuple[Tally, list[tuple[int, str]]]:
    """Kill something `runs` times; what members were told, and what is kept in the end."""
    plan = random.Random(SEED)
    database = TeamDatabase(url)
    await database.migrate()
    async with placed(forked, url, folder) as places:
        tokens = []
        for number in range(WRITERS + 1):
            code = (await people.invite(database, f"agent {number}", by="root@host")).code
            joined = await answered(places, plan, Tally(), "", "POST", "/v1/join", {"code": code})
            tokens.append(joined.json()["token"])
        tally, ended = Tally(), asyncio.Event()
        listening = asyncio.create_task(listen(places, random.Random(SEED), tally, tokens[0]))
        working = [
            asyncio.create_task(work(places, random.Random(SEED + number), tally, token, ended))
            for number, token in enumerate(tokens[1:])
        ]
        for _ in range(runs):
            done = len(tally.acknowledged) + plan.randint(1, 6)
            until = time.monotonic() + PATIENCE
            while len(tally.acknowledged) < done:
                assert time.monotonic() < until, "nothing is acknowledged any more"
                if failed := [task for task in working if task.done()]:
                    await failed[0]
                await asyncio.sleep(0.005)
            await asyncio.sleep(plan.uniform(0, 0.03))
            if postgres is not None and plan.random() < 0.3:
                await asyncio.to_thread(kill_all, postgres)
            else:
                plan.choice(places).kill()
        ended.set()
        await asyncio.gather(*working)
        kept = await everything(places, plan, tally, tokens[0])
        missing = set(kept)  # the feed tells of what the server itself wrote, too
        until = time.monotonic() + PATIENCE
        while missing := missing.difference(tally.heard):
            assert time.monotonic() < until, "the feed does not tell everything"
            await asyncio.sleep(0.05)
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    await database.close()
    return tally, kept


def kill_all(postgres: Postgres) -> None:
    """Kill every process of PostgreSQL at once, as when the host fails, and start it again."""
    postgres.kill()
    postgres.start()


async def everything(places: list[Place], plan: random.Random, tally: Tally, token: str) -> list[tuple[int, str]]:
    """All entries of members that are kept, by sequence."""
    found: list[tuple[int, str]] = []
    for customer in CUSTOMERS:
        before = 2**62
        while True:
            query = {"source": SOURCE, "customer": customer, "limit": 500, "before": before}
            page = (await answered(places, plan, tally, token, "GET", "/v1/entries", **query)).json()
            found += [(row["sequence"], row["id"]) for row in page["items"]]
            if not page["more"]:
                break
            before = page["items"][-1]["sequence"]
    return sorted(found)


def check(tally: Tally, kept: list[tuple[int, str]]) -> None:
    ids = [id for _sequence, id in kept]
    assert len(ids) == len(set(ids)), "an entry is there twice"
    there = {id: sequence for sequence, id in kept}
    assert {id: there.get(id) for id in tally.acknowledged} == tally.acknowledged, "an acknowledged entry is lost"
    assert [one for one in tally.heard if one[1] in there] == kept, "the feed told something else, or in another order"
    assert tally.claims
    for customer in CUSTOMERS:
        holders: dict[int, Held] = {}
        for held in tally.claims:
            if held.customer == customer:
                known = holders.setdefault(held.fence, held)
                known.until = max(known.until, held.until)
        order = [holders[fence] for fence in sorted(holders)]
        for before, after in itertools.pairwise(order):
            assert after.since >= before.until, "two had a customer at the same time"


async def test_servers_on_one_file_are_killed_and_nothing_is_lost(forked: ForkedServers, tmp_path: Path) -> None:
    check(*await run(3, forked, f"sqlite:///{tmp_path / 'team.db'}", tmp_path, None))


@pytest.mark.skipif(found() is None, reason="there is no PostgreSQL here")
async def test_servers_and_postgresql_are_killed_and_nothing_is_lost(
    forked: ForkedServers, steady: Postgres, tmp_path: Path
) -> None:
    check(*await run(3, forked, steady.url("postgres"), tmp_path, steady))


@slow
@pytest.mark.timeout(3600)
async def test_servers_on_one_file_are_killed_again_and_again(forked: ForkedServers, tmp_path: Path) -> None:
    check(*await run(KILLS, forked, f"sqlite:///{tmp_path / 'team.db'}", tmp_path, None))


@slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(found() is None, reason="there is no PostgreSQL here")
async def test_servers_and_postgresql_are_killed_again_and_again(
    forked: ForkedServers, steady: Postgres, tmp_path: Path
) -> None:
    check(*await run(KILLS, forked, steady.url("postgres"), tmp_path, steady))
