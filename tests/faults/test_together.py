"""Several processes of one user at work on one outbox at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Final

from tests.faults.nursery import Act, Nursery
from tests.faults.vendor import Vendor
from tests.pace import slow
from tui.desk.changes_made import changes_made
from tui.model.change import Kind, NewChange, State
from tui.store.store import Store

pytestmark = slow

PROCESSES: Final = 3
WAITING: Final = 40
"""Creates, of which each is a call of its own, and none may be sent twice."""

EACH: Final = 8
"""Customers whom each process edits, and as many that it creates."""


def test_three_processes_that_send_what_waits_at_once_send_each_of_it_once(tmp_path: Path) -> None:
    path = tmp_path / "data" / "useasy.db"
    names = [f"together {number}" for number in range(WAITING)]
    store = Store.open(path)
    store.changes.add([_create(name) for name in names])
    vendor = Vendor(tmp_path, 10)
    nurseries = [Nursery() for _ in range(PROCESSES)]
    try:
        act = Act("start", str(path), vendor.address, "create-useasy")
        with ThreadPoolExecutor(PROCESSES) as pool:
            answers = list(pool.map(lambda nursery: nursery.run(act), nurseries))
        while store.changes.pending(1):  # what they left when their time was over
            nurseries[0].run(act)
        assert [answer["killed"] for answer in answers] == [False] * PROCESSES
        assert [vendor.count("create-useasy", "", name) for name in names] == [1] * WAITING
        assert store.changes.counts()[State.SENT] == WAITING
        assert {change.attempts for change in changes_made(store)} == {1}
    finally:
        for nursery in nurseries:
            nursery.close()
        vendor.close()
        store.close()


def test_three_processes_that_edit_and_create_at_once_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    path = tmp_path / "data" / "useasy.db"
    Store.open(path).close()
    vendor = Vendor(tmp_path, PROCESSES * EACH)
    nurseries = [Nursery() for _ in range(PROCESSES)]
    people = vendor.useasy_ids()
    acts = [
        [
            Act("write", str(path), vendor.address, kind, customer_id=person, value=f"{kind} {person}")
            for person in people[place::PROCESSES][:EACH]
            for kind in ("update-useasy", "create-useasy")
        ]
        for place in range(PROCESSES)
    ]
    try:
        with ThreadPoolExecutor(PROCESSES) as pool:
            told = list(pool.map(_all, nurseries, acts))
        store = Store.open(path)
        states, attempts = store.changes.counts(), {change.attempts for change in changes_made(store, limit=1000)}
        store.close()
        every = list(chain(*acts))
        assert [answer["applied"] for answer in chain(*told)] == [1] * len(every)
        assert [vendor.count(act.kind, act.customer_id, act.value) for act in every] == [1] * len(every)
        assert (states[State.SENT], sum(states.values()), attempts) == (len(every), len(every), {1})
    finally:
        for nursery in nurseries:
            nursery.close()
        vendor.close()


def _all(nursery: Nursery, acts: Sequence[Act]) -> Sequence[Mapping[str, int]]:
    """What children tell that do `acts` one after the other."""
    return [nursery.run(act)["told"] for act in acts]


def _create(name: str) -> NewChange:
    values = {"name": name, "select_e6t0_1687316347306": "level_a"}
    return NewChange(kind=Kind.CREATE, customer_id="", customer_name=name, request={"values": values}, repeatable=False)
