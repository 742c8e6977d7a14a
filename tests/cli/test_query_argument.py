"""`kehu find` and `kehu list --query` in the query language: whom they print, and what they say of a mistake."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Kehu

pytestmark = pytest.mark.usefixtures("data_dir")

USEASY = ("--profile", "demo-useasy")


@pytest.fixture
def filled(kehu: Kehu) -> Kehu:
    """A directory that holds every customer of the demo's useasy, with the field configuration."""
    assert kehu(*USEASY, "list", "--all").code == 0
    return kehu


def items(kehu: Kehu, *arguments: str) -> list[dict[str, object]]:
    run = kehu(*USEASY, *arguments, "--json")
    assert (run.code, run.err) == (0, "")
    found: list[dict[str, object]] = run.json()["items"]
    return found


def level(customer: dict[str, object]) -> object:
    custom = customer["custom"]
    assert isinstance(custom, list)
    return next((one["value"] for one in custom if one["label"] == "客户等级"), "")


def test_a_choice_is_found_by_its_label_and_the_others_by_a_minus(filled: Kehu) -> None:
    everybody = items(filled, "find", "name:*", "--limit", "1000")
    important = items(filled, "find", "客户等级:重要客户", "--limit", "1000")
    others = items(filled, "find", "-客户等级:重要客户", "--limit", "1000")
    assert important
    assert others
    assert len(important) + len(others) == len(everybody)
    assert len({level(customer) for customer in important}) == 1
    assert level(important[0]) not in {level(customer) for customer in others}


def test_a_query_is_sorted_and_counted(filled: Kehu) -> None:
    run = filled(*USEASY, "find", "created>=2000 sort:-created", "--limit", "5", "--json")
    page = run.json()
    assert page["total"] is not None
    created = [customer["created_at"] for customer in page["items"]]
    assert created == sorted(created, reverse=True)


def test_the_table_tells_of_how_many_it_is(filled: Kehu) -> None:
    assert filled(*USEASY, "list").code == 0
    run = filled(*USEASY, "find", "客户等级:重要客户", "--limit", "2")
    assert "1–2 of " in run.err
    assert "seen here · the vendor has " in run.err


def test_list_takes_a_query_too(filled: Kehu) -> None:
    found = items(filled, "find", "客户等级:重要客户 sort:name", "--limit", "3")
    listed = items(filled, "list", "--query", "客户等级:重要客户 sort:name", "--size", "3")
    assert listed == found
    every = filled(*USEASY, "list", "--query", "客户等级:重要客户", "--all")
    assert len(every.out.splitlines()) == len(items(filled, "find", "客户等级:重要客户", "--limit", "1000"))
    json.loads(every.out.splitlines()[0])


def test_a_query_and_the_vendors_conditions_do_not_mix(filled: Kehu) -> None:
    run = filled(*USEASY, "list", "--query", "name:李", "--owner", "rocky")
    assert run.code == 2
    assert "--query is answered from what was seen here" in run.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("find", "nmae:李"), "there is no field 'nmae'"),
        (("find", "客户等级:重要的客户"), "Did you mean 重要客户?"),
        (("find", "last<soon"), "takes a date, not 'soon'"),
        (("list", "--query", "nmae:李"), "Did you mean name?"),
    ],
)
def test_a_mistake_is_a_usage_error_with_the_nearest_name(
    filled: Kehu, arguments: tuple[str, ...], message: str
) -> None:
    run = filled(*USEASY, *arguments)
    assert (run.code, run.out) == (2, "")
    assert message in run.err


def test_a_mistake_is_told_as_json(filled: Kehu) -> None:
    run = filled(*USEASY, "find", "nmae:李", "--json")
    assert run.code == 2
    error = json.loads(run.err)["error"]
    assert (error["kind"], error["message"]) == ("invalid", "there is no field 'nmae'")


def test_a_value_whose_quotes_the_shell_took_off_is_one_value(filled: Kehu) -> None:
    name = str(items(filled, "find", "name:*", "--limit", "1")[0]["name"])
    assert items(filled, "find", f"name:{name} ", "--limit", "5")
    run = filled(*USEASY, "find", "description:no such words anywhere")
    assert (run.code, run.out) == (0, "")
    assert "nobody" in run.err


def test_a_tag_that_nobody_has_is_told(filled: Kehu) -> None:
    run = filled(*USEASY, "find", "owner:nobody-at-all")
    assert run.code == 0
    assert "nobody seen here has 'nobody-at-all'" in run.err


def test_the_help_shows_the_language(kehu: Kehu) -> None:
    run = kehu("find", "--help")
    assert "last<30d           before 30 days ago" in run.out
    assert "sort:-last" in run.out
