"""`kehu find`: who is found, how it is told, and how little of kehu is loaded for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import CUSTOMERS, Kehu

LISI = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture
def filled(kehu: Kehu) -> Kehu:
    """A directory that holds every customer of the demo."""
    assert kehu("list", "--all").code == 0
    return kehu


@pytest.mark.parametrize("text", ["李四", "李", "lisi", "ls", "张总", LISI])
def test_a_customer_is_found_by_what_an_agent_types(filled: Kehu, text: str) -> None:
    run = filled("find", text, "--json")
    assert (run.code, run.err) == (0, "")
    page = run.json()
    assert set(page) == {"page", "size", "total", "items"}
    assert LISI in [customer["id"] for customer in page["items"]]


def test_the_json_of_a_found_customer_is_that_of_a_shown_one(filled: Kehu) -> None:
    (found,) = filled("find", LISI, "--json").json()["items"]
    assert found == {**filled("show", LISI, "--json").json(), "profiles": ["demo-juzi"]}


def test_fields_have_their_labels_without_a_vendor_being_asked(kehu: Kehu) -> None:
    useasy = ("--profile", "demo-useasy")
    listed = kehu(*useasy, "list", "--size", "1", "--json").json()["items"][0]
    (found,) = kehu(*useasy, "find", listed["id"], "--json").json()["items"]
    assert found["custom"] == listed["custom"]
    assert any(custom["label"] != custom["code"] for custom in found["custom"])


def test_several_words_are_one_search(filled: Kehu) -> None:
    assert LISI in filled("find", "lisi", "rocky").out


def test_the_table_is_that_of_the_list(filled: Kehu) -> None:
    run = filled("find", "李四", "--limit", "1")
    lines = run.out.splitlines()
    assert lines[0].split() == ["Id", "Name", "Remark", "Owner", "Added"]
    assert lines[1].split() == [LISI, "李四", "张总", "张三", "2020-10-30"]
    assert run.err == "1–1, total unknown\n"


def test_the_table_has_the_columns_that_are_asked_for(filled: Kehu) -> None:
    lines = filled("find", "李四", "--limit", "1", "--columns", "gender，Name, tags").out.splitlines()
    assert lines[0].split() == ["Gender", "Name", "Tags"]
    assert lines[1].split()[:2] == ["male", "李四"]
    listed = filled("list", "--size", "1", "--columns", "seen,name").out.splitlines()
    assert listed[0].split() == ["Seen", "here", "Name"]
    assert listed[1].split()[1] == "李四"


def test_a_tenant_s_field_is_a_column_by_its_label(kehu: Kehu) -> None:
    useasy = ("--profile", "demo-useasy")
    listed = kehu(*useasy, "list", "--size", "5", "--columns", "name,客户等级")
    assert listed.out.splitlines()[0].split() == ["Name", "客户等级"]
    name = listed.out.splitlines()[1].split()[0]
    found = kehu(*useasy, "find", name, "--columns", "name,客户等级")
    assert [line.split() for line in found.out.splitlines()[:2]] == [
        line.split() for line in listed.out.splitlines()[:2]
    ]


def test_a_column_that_is_not_there_is_refused_with_the_nearest(kehu: Kehu) -> None:
    run = kehu("find", "李四", "--columns", "name,ownr")
    assert run.code == 2
    assert "there is no column 'ownr'" in run.err
    assert "Did you mean Owner?" in run.err


def test_pages_follow_each_other_and_the_last_one_knows_the_total(filled: Kehu) -> None:
    everybody: list[str] = []
    for number in range(1, 4):
        page = filled("find", "a", "e", "--limit", "10", "--page", str(number), "--json").json()
        everybody += [customer["id"] for customer in page["items"]]
    assert len(set(everybody)) == len(everybody)
    whole = filled("find", "a", "e", "--limit", str(CUSTOMERS), "--json").json()
    assert whole["total"] == len(whole["items"])
    assert [customer["id"] for customer in whole["items"]][: len(everybody)] == everybody


def test_nobody_is_an_answer_and_standard_error_says_it(filled: Kehu) -> None:
    run = filled("find", "qqqzzz")
    assert (run.code, run.out) == (0, "")
    assert run.err == f"nobody of the {CUSTOMERS} customers seen here matches qqqzzz\n"
    assert filled("find", "qqqzzz", "--json").json() == {"page": 1, "size": 100, "total": 0, "items": []}
    assert filled("find", "李四", "--page", "900").err == "page 900 is empty\n"


def test_an_empty_directory_says_how_to_fill_it(kehu: Kehu) -> None:
    run = kehu("find", "李四")
    assert (run.code, run.out) == (0, "")
    assert "kehu sync" in run.err


def test_a_search_for_nothing_is_a_usage_error(kehu: Kehu) -> None:
    run = kehu("find", "--json")
    assert run.code == 2
    assert "QUERY" in run.error()["message"]


UNLINKED = """
[profiles.demo-juzi]
dialect = "juzi"
base_url = "https://hub.juzibot.com"
token_env = "JUZI_TOKEN"
"""


@pytest.mark.parametrize(
    ("configured", "arguments", "heavy"),
    [("", (), {"pydantic"}), (UNLINKED, (), set()), (UNLINKED, ("--json",), {"pydantic"})],
)
def test_a_search_loads_no_network_and_a_table_without_links_no_models(
    filled: Kehu, config: Callable[[str], Path], configured: str, arguments: tuple[str, ...], heavy: set[str]
) -> None:
    config(configured)
    script = (
        "import sys; from tui.cli import main; code = main(sys.argv[1:]); sys.stdout.flush();"
        "print(code, *{'textual', 'httpx', 'pydantic', 'starlette', 'pypinyin', 'tui.desk.desk'} & sys.modules.keys())"
    )
    command = [sys.executable, "-c", script, "find", "lisi", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "李四" in done.stdout
    code, *loaded = done.stdout.splitlines()[-1].split()
    assert code == "0", done.stderr
    assert set(loaded) == heavy
