"""`kehu sync`: what it fills, says, and goes on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CUSTOMERS, Kehu, Server


@pytest.mark.usefixtures("data_dir")
def test_the_directory_is_filled_and_found_in(kehu: Kehu) -> None:
    assert kehu("find", "李四").out == ""
    run = kehu("sync")
    assert (run.code, run.out) == (0, "")
    assert run.err == f"All {CUSTOMERS} customers are in the directory.\n"
    assert "李四" in kehu("find", "lisi").out


@pytest.mark.usefixtures("data_dir")
def test_a_program_reads_how_complete_it_is(kehu: Kehu) -> None:
    run = kehu("sync", "--json")
    assert run.err == ""
    assert run.json() == {
        "held": CUSTOMERS,
        "total": CUSTOMERS,
        "missed": 0,
        "complete": True,
        "went_on": False,
        "tidied": False,
    }


@pytest.mark.usefixtures("data_dir")
def test_one_owners_customers_alone(kehu: Kehu) -> None:
    total = kehu("list", "--owner", "rocky", "--size", "1", "--json").json()["total"]
    assert kehu("sync", "--owner", "rocky", "--json").json()["held"] == total < CUSTOMERS


@pytest.mark.usefixtures("data_dir")
def test_a_vendor_without_a_list_says_what_to_do_instead(kehu: Kehu) -> None:
    run = kehu("--profile", "demo-ima", "sync")
    assert (run.code, run.out) == (2, "")
    assert "kehu show ID" in run.err


def test_a_broken_line_is_told_with_what_is_there_and_gone_on_after(
    kehu: Kehu, server: Server, config: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = server.credentials["juzi"]
    config(
        f'default_profile = "t"\n[profiles.t]\ndialect = "juzi"\nbase_url = "{facts["base_url"]}"\n'
        f'token = "{facts["token"]}"\n'
    )
    monkeypatch.setattr("tui.desk.sync.PAGE_SIZE", 10)
    server.fail("drop-before:/list:every=3")
    monkeypatch.setattr("tui.client.http.ATTEMPTS", 1)
    run = kehu("sync")
    assert run.code == 4
    assert "the first 20 are in the directory" in run.err
    server.fail()
    run = kehu("sync")
    assert run.err.splitlines() == ["going on after the first 20", "All 30 customers are in the directory."]
