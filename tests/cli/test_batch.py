"""`kehu remark --file` and `kehu follow --file`: told first, sent as asked, and told truly."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.cli.conftest import Kehu, Run, Server, profile_text
from tests.cli.test_process import start
from tests.cli.test_profile_commands import WriteConfig
from tests.desk.batch.files import Pair, pairs
from tui.cli import progress
from tui.cli.progress import ProgressLine

WriteFile = Callable[..., str]


@pytest.fixture
def people(data_dir: Path) -> list[Pair]:
    """Colleagues and customers of the demo."""
    return pairs(data_dir / "sandbox.db", 60)


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """Writes a file of remarks on PEOPLE, with more LINES after it; its name."""

    def file(people: list[Pair], *lines: str, text: str = "新") -> str:
        rows = [f"{pair.customer},{pair.user_id},{text}{number}" for number, pair in enumerate(people)]
        path = tmp_path / "remarks.csv"
        path.write_text("\n".join(["customer,user_id,remark", *rows, *lines]), encoding="gb18030")
        return str(path)

    return file


def sandbox(data_dir: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database:
        return database.execute(statement).fetchall()


REMARKED = "SELECT count(*) FROM juzi_follow_user WHERE remark LIKE '新%'"


def test_a_file_of_remarks_is_sent_and_counted(
    kehu: Kehu, write: WriteFile, people: list[Pair], data_dir: Path
) -> None:
    run = kehu("remark", "--file", write(people), "--json")
    assert (run.code, run.json(), run.err) == (0, {"applied": 60, "failed": []}, "")
    assert sandbox(data_dir, REMARKED) == [(60,)]


def test_a_person_is_told_what_is_sent_and_what_became_of_it(kehu: Kehu, write: WriteFile, people: list[Pair]) -> None:
    run = kehu("remark", "--file", write(people))
    assert (run.code, run.out) == (0, "")
    assert run.err.splitlines()[0].startswith("60 to send, to ")
    assert run.err.splitlines()[-1] == "60 remarks saved"
    again = kehu("remark", "--file", write(people))
    assert again.code == 0
    assert again.err.splitlines()[0] == "nothing to send"
    assert again.err.splitlines()[-1] == "60 were sent before"


def test_a_dry_run_shows_before_and_after_and_sends_nothing(
    kehu: Kehu, write: WriteFile, people: list[Pair], data_dir: Path
) -> None:
    kehu("list", "--size", "100")
    file = write(people)
    run = kehu("remark", "--file", file, "--dry-run")
    assert run.code == 0
    assert run.out.splitlines()[0].split() == ["Line", "Customer", "User", "Field", "Before", "After"]
    assert len(run.out.splitlines()) == 21
    assert "… and 40 more" in run.err
    plan = kehu("remark", "--file", file, "--dry-run", "--json").json()
    assert (plan["rows"], len(plan["send"]), plan["refused"]) == (60, 60, [])
    assert plan["send"][0]["customer"] == people[0].customer
    assert plan["send"][0]["request"] == {"user_id": people[0].user_id, "remark": "新0"}
    assert set(plan["send"][0]["before"]) == {"remark", "description"}
    assert sandbox(data_dir, REMARKED) == [(0,)]
    assert kehu("journal", "--json").json() == []


def test_one_bad_row_keeps_all_from_being_sent_and_is_named(
    kehu: Kehu, write: WriteFile, people: list[Pair], data_dir: Path
) -> None:
    file = write(people, f"wm-unknown,rocky,{'长' * 21}", ",rocky,x")
    run = kehu("remark", "--file", file)
    assert (run.code, run.out) == (2, "")
    assert "line 62, remark: 21 characters, at most 20" in run.err
    assert "line 63, customer: no customer is named" in run.err
    assert "--partial" in run.err
    error = kehu("remark", "--file", file, "--json").error()
    assert error["kind"] == "invalid"
    assert "2 of 62 rows" in error["message"]
    assert "line 62, remark" in error["message"]
    assert kehu("remark", "--file", file, "--dry-run").code == 2
    assert sandbox(data_dir, REMARKED) == [(0,)]


def test_every_row_that_partial_leaves_out_is_named_with_all_that_is_wrong_with_it(
    kehu: Kehu, write: WriteFile, people: list[Pair]
) -> None:
    one, two = people[:2]
    bad = (f"{one.customer},#N/A,#NAME?", f"{two.customer},rocky,{'长' * 21}", f",rocky,{'长' * 22}")
    run = kehu("remark", "--file", write(people[2:4], *bad), "--partial")
    assert run.code == 1
    for line, *reasons in ((4, "#N/A", "#NAME?"), (5, "21 characters"), (6, "no customer is named", "22 characters")):
        (told,) = [text for text in run.err.splitlines() if text.removeprefix("kehu: ").startswith(f"line {line}, ")]
        assert all(reason in told for reason in reasons)
    assert "2 remarks saved" in run.err


def test_the_good_rows_are_sent_with_partial(kehu: Kehu, write: WriteFile, people: list[Pair], data_dir: Path) -> None:
    run = kehu("remark", "--file", write(people, "wm-unknown,rocky,x"), "--partial", "--json")
    assert (run.code, run.json()["applied"]) == (1, 60)
    (failed,) = run.json()["failed"]
    assert set(failed) == {"customer", "user_id", "code", "message"}
    assert (failed["customer"], failed["user_id"], failed["code"]) == ("wm-unknown", "rocky", "not_found")
    assert "line 62" in failed["message"]
    assert sandbox(data_dir, REMARKED) == [(60,)]


def test_refusals_are_grouped_for_a_person_and_listed_for_a_script(
    kehu: Kehu, write: WriteFile, people: list[Pair]
) -> None:
    strangers = [pair._replace(user_id="nobody") for pair in people[:7:1]]
    file = write([*people, *{pair.customer: pair for pair in strangers}.values()])
    run = kehu("remark", "--file", file)
    assert run.code == 1
    assert "60 remarks saved" in run.err
    (line,) = [line for line in run.err.splitlines() if "refused:" in line and "may be" not in line]
    assert line.endswith("(60111)")
    retry = run.err.splitlines()[-1].partition("kehu ")[2].split()
    assert retry[:3] == ["outbox", "retry", "--batch"]
    sent = kehu(*retry, "--json")
    assert sent.code == 1
    assert {item["code"] for item in sent.json()["failed"]} == {"60111"}


def test_follow_ups_from_standard_input_are_there_once_unless_asked_for_again(
    kehu: Kehu, people: list[Pair], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        json.dumps({"union_id": pair.union_id, "user_id": pair.user_id, "content": "来电", "timestamp": 1732082520})
        for pair in people
    ]

    def follow(*options: str) -> dict[str, Any]:
        stdin = io.TextIOWrapper(io.BytesIO("\n".join(lines).encode()))
        monkeypatch.setattr(sys, "stdin", stdin)
        run = kehu("follow", "--yes", "--file", "-", "--json", *options)
        assert run.code == 0, run.err
        result: dict[str, Any] = run.json()
        return result

    count = "SELECT count(*) FROM juzi_follow_history WHERE content = '来电' AND timestamp = 1732082520"
    assert follow()["applied"] == 60
    assert follow() == {"applied": 0, "failed": []}
    assert sandbox(data_dir, count) == [(60,)]
    assert follow("--again")["applied"] == 60
    assert sandbox(data_dir, count) == [(120,)]


def test_a_vendor_without_remarks_says_so_and_one_without_follow_ups_keeps_notes(
    kehu: Kehu, write: WriteFile, people: list[Pair], tmp_path: Path
) -> None:
    assert (
        kehu("--profile", "demo-useasy", "remark", "--file", write(people), "--json").error()["kind"] == "unsupported"
    )
    customer = kehu("--profile", "demo-useasy", "list", "--size", "1", "--json").json()["items"][0]["id"]
    file = tmp_path / "f.csv"
    file.write_text(f"customer,content\n{customer},打过电话\n")
    run = kehu("--profile", "demo-useasy", "follow", "--yes", "--file", str(file), "--json")
    assert (run.code, run.json()) == (0, {"applied": 1, "failed": []})
    assert "kept here alone" in run.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("remark", "X", "--file", "f.csv"), "--file does not go with ID"),
        (("remark", "--file", "f.csv", "--remark", "x"), "--remark"),
        (("follow", "--file", "f.csv", "--text", "x"), "--text"),
        (("remark", "X", "--remark", "x", "--partial"), "--partial goes with --file alone"),
        (("follow", "X", "--text", "x", "--dry-run"), "--dry-run goes with --file alone"),
        (("remark", "--remark", "x"), "no customer is named"),
        (("follow",), "no customer is named"),
        (("remark", "--file", "there-is-none.csv"), "there-is-none.csv cannot be read"),
    ],
)
@pytest.mark.usefixtures("data_dir")
def test_a_command_line_that_makes_no_sense_is_refused(kehu: Kehu, arguments: tuple[str, ...], words: str) -> None:
    run = kehu(*arguments)
    assert (run.code, run.out) == (2, "")
    assert words in run.err


def test_lost_answers_of_follow_ups_are_exit_code_8_and_stay_so(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path
) -> None:
    config(profile_text(server, "juzi"))
    customers = kehu("list", "--size", "5", "--json").json()["items"]
    file = tmp_path / "f.csv"
    text = "".join(f"{item['union_id']},rocky,once\n" for item in customers if item["union_id"])
    file.write_text("union_id,user_id,content\n" + text)
    server.fail("drop-after:add_follow")
    run = kehu("follow", "--yes", "--file", str(file), "--json")
    assert (run.code, run.json()["applied"]) == (8, 0)
    server.fail()
    again = kehu("follow", "--yes", "--file", str(file), "--json")
    assert (again.code, len(again.json()["failed"])) == (8, len(run.json()["failed"]))


def test_a_vendor_that_is_not_reached_is_exit_code_4_and_nothing_is_lost(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path
) -> None:
    config(profile_text(server, "juzi", base_url="http://127.0.0.1:9"))
    file = tmp_path / "f.csv"
    file.write_text("union_id,user_id,content\noz1,rocky,a\noz2,rocky,b\n")
    run = kehu("follow", "--yes", "--file", str(file), "--json")
    assert run.code == 4
    assert [item["code"] for item in run.json()["failed"]] == ["network", "network"]
    assert [item["state"] for item in kehu("outbox", "--json").json()] == ["pending", "pending"]


def test_ctrl_c_stops_after_the_calls_under_way_and_the_same_file_goes_on(
    kehu: Kehu, config: WriteConfig, server: Server, tmp_path: Path
) -> None:
    config(profile_text(server, "juzi"))
    unions = [item["union_id"] for item in kehu("list", "--size", "30", "--json").json()["items"] if item["union_id"]]
    rows = [f"{union},colleague{number},x" for union in unions for number in range(40)]
    file = tmp_path / "f.csv"
    file.write_text("union_id,user_id,remark\n" + "\n".join(rows))
    server.fail("latency:set_remark:seconds=0.3")
    with start("remark", "--file", str(file)) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(f"{len(rows):,} to send")
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        assert process.wait(30) == 1
    assert "stopping after the calls under way" in told
    assert "held back: stopped by hand before it was sent" in told
    server.fail()
    run = kehu("remark", "--file", str(file), "--json")
    codes = [item["code"] for item in run.json()["failed"]]
    assert (run.code, len(codes)) == (1, len(rows))
    assert set(codes) == {"60111"}, "all were sent by now, and nobody knows these colleagues"


# What somebody else has changed


@pytest.fixture
def changed(kehu: Kehu, people: list[Pair], data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> list[Pair]:
    """Two of `people` whose remarks colleagues changed, in the hour since they were seen here."""
    kehu("list", "--size", "100")
    some = [pair for pair in people if pair.user_id == people[0].user_id][:2]
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database, database:
        for pair in some:
            query = """
                UPDATE juzi_follow_user SET remark = '别人的' WHERE user_id = ?
                    AND customer = (SELECT ordinal FROM juzi_customer WHERE external_user_id = ?)
            """
            assert database.execute(query, (pair.user_id, pair.customer)).rowcount == 1
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 3600)
    return some


def test_what_somebody_else_has_changed_is_told_before_it_is_replaced(
    kehu: Kehu, write: WriteFile, people: list[Pair], changed: list[Pair], data_dir: Path
) -> None:
    file = write(people)
    run = kehu("remark", "--file", file)
    assert run.code == 6
    assert len([line for line in run.err.splitlines() if "somebody made it “别人的”, yours is “新" in line]) == 2
    assert "2 of 60 rows would replace what somebody else has changed since, and nothing was sent" in run.err
    assert sandbox(data_dir, REMARKED) == [(0,)]
    assert kehu("remark", "--file", file, "--json").json()["applied"] == 60, "by now it is known"
    journal = kehu("journal", changed[0].customer, "--json").json()
    assert journal[0]["before"]["remark"] == "别人的"


def test_a_script_reads_of_each_that_somebody_else_has_changed(
    kehu: Kehu, write: WriteFile, people: list[Pair], changed: list[Pair]
) -> None:
    run = kehu("remark", "--file", write(people), "--dry-run", "--json")
    assert run.code == 6
    plan = run.json()
    assert (plan["changed_since"], plan["not_read_again"], plan["last_seen"]) == (2, 0, None)
    assert plan["read_again"] == len({pair.customer for pair in people})
    told = {step["customer"]: step["changed_since"] for step in plan["send"] if step["changed_since"]}
    assert set(told) == {pair.customer for pair in changed}
    remark = told[changed[0].customer]["remark"]
    assert (remark["before"], remark["theirs"]) == ("张总", "别人的")
    assert remark["mine"].startswith("新")


def test_the_others_are_sent_with_partial(
    kehu: Kehu, write: WriteFile, people: list[Pair], changed: list[Pair], data_dir: Path
) -> None:
    run = kehu("remark", "--file", write(people), "--partial", "--json")
    assert (run.code, run.json()["applied"]) == (1, 58)
    assert [(item["customer"], item["code"]) for item in run.json()["failed"]] == [
        (pair.customer, "conflict") for pair in changed
    ]
    assert sandbox(data_dir, REMARKED) == [(58,)]


# In 简体中文


def test_a_batch_speaks_chinese(
    kehu: Kehu, write: WriteFile, people: list[Pair], changed: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    bad = write(people, f"{people[0].customer},rocky,{'长' * 21}")
    dry = kehu("remark", "--file", bad, "--dry-run")
    assert dry.out.split()[:6] == ["行", "客户", "同事", "字段", "修改前", "修改后"]
    assert "2 项会覆盖他人改过的内容" in dry.err
    assert "他人改成了“别人的”，你要写的是“新" in dry.err
    assert "第 62 行" in dry.err
    assert "位已从服务商重新读取" in dry.err
    refused = kehu("remark", "--file", bad)
    assert "61 行中有 1 行无法发送，因此一行也没有发送" in refused.err
    sent = kehu("remark", "--file", write(people))
    assert sent.err.splitlines()[0].startswith("将发送 60 项")
    assert sent.err.splitlines()[-1] == "已保存 60 条备注"
    for text in (dry.err, refused.err, sent.err):
        assert not re.search(r"\b(send|sent|rows?|line|customers?|somebody|nothing)\b", text)


# Progress


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_in_a_log_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    line = ProgressLine("sending", clock=clock)
    for done in range(0, 10_001, 100):
        clock.now += 0.25
        line(done, 10_000)
    line.clear()
    assert capsys.readouterr().err.splitlines() == [
        "sending: 3,900 of 10,000 · 390/s · 16 s left",
        "sending: 7,900 of 10,000 · 395/s · 5 s left",
    ]


def test_progress_is_silent_where_a_script_reads_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    line = ProgressLine("sending", silent=True, clock=clock)
    clock.now += 60
    line(1, 2)
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal_is_one_line_that_is_rewritten_and_cleared() -> None:
    script = (
        "from tui.cli.progress import ProgressLine\n"
        "now = [100.0]\n"
        "line = ProgressLine('sending', clock=lambda: now[0])\n"
        "for done in range(0, 101, 10):\n    now[0] += 0.1\n    line(done, 100)\n"
        "line.clear()\n"
    )
    leader, follower = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", script], stderr=follower) as process:
        os.close(follower)
        drawn = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # Linux's way to say that the other end is closed
                break
            drawn += piece
        assert process.wait(30) == 0
    os.close(leader)
    assert b"\n" not in drawn
    paints = drawn.decode().split("\r\x1b[K")
    assert paints[0] == paints[-1] == ""
    assert 3 <= len(paints) - 2 <= 1.1 / progress.REPAINT
    assert paints[1].startswith("sending: ")


FOLLOWED = "SELECT content, timestamp FROM juzi_follow_history WHERE content LIKE '回访%' ORDER BY content"


@pytest.fixture
def follows(tmp_path: Path, people: list[Pair]) -> WriteFile:
    """Writes a file of follow-ups on one person, at TIMES; its name."""

    def file(*times: str) -> str:
        who = people[0]
        rows = [f"{who.union_id},{who.user_id},回访{number},{time}" for number, time in enumerate(times)]
        path = tmp_path / "follows.csv"
        path.write_text("\n".join(["union_id,user_id,content,timestamp", *rows]))
        return str(path)

    return file


def test_a_phone_in_the_column_of_times_is_no_time_and_a_compact_one_is(
    kehu: Kehu, follows: WriteFile, data_dir: Path
) -> None:
    file = follows("20241120140200", "202411201402", "241120140200", "13800138000")
    run = kehu("follow", "--file", file)
    assert run.code == 2
    assert "line 4, timestamp" in run.err
    assert "line 5, timestamp" in run.err
    assert sandbox(data_dir, FOLLOWED) == []
    assert kehu("follow", "--yes", "--file", file, "--partial").code == 1
    assert sandbox(data_dir, FOLLOWED) == [("回访0", 1732111320), ("回访1", 1732111320)]


def test_a_dry_run_shows_at_what_time_a_follow_up_is_written_down(kehu: Kehu, follows: WriteFile) -> None:
    run = kehu("follow", "--file", follows("20241120140200", ""), "--dry-run")
    heading, timed, untimed = run.out.splitlines()
    assert heading.split() == ["Line", "Customer", "User", "When", "Field", "After"]
    assert "2024-11-20 14:02" in timed
    assert "20" not in untimed


def test_a_minus_one_that_a_program_writes_for_no_time_is_not_yesterday(
    kehu: Kehu, follows: WriteFile, data_dir: Path
) -> None:
    run = kehu("follow", "--file", follows("-1", "+5"))
    assert run.code == 2
    assert "line 2, timestamp: found “-1”" in run.err
    assert "line 3, timestamp: found “+5”" in run.err
    assert sandbox(data_dir, FOLLOWED) == []


def test_a_control_character_is_not_called_half_an_emoji_alone(kehu: Kehu, write: WriteFile) -> None:
    run = kehu("remark", "--file", write([], "wm1,rocky,叮\x07"))
    assert run.code == 2
    assert "line 2, remark: character 2 (U+0007) cannot be sent: it is a control character, or half an emoji" in run.err


def test_a_file_with_times_in_the_future_or_years_ago_is_sent_only_when_somebody_says_yes(
    kehu: Kehu, follows: WriteFile, data_dir: Path
) -> None:
    file = follows("2024-11-20 14:02", "+90d", "2011-11-20 14:02")
    dry = kehu("follow", "--file", file, "--dry-run", "--json")
    assert (dry.code, dry.json()["doubtful"]) == (2, 2)
    run = kehu("follow", "--file", file)
    assert run.code == 2
    assert "line 3, timestamp" in run.err
    assert "years ago" in run.err
    assert "Add --yes" in run.err
    assert sandbox(data_dir, FOLLOWED) == []
    partial = kehu("follow", "--file", file, "--partial", "--json")
    assert (partial.code, partial.json()["applied"]) == (1, 1)
    assert [failed["code"] for failed in partial.json()["failed"]] == ["timestamp", "timestamp"]
    assert kehu("follow", "--file", file, "--yes").code == 0
    assert len(sandbox(data_dir, FOLLOWED)) == 3


def test_half_an_emoji_is_named_before_anything_is_sent_and_the_others_can_go(
    kehu: Kehu, people: list[Pair], data_dir: Path, tmp_path: Path
) -> None:
    rows = [
        {"customer": pair.customer, "user_id": pair.user_id, "remark": f"新{number}"}
        for number, pair in enumerate(people[:6])
    ]
    rows[-1]["remark"] = "新客户\ud83d"
    file = tmp_path / "remarks.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    for options in (("--dry-run",), ()):
        run = kehu("remark", "--file", str(file), *options)
        assert run.code == 2
        assert "line 6, remark: character 4 (U+D83D)" in run.err
    assert sandbox(data_dir, REMARKED) == [(0,)]
    assert kehu("remark", "--file", str(file), "--partial").code == 1
    assert sandbox(data_dir, REMARKED) == [(5,)]


def test_a_text_from_standard_input_is_not_a_minus(
    kehu: Kehu, people: list[Pair], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(text: bytes, *options: str) -> Run:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        return kehu("follow", people[0].union_id, "--user", people[0].user_id, *options)

    assert said("来电，\n说下周再谈\n".encode(), "--text", "-").code == 0
    written = sandbox(data_dir, "SELECT content FROM juzi_follow_history WHERE content LIKE '来电，%' OR content = '-'")
    assert written == [("来电，\n说下周再谈",)]
    assert said(b"x", "--text", "-", "--text", "-").code == 2
    assert "standard input is empty" in said(b" \n", "--text", "-").err
    assert "UTF-8" in said(b"\xff\xfe", "--text", "-").err


def test_more_than_one_follow_up_asks_and_a_script_has_to_say_yes(
    kehu: Kehu, follows: WriteFile, data_dir: Path
) -> None:
    for options in ((), ("--partial",), ("--json",)):
        run = kehu("follow", "--file", follows("20241120140200", "202411201402"), *options)
        assert run.code == 2
        assert "cannot be taken back" in run.err
    assert sandbox(data_dir, FOLLOWED) == []
    assert kehu("follow", "--file", follows("20241120140200", "202411201402"), "--yes").code == 0
    assert kehu("follow", "--file", follows("20241120140300")).code == 0


def test_remarks_come_from_a_workbook_of_several_sheets(kehu: Kehu, people: list[Pair], tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("备注").append(["union_id", "员工", "备注"])
    book["备注"].append([people[0].union_id, people[0].user_id, "=张总"])
    book["备注"].cell(2, 3).data_type = "s"
    path = tmp_path / "r.xlsx"
    book.save(path)
    run = kehu("remark", "--file", str(path), "--sheet", "备注", "--dry-run", "--json").json()
    assert run["send"][0]["request"]["remark"] == "=张总"
    assert kehu("remark", "--file", str(path)).code == 0
    assert kehu("remark", "--file", str(path), "--sheet", "Sheet").code == 2
