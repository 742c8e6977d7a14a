"""What an auditor reads, what is removed, and how a team moves: whole or not at all."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from tests.team.served import SOURCE, Served, entry, serving
from tui.model.errors import ConflictError, InvalidError, NotFoundError
from tui.team.server.engine import TeamDatabase
from tui.team.server.retention import erase, prune
from tui.team.server.team_tables import ENTRIES, METADATA
from tui.team.server.transfer import export_team, import_team

DAY = 86400
IMA = "ima:ima.example.com/2"
WHO = "root@host"


async def test_an_auditor_reads_what_was_revealed_and_an_agent_does_not(served: Served) -> None:
    rocky, auditor = await served.member("rocky"), await served.member("审计", "auditor")
    await rocky.add(
        entry(), entry(kind="reveal", body={"field": "phones"}), entry(kind="export", body={"query": "", "count": 3})
    )
    lines = (await auditor.call("GET", "/v1/audit")).text.splitlines()
    told = [json.loads(line) for line in lines]
    assert [one["kind"] for one in told] == ["people", "people", "reveal", "export"]
    assert told[2]["author_name"] == "rocky"
    everything = await auditor.call("GET", "/v1/audit", kinds="all", since=told[2]["received_at"])
    assert [json.loads(line)["kind"] for line in everything.text.splitlines()] == ["follow", "reveal", "export"]
    assert (await rocky.call("GET", "/v1/audit")).status_code == 403


async def test_what_is_old_is_removed_and_the_last_contact_stays(served: Served) -> None:
    rocky = await served.member("rocky")
    old = uuid4()
    body = {"source": SOURCE, "customer": "c1", "at": 1.0, "done_at": 2.0, "revision": 0}
    await rocky.put(f"/v1/next/{old}", body)
    await rocky.add(entry(), entry())
    served.database.shift = 181 * DAY
    await rocky.add(entry("c2"))
    done = await prune(served.database, 180 * DAY, by=WHO)
    assert (done.entries, done.next_contacts) == (3, 1), "two follow-ups, an invitation, a contact that was made"
    assert (await rocky.get("/v1/entries", source=SOURCE, customer="c1"))["items"] == []
    assert len((await rocky.get("/v1/entries", source=SOURCE, customer="c2"))["items"]) == 1
    assert len((await rocky.get("/v1/contacts", source=SOURCE))["items"]) == 2


async def test_a_person_is_erased_at_every_vendor_and_that_it_was_done_stays(served: Served) -> None:
    rocky, auditor = await served.member("rocky"), await served.member("审计", "auditor")
    late = entry(union_id="u1")
    await rocky.add(
        entry(union_id="u1", body={"text": "13800000000"}),
        entry("i9", source=IMA, union_id="u1", body={"text": "secret words"}),
        entry("c2"),
        entry(kind="reveal", body={"field": "phones", "customer_name": "王五"}),
    )
    await rocky.put(
        f"/v1/next/{uuid4()}", {"source": SOURCE, "customer": "c1", "at": 5.0, "note": "秘密", "revision": 0}
    )
    async with rocky.feed() as heard:
        await heard.until_ready()
        done = await erase(served.database, "c1", by=WHO)
        served.app.context.feed.wake()
        told = [(await heard.next())[1] for _ in range(2)]
        assert {(one["kind"], one["source"], one["customer"]) for one in told} == {
            ("erase", SOURCE, "c1"),
            ("erase", IMA, "i9"),
        }
    assert (done.entries, done.next_contacts) == (3, 1)
    async with served.database.reading() as connection:
        for table in METADATA.sorted_tables:
            kept = repr((await connection.execute(select(table))).all())
            for secret in ("13800000000", "secret words", "王五", "秘密", "u1"):
                assert secret not in kept, table.name
    lines = (await auditor.call("GET", "/v1/audit")).text.splitlines()
    kinds = [json.loads(line)["kind"] for line in lines if '"people"' not in line]
    assert kinds == ["reveal", "erase", "erase"]
    (refused,) = await rocky.add(late)
    assert refused["error"]["code"] == "erased", "a desk that was away does not bring it back"
    assert "error" not in (await rocky.add(entry(at=late["at"] + 3600)))[0], "they may become a customer again"
    assert len((await rocky.get("/v1/entries", source=SOURCE, customer="c2"))["items"]) == 1


async def test_an_id_that_several_vendors_gave_is_not_taken_for_one_person(served: Served) -> None:
    rocky = await served.member("rocky")
    await rocky.add(entry("7"), entry("7", source=IMA))
    with pytest.raises(ConflictError, match="several people"):
        await erase(served.database, "7", by=WHO)
    assert (await erase(served.database, "7", IMA, by=WHO)).customers == [(IMA, "7")]
    with pytest.raises(NotFoundError):
        await erase(served.database, "nobody", by=WHO)


async def test_a_team_moves_to_another_database_and_its_members_notice_nothing(
    served: Served, other_url: str, tmp_path: Path
) -> None:
    rocky = await served.member("rocky")
    await rocky.add(*(entry(f"c{number % 7}", body={"text": "\x00家😀"}) for number in range(50)))
    await rocky.post("/v1/claims", {"source": SOURCE, "customer": "c1", "seconds": 60})
    await rocky.put("/v1/presets/view/a", {"body": {"query": "x"}, "revision": 0})
    before = [await rocky.get("/v1/entries", source=SOURCE, customer="c1"), await rocky.get("/v1/presets")]
    file = tmp_path / "team.gz"
    counts = await export_team(served.database, file)
    assert file.stat().st_mode & 0o777 == 0o600
    database = TeamDatabase(other_url)
    await database.migrate()
    assert await import_team(database, file, by=WHO) == counts
    with pytest.raises(ConflictError):
        await import_team(database, file, by=WHO)
    await database.close()
    async with serving(other_url, tmp_path / "b.sock") as there:
        moved = there.as_member(rocky)
        after = [await moved.get("/v1/entries", source=SOURCE, customer="c1"), await moved.get("/v1/presets")]
        assert after[0]["items"] == before[0]["items"]
        assert after[1] == before[1]
        (added,) = await moved.add(entry())
        assert added["sequence"] > before[0]["sequence"]


async def test_half_an_export_is_imported_not_at_all(served: Served, other_url: str, tmp_path: Path) -> None:
    rocky = await served.member("rocky")
    await rocky.add(*(entry() for _ in range(20)))
    file = tmp_path / "team.gz"
    await export_team(served.database, file)
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    broken = {
        "cut off": file.read_bytes()[:-40],
        "no end": gzip.compress(b"".join(lines[:-1])),
        "a row is missing": gzip.compress(b"".join([*lines[:5], *lines[6:]])),
        "no export": b"hello",
        "nothing": b"",
        "of another version": gzip.compress(lines[0].replace(b'"0001"', b'"0000"') + b"".join(lines[1:])),
    }
    database = TeamDatabase(other_url)
    await database.migrate()
    for content in broken.values():
        file.write_bytes(content)
        with pytest.raises(InvalidError):
            await import_team(database, file, by=WHO)
        async with database.reading() as connection:
            assert (await connection.execute(select(ENTRIES))).all() == []
    await database.close()
