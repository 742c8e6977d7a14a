"""Work that is shared: next contacts that are handed over, views and texts that are there for all."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.team.served import SOURCE, Caller, Served


def contact(**changed: Any) -> dict[str, Any]:
    return {"source": SOURCE, "customer": "c1", "customer_name": "王五", "at": 1000.0, "note": "报价", **changed}


async def set_new(caller: Caller, **changed: Any) -> dict[str, Any]:
    row: dict[str, Any] = await caller.put(f"/v1/next/{uuid4()}", contact(revision=0, **changed))
    return row


async def test_a_next_contact_is_handed_to_a_colleague_who_sees_it_at_once(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    row = await set_new(rocky)
    assert (row["owner_name"], row["revision"]) == ("rocky", 1)
    async with zhang.feed() as heard:
        await heard.until_ready()
        await rocky.put(f"/v1/next/{row['id']}", contact(owner=zhang.id, revision=1))
        event, told = await heard.next()
        assert (event, told["owner_name"], told["author_name"], told["revision"]) == ("next", "张三", "rocky", 2)
    assert [one["id"] for one in (await zhang.get("/v1/due"))["items"]] == [row["id"]]
    assert (await rocky.get("/v1/due"))["items"] == []


async def test_an_agent_changes_their_own_and_a_lead_anybodys(served: Served) -> None:
    rocky, zhang, lead = [
        await served.member(name, role) for name, role in (("rocky", "agent"), ("张三", "agent"), ("李四", "lead"))
    ]
    row = await set_new(rocky)
    path = f"/v1/next/{row['id']}"
    refused = await zhang.call("PUT", path, contact(owner=zhang.id, revision=1))
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "owner")
    moved = await lead.put(path, contact(owner=zhang.id, revision=1))
    assert moved["owner"] == zhang.id
    nobody = await lead.call("PUT", path, contact(owner="nobody", revision=2))
    assert nobody.status_code == 400


async def test_a_change_that_somebody_else_made_is_not_written_over(served: Served) -> None:
    rocky = await served.member("rocky")
    row = await set_new(rocky)
    path = f"/v1/next/{row['id']}"
    later = contact(at=2000.0, revision=1)
    assert (await rocky.put(path, later))["revision"] == 2
    assert (await rocky.put(path, later))["revision"] == 2, "the answer was lost, and it was asked for once more"
    stale = await rocky.call("PUT", path, contact(at=3000.0, revision=1))
    assert (stale.status_code, stale.json()["error"]["current"]["at"]) == (409, 2000.0)
    gone = await rocky.call("PUT", f"/v1/next/{uuid4()}", contact(revision=4))
    assert gone.status_code == 404


async def test_a_lead_sees_who_has_how_many_due(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三", "lead")
    for at in (300.0, 100.0, 5000.0):
        await set_new(rocky, at=at)
    done = await set_new(zhang, at=50.0)
    await zhang.put(f"/v1/next/{done['id']}", contact(at=50.0, done_at=60.0, revision=1))
    await set_new(zhang, at=200.0)
    due = await zhang.get("/v1/due", owner="all", until=1000)
    assert [one["at"] for one in due["items"]] == [100.0, 200.0, 300.0]
    assert [(one["owner_name"], one["count"]) for one in due["by_owner"]] == [("rocky", 2), ("张三", 1)]
    of_customer = await rocky.get("/v1/next", source=SOURCE, customer="c1")
    assert len(of_customer["items"]) == 4, "without the one that was done"
    assert len((await rocky.get("/v1/next", after=0))["items"]) == 5


async def test_a_view_is_there_for_all_and_is_its_authors(served: Served) -> None:
    rocky, zhang, lead = [
        await served.member(name, role) for name, role in (("rocky", "agent"), ("张三", "agent"), ("李四", "lead"))
    ]
    path = "/v1/presets/view/今天 要/联系?"
    path = path.replace("?", "%3F")
    made = await rocky.put(path, {"body": {"query": "next<=today"}, "revision": 0})
    (seen,) = (await zhang.get("/v1/presets", kind="view"))["items"]
    assert (seen["name"], seen["body"], seen["author_name"]) == ("今天 要/联系?", {"query": "next<=today"}, "rocky")
    refused = await zhang.call("PUT", path, {"body": {}, "revision": made["revision"]})
    assert refused.status_code == 403
    changed = await lead.put(path, {"body": {"query": "owner:me"}, "revision": 1})
    stale = await rocky.call("DELETE", path, revision=1)
    assert stale.json()["error"]["code"] == "owner", "it is the lead's now"
    async with zhang.feed() as heard:
        await heard.until_ready()
        await lead.delete(path, revision=changed["revision"])
        event, told = await heard.next()
        assert (event, told["body"]) == ("preset", None)
    assert (await zhang.get("/v1/presets"))["items"] == []
    again = await zhang.put(path, {"body": {"query": "x"}, "revision": 0})
    assert (again["author_name"], again["revision"]) == ("张三", 4)


async def test_a_preset_has_a_size(served: Served) -> None:
    rocky = await served.member("rocky")
    answer = await rocky.call("PUT", "/v1/presets/follow/x", {"body": {"text": "x" * 20_000}, "revision": 0})
    assert answer.status_code == 413
    assert (await rocky.call("PUT", "/v1/presets/other/x", {"body": {}, "revision": 0})).status_code == 400
