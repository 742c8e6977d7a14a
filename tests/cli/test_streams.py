"""Standard streams that are closed, full or of another encoding, and what is written to them by any command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Kehu
from tests.e2e.terminal import Terminal
from tests.pace import first_is_fast
from tui.cli.output import dumps
from tui.cli.streams import file_name
from tui.text import plain
from widgets.cells import MAX_HIDDEN, MAX_MARKS

KEHU = (sys.executable, "-m", "tui")

HOSTILE = "a\x1b[2J\x1b]0;t\x07\x9b31m\x7f\u202eb\u2066c\u2028d\re" + "\u0301" * 5000 + "\u200b" * 5000 + "\udc9b"
"""An argument; a byte that is no UTF-8 is half a surrogate pair, as Python has it."""

ACTS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal may obey, a line feed apart."""

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def shell(command: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run `command` in a shell, `kehu` in it being this one."""
    script = f'kehu() {{ "{sys.executable}" -m tui "$@"; }}\n{command}'
    return subprocess.run(
        ["/bin/sh", "-c", script],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "KEHU_DATA_DIR": str(folder), **environ},
    )


FULL = (
    "list",
    "--help",
    "--version",
    "list --help",
    "list --all",
    "--json list --size 1",
    "profile list",
    "sandbox --port 0 --customers 3",
)


@pytest.mark.parametrize("command", first_is_fast(FULL))
def test_a_full_disk_behind_standard_output_is_one_line_and_exit_1(command: str, data_dir: Path) -> None:
    done = shell(f"kehu {command} > /dev/full", data_dir)
    said = done.stderr.decode()
    assert done.returncode == 1, said
    assert "standard output cannot be written: No space left on device" in said
    assert "Traceback" not in said
    if "--json" in command:
        assert json.loads(said)["error"]["kind"] == "output"


@pytest.mark.parametrize("command", first_is_fast(["list --json", "--version", "profile list"]))
def test_a_closed_standard_output_is_one_line_and_exit_1(command: str, data_dir: Path) -> None:
    done = shell(f"kehu {command} >&-", data_dir)
    assert done.returncode == 1
    assert b"standard output cannot be written: Bad file descriptor" in done.stderr
    assert b"Traceback" not in done.stderr
    files = [path for path in data_dir.rglob("*.db") if b"standard output" in path.read_bytes()]
    assert not files  # no database has got its descriptor


@pytest.mark.parametrize("where", first_is_fast(["<&- 2>&-", "2>&-", "2>/dev/full", "<&-"]))
def test_the_other_streams_may_be_closed_or_full(where: str, data_dir: Path) -> None:
    done = shell(f"kehu list --size 2 {where}", data_dir)
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert "李四" in done.stdout.decode()
    refused = shell(f"kehu list --size nonsense {where}", data_dir)
    assert (refused.returncode, b"Traceback" in refused.stderr) == (2, False)


def test_the_desk_without_its_streams_says_that_it_needs_a_terminal(data_dir: Path) -> None:
    for where in ("<&-", ">&-", ">/dev/full", "<&- >&-"):
        done = shell(f"kehu {where}", data_dir)
        assert (done.returncode, b"the desk needs a terminal" in done.stderr) == (2, True), where
    assert shell("kehu 2>&-", data_dir).returncode == 2


@pytest.mark.parametrize(
    "environ",
    first_is_fast([ASCII, ASCII | {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "gb18030"}]),
)
def test_json_is_utf_8_whatever_the_locale(environ: dict[str, str], data_dir: Path) -> None:
    done = shell("kehu list --size 2 --json", data_dir, **environ)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.decode("utf-8"))["items"][0]["name"] == "李四"
    refused = shell("kehu show 没有 --json", data_dir, **environ)
    assert "没有" in json.loads(refused.stderr.decode("utf-8"))["error"]["message"]
    told = shell("kehu list --size 2 && kehu find 李四", data_dir, **environ)
    assert (told.returncode, b"Traceback" in told.stderr) == (0, False), told.stderr


def test_a_file_with_a_chinese_name_is_found_in_a_locale_without_chinese(data_dir: Path, tmp_path: Path) -> None:
    assert file_name("李四.csv") == "李四.csv"
    (tmp_path / "备注.csv").write_text("customer,user,remark\n")
    done = shell(
        f"cd '{tmp_path}' && kehu remark --file 备注.csv --dry-run; kehu --config 没有.toml fields", data_dir, **ASCII
    )
    assert b"cannot be read" not in done.stderr.splitlines()[0]
    assert b"Traceback" not in done.stderr


def test_half_a_surrogate_pair_breaks_no_json() -> None:
    text = dumps({"name": "a\ud83d"})
    text.encode()
    assert json.loads(text) == {"name": "a\ufffd"}


def test_json_spells_out_marks_that_pile_up_and_says_the_same() -> None:
    name = "e" + "\u0301" * 5000 + "\u200b" * 5000 + "👨‍👩‍👧 می‌خواهم \U000e0041" * 3
    text = dumps({"name": name})
    assert json.loads(text) == {"name": name}
    assert text.count("\u0301") <= MAX_MARKS
    assert text.count("\u200b") <= MAX_MARKS
    assert "👨‍👩‍👧 می‌خواهم" in text


def test_a_run_of_invisible_characters_is_drawn_as_a_few_signs() -> None:
    assert plain("a" + "\u200b" * 5000 + "b") == "a" + "·" * MAX_HIDDEN + "b"


COMMANDS: Sequence[Sequence[str]] = (
    (HOSTILE,),
    (f"--{HOSTILE}",),
    ("--profile", HOSTILE, "list"),
    ("--config", HOSTILE, "list"),
    ("list", "--owner", HOSTILE),
    ("list", "--where", HOSTILE),
    ("list", "--size", HOSTILE),
    ("find", HOSTILE),
    ("show", HOSTILE),
    ("show", "--by", HOSTILE, "x"),
    ("show", HOSTILE, "--linked"),
    ("edit", HOSTILE, "--set", HOSTILE),
    ("add", "--set", f"{HOSTILE}={HOSTILE}", "--profile", "demo-useasy"),
    ("delete", HOSTILE, "--yes"),
    ("remark", HOSTILE, "--user", HOSTILE, "--remark", HOSTILE),
    ("remark", "--file", HOSTILE),
    ("follow", HOSTILE, "--user", HOSTILE, "--text", HOSTILE, "--at", HOSTILE),
    ("outbox", "retry", HOSTILE),
    ("outbox", "discard", HOSTILE),
    ("journal", HOSTILE),
    ("profile", "show", HOSTILE),
    ("profile", "add", HOSTILE),
    ("profile", "test", HOSTILE),
    ("duplicates", HOSTILE),
    ("doctor", HOSTILE),
    ("sandbox", "--database", f"/nonexistent/{HOSTILE}", "--port", "0"),
    ("sandbox", "--fail", HOSTILE),
)


@pytest.mark.parametrize("as_json", [False, True], ids=["", "json"])
@pytest.mark.parametrize("arguments", COMMANDS, ids=[" ".join(one).replace(HOSTILE, "X") for one in COMMANDS])
def test_no_argument_steers_the_terminal(kehu: Kehu, data_dir: Path, arguments: Sequence[str], as_json: bool) -> None:
    for text in (HOSTILE, HOSTILE.removesuffix("\udc9b")):
        run = kehu(*(argument.replace(HOSTILE, text) for argument in arguments), *(["--json"] if as_json else []))
        assert run.code != 70, run.err
        for written in (run.out, run.err):
            assert not ACTS.search(written), ACTS.findall(written)
            assert most_marks(written) <= MAX_MARKS
        if as_json and run.code:
            json.loads(run.err)


def most_marks(text: str) -> int:
    """The longest run of signs without a width."""
    most = run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me", "Cf") else 0
        most = max(most, run)
    return most


def test_nothing_of_the_environment_steers_the_terminal(
    kehu: Kehu, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEHU_PROFILE", "KEHU_USER", "KEHU_CONFIG", "TERM", "LANG", "HTTPS_PROXY", "TMUX"):
        with monkeypatch.context() as one:
            one.setenv(name, HOSTILE)
            for command in ("doctor", "list"):
                run = kehu(command)
                assert run.code != 70, run.err
                assert not ACTS.search(run.out + run.err), name


def test_the_sandbox_tells_its_path_without_steering(tmp_path: Path) -> None:
    path = tmp_path / "a\x9b2J\u202e.db"
    with subprocess.Popen(
        [*KEHU, "sandbox", "--port", "0", "--customers", "3", "--database", str(path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        process.terminate()
    assert not ACTS.search(line)
    assert json.loads(line)["database"].startswith(str(path.with_suffix("")).removesuffix(".db"))


def test_a_fault_of_our_own_is_told_without_its_values(
    kehu: Kehu, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr("tui.cli.session.Session.with_reading", fail)
    run = kehu("list")
    assert run.code == 70
    assert "a fault in kehu itself ended it (RuntimeError)" in run.err
    assert "Traceback" not in run.err
    assert (data_dir / "crash.log").exists()
    error = kehu("list", "--json").error()
    assert error["kind"] == "fault"
    assert str(data_dir / "crash.log") in error["todo"]


WRITERS = re.compile(r"sys\.std(?:out|err)\.write|click\.echo|click\.secho|\bprint\(")


def test_one_file_alone_writes_to_the_standard_streams() -> None:
    root = Path(__file__).parents[2] / "tui"
    found = {str(path.relative_to(root)) for path in root.rglob("*.py") if WRITERS.search(path.read_text())}
    assert found - {"cli/streams.py", "app/application.py", "app/installation.py", "sandbox/serve.py"} == set()


@pytest.mark.parametrize(("term", "erases"), [("xterm-256color", True), ("dumb", False), ("", False)])
def test_progress_is_rewritten_only_where_the_terminal_can(term: str, erases: bool, data_dir: Path) -> None:
    script = (
        "from tui.cli import progress; progress.REPAINT = progress.LINE_EVERY = 0.0;"
        "line = progress.ProgressLine('Reading'); line(1, 2); line(2, 2); line.clear()"
    )
    with Terminal([sys.executable, "-c", script], {**os.environ, "TERM": term}) as terminal:
        terminal.wait_for_exit()
    assert (b"\x1b[K" in terminal.raw) is erases
    assert (b"\x1b" in terminal.raw) is erases
