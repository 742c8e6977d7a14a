"""`kehu template`: texts that are often written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu

PROFILE = '[profiles.team]\ndialect = "juzi"\nbase_url = "https://a.invalid"\ntoken_env = "X"\n'
GIVEN = '[[templates]]\nname = "未接"\nkind = "follow"\ntext = "电话未接，{today} 再联系"\n'


@pytest.mark.usefixtures("data_dir")
def test_a_text_is_saved_listed_and_removed(kehu: Kehu) -> None:
    assert kehu("template").err == "there is no template yet\n"
    assert kehu("template", "save", "VIP", "{remark}-VIP", "--kind", "remark").code == 0
    assert kehu("template", "save", "未接", "电话未接").code == 0
    assert kehu("template", "save", "未接", "电话未接，{today} 再联系").code == 0

    assert kehu("template", "list", "--json").json() == [
        {"name": "未接", "kind": "follow", "text": "电话未接，{today} 再联系", "given": False},
        {"name": "VIP", "kind": "remark", "text": "{remark}-VIP", "given": False},
    ]
    assert "未接  follow  电话未接，{today} 再联系" in kehu("template").out
    assert kehu("template", "remove", "未接").code == 0
    gone = kehu("template", "remove", "未接")
    assert (gone.code, "there is no template 未接" in gone.err) == (5, True)


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["x", "{nmae}"], "there is no place {nmae}\n      Did you mean {name}? A brace itself is {{."),
        (["x", " "], "the template has no text"),
        (["", "hello"], "a template's name has 1 to 40 characters, not 0"),
        (["x", "hello", "--kind", "mail"], "expected one of follow, remark"),
    ],
)
def test_what_is_wrong_with_a_text_is_told(kehu: Kehu, arguments: list[str], told: str) -> None:
    wrong = kehu("template", "save", *arguments)
    assert wrong.code == 2
    assert told in wrong.err
    assert kehu("template", "--json").json() == []


def test_those_of_the_configuration_are_there_and_stay(
    kehu: Kehu, config: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path / "data"))
    config(PROFILE + GIVEN)

    (one,) = kehu("template", "--json").json()
    assert (one["name"], one["given"]) == ("未接", True)
    stays = kehu("template", "remove", "未接")
    assert (stays.code, "is in the configuration" in stays.err) == (2, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[templates]]\nname = "a"\ntext = "{nmae}"\n', "templates[1].text: there is no place {nmae}"),
        (
            '[[templates]]\nname = "a"\nkind = "mail"\ntext = "x"\n',
            'templates[1].kind is "mail"; expected one of follow, remark',
        ),
        ('[[templates]]\ntext = "x"\n', "templates[1].name is missing"),
        ('[templates]\nname = "a"\n', "templates is table; expected tables: [[templates]]"),
    ],
)
def test_what_is_wrong_in_the_configuration_is_told(
    kehu: Kehu, config: Callable[[str], Path], text: str, told: str
) -> None:
    config(PROFILE + text)
    wrong = kehu("template")
    assert wrong.code == 3
    assert told in wrong.err
