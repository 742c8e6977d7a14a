"""The team's journal: added once, kept, read by everybody."""

from __future__ import annotations

import time
from pathlib import Path

from tests.team.served import SOURCE, Served, entry, serving
from tui.team.server.limits import Limits


async def test_a_colleague_reads_what_was_said_yesterday(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    (added,) = await rocky.add(told := entry())
    (row,) = (await zhang.get("/v1/entries", source=SOURCE, customer="c1"))["items"]
    assert row.pop("received_at") > 0
    told.pop("at"), row.pop("at")
    assert row == {**told, "sequence": added["sequence"], "author": rocky.id, "author_name": "rocky"}


async def test_adding_an_entry_twice_is_adding_it_once(served: Served) -> None:
    rocky = await served.member("rocky")
    told = entry()
    first, again = await rocky.add(told), await rocky.add(told, told)
    assert again == first * 2
    assert len((await rocky.get("/v1/entries", source=SOURCE, customer="c1"))["items"]) == 1


async def test_one_odd_entry_does_not_keep_the_others_back(served: Served) -> None:
    rocky = await served.member("rocky")
    results = await rocky.add(
        entry(), {"id": 7}, entry(body=[]), entry(kind="Robert'); DROP"), entry(body={"text": "x" * 70_000}), entry()
    )
    codes = [one.get("error", {}).get("code") for one in results]
    assert codes == [None, "malformed", "malformed", "malformed", "too_large", None]


async def test_an_entry_says_what_it_said_first(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    told = entry()
    await rocky.add(told)
    (changed,) = await rocky.add({**told, "body": {"text": "never said"}})
    (others,) = await zhang.add(told)
    assert changed["error"]["code"] == "other_content"
    assert others["error"]["code"] == "other_author"


async def test_history_is_found_by_union_id_too_and_paged(served: Served) -> None:
    rocky = await served.member("rocky")
    await rocky.add(*(entry(f"c{number % 2}", union_id="u1" if number % 2 else None) for number in range(10)))
    await rocky.add(entry("elsewhere", source="ima:ima.example.com/2", union_id="u1"))
    both = await rocky.get("/v1/entries", source=SOURCE, customer="c0", union_id="u1", limit=8)
    sequences = [row["sequence"] for row in both["items"]]
    assert sequences == sorted(sequences, reverse=True)
    assert both["more"]
    rest = await rocky.get("/v1/entries", source=SOURCE, customer="c0", union_id="u1", limit=8, before=sequences[-1])
    assert [len(both["items"]), len(rest["items"]), rest["more"]] == [8, 3, False]


async def test_the_last_contact_is_the_newest_follow_up_whoever_made_it(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    now = time.time()
    await rocky.add(entry(at=now))
    await zhang.add(entry(at=now - 60), entry(kind="update", at=now + 60), entry("c2", body={"state": "failed"}))
    (contact,) = (await zhang.get("/v1/contacts", source=SOURCE))["items"]
    assert (contact["customer"], contact["author"], contact["at"]) == ("c1", rocky.id, now)
    await zhang.add(entry(at=now + 60))
    page = await zhang.get("/v1/contacts", source=SOURCE, after=contact["sequence"])
    assert [one["author_name"] for one in page["items"]] == ["张三"]


async def test_a_masked_value_never_stands_in_an_entry(served: Served) -> None:
    rocky = await served.member("rocky")
    good, bad, long = await rocky.add(
        entry(kind="reveal", body={"field": "phones", "customer_name": "王五"}),
        entry(kind="reveal", body={"field": "phones", "value": "13800000000"}),
        entry(kind="export", body={"query": "x" * 3000, "count": 12}),
    )
    assert "error" not in good
    assert (bad["error"]["code"], long["error"]["code"]) == ("masked", "masked")


async def test_what_unicode_has_comes_back_as_it_was_sent(served: Served) -> None:
    rocky = await served.member("rocky")
    body = {"text": "a\x00b\x1b[31m\u202e\ud800 😀 家", "n": [1.5, None, True, 2**70]}
    await rocky.add(entry(body=body))
    (row,) = (await rocky.get("/v1/entries", source=SOURCE, customer="c1"))["items"]
    assert row["body"] == body


async def test_more_entries_than_a_call_may_have_are_refused_whole(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "team.sock", Limits(entries=2)) as served:
        rocky = await served.member("rocky")
        answer = await rocky.call("POST", "/v1/entries", {"entries": [entry(), entry(), entry()]})
        assert answer.status_code == 413
        assert (await rocky.get("/v1/entries", source=SOURCE, customer="c1"))["items"] == []
