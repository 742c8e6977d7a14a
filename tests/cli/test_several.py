"""Commands on several customers, and on those whose ids standard input has."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Kehu, Run

KEHU = (sys.executable, "-m", "tui")

pytestmark = pytest.mark.usefixtures("data_dir")


def piped(text: str | bytes, *arguments: str) -> Run:
    """`kehu ARGUMENTS…` with `text` on standard input."""
    data = text.encode() if isinstance(text, str) else text
    done = subprocess.run([*KEHU, *arguments], input=data, capture_output=True, check=False)
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def some(kehu: Kehu) -> list[dict[str, Any]]:
    """Three customers of the first profile."""
    items: list[dict[str, Any]] = kehu("list", "--size", "3", "--json").json()["items"]
    return items


def ids_of(customers: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in customers]


def test_several_are_shown_one_after_the_other(kehu: Kehu, some: list[dict[str, Any]]) -> None:
    run = kehu("show", *ids_of(some))
    assert run.code == 0
    assert [block.split()[1] for block in run.out.split("\n\n")] == [one["name"].split()[0] for one in some]


def test_one_of_several_that_is_not_there_is_told_and_the_others_are_shown(
    kehu: Kehu, some: list[dict[str, Any]]
) -> None:
    first, second, _third = ids_of(some)
    run = kehu("show", first, "nobody", second)
    assert run.code == 1
    assert run.out.count(first) == run.out.count(second) == 1
    assert "nobody" in run.err
    told = kehu("show", first, "nobody", second, "--json")
    assert (told.code, told.err) == (1, "")
    assert [one["id"] for one in told.json()] == [first, "nobody", second]
    assert [one.get("error", {}).get("kind") for one in told.json()] == [None, "not_found", None]


def test_where_none_is_there_the_exit_code_says_why(kehu: Kehu) -> None:
    assert kehu("show", "nobody", "nothing").code == 5


def test_one_is_answered_as_ever_and_a_dash_with_a_list(kehu: Kehu, some: list[dict[str, Any]]) -> None:
    first = some[0]["id"]
    assert kehu("show", first, "--json").json()["id"] == first
    assert ids_of(piped(f"{first}\n", "show", "-", "--json").json()) == [first]


@pytest.mark.parametrize("form", ["lines", "page", "list", "json lines", "table"])
def test_ids_are_read_from_standard_input_as_kehu_prints_them(some: list[dict[str, Any]], form: str) -> None:
    ids = ids_of(some)
    text = {
        "lines": "\ufeff" + "\r\n".join(ids) + "\n\n",
        "page": json.dumps({"page": 1, "items": some}),
        "list": json.dumps(some),
        "json lines": "\n".join(map(json.dumps, some)),
        "table": "\n".join(f"{one['id']}\t{one['name']}" for one in some),
    }[form]
    assert ids_of(piped(text, "show", "-", "--json").json()) == ids


@pytest.mark.parametrize(
    ("text", "told"), [(b"", "names no customer"), (b"\xff\xfe", "is no text"), (b'{"id": ', "no JSON")]
)
def test_standard_input_that_names_nobody_is_told(text: bytes, told: str) -> None:
    run = piped(text, "show", "-")
    assert run.code == 2
    assert told in run.err


def test_several_are_edited_and_each_outcome_is_told(kehu: Kehu) -> None:
    items = kehu("list", "--profile", "demo-useasy", "--size", "2", "--json").json()["items"]
    first, second = ids_of(items)
    run = kehu("edit", "--profile", "demo-useasy", first, "nobody", second, "--set", "name=新名", "--json")
    assert run.code == 1
    assert [one["id"] for one in run.json()] == [first, "nobody", second]
    assert [one.get("name") for one in run.json()] == ["新名", None, "新名"]
    shown = kehu("edit", "--profile", "demo-useasy", first, second, "--set", "name=旧名", "--dry-run", "--json")
    assert [(one["id"], one["changes"][0]["after"]) for one in shown.json()] == [(first, "旧名"), (second, "旧名")]


def test_several_are_deleted_and_those_that_were_not_are_named(kehu: Kehu) -> None:
    items = kehu("list", "--profile", "demo-useasy", "--size", "2", "--json").json()["items"]
    run = kehu("delete", "--profile", "demo-useasy", *ids_of(items), "nobody", "--yes", "--json")
    assert run.code == 1
    assert run.json()["applied"] == 2
    assert [one["customer"] for one in run.json()["failed"]] == ["nobody"]
    assert kehu("show", "--profile", "demo-useasy", items[0]["id"]).code == 5


def test_a_remark_is_set_on_several_in_one_batch(kehu: Kehu) -> None:
    items = kehu("list", "--owner", "rocky", "--size", "3", "--json").json()["items"]
    followed = [one["id"] for one in items if any(user["user_id"] == "rocky" for user in one["follow_users"])][:2]
    run = kehu("remark", *followed, "--user", "rocky", "--remark", "同批")
    assert run.code == 0, run.err
    assert "2 customers" in run.err
    journal = kehu("journal", "--json").json()
    assert {change["customer"] for change in journal} == set(followed)


def test_follow_ups_on_several_are_not_sent_without_asking(kehu: Kehu, some: list[dict[str, Any]]) -> None:
    ids = ids_of(some)[:2]
    refused = kehu("follow", *ids, "--user", "rocky", "--text", "x")
    assert refused.code == 2
    assert "written down on 2 customers, and cannot be taken back" in refused.err
    assert "--yes" in refused.err
    assert kehu("journal", "--json").json() == []
    kehu("follow", *ids, "--user", "rocky", "--text", "x", "--yes")
    assert len(kehu("journal", "--json").json()) == 2


@pytest.mark.parametrize(("answer", "changes"), [("y", 2), ("是", 2), ("n", 0), ("vielleicht", 0)])
def test_at_a_terminal_it_asks(
    kehu: Kehu, some: list[dict[str, Any]], data_dir: Path, answer: str, changes: int
) -> None:
    other, terminal = pty.openpty()
    with subprocess.Popen(
        [*KEHU, "follow", *ids_of(some)[:2], "--user", "rocky", "--text", "x"],
        stdin=terminal,
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        os.write(other, f"{answer}\n".encode())
        told = b""
        try:
            while chunk := os.read(other, 1024):
                told += chunk
        except OSError:  # the terminal's other side is closed: Linux says so like this
            pass
        process.wait(30)
    os.close(other)
    assert b"cannot be taken back" in told
    assert len(kehu("journal", "--json").json()) == changes
