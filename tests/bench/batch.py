"""Many changes over a slow line."""

from __future__ import annotations

import asyncio
import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench.measure import Family, Measure, Target
from tests.bench.setting import Server, Setting
from tui.client.models import Query
from tui.client.service import ServiceSettings, open_service

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
    seconds = []
    for turn in range(setting.times(2, 1)):
        file = setting.folder / f"remarks-{turn}.csv"
        asyncio.run(_write_rows(server, file, count, f"remark {turn}"))
        env = setting.environ(setting.folder / f"remarks-{turn}", config)
        setting.run([setting.kehu, "sync"], env)  # who is remarked upon is known: a batch comes from a list
        began = time.perf_counter()
        setting.run([setting.kehu, "remark", "--file", str(file), "--json"], env)
        seconds.append(time.perf_counter() - began)
    yield Measure(
        f"{count:,} remarks on customers known here, 50 ms a call",
        "s",
        seconds,
        Target(1.2, relative=True),
        [count / A_CALL / AT_ONCE * LATENCY],
        "the waiting alone",
    )


async def _write_rows(server: Server, file: Path, count: int, text: str) -> None:
    """COUNT remarks with the customers that SERVER has."""
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
