"""Two records of one customer on the demo become one: in a terminal, with the keys alone."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.rows import changed, differences, record
from tests.pace import BOTH_WINDOWS, slow

ZHAO = "赵建国"


@slow
@BOTH_WINDOWS
def test_two_records_are_merged_and_the_vendor_has_one(
    open_desk: Open, data_dir: Path, seeded: Path, columns: int, rows: int
) -> None:
    terminal = open_desk("--profile", "demo-useasy", columns=columns, rows=rows)
    terminal.wait_for("1–100 of 4,913")
    terminal.press("=")
    terminal.wait_for(r"Duplicates · \d pairs · \d+ of 4,913 customers, those seen here")
    terminal.wait_for(rf" 99 +{ZHAO} +{ZHAO} +phone, e-mail")
    while re.search(rf"▌ +99 +{ZHAO} +{ZHAO} +phone, e-mail", terminal.text) is None:  # which pairs are seen, varies
        row = terminal.wait_for("▌ +99.*")[0]
        terminal.press("down")
        terminal.wait_until_gone(re.escape(row))
    terminal.press("enter")
    terminal.wait_for(rf"{ZHAO} · stays +{ZHAO} · is deleted")
    terminal.wait_for("The left one stays, with what is marked ●")
    terminal.press("down", "right")
    terminal.wait_for(
        r"▌ ≈ 手机 +○ 19900007514 .* ● \+86 199-0000-7514|▌ ≈ 手机 +○ \+86 199-0000-7514 .* ● 19900007514"
    )
    terminal.press("ctrl+s")
    terminal.wait_for(rf"Saved in {ZHAO}[\s\S]*now +then[\s\S]*≠ 手机[\s\S]*Deleted: {ZHAO}")
    terminal.press("y")
    terminal.wait_for(rf"delete {ZHAO} at the vendor, for good")
    terminal.press("no", "enter")
    terminal.wait_for(f"type {ZHAO} to go on")
    terminal.press("backspace", "backspace", ZHAO, "enter")
    terminal.wait_for(f"✓ Merged into {ZHAO}; the other record is deleted")
    terminal.press("q")
    terminal.wait_for("1–100 of 4,912")

    found = differences(seeded, data_dir / "sandbox.db")
    assert set(found) == {"useasy_block", "useasy_customer", "useasy_term"}
    (after,) = found["useasy_customer"].new
    gone = {row[0]: record(row) for row in found["useasy_customer"].gone}
    assert len(gone) == 2
    kept = record(after)
    difference = changed(gone.pop(after[0]), kept)
    (deleted,) = gone.values()
    assert deleted["customerName"] == ZHAO
    assert set(difference) - {"updateTime", "updateAgent"} == {"mobile"}
    assert [row["value"] for row in kept["mobile"]] == [row["value"] for row in deleted["mobile"]]

    terminal.press("J")
    terminal.wait_for(rf"delete · {ZHAO}")
    terminal.press("enter")
    terminal.wait_for("Before")
    terminal.press("G")
    terminal.wait_for(deleted["_id"])
    terminal.press("q", "q")
    terminal.wait_until_gone(rf"delete · {ZHAO}")
    working.quit_desk(terminal)


def test_the_command_lists_them_without_a_screen(open_desk: Open) -> None:
    terminal = open_desk("list", "--profile", "demo-useasy")
    assert terminal.wait_for_exit() == 0
    terminal = open_desk("duplicates", "--profile", "demo-useasy")
    terminal.wait_for(rf"99 +\d+ +{ZHAO}")
    terminal.wait_for("among 100 of 4,913 customers, those seen here")
    assert terminal.wait_for_exit() == 0
