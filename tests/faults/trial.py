"""Runs a plan against the vendors, and counts: what was lost, what was doubled, which row is not true."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tests.faults.nursery import Act, Nursery
from tests.faults.plan import REPEATABLE, Run
from tests.faults.tally import Tally
from tests.faults.vendor import Vendor
from tui.desk.changes_made import changes_made
from tui.model.change import Change, State
from tui.store.store import Store

CUSTOMERS: Final = 300
"""Of each vendor; every run has one to itself."""


class Trial:
    """One vendor, one nursery, and as many runs as are asked for; `close` it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._vendor = Vendor(folder, CUSTOMERS)
        self._nursery = Nursery()
        self._template = folder / "template.db"
        Store.open(self._template).close()
        self._number = 0
        useasy = iter(self._vendor.useasy_ids())
        ima = iter(self._vendor.ima_ids())
        self._people: dict[str, Iterator[Sequence[str]]] = {
            "useasy": ((id, "", "") for id in useasy),
            "ima": ((id, "", "") for id in ima),
            "juzi": iter(self._vendor.followed()),
        }
        self.tally = Tally()

    def close(self) -> None:
        """End both processes."""
        self._nursery.close()
        self._vendor.close()

    def run(self, runs: Iterable[Run]) -> Tally:
        """Do `runs`, one after the other."""
        for run in runs:
            self._run(run)
        return self.tally

    def _run(self, run: Run) -> None:
        self._number += 1
        value = f"run {self._number}"
        path = self._folder / f"{self._number}.db"
        shutil.copy(self._template, path)
        act = Act("write", str(path), self._vendor.address, run.kind, value=value)
        if not run.kind.startswith("create"):
            person = next(self._people[act.dialect])
            act = replace(act, customer_id=person[0], union_id=person[1], user_id=person[2])
        name = f"{value}: {run}"

        told = self._dying(replace(act, step=run.deaths[0].step), run.deaths[0].fault)
        for death in run.deaths[1:]:
            self._dying(replace(act, do="start", step=death.step), death.fault)
        self._dying(replace(act, do="start"), "")

        self.tally.runs += 1
        change = self._row(path)
        count = self._vendor.count(run.kind, act.customer_id, value)
        self._judge(name, run, change, count, told)
        if change is not None and change.state in (State.FAILED, State.UNKNOWN):
            self._dying(replace(act, do="resolve", arrived=count > 0), "")
            count = self._vendor.count(run.kind, act.customer_id, value)
            change = self._row(path)
            if change is None or change.state is not State.SENT:
                self.tally.untrue.append(f"{name}: a person decided, and it is {change and change.state}")
        if change is not None and count == 0:
            self.tally.lost.append(name)
        if count > 1:
            self.tally.doubled.append(f"{name}: {count} times")
        for used in self._folder.glob(f"{self._number}.*"):
            shutil.rmtree(used) if used.is_dir() else used.unlink()

    def _dying(self, act: Act, fault: str) -> bool:
        """Have a process do `act` under `fault`; whether it lived to tell that the vendor has it."""
        self._vendor.strike(*filter(None, [fault]))
        answer = self._nursery.run(act)
        self._vendor.strike()
        self._vendor.come_to_rest()
        self.tally.killed += answer["killed"]
        return bool(answer["told"] and answer["told"].get("applied"))

    @staticmethod
    def _row(path: Path) -> Change | None:
        store = Store.open(path)
        try:
            changes = changes_made(store)
        finally:
            store.close()
        assert len(changes) <= 1
        return changes[0] if changes else None

    def _judge(self, name: str, run: Run, change: Change | None, count: int, told: bool) -> None:
        """Note where the row is not true: it says sent, failed, unknown or nothing, and `count` is what happened."""
        if change is None:
            if count:
                self.tally.untrue.append(f"{name}: sent, and not recorded")
            return
        self.tally.recorded += 1
        self.tally.by_state[change.state] += 1
        possible = {State.SENT: (1,), State.FAILED: (0,), State.UNKNOWN: (0, 1)}.get(change.state, ())
        if count not in possible or (told and change.state is not State.SENT):
            self.tally.untrue.append(f"{name}: {change.state} ({change.message}), and {count} at the vendor")
        if change.state is State.UNKNOWN and run.kind in (*REPEATABLE, "delete"):
            self.tally.untrue.append(f"{name}: unknown, though it can be sent again or looked for")
