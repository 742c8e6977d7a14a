"""What the command line's own parser refuses, in the agent's language; help; and what is meant by another word."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from tests.cli.conftest import Kehu
from tui.cli.group import kehu as program
from tui.cli.session import TranslatedGroup
from tui.cli.synonyms import COMMANDS, OPTIONS

ENGLISH = re.compile(r"\b(?!kehu|ID|UTF|TIME|FILE|NAME)[A-Za-z]{2,} [a-z]{2,}\b")
"""Two English words that follow one another; options and the names of values are the same in every language."""


def every_command(
    command: click.Command = program, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, TranslatedGroup):
        for name in command.places:
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from every_command(found, (*path, name))


EVERY = dict(every_command())


def wrong_lines() -> Iterator[tuple[str, ...]]:
    """For each command: an unknown option, one without its value, a flag with one, and a value of a wrong kind."""
    for path, command in EVERY.items():
        yield (*path, "--no-such-option")
        for param in command.params:
            if not isinstance(param, click.Option) or param.name in ("profile", "config") or param.count:
                continue
            name = param.opts[-1]
            yield (*path, f"{name}=1") if param.is_flag else (*path, name)
            if type(param.type) in (click.IntRange, click.FloatRange, click.Choice):
                yield (*path, name, "nonsense")


@pytest.mark.parametrize("arguments", tuple(wrong_lines()), ids=" ".join)
@pytest.mark.usefixtures("data_dir")
def test_what_the_parser_refuses_is_told_in_chinese(
    kehu: Kehu, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    run = kehu(*arguments)
    assert (run.code, run.out) == (2, "")
    assert re.search("[\u4e00-\u9fff]", run.err)
    assert not ENGLISH.search(re.sub(r"one of [\w, ]+|kehu [a-z -]+|--[a-z-]+", "", run.err)), run.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--page", "0"), "found 0, expected a number from 1 on"),
        (("sandbox", "--port", "99999"), "found 99999, expected a number from 0 to 65535"),
        (("journal", "--kind", "x"), "found x, expected one of follow, remark"),
        (("list", "--page"), "--page needs a value: --page N"),
        (("list", "--all=3"), "--all takes no value"),
        (("list", "张三"), "Did you mean kehu find '张三'?"),
        (("outbox", "edit", "x"), "ID does not take this: found x, expected a number"),
    ],
)
def test_what_was_found_and_what_was_expected_is_told(kehu: Kehu, arguments: tuple[str, ...], told: str) -> None:
    run = kehu(*arguments)
    assert run.code == 2
    assert told in run.err


@pytest.mark.parametrize("path", tuple(EVERY), ids=" ".join)
def test_every_command_tells_how_it_is_used(kehu: Kehu, path: tuple[str, ...]) -> None:
    short, long, asked = kehu(*path, "-h"), kehu(*path, "--help"), kehu("help", *path)
    assert (short.code, long.code, asked.code) == (0, 0, 0)
    assert short.out == long.out == asked.out
    assert short.out.startswith(" ".join(("Usage: kehu", *path)))


def test_help_on_a_command_that_is_not_there_names_the_one_that_is_meant(kehu: Kehu) -> None:
    run = kehu("help", "outbox", "ls")
    assert (run.code, run.out) == (2, "")
    assert "there is no command ls; did you mean list?" in run.err


def test_help_is_chinese_down_to_the_usage_line(kehu: Kehu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert kehu("outbox", "--help").out.startswith("用法： kehu outbox [选项] 命令 …")


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("ls",), "list"),
        (("get",), "show"),
        (("search",), "find"),
        (("list", "--limit", "5"), "--size N"),
        (("find", "--size", "5"), "--limit N"),
        (("list", "--search", "x"), "--query QUERY"),
        (("journal", "--search", "x"), "--find TEXT"),
        (("report", "-o", "x"), "--output FILE"),
        (("delete", "-y", "x"), "--yes"),
        (("follow", "x", "-m", "y"), "--text T"),
        (("list", "--ownr", "x"), "--owner"),
        (("搜索",), "find"),
    ],
)
def test_a_word_of_another_program_names_what_is_meant_here(kehu: Kehu, arguments: tuple[str, ...], meant: str) -> None:
    run = kehu(*arguments)
    assert run.code == 2
    assert run.err.splitlines()[0].endswith(f"; did you mean {meant}?")


def test_every_synonym_leads_somewhere() -> None:
    names = {"people"} | {path[-1] for path in EVERY if path}
    options = {name for command in EVERY.values() for param in command.params for name in param.opts} | {"--help"}
    for word, texts in COMMANDS.items():
        assert any(text.split()[0] in (*names, *options) for text in texts) or word in names, word
    for word, texts in OPTIONS.items():
        assert any(text.removeprefix("kehu ").split()[0] in (*options, "-vv") for text in texts) or word in options, (
            word
        )
