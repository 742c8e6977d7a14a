"""`kehu duplicates` as a person and a script use it."""

from __future__ import annotations

import pytest

from tests.cli.conftest import CUSTOMERS, Kehu

pytestmark = pytest.mark.usefixtures("data_dir")

# By chance useasy has as many customers as there are people: some of them it lacks, others it has twice.
USEASY = ("--profile", "demo-useasy")
ZHAO = "赵建国"


def test_nobody_seen_yet_is_said_with_what_to_do(kehu: Kehu) -> None:
    run = kehu("duplicates", *USEASY)
    assert (run.code, run.out) == (0, "")
    assert run.err.splitlines() == [
        "no duplicates",
        "among 0 customers seen here",
        "To see everybody: kehu sync",
    ]


def test_pairs_are_data_on_standard_output_and_what_was_looked_through_is_not(kehu: Kehu) -> None:
    kehu("list", *USEASY)
    run = kehu("duplicates", *USEASY)
    header, *lines = run.out.splitlines()
    assert header.split() == ["Score", "Id", "Name", "In", "common"]
    (zhao, other) = [line for line in lines if line[27:].startswith(ZHAO)]
    assert zhao.startswith("99 ")
    assert other.startswith("   ")
    assert "phone 19900007514, e-mail zhao.6@example.com" in zhao
    assert run.err.splitlines()[-2:] == [
        f"among 100 of {CUSTOMERS} customers, those seen here",
        "To see everybody: kehu sync",
    ]


def test_with_json_each_pair_has_score_reasons_and_both_customers(kehu: Kehu) -> None:
    kehu("list", *USEASY)
    run = kehu("duplicates", "--json", *USEASY)
    told = run.json()
    assert set(told) == {"seen", "total", "count", "pairs", "shared"}
    assert (told["seen"], told["count"]) == (100, len(told["pairs"]))
    pair = next(pair for pair in told["pairs"] if pair["customers"][0]["name"] == ZHAO)
    assert pair["reasons"][0] == {"kind": "phone", "label": "phone", "value": "19900007514", "customers": 2}
    assert [one["name"] for one in pair["customers"]] == [ZHAO, ZHAO]
    assert set(kehu("show", pair["customers"][0]["id"], "--json", *USEASY).json()) == set(pair["customers"][0])
    assert run.err == ""


def test_a_limit_says_how_many_there_are(kehu: Kehu) -> None:
    kehu("list", *USEASY)
    kehu("list", "--page", "2", *USEASY)
    count = kehu("duplicates", "--json", *USEASY).json()["count"]
    assert count > 1
    run = kehu("duplicates", "--limit", "1", *USEASY)
    assert len(run.out.splitlines()) == 3
    assert run.err.splitlines()[:2] == [f"1 of {count} pairs", f"among all {CUSTOMERS} customers"]
    assert kehu("duplicates", "--limit", "0", *USEASY).code == 2


def test_a_vendor_without_a_list_says_whom_it_is_about(kehu: Kehu) -> None:
    run = kehu("duplicates", "--profile", "demo-ima")
    assert (run.code, run.out) == (0, "")
    assert run.err.splitlines()[-1] == "ima has no such call: these are the customers seen here"
