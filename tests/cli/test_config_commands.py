"""`kehu config`: where the configuration is, what is in force, and how it is changed."""

from __future__ import annotations

import io
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu

WriteConfig = Callable[[str], Path]

OWN = """# my own
language = "en"   # for now

mouse = true
[profiles.team]  # 客户
dialect = "juzi"
base_url = "https://hub.example"
token = "geheim"
proxy = "http://rocky:passwort@proxy.example"
"""


def test_every_file_is_named_there_or_not(kehu: Kehu, isolated: Path) -> None:
    run = kehu("config", "path", "--json")
    own = str(isolated / ".config/kehu/config.toml")
    assert [(item["what"], item["in_force"]) for item in run.json()] == [
        ("host", False),
        ("agent", False),
        ("data", False),
    ]
    assert own in [item["path"] for item in run.json()]
    assert own in kehu("config", "path").out


def test_a_value_is_told_with_where_it_comes_from(
    kehu: Kehu, config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(OWN)
    run = kehu("config", "get", "language")
    assert (run.out, run.err) == ("en\n", f"{path}:2\n")
    told = kehu("config", "get", "mouse", "--json").json()
    assert (told["value"], told["from"], told["file"], told["line"]) == (True, "agent", str(path), 4)
    assert kehu("config", "get", "profiles.team.page_size", "--json").json()["from"] == "default"
    monkeypatch.setenv("KEHU_USER", "rocky")
    told = kehu("config", "get", "profiles.team.user_id", "--json").json()
    assert (told["value"], told["from"], told["variable"]) == ("rocky", "environment", "KEHU_USER")


def test_all_values_are_told_and_no_secret(kehu: Kehu, config: WriteConfig) -> None:
    config(OWN)
    text = kehu("config", "get").out + kehu("config", "get", "--json").out
    assert "geheim" not in text
    assert "passwort" not in text
    assert "proxy.example" in text
    assert {item["key"] for item in kehu("config", "get", "profiles", "--json").json()} >= {
        "profiles.team.dialect",
        "profiles.team.timeout",
    }


def test_a_key_is_set_and_comments_order_and_all_else_stay(kehu: Kehu, config: WriteConfig) -> None:
    path = config(OWN)
    assert kehu("config", "set", "language", "zh_CN").code == 0
    assert path.read_text(encoding="utf-8") == OWN.replace('"en"', '"zh_CN"')
    assert kehu("config", "set", "profiles.team.page_size", "50").code == 0
    assert kehu("config", "set", "start_view", "mine").code == 0
    assert kehu("config", "set", "keys.edit", '["E", "f6"]').code == 0
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert (written["profiles"]["team"]["page_size"], written["start_view"]) == (50, "mine")
    assert written["keys"] == {"edit": ["E", "f6"]}
    assert path.read_text(encoding="utf-8").startswith("# my own\n")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_is_taken_out_again(kehu: Kehu, config: WriteConfig) -> None:
    path = config(OWN)
    assert kehu("config", "set", "profiles.team.signing.encoding", "hex").code == 0
    assert kehu("config", "unset", "profiles.team.signing.encoding").code == 0
    assert kehu("config", "unset", "mouse").code == 0
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {
        key: value for key, value in tomllib.loads(OWN).items() if key != "mouse"
    }
    assert "is not in" in kehu("config", "unset", "mouse").err


def test_a_first_key_makes_a_private_file(kehu: Kehu, isolated: Path) -> None:
    assert kehu("config", "set", "mouse", "true").code == 0
    path = isolated / ".config/kehu/config.toml"
    assert path.read_text() == "mouse = true\n"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("langauge", "en"), 2, "Did you mean language?"),
        (("profiles.team.page_sise", "5"), 2, "Did you mean profiles.team.page_size?"),
        (("language", "zh_TW"), 3, "expected one of auto, en, zh_CN"),
        (("mouse", "yes"), 3, "Write true or false."),
        (("profiles.team.page_size", "0"), 3, "from 1 to 1000"),
        (("profiles.team", "x"), 2, "is a table"),
        (("profiles.team.token", "neu"), 2, "kehu config set profiles.team.token -"),
        (("profiles.team.base_url", "http://hub.example"), 3, "allow_http"),
        (("locked", '["mouse"]'), 3, "the host's configuration alone"),
    ],
)
def test_what_makes_no_sense_is_not_written(
    kehu: Kehu, config: WriteConfig, arguments: tuple[str, str], code: int, words: str
) -> None:
    path = config(OWN)
    run = kehu("config", "set", *arguments)
    assert (run.code, run.out) == (code, "")
    assert words in run.err
    assert path.read_text(encoding="utf-8") == OWN
    assert [item.name for item in path.parent.iterdir() if item.is_file()] == [path.name]


def test_a_secret_is_set_from_standard_input(kehu: Kehu, config: WriteConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    path = config(OWN)
    monkeypatch.setattr(sys, "stdin", io.StringIO("neu\n"))
    assert kehu("config", "set", "profiles.team.token", "-").code == 0
    assert tomllib.loads(path.read_text(encoding="utf-8"))["profiles"]["team"]["token"] == "neu"


def test_a_link_among_dotfiles_stays_one(kehu: Kehu, isolated: Path) -> None:
    real = isolated / "dotfiles/kehu.toml"
    real.parent.mkdir()
    real.write_text('language = "en"\n')
    link = isolated / ".config/kehu/config.toml"
    link.parent.mkdir(parents=True)
    link.symlink_to(real)
    assert kehu("config", "set", "language", "auto").code == 0
    assert link.is_symlink()
    assert real.read_text() == 'language = "auto"\n'


def test_an_old_mistake_does_not_keep_another_from_being_mended(kehu: Kehu, config: WriteConfig) -> None:
    path = config('language = "xx"\nmouse = 3\n')
    run = kehu("config", "set", "language", "en")
    assert path.read_text() == 'language = "en"\nmouse = 3\n'
    assert "mouse" in run.err


def test_every_mistake_is_named_with_file_line_and_key(kehu: Kehu, config: WriteConfig) -> None:
    path = config(
        'langauge = "en"\nmouse = 3\n[profiles.a]\ndialect = "juzi"\nbase_url = "ftp://x"\n'
        '[profiles.b]\ndialect = "ima"\nbase_url = "https://b"\npage_size = 0\n'
        '[[views]]\nname = "x"\n[[templates]]\nname = "t"\ntext = "{nmae}"\n'
    )
    run = kehu("config", "check", "--json")
    assert run.code == 3
    assert {(item["line"], item["key"]) for item in run.json()} == {
        (1, "langauge"),
        (2, "mouse"),
        (5, "profiles.a.base_url"),
        (3, "profiles.a"),
        (9, "profiles.b.page_size"),
        (10, "views[1].query"),
        (14, "templates[1].text"),
    }
    assert {item["file"] for item in run.json()} == {str(path)}
    assert set(run.json()[0]) == {"file", "line", "key", "message", "todo"}
    assert f"{path}:2: mouse is 3" in kehu("config", "check").out


def test_a_right_configuration_has_nothing_wrong(kehu: Kehu, config: WriteConfig) -> None:
    config(OWN)
    run = kehu("config", "check")
    assert (run.code, run.out, run.err) == (0, "", "nothing is wrong\n")
    assert kehu("config", "check", "--json").json() == []


def test_keys_that_no_command_has_are_mistakes_too(kehu: Kehu, config: WriteConfig) -> None:
    config('[keys]\nedti = "f6"\nraw = "ctl+x"\n')
    found = kehu("config", "check", "--json").json()
    assert [(item["line"], item["key"]) for item in found] == [(2, "keys.edti"), (3, "keys.raw")]


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *steps: str) -> None:
    """Have an editor that replaces by sed, one step each time that it is called."""
    script = tmp_path / "editor.sh"
    script.write_text("#!/bin/sh\n")
    with script.open("a") as file:
        for number, step in enumerate(steps):
            did = tmp_path / f"did{number}"
            file.write(f"if [ ! -e {did} ]; then touch {did}; {step}; exit; fi\n")
    script.chmod(0o700)
    monkeypatch.setenv("EDITOR", f"{script} --wait")


def test_an_edited_file_takes_the_old_ones_place(
    kehu: Kehu, config: WriteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(OWN)
    editor(tmp_path, monkeypatch, 'sed -i s/true/false/ "$2"', ":")
    assert kehu("config", "edit").code == 0
    assert path.read_text(encoding="utf-8") == OWN.replace("true", "false")
    assert "stays as it was" in kehu("config", "edit").err


def test_an_edited_file_with_a_mistake_is_set_aside_and_the_old_one_stays(
    kehu: Kehu, config: WriteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(OWN)
    editor(tmp_path, monkeypatch, 'sed -i s/true/yes/ "$2"')
    run = kehu("config", "edit")
    assert run.code == 3
    assert "line 4" in run.err
    assert path.read_text(encoding="utf-8") == OWN
    assert "mouse = yes" in path.with_name(f"{path.name}.rejected").read_text(encoding="utf-8")


def test_after_a_mistake_the_editor_opens_again_where_a_person_says_so(
    kehu: Kehu, config: WriteConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(OWN)
    editor(tmp_path, monkeypatch, 'sed -i s/true/yes/ "$2"', 'sed -i s/yes/false/ "$2"')
    monkeypatch.setattr("tui.cli.config_commands.on_terminal", lambda: True)
    monkeypatch.setattr("tui.cli.config_commands.confirmed", lambda question: True)
    assert kehu("config", "edit").code == 0
    assert path.read_text(encoding="utf-8") == OWN.replace("true", "false")


def test_a_new_file_is_edited_from_the_keys_that_there_are(
    kehu: Kehu, isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, 'sed -i "s/^# mouse = false/mouse = true/" "$2"')
    assert kehu("config", "edit").code == 0
    assert tomllib.loads((isolated / ".config/kehu/config.toml").read_text(encoding="utf-8")) == {"mouse": True}


def test_a_profile_is_taken_out_with_its_tables_and_the_rest_stays(kehu: Kehu, config: WriteConfig) -> None:
    night = '[profiles.night]\ndialect = "juzi"\nbase_url = "https://b"\ntoken_env = "T"\n'
    links = "[profiles.night.links.team]\ntheirs = 'id'\nours = 'id'\n"
    team = OWN[OWN.index("[profiles.team]") :]
    path = config('default_profile = "night"\n' + night + links + team)
    assert kehu("profile", "remove", "night").code == 0
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert list(written) == ["profiles"]
    assert list(written["profiles"]) == ["team"]
    assert kehu("profile", "remove", "demo-juzi").code == 3


def test_a_default_profile_is_chosen(kehu: Kehu, config: WriteConfig) -> None:
    path = config(OWN + '[profiles.night]\ndialect = "juzi"\nbase_url = "https://b"\ntoken_env = "T"\n')
    assert kehu("profile", "default").out == "team\n"
    assert kehu("profile", "default", "night").code == 0
    assert kehu("profile", "default").out == "night\n"
    assert kehu("profile", "default", "nigth").code == 3
    assert path.read_text(encoding="utf-8").startswith("# my own\n")


@pytest.mark.usefixtures("data_dir")
def test_the_demo_is_shown_with_its_linked_people_beside_a_configuration(kehu: Kehu, config: WriteConfig) -> None:
    config(OWN)
    customer = kehu("list", "--size", "1", "--json", "--profile", "demo-juzi").json()["items"][0]
    run = kehu("show", customer["id"], "--linked", "--json", "--profile", "demo-juzi")
    assert run.code == 0, run.err


def test_the_words_are_chinese_too(kehu: Kehu, config: WriteConfig) -> None:
    config('language = "zh_CN"\n')
    assert "键" in kehu("config", "get").out
    assert os.linesep in kehu("config", "check").err
