"""The directory: filled from a vendor's list, and searched at a million customers."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx
from pypinyin import lazy_pinyin

from tests.bench.client import PAGE, list_address
from tests.bench.directory import everybody, fill
from tests.bench.measure import Family, Measure, Target, percentile
from tests.bench.probe import memory
from tests.bench.setting import Setting
from tui.model.customer import Customer
from tui.model.query.completion import quoted
from tui.model.query.parser import parse_query
from tui.model.query.query_names import Colleague, Vocabulary
from tui.model.query.tree import QueryField, QueryKind
from tui.store.store import Store

SYNCED: Final = 100_000
KNOWN: Final = 1_000_000
"""Customers in the directory that is searched."""

ASKED: Final = 40
"""Texts of each kind."""

FOUND: Final = 100
"""Rows of the first page."""

LOOK: Final = 0.1
"""Seconds between two looks at a program's memory."""

MOST_MS: Final = 50
MOST_QUERY_MS: Final = 150
MOST_SORT_MS: Final = 300
MOST_KIB: Final = 1.6
MOST_GROWTH: Final = 20
"""MiB that a sync of a hundred pages may hold above one of a single page."""


def synced(setting: Setting) -> Iterator[Measure]:
    """A vendor's whole list into the directory."""
    count = setting.times(SYNCED, 2 * PAGE)
    server = setting.serve(count)
    seconds: list[float] = []
    grown: list[float] = []
    yardstick: list[float] = []
    for turn in range(setting.times(2, 1)):
        took, peak = _sync(setting, count, f"synced-{turn}")
        seconds.append(took)
        grown.append(peak - _sync(setting, PAGE, f"synced-one-{turn}")[1])
        began = time.perf_counter()
        for page in range(1, count // PAGE + 1):
            assert json.loads(httpx.get(list_address(server, page, PAGE)).text)["data"]
        yardstick.append(time.perf_counter() - began)
    yield Measure(
        f"`kehu sync` of {count:,}", "s", seconds, Target(3, relative=True), yardstick, "httpx.get and json.loads"
    )
    yield Measure("memory that its pages after the first add", "MiB", grown, Target(MOST_GROWTH))


def _sync(setting: Setting, customers: int, data: str) -> tuple[float, float]:
    """Seconds that it takes to read so many customers into a new directory, and the most that was resident, MiB."""
    config = setting.configure(setting.serve(customers))
    began = time.perf_counter()
    process = subprocess.Popen(
        [setting.kehu, "sync", "--json"],
        env=setting.environ(setting.folder / data, config),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0.0
    while process.poll() is None:
        # Not what the kernel tells at the end: that counts what a child holds of its parent before it is a program.
        peak = max(peak, memory(process.pid)[1])
        time.sleep(LOOK)
    if process.returncode:
        raise RuntimeError(f"kehu sync ended with {process.returncode}")
    return time.perf_counter() - began, peak


KINDS: Final[Mapping[str, Callable[[Customer], str]]] = {
    "one Han character": lambda customer: customer.name[:1],
    "two": lambda customer: customer.name[:2],
    "pinyin": lambda customer: "".join(lazy_pinyin(customer.name)),
    "pinyin's initials": lambda customer: "".join(syllable[0] for syllable in lazy_pinyin(customer.name)),
    "a phone's last four digits": lambda customer: customer.phones[0].value[-4:] if customer.phones else "",
    "a piece of a company": lambda customer: customer.company[2:5],
    "a tag": lambda customer: customer.tags[0].name if customer.tags else "",
    "an id": lambda customer: customer.id,
}
"""What agents type, taken from customers who are there."""


def found(setting: Setting) -> Iterator[Measure]:
    """The first page of what a text finds."""
    count = setting.times(KNOWN, 2000)
    path = setting.directory or setting.folder / "directory.db"
    fill(path, count)
    store = Store.open(path)
    try:
        for kind, text_of in KINDS.items():
            times = [_search(store, text) for text in _texts(count, text_of, setting.times(ASKED, 3))]
            name = f"find in {count:,}: {kind}, 95th percentile"
            yield Measure(name, "ms", [percentile(times, 0.95)], Target(MOST_MS))
        yield from queried(setting, store, count)
    finally:
        store.close()
    yield Measure("the directory on disk", "KiB a customer", [_size(path) / count / 1024], Target(MOST_KIB))


def queried(setting: Setting, store: Store, count: int) -> Iterator[Measure]:
    """The first page of whom a query means, of every field there is and in every order."""
    while store.directory.fill_columns():
        pass
    colleagues = tuple(Colleague(owner.user_id, owner.name) for owner in store.directory.owners())
    names = Vocabulary((), store.directory.fields_seen(), store.directory.tags(), colleagues, colleagues[0].user_id)
    for ordinal in range(1, count, max(1, count // CONTACTED)):
        customer = next(everybody(ordinal, ordinal))
        store.directory.set_next(customer.id, int(time.time()) + 3600 * (ordinal % 1000))
        store.directory.set_last(customer.id, int(time.time()) - 3600 * (ordinal % 1000))
    fields = {quoted(known.names[0]): known.field for known in names.fields}
    tests = [f"{name}{test}" for name, field in fields.items() for test in _tests(field, names)]
    sorts = [f"{clause}sort:{way}{name}" for name in fields for way in ("", "-") for clause in ("", "owner:me ")]
    for what, queries, most in (("any field", tests, MOST_QUERY_MS), ("any sort", sorts, MOST_SORT_MS)):
        rounds = setting.times(2, 1)
        times = [_ask(store, query, names) for _round in range(rounds) for query in queries]
        name = f"a query in {count:,}: {what}, 95th percentile"
        yield Measure(name, "ms", [percentile(times, 0.95)], Target(most))


CONTACTED: Final = 2000
"""Customers who were contacted, and are to be."""


def _tests(field: QueryField, names: Vocabulary) -> Iterator[str]:
    """Return what can be asked of `field`: that it has a value, and the values that some have."""
    yield ":*"
    match field.kind:
        case QueryKind.MOMENT:
            yield from ("<30d", ">=2023-05", ":today", "<=+7d")
        case QueryKind.PHONE:
            yield from (":9595", ":138")
        case QueryKind.CHOICE:
            yield from (":unknown",)
        case QueryKind.LABEL:
            yield f":{names.tags[0] if field.name == 'tags' else names.me}"
        case _:
            yield from (":张", ":食品", ":a1", ":重要", ">100050" if field.name.startswith("custom.") else ":*")


def _ask(store: Store, text: str, names: Vocabulary) -> float:
    began = time.perf_counter()
    store.directory.answer(parse_query(text, names, datetime.now().astimezone()), FOUND)
    return (time.perf_counter() - began) * 1000


def _search(store: Store, text: str) -> float:
    began = time.perf_counter()
    assert store.directory.search(text, FOUND).rows, text
    return (time.perf_counter() - began) * 1000


def _texts(count: int, text_of: Callable[[Customer], str], wanted: int) -> Iterator[str]:
    """So many texts, of customers from all of the directory whose names are Chinese."""
    for ordinal in range(1, count, max(1, count // (wanted * 8))):
        customer = next(everybody(ordinal, ordinal))
        if wanted and not customer.name[:2].isascii() and (text := text_of(customer)):
            wanted -= 1
            yield text


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


FAMILIES: Final = (Family("sync", synced), Family("find", found))
