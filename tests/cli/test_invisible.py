"""Arguments as they are pasted: what nobody sees in an id, a colleague, a phone or an e-mail is no part of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tests.cli.test_reading import LISI, LISI_UNION

pytestmark = pytest.mark.usefixtures("data_dir")

USEASY = ("--profile", "demo-useasy")
IMA = ("--profile", "demo-ima")


@pytest.mark.parametrize("hidden", ["\u200b", "\u200e", "\u202a", "\u2060", "\ufeff", "\xad", "\xa0", "\u3000"])
def test_an_id_is_found_as_it_was_copied(kehu: Kehu, hidden: str) -> None:
    run = kehu("show", f"{hidden}{LISI}{hidden}", "--json")
    assert (run.code, run.json()["union_id"] if run.out else run.err) == (0, LISI_UNION)


def test_a_follow_up_is_saved_for_the_colleague_and_for_nobody_who_is_not_there(kehu: Kehu, data_dir: Path) -> None:
    run = kehu("follow", f"{LISI_UNION}\u200b", "--user", "rocky\u200b", "--text", "\ufeff回访❤️\u200b")
    assert run.code == 0, run.err
    with closing(sqlite3.connect(data_dir / "sandbox.db")) as database:
        (kept,) = database.execute(
            "SELECT user_id, content FROM juzi_follow_history ORDER BY rowid DESC LIMIT 1"
        ).fetchall()
    assert kept == ("rocky", "回访❤️")


def test_a_list_is_that_of_the_colleague_who_was_pasted(kehu: Kehu) -> None:
    asked = ("list", "--json", "--owner")
    assert kehu(*asked, "\u200brocky\xa0").json() == kehu(*asked, "rocky").json()


@pytest.mark.parametrize("form", ["mailto:{}", "<{}>", "{}\u200b", "李四 <{}>"])
def test_an_e_mail_is_stored_without_what_it_was_pasted_in(kehu: Kehu, form: str) -> None:
    run = kehu(*USEASY, "list", "--size", "1", "--json")
    customer = run.json()["items"][0]
    run = kehu(*USEASY, "edit", customer["id"], "--set", f"emails={form.format('a@b.com')}|工作", "--json")
    assert run.code == 0, run.err
    assert run.json()["emails"] == [{"value": "a@b.com", "memo": "工作"}]


def test_a_profile_is_the_same_with_what_was_copied_along(
    kehu: Kehu, config: Callable[[str], Path], server: Server
) -> None:
    text = profile_text(server, "juzi", "team")
    config(text.replace('base_url = "', 'base_url = "\\u200b').replace('token = "', 'token = "\\ufeff'))
    assert json.loads(kehu("list", "--json", "--size", "1").out)["items"]
