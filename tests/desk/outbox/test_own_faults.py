"""Whatever goes wrong while a change is sent is its own trouble: not the desk's, the batch's, or another change's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.batch.files import follows, pairs, remarks
from tests.desk.conftest import OpenDesk
from tests.faults.misanswering import KINDS
from tui.cli import main
from tui.client.body import encoded
from tui.desk.desk import Desk
from tui.desk.outcome import Delivery, State
from tui.model.customer import Customer, FollowEntry, FollowText, Query, Remark
from tui.model.errors import OwnFaultError
from tui.sandbox.faults import Faults, InjectedFault

Rows = Callable[..., list[tuple[Any, ...]]]
BUGS = [ValueError("Extra data: line 1 column 2"), KeyError("values"), RecursionError(), TypeError("not a number")]

PROFILES = {"remark": "demo-juzi", "follow": "demo-juzi", "create-ima": "demo-ima", "update-ima": "demo-ima"}


async def somebody(desk: Desk, open_desk: OpenDesk) -> Customer:
    if desk.settings.dialect == "ima":
        juzi = await open_desk("demo-juzi")
        known = (await juzi.listing(Query(size=5))).rows[0].id
        return (await desk.customer(known, by="external_id")).customer
    page = await desk.page(Query(size=50))
    return next(
        one
        for one in page.items
        if desk.settings.dialect == "useasy" or (one.union_id and one.follow_users[0].user_id == "rocky")
    )


async def write(desk: Desk, kind: str, one: Customer) -> Delivery:
    match kind:
        case "remark":
            return await desk.remark([Remark(customer=one.id, union_id=one.union_id, user_id="rocky", remark="新")])
        case "follow":
            texts = (FollowText(content="跟进"),)
            entry = FollowEntry(customer=one.id, union_id=one.union_id, user_id="rocky", texts=texts)
            return await desk.follow([entry])
        case "delete":
            return await desk.delete(one)
        case "create-useasy" | "create-ima":
            specs = [spec for spec in await desk.fields() if spec.required and spec.enabled]
            required = {spec.code: spec.choices[0].key if spec.choices else "1" for spec in specs}
            return await desk.create({**required, "name": "新客户"})
        case _:
            return await desk.update(one, {"name": "李思"})


def break_before_sending(monkeypatch: pytest.MonkeyPatch, bug: Exception) -> None:
    """Have every body that a write is sent with fail to be built."""

    def fail(body: object, params: Any) -> bytes | None:
        if body in (None, {}, {"editable": False}) or (isinstance(body, dict) and "search" in body):
            return encoded(body, params)
        raise bug

    monkeypatch.setattr("tui.client.http.encoded", fail)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: type(bug).__name__)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_change_that_cannot_be_built_is_refused_with_its_reason_and_can_be_thrown_away(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, bug: Exception
) -> None:
    desk = await open_desk(PROFILES.get(kind, "demo-useasy"))
    one = await somebody(desk, open_desk)
    await desk.fields()
    break_before_sending(monkeypatch, bug)
    delivery = await write(desk, kind, one)
    assert isinstance(delivery.error, OwnFaultError)
    (change,) = await desk.outbox.items()
    assert change.state is State.FAILED
    assert change.code == "fault"
    assert type(bug).__name__ in change.message
    assert (await desk.outbox.retry([change.id])).applied == 0, "it fails again, and the desk lives"
    await desk.outbox.discard([change.id])
    assert await desk.outbox.items() == []
    log = next(tmp_path.rglob("crash.log")).read_text()
    assert type(bug).__name__ in log
    assert "line 1 column 2" not in log, "the log has no values"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_fault_after_it_has_left_makes_the_change_unknown_and_never_sends_it_again(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    desk = await open_desk(PROFILES.get(kind, "demo-useasy"))
    one = await somebody(desk, open_desk)
    await desk.fields()
    monkeypatch.setattr("tui.client.http.Replies.to_keep", broken)
    delivery = await write(desk, kind, one)
    assert [failure.unknown for failure in delivery.failures] == [True]
    assert isinstance(delivery.error, OwnFaultError)
    assert "secret" not in str(delivery.error)
    (change,) = await desk.outbox.items()
    assert (change.state, change.attempts) == (State.UNKNOWN, 1)


def broken(*_: object) -> Any:
    raise RuntimeError("a bug beside a secret")


@pytest.mark.parametrize("kind", ["remark", "follow"])
async def test_one_row_that_cannot_be_sent_costs_itself_and_not_its_batch(
    open_desk: OpenDesk, sandbox: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    desk = await open_desk("demo-juzi")
    sheet = (remarks if kind == "remark" else follows)(pairs(sandbox, 60))
    plan = await desk.batches.plan(sheet)

    def fail(body: object, params: Any) -> bytes | None:
        content = encoded(body, params)
        if content is not None and ('新备注7"' if kind == "remark" else '跟进7"') in content.decode():
            raise ValueError("one odd value")
        return content

    monkeypatch.setattr("tui.client.http.encoded", fail)
    report = await desk.batches.send(plan)
    assert (report.applied, len(report.failures)) == (59, 1)
    (failed,) = await desk.outbox.items()
    assert (failed.state, failed.code) == (State.FAILED, "fault")
    written = "SELECT count(*) FROM juzi_follow_user WHERE remark LIKE '新备注%'"
    if kind == "follow":
        written = "SELECT count(*) FROM juzi_follow_history WHERE content LIKE '跟进%'"
    assert rows(written) == [(59,)]


async def test_what_reading_back_stumbles_over_does_not_undo_what_is_saved(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await open_desk("demo-useasy")
    one = await somebody(desk, open_desk)

    async def stumble(item: object) -> Any:
        raise OverflowError("date value out of range")

    monkeypatch.setattr(desk.outbox, "_keep", stumble)
    assert (await desk.update(one, {"name": "李思"})).applied == 1
    assert await desk.outbox.items() == []


async def test_a_vendor_that_refuses_after_a_call_was_lost_is_not_told_as_having_refused_it(
    open_desk: OpenDesk, faults: Faults, rows: Rows
) -> None:
    desk = await open_desk("demo-juzi")
    one = await somebody(desk, open_desk)
    faults.set([InjectedFault.parse("garbage:set_remark")])
    assert (await write(desk, "remark", one)).waiting == 1
    assert rows("SELECT count(*) FROM juzi_follow_user WHERE remark = '新'") == [(1,)]
    # It is sent again, and refused: but the first one had arrived.
    faults.set(
        [InjectedFault.parse("refuse:set_remark:code=48002"), InjectedFault.parse("code:customer/detail:code=48002")]
    )
    await desk.outbox._send_all_waiting()
    (change,) = await desk.outbox.items()
    assert (change.state, change.code) == (State.UNKNOWN, "48002")


def test_the_command_says_what_failed_and_ends_with_70(
    monkeypatch: pytest.MonkeyPatch, sandbox: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    sandbox.rename(folder / "sandbox.db")
    monkeypatch.setenv("KEHU_DATA_DIR", str(folder))
    arguments = ["--profile", "demo-useasy"]
    main(["list", *arguments, "--size", "1", "--json"])
    id = capfd.readouterr().out.partition('"id": "')[2].partition('"')[0]
    break_before_sending(monkeypatch, ValueError("Extra data"))
    assert main(["edit", id, *arguments, "--set", "name=李思"]) == 70
    err = capfd.readouterr().err
    assert "ValueError: Extra data" in err
    assert "Traceback" not in err
    main(["outbox", *arguments, "--json"])
    assert '"failed"' in capfd.readouterr().out
    assert main(["outbox", "discard", *arguments, "--failed"]) == 0
