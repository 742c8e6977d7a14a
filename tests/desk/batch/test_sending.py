"""Batches sent, stopped, interrupted and gone on with: every row reaches the vendor once, and none is lost."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.desk.batch.files import customers, follows, pairs, remarks
from tests.desk.conftest import OpenDesk
from tests.desk.workshop import Workshop
from tests.pace import slow
from tui.desk.batch.pace import Pace
from tui.desk.batch.summary import ending
from tui.desk.desk import Desk
from tui.desk.outbox.delivery_text import causes
from tui.model.change import State
from tui.model.errors import ConflictError
from tui.sandbox.faults import Faults, InjectedFault
from tui.sandbox.seed import seed

Rows = Callable[..., list[tuple[Any, ...]]]

SENT = "SELECT count(*) FROM juzi_follow_user WHERE remark LIKE ?"
WRITTEN = "SELECT content, count(*) FROM juzi_follow_history WHERE content LIKE ? GROUP BY content"


class StopAt:
    """A progress that sets `stop` once `count` are through."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.stop = asyncio.Event()
        self.heard: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.heard.append((done, total))
        if done >= self.count:
            self.stop.set()


async def states(desk: Desk, batch: str) -> Counter[State]:
    """How many changes of `batch` stand in each state."""
    return Counter(change.state for change in await desk.journal(limit=100_000) if change.batch == batch)


async def test_a_batch_is_recorded_as_one_and_sent(open_desk: OpenDesk, sandbox: Path, rows: Rows) -> None:
    desk = await open_desk("demo-juzi")
    plan = await desk.batches.plan(remarks(pairs(sandbox, 120)))
    progress = StopAt(10_000)
    report = await desk.batches.send(plan, on_progress=progress)
    assert (report.applied, report.waiting, report.failures, report.error) == (120, 0, (), None)
    assert rows(SENT, "新备注%") == [(120,)]
    assert await states(desk, plan.batch) == {State.SENT: 120}
    assert progress.heard[-1] == (120, 120)
    assert sorted(progress.heard) == progress.heard


async def test_refused_rows_are_grouped_by_their_cause_and_a_retry_sends_them_alone(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi")
    faults.set([InjectedFault.parse("refuse:set_remark:every=20,code=84061")])
    plan = await desk.batches.plan(remarks(pairs(sandbox, 200)))
    report = await desk.batches.send(plan)
    assert (report.applied, len(report.failures)) == (190, 10)
    assert {(failure.code, failure.unknown) for failure in report.failures} == {("84061", False)}
    assert ending(plan, report) == ["190 remarks saved", "10 refused: not external contact (84061)"]
    (group,) = await desk.batches.groups()
    assert (group.count, group.first.code) == (10, "84061")

    faults.set([])
    members = await desk.batches.members(group.first)
    assert len(members) == 10
    again = await desk.batches.retry(members)
    assert (again.applied, again.left) == (10, ())
    assert rows(SENT, "新备注%") == [(200,)]
    assert await desk.batches.groups() == []


async def test_the_same_file_again_sends_only_what_is_not_there(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi")
    file = follows(pairs(sandbox, 100))
    faults.set([InjectedFault.parse("refuse:add_follow:every=10")])
    assert (await desk.batches.send(await desk.batches.plan(file))).applied == 90
    faults.set([])
    plan = await desk.batches.plan(file)
    assert (plan.done, len(plan.steps), plan.resumed) == (90, 10, True)
    assert (await desk.batches.send(plan)).applied == 10
    plan = await desk.batches.plan(file)
    assert (plan.done, plan.steps) == (100, ())
    assert {count for _content, count in rows(WRITTEN, "跟进%")} == {1}

    twice = await desk.batches.plan(file, again=True)
    assert (len(twice.steps), twice.batch) == (100, f"{plan.batch}.2")
    assert (await desk.batches.send(twice)).applied == 100
    assert {count for _content, count in rows(WRITTEN, "跟进%")} == {2}
    assert (await desk.batches.plan(file)).done == 100, "the latest run is the one that is gone on with"


async def test_what_a_person_stops_is_held_back_until_a_person_says_so(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-juzi")
    file = remarks(pairs(sandbox, 400))
    stopping = StopAt(1)
    report = await desk.batches.send(await desk.batches.plan(file), on_progress=stopping, stop=stopping.stop)
    assert 0 < report.applied < 400
    held = 400 - report.applied
    assert causes(report) == [f"{held} held back: stopped by hand before it was sent"]
    assert rows(SENT, "新备注%") == [(report.applied,)]

    later = await open_desk("demo-juzi")
    await later.start()
    assert (await states(later, (await later.batches.plan(file)).batch))[State.FAILED] == held
    plan = await later.batches.plan(file)
    assert (plan.done, len(plan.steps)) == (report.applied, held)
    assert (await later.batches.send(plan)).applied == held
    assert rows(SENT, "新备注%") == [(400,)]


async def test_what_never_left_is_sent_when_the_desk_is_opened_next(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    file = follows([pair for pair in pairs(sandbox, 300) for _ in range(5)])
    await Interrupted(await open_desk("demo-juzi")).send(file, 1)
    later = await open_desk("demo-juzi")
    assert (await later.outbox.counts())[State.PENDING] in (500, 1000), "a call takes 500, and one may be under way"
    through = asyncio.Event()

    async def look() -> None:
        if not (await later.outbox.counts())[State.PENDING]:
            through.set()

    tasks = set()
    later.subscribe(lambda: tasks.add(asyncio.ensure_future(look())))
    await later.start()
    await asyncio.wait_for(through.wait(), 20)
    await asyncio.gather(*tasks)
    assert sorted(rows(WRITTEN, "跟进%")) == sorted((f"跟进{number}", 1) for number in range(1500))


async def test_a_lost_answer_leaves_its_rows_to_a_person_and_the_same_file_does_not_send_them(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi")
    file = follows(customers(sandbox, 20))
    faults.set([InjectedFault.parse("drop-after:add_follow:count=1")])
    report = await desk.batches.send(await desk.batches.plan(file))
    assert report.applied == 0
    assert [failure.unknown for failure in report.failures] == [True] * 20
    plan = await desk.batches.plan(file)
    assert (plan.steps, len(plan.undecided)) == ((), 20)
    assert set(rows(WRITTEN, "跟进%")) == {(f"跟进{number}", 1) for number in range(20)}
    await desk.outbox.discard([change.id for change in report.left[:5]])
    await desk.outbox.mark_done([change.id for change in report.left[5:]])
    settled = await desk.batches.plan(file)
    assert (settled.discarded, settled.done, settled.steps) == (5, 15, ())


async def test_a_vendor_that_gives_no_answer_is_not_asked_for_ever(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, faults: Faults
) -> None:
    desk = await open_desk("demo-juzi")
    faults.set([InjectedFault.parse("drop-after:add_follow")])
    file = follows([pair for pair in pairs(sandbox, 300) for _ in range(7)])
    report = await desk.batches.send(await desk.batches.plan(file))
    assert Counter(change.state for change in report.left) == {State.UNKNOWN: 1000, State.PENDING: 1100}
    assert rows("SELECT count(*) FROM juzi_follow_history WHERE content LIKE '跟进%'") == [(1000,)]


async def test_two_processes_with_one_file_do_not_both_record_it(open_desk: OpenDesk, sandbox: Path) -> None:
    file = follows(pairs(sandbox, 10))
    one, other = await open_desk("demo-juzi"), await open_desk("demo-juzi")
    first, second = await one.batches.plan(file), await other.batches.plan(file)
    assert (await one.batches.send(first)).applied == 10
    with pytest.raises(ConflictError, match="another kehu"):
        await other.batches.send(second)
    assert (await other.batches.plan(file)).done == 10


async def test_a_desk_that_sends_what_waits_leaves_a_running_batch_to_itself(
    open_desk: OpenDesk, sandbox: Path, rows: Rows
) -> None:
    desk = await open_desk("demo-juzi")
    stopping = StopAt(1)

    def progress(done: int, total: int) -> None:
        stopping(done, total)
        started.add(asyncio.ensure_future(desk.start()))

    started: set[asyncio.Task[None]] = set()
    plan = await desk.batches.plan(remarks(pairs(sandbox, 400)))
    report = await desk.batches.send(plan, on_progress=progress, stop=stopping.stop)
    await asyncio.gather(*started)
    assert report.applied + len(report.failures) == 400
    assert rows(SENT, "新备注%") == [(report.applied,)]
    assert report.applied < 400


class Interrupted:
    """A batch begun by a desk that is closed in the middle, as a reboot or a dropped line would."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._reached = asyncio.Event()

    async def send(self, file: Any, after: int) -> None:
        """Send `file`, and leave once `after` rows are through."""

        def progress(done: int, total: int) -> None:
            if done >= after:
                self._reached.set()

        plan = await self._desk.batches.plan(file)
        sending = asyncio.create_task(self._desk.batches.send(plan, on_progress=progress))
        await self._reached.wait()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await self._desk.close()


async def test_follow_ups_interrupted_twice_are_there_once_each(open_desk: OpenDesk, sandbox: Path, rows: Rows) -> None:
    file = follows([pair for pair in pairs(sandbox, 300) for _ in range(7)])
    assert len(file.items) == 2100
    await Interrupted(await open_desk("demo-juzi")).send(file, 500)
    await Interrupted(await open_desk("demo-juzi")).send(file, 500)
    desk = await open_desk("demo-juzi")
    report = await desk.batches.send(await desk.batches.plan(file))
    assert report.failures == ()
    assert (await desk.batches.plan(file)).done == 2100
    found = rows(WRITTEN, "跟进%")
    assert (len(found), {count for _content, count in found}) == (2100, {1})


ROWS = 10_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox in which `ROWS` colleagues follow customers."""
    database = tmp_path_factory.mktemp("large") / "sandbox.db"
    seed(database, 6000)
    return database


@slow
async def test_ten_thousand_remarks_one_in_twenty_refused_interrupted_twice_are_sent_to_the_end(
    large: Path, tmp_path: Path
) -> None:
    sandbox = tmp_path / "sandbox.db"
    shutil.copy(large, sandbox)
    faults = Faults.parse("refuse:set_remark:every=20,code=84061")
    workshop = Workshop(sandbox, tmp_path / "data", faults)
    people = pairs(sandbox, ROWS)
    file = remarks(people, by="union_id")

    await Interrupted(await workshop.open("demo-juzi")).send(file, 3000)
    desk = await workshop.open("demo-juzi")
    plan = await desk.batches.plan(file)
    assert plan.rows == ROWS
    assert 3000 * 0.9 < plan.done < ROWS
    stopping = StopAt(3000)
    report = await desk.batches.send(plan, on_progress=stopping, stop=stopping.stop)
    assert 0 < report.applied < len(plan.steps)
    plan = await desk.batches.plan(file)
    report = await desk.batches.send(plan)
    assert plan.done + report.applied + len(report.failures) == ROWS
    assert {failure.code for failure in report.failures} == {"84061"}
    faults.set([])
    assert (await desk.batches.retry([change.id for change in report.left])).applied == len(report.left)
    assert await states(desk, plan.batch) == {State.SENT: ROWS}
    await workshop.close()

    with closing(sqlite3.connect(sandbox)) as connection:
        found = connection.execute(
            "SELECT external_user_id, union_id, user_id, remark FROM juzi_customer"
            " JOIN juzi_follow_user ON customer = ordinal WHERE remark LIKE '新备注%'"
        ).fetchall()
    assert sorted(found) == sorted((*pair, f"新备注{number}") for number, pair in enumerate(people))


@pytest.mark.parametrize(
    ("elapsed", "done", "total", "told"),
    [
        (1.0, 0, 10_000, "0 of 10,000"),
        (8.0, 3_200, 10_000, "3,200 of 10,000 · 400/s · 17 s left"),
        (10.0, 5, 1_000, "5 of 1,000 · 0.5/s · 33 min left"),
        (10.0, 5, 100_000, "5 of 100,000 · 0.5/s · 55.6 h left"),
        (2.0, 100, 100, "100 of 100 · 50/s"),
    ],
)
def test_the_pace_tells_how_many_how_fast_and_how_long_still(elapsed: float, done: int, total: int, told: str) -> None:
    times = iter((100.0, 100.0 + elapsed))
    assert Pace(lambda: next(times)).told(done, total) == told
