"""What a batch of remarks replaces is what stands there now, and nobody is overwritten unseen."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.desk.batch.files import Pair, customers, remarks, sheet
from tests.desk.conftest import OpenDesk
from tests.desk.workshop import Workshop
from tui.desk.batch import recipients
from tui.desk.batch.plan import Plan
from tui.desk.batch.summary import clashes, example, summary
from tui.desk.conflicts import FRESH
from tui.desk.desk import Desk
from tui.model.change import State
from tui.model.customer import Query
from tui.model.errors import ConflictError
from tui.sandbox.faults import Faults, InjectedFault

DETAIL, LIST = "customer/detail", "customer/list"

Colleague = Callable[[Pair, str], None]
Later = Callable[[float], None]


@pytest.fixture
def colleague(sandbox: Path) -> Colleague:
    """Sets somebody's remark at the vendor, as a colleague at another desk does."""

    def write(pair: Pair, remark: str) -> None:
        query = """
            UPDATE juzi_follow_user SET remark = ? WHERE user_id = ?
                AND customer = (SELECT ordinal FROM juzi_customer WHERE external_user_id = ?)
        """
        with closing(sqlite3.connect(sandbox)) as connection, connection:
            assert connection.execute(query, (remark, pair.user_id, pair.customer)).rowcount == 1

    return write


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Moves the clock on, by so many seconds."""
    now = time.time

    def move(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: now() + seconds)

    return move


async def seen(open_desk: OpenDesk, **options: object) -> Desk:
    """A desk that has seen everybody."""
    first = await open_desk("demo-juzi")
    for page in (1, 2, 3):
        await first.listing(Query(page=page, size=100))
    return await open_desk("demo-juzi", **options) if options else first


def befores(plan: Plan) -> list[str]:
    """The remarks that `plan` replaces."""
    return [before for step in plan.steps for _name, before, _after in example(step)]


def count(calls: Sequence[str], part: str) -> int:
    """How many of `calls` are to `part`."""
    return sum(part in call for call in calls)


async def test_what_was_read_a_short_while_ago_is_not_read_again(
    open_desk: OpenDesk, sandbox: Path, workshop: Workshop, later: Later
) -> None:
    desk = await seen(open_desk)
    later(FRESH - 60)
    workshop.calls.clear()
    plan = await desk.batches.plan(remarks(customers(sandbox, 200)))
    assert workshop.calls == []
    assert (len(plan.steps), plan.read_again, plan.stale, plan.clashes) == (200, 0, [], [])


async def test_a_few_are_read_again_one_by_one_and_many_from_the_list(
    open_desk: OpenDesk, sandbox: Path, workshop: Workshop, later: Later
) -> None:
    desk = await seen(open_desk)
    later(3600)
    workshop.calls.clear()
    few = await desk.batches.plan(remarks(customers(sandbox, 5)))
    assert (few.read_again, few.looked_up) == (5, 0)
    assert (count(workshop.calls, DETAIL), count(workshop.calls, LIST)) == (5, 0)
    assert "5 were read again at the vendor" in summary(few)

    workshop.calls.clear()
    many = await desk.batches.plan(remarks(customers(sandbox, 200)))
    assert many.read_again == 195, "the five were read just now"
    assert (count(workshop.calls, DETAIL), count(workshop.calls, LIST)) == (0, 1)
    assert many.stale == []


async def test_a_colleagues_remark_is_shown_before_it_is_replaced_and_an_undo_brings_it_back(
    open_desk: OpenDesk, sandbox: Path, later: Later, colleague: Colleague
) -> None:
    desk = await seen(open_desk)
    one, two = customers(sandbox, 2)
    colleague(one, "王总")
    later(3600)
    plan = await desk.batches.plan(remarks([one, two]))
    assert befores(plan)[0] == "王总"
    assert [step.person.id for step in plan.clashes] == [one.customer]
    assert "1 replace what somebody else has changed since it was seen here" in summary(plan)
    (told,) = clashes(plan, 20)
    assert told.endswith("Remark: it was “张总”, somebody made it “王总”, yours is “新备注0”")

    assert (await desk.batches.send(plan)).applied == 2
    (change,) = [change for change in await desk.journal() if change.customer_id == one.customer]
    assert change.before is not None
    assert change.before["remark"] == "王总"
    assert (await desk.undo(change.id)).applied == 1
    again = await desk.customer(one.customer)
    assert {user.user_id: user.remark for user in again.customer.follow_users}[one.user_id] == "王总"


async def test_a_clash_is_told_once_and_by_the_next_plan_it_is_known(
    open_desk: OpenDesk, sandbox: Path, later: Later, colleague: Colleague
) -> None:
    desk = await seen(open_desk)
    (one,) = customers(sandbox, 1)
    colleague(one, "王总")
    later(3600)
    assert len((await desk.batches.plan(remarks([one]))).clashes) == 1
    again = await desk.batches.plan(remarks([one]))
    assert (again.clashes, befores(again)) == ([], ["王总"])


async def test_what_was_sent_from_here_and_what_means_the_same_is_no_clash(
    open_desk: OpenDesk, sandbox: Path, later: Later, colleague: Colleague
) -> None:
    desk = await seen(open_desk)
    mine, wide, agreed, other = customers(sandbox, 4)
    assert (await desk.batches.send(await desk.batches.plan(remarks([mine], "first")))).applied == 1
    (there,) = befores(await desk.batches.plan(remarks([wide])))
    colleague(wide, f"  {there} ")
    colleague(agreed, "新备注2")
    colleague(other, "王总")
    later(3600)
    plan = await desk.batches.plan(remarks([mine, wide, agreed, other]))
    assert [step.person.id for step in plan.clashes] == [other.customer]
    assert [item.customer for item in plan.same] == [agreed.customer]
    assert befores(plan)[0] == "first0"
    assert [step.person.id for step in plan.without_clashes().steps] == [mine.customer, wide.customer]


async def test_of_too_many_to_be_read_again_it_is_told_how_old_they_are(
    open_desk: OpenDesk, sandbox: Path, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipients, "MOST_LOOKUPS", 3)
    desk = await seen(open_desk, disable={"list"})
    began = time.time()
    later(3 * 86400)
    plan = await desk.batches.plan(remarks(customers(sandbox, 8)))
    assert (len(plan.steps), plan.read_again, len(plan.stale)) == (8, 3, 5)
    (line,) = [line for line in summary(plan) if "not read again" in line]
    seen_at = time.strftime("%m-%d", time.localtime(began))
    assert line.startswith(f"5 were not read again (seen on {seen_at} ")


async def test_while_the_line_is_down_a_plan_is_made_of_what_is_known_and_says_so(
    open_desk: OpenDesk, sandbox: Path, later: Later, faults: Faults
) -> None:
    desk = await seen(open_desk)
    later(3600)
    faults.set([InjectedFault.parse("drop-before")])
    plan = await desk.batches.plan(remarks(customers(sandbox, 3)))
    assert (len(plan.steps), plan.read_again, len(plan.stale)) == (3, 0, 3)
    assert befores(plan)[0] == "张总"
    assert any(line.startswith("3 could not be read again: ") for line in summary(plan))


async def test_a_vendor_that_refuses_to_tell_is_not_asked_for_all(
    open_desk: OpenDesk, sandbox: Path, later: Later, faults: Faults, workshop: Workshop
) -> None:
    desk = await seen(open_desk, disable={"list"})
    later(3600)
    faults.set([InjectedFault.parse("status:customer/detail:status=400,message=no permission")])
    workshop.calls.clear()
    plan = await desk.batches.plan(remarks(customers(sandbox, 60)))
    assert (len(plan.steps), len(plan.stale)) == (60, 60)
    assert 0 < count(workshop.calls, DETAIL) < 30
    assert any(line.startswith("60 could not be read again: ") for line in summary(plan))


async def test_whom_the_vendor_has_no_more_is_refused_before_anything_is_sent(
    open_desk: OpenDesk, sandbox: Path, later: Later
) -> None:
    desk = await seen(open_desk)
    one, two = customers(sandbox, 2)
    with closing(sqlite3.connect(sandbox)) as connection, connection:
        connection.execute("DELETE FROM juzi_customer WHERE external_user_id = ?", (one.customer,))
    later(3600)
    plan = await desk.batches.plan(remarks([one, two]))
    assert [refusal.code for refusal in plan.refused] == ["not_found"]
    assert [step.person.id for step in plan.steps] == [two.customer]


async def test_whom_nobody_has_seen_is_read_before_the_remark_is_replaced(open_desk: OpenDesk, sandbox: Path) -> None:
    desk = await open_desk("demo-juzi")
    plan = await desk.batches.plan(remarks(customers(sandbox, 2), by="union_id"))
    assert (befores(plan)[0], plan.stale) == ("张总", [])
    blind = await open_desk("demo-juzi-2", disable={"get", "list"})
    plan = await blind.batches.plan(remarks(customers(sandbox, 2), by="union_id"))
    assert plan.stale == [0.0, 0.0]
    assert "of 2 it is not known what stands there" in summary(plan)


async def test_a_batch_that_is_gone_on_with_later_replaces_what_stands_there_by_then(
    open_desk: OpenDesk, sandbox: Path, later: Later, colleague: Colleague, faults: Faults
) -> None:
    desk = await seen(open_desk)
    (one,) = customers(sandbox, 1)
    faults.set([InjectedFault.parse("drop-before:set_remark")])
    assert (await desk.batches.send(await desk.batches.plan(remarks([one])))).waiting == 1
    assert await desk.batches.hold() == 1
    colleague(one, "王总")
    faults.set([])
    later(86400)
    plan = await desk.batches.plan(remarks([one]))
    assert (plan.resumed, len(plan.clashes), befores(plan)) == (True, 1, ["王总"])
    assert (await desk.batches.send(plan)).applied == 1
    (change,) = await desk.journal()
    assert change.state is State.SENT
    assert change.before is not None
    assert change.before["remark"] == "王总"


async def test_a_remark_that_waits_is_not_forgotten_when_the_record_is_read_again(
    open_desk: OpenDesk, sandbox: Path, faults: Faults
) -> None:
    desk = await seen(open_desk)
    (one,) = customers(sandbox, 1)
    there = befores(await desk.batches.plan(remarks([one])))[0]
    faults.set([InjectedFault.parse("drop-before:set_remark")])
    assert (await desk.batches.send(await desk.batches.plan(remarks([one], "waits")))).waiting == 1
    await desk.customer(one.customer)
    plan = await desk.batches.plan(sheet(f"customer,user_id,remark\n{one.customer},{one.user_id},{there}\n"))
    assert (plan.same, len(plan.steps)) == ((), 1), "what waits would stand there instead"


@pytest.mark.parametrize("by_hand", [True, False])
async def test_what_waited_is_compared_again_and_leaves_a_colleagues_remark_alone(
    open_desk: OpenDesk, sandbox: Path, faults: Faults, later: Later, colleague: Colleague, by_hand: bool
) -> None:
    desk = await seen(open_desk)
    one, two, three = customers(sandbox, 3)
    faults.set([InjectedFault.parse("drop-before:set_remark")])
    assert (await desk.batches.send(await desk.batches.plan(remarks([one, two, three])))).waiting == 3
    ids = [change.id for change in await desk.outbox.items()]
    await desk.close()
    colleague(two, "王总")
    later(FRESH + 1)
    faults.set([])

    again = await open_desk("demo-juzi")
    if by_hand:
        await again.batches.retry(ids)
    else:
        await again.outbox._send_all_waiting()
    states = {change.customer_id: (change.state, change.code) for change in await again.journal()}
    assert states[one.customer] == states[three.customer] == (State.SENT, "")
    assert states[two.customer] == (State.FAILED, ConflictError.kind)
    there = await again.customer(two.customer)
    assert {user.user_id: user.remark for user in there.customer.follow_users}[two.user_id] == "王总"


async def test_what_waited_goes_on_waiting_where_it_cannot_be_compared(
    open_desk: OpenDesk, sandbox: Path, faults: Faults, later: Later, workshop: Workshop
) -> None:
    desk = await seen(open_desk)
    faults.set([InjectedFault.parse("drop-before:set_remark")])
    assert (await desk.batches.send(await desk.batches.plan(remarks(customers(sandbox, 3))))).waiting == 3
    ids = [change.id for change in await desk.outbox.items()]
    later(FRESH + 1)
    faults.set([InjectedFault.parse("drop-before:customer/detail")])
    asked = []
    for some in (ids[:1], ids):
        workshop.calls.clear()
        assert (await desk.batches.retry(some)).waiting == len(some)
        asked.append(count(workshop.calls, DETAIL))
    assert asked[0] == asked[1] > 0, "one that is not answered is enough"


async def test_a_plan_that_is_made_anew_tells_what_changed_since_the_one_that_was_looked_at(
    open_desk: OpenDesk, sandbox: Path, later: Later, colleague: Colleague
) -> None:
    desk = await seen(open_desk)
    (one,) = customers(sandbox, 1)
    plan = await desk.batches.plan(remarks([one]))
    fresh = not plan.is_stale
    colleague(one, "王总")
    later(FRESH + 1)
    assert (fresh, plan.is_stale) == (True, True)
    await desk.customer(one.customer)  # as the desk does when the customer is opened again
    anew = await desk.batches.plan(remarks([one]), shown=plan)
    assert len(anew.clashes) == 1
    assert (await desk.batches.plan(remarks([one]), shown=anew)).clashes == []
