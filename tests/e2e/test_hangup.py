"""A window that is closed, a line that drops, a machine that shuts down: the program ends, and the outbox is true."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.terminal import PATIENCE, Terminal
from tests.e2e.test_tcp import CONFIGURATION
from tests.faults.vendor import Vendor
from tests.pace import first_is_fast, slow
from tui.desk.changes_made import changes_made
from tui.model.change import State
from tui.sandbox.demo import DEMO_ORIGIN, DEMO_PROFILES
from tui.store.store import Store

TIMEOUT = 6.0
"""Seconds that the desks wait for an answer, and so the most that one takes to end."""

STARTING = 60.0
"""Seconds for a start on a machine that has much else to do."""

SLOW = 3.0
"""Seconds that the vendor takes for a write: long enough to be hung up in the middle of it on a busy machine."""

WRITES = {"remark": "set_remark", "follow": "add_follow", "create": "POST /useasy/openapi/crm/add"}


class Office:
    """Vendors on a port of this machine, and desks on one data folder."""

    def __init__(self, vendor: Vendor, configuration: Path, open_desk: Open, environment: dict[str, str]) -> None:
        self.vendor = vendor
        self.configuration = configuration
        self.environment = environment
        self._open_desk = open_desk

    def desk(self, profile: str) -> Terminal:
        """A desk on the profile, with its list."""
        terminal = self._open_desk("--config", str(self.configuration), "--profile", profile, **self.environment)
        terminal.wait_for(r"1–100 of \d", timeout=STARTING)
        terminal.wait_for(r" \(\w \w", timeout=STARTING)  # what cannot be done here is known, and the desk is there
        return terminal

    def store(self, profile: str) -> Store:
        return Store.open(Path(self.environment["KEHU_DATA_DIR"]) / "profiles" / f"{profile}.db")

    def states(self, profile: str) -> dict[str, State]:
        """How far each change of the profile has come for whoever starts next, by what was typed."""
        with closing(self.store(profile)) as store:
            store.changes.recover()
            return {typed_in(change.request): change.state for change in changes_made(store)}


def typed_in(request: object) -> str:
    found = re.search(r"(mine|theirs)", str(request))
    return found[1] if found else str(request)


@pytest.fixture
def office(open_desk: Open, tmp_path: Path) -> Iterator[Office]:
    vendor = Vendor(tmp_path, 300)
    try:
        told = {
            profile["dialect"]: {key: value.replace(DEMO_ORIGIN, vendor.address) for key, value in profile.items()}
            for profile in DEMO_PROFILES.values()
        }
        configuration = tmp_path / "kehu.toml"
        configuration.touch(mode=0o600)
        text = CONFIGURATION.format(**told).replace('\nbase_url = "', f'\ntimeout = {TIMEOUT}\nbase_url = "')
        configuration.write_text(text, encoding="utf-8")
        environment = {"KEHU_DATA_DIR": str(tmp_path / "work"), "JUZI_TOKEN": told["juzi"]["token"]}
        yield Office(vendor, configuration, open_desk, environment)
    finally:
        vendor.close()


def write(terminal: Terminal, kind: str, text: str) -> None:
    """Have a write of `kind` on its way."""
    key, heading = {"remark": ("r", "Remark on"), "follow": ("f", "Follow up"), "create": ("c", "Create a customer")}[
        kind
    ]
    terminal.press(key)
    terminal.wait_for(f"{heading}|A draft is kept")
    if "A draft is kept" in terminal.text:  # the other desk's, which it is about to send
        terminal.press("n")
    match kind:
        case "remark":
            working.type_into(terminal, "Remark", text, anew=True)
        case "follow":
            working.type_into(terminal, "Follow-up", text)
        case _:
            working.type_into(terminal, "客户名字", text)
            working.go_to_field(terminal, "客户等级", 21)
            terminal.press("enter")
            terminal.wait_for("▸")
            terminal.press("enter")
    terminal.press("ctrl+s")


def close_window(terminal: Terminal) -> None:
    terminal.close_window()


def hang_up(terminal: Terminal) -> None:
    terminal.send_signal(signal.SIGHUP)


def terminate(terminal: Terminal) -> None:
    terminal.send_signal(signal.SIGTERM)


def ended_after(terminal: Terminal, others: tuple[Terminal, ...] = (), limit: float = TIMEOUT + 4) -> float:
    """Seconds until the program ends, while the `others` are read as terminals are; at most `limit`."""
    begun = time.monotonic()
    while not terminal.has_ended():
        assert time.monotonic() - begun < limit, f"it goes on:\n{terminal.text}"
        for other in (terminal, *others):
            other.read_for(0.02)
        time.sleep(0.01)
    return time.monotonic() - begun


@slow
@pytest.mark.parametrize(
    ("kind", "end", "code"),
    [
        ("remark", close_window, signal.SIGHUP),
        ("follow", hang_up, signal.SIGHUP),
        ("create", terminate, signal.SIGTERM),
    ],
)
def test_a_desk_that_is_hung_up_while_it_writes_ends_whatever_another_desk_does(
    office: Office, kind: str, end: Callable[[Terminal], None], code: signal.Signals
) -> None:
    profile = "crm" if kind == "create" else "team"
    mine, theirs = office.desk(profile), office.desk(profile)
    office.vendor.strike(f"latency:{WRITES[kind]}:seconds={SLOW}")
    write(theirs, kind, "theirs")
    write(mine, kind, "mine")
    mine.wait_for("Saving|Sending|Creating|…")
    end(mine)
    ended_after(mine, (theirs,))
    assert mine.exit_code == 128 + code
    theirs.wait_for("✓ ")
    theirs.send_signal(signal.SIGKILL)
    theirs.wait_for_exit()
    office.vendor.come_to_rest()
    for text, state in office.states(profile).items():
        count = told(office, kind, text)
        waiting = (0, 1) if kind == "remark" else (0,)  # else it would be sent twice
        possible = {State.SENT: (1,), State.FAILED: (0,), State.UNKNOWN: (0, 1), State.PENDING: waiting}
        assert count in possible[state], (text, state, count)


def told(office: Office, kind: str, text: str) -> int:
    """How often the vendor was told `text`; a remark stands once at the most, and the later one over the earlier."""
    if kind == "remark":
        ((count,),) = office.vendor.rows("SELECT count(*) FROM juzi_follow_user WHERE remark IN ('mine', 'theirs')")
        return int(count)
    return office.vendor.count("create-useasy" if kind == "create" else kind, "", text)


@contextmanager
def write_lock(office: Office, profile: str) -> Iterator[None]:
    """Another program that writes to the profile's file and comes to no end."""
    path = Path(office.environment["KEHU_DATA_DIR"]) / "profiles" / f"{profile}.db"
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE')"
    command = [sys.executable, "-c", f"{code}; print(flush=True); input()", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield
        other.communicate(b"\n")


@slow
def test_a_desk_that_is_hung_up_while_somebody_keeps_the_disk_locked_ends(office: Office) -> None:
    terminal = office.desk("team")
    terminal.press("f")
    working.type_into(terminal, "Follow-up", "mine")
    with write_lock(office, "team"):
        terminal.press("ctrl+s")
        close_window(terminal)
        ended_after(terminal)
    assert office.states("team").get("mine", State.FAILED) in (State.FAILED, State.PENDING)
    assert office.vendor.count("follow", "", "mine") == 0


@slow
def test_a_desk_whose_terminal_takes_nothing_more_ends_when_it_is_told_to(office: Office) -> None:
    terminal = office.desk("team")
    for _ in range(60):  # nobody reads what it draws from here on: the line is stuck, and not hung up
        terminal.press("n", "p")
    time.sleep(1)  # what fills the line can be seen by nobody
    terminate(terminal)
    begun = time.monotonic()
    while not terminal.has_ended():
        assert time.monotonic() - begun < TIMEOUT + 4
        time.sleep(0.05)
    assert terminal.exit_code == 128 + signal.SIGTERM


def test_a_desk_that_was_stopped_ends_with_its_window(data_dir: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "ENV")}
    with Terminal(["sh", "-i"], environ | {"KEHU_DATA_DIR": str(data_dir), "PS1": "$ "}) as shell:
        shell.wait_for(r"\$")
        shell.press(f"{sys.executable} -m tui", "enter")
        shell.wait_for(r" \(\w \w")
        pid = child_of(shell.pid)
        shell.press("ctrl+z")
        shell.wait_for("Stopped|Suspended")
        shell.hang_up()
        end = time.monotonic() + PATIENCE
        while is_running(pid):
            assert time.monotonic() < end
            time.sleep(0.05)
    assert not (data_dir / "crash.log").exists()


def child_of(pid: int) -> int:
    """The one process that `pid` started."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@slow
def test_the_window_of_a_desk_is_closed_though_another_was_born_with_its_other_end(open_desk: Open) -> None:
    first = open_desk()
    first.wait_for("1–100 of 5,000")
    first.inherit()
    second = open_desk()
    second.wait_for("1–100 of 5,000")
    close_window(first)
    ended_after(first, (second,))
    assert first.exit_code == 128 + signal.SIGHUP


@pytest.mark.parametrize("number", first_is_fast([signal.SIGTERM, signal.SIGHUP]))
def test_follow_ups_of_a_file_that_are_under_way_at_a_signal_are_recorded(
    office: Office, tmp_path: Path, number: signal.Signals
) -> None:
    people = [person for person in office.vendor.followed() if person[2] == "rocky"][:5]
    file = tmp_path / "follow.csv"
    file.write_text("customer,text\n" + "".join(f"{id},visit {place}\n" for place, (id, _, _) in enumerate(people)))
    office.vendor.strike(f"stall:add_follow:seconds={SLOW}")  # done, and answered later
    command = [
        sys.executable,
        "-m",
        "tui",
        "--config",
        str(office.configuration),
        "follow",
        "--yes",
        "--file",
        str(file),
    ]
    with subprocess.Popen(
        command, env=os.environ | office.environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=partial(signal.signal, number, signal.SIG_DFL),  # the tests may run under nohup
    ) as process:  # fmt: skip
        try:
            end = time.monotonic() + STARTING
            while not office.vendor.rows("SELECT 1 FROM juzi_follow_history WHERE content LIKE 'visit %'"):
                assert process.poll() is None
                assert time.monotonic() < end
                time.sleep(0.02)
            process.send_signal(number)
            told = process.communicate(timeout=STARTING)
        finally:
            process.kill()
    assert process.returncode == 128 + number, told
    office.vendor.come_to_rest()
    with closing(office.store("team")) as store:
        store.changes.recover()
        states = {change.state for change in changes_made(store)}
    assert states == {State.SENT}, "what was answered is recorded"
    assert [office.vendor.count("follow", "", f"visit {place}") for place in range(len(people))] == [1] * len(people)
