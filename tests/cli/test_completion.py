"""Completion, in the shells themselves: what is typed, Tab, and the line that the shell then has."""

from __future__ import annotations

import os
import pty
import select
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu
from tui.cli.shell_words import completed, read_line

BREAKS = " \t\n\"'><=;|&(:"
"""Bash's own COMP_WORDBREAKS."""

DUMP = b"\x18\x04"
"""Keys that have the shell write its line to a file."""

READY = b"\x1b[?2004h"
"""The sequence that a shell writes when it begins to read keys: bracketed paste is on."""

RATIO = 14
"""Starts of a bare interpreter that a completion may take: 0.15 s where one takes some 11 ms."""


@pytest.fixture
def known(kehu: Kehu, data_dir: Path) -> Path:
    """Fields, colleagues and a view that were seen here."""
    assert kehu("fields", "--profile", "demo-useasy").code == 0
    assert kehu("sync", "-q").code == 0
    assert kehu("view", "save", "每周 回访", "owner:me").code == 0
    return data_dir


def answers(shell: str, *words: str) -> list[str]:
    """Return the values that `kehu _complete` offers to zsh or fish, without their descriptions."""
    done = subprocess.run(
        [sys.executable, "-m", "tui", "_complete", shell, *words], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "among"),
    [
        (["jo"], ["journal"]),
        (["outbox", "re"], ["retry"]),
        (["list", "--ow"], ["--owner"]),
        (["list", "-"], ["--json", "--profile", "-h"]),
        (["--profile", "demo-u"], ["demo-useasy"]),
        (["list", "--profile=demo-u"], ["--profile=demo-useasy"]),
        (["list", "--owner", "ro"], ["rocky"]),
        (["remark", "x", "--user", "张"], ["张三"]),
        (["--profile", "demo-useasy", "edit", "x", "--set", "客户"], ["客户名字=", "客户等级="]),
        (["--profile", "demo-useasy", "edit", "x", "--set", "客户等级=重"], ["客户等级=重要客户"]),
        (["--profile", "demo-useasy", "list", "--where", "name:e"], ["name:eq:", "name:empty"]),
        (["--profile", "demo-useasy", "list", "--where", "客户等级:eq:重"], ["客户等级:eq:重要客户"]),
        (["list", "--columns", "name,ne"], ["name,next"]),
        (["view", "remove", "每"], ["每周 回访"]),
        (["journal", "--kind", "rem"], ["remark"]),
        (["list", "--format", "x"], ["xlsx"]),
        (["completion", "z"], ["zsh"]),
        (["help", "jo"], ["journal"]),
    ],
    ids=" ".join,
)
def test_what_can_follow_is_completed(known: Path, words: list[str], among: list[str]) -> None:
    assert set(among) <= set(answers("zsh", *words))


def test_nothing_configured_and_nowhere_to_write_is_no_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    for name in ("KEHU_DATA_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    assert "demo-juzi" in answers("zsh", "--profile", "")
    assert "name=" in answers("zsh", "edit", "x", "--set", "na")
    assert answers("zsh", "list", "--owner", "") == []
    monkeypatch.setenv("KEHU_CONFIG", str(tmp_path / "none.toml"))
    assert answers("zsh", "--profile", "") == []
    assert "list" in answers("zsh", "li")
    assert not list(home.iterdir())


def test_completing_leaves_no_trace_on_disk(known: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in known.rglob("*")}
    answers("zsh", "list", "--owner", "")
    assert {path: path.stat().st_mtime_ns for path in known.rglob("*")} == before


def test_completing_loads_no_network_and_no_textual(known: Path) -> None:
    script = (
        "import sys; from tui.cli import main; main(['_complete', 'zsh', 'list', '--owner', '']);"
        "print(*sorted({'textual', 'httpx', 'pydantic', 'asyncio', 'tui.desk.desk'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.slow
def test_a_completion_takes_a_few_starts_of_a_bare_interpreter(known: Path, tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}

    def seconds(*arguments: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=environ)
        return time.perf_counter() - began

    completing = ("-m", "tui", "_complete", "zsh", "list", "--owner", "ro")
    seconds(*completing)
    pairs = [(seconds("-c", "pass"), seconds(*completing)) for _ in range(9)]
    assert statistics.median(whole / bare for bare, whole in pairs) < RATIO


# Words


@pytest.mark.parametrize(
    ("typed", "value", "put"),
    [
        ("kehu view remove ", "每周 回访", r"每周\ 回访"),
        ("kehu view remove '", "每周 回访", "每周 回访"),
        ('kehu view remove "每', 'a"b', 'a\\"b'),
        ("kehu list --where a:e", "a:eq:", "eq:"),
        ("kehu list --where 'a:e", "a:eq:x y", "a:eq:x y"),
        (r"kehu edit x --set 名\ 字=李", "名 字=李 四", r"李\ 四"),
        ("kehu edit x --set 名='李", "名=李 四", "李 四"),
    ],
)
def test_a_value_is_quoted_as_its_word_is(typed: str, value: str, put: str) -> None:
    line = read_line(typed, BREAKS)
    assert completed(line, value) == put


# The shells


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on PATH with a `kehu` that runs this source."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "kehu").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui "$@"\n')
    (folder / "kehu").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


class Shell:
    """A shell on a terminal, whose line can be read."""

    def __init__(self, arguments: list[str], setup: str, dump: Path) -> None:
        self._dump = dump
        os.mkfifo(dump)
        self._reader = os.open(dump, os.O_RDWR)
        self._other, terminal = pty.openpty()
        self._process = subprocess.Popen(
            arguments, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
        )
        os.close(terminal)
        self._await_prompt()
        self.type(setup.encode() + b"\n")
        self._await_prompt()

    def _await_prompt(self) -> None:
        """Wait until keys are read one by one: before, the terminal itself would take some of them."""
        shown = b""
        while not shown.endswith(READY) and READY not in shown[-64:]:
            shown += os.read(self._other, 1)

    def type(self, keys: bytes) -> None:
        """Press keys, and take what the shell draws."""
        os.write(self._other, keys)

    def line(self) -> str:
        """The line as the shell has it."""
        self.type(DUMP)
        while True:
            ready, _, _ = select.select([self._reader, self._other], [], [], 30)
            assert ready, "the shell never wrote its line"
            if self._reader in ready:
                return os.read(self._reader, 4096).decode().rstrip("\n")
            os.read(self._other, 4096)

    def close(self) -> None:
        os.close(self._other)
        self._process.wait(30)
        os.close(self._reader)


def bash(folder: Path) -> Shell:
    dump = folder / "line"
    return Shell(
        ["bash", "--norc", "--noprofile", "-i"],
        f'eval "$(kehu completion bash)"; bind "set bell-style none"; bind "set completion-ignore-case off";'
        f"""bind -x '"\\C-x\\C-d": printf "%s\\n" "$READLINE_LINE" > {dump}'""",
        dump,
    )


def zsh(folder: Path) -> Shell:
    dump = folder / "line"
    return Shell(
        ["zsh", "-f", "-i"],
        f'autoload -U compinit; compinit -D -u; eval "$(kehu completion zsh)"; unsetopt beep;'
        f'dump() {{ print -r -- "$BUFFER" > {dump} }}; zle -N dump; bindkey "^X^D" dump',
        dump,
    )


SHELLS = {"bash": bash, "zsh": zsh}


@pytest.fixture(params=list(SHELLS))
def shell(
    request: pytest.FixtureRequest, known: Path, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shell]:
    """A shell that completes `kehu`, in a folder where there is one file."""
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not here")
    where = tmp_path / "here"
    where.mkdir()
    (where / "客户 名单.csv").write_text("")
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(where)
    shell = SHELLS[request.param](tmp_path)
    yield shell
    shell.close()


@pytest.mark.slow
def test_a_shell_completes_and_quotes(shell: Shell) -> None:
    for typed, wanted in [
        ("kehu jou", "kehu journal "),
        ("kehu list --own", "kehu list --owner "),
        ("kehu list --owner roc", "kehu list --owner rocky "),
        ("kehu view remove 每", "kehu view remove 每周\\ 回访 "),
        ("kehu view remove '每", "kehu view remove '每周 回访' "),
        ("kehu --profile demo-useasy edit x --set 客户等", "kehu --profile demo-useasy edit x --set 客户等级="),
        (
            "kehu --profile demo-useasy edit x --set 客户等级=重",
            "kehu --profile demo-useasy edit x --set 客户等级=重要客户 ",
        ),
        ("kehu --profile demo-useasy list --where 客户等", "kehu --profile demo-useasy list --where 客户等级:eq:"),
        (
            "kehu --profile demo-useasy list --where 客户等级:eq:重",
            "kehu --profile demo-useasy list --where 客户等级:eq:重要客户 ",
        ),
        (
            "kehu --profile demo-useasy list --where '客户等级:eq:重",
            "kehu --profile demo-useasy list --where '客户等级:eq:重要客户' ",
        ),
        ("kehu list --columns name,ow", "kehu list --columns name,owner "),
        ("kehu --profile=demo-use", "kehu --profile=demo-useasy "),
        ("kehu remark --file 客", "kehu remark --file 客户\\ 名单.csv "),
    ]:
        shell.type(b"\x15" + typed.encode() + b"\t")
        got = shell.line()
        # zsh puts the sign `=` within quotes of its own where a file's name would follow it
        assert got.replace("\\=", "=") == wanted, typed


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not here")
def test_fish_completes_and_describes(known: Path, path: Path) -> None:
    def complete(line: str) -> list[list[str]]:
        script = f'kehu completion fish | source; complete -C "{line}"'
        done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True)
        assert done.stderr == ""
        return [row.split("\t") for row in done.stdout.splitlines()]

    assert complete("kehu jou") == [["journal"]]
    assert complete("kehu list --own") == [["--owner", "Only those whom this colleague follows or owns"]]
    assert ["rocky", "张三"] in complete("kehu list --owner ro")
    assert [row[0] for row in complete("kehu view remove 每")] == ["每周 回访"]
    assert [row[0] for row in complete("kehu view remove '每周 ")] == ["每周 回访"]
    conditions = complete("kehu --profile demo-useasy list --where 客户等级:eq:重")
    assert [row[0] for row in conditions] == ["客户等级:eq:重要客户"]
