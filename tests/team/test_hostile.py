"""A member who means ill, and somebody who is none: what they send does nothing, and says what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.team.served import SOURCE, Served, entry, serving
from tui.team.server import people
from tui.team.server.asgi import CALLS
from tui.team.server.limits import Limits
from tui.team.server.team_tables import CODES, ENTRIES, MEMBERS, METADATA, TOKENS

EVIL = (
    "'; DROP TABLE entries; --",
    '" OR 1=1',
    "%",
    "\x1b]0;owned\x07\x1b[2J",
    "\x9b31m",
    "\u202e\u2066",
    "a\x00b",
    "\ud800",
    "{0.__class__}",
    "<script>alert(1)</script>",
    "x" * 5000,
)


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_the_author_is_who_the_token_says(served: Served) -> None:
    rocky, zhang = await served.member("rocky"), await served.member("张三")
    await rocky.add(entry(author=zhang.id, author_name="张三", member=zhang.id))
    (row,) = (await zhang.get("/v1/entries", source=SOURCE, customer="c1"))["items"]
    assert (row["author"], row["author_name"]) == (rocky.id, "rocky")


async def test_a_code_works_once_and_within_a_day(served: Served) -> None:
    invited = await people.invite(served.database, "rocky", by="root@host")
    assert (await served.nobody.call("POST", "/v1/join", {"code": invited.code.lower()})).status_code == 200
    replayed = await served.nobody.call("POST", "/v1/join", {"code": invited.code})
    assert code_of(replayed) == (401, "code")
    late = await people.invite(served.database, "zhang", by="root@host")
    served.database.shift = people.CODE_SECONDS + 1
    assert code_of(await served.nobody.call("POST", "/v1/join", {"code": late.code})) == (401, "code")


async def test_a_code_is_not_guessed(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "team.sock", Limits(joins_a_minute=3)) as served:
        answers = [await served.nobody.call("POST", "/v1/join", {"code": "AAAA"}) for _ in range(4)]
        assert [one.status_code for one in answers] == [401, 401, 401, 429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 20


async def test_a_token_from_yesterday_opens_nothing(served: Served) -> None:
    rocky = await served.member("rocky")
    await rocky.add(entry())
    await people.revoke(served.database, "rocky", by="root@host")
    for method, path in [(call.method, call.path) for call in CALLS]:
        assert code_of(await rocky.call(method, path.replace("{", "").replace("}", ""))) == (401, "token"), path
    assert code_of(await served.nobody.call("GET", "/v1/status")) == (401, "token")


async def test_nothing_by_which_somebody_could_join_is_kept(served: Served) -> None:
    rocky = await served.member("rocky")
    code = (await people.invite(served.database, "zhang", by="root@host")).code
    async with served.database.reading() as connection:
        for table in METADATA.sorted_tables:
            kept = repr((await connection.execute(select(table))).all())
            assert rocky.token not in kept
            assert code not in kept
            assert people.plain_code(code) not in kept
        assert (await connection.execute(select(TOKENS))).all()
        assert len((await connection.execute(select(CODES))).all()) == 2


async def test_an_entry_of_ten_megabytes_is_refused_before_it_is_read(served: Served) -> None:
    rocky = await served.member("rocky")
    answer = await rocky.call("POST", "/v1/entries", {"entries": [entry(body={"text": "x" * 10_000_000})]})
    assert code_of(answer) == (413, "too_large")
    assert (await rocky.get("/v1/entries", source=SOURCE, customer="c1"))["items"] == []


@pytest.mark.parametrize("field", ["id", "source", "customer", "union_id", "kind", "at", "body", "fence"])
async def test_no_field_of_an_entry_does_harm(served: Served, field: str) -> None:
    rocky = await served.member("rocky")
    values: tuple[Any, ...] = (*EVIL, {}, [], -1, 10**30, None, True)
    results = await rocky.add(*(entry() | {field: evil} for evil in values))
    assert len(results) == len(EVIL) + 6
    async with served.database.reading() as connection:
        rows = (await connection.execute(select(ENTRIES.c.source, ENTRIES.c.customer, ENTRIES.c.union_id))).all()
        assert not [text for row in rows for text in row if text and not text.isprintable() and "\u202e" not in text]
        assert len((await connection.execute(select(MEMBERS))).all()) == 1


async def test_no_part_of_an_address_does_harm(served: Served) -> None:
    rocky = await served.member("rocky")
    await rocky.add(entry())
    for evil in EVIL[:-4]:
        answer = await rocky.call("GET", "/v1/entries", source=evil.replace("\ud800", ""), customer=evil)
        assert answer.status_code in (200, 400)
        assert answer.status_code == 400 or answer.json()["items"] == []
        assert (await rocky.call("GET", "/v1/entries", source=SOURCE, customer="c1", before=evil)).status_code == 400
    assert (await rocky.call("GET", "/v1/feed", after="-1")).status_code == 400


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"NaN", b'{"entries": {}}', b"[" * 100_000, b"\xff\xfe", b'{"entries": [[]]}', b"1" * 9999],
)
async def test_a_body_that_is_none_is_refused(served: Served, body: bytes) -> None:
    rocky = await served.member("rocky")
    answer = await served.client.post("/v1/entries", content=body, headers={"authorization": f"Bearer {rocky.token}"})
    assert code_of(answer) == (400, "malformed")
    assert "Traceback" not in answer.text


async def test_an_entry_that_is_nested_without_an_end_is_refused(served: Served) -> None:
    rocky = await served.member("rocky")
    for depth in range(100, 1200, 50):
        nested = json.dumps({"entries": [entry(body={})]}).replace("{}", '{"a":' * depth + "1" + "}" * depth)
        answer = await served.client.post(
            "/v1/entries", content=nested, headers={"authorization": f"Bearer {rocky.token}"}
        )
        assert answer.status_code in (200, 400), depth


async def test_who_asks_too_often_is_told_when_to_ask_again(url: str, tmp_path: Path) -> None:
    async with serving(url, tmp_path / "team.sock", Limits(calls_a_second=1, calls_at_once=3)) as served:
        rocky, zhang = await served.member("rocky"), await served.member("张三")
        answers = [await rocky.call("GET", "/v1/people") for _ in range(5)]
        assert {one.status_code for one in answers[:3]} == {200}
        assert code_of(answers[4]) == (429, "rate")
        assert answers[4].headers["retry-after"] == "1"
        assert (await zhang.call("GET", "/v1/people")).status_code == 200


async def test_the_kinds_of_the_server_are_no_members(served: Served) -> None:
    rocky = await served.member("rocky")
    results = await rocky.add(*(entry(kind=kind) for kind in ("erase", "prune", "people", "import")))
    assert {one["error"]["code"] for one in results} == {"role"}


async def test_an_entry_is_neither_changed_nor_removed(served: Served) -> None:
    rocky = await served.member("rocky", "lead")
    (added,) = await rocky.add(entry())
    for method in ("PUT", "PATCH", "DELETE"):
        for path in ("/v1/entries", f"/v1/entries/{added['id']}"):
            assert (await rocky.call(method, path, {})).status_code in (404, 405)
