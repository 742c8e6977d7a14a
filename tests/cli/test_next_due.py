"""`kehu next` and `kehu due`: whom to contact when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tui.model.next_contact import read_vendor_time
from tui.sandbox.useasy_fields import VISIT_FIELD

FIRST = "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"
"""李四 at demo-juzi."""


def day(days: int) -> str:
    return (datetime.now().astimezone().date() + timedelta(days=days)).isoformat()


@pytest.mark.usefixtures("data_dir")
def test_a_contact_is_set_listed_and_done(kehu: Kehu) -> None:
    assert kehu("list", "--size", "2").code == 0
    done = kehu("next", FIRST, "--at", "today", "--note", "报价后回访")
    assert (done.code, done.out, done.err) == (0, "", "next contact with 李四: today\n")

    (one,) = kehu("due", "--json").json()
    assert one == {
        "customer": FIRST,
        "name": "李四",
        "profile": "demo-juzi",
        "at": day(0),
        "whole_day": True,
        "due": "today",
        "note": "报价后回访",
        "author": "rocky",
        "at_vendor": False,
    }
    listed = kehu("due")
    assert "today  today  李四  报价后回访" in listed.out
    assert kehu("due", "--count").out == "1\n"
    assert kehu("due", "--count", "--json").json() == {"count": 1}
    assert kehu("due").code == 0
    assert kehu("due", "--exit-code").code == 1

    assert kehu("next", FIRST, "--done").err == "contact with 李四 done\n"
    assert kehu("due").err == "nobody is to be contacted\n"
    assert kehu("due", "--exit-code", "--count").code == 0
    assert "no contact with 李四 was to be made" in kehu("next", FIRST, "--done").err


@pytest.mark.usefixtures("data_dir")
def test_what_is_not_due_yet_is_listed_by_its_days(kehu: Kehu) -> None:
    kehu("next", FIRST, "--at", "+3d")

    assert kehu("due", "--json").json() == []
    assert kehu("due", "--days", "2", "--json").json() == []
    assert [one["due"] for one in kehu("due", "--days", "3", "--json").json()] == ["soon"]
    assert [one["at"] for one in kehu("next", "--json").json()] == [day(3)]
    assert kehu("next", FIRST).out.count("李四") == 1
    assert kehu("next", "nobody", "--json").json() == []

    kehu("next", FIRST, "--at", "明天 9:30")
    assert "tomorrow 09:30" in kehu("next").out
    assert kehu("next", FIRST, "--clear").code == 0
    assert kehu("next", "--json").json() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["next", FIRST, "--at", "soonish"], "--at does not take soonish"),
        (["next", FIRST, "--at", "昨天"], "is past"),
        (["next", FIRST, "--at", "+3d", "--done"], "exclude each other"),
        (["next", FIRST, "--note", "x"], "--note goes with --at alone"),
        (["next", "--done"], "no customer is named"),
        (["follow", FIRST, "--text", "x", "--next", "昨天"], "is past"),
        (["follow", FIRST, "--text", "x", "--next", "soonish"], "--next does not take soonish"),
    ],
)
@pytest.mark.usefixtures("data_dir")
def test_what_makes_no_sense_is_told_and_nothing_is_done(kehu: Kehu, arguments: list[str], told: str) -> None:
    wrong = kehu(*arguments)

    assert wrong.code == 2
    assert told in wrong.err
    assert kehu("next", "--json").json() == []
    assert "nothing was changed" in kehu("journal").err


@pytest.mark.usefixtures("data_dir")
def test_a_follow_up_says_when_to_call_again(kehu: Kehu) -> None:
    done = kehu("follow", FIRST, "--text", "报价已发", "--next", "+3d")

    assert done.code == 0
    assert "1 follow-up saved on 李四" in done.err
    assert "next contact with 李四" in done.err
    assert [one["at"] for one in kehu("next", "--json").json()] == [day(3)]


@pytest.mark.usefixtures("data_dir")
def test_everybody_in_a_file_is_to_be_called_again(kehu: Kehu, tmp_path: Path) -> None:
    ids = [one["id"] for one in kehu("list", "--owner", "rocky", "--size", "3", "--json").json()["items"]]
    file = tmp_path / "follow.csv"
    file.write_text("customer,content\n" + "".join(f"{id},电话未接\n" for id in ids), encoding="utf-8")

    done = kehu("follow", "--yes", "--file", str(file), "--next", "明天")

    assert done.code == 0, done.err
    assert "next contact: tomorrow, 3 of 3" in done.err
    assert sorted(one["customer"] for one in kehu("next", "--json").json()) == sorted(ids)


def test_one_in_the_vendors_field_is_an_edit_that_colleagues_see(
    kehu: Kehu, server: Server, config: Callable[[str], Path]
) -> None:
    config(profile_text(server, "useasy", next_contact=f"custom.{VISIT_FIELD}"))
    (one,) = kehu("list", "--size", "1", "--json").json()["items"]

    done = kehu("next", one["id"], "--at", "明天 9:30", "--note", "报价")

    assert (done.code, done.err) == (0, f"next contact with {one['name']}: tomorrow 09:30\n")
    (value,) = [
        custom["value"]
        for custom in kehu("show", one["id"], "--json").json()["custom"]
        if custom["code"] == VISIT_FIELD
    ]
    told = read_vendor_time(value)
    assert told is not None
    assert told.at.astimezone().strftime("%F %H:%M") == f"{day(1)} 09:30"
    (contact,) = [found for found in kehu("next", "--json").json() if found["customer"] == one["id"]]
    assert (contact["at_vendor"], contact["note"]) == (True, "报价")
    assert [change["kind"] for change in kehu("journal", one["id"], "--json").json()] == ["update"]


def test_a_field_of_the_configuration_that_the_vendor_does_not_have_is_told(
    kehu: Kehu, server: Server, config: Callable[[str], Path]
) -> None:
    config(profile_text(server, "useasy", next_contact="custom.datetime_d5s9"))
    (one,) = kehu("list", "--size", "1", "--json").json()["items"]

    wrong = kehu("next", one["id"], "--at", "+3d")

    assert wrong.code == 2
    assert "there is no field 'datetime_d5s9'" in wrong.err
