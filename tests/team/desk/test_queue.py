"""What a desk writes reaches its team: once, whatever becomes of the server, the line and the answers."""

from __future__ import annotations

import json
import time

import pytest

from tests.team.desk.conftest import Office, is_up, until
from tests.team.desk.fake_server import ZHANG
from tui.desk.desk import Desk
from tui.model.customer import Contact, Customer, FollowEntry, FollowText, Query
from tui.model.errors import AuthError
from tui.sandbox.faults import InjectedFault


async def follow(desk: Desk, text: str, customer_id: str = "") -> str:
    """Write a follow-up; the customer's id."""
    customer = (await desk.customer(customer_id)).customer if customer_id else await first_of(desk)
    entry = FollowEntry(
        customer=customer.id,
        union_id=customer.union_id,
        user_id=desk.settings.user_id,
        texts=(FollowText(content=text),),
    )
    delivery = await desk.follow([entry])
    assert delivery.change_ids
    return customer.id


async def first_of(desk: Desk) -> Customer:
    """The customer at the top of the list."""
    listing = await desk.listing(Query(size=5))
    return (await desk.customer(listing.rows[0].id)).customer


def told(office: Office) -> list[str]:
    """The texts of the follow-ups that the server has, in its order."""
    rows = sorted(office.server.entries.values(), key=lambda row: row["sequence"])
    return [row["body"]["request"]["texts"][0]["content"] for row in rows if row["kind"] == "follow"]


async def test_what_a_desk_writes_is_at_the_team_once(office: Office) -> None:
    desk, team = await office.join()
    await is_up(team)
    customer = await follow(desk, "电话未接")
    await until(team, lambda: told(office) == ["电话未接"])
    (row,) = office.server.entries.values()
    assert (row["source"], row["customer"], row["author_name"]) == (desk.settings.source, customer, "Rocky")
    assert row["body"]["state"] == "sent"
    assert (await team.state()).waiting == 0


async def test_what_was_written_while_the_server_was_away_is_sent_when_it_is_back(office: Office) -> None:
    desk, team = await office.join()
    await is_up(team)
    await office.cut()
    await until(team, lambda: not team.line.is_up)
    await follow(desk, "第一条")
    await follow(desk, "第二条")
    state = await team.state()
    assert (state.waiting, state.reachable) == (2, False)
    await office.serve()
    await until(team, lambda: told(office) == ["第一条", "第二条"])


async def test_what_was_written_before_the_desk_joined_is_sent(office: Office) -> None:
    desk = await office.workshop.open("demo-juzi")
    await follow(desk, "以前写的")
    team = office.place(desk)
    await team.start()
    await until(team, lambda: told(office) == ["以前写的"])


async def test_an_entry_whose_answer_was_lost_is_sent_again_and_there_once(office: Office) -> None:
    desk, team = await office.join()
    await is_up(team)
    office.server.lose_answers = 1
    await follow(desk, "丢了回答")
    await until(team, lambda: office.server.lose_answers == 0)
    await office.cut()
    await office.serve()
    await until(team, lambda: office.server.calls.count("POST /v1/entries") >= 2)
    assert told(office) == ["丢了回答"]
    await team.flush(5)
    assert (await team.state()).waiting == 0


async def test_a_refused_entry_is_counted_and_does_not_hold_up_those_behind_it(office: Office) -> None:
    desk, team = await office.join()
    await office.cut()
    await follow(desk, "不收")
    await follow(desk, "收")
    entries = await desk.disk.run(lambda store: store.journal.after(0, 10))
    office.server.refuse[entries[0][1].id] = "erased"
    await office.serve()
    await until(team, lambda: told(office) == ["收"])
    await team.flush(5)
    state = await team.state()
    assert (state.waiting, state.refused) == (0, 1)


async def test_a_failed_change_is_not_told_but_an_unknown_one_is_and_how_it_was_settled(office: Office) -> None:
    desk, team = await office.join()
    await is_up(team)
    office.faults.set([InjectedFault.parse("drop-after:add_follow:count=1")])
    await follow(desk, "不知道到没到")
    await until(team, lambda: len(office.server.entries) == 1)
    (row,) = office.server.entries.values()
    assert row["body"]["state"] == "unknown"
    (unknown,) = await desk.outbox.items()
    await desk.outbox.mark_done([unknown.id])
    desk.announce()
    await until(team, lambda: len(office.server.entries) == 2)
    states = [one["body"]["state"] for one in sorted(office.server.entries.values(), key=lambda one: one["sequence"])]
    assert states == ["unknown", "sent"]
    assert len({one["body"]["change"] for one in office.server.entries.values()}) == 1


async def test_no_contact_and_no_sensitive_value_leaves_in_an_entry(office: Office) -> None:
    desk, team = await office.join("demo-useasy")
    await is_up(team)
    customer = await first_of(desk)
    await desk.update(customer, {"phones": (Contact(value="13912345678"),), "name": "新名字"})
    await until(team, lambda: len(office.server.entries) == 1)
    (row,) = office.server.entries.values()
    text = json.dumps(row, ensure_ascii=False)
    assert "13912345678" not in text
    assert row["body"]["request"]["values"]["name"] == "新名字"
    assert "answer" not in row["body"]


async def test_a_revoked_token_says_so_and_everything_waits(office: Office) -> None:
    desk, team = await office.join(token="of-yesterday")
    await until(team, lambda: team.line.problem is not None)
    assert isinstance(team.line.problem, AuthError)
    await follow(desk, "等")
    assert (await team.state()).waiting == 1
    assert "kehu team join" in team.line.problem.hint()


@pytest.mark.parametrize("sequence", [None, 0])
async def test_a_server_with_another_database_is_sent_all_of_it(office: Office, sequence: int | None) -> None:
    desk, team = await office.join()
    await is_up(team)
    await follow(desk, "还在吗")
    await until(team, lambda: told(office) == ["还在吗"])
    await until(team, lambda: office.server.sequence == 3)
    await team.flush(5)
    await office.cut()
    office.server.entries.clear()
    office.server.events.clear()  # restored from a copy of before
    if sequence is None:
        office.server.id = "another"
    await office.serve()
    await until(team, lambda: told(office) == ["还在吗"])


async def test_a_claim_ends_by_the_servers_clock_though_it_is_an_hour_ahead(office: Office) -> None:
    office.server.ahead = 3600.0
    _desk, team = await office.join()
    await is_up(team)
    office.server.claim("juzi:sandbox", "c1", ZHANG, 1800)
    await until(team, lambda: team.company("c1").claim is not None)
    claim = team.company("c1").claim
    assert claim is not None
    assert 1700 < claim.until - time.time() < 1900


async def test_events_and_keys_of_a_newer_server_are_passed_over(office: Office) -> None:
    _desk, team = await office.join()
    await is_up(team)
    office.server.tell("hologram", {"what": ["nobody", "knows"]})
    row = {"id": "e1", "source": "juzi:sandbox", "customer": "c1", "kind": "telepathy", "at": 1.0, "body": {"x": 1}}
    office.server.write({**row, "mood": "good"})
    sequence = office.server.sequence
    await until(team, lambda: team.line.received.sequence == sequence)
    assert team.line.is_up


async def test_the_oldest_entries_go_where_there_are_too_many(office: Office) -> None:
    _desk, team = await office.join()
    await is_up(team)
    for entry in range(5):
        office.server.write(
            {"id": f"e{entry}", "source": "s", "customer": "c", "kind": "follow", "at": 1.0, "body": {}}
        )
    await until(team, lambda: len(team.line.received.history([("s", "c")], None)) == 5)
    await team.line.disk(lambda file: file.prune(2))
    assert len(team.line.received.history([("s", "c")], None)) == 2
