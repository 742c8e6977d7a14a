"""The feed: what was missed first, then what is new, in one order; and claims and who is there."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.team.served import SOURCE, Served, entry, serving
from tui.team.server import people
from tui.team.server.limits import Limits
from tui.team.server.wire_models import Member


async def test_what_was_missed_comes_first_and_what_is_new_after_it(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    missed = [one for _ in range(3) for one in await rocky.add(*(entry() for _ in range(80)))]
    async with zhang.feed(after=missed[9]["sequence"]) as heard:
        events = await heard.until_ready()
        assert [told["sequence"] for _event, told in events] == [one["sequence"] for one in missed[10:]]
        (new,) = await rocky.add(entry())
        event, told = await heard.next()
        assert (event, told["sequence"], told["author_name"]) == ("entry", new["sequence"], "rocky")


async def test_a_desk_that_asks_for_nothing_before_is_told_nothing_before(served: Served) -> None:
    rocky = await served.member("rocky")
    await rocky.add(entry())
    async with rocky.feed() as heard:
        assert await heard.until_ready() == []


async def test_two_servers_on_one_database_tell_one_another(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "a.sock") as here, serving(url, tmp_path / "b.sock") as there:
        rocky, zhang = await here.member("rocky"), await there.member("张三")
        async with there.as_member(zhang).feed() as heard:
            await heard.until_ready()
            await there.as_member(zhang).post("/v1/presence", {"source": SOURCE, "customer": "c1"})
            (added,) = await rocky.add(entry())
            assert (await heard.next())[1]["sequence"] == added["sequence"]
            told = await rocky.post("/v1/presence", {"source": SOURCE, "customer": "c1", "doing": "writing"})
            assert [one["name"] for one in told["others"]] == ["张三"]
            if here.database.is_postgresql:  # a process on the same file is asked again in some seconds
                event, about = await heard.next()
                assert (event, [one["name"] for one in about["others"]]) == ("presence", ["rocky"])


async def test_many_writers_on_two_servers_leave_no_gap_for_a_reader(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "a.sock") as here, serving(url, tmp_path / "b.sock") as there:
        rocky, zhang = await here.member("rocky"), await there.member("张三")
        async with there.as_member(rocky).feed() as heard:
            await heard.until_ready()
            writers = [writer.add(entry(), entry()) for writer in (rocky, zhang) * 15]
            added = {one["sequence"] for some in await asyncio.gather(*writers) for one in some}
            told = [(await heard.next())[1]["sequence"] for _ in added]
            assert told == sorted(added)


async def test_a_desk_that_has_seen_more_than_a_restored_database_is_told_so(served: Served) -> None:
    rocky = await served.member("rocky")
    answer = await rocky.call("GET", "/v1/feed", after=10**9)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "ahead")


async def test_a_member_who_is_revoked_hears_no_more(served: Served) -> None:
    rocky = await served.member("rocky")
    async with rocky.feed() as heard:
        await heard.until_ready()
        await people.revoke(served.database, "rocky", by="root@host")
        served.app.context.feed.wake()
        assert (await heard.next())[0] == "people"
        assert [event async for event in heard.rest()] == ["entry"], "that it was done, and no more"


async def test_a_line_that_is_quiet_is_kept_open(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "team.sock", Limits(heartbeat_seconds=0.01, feeds=1)) as served:
        rocky = await served.member("rocky")
        async with rocky.feed() as heard:
            await heard.until_ready()
            lines = [line async for line in heard.some_lines(5)]
            assert ": " in lines
            refused = await rocky.call("GET", "/v1/feed")
            assert (refused.status_code, refused.json()["error"]["code"]) == (429, "feeds")


async def test_of_two_who_want_a_customer_one_has_it(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "a.sock") as here, serving(url, tmp_path / "b.sock") as there:
        callers = [await server.member(f"agent {number}") for number, server in enumerate((here, there) * 4)]
        wanted = {"source": SOURCE, "customer": "c1", "seconds": 7200}
        answers = await asyncio.gather(*(one.call("POST", "/v1/claims", wanted) for one in callers))
        assert sorted(one.status_code for one in answers) == [200, *[409] * 7]
        winner = next(one.json() for one in answers if one.status_code == 200)
        holders = {one.json()["error"]["holder"]["holder"] for one in answers if one.status_code == 409}
        assert holders == {winner["holder"]}


async def test_a_claim_ends_by_itself_and_a_stale_holder_writes_no_more(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    wanted = {"source": SOURCE, "customer": "c1", "seconds": 60}
    first = await rocky.post("/v1/claims", wanted)
    assert (await rocky.post("/v1/claims", wanted))["fence"] == first["fence"]
    served.database.shift = 61
    prolonged = await rocky.put("/v1/claims", {**wanted, "fence": first["fence"]})
    assert prolonged["fence"] == first["fence"], "nobody took it"
    served.database.shift = 122
    second = await zhang.post("/v1/claims", wanted)
    assert second["fence"] > first["fence"]
    assert second["holder_name"] == "张三"
    lost = await rocky.call("PUT", "/v1/claims", {**wanted, "fence": first["fence"]})
    assert (lost.status_code, lost.json()["error"]["code"]) == (409, "lost")
    stale, fresh = entry(fence=first["fence"]), entry(fence=second["fence"])
    assert (await rocky.add(stale))[0]["error"]["code"] == "fence"
    assert "error" not in (await zhang.add(fresh))[0]
    assert (await rocky.add(fresh))[0]["error"]["code"] == "other_author"


async def test_a_claim_that_is_given_back_can_be_had(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    wanted = {"source": SOURCE, "customer": "c1"}
    async with zhang.feed() as heard:
        await heard.until_ready()
        claim = await rocky.post("/v1/claims", {**wanted, "seconds": 7200})
        assert (await heard.next())[1]["holder_name"] == "rocky"
        assert (await zhang.get("/v1/claims", **wanted))["items"][0]["fence"] == claim["fence"]
        await rocky.delete("/v1/claims", **wanted, fence=claim["fence"])
        assert (await heard.next())[1]["holder"] == ""
    assert (await rocky.get("/v1/claims", mine=1))["items"] == []
    assert (await zhang.post("/v1/claims", {**wanted, "seconds": 60}))["holder"] == zhang.id


async def test_who_is_at_a_customer_is_told_to_those_who_are_there(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    here = {"source": SOURCE, "customer": "c1"}
    assert await rocky.post("/v1/presence", {**here, "desk": "a"}) == {"others": [], "claim": None}
    async with rocky.feed() as heard:
        await heard.until_ready()
        (other,) = (await zhang.post("/v1/presence", {**here, "doing": "writing"}))["others"]
        assert (other["name"], other["doing"]) == ("rocky", "open")
        event, told = await heard.next()
        assert (event, told["customer"]) == ("presence", "c1")
        assert [(one["name"], one["doing"]) for one in told["others"]] == [("张三", "writing")]
        await zhang.delete("/v1/presence", **here)
        assert (await heard.next())[1]["others"] == []
    served.database.shift = 46
    assert (await zhang.post("/v1/presence", here))["others"] == [], "a desk that was killed is there no more"


async def test_a_desk_that_went_away_before_it_was_answered_counts_no_more(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "team.sock", Limits(feeds=1)) as served:
        rocky = await served.member("rocky")
        member = Member.model_validate(rocky.facts)
        served.app.context.feed.listen(member, 0, 0)  # whose answer is never begun
        async with rocky.feed() as heard:
            await heard.until_ready()
