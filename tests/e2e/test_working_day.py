"""An agent works the customers who are due, with three keys each; vendors and journal hold exactly that."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.rows import differences
from tests.e2e.terminal import Terminal
from tui.model.next_contact import NextContact
from tui.store.store import Store

DUE = 12
PLAIN = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z ]+")
"""Names that every terminal draws as they are."""

LATER = 20
"""Days until they are contacted again: longer than the view of the day looks ahead."""


def kehu(data_dir: Path, *arguments: str) -> Any:
    """What `kehu ARGUMENTS… --json` prints."""
    environ = os.environ | {"KEHU_DATA_DIR": str(data_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "tui", *arguments, "--json"], env=environ, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def make_due(data_dir: Path) -> list[dict[str, Any]]:
    """Have the first customers whom the acting colleague follows be due; them, in their order."""
    listed = kehu(data_dir, "list", "--owner", "rocky", "--size", "60")["items"]
    customers = [one for one in listed if one["union_id"] and PLAIN.fullmatch(one["name"])][:DUE]
    store = Store.open(data_dir / "profiles" / "demo-juzi.db")
    now = int(time.time())
    store.next_contacts.set(
        [
            NextContact(id=str(uuid4()), customer_id=one["id"], at=now - 3600 + place, whole_day=False, note="回访")
            for place, one in enumerate(customers)
        ]
    )
    store.close()
    return customers


def follow_up(terminal: Terminal, text: str) -> None:
    """Write down what was said, and when to call again."""
    terminal.press("f")
    terminal.wait_for(r"▌[ •]Follow-up")
    terminal.press(text, "tab", "tab")
    terminal.wait_for(r"▌[ •]Next contact")
    terminal.press(f"+{LATER}d", "ctrl+s")


def set_next(terminal: Terminal) -> None:
    """Move the contact to a later day."""
    terminal.press("t")
    terminal.wait_for(r"▌[ •]When")
    terminal.press("ctrl+a", "ctrl+k", f"+{LATER}d")
    terminal.wait_for(rf"When +\+{LATER}d")
    terminal.press("enter")


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 36)])
def test_an_agent_works_twelve_due_customers(open_desk: Open, data_dir: Path, columns: int, rows: int) -> None:
    customers = make_due(data_dir)
    before = data_dir.parent / "before.db"
    shutil.copy(data_dir / "sandbox.db", before)
    terminal = open_desk(columns=columns, rows=rows)
    terminal.wait_for(rf"due {DUE} · sandbox")
    terminal.press("T")
    terminal.wait_for(rf"today +{DUE} of")
    terminal.press("enter")

    for place, customer in enumerate(customers):
        terminal.wait_for(rf"▌ {customer['name']}[\s\S]*Next contact")
        terminal.wait_for(rf"due {DUE - place} · sandbox")
        match place % 3:
            case 0:
                follow_up(terminal, f"跟进{place}")
            case 1:
                terminal.press(".")
            case _:
                set_next(terminal)
    terminal.wait_for("No customer matches")
    terminal.wait_until_gone(r"due \d")
    terminal.press("0")
    terminal.wait_for("Customers +1–100")
    working.quit_desk(terminal)

    found = differences(before, data_dir / "sandbox.db")
    assert set(found) == {"juzi_follow_history"}, "the follow-ups, and nothing else"
    written = [
        (union_id, user_id, content) for _id, union_id, user_id, content, _at in found["juzi_follow_history"].new
    ]
    assert sorted(written) == sorted(
        (customer["union_id"], "rocky", f"跟进{place}") for place, customer in enumerate(customers) if place % 3 == 0
    )
    journal = kehu(data_dir, "journal")
    assert [(change["kind"], change["state"]) for change in journal] == [("follow", "sent")] * (DUE // 3)
    day = (datetime.now().astimezone().date() + timedelta(days=LATER)).isoformat()
    assert {(one["customer"], one["at"]) for one in kehu(data_dir, "next")} == {
        (customer["id"], day) for place, customer in enumerate(customers) if place % 3 != 1
    }
    assert kehu(data_dir, "due") == []


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 36)])
def test_an_agent_filters_sorts_saves_a_view_and_undoes_a_batch(
    open_desk: Open, data_dir: Path, columns: int, rows: int
) -> None:
    kehu(data_dir, "list", "--owner", "rocky", "--size", "60")
    before = data_dir.parent / "before.db"
    shutil.copy(data_dir / "sandbox.db", before)
    terminal = open_desk(columns=columns, rows=rows)
    terminal.wait_for("Customers +1–100")
    terminal.press("F")
    terminal.wait_for("all customers seen here")
    terminal.press("owner:me remark:*", "enter")
    terminal.wait_for("Owner is .* Remark is there")
    terminal.press(",")
    terminal.wait_for("Sort by")
    terminal.press("name", "enter")
    terminal.wait_for("Remark is there · by Name")
    terminal.press("V")
    terminal.wait_for("silent 30 d")
    terminal.press("save", "enter")
    terminal.wait_for("Save this list as a view")
    terminal.press("有备注", "enter")
    terminal.wait_for("View 有备注 saved; 5 shows it")
    terminal.press("0")
    terminal.wait_for("Customers +1–100")
    terminal.press("5")
    terminal.wait_for("有备注 +")
    terminal.wait_for("by Name")
    terminal.press("a")
    count = int(terminal.wait_for(r"(\d+) marked")[1])
    terminal.press("r")
    terminal.wait_for(f"Remark on {count} marked customers")
    terminal.press("成批备注", "ctrl+s")
    terminal.wait_for("Send this")
    terminal.press("y")
    saved = int(terminal.wait_for(r"(\d+) remarks saved")[1])
    assert saved
    terminal.press("u")
    terminal.wait_for(f"remark × {saved}")
    terminal.press("enter")
    terminal.wait_for("the undo of a batch")
    undone = int(terminal.wait_for(rf"(\d+) of {saved} can be undone")[1])
    assert undone
    terminal.press("y")
    terminal.wait_for(f"{undone} remarks saved")
    terminal.press("U")
    terminal.wait_for("marks? taken off|Nobody is marked")
    terminal.press("0")
    terminal.wait_for("Customers +1–100")
    working.quit_desk(terminal)

    found = differences(before, data_dir / "sandbox.db")
    left = found["juzi_follow_user"].new if found else []
    assert set(found) <= {"juzi_follow_user"}
    assert len(left) == saved - undone
    assert all("成批备注" in row for row in left), (
        "what was there before is there again; who had none keeps the new one"
    )
    journal = kehu(data_dir, "journal", "--kind", "remark")
    assert [change["state"] for change in journal] == ["sent"] * len(journal)
    assert len(journal) == saved + undone
    assert [(one["name"], one["key"]) for one in kehu(data_dir, "view", "list") if one["origin"] == "saved"] == [
        ("有备注", "5")
    ]
