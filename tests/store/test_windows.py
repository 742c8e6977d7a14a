"""Several windows on one file: stores of one process, and of several, that come and go in any order."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

from tests.pace import slow
from tests.store.samples import SEEN_AT, new_change, people
from tui.store import file_opening
from tui.store.database import damage_mark
from tui.store.locks import lock
from tui.store.store import Store
from tui.store.store_errors import LOCKS_REFUSED, Locked, Moved, NoLocks, StoreError, refusal

PROCESS = """
import json, os, sys
from pathlib import Path
from tests.store.samples import new_change
from tui.store.store_errors import StoreError
from tui.store.store import Store

stores = {}
for line in sys.stdin:
    deed, name, *arguments = json.loads(line)
    try:
        if deed == "open":
            stores[name] = Store.open(Path(arguments[0]))
            answer = len(stores[name].notices)
        elif deed == "close":
            answer = stores.pop(name).close()
        elif deed == "add":
            answer = stores[name].changes.add([new_change(customer_id=arguments[0])])
        elif deed == "ids":
            answer = [change.customer_id for change in stores[name].changes.outbox()]
        elif deed == "deleted":
            answer = [target for fd in os.listdir("/proc/self/fd")
                if int(fd) > 2 and os.path.islink(f"/proc/self/fd/{fd}")
                and "(deleted)" in (target := os.readlink(f"/proc/self/fd/{fd}"))]
    except StoreError as error:
        answer = {"refused": type(error).__name__, "why": str(error)}
    print(json.dumps(answer), flush=True)
"""


class Window:
    """A process with as many stores as it is told to open."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROCESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def do(self, deed: str, name: str, *arguments: object) -> Any:
        """What `deed` on the store called `name` returns."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([deed, name, *arguments]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def kill(self) -> None:
        """SIGKILL, and its end awaited."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def windows(count: int) -> Iterator[Sequence[Window]]:
    """So many processes, which are killed in the end."""
    opened = [Window() for _ in range(count)]
    try:
        yield opened
    finally:
        for window in opened:
            window.kill()


def sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return bool(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)])


def kept(path: Path) -> list[str]:
    with closing(Store.open(path)) as store:
        assert store.notices == ()
        return [change.customer_id for change in store.changes.outbox()]


STAYING = ("first", "second")
"""The stores of the desk: its own, and the one that a linked pane had opened before."""


@slow
def test_another_window_that_closes_leaves_the_desk_its_file_and_nothing_confirmed_is_lost(tmp_path: Path) -> None:
    """In every order in which a desk's stores and another window's come and go, through a link too."""
    orders = list(product(permutations(STAYING), ("", "first", "second"), ("itself", "link"), ("0600", "0644")))
    with windows(2) as (desk, other):
        wanted: dict[Path, list[str]] = {}
        for number, (order, closed, through, mode) in enumerate(orders):
            path = tmp_path / str(number) / "team.db"
            names = {"itself": path, "link": tmp_path / str(number) / "linked.db"}
            path.parent.mkdir()
            if through == "link":
                path.touch(mode=0o600)
                names["link"].symlink_to(path.name)
            for place, name in enumerate(order):
                if place:
                    path.chmod(int(mode, 8))  # somebody's backup put it back, and it is made private again
                desk.do("open", f"{number} {name}", str(names[through] if place else path))
            if closed:
                desk.do("close", f"{number} {closed}")
            writer = next(name for name in STAYING if name != closed)
            confirmed = [desk.do("add", f"{number} {writer}", "before")]
            other.do("open", f"{number}", str(path))
            confirmed += [other.do("add", f"{number}", "theirs")]
            other.do("close", f"{number}")
            confirmed += [desk.do("add", f"{number} {name}", name) for name in STAYING if name != closed]
            assert all(isinstance(ids, list) for ids in confirmed), confirmed
            wanted[path] = ["before", "theirs", *(name for name in STAYING if name != closed)]
        assert (desk.do("deleted", ""), other.do("deleted", "")) == ([], [])
    for path, ids in wanted.items():
        assert kept(path) == ids, path
        assert sound(path)


@slow
def test_two_desks_and_a_command_see_one_another_s_work_and_none_is_lost_when_they_are_killed(path: Path) -> None:
    with windows(3) as (one, two, command):
        for desk in (one, two):
            desk.do("open", "list", str(path))
            desk.do("open", "linked", str(path))
            desk.do("close", "list")
        for number in range(5):
            command.do("open", "it", str(path))
            one.do("add", "linked", f"one {number}")
            command.do("close", "it")
            two.do("add", "linked", f"two {number}")
        wanted = [f"{name} {number}" for number in range(5) for name in ("one", "two")]
        assert one.do("ids", "linked") == two.do("ids", "linked") == wanted
        assert [desk.do("deleted", "") for desk in (one, two)] == [[], []]
    assert kept(path) == wanted
    assert sound(path)


def test_stores_of_one_process_share_the_connection_and_the_last_one_closes_it(path: Path) -> None:
    first, second = Store.open(path), Store.open(path)
    assert first._database.connection is second._database.connection
    first.close()
    first.close()
    assert second.changes.add([new_change()]) == [1]
    with pytest.raises(sqlite3.ProgrammingError):
        first.changes.outbox()
    second.close()
    with closing(Store.open(path)) as third:
        assert third._database.connection is not second._database.connection
        assert len(third.changes.outbox()) == 1


# A file that is taken from under a desk


def deleted(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("elsewhere.sqlite3"))


def restored(path: Path) -> None:
    shutil.copy(path, path.with_name("backup"))
    path.with_name("backup").replace(path)


def without_its_log(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


@pytest.mark.parametrize("take", [deleted, moved, restored, without_its_log])
def test_what_would_go_to_a_file_that_nobody_finds_any_more_is_never_called_saved(
    store: Store, path: Path, take: Callable[[Path], None]
) -> None:
    store.changes.add([new_change()])
    take(path)
    for write in (
        lambda: store.changes.add([new_change()]),
        lambda: store.changes.claim([1]),
        lambda: store.drafts.save(1, "edit", "1", {}),
    ):
        with pytest.raises(Moved, match="while kehu had it open") as refused:
            write()
    assert "Start kehu again" in refused.value.hint()


def test_a_second_name_of_the_file_is_told_before_anything_is_written_under_both(path: Path) -> None:
    Store.open(path).close()
    other = path.with_name("other.sqlite3")
    os.link(path, other)
    for name in (path, other):
        with pytest.raises(StoreError, match="second name") as refused:
            Store.open(name)
        assert f"-samefile {name}" in refused.value.hint()
    other.unlink()
    assert kept(path) == []


# A damaged file that others have open


def damage(path: Path) -> None:
    """Write over the customers' records, past whoever has the file open: the tests' process must not."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'records'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    damage_mark(path).touch()


def filled(path: Path, changes: int) -> None:
    with closing(Store.open(path)) as store:
        store.directory.save(people(300), SEEN_AT)
        store.changes.add([new_change(customer_id=f"wm{number}") for number in range(changes)])


def test_a_desk_whose_damaged_file_is_set_aside_keeps_what_it_confirmed_and_confirms_no_more(path: Path) -> None:
    filled(path, 2)
    with windows(2) as (desk, other):
        desk.do("open", "it", str(path))
        damage(path)
        assert desk.do("add", "it", "while damaged") == [3]
        assert other.do("open", "it", str(path)) == 1
        assert desk.do("add", "it", "afterwards")["refused"] == "Moved"
        assert other.do("add", "it", "new") == [4]
        desk.do("close", "it")  # the last that has the old one, whose log must not take the new one's with it
        assert other.do("add", "it", "newer") == [5]
        assert other.do("deleted", "") == []
    assert kept(path) == ["wm0", "wm1", "while damaged", "new", "newer"]
    assert sound(path)


class Died(BaseException):
    """Ends a process of the imagination."""


@pytest.mark.parametrize("step", range(6))
def test_who_dies_while_a_damaged_file_is_set_aside_loses_none_of_the_changes(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    filled(path, 3)
    damage(path)
    renames = 0

    def dying(call: Callable[[Path, Path], object]) -> Callable[[Path, Path], object]:
        def rename(self: Path, target: Path) -> object:
            nonlocal renames
            if renames == step:
                raise Died
            renames += 1
            return call(self, target)

        return rename

    with monkeypatch.context() as context:
        context.setattr(Path, "rename", dying(Path.rename))
        context.setattr(Path, "replace", dying(Path.replace))
        try:
            Store.open(path).close()
        except Died:
            assert damage_mark(path).exists()
    with closing(Store.open(path)) as store:
        assert [change.customer_id for change in store.changes.outbox()] == ["wm0", "wm1", "wm2"]
        store.changes.add([new_change(customer_id="more")])
    assert kept(path) == ["wm0", "wm1", "wm2", "more"]
    assert not damage_mark(path).exists()
    assert list(path.parent.glob("*.rescued*")) == []


# Locks


def test_a_lock_that_somebody_keeps_is_told_after_the_time_given(path: Path) -> None:
    path.parent.mkdir()
    guard = path.with_name("team.lock")
    code = f"import fcntl, sys; file = open({str(guard)!r}, 'w'); fcntl.lockf(file, fcntl.LOCK_EX); print(); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Locked):
            Store.open(path, busy_timeout=0.05)
        other.communicate(b"\n")
    Store.open(path, busy_timeout=0.05).close()


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO, errno.ENOSYS])
def test_a_home_on_a_network_without_locks_is_named_with_what_to_do(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "lockf", refuse)
    with pytest.raises(NoLocks, match="network home") as refused:
        Store.open(path)
    assert "KEHU_DATA_DIR" in refused.value.hint()
    assert os.strerror(number) in str(refused.value)


def test_a_disk_without_locks_for_senders_is_named_and_nothing_is_taken_to_be_sent(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = store.changes.add([new_change()])

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(NoLocks):
        store.changes.claim(made)
    assert len(os.listdir("/proc/self/fd")) == before
    assert len(store.changes.pending()) == 1


@pytest.mark.parametrize("code", sorted(LOCKS_REFUSED))
def test_whatever_sqlite_says_of_locks_that_fail_is_named(path: Path, code: int) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    assert isinstance(refusal(error, path), NoLocks)


def test_a_disk_on_which_no_memory_is_shared_is_named(path: Path) -> None:
    """SQLite says so of a folder where the index of its log should be."""
    path.parent.mkdir()
    path.with_name(path.name + "-shm").mkdir()
    with pytest.raises(StoreError, match=r"team\.sqlite3") as refused:
        Store.open(path)
    assert "KEHU_DATA_DIR" in refused.value.hint()


def test_the_lock_of_opening_is_shared_by_those_who_only_open(path: Path) -> None:
    path.parent.mkdir()
    guard = path.with_name("team.lock")
    with windows(1) as (other,), lock(guard, alone=False, patience=0):
        assert other.do("open", "it", str(path)) == 0
    assert not any(shared.path == path for shared in file_opening._open)
