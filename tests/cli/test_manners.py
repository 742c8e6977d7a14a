"""How commands write: what is told of calls, quietly, in colour, in a pager; as a terminal or a pipe has it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.cli.conftest import Kehu, Server, profile_text

KEHU = (sys.executable, "-m", "tui")
COLOUR = "\x1b["

pytestmark = pytest.mark.usefixtures("data_dir")


def on_terminal(
    *arguments: str, environ: Mapping[str, str] = MappingProxyType({}), keys: bytes = b""
) -> tuple[int, str]:
    """The exit code of `kehu ARGUMENTS…` on a terminal of 24 lines, and all that stood there."""
    other, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "PAGER", "LESS")}
    with subprocess.Popen(
        [*KEHU, *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={**inherited, **environ},
        start_new_session=True,
    ) as process:
        os.close(terminal)
        os.write(other, keys)
        shown = b""
        try:
            while chunk := os.read(other, 4096):
                shown += chunk
        except OSError:  # Linux's end of a terminal
            pass
        code = process.wait(30)
    os.close(other)
    return code, shown.decode("utf-8", "replace")


# Calls


def test_each_call_is_told_on_standard_error(kehu: Kehu) -> None:
    run = kehu("list", "--size", "2", "--json", "-v")
    assert run.code == 0
    assert len(run.json()["items"]) == 2
    assert re.fullmatch(r"· GET http://\S+/juzi/api/v1/customer/list: 200, \d+ bytes, \d+ ms\n", run.err)


@pytest.mark.parametrize("dialect", ["juzi", "useasy", "ima"])
def test_no_secret_and_nobody_is_told_with_the_calls(kehu: Kehu, server: Server, config: object, dialect: str) -> None:
    write = config
    assert callable(write)
    write(profile_text(server, dialect))
    facts = server.credentials[dialect]
    for arguments in (("list", "--size", "3"), ("fields",), ("show", "13800138000"), ("list", "--owner", "rocky")):
        told = kehu(*arguments, "-vv").err
        assert "· " in told or "no such call" in told
        for name in ("token", "secret"):
            assert name not in facts or facts[name] not in told
        assert not re.search("signature|nonce|authorization|cookie|bearer", told, re.IGNORECASE)
        lines = [line for line in told.splitlines() if line.startswith("    ")]
        assert not any("13800138000" in line or "rocky" in line for line in lines)


def test_a_page_is_told_in_full_with_its_number(kehu: Kehu) -> None:
    told = kehu("list", "--size", "2", "-vv").err.splitlines()
    assert "    ? current=1" in told
    assert "    ? pageSize=2" in told


# Quiet


def test_quiet_leaves_out_all_but_what_went_wrong(kehu: Kehu) -> None:
    assert kehu("list", "--size", "2").err
    assert kehu("list", "--size", "2", "-q").err == ""
    wrong = kehu("show", "nobody", "-q")
    assert (wrong.code, wrong.err.startswith("kehu: the vendor has no customer nobody")) == (5, True)


# Colour


@pytest.mark.parametrize(
    ("arguments", "environ", "coloured"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        ((), {"CLICOLOR_FORCE": "1"}, True),
        ((), {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        (("--color", "never"), {"CLICOLOR_FORCE": "1"}, False),
    ],
)
def test_a_pipe_has_colour_only_where_it_is_asked_for(
    kehu: Kehu, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], environ: dict[str, str], coloured: bool
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    run = kehu("list", "--size", "2", *arguments)
    assert (COLOUR in run.out) is coloured
    assert (COLOUR in kehu("show", "nobody", *arguments).err) is coloured


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"CLICOLOR": "0"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_has_colour_unless_it_is_not_wanted(environ: dict[str, str], coloured: bool) -> None:
    _code, shown = on_terminal("list", "--size", "2", environ=environ)
    assert (COLOUR in shown) is coloured


# The pager


@pytest.fixture
def pager(tmp_path: Path) -> Path:
    """A pager that keeps what it is given, and says that it was there."""
    script = tmp_path / "pager"
    script.write_text(f'#!/bin/sh\ncat > {tmp_path}/read\necho "LESS=$LESS" >> {tmp_path}/read\n')
    script.chmod(0o755)
    return script


def test_what_is_longer_than_the_screen_is_read_in_the_pager_in_its_order(pager: Path) -> None:
    code, shown = on_terminal("list", "--size", "100", environ={"KEHU_PAGER": str(pager), "PAGER": "false"})
    read = (pager.parent / "read").read_text().splitlines()
    assert code == 0
    assert len(read) == 103
    assert read[0].startswith("\x1b[1mId")
    assert read[-2].startswith("1–100 of")
    assert read[-1] == "LESS=FRX"
    assert shown == ""


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [
        (("--no-pager",), {}),
        ((), {"KEHU_PAGER": "cat"}),
        ((), {"KEHU_PAGER": ""}),
        ((), {"KEHU_PAGER": "no-such-program -x"}),
        ((), {"TERM": "dumb"}),
    ],
)
def test_without_a_pager_all_of_it_is_written(pager: Path, arguments: tuple[str, ...], environ: dict[str, str]) -> None:
    code, shown = on_terminal("list", "--size", "50", *arguments, environ={"PAGER": str(pager), **environ})
    assert (code, len(shown.splitlines())) == (0, 52)


def test_what_fits_is_written_and_nothing_is_started(pager: Path) -> None:
    code, shown = on_terminal("list", "--size", "5", environ={"PAGER": str(pager)})
    assert (code, len(shown.splitlines())) == (0, 7)
    assert not (pager.parent / "read").exists()


def test_help_is_read_in_the_pager_too(pager: Path) -> None:
    on_terminal("--help", environ={"PAGER": str(pager)})
    assert "journal" in (pager.parent / "read").read_text()


def test_a_pager_that_is_left_ends_a_long_listing(tmp_path: Path) -> None:
    code, _shown = on_terminal(
        "list", "--all", "--profile", "demo-useasy", environ={"KEHU_PAGER": "head -c 10 > /dev/null"}
    )
    assert code == 141


def test_less_itself_is_left_by_its_key(data_dir: Path) -> None:
    code, shown = on_terminal("list", "--size", "100", keys=b" q")
    assert code in (0, 141)  # as much was given to it by then
    assert "Name" in shown


# Progress


def test_a_whole_list_tells_how_far_it_is_where_the_data_leads_elsewhere(
    kehu: Kehu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui.cli import progress

    monkeypatch.setattr(progress, "REPAINT", 0)
    monkeypatch.setattr(progress, "can_rewrite", lambda: True)
    monkeypatch.setattr("tui.cli.progress.os.get_terminal_size", lambda *_: os.terminal_size((80, 24)))
    run = kehu("list", "--all", "--size", "50")
    assert len(run.out.splitlines()) == 120
    assert "reading the list: 50 of 120" in run.err
    assert run.err.endswith("\r\x1b[K")


@pytest.mark.parametrize("arguments", [("list",), ("help",), ("journal",), ("report",), ("doctor",)])
def test_a_reader_that_is_gone_already_is_141_for_every_command(arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen([*KEHU, *arguments, "--json"], stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        _out, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (141, "")
