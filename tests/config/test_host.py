"""The host's configuration under the agent's: how they are laid together, and what is locked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.another_user import as_another_user
from tui.cli import main
from tui.config import choose, ignored_choices, layers, load
from tui.config.file import line_of
from tui.config.settings import SETTINGS, dotted, setting_of, split_key
from tui.model.errors import ConfigError

HOST = """
default_profile = "team"
locked = ["profiles.team.base_url", "mouse"]
[profiles.team]
dialect = "juzi"
base_url = "https://hub.example"
token_env = "TEAM_TOKEN"
user_id = "host"
"""

Write = Callable[[str], Path]


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the system's own configuration file of this test."""
    monkeypatch.setattr(layers, "SYSTEM", tmp_path / "etc")

    def write(text: str) -> Path:
        path = tmp_path / "etc/kehu/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o644)
        path.parent.chmod(0o755)
        return path

    return write


@pytest.fixture
def agent(isolated: Path) -> Write:
    """Writes the agent's file, in its usual place."""

    def write(text: str) -> Path:
        path = isolated / ".config/kehu/config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return write


def test_the_hosts_file_alone_configures(host: Write) -> None:
    host(HOST)
    config = load(environ={})
    assert (list(config.profiles), config.path, config.profiles["team"].user_id) == (["team"], None, "host")


def test_tables_are_laid_over_each_other_key_by_key_and_profiles_by_name(host: Write, agent: Write) -> None:
    host(HOST + '[keys]\nedit = "E"\nraw = "f7"\n')
    agent(
        'language = "en"\n[keys]\nedit = "f6"\n[profiles.team]\nuser_id = "rocky"\n'
        '[profiles.own]\ndialect = "juzi"\nbase_url = "https://own.example"\ntoken_env = "OWN"\n'
    )
    config = load(environ={})
    assert list(config.profiles) == ["team", "own"]
    assert (config.profiles["team"].user_id, config.profiles["team"].base_url) == ("rocky", "https://hub.example")
    assert config.keys == {"edit": "f6", "raw": "f7"}


def test_where_the_agent_says_where_the_secret_comes_from_the_hosts_source_is_none(host: Write, agent: Write) -> None:
    host(HOST)
    agent('[profiles.team]\ntoken_command = "pass team"\n')
    assert load(environ={}).profiles["team"].secret.key == "token_command"


def test_views_and_templates_of_both_are_there_and_the_agents_take_the_hosts_place(host: Write, agent: Write) -> None:
    view = '[[views]]\nname = "{}"\nquery = "{}"\nkey = "{}"\n'
    template = '[[templates]]\nname = "{}"\ntext = "{}"\n'
    host(HOST + view.format("one", "host", 1) + view.format("both", "host", 2) + template.format("t", "host"))
    agent(view.format("both", "agent", 3) + view.format("two", "agent", 1) + template.format("t", "agent"))
    config = load(environ={})
    assert [(view.name, view.query) for view in config.views] == [("both", "agent"), ("two", "agent"), ("one", "host")]
    assert [template.text for template in config.templates] == ["agent"]


def test_a_locked_key_stays_the_hosts_and_the_agent_is_told_where_it_is_said_and_by_whom(
    host: Write, agent: Write
) -> None:
    etc = host(HOST)
    own = agent('mouse = true\n[profiles.team]\n\nbase_url = "https://evil.example"\nuser_id = "rocky"\n')
    config = load(environ={})
    team = config.profiles["team"]
    assert (config.mouse, team.base_url, team.user_id) == (False, "https://hub.example", "rocky")
    assert [notice.message() for notice in config.layers.ignored] == [
        f"{own}:1: mouse is locked by {etc}:3; what is said here does not count",
        f"{own}:4: profiles.team.base_url is locked by {etc}:3; what is said here does not count",
    ]


def test_neither_config_nor_a_variable_gets_round_a_lock(host: Write, tmp_path: Path) -> None:
    host(HOST.replace('"mouse"', '"mouse", "profiles.*.user_id", "default_profile"'))
    evil = tmp_path / "evil/kehu/config.toml"
    evil.parent.mkdir(parents=True)
    evil.write_text('mouse = true\n[profiles.team]\nbase_url = "https://evil.example"\n', encoding="utf-8")
    evil.chmod(0o644)
    for environ in (
        {"KEHU_CONFIG": str(evil)},
        {"XDG_CONFIG_DIRS": str(evil.parents[1])},
        {"XDG_CONFIG_DIRS": str(evil.parents[1]), "KEHU_USER": "other", "KEHU_PROFILE": "demo-juzi"},
    ):
        config = load(environ=environ)
        team = choose(config, None, environ)
        assert (config.mouse, team.base_url, team.user_id) == (False, "https://hub.example", "host")
        assert config.layers.ignored
        told = [notice.message() for notice in ignored_choices(config, None, environ)]
        assert [text.partition(":")[0] for text in told] == [
            name for name in ("KEHU_PROFILE", "KEHU_USER") if name in environ
        ]
    evil.write_text('locked = ["language"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="locked counts in the host's configuration alone"):
        load(evil, {})


def test_one_source_of_a_locked_secret_stands_for_all(host: Write, agent: Write) -> None:
    host(HOST.replace('"mouse"', '"profiles.team.token_env"'))
    agent('[profiles.team]\ntoken_command = "curl evil.example"\n')
    config = load(environ={})
    assert config.profiles["team"].secret.key == "token_env"
    assert "token_command" in config.layers.ignored[0].message()


@pytest.mark.parametrize("lock", ["profiles", "profiles.team", "profiles.*"])
def test_a_locked_table_is_locked_whole(host: Write, agent: Write, lock: str) -> None:
    host(HOST.replace('"mouse"', f'"{lock}"'))
    agent('[profiles.team]\nuser_id = "rocky"\n')
    assert load(environ={}).profiles["team"].user_id == "host"


def test_a_lock_of_a_key_that_there_is_none_of_is_a_mistake_with_the_nearest(host: Write) -> None:
    path = host(HOST.replace('"mouse"', '"mose"'))
    with pytest.raises(ConfigError, match="names mose, which is no key") as caught:
        load(environ={})
    assert str(path) in caught.value.message()
    assert "mouse" in caught.value.hint()


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_hosts_file_that_others_can_write_is_refused_with_its_path_and_the_command_that_mends_it(
    host: Write, which: str
) -> None:
    path = host(HOST)
    place = path if which == "file" else path.parent
    place.chmod(0o777)
    with pytest.raises(ConfigError, match="others than its administrator") as caught:
        load(environ={})
    assert str(path) in caught.value.message()
    assert f"chmod go-w {place}" in caught.value.hint()
    assert caught.value.exit_code == 3


def test_a_broken_hosts_file_is_told_with_its_path(host: Write, capfd: pytest.CaptureFixture[str]) -> None:
    path = host("mouse = yes")
    assert main(["list"]) == 3
    assert f"{path} is not TOML" in capfd.readouterr().err


def test_a_literal_secret_in_a_hosts_file_that_everybody_reads_is_refused(host: Write) -> None:
    path = host(HOST.replace('token_env = "TEAM_TOKEN"', 'token = "geheim"'))
    with pytest.raises(ConfigError, match=r"profiles\.team\.token") as caught:
        load(environ={})
    assert "geheim" not in caught.value.message() + caught.value.hint()
    path.chmod(0o640)
    assert load(environ={}).profiles["team"].secret.kind == "literal"


def test_the_demo_stays_reachable_beside_a_configuration(agent: Write) -> None:
    agent('[profiles.a]\ndialect = "juzi"\nbase_url = "https://a.example"\ntoken_env = "T"\n')
    config = load(environ={})
    assert list(config.profiles) == ["a"]
    assert choose(config, "demo-useasy").demo
    assert choose(config, None, {"KEHU_PROFILE": "demo-ima"}).demo


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's file")
def test_a_hosts_file_that_another_user_owns_is_refused(host: Write) -> None:
    path = host(HOST)
    os.chown(path, 12345, 12345)
    with pytest.raises(ConfigError, match="others than its administrator"):
        load(environ={})


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user")
def test_a_hosts_file_that_the_agent_may_not_read_is_told_with_exit_code_3(tmp_path: Path) -> None:
    folder = tmp_path / "xdg/kehu"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("mouse = true\n")
    (folder / "config.toml").chmod(0o600)
    for parent in (folder, *folder.parents[:4]):
        parent.chmod(0o755)
    done = as_another_user("profile", "list", XDG_CONFIG_DIRS=str(tmp_path / "xdg"))
    assert done.returncode == 3, done.stderr
    assert f"{folder}/config.toml cannot be read: Permission denied" in done.stderr


TEXT = """# a comment
language = "en"  # 语言

[profiles.team]
# base_url = "https://no"
base_url = "https://a"
disable = [
  "create",
]

[profiles."a.b"]
dialect = "juzi"

[[views]]
name = "one"

[[views]]
name = '''
two'''
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("language", 2),
        ("profiles", 4),
        ("profiles.team.base_url", 6),
        ("profiles.team.disable", 7),
        ('profiles."a.b".dialect', 12),
        ("views[1].name", 15),
        ("views[2]", 17),
        ("views[2].name", 18),
        ("mouse", 0),
    ],
)
def test_a_key_is_found_again_on_its_line(key: str, line: int) -> None:
    assert line_of(TEXT, split_key(key)) == line
    assert line_of(TEXT.replace("\n", "\r\n"), split_key(key)) == line


def test_every_declared_key_has_a_name_that_is_read_back_a_sentence_and_a_default_of_its_kind() -> None:
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)
    for setting in SETTINGS:
        assert setting_of(split_key(setting.key)) in (setting, setting_of(setting.path))
        assert dotted(split_key('profiles."my team".base_url')) == 'profiles."my team".base_url'
        assert setting.help.endswith(".")
        if setting.choices and setting.default:
            assert setting.default in setting.choices
        if setting.kind in ("number", "whole"):
            assert isinstance(setting.default, int | float)
            assert setting.low <= setting.default <= setting.high
