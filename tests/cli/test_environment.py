"""`KEHU_PROFILE` and `KEHU_USER`: they choose, and where they do it is said."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Kehu

pytestmark = pytest.mark.usefixtures("data_dir")


def test_a_variable_chooses_the_profile_unless_an_option_does(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHU_PROFILE", "demo-useasy")
    assert kehu("list", "--size", "1", "--json").json()["items"][0]["profile"] == "demo-useasy"
    named = kehu("list", "--size", "1", "--json", "--profile", "demo-juzi")
    assert named.json()["items"][0]["profile"] == "demo-juzi"


def test_a_profile_that_is_not_there_is_told_with_the_variable_that_names_it(
    kehu: Kehu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHU_PROFILE", "demo-jusi")
    run = kehu("list")
    assert run.code == 3
    assert run.err.splitlines()[0] == "kehu: KEHU_PROFILE is demo-jusi, and there is no such profile"
    assert "demo-juzi" in run.err


def test_a_variable_chooses_who_acts(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEHU_USER", "tom")
    key = kehu("list", "--size", "1", "--json").json()["items"][0]["id"]
    assert kehu("follow", key, "--text", "x").code in (0, 1)
    assert kehu("journal", "--json").json()[0]["user_id"] == "tom"


def test_an_escape_character_in_the_variable_leaves_nothing_of_its_sequence(
    kehu: Kehu, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHU_USER", "\x1b[31mrocky\x1b[0m\x1b]0;title\x07")
    assert "KEHU_USER=rocky" in kehu("profile", "list").err.split()


def test_where_they_are_in_force_it_is_said(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kehu("profile", "list").err == ""
    monkeypatch.setenv("KEHU_PROFILE", "demo-ima")
    assert "by the environment: KEHU_PROFILE=demo-ima" in kehu("profile", "list").err
    assert "by the environment: KEHU_PROFILE=demo-ima" in kehu("doctor").out
