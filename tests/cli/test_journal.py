"""`kehu journal`: what was done from here, and taking it back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kehu
from tests.cli.test_reading import LISI, LISI_UNION

pytestmark = pytest.mark.usefixtures("data_dir")

USEASY = ("--profile", "demo-useasy")


@pytest.fixture
def useasy_id(kehu: Kehu) -> str:
    """李四's id at useasy."""
    customer: dict[str, str] = kehu(*USEASY, "list", "--size", "1", "--json").json()["items"][0]
    return customer["id"]


def test_a_journal_without_changes_says_so(kehu: Kehu) -> None:
    run = kehu("journal")
    assert (run.code, run.out) == (0, "")
    assert "nothing was changed" in run.err


def test_every_change_is_told_with_who_when_what_and_the_answer(kehu: Kehu) -> None:
    kehu("remark", LISI, "--remark", "张总（VIP）")
    kehu("follow", LISI, "--text", "来电", "--at", "2024-11-20T14:02:00+08:00")
    kehu("remark", LISI, "--user", "lilei", "--remark", "no")
    lines = kehu("journal").out.splitlines()
    assert [line.split()[3:5] for line in lines[1:]] == [
        ["remark", "refused"],
        ["follow-up", "sent"],
        ["remark", "sent"],
    ]
    newest, follow, first = kehu("journal", LISI, "--json").json()
    assert (newest["state"], newest["code"]) == ("failed", "84061")
    assert follow["request"]["texts"][0]["content"] == "来电"
    assert (first["state"], first["before"]["remark"], first["after"]["remark"]) == ("sent", "张总", "张总（VIP）")
    assert first["created_at"].endswith("+00:00")
    assert first["by"].count("@") == 1
    assert len(kehu("journal", LISI_UNION, "--json").json()) == 3, "by the union id too"
    assert len(kehu("journal", "--limit", "1", "--json").json()) == 1
    assert kehu("journal", "nobody", "--json").json() == []


def test_the_vendor_s_answer_is_told_whether_it_took_the_change_or_not(kehu: Kehu, useasy_id: str) -> None:
    kehu("remark", LISI, "--remark", "张总（VIP）")
    kehu("remark", LISI, "--user", "lilei", "--remark", "no")
    refused, sent = kehu("journal", LISI).out.splitlines()[1:]
    assert sent.endswith("  errcode 0 · errmsg ok")
    assert refused.endswith("(84061)")
    told = [change["answer"] for change in kehu("journal", LISI, "--json").json()]
    assert told[1] == {"errcode": 0, "errmsg": "ok"}
    assert [entry["errcode"] for entry in told[0]["fail_list"]] == ["84061"]
    kehu(*USEASY, "edit", useasy_id, "--set", "name=李斯")
    kehu(*USEASY, "delete", useasy_id, "--yes")
    answers = [change["answer"] for change in kehu(*USEASY, "journal", "--json").json()]
    assert [answer["code"] for answer in answers] == ["200", "200"]
    traces = [answer["traceId"] for answer in answers]
    assert all(traces)
    assert all(f"traceId {trace}" in kehu(*USEASY, "journal", useasy_id).out for trace in traces)


def test_a_change_is_undone_once(kehu: Kehu) -> None:
    kehu("remark", LISI, "--remark", "新备注")
    (change,) = kehu("journal", "--json").json()
    run = kehu("journal", "--undo", str(change["id"]), "--json")
    assert (run.code, run.json()) == (0, {"applied": 1, "failed": []})
    users = {user["user_id"]: user for user in kehu("show", LISI, "--json").json()["follow_users"]}
    assert users["rocky"]["remark"] == "张总"
    undo, undone = kehu("journal", "--json").json()
    assert (undo["undo_of"], undone["undone_by"]) == (change["id"], undo["id"])
    again = kehu("journal", "--undo", str(change["id"]))
    assert (again.code, "undone already" in again.err) == (2, True)


def test_an_undo_over_what_a_colleague_changed_since_is_a_conflict_unless_forced(
    kehu: Kehu, useasy_id: str, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kehu(*USEASY, "edit", useasy_id, "--set", "name=李四光")
    (change,) = kehu(*USEASY, "journal", "--json").json()
    colleague = tmp_path / "colleague"
    colleague.mkdir()
    (colleague / "sandbox.db").symlink_to(data_dir / "sandbox.db")
    monkeypatch.setenv("KEHU_DATA_DIR", str(colleague))
    assert kehu(*USEASY, "edit", useasy_id, "--set", "name=李四海").code == 0
    monkeypatch.setenv("KEHU_DATA_DIR", str(data_dir))
    run = kehu(*USEASY, "journal", "--undo", str(change["id"]), "--json")
    assert (run.code, run.error()["kind"], run.out) == (6, "conflict", "")
    assert kehu(*USEASY, "show", useasy_id, "--json").json()["name"] == "李四海"
    assert kehu(*USEASY, "journal", "--undo", str(change["id"]), "--force").code == 0
    assert kehu(*USEASY, "show", useasy_id, "--json").json()["name"] == "李四"


def test_what_cannot_be_undone_says_so_before_anything_is_sent(kehu: Kehu) -> None:
    kehu("follow", LISI, "--text", "来电")
    (change,) = kehu("journal", "--json").json()
    run = kehu("journal", "--undo", str(change["id"]))
    assert run.code == 2
    assert "for good" in run.err
    assert len(kehu("journal", "--json").json()) == 1
    assert kehu("journal", "--undo", "99").code == 5


@pytest.mark.parametrize("arguments", [("--force",), ("--undo", "1", LISI), ("--undo", "1", "--limit", "3")])
def test_options_that_do_not_go_together_are_refused(kehu: Kehu, arguments: tuple[str, ...]) -> None:
    run = kehu("journal", *arguments)
    assert (run.code, run.out) == (2, "")
    assert "--undo" in run.err


def test_an_undo_says_beforehand_what_it_takes_out_of_a_list(kehu: Kehu, useasy_id: str) -> None:
    phones = kehu(*USEASY, "show", useasy_id, "--json").json()["phones"]
    rows = [f"phones={phone['value']}|{phone['memo']}" for phone in phones]
    sets = [part for row in (*rows, "phones=13700000001|新") for part in ("--set", row)]
    assert kehu(*USEASY, "edit", useasy_id, *sets).code == 0
    (change,) = kehu(*USEASY, "journal", "--json").json()
    run = kehu(*USEASY, "journal", "--undo", str(change["id"]))
    assert run.code == 0
    assert run.err.index("手机: no longer there: 13700000001") < run.err.index("is undone")
    assert kehu(*USEASY, "show", useasy_id, "--json").json()["phones"] == phones


@pytest.mark.usefixtures("data_dir")
def test_what_was_written_is_found_by_text_day_kind_and_colleague(kehu: Kehu) -> None:
    first, second, *_rest = [item["id"] for item in kehu("list", "--json").json()["items"]]
    assert kehu("follow", first, "--user", "rocky", "--text", "发了报价", "--json").code == 0
    assert kehu("remark", second, "--user", "rocky", "--remark", "报价太高", "--json").code in (0, 1)

    def found(*arguments: str) -> list[str]:
        return [change["customer"] for change in kehu("journal", *arguments, "--json").json()]

    assert set(found("--find", "报价")) == {first, second}
    assert found("--find", "报价", "--kind", "follow", "--by", "rocky", "--since", "today") == [first]
    assert found("--find", "报价", "--until", "yesterday") == []
    assert found("--by", "nobody") == []
    assert "nothing that was done from here matches" in kehu("journal", "--find", "没有的").err
    run = kehu("journal", "--since", "whenever")
    assert run.code == 2
    assert "whenever is neither a day nor a time" in run.err
    assert kehu("report", "said:发了 did_by:rocky", "--json").json()["customers"] == 1
    figures = {figure["key"]: figure for figure in kehu("report", "--json").json()["figures"]}
    assert figures["follows_by_day"]["bars"][0]["value"] == 1
    assert figures["follows_by_colleague"]["bars"][0]["customers"] == 1
