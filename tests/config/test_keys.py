"""The configuration's keys: what is no key, who shares one, who has lost one, and what doctor tells of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual import events

from tui.config import Config, load
from tui.config.keys import key_name
from tui.screens.main.commands import COMMANDS
from tui.screens.main.keymap import form_problems, keymap_of, keys_in_forms, keys_on_main
from widgets.typeahead import half_width

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(
            ("x", "x"),
            ("X", "X"),
            ("?", "question_mark"),
            ("？", "question_mark"),
            ("，", "comma"),
            ("【", "left_square_bracket"),
        ),
        *(("F5", "f5"), ("Ctrl+X", "ctrl+x"), (" ctrl + x ", "ctrl+x"), ("ctrl+]", "ctrl+right_square_bracket")),
        *(("question_mark", "question_mark"), ("shift+tab", "shift+tab"), ("shift+ctrl+left", "ctrl+shift+left")),
        *(("ctrl+space", "ctrl+at"), ("alt+x", "alt+x"), ("pageup", "pageup"), ("f24", "f24")),
        *(("ctl+x", ""), ("f25", ""), ("ctrl+1", ""), ("shift+x", ""), ("ctrl+ctrl+x", ""), ("", ""), ("ctrl+", "")),
    ],
)
def test_a_key_is_known_however_it_is_written(text: str, name: str) -> None:
    assert key_name(text) == name


def told(tmp_path: Path, keys: str) -> tuple[Config, list[str]]:
    """The configuration with `keys`, and what is wrong with them, a line each."""
    file = tmp_path / "kehu.toml"
    file.write_text(f"[keys]\n{keys}\n", encoding="utf-8")
    config = load(file, {"KEHU_DATA_DIR": str(tmp_path)})
    problems = [*keymap_of(config).problems, *form_problems(config)]
    words = [f"{one.message(str)} {one.hint(str)}".strip() for one in problems]
    return config, [re.sub(rf"^{re.escape(str(file))}:\d+: ", "", text) for text in words]


@pytest.mark.parametrize(
    ("keys", "problems"),
    [
        ('refresh = "f5"', []),
        ('help = ["f1", "?"]', []),
        ('journal = []\nfollow = "J"', []),
        ('list.down = "ctrl+n"', []),
        ('edit = "r"\nremark = "e"', []),
        ('edit = "ctl+x"', ['keys.edit is "ctl+x", and there is no such key Did you mean ctrl+x?']),
        ('edit = "shift+e"', ['keys.edit is "shift+e", and there is no such key Did you mean E?']),
        ('edit = "ctrl+i"', ['keys.edit is "ctrl+i", which a terminal sends as tab Choose another key.']),
        ('edit = "ctrl+m"', ['keys.edit is "ctrl+m", which a terminal sends as enter Choose another key.']),
        ('edit = "ctrl+h"', ['keys.edit is "ctrl+h", which a terminal sends as backspace Choose another key.']),
        ('edit = ""', ["keys.edit is empty Name a key, or take the line out."]),
        ("edit = 5", ["keys.edit is 5; expected a key in quotes, or a list of them"]),
        ('edti = "f6"', ["keys.edti names no command Did you mean edit?"]),
        ('form.nxt = "ctrl+n"', ["keys.form.nxt names no command Did you mean form.next?"]),
        (
            'dialog.send = "x"',
            ["keys.dialog.send is x, which is typed as a letter there Choose a key such as ctrl+x or f5."],
        ),
        (
            'form.next = "ctrl+s"',
            ["keys.form.next and keys.dialog.send are both ctrl+s Give each a key of its own; the first has it."],
        ),
        (
            'mask = "f7"\nhelp = "f7"',
            ["keys.mask and keys.help are both f7 Give each a key of its own; the first has it."],
        ),
        (
            'list.mark = "e"',
            ["keys.list.mark is e, and edit has no key any more Give edit another one, or none on purpose: edit = []"],
        ),
        (
            'edit = "r"',
            ["keys.edit is r, and remark has no key any more Give remark another one, or none on purpose: remark = []"],
        ),
        (
            'edit = ["ctl+x", "f6"]\nraw = ""\nrmark = "f8"',
            [
                'keys.edit is "ctl+x", and there is no such key Did you mean ctrl+x?',
                "keys.raw is empty Name a key, or take the line out.",
                "keys.rmark names no command Did you mean remark?",
            ],
        ),
    ],
)
def test_what_is_wrong_with_keys_is_told_all_at_once_with_the_nearest(
    tmp_path: Path, keys: str, problems: list[str]
) -> None:
    assert told(tmp_path, keys)[1] == problems


def test_a_command_whose_key_is_none_keeps_its_own_and_one_that_gets_a_key_has_it_everywhere(tmp_path: Path) -> None:
    config, _problems = told(tmp_path, 'edit = "ctl+x"\nprofile = "j"\nremark = "e"\nmask = "e"\njournal = []')
    keymap = keymap_of(config)
    assert keymap.in_force["edit"] == ()  # remark has it
    assert keymap.in_force["remark"] == ("e",)
    assert keymap.in_force["mask"] == ("m",)
    assert keymap.in_force["profile"] == ("j",)
    assert keymap.in_force["list.down"] == keymap.in_force["sheet.down"] == ("down",)  # it would take the j first
    assert keymap.in_force["journal"] == ()


def test_every_key_with_a_name_is_one_that_the_configuration_may_name() -> None:
    named = {
        name
        for folder in ("tui/screens", "widgets")
        for file in (ROOT / folder).rglob("*.py")
        for name in re.findall(r'Binding\(.*\bid="([a-z_]+\.[a-z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert named == {name for name in {**keys_on_main(), **keys_in_forms()} if "." in name}
    assert {command.id for command in COMMANDS} <= {*keys_on_main()}


def test_no_two_things_that_can_take_a_key_at_the_same_time_have_the_same_one(tmp_path: Path) -> None:
    assert keymap_of(told(tmp_path, "")[0]).problems == ()


def test_a_key_of_a_chinese_keyboard_is_the_same_in_the_configuration_and_on_the_screen() -> None:
    for sign in "，。、；：？！【】《》（）｜～＋－＝／＼＠＃％＆＊＜＞ａＺ９":
        assert key_name(sign) == half_width(events.Key("", sign)).key, sign
    assert half_width(events.Key("你", "你")).key == "你"
