"""`kehu outbox`: what stands there, and what a person decides about it."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tests.cli.test_profile_commands import WriteConfig

COLLEAGUE = "rocky"

NUMBERS = itertools.count(1)
"""The sandbox remembers what earlier tests wrote: each file has texts of its own."""


@pytest.fixture
def profile(config: WriteConfig, server: Server) -> Server:
    """A profile on the served sandbox."""
    config(profile_text(server, "juzi"))
    return server


@pytest.fixture
def unions(kehu: Kehu, profile: Server) -> list[str]:
    """Customers whom `COLLEAGUE` follows, by their union ids."""
    items = kehu("list", "--owner", COLLEAGUE, "--json").json()["items"]
    return [item["union_id"] for item in items if item["union_id"]]


def batch(kehu: Kehu, tmp_path: Path, kind: str, unions: list[str], text: str, code: int) -> None:
    """Send a file, which is to end with `code`."""
    column = "remark" if kind == "remark" else "content"
    file = tmp_path / f"{text}.csv"
    number = next(NUMBERS)
    rows = "".join(f"{union},{COLLEAGUE},{text} {number}\n" for union in unions)
    file.write_text(f"union_id,user_id,{column}\n{rows}")
    assert kehu(kind, "--file", str(file), *(("--yes",) if kind == "follow" else ())).code == code


def states(kehu: Kehu) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in kehu("journal", "--limit", "1000", "--json").json():
        found[item["state"]] = found.get(item["state"], 0) + 1
    return found


def refused(kehu: Kehu, server: Server, tmp_path: Path, unions: list[str]) -> None:
    """A batch of remarks of which all are refused."""
    server.fail("refuse:set_remark:code=84061")
    batch(kehu, tmp_path, "remark", unions, "refused", 1)
    server.fail()


def lost(kehu: Kehu, server: Server, tmp_path: Path, unions: list[str]) -> None:
    """A batch of follow-ups of which nobody knows whether they arrived."""
    server.fail("drop-after:add_follow")
    batch(kehu, tmp_path, "follow", unions, "lost", 8)
    server.fail()


def test_an_empty_outbox_says_so(kehu: Kehu, profile: Server) -> None:
    run = kehu("outbox")
    assert (run.code, run.out) == (0, "")
    assert "empty" in run.err
    assert kehu("outbox", "list", "--json").json() == []


def test_a_batch_is_a_line_for_each_cause_and_a_script_reads_each_change(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str]
) -> None:
    refused(kehu, profile, tmp_path, unions)
    lost(kehu, profile, tmp_path, unions)
    heading, first, second = kehu("outbox").out.splitlines()
    assert heading.split()[:4] == ["Id", "When", "What", "State"]
    assert [text in first for text in ("refused", "(84061)", f" {len(unions)} ")] == [True] * 3
    assert [text in second for text in ("unknown", "follow-up")] == [True] * 2
    items = kehu("outbox", "--json").json()
    assert [item["state"] for item in items] == ["failed"] * len(unions) + ["unknown"] * len(unions)
    assert set(items[0]) == {
        *("id", "kind", "state", "customer", "name", "union_id", "user_id", "request", "before", "after", "batch"),
        *("undo_of", "undone_by", "created_at", "sent_at", "settled_at", "attempts", "code", "message", "answer"),
        *("by", "profile"),
    }
    assert items[0]["request"]["remark"].startswith("refused ")
    one = kehu("outbox", "list", str(items[0]["id"])).out.splitlines()
    assert len(one) == 2
    assert len(kehu("outbox", "list", "--unknown").out.splitlines()) == len(unions) + 1


def test_a_retry_sends_the_failed_ones_alone(kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str]) -> None:
    refused(kehu, profile, tmp_path, unions)
    lost(kehu, profile, tmp_path, unions)
    run = kehu("outbox", "retry", "--failed", "--json")
    assert (run.code, run.json()) == (0, {"applied": len(unions), "failed": []})
    assert states(kehu) == {"sent": len(unions), "unknown": len(unions)}


def test_what_may_have_arrived_is_sent_again_only_with_yes(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str]
) -> None:
    lost(kehu, profile, tmp_path, unions)
    run = kehu("outbox", "retry", "--unknown")
    assert (run.code, run.out) == (2, "")
    assert [text in run.err for text in ("nobody knows", "--yes")] == [True] * 2
    assert states(kehu) == {"unknown": len(unions)}
    first = kehu("outbox", "--json").json()[0]["id"]
    run = kehu("outbox", "retry", str(first), "--yes")
    assert (run.code, run.err.splitlines()[-1]) == (0, "1 sent")
    assert states(kehu) == {"sent": 1, "unknown": len(unions) - 1}


def test_changes_are_thrown_away_or_marked_as_done_and_the_journal_keeps_them(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str]
) -> None:
    refused(kehu, profile, tmp_path, unions)
    lost(kehu, profile, tmp_path, unions)
    assert kehu("outbox", "discard", "--failed").err == f"{len(unions)} thrown away\n"
    batch_id = kehu("outbox", "--json").json()[0]["batch"]
    done = kehu("outbox", "done", "--batch", batch_id, "--json")
    assert (done.code, len(done.json()["sent"])) == (0, len(unions))
    assert states(kehu) == {"discarded": len(unions), "sent": len(unions)}
    assert kehu("outbox", "--json").json() == []


def test_what_waits_is_sent_on_request_and_cannot_be_called_done(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path, unions: list[str]
) -> None:
    config(profile_text(server, "juzi", base_url="http://127.0.0.1:9"))
    batch(kehu, tmp_path, "follow", unions, "later", 4)
    assert kehu("outbox", "done", "--waiting").code == 1
    config(profile_text(server, "juzi"))
    run = kehu("outbox", "retry", "--waiting", "--json")
    assert (run.code, run.json()["applied"]) == (0, len(unions))


@pytest.mark.parametrize("command", ["retry", "discard", "done"])
def test_nothing_is_worked_on_that_is_not_named(kehu: Kehu, profile: Server, command: str) -> None:
    run = kehu("outbox", command)
    assert run.code == 2
    assert "--batch" in run.err
    assert kehu("outbox", command, "99").code == 5


def test_a_change_that_a_killed_program_left_is_told_as_unknown(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str], isolated: Path
) -> None:
    lost(kehu, profile, tmp_path, unions[:1])
    (store,) = isolated.rglob("team.db")
    with closing(sqlite3.connect(store)) as database, database:
        database.execute("UPDATE changes SET state = 'sending', sender = 'gone'")
    (item,) = kehu("outbox", "--json").json()
    assert (item["state"], item["code"]) == ("unknown", "lost")


def test_the_outbox_speaks_chinese(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(kehu, profile, tmp_path, unions[:2])
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    told: Any = kehu("outbox").out
    assert "备注" in told
    assert "remark" not in told


def test_what_the_vendor_refused_is_sent_with_other_values_once(
    kehu: Kehu, config: WriteConfig, server: Server
) -> None:
    config(profile_text(server, "useasy"))
    server.fail("code:POST /useasy/openapi/crm/add:code=400,message=mobile already exists")
    run = kehu("add", "--set", "name=赵六", "--set", "phones=13900001111")
    assert run.code == 1
    assert "kehu outbox edit" in run.err
    (change,) = kehu("outbox", "list", "--json").json()
    assert change["request"]["values"]["phones"] == [{"value": "13900001111", "memo": ""}]
    assert "kehu outbox edit ID" in kehu("outbox").err
    server.fail()
    assert kehu("outbox", "edit", str(change["id"]), "--remark", "x").code == 2
    run = kehu("outbox", "edit", str(change["id"]), "--set", "phones=13900001112")
    assert run.code == 0, run.err
    assert kehu("outbox", "list", "--json").json() == []
    sent, replaced = kehu("journal", "--json").json()
    assert (sent["state"], replaced["state"]) == ("sent", "discarded")
    assert sent["request"]["values"] == change["request"]["values"] | {"phones": [{"value": "13900001112", "memo": ""}]}
    found = kehu("list", "--where", "name:eq:赵六", "--json").json()["items"]
    assert [row["phones"][0]["value"] for row in found] == ["13900001112"]
    assert kehu("outbox", "edit", str(change["id"]), "--set", "name=x").code == 5


def test_refused_remarks_and_follow_ups_are_sent_with_other_texts(
    kehu: Kehu, profile: Server, unions: list[str]
) -> None:
    profile.fail("refuse:set_remark:code=-1,message=remark exceed the limit", "refuse:add_follow:code=40058")
    assert kehu("remark", unions[0], "--user", COLLEAGUE, "--remark", "long").code == 1
    texts = ("--text", "one", "--text", "two", "--at", "2024-11-20 14:02")
    assert kehu("follow", unions[0], "--user", COLLEAGUE, *texts).code == 1
    profile.fail()
    remark, follow = kehu("outbox", "list", "--json").json()
    assert kehu("outbox", "edit", str(remark["id"]), "--remark", "short").code == 0
    assert kehu("outbox", "edit", str(follow["id"]), "--text", "one more", "--text", "two").code == 0
    sent = [item for item in kehu("journal", "--json").json() if item["state"] == "sent"]
    assert sent[1]["request"]["remark"] == "short"
    times = [text["at"] for text in follow["request"]["texts"]]
    assert [(text["content"], text["at"]) for text in sent[0]["request"]["texts"]] == [
        ("one more", times[0]),
        ("two", times[1]),
    ]


def test_what_is_refused_again_is_told_by_the_number_that_it_has_now(
    kehu: Kehu, profile: Server, unions: list[str]
) -> None:
    profile.fail("refuse:add_follow:code=40058")
    assert kehu("follow", unions[0], "--user", COLLEAGUE, "--text", "one").code == 1
    (first,) = kehu("outbox", "list", "--json").json()
    run = kehu("outbox", "edit", str(first["id"]), "--text", "two")
    (second,) = kehu("outbox", "list", "--json").json()
    assert second["id"] != first["id"]
    assert f"it stands in the outbox as {second['id']}" in run.err


def test_what_may_have_arrived_is_not_sent_with_other_values(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str]
) -> None:
    lost(kehu, profile, tmp_path, unions[:1])
    (change,) = kehu("outbox", "list", "--json").json()
    run = kehu("outbox", "edit", str(change["id"]), "--text", "x")
    assert run.code == 2
    assert "nobody knows whether it arrived" in run.err


def test_an_emptied_remark_says_beforehand_that_it_stays(kehu: Kehu, profile: Server, unions: list[str]) -> None:
    assert kehu("remark", unions[0], "--user", COLLEAGUE, "--remark", "kept", "--description", "a").code == 0
    run = kehu("remark", unions[0], "--user", COLLEAGUE, "--remark", "", "--description", "b")
    assert run.code == 0
    assert run.err.index("the remark stays as it is") < run.err.index("remark saved")
    customer = kehu("show", unions[0], "--json").json()
    (notes,) = [user for user in customer["follow_users"] if user["user_id"] == COLLEAGUE]
    assert (notes["remark"], notes["description"]) == ("kept", "b")
    sent = kehu("journal", "--json").json()[0]
    assert "remark" not in sent["request"]
    assert "description: a → b" in kehu("journal").out


def test_an_emptied_remark_in_a_file_is_told_in_the_plan(
    kehu: Kehu, profile: Server, tmp_path: Path, unions: list[str]
) -> None:
    assert kehu("remark", unions[0], "--user", COLLEAGUE, "--remark", "kept").code == 0
    file = tmp_path / "f.jsonl"
    text = f"met {next(NUMBERS)}"
    file.write_text(f'{{"union_id":"{unions[0]}","user_id":"{COLLEAGUE}","remark":"","description":"{text}"}}\n')
    run = kehu("remark", "--file", str(file), "--dry-run")
    assert "1 are empty and stay as they are" in run.out + run.err
    assert kehu("remark", "--file", str(file)).code == 0
    customer = kehu("show", unions[0], "--json").json()
    (notes,) = [user for user in customer["follow_users"] if user["user_id"] == COLLEAGUE]
    assert (notes["remark"], notes["description"]) == ("kept", text)
