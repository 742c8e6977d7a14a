"""`kehu view`: lists that are asked for by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu

PROFILE = '[profiles.team]\ndialect = "juzi"\nbase_url = "https://a.invalid"\ntoken_env = "X"\n'


@pytest.mark.usefixtures("data_dir")
def test_kehus_own_views_have_the_first_keys(kehu: Kehu) -> None:
    assert [(one["key"], one["name"], one["origin"]) for one in kehu("view", "--json").json()] == [
        ("1", "today", "delivered"),
        ("2", "mine", "delivered"),
        ("3", "silent 30 d", "delivered"),
        ("4", "new this week", "delivered"),
    ]
    assert "1    today" in kehu("view").out


@pytest.mark.usefixtures("data_dir")
def test_a_view_is_saved_under_a_key_and_removed(kehu: Kehu) -> None:
    assert kehu("list").code == 0
    saved = kehu("view", "save", "VIP", "owner:me", "remark:VIP", "--columns", "name,next")
    assert (saved.code, saved.err) == (0, "view VIP saved; its key is 5\n")
    mine = kehu("view", "save", "mine", "owner:me last<7d", "--key", "1")
    assert mine.code == 0

    known = {one["name"]: one for one in kehu("view", "list", "--json").json()}
    assert known["VIP"] == {
        "name": "VIP",
        "key": "5",
        "query": "owner:me remark:VIP",
        "columns": ["name", "next"],
        "origin": "saved",
    }
    assert (known["mine"]["key"], known["mine"]["query"]) == ("1", "owner:me last<7d")
    assert known["today"]["key"] == "", "one that is saved goes before kehu's own"

    assert kehu("view", "remove", "VIP").code == 0
    assert kehu("view", "remove", "VIP").code == 5
    assert "is kehu's own" in kehu("view", "remove", "today").err


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["x", "ownr:me"], "owner"),
        (["x", "owner:me", "--columns", "nmae"], "Did you mean Name"),
        (["x", "owner:me", "--key", "12"], "a view's key is one of 1 to 9, not 12"),
        (["", "owner:me"], "a view's name has 1 to 20 characters, not 0"),
        (["x", " "], "the view has no query"),
    ],
)
def test_what_is_wrong_with_a_view_is_told_and_nothing_is_saved(kehu: Kehu, arguments: list[str], told: str) -> None:
    wrong = kehu("view", "save", *arguments)
    assert wrong.code == 2
    assert told in wrong.err
    assert len(kehu("view", "--json").json()) == 4


def test_those_of_the_configuration_are_there(
    kehu: Kehu, config: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path / "data"))
    config(PROFILE + '[[views]]\nkey = "1"\nname = "今天要联系"\nquery = "next<=today owner:me sort:next"\n')

    known = {one["name"]: one for one in kehu("view", "--json").json()}
    assert (known["今天要联系"]["key"], known["今天要联系"]["origin"]) == ("1", "given")
    assert "is in the configuration" in kehu("view", "remove", "今天要联系").err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[[views]]\nname = "a"\nquery = "owner:me"\nkey = "12"\n',
            "views[1].key: a view's key is one of 1 to 9, not 12",
        ),
        ('[[views]]\nname = "a"\n', "views[1].query is missing"),
        ('[[views]]\nname = "a"\nqury = "x"\n', "views[1].qury"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_told(
    kehu: Kehu, config: Callable[[str], Path], text: str, told: str
) -> None:
    config(PROFILE + text)
    wrong = kehu("view")
    assert wrong.code == 3
    assert told in wrong.err
