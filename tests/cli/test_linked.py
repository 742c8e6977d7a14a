"""`kehu show --linked`, and in which profiles a search says that a person is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tests.cli.test_json_shapes import check_customer

LISI = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"
WECOM = "custom.text_wecom_1687316347240"


def link_text(name: str, other: str, theirs: str) -> str:
    """A link of the profile `name`, by our ids, as TOML."""
    return f'[profiles.{name}.links.{other}]\ntheirs = "{theirs}"\nours = "id"\n'


@pytest.fixture
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def ids(kehu: Kehu, data_dir: Path) -> dict[str, str]:
    """The first people of the demo, by name."""
    return {item["name"]: item["id"] for item in kehu("list", "--size", "12", "--json").json()["items"]}


def test_a_person_as_json(kehu: Kehu, ids: dict[str, str]) -> None:
    run = kehu("show", LISI, "--linked", "--json")
    person = run.json()
    assert (run.code, run.err) == (0, "")
    assert set(person) == {"customer", "linked", "differences"}
    assert person["differences"] == []
    check_customer(person["customer"])
    useasy, ima = person["linked"]
    assert (useasy["profile"], useasy["dialect"]) == ("demo-useasy", "useasy")
    assert useasy["match"] == {"theirs": WECOM, "value": LISI}
    assert ima["match"] == {"theirs": "external_id", "value": LISI}
    for linked in (useasy, ima):
        assert set(linked) == {"profile", "dialect", "match", "customer"}
        check_customer(linked["customer"])
        assert (linked["customer"]["name"], linked["customer"]["profile"]) == ("李四", linked["profile"])


def test_nobody_several_and_what_disagrees_as_json(kehu: Kehu, ids: dict[str, str]) -> None:
    missing = kehu("show", ids["欧阳雪莹"], "--linked", "--json").json()["linked"][0]
    assert missing["customer"] is None
    several = kehu("show", ids["赵建国"], "--linked", "--json").json()["linked"][0]
    assert [candidate["name"] for candidate in several["candidates"]] == ["赵建国", "赵建国"]
    assert "customer" not in several
    (difference,) = kehu("show", ids["周美玲"], "--linked", "--json").json()["differences"]
    assert difference["field"] == "company"
    assert [value["profile"] for value in difference["values"]] == ["demo-useasy", "demo-ima"]


def test_a_person_as_an_agent_reads_it(kehu: Kehu, ids: dict[str, str]) -> None:
    out = kehu("show", ids["王五"], "--linked").out
    sections = [line for line in out.splitlines() if " · demo-" in line]
    assert [section.split(" · ")[:2] for section in sections] == [
        ["JuziBot", "demo-juzi"],
        ["Useasy", "demo-useasy"],
        ["51ima", "demo-ima"],
    ]
    assert f"企微客户ID = {ids['王五']}" in sections[1]
    told = out.partition("They disagree on:\n")[2]
    assert "demo-useasy: 199" in told
    assert "demo-ima: 199" in told
    assert "nobody there" in kehu("show", ids["欧阳雪莹"], "--linked").out
    assert "several match" in kehu("show", ids["赵建国"], "--linked").out


@pytest.mark.usefixtures("own_data")
def test_a_neighbour_that_is_down_or_refuses_is_told_and_costs_no_exit_code(
    kehu: Kehu, server: Server, config: Callable[[str], Path]
) -> None:
    config(
        profile_text(server, "juzi")
        + link_text("team", "crm", WECOM)
        + link_text("team", "desk", "external_id")
        + profile_text(server, "useasy", "crm", secret="wrong")
        + profile_text(server, "ima", "desk", base_url="http://127.0.0.1:1")
    )
    run = kehu("show", LISI, "--linked", "--json")
    assert run.code == 0
    crm, desk = run.json()["linked"]
    assert (crm["error"]["kind"], desk["error"]["kind"]) == ("auth", "network")
    assert set(crm["error"]) == {"kind", "code", "message", "todo"}
    assert run.json()["customer"]["name"] == "李四"
    assert sorted(line.partition(":")[0] for line in run.err.splitlines()) == ["crm", "desk"]
    assert "wrong" not in run.out + run.err
    out = kehu("show", LISI, "--linked").out
    assert out.count("could not be read") == 2


@pytest.mark.usefixtures("own_data")
def test_a_profile_without_links_shows_its_own_record(
    kehu: Kehu, server: Server, config: Callable[[str], Path]
) -> None:
    config(profile_text(server, "juzi"))
    person = kehu("show", LISI, "--linked", "--json").json()
    assert (person["linked"], person["differences"]) == ([], [])
    assert [item["profiles"] for item in kehu("find", "李四", "--json").json()["items"]] == [["team"]]
    assert "Also in" not in kehu("find", "李四").out


def test_a_search_says_where_else_a_person_is_known_to_be(kehu: Kehu, ids: dict[str, str]) -> None:
    (before,) = kehu("find", "李四", "--json").json()["items"]
    assert before["profiles"] == ["demo-juzi"]
    kehu("show", LISI, "--linked")
    (after,) = kehu("find", "李四", "--json").json()["items"]
    assert after["profiles"] == ["demo-juzi", "demo-useasy", "demo-ima"]
    assert kehu("find", "李四").out.splitlines()[1].endswith("demo-useasy, demo-ima")
    useasy = ("--profile", "demo-useasy")
    (there,) = kehu(*useasy, "list", "--where", "name:eq:李四", "--json").json()["items"]
    assert there["profiles"] == ["demo-useasy", "demo-juzi", "demo-ima"]
    assert "demo-juzi, demo-ima" in kehu(*useasy, "list", "--where", "name:eq:李四").out


def test_a_list_that_is_no_search_has_the_agreed_keys_alone(kehu: Kehu, data_dir: Path) -> None:
    assert "profiles" not in kehu("list", "--size", "1", "--json").json()["items"][0]


def test_whoever_was_listed_at_both_is_known_without_having_been_looked_for(kehu: Kehu, data_dir: Path) -> None:
    kehu("list", "--profile", "demo-useasy", "--size", "20")
    kehu("list", "--size", "20")
    (found,) = kehu("find", "李四", "--json").json()["items"]
    assert found["profiles"] == ["demo-juzi", "demo-useasy"]


@pytest.mark.parametrize("arguments", [("find", "李四"), ("show", LISI, "--linked")])
def test_a_damaged_file_of_a_neighbour_is_set_aside_and_told(
    kehu: Kehu, ids: dict[str, str], data_dir: Path, arguments: tuple[str, ...]
) -> None:
    (data_dir / "profiles" / "demo-ima.db").write_bytes(b"what is this? " * 1000)
    run = kehu(*arguments)
    assert run.code == 0
    assert "demo-ima.db was damaged" in run.err


def test_every_page_of_a_search_says_it_too(kehu: Kehu, data_dir: Path) -> None:
    kehu("list", "--size", "20")
    run = kehu("list", "--profile", "demo-useasy", "--where", "owner:eq:8310", "--all", "--size", "5")
    assert run.code == 0
    assert '"profiles": ["demo-useasy", "demo-juzi"]' in run.out


def test_the_doctor_names_every_link_and_what_is_in_its_way(
    kehu: Kehu, data_dir: Path, server: Server, config: Callable[[str], Path]
) -> None:
    told = [item for item in kehu("doctor", "--json").json() if item["topic"] == "link"]
    assert [item["ok"] for item in told] == [None, True]
    assert f"demo-useasy (Useasy): {WECOM} there is id here" in told[0]["found"]
    assert "kehu fields --profile demo-useasy" in told[0]["todo"]
    kehu("fields", "--profile", "demo-useasy")
    assert [item["ok"] for item in kehu("doctor", "--json").json() if item["topic"] == "link"] == [True, True]
    config(
        profile_text(server, "juzi")
        + link_text("team", "desk", "external_id")
        + '[profiles.desk]\ndialect = "ima"\nbase_url = "https://ima.example.com"\napp_id = "1"\nsecret_env = "NOT_SET"'
    )
    run = kehu("doctor", "--json")
    (link,) = [item for item in run.json() if item["topic"] == "link"]
    assert (link["ok"], run.code) == (False, 3)
    assert "NOT_SET" in link["found"] + link["todo"]
