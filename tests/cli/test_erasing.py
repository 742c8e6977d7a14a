"""`kehu forget` and `kehu prune`: what was erased stands in no file any more, and what is left still works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Kehu

IMA = ("--profile", "demo-ima")
USEASY = ("--profile", "demo-useasy")


def bytes_of(data_dir: Path, profile: str) -> bytes:
    """Everything that a profile's files hold, packed records apart."""
    return b"".join(path.read_bytes() for path in sorted((data_dir / "profiles").glob(f"{profile}.db*")))


def test_a_forgotten_customer_stands_in_no_byte_of_the_files_and_in_nothing_that_is_found(
    kehu: Kehu, data_dir: Path
) -> None:
    page = kehu(*USEASY, "list", "--size", "100", "--json").json()
    whole = {item["id"]: item for item in page["items"]}
    id = page["items"][0]["id"]
    phone = whole[id]["phones"][0]["value"]
    kehu(*USEASY, "edit", id, "--set", "phones=13912345678|新号", "--set", "name=吕蒙正独一")
    kehu(*USEASY, "follow", id, "--text", "说过独一无二的话")
    kehu(*USEASY, "next", id, "--at", "+3d", "--note", "独一的约")
    before = bytes_of(data_dir, "demo-useasy")
    assert "说过独一无二的话".encode() in before or b"\\u8bf4\\u8fc7" in before
    assert id.encode() in before

    run = kehu(*USEASY, "forget", id, "--yes")
    assert run.code == 0, run.err
    assert "1 customer" in run.err
    after = bytes_of(data_dir, "demo-useasy")
    for text in (id, phone, "13912345678", "吕蒙正", "独一"):
        assert text.encode() not in after
        assert text.encode("unicode-escape") not in after or text.isascii()
    assert kehu(*USEASY, "find", "吕蒙正", "--json").json()["items"] == []
    assert kehu(*USEASY, "journal", id, "--json").json() == []
    assert kehu(*USEASY, "next", "--json").json() == []
    (entry,) = kehu(*USEASY, "journal", "--kind", "forget", "--json").json()
    assert (entry["customer"], entry["name"]) == ("", "")
    others = kehu(*USEASY, "find", "sort:name", "--limit", "200", "--json").json()["items"]
    assert {item["id"] for item in others} == set(whole) - {id}
    assert {item["id"]: item["phones"] for item in others} == {
        key: item["phones"] for key, item in whole.items() if key != id
    }
    assert kehu(*USEASY, "list", "--size", "3").code == 0


def test_forget_asks_and_refuses_while_something_waits(kehu: Kehu, data_dir: Path) -> None:
    kehu("list", "--size", "1")
    id = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    asked = kehu("forget", id)
    assert asked.code == 2
    assert "--yes" in asked.err
    kehu("remark", id, "--user", "lilei", "--remark", "no")
    refused = kehu("forget", id, "--yes")
    assert refused.code == 6
    assert "kehu outbox" in refused.err
    kehu("outbox", "discard", "--failed")
    assert kehu("forget", id, "--yes").code == 0
    assert kehu("forget", id, "--yes").code == 5


def test_prune_says_how_much_is_old_and_erases_it_when_told_to(
    kehu: Kehu, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = kehu("list", "--size", "20", "--json").json()["items"][0]["id"]
    kehu("follow", id, "--text", "很久以前")
    assert "nothing" in kehu("prune", "--older-than", "180d").err
    import time

    now = time.time
    monkeypatch.setattr("tui.cli.erasing.time.time", lambda: now() + 200 * 86400)
    dry = kehu("prune", "--older-than", "180d", "--json").json()
    assert dry["dry_run"] is True
    assert dry["customers"] == 20
    assert dry["entries"] == dry["changes"] == 1
    assert "很久以前" in kehu("journal", id).out
    done = kehu("prune", "--older-than", "180d", "--yes")
    assert done.code == 0
    assert "20 customers" in done.err
    assert kehu("journal", "--kind", "follow", "--json").json() == []
    assert "很久以前".encode() not in bytes_of(data_dir, "demo-juzi")


@pytest.mark.parametrize("age", ["", "0d", "180", "soon"])
def test_an_age_that_is_none_is_refused_with_what_is_one(kehu: Kehu, data_dir: Path, age: str) -> None:
    run = kehu("prune", "--older-than", age)
    assert run.code == 2
    assert "180d" in run.err
