"""`kehu` with nothing configured: an agent's work on the demo, and what the vendors' database holds after it."""

from __future__ import annotations

import re
import signal
import time
from pathlib import Path

import pytest

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.rows import changed, differences, record
from tests.pace import slow

LI_SI = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"
"""The union id of the first customer."""

LI_SI_IN_USEASY = "685775343050412032"

COLOURED = re.compile(rb"\x1b\[[\d;]*?(?:[34]8;[25];|[349][0-7]|10[0-7])[\d;]*m")
"""A colour, of any depth."""

MANY_COLOURS = re.compile(rb"\x1b\[[\d;]*?[34]8;[25];[\d;]*m")
"""A colour that a terminal of 16 lacks."""


def test_the_desk_opens_on_a_machine_where_it_never_ran(open_desk: Open, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing" / "yet"
    terminal = open_desk(KEHU_DATA_DIR=str(nothing))

    terminal.wait_for(r"1–100 of 5,000")
    terminal.wait_for(r"▌ 李四 +张总 +张三 +2020-10-30")
    terminal.wait_for(r"Followed by +张三 rocky · 张总")
    working.quit_desk(terminal)

    assert (nothing / "profiles").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in nothing.rglob("*") if path.is_file() and path.stat().st_mode & 0o077] == []


@slow
def test_a_page_is_turned_by_its_keys_and_by_moving_past_its_end(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for(r"1–100 of 5,000")
    terminal.press("p")
    terminal.wait_for("This is the first page")
    terminal.press("n")
    terminal.wait_for("101–200 of 5,000")
    terminal.press("]")
    terminal.wait_for("201–300 of 5,000")
    terminal.press("p")
    terminal.wait_for("101–200 of 5,000")
    terminal.press("G")
    terminal.press("down")
    terminal.wait_for("201–300 of 5,000")
    terminal.wait_for(r"Added.*\n ▌ ")
    terminal.press("k")
    terminal.wait_for("101–200 of 5,000")
    terminal.wait_for("▌ 朱佳龙")
    terminal.press(":")
    terminal.wait_for("Page, 1–50")
    terminal.press("50", "enter")
    terminal.wait_for("4,901–5,000 of 5,000")
    working.quit_desk(terminal)


@slow
def test_a_customer_is_found_by_name_and_by_its_pinyin(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")

    working.search(terminal, "欧阳雪", "欧阳雪莹")
    working.search(terminal, "oyxy", "欧阳雪莹")
    working.search(terminal, "wangjiayi", "王家一家")
    terminal.press("/", "nobody here")
    terminal.wait_for("Nobody seen here matches “nobody here”")


def test_a_remark_and_follow_ups_are_what_the_vendor_has_afterwards(
    open_desk: Open, data_dir: Path, seeded: Path
) -> None:
    began = int(time.time())
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")
    terminal.press("enter")
    terminal.wait_for("▌ 李四 +WeChat · male")

    working.set_remark(terminal, "李四", "张总 VIP")
    terminal.wait_for(r"Followed by +张三 rocky[ ·]*(?:\n.*)?张总 VIP · since")
    terminal.wait_for("▌ 李四 +张总 VIP +张三")
    working.follow_up(terminal, "李四", "电话沟通过", "Sent the contract")
    terminal.wait_for("rocky +电话沟通过 +sent")
    terminal.wait_for("rocky +Sent the contract +sent")
    terminal.press("q")
    working.quit_desk(terminal)

    found = differences(seeded, data_dir / "sandbox.db")
    assert set(found) == {"juzi_follow_user", "juzi_follow_history"}
    (before,), (after,) = found["juzi_follow_user"].gone, found["juzi_follow_user"].new
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [("张总", "张总 VIP")]
    entries = found["juzi_follow_history"]
    assert entries.gone == []
    assert [entry[1:4] for entry in sorted(entries.new)] == [
        (LI_SI, "rocky", "电话沟通过"),
        (LI_SI, "rocky", "Sent the contract"),
    ]
    assert all(began <= entry[4] <= time.time() for entry in entries.new)


@slow
def test_fields_a_new_customer_and_a_deleted_one_are_what_the_vendor_has_afterwards(
    open_desk: Open, data_dir: Path, seeded: Path
) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")
    working.switch_profile(terminal, "demo-useasy")
    terminal.wait_for("1–100 of 4,913")
    terminal.wait_for("详细地址 +上海市浦东新区世纪大道46号")

    working.edit_field(terminal, "李四", "详细地址", 16, "成都市高新区天府大道1号")
    terminal.wait_for("详细地址 +成都市高新区天府大道1号")
    terminal.press("c")
    terminal.wait_for("Create a customer")
    working.type_into(terminal, "客户名字", "新客户 New")
    working.go_to_field(terminal, "客户等级", 21)
    terminal.press("enter")
    terminal.wait_for("▸")
    terminal.press("enter")
    terminal.press("ctrl+s")
    terminal.wait_for("✓ Created 新客户 New")
    terminal.wait_for("1–100 of 4,914")
    terminal.press("q")
    terminal.press("g")
    terminal.wait_for("▌ 新客户 New")
    terminal.press("j", "j")
    terminal.wait_for("▌ 王五")
    terminal.wait_for(r"王五[^\n]*\n[^\n]*Phone +19900005838")
    terminal.press("d")
    terminal.wait_for("Delete 王五 at the vendor, for good")
    terminal.press("王五")
    terminal.press("enter")
    terminal.wait_for("✓ Deleted 王五")
    terminal.wait_for("1–100 of 4,913")
    working.quit_desk(terminal)

    found = differences(seeded, data_dir / "sandbox.db")
    assert set(found) == {"useasy_customer", "useasy_term", "meta"}
    before, after = found["useasy_customer"].gone, found["useasy_customer"].new
    records = {row[0]: record(row) for row in after}
    (edited,) = [row for row in before if row[0] in records]
    (deleted,) = [row for row in before if row[0] not in records]
    assert record(edited)["_id"] == LI_SI_IN_USEASY
    difference = changed(record(edited), records.pop(edited[0]))
    assert difference.pop("updateTime")[1] > "2025"
    assert len(difference) == 1 + ("updateAgent" in difference)
    assert ("上海市浦东新区世纪大道46号", "成都市高新区天府大道1号") in difference.values()
    assert record(deleted)["customerName"] == "王五"
    (created,) = records.values()
    assert created["customerName"] == "新客户 New"


@slow
def test_the_language_is_switched_on_a_key(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")
    terminal.press("ctrl+t")
    terminal.wait_for("客户 +第? ?1–100")
    terminal.wait_for("退出")
    assert "Customers" not in terminal.text
    terminal.press("ctrl+t")
    terminal.wait_for("Customers +1–100")
    working.quit_desk(terminal)


@slow
def test_the_language_follows_the_locale(open_desk: Open) -> None:
    open_desk(LANG="zh_CN.UTF-8").wait_for("跟进人[\\s\\S]*退出")


@slow
def test_the_window_may_be_any_size(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("Followed by")
    terminal.press("j", "j")
    terminal.wait_for("▌ Ann Lee")

    terminal.resize(20, 5)
    terminal.wait_until_gone("王五|Followed by")
    terminal.resize(80, 24)
    terminal.wait_for(r"▌ Ann Lee .*2022-11-19\n")
    assert "Followed by" not in terminal.text
    terminal.press("enter")
    terminal.wait_for(r"▌ Ann Lee +WeChat")
    terminal.wait_for("Followed by")
    assert "王五" not in terminal.text
    terminal.resize(200, 60)
    terminal.wait_for(r"王五[\s\S]*▌ Ann Lee [^\n]*2022-11-19 ")
    terminal.wait_for("Followed by +张三 rocky")
    terminal.resize(120, 36)
    terminal.wait_for(r"Followed by[\s\S]* Enter open")
    assert len(terminal.lines) == 36
    assert terminal.lines[-1].startswith(" Enter open")
    terminal.press("q")
    working.quit_desk(terminal)


@slow
def test_a_window_made_small_and_large_again_at_once_shows_all_of_it(open_desk: Open) -> None:
    whole = r"kehu  demo-juzi .* ms\n[\s\S]*▌ 李四 .*2020-10-30\n[\s\S]*Noah O'Brien .*\n[\s\S]* Enter open .* q quit"
    terminal = open_desk(columns=80, rows=24)
    terminal.wait_for(whole)
    for _ in range(3):
        terminal.screen.reset()  # what a terminal may do to its cells, while the program sees the size that it knew
        terminal.send_signal(signal.SIGWINCH)
        terminal.wait_for(whole)


@slow
@pytest.mark.parametrize(
    ("environment", "without"),
    [({"NO_COLOR": "1"}, COLOURED), ({"TERM": "xterm"}, MANY_COLOURS), ({"TERM": "screen"}, MANY_COLOURS)],
    ids=["NO_COLOR", "16 colours", "screen"],
)
def test_fewer_colours_show_no_less(open_desk: Open, environment: dict[str, str], without: re.Pattern[bytes]) -> None:
    terminal = open_desk(columns=80, rows=24, **environment)
    terminal.wait_for(r"▌ 李四 +张总 +张三 +2020-10-30")
    terminal.press("enter")
    terminal.wait_for("Followed by +张三 rocky")
    terminal.press("f")
    terminal.wait_for("▌.Follow-up")
    terminal.press("ctrl+q")
    terminal.wait_until_gone("▌.Follow-up")
    terminal.press("q")
    working.quit_desk(terminal)

    assert without.findall(bytes(terminal.raw)) == []


@slow
def test_no_way_out_of_a_form_ends_the_desk_or_loses_what_was_typed(open_desk: Open) -> None:
    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")
    terminal.press("enter")
    terminal.wait_for("▌ 李四 +WeChat")
    terminal.press("f")
    working.type_into(terminal, "Follow-up", "half a sentence")
    terminal.press("ctrl+q")
    terminal.wait_for("What you typed is kept as a draft")
    terminal.press("q")
    working.quit_desk(terminal, with_drafts=True)

    terminal = open_desk()
    terminal.wait_for("1–100 of 5,000")
    terminal.press("enter")
    terminal.wait_for("▌ 李四 +WeChat")
    terminal.press("f")
    terminal.wait_for("A draft is kept")
    terminal.press("y")
    terminal.wait_for("▌.Follow-up +half a sentence")


@slow
def test_keys_for_a_command_that_there_is_not_are_told_and_cost_no_other_key(
    open_desk: Open, data_dir: Path, tmp_path: Path
) -> None:
    configuration = tmp_path / "kehu.toml"
    configuration.write_text('[keys]\nrefesh = "f5"\n', encoding="utf-8")
    terminal = open_desk("--config", str(configuration))
    terminal.wait_for("keys.refesh names no command")
    terminal.wait_for(r"Did you mean refresh\?")
    terminal.press("escape")
    terminal.wait_until_gone("names no command")
    working.quit_desk(terminal)
