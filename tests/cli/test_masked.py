"""What the command line hides until `--reveal`, and what the journal says of that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu

pytestmark = pytest.mark.usefixtures("data_dir")

IMA = ("--profile", "demo-ima")
USEASY = ("--profile", "demo-useasy")
LISI = "10000001"
OPEN, HIDDEN = r"199\d{8}", r"199\*{4}\d{4}"


def test_what_the_vendor_calls_sensitive_is_hidden_in_every_way_of_printing_it(kehu: Kehu) -> None:
    told = kehu(*IMA, "show", LISI)
    assert re.search(HIDDEN, told.out)
    shown = [
        told,
        kehu(*IMA, "show", LISI, "--json"),
        kehu(*IMA, "show", LISI, "--linked"),
        kehu(*IMA, "find", "李四"),
        kehu(*IMA, "find", "李四", "--json"),
        kehu(*IMA, "find", "李四", "--columns", "name,phone"),
        kehu(*IMA, "list", "--query", "李四", "--all"),
    ]
    for run in shown:
        assert run.code == 0
        ours = re.sub(r"(?s)useasy.*|句子互动.*", "", run.out)
        assert not re.search(rf"(?<!\d){OPEN}(?!\d)", ours), run.out


def test_a_reveal_prints_it_whole_and_the_journal_says_who_saw_which_field_of_whom_not_the_value(kehu: Kehu) -> None:
    whole = kehu(*IMA, "show", LISI, "--json", "--reveal").json()
    phone = whole["phones"][0]["value"]
    assert re.fullmatch(OPEN, phone)
    (entry,) = kehu(*IMA, "journal", "--kind", "reveal", "--json").json()
    assert (entry["kind"], entry["customer"], entry["name"]) == ("reveal", LISI, "李四")
    assert "phones" in entry["request"]["fields"]
    assert phone not in json.dumps(entry)
    assert entry["by"].count("@") == 1
    assert "reveal" in kehu(*IMA, "journal").out
    assert kehu(*IMA, "journal", "--kind", "reveal", "--undo", "0").code == 2


def test_a_reveal_of_nothing_hidden_is_no_entry(kehu: Kehu) -> None:
    id = kehu(*USEASY, "list", "--size", "1", "--json").json()["items"][0]["id"]
    kehu(*USEASY, "show", id, "--reveal")
    assert kehu(*USEASY, "journal", "--json").json() == []


@pytest.mark.parametrize("policy", ["phones", "all"])
def test_the_policy_of_the_configuration_holds_for_every_vendor(
    kehu: Kehu, config: Callable[[str], Path], policy: str
) -> None:
    config(f'mask = "{policy}"\n')
    run = kehu(*USEASY, "list", "--size", "3", "--json")
    assert run.code == 0
    for customer in run.json()["items"]:
        assert all("****" in phone["value"] for phone in customer["phones"])
        assert all(("****" in one["value"]) is (policy == "all") for one in customer["emails"])
    assert not re.search(OPEN, kehu(*USEASY, "list", "--size", "3").out)


def test_with_nothing_masked_all_is_printed(kehu: Kehu, config: Callable[[str], Path]) -> None:
    config('mask = "none"\n')
    assert re.search(OPEN, kehu(*IMA, "show", LISI).out)


def test_an_unknown_policy_is_refused_with_those_there_are(kehu: Kehu, config: Callable[[str], Path]) -> None:
    config('mask = "some"\n')
    run = kehu("list")
    assert run.code == 3
    assert "none, sensitive, phones, all" in run.err


def test_the_outbox_and_the_journal_hide_what_an_edit_was_about(kehu: Kehu, config: Callable[[str], Path]) -> None:
    config('mask = "phones"\n')
    id = kehu(*USEASY, "list", "--size", "1", "--json").json()["items"][0]["id"]
    edited = kehu(*USEASY, "edit", id, "--set", "phones=13912345678|new")
    assert "13912345678" not in edited.out + edited.err
    for told in (kehu(*USEASY, "journal", id), kehu(*USEASY, "journal", id, "--json")):
        assert "13912345678" not in told.out
        assert "139****5678" in told.out
    assert "13912345678" in kehu(*USEASY, "journal", id, "--json", "--reveal").out


def test_a_number_is_never_written_back_as_it_is_masked(kehu: Kehu) -> None:
    run = kehu(*IMA, "edit", LISI, "--set", "phone=199****1234")
    assert run.code != 0


def test_where_the_host_says_what_is_hidden_reveal_is_refused(
    kehu: Kehu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    host = tmp_path / "host" / "kehu" / "config.toml"
    host.parent.mkdir(parents=True)
    host.write_text('mask = "sensitive"\nlocked = ["mask"]\n', encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "host"))
    run = kehu(*IMA, "show", LISI, "--reveal")
    assert run.code != 0
    assert "--reveal is not allowed" in run.err
    assert not re.search(OPEN, run.out)
