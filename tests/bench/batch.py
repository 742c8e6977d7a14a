"""Many changes over a slow line."""

from __future__ import annotations

import asyncio
import csv
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from tests.bench.measure import Family, Measure, Target
from tests.bench.setting import Server, Setting
from tui.client.service import ServiceSettings, open_service
from tui.model.customer import Query

REMARKS: Final = 10_000
A_CALL: Final = 50
"""Remarks that the vendor takes in one call."""
AT_ONCE: Final = 5
"""Calls that the vendor takes at once."""
LATENCY: Final = 0.05
"""Seconds that each call takes."""
PAGE: Final = 1000


def remarks(setting: Setting) -> Iterator[Measure]:
    """Ten thousand remarks from a file."""
    count = setting.times(REMARKS, 100)
    server = setting.serve(count * 2, LATENCY)
    config = setting.configure(server)
    whole, calls = [], []
    for turn in range(setting.times(2, 1)):
        file = setting.folder / f"remarks-{turn}.csv"
        asyncio.run(_write_rows(server, file, count, f"remark {turn}"))
        data = setting.folder / f"remarks-{turn}"
        env = setting.environ(data, config)
        setting.run([setting.kehu, "sync"], env)  # who is remarked upon is known: a batch comes from a list
        began = time.perf_counter()
        setting.run([setting.kehu, "remark", "--file", str(file), "--json"], env)
        whole.append(time.perf_counter() - began)
        calls.append(_seconds_of_calls(data))
    waiting = [count / A_CALL / AT_ONCE * LATENCY]
    name = f"{count:,} remarks on customers known here, 50 ms a call"
    target = Target(1.2, relative=True)
    yield Measure(f"{name}: the whole command", "s", whole, target, waiting, "the waiting alone")
    yield Measure(
        f"{name}: its calls, from the first one noted to the last answer noted",
        "s",
        calls,
        target,
        waiting,
        "the waiting alone",
    )


def _seconds_of_calls(data: Path) -> float:
    """From when the first remark of the outbox in `data` was taken to be sent to when the last answer was on disk."""
    (file,) = data.glob("**/bench.db")
    with closing(sqlite3.connect(file)) as connection:
        first, last = connection.execute("SELECT min(sent_at), max(settled_at) FROM changes").fetchone()
    seconds: float = last - first
    return seconds


async def _write_rows(server: Server, file: Path, count: int, text: str) -> None:
    """`count` remarks with the customers that `server` has."""
    settings = ServiceSettings(profile="bench", dialect="juzi", base_url=server.base_url, secret=server.token)
    service = open_service(settings)
    rows: list[tuple[str, str, str]] = []
    try:
        page = 1
        while len(rows) < count and (items := (await service.list(Query(page=page, size=PAGE))).items):
            rows += [(one.id, one.follow_users[0].user_id, text) for one in items if one.union_id and one.follow_users]
            page += 1
    finally:
        await service.aclose()
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([("customer", "user_id", "remark"), *rows[:count]])


FAMILIES: Final = (Family("remarks", remarks),)
