"""`kehu profile`, `kehu doctor`, and the words and exit codes of failures."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Kehu, Server, profile_text
from tui.app.diagnosis import of_terminal
from tui.cli.group import COMMANDS
from tui.cli.synonyms import COMMANDS as SYNONYMS
from tui.cli.synonyms import meant_command

WriteConfig = Callable[[str], Path]


def test_the_demos_are_listed_without_a_configuration(kehu: Kehu) -> None:
    listed = kehu("profile", "list", "--json").json()
    assert [(item["name"], item["default"]) for item in listed] == [
        ("demo-juzi", True),
        ("demo-useasy", False),
        ("demo-ima", False),
    ]
    assert set(listed[0]) == {"name", "dialect", "base_url", "user_id", "secret", "demo", "read_only", "default"}
    out = kehu("profile", "list").out
    assert out.splitlines()[1].startswith("*  demo-juzi")
    assert kehu("profile").out == out
    assert kehu("profile", "--json").json() == listed


def test_a_list_of_profiles_never_shows_a_secret(kehu: Kehu, config: WriteConfig) -> None:
    config('[profiles.team]\ndialect = "juzi"\nbase_url = "https://a"\ntoken = "geheim"')
    assert "geheim" not in kehu("profile", "list").out + kehu("profile", "list", "--json").out


def test_a_first_profile_makes_a_private_file_and_is_the_default(kehu: Kehu, isolated: Path) -> None:
    run = kehu("profile", "add", "team", "--dialect", "juzi", "--base-url", "https://a.example", "--env", "TOKEN")
    path = isolated / ".config/kehu/config.toml"
    assert run.code == 0, run.err
    assert str(path) in run.err
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert tomllib.loads(path.read_text()) == {
        "default_profile": "team",
        "profiles": {"team": {"dialect": "juzi", "base_url": "https://a.example", "token_env": "TOKEN"}},
    }


OLD = """# my profiles
default_profile = "team"  # the one I use
language = "en"

[profiles.team]  # 客户
dialect = "juzi"
base_url = "https://hub.juzibot.com"
token_env = "JUZI_TOKEN"
"""


def test_the_rest_of_the_file_stays_as_it_is(kehu: Kehu, config: WriteConfig) -> None:
    path = config(OLD)
    arguments = ("--dialect", "ima", "--base-url", "https://b.example", "--app-id", "9", "--command", 'pass "ima"')
    assert kehu("profile", "add", "夜班", *arguments, "--user", "rocky").code == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith(OLD)
    assert tomllib.loads(text)["profiles"]["夜班"] == {
        "dialect": "ima",
        "base_url": "https://b.example",
        "app_id": "9",
        "secret_command": 'pass "ima"',
        "user_id": "rocky",
    }


def test_a_new_default_takes_the_old_ones_place_and_the_comment_beside_it_stays(
    kehu: Kehu, config: WriteConfig
) -> None:
    path = config(OLD)
    arguments = ("--dialect", "juzi", "--base-url", "https://b.example", "--keyring", "--default")
    assert kehu("profile", "add", "night", *arguments).code == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith('# my profiles\ndefault_profile = "night"  # the one I use\nlanguage = "en"\n')
    assert text.count("default_profile") == 1


def test_a_secret_is_read_from_standard_input_and_shown_nowhere(
    kehu: Kehu, config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = config(OLD)
    path.chmod(0o644)
    monkeypatch.setattr(sys, "stdin", io.StringIO("geheim\n"))
    arguments = ("--dialect", "juzi", "--base-url", "https://b.example", "--stdin")
    run = kehu("profile", "add", "night", *arguments)
    assert run.code == 0, run.err
    assert "geheim" not in run.out + run.err
    assert tomllib.loads(path.read_text())["profiles"]["night"]["token"] == "geheim"
    assert path.stat().st_mode & 0o777 == 0o600, "it holds a secret now"


def test_on_a_terminal_what_is_missing_is_asked_for_and_the_secret_typed_unseen(
    kehu: Kehu, isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["2", "https://crm.example", "1090", "8310", "9", "1", "geheim"])
    hidden = []

    def prompt(label: str, *, hide_input: bool = False, **_rest: object) -> str:
        hidden.append(hide_input)
        return next(answers)

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "prompt", prompt)
    monkeypatch.setattr("tui.cli.profile_commands.confirmed", lambda *_arguments, **_rest: False)
    run = kehu("profile", "add", "crm")
    assert run.code == 0
    assert "useasy  (Useasy)" in run.err
    assert "kehu --profile demo-juzi" in run.err
    written = tomllib.loads((isolated / ".config/kehu/config.toml").read_text())
    facts = {"dialect": "useasy", "base_url": "https://crm.example", "app_id": "1090", "user_id": "8310"}
    assert written["profiles"]["crm"] == {**facts, "secret": "geheim"}
    assert hidden == [False] * 6 + [True]


@pytest.mark.parametrize(
    ("answers", "given"),
    [(("2", "MY_TOKEN"), {"token_env": "MY_TOKEN"}), (("3", "pass juzi"), {"token_command": "pass juzi"})],
)
def test_a_person_says_where_the_secret_comes_from_and_it_is_tried_at_the_vendor(
    kehu: Kehu,
    isolated: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: Server,
    answers: tuple[str, ...],
    given: dict[str, str],
) -> None:
    typed = iter(["juzi", server.credentials["juzi"]["base_url"], "", *answers])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "prompt", lambda *_arguments, **_rest: next(typed))
    monkeypatch.setattr("tui.cli.profile_commands.confirmed", lambda *_arguments, **_rest: True)
    monkeypatch.setenv("MY_TOKEN", server.credentials["juzi"]["token"])
    run = kehu("profile", "add", "team")
    written = tomllib.loads((isolated / ".config/kehu/config.toml").read_text())["profiles"]["team"]
    assert given.items() <= written.items()
    assert "user_id" not in written
    assert ("team works" in run.err) == ("token_env" in given)
    assert ("kehu profile remove team" in run.err) == ("token_command" in given), run.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--dialect"),
        (("--dialect", "juzi"), "--base-url"),
        (("--dialect", "jusi", "--base-url", "https://a"), "juzi, useasy, ima"),
        (("--dialect", "ima", "--base-url", "https://a"), "--app-id"),
        (("--dialect", "juzi", "--base-url", "https://a"), "--env"),
    ],
)
def test_without_a_terminal_what_is_missing_is_named(kehu: Kehu, arguments: tuple[str, ...], words: str) -> None:
    run = kehu("profile", "add", "team", *arguments)
    assert run.code == 2
    assert words in run.err


@pytest.mark.parametrize(
    ("name", "url", "code"), [("team", "https://a", 2), ("../x", "https://a", 3), ("night", "http://a", 3)]
)
def test_a_profile_that_would_be_a_mistake_is_not_written(
    kehu: Kehu, config: WriteConfig, name: str, url: str, code: int
) -> None:
    path = config(OLD)
    run = kehu("profile", "add", name, "--dialect", "juzi", "--base-url", url, "--env", "TOKEN")
    assert run.code == code
    assert path.read_text(encoding="utf-8") == OLD
    assert [item.name for item in path.parent.iterdir() if item.is_file()] == [path.name]
    assert code == 2 or str(path) in run.err


@pytest.mark.parametrize("profile", ["demo-juzi", "demo-useasy", "demo-ima"])
@pytest.mark.usefixtures("data_dir")
def test_a_profile_is_tested_by_a_read(kehu: Kehu, profile: str) -> None:
    run = kehu("profile", "test", profile, "--json")
    assert run.code == 0, run.err
    assert set(run.json()) == {"profile", "dialect", "place", "total", "latency_ms", "proxy"}
    assert run.json()["profile"] == profile


def test_three_profiles_over_tcp(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    config("\n".join(profile_text(server, dialect, name=dialect) for dialect in ("juzi", "useasy", "ima")))
    for dialect in ("juzi", "useasy", "ima"):
        run = kehu("profile", "test", dialect)
        assert run.code == 0, run.err
        assert "127.0.0.1" in run.err


@pytest.mark.parametrize("dialect", ["juzi", "useasy", "ima"])
def test_a_wrong_credential_is_exit_code_7_and_never_shown(
    kehu: Kehu, config: WriteConfig, server: Server, dialect: str
) -> None:
    key = "token" if dialect == "juzi" else "secret"
    config(profile_text(server, dialect, **{key: "geheim"}))
    run = kehu("profile", "test", "--json")
    assert (run.code, run.error()["kind"]) == (7, "auth")
    assert "geheim" not in run.err


def test_a_refused_connection_is_exit_code_4(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    config(profile_text(server, "juzi", base_url="http://127.0.0.1:9"))
    run = kehu("show", "x", "--json")
    assert (run.code, run.error()["kind"], run.out) == (4, "network", "")


def test_a_lost_answer_to_a_follow_up_is_exit_code_8(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    config(profile_text(server, "juzi"))
    customer = kehu("list", "--size", "1", "--json").json()["items"][0]
    server.fail("drop-after:add_follow")
    run = kehu("follow", customer["id"], "--user", "rocky", "--text", "a", "--json")
    assert (run.code, run.json()["applied"]) == (8, 0)
    assert [item["customer"] for item in run.json()["failed"]] == [customer["id"]]


def test_a_vendors_refusal_is_exit_code_1_with_its_code_and_words(
    kehu: Kehu, config: WriteConfig, server: Server
) -> None:
    config(profile_text(server, "juzi"))
    server.fail("code:customer/list:code=-7,message=no such thing")
    run = kehu("list", "--json")
    assert run.code == 1
    assert (run.error()["kind"], run.error()["code"]) == ("vendor", "-7")
    assert "no such thing" in run.error()["message"]


def test_a_failure_is_told_to_a_person_in_two_lines(kehu: Kehu) -> None:
    run = kehu("--profile", "demo-jusi", "list")
    assert (run.code, run.out) == (3, "")
    assert run.err.splitlines() == ["kehu: there is no profile demo-jusi", "      Did you mean demo-juzi?"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lsit",), "there is no command lsit; did you mean list?"),
        (("undo", "7"), "there is no command undo; did you mean journal --undo CHANGE?"),
        (("History",), "there is no command History; did you mean journal?"),
        (("outbox", "ls"), "there is no command ls; did you mean list?"),
        (("profile", "new"), "there is no command new; did you mean add?"),
        (("list", "--pgae", "2"), "there is no option --pgae; did you mean --page?"),
        (("list", "--page", "0"), "--page does not take this"),
        (("show",), "ID is missing"),
        (("list", "--page"), "--page"),
        (("fields", "a", "b"), "b"),
    ],
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_command_line_that_makes_no_sense_is_exit_code_2(
    kehu: Kehu, arguments: tuple[str, ...], message: str, as_json: bool
) -> None:
    run = kehu(*(("--json",) if as_json else ()), *arguments)
    assert (run.code, run.out) == (2, "")
    if as_json:
        assert run.error()["kind"] == "usage"
        assert message in run.error()["message"]
    else:
        assert message in run.err.splitlines()[0]


@pytest.mark.parametrize("arguments", [("quit",), ("weather",), ("frobnicate",), ("outbox", "undo")])
def test_nothing_is_suggested_for_a_word_that_is_far_off(kehu: Kehu, arguments: tuple[str, ...]) -> None:
    run = kehu(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.splitlines()[0] == f"kehu: there is no command {arguments[-1]}"


def test_what_is_suggested_is_a_command(kehu: Kehu) -> None:
    meant = {meant_command(word, COMMANDS) for word in SYNONYMS if word not in COMMANDS}
    for typed in filter(None, meant):
        words = [word for word in typed.split() if word.islower() and not word.startswith("-")]
        run = kehu(*words, "--help")
        assert (run.code, run.err) == (0, "")
        assert all(word in run.out for word in typed.split())


@pytest.mark.usefixtures("data_dir")
def test_shared_options_are_taken_before_and_after_the_command(kehu: Kehu) -> None:
    before = kehu("--json", "--profile", "demo-useasy", "list", "--size", "1")
    after = kehu("list", "--size", "1", "--profile", "demo-useasy", "--json")
    assert before.json() == after.json()
    nested = kehu("profile", "--json", "list")
    assert nested.json() == kehu("profile", "list", "--json").json()


@pytest.mark.usefixtures("data_dir")
def test_the_doctor_finds_the_demo_well(kehu: Kehu) -> None:
    run = kehu("doctor", "--json")
    findings = {item["topic"]: item for item in run.json()}
    assert run.code == 0
    assert all(set(item) == {"topic", "ok", "found", "todo"} for item in findings.values())
    assert [topic for topic in findings if findings[topic]["ok"]] == [
        *("data", "profile", "credential", "address", "clock", "read"),
        *("link", "installation", "terminal", "drawing", "language"),
    ]
    assert all(item["ok"] is not False for item in findings.values())


@pytest.mark.usefixtures("data_dir")
def test_the_doctor_names_a_network_home_without_locks(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "lockf", refuse)
    run = kehu("doctor", "--json")
    (wrong,) = [item for item in run.json() if item["ok"] is False]
    assert wrong["topic"] == "data"
    assert "network home" in wrong["found"]
    assert "KEHU_DATA_DIR" in wrong["todo"]
    assert run.code != 0


def test_the_doctor_tells_what_is_wrong_and_what_to_do(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    path = config(profile_text(server, "juzi", token="geheim", user_id="rocky"))
    run = kehu("doctor")
    assert run.code == 7
    assert str(path) in run.out
    assert "nobody else can read it" in run.out
    assert "✓ address" in run.out
    assert "✗ read" in run.out
    assert "\n\n" not in run.out
    assert "geheim" not in run.out


def test_the_doctor_tells_an_address_that_does_not_answer(kehu: Kehu, config: WriteConfig, server: Server) -> None:
    config(profile_text(server, "juzi", base_url="http://127.0.0.1:9"))
    run = kehu("doctor", "--json")
    findings = {item["topic"]: item for item in run.json()}
    assert run.code == 4
    assert findings["address"]["ok"] is False
    assert findings["address"]["todo"]
    assert "read" not in findings


def test_the_doctor_tells_a_broken_configuration_and_goes_on(kehu: Kehu, config: WriteConfig) -> None:
    config("mouse = yes")
    run = kehu("doctor", "--json")
    findings = {item["topic"]: item for item in run.json()}
    assert run.code == 3
    assert "line 1" in findings["configuration"]["found"]
    assert "terminal" in findings


def test_the_doctor_tells_a_credential_that_cannot_be_had(kehu: Kehu, config: WriteConfig) -> None:
    config('[profiles.team]\ndialect = "juzi"\nbase_url = "https://a"\ntoken_env = "NOT_SET"')
    findings = {item["topic"]: item for item in kehu("doctor", "--json").json()}
    assert findings["credential"]["ok"] is False
    assert "NOT_SET" in findings["credential"]["todo"]


def test_help_is_in_the_agents_language(kehu: Kehu, config: WriteConfig) -> None:
    assert kehu("--help").out.startswith("Usage: kehu")
    config('language = "zh_CN"')
    run = kehu("list", "--help")
    assert run.out.startswith("用法：")
    assert "选项" in run.out


@pytest.mark.parametrize("command", ["list", "show", "add", "edit", "delete", "remark", "follow", "profile", "doctor"])
def test_every_command_has_help(kehu: Kehu, command: str) -> None:
    run = kehu(command, "--help")
    assert run.code == 0
    for option in ("--profile", "--config", "--json", "--help"):
        assert option in run.out


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "only what changed is sent, nothing while idle, y copies by OSC 52"),
        ({"TMUX": "/tmp/tmux"}, "only what changed is sent, nothing while idle, y copies through tmux (OSC 52)"),
        ({"STY": "1.pts"}, "only what changed is sent, nothing while idle, y copies through screen (OSC 52)"),
        (
            {"TERM": "screen"},
            "only what changed is sent, nothing while idle, y copies through screen or tmux (OSC 52)",
        ),
        ({"KEHU_DRIVER": "plain"}, "whole stretches of the screen are sent (KEHU_DRIVER=plain), y copies by OSC 52"),
    ],
)
def test_doctor_says_how_the_desk_draws_and_copies(environ: dict[str, str], told: str) -> None:
    findings = {finding.topic: finding for finding in of_terminal({"TERM": "xterm-256color", **environ})}

    assert findings["drawing"].found == told
    assert findings["drawing"].todo == ""
    over_ssh = {finding.topic: finding for finding in of_terminal({"SSH_CONNECTION": "x", **environ})}
    assert over_ssh["drawing"].found == f"{told}, / shows whom it finds once the typing rests"
    assert bool(over_ssh["drawing"].todo) == ("KEHU_DRIVER" in environ)
