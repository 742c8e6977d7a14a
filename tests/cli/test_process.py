"""The real command in a process of its own: its streams, its signals, and what it loads."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

KEHU = (sys.executable, "-m", "tui")


def start(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*KEHU, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | environ,
        preexec_fn=_hear_interrupts,
    )


def _hear_interrupts() -> None:
    """Undo what a shell does to programs that it starts in the background: they ignore Ctrl-C, and so do theirs."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_version_is_quick_and_loads_nothing_heavy() -> None:
    script = (
        "import sys; from tui.cli import main; code = main(['--version']);"
        "print(code, *sorted({'textual', 'rich', 'pydantic', 'httpx', 'sqlite3', 'asyncio'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # Rich's tables of widths, without its package's other modules, are what measures wide characters.
    assert done.stdout.splitlines() == ["kehu 0.1.0", "0 rich"]


def test_the_desk_is_not_drawn_where_there_is_no_terminal(data_dir: Path) -> None:
    for arguments in ([], ["--profile", "demo-ima"]):
        done = subprocess.run(
            [*KEHU, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("kehu: the desk needs a terminal, and there is none here\n      Over SSH")


def test_a_desk_whose_two_outputs_lead_elsewhere_names_them_and_not_a_missing_terminal(data_dir: Path) -> None:
    other, terminal = pty.openpty()
    try:
        done = subprocess.run([*KEHU], stdin=terminal, capture_output=True, text=True, check=False)
    finally:
        os.close(other)
        os.close(terminal)
    assert done.returncode == 2
    assert done.stderr.startswith("kehu: the desk is drawn on standard error or standard output, and neither leads")
    assert "without 2>" in done.stderr


def test_a_reader_that_goes_away_is_no_noise(data_dir: Path) -> None:
    with start("list", "--all") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("{")
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 141


def test_ctrl_c_is_exit_code_130_and_no_traceback(data_dir: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "started"
    os.mkfifo(fifo)
    started = os.open(fifo, os.O_RDWR)  # for writing too: it opens at once, whether or not the other side comes
    config = tmp_path / "kehu.toml"
    config.write_text(
        '[profiles.team]\ndialect = "juzi"\nbase_url = "https://a.invalid"\n'
        f'token_command = "echo x > {fifo}; exec sleep 30"\n'
    )
    with start("--config", str(config), "list") as process:
        assert process.stderr is not None
        assert select.select([started], [], [], 30)[0], "the command was never asked for the secret"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr.read() == ""
    os.close(started)


def test_a_name_that_the_terminal_cannot_write_is_no_crash(data_dir: Path) -> None:
    with start("list", "--size", "1", PYTHONIOENCODING="ascii") as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "\\u674e\\u56db" in out


def test_the_sandbox_ends_when_it_is_told_to(tmp_path: Path) -> None:
    arguments = ("sandbox", "--port", "0", "--customers", "3", "--database", str(tmp_path / "s.db"))
    with start(*arguments) as process:
        assert process.stdout is not None
        assert "127.0.0.1" in process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--fail", "explode"), "explode"),
        (("--port", "70000"), "--port"),
        (("--port", "{taken}", "--customers", "3"), "--port"),
    ],
)
def test_a_sandbox_that_cannot_be_is_refused(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with start("sandbox", *(text.replace("{taken}", port) for text in arguments), HOME=str(tmp_path)) as process:
            _out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert words in err
