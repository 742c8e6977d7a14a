"""The file on disk: private, brought up to date, set aside where it is damaged, honest where the disk refuses."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.store.samples import SEEN_AT, ids, new_change, people
from tui.store import file_opening, schema
from tui.store.outbox import State
from tui.store.store import Store
from tui.store.store_errors import Corrupt, DiskFull, Locked, NewerVersion, StoreError, StoreReadOnly

SOON = 0.05
"""Seconds to wait for a lock that is not going to be given."""


@contextmanager
def opened(path: Path) -> Iterator[Store]:
    store = Store.open(path, busy_timeout=SOON)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_folder_and_every_file_in_it_are_for_their_owner_alone(path: Path) -> None:
    with opened(path) as store:
        store.changes.claim(store.changes.add([new_change()]))
        assert mode(path.parent) == 0o700
        files = [file for file in path.parent.rglob("*") if file.is_file()]
        assert len(files) == 5  # the database, its log and the log's index, the lock of opening, the sign of life
        assert {mode(file) for file in files} == {0o600}


def test_a_file_that_others_could_read_is_made_private(path: Path) -> None:
    with opened(path):
        pass
    path.chmod(0o644)
    with opened(path):
        assert mode(path) == 0o600


def test_what_was_kept_is_there_when_the_file_is_opened_again(path: Path) -> None:
    with opened(path) as store:
        store.directory.save(people(3), SEEN_AT)
        store.changes.add([new_change()])
        store.drafts.save(1, "edit", "1", {"name": "王"})
    with opened(path) as store:
        assert (store.notices, store.path) == ((), path)
        assert (store.directory.count(), len(store.changes.outbox()), store.drafts.count()) == (3, 1, 1)


def test_the_log_is_written_ahead(path: Path) -> None:
    with opened(path), raw(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# Versions


def test_an_older_file_is_brought_up_to_date_and_a_copy_of_it_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path) as store:
        store.changes.add([new_change()])
    later = (*schema.MIGRATIONS, ("ALTER TABLE drafts ADD COLUMN form_version INTEGER", "CREATE TABLE added (x)"))
    monkeypatch.setattr(file_opening, "MIGRATIONS", later)
    with opened(path) as store:
        assert [change.state for change in store.changes.outbox()] == [State.PENDING]
    with raw(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(later),)
        assert connection.execute("SELECT count(*) FROM added").fetchone() == (0,)
    version = len(schema.MIGRATIONS)
    (copy,) = path.parent.glob(f"team.v{version}-*.sqlite3")
    assert mode(copy) == 0o600
    with raw(copy) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
        assert connection.execute("SELECT count(*) FROM changes").fetchone() == (1,)


def test_a_record_that_was_kept_as_the_answer_stands_where_the_vendors_have_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before_answers = 3
    with monkeypatch.context() as context:
        context.setattr(file_opening, "MIGRATIONS", schema.MIGRATIONS[:before_answers])
        with opened(path):
            pass
    with raw(path) as connection:
        for id, answer in ((1, '{"customerName": "王", "n": null}'), (2, None)):
            connection.execute(
                "INSERT INTO changes (id, kind, state, customer_id, customer_name, user_id, request, repeatable,"
                " os_user, host, profile, created_at, changed_at, answer)"
                " VALUES (?, 'remark', 'sent', 'wm', '', '', '{}', 1, '', '', '', 1, 1, ?)",
                (id, answer),
            )
    with opened(path) as store:
        answers = [change.answer for change in store.changes.get_many([1, 2])]
        trail = [step.state for step in store.changes.trail(1)]
    assert answers == [{"data": {"customerName": "王", "n": None}}, None]
    assert trail == [State.SENT], "nothing happened to the change"
    assert len(list(path.parent.glob(f"team.v{before_answers}-*.sqlite3"))) == 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path) as store:
        store.changes.add([new_change()])
    with monkeypatch.context() as context:
        context.setattr(file_opening, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE added (x)", "NOT A STATEMENT")))
        with pytest.raises(StoreError):
            Store.open(path)
    with opened(path) as store:
        assert len(store.changes.outbox()) == 1
    with raw(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'added'").fetchone() == (0,)


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """No write of this process reaches past `size` bytes of a file: what a quota, or a full disk, comes to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_copy_that_does_not_fit_stops_the_migration_and_leaves_no_half_of_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as store:
        store.directory.save(people(500), SEEN_AT)
        store.changes.add([new_change()])
    with monkeypatch.context() as context:
        context.setattr(file_opening, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE added (x)",)))
        with no_file_larger_than(path.stat().st_size // 2), pytest.raises(StoreError) as refused:
            Store.open(path)
    assert str(path) in str(refused.value)
    assert list(path.parent.glob("team.v*")) == []
    with opened(path) as store:
        assert len(store.changes.outbox()) == 1


def test_a_newer_file_is_refused_and_left_alone(path: Path) -> None:
    with opened(path) as store:
        store.directory.save(people(1), SEEN_AT)
    newer = len(schema.MIGRATIONS) + 1
    with raw(path) as connection:
        connection.execute(f"PRAGMA user_version = {newer}")
    content = path.read_bytes()
    with pytest.raises(NewerVersion, match=f"its version is {newer}, and this one knows {newer - 1}"):
        Store.open(path)
    assert path.read_bytes() == content


# Damage


def test_a_file_that_is_no_database_is_set_aside_whole(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"what is this? " * 1000)
    with opened(path) as store:
        (notice,) = store.notices
        assert isinstance(notice, Corrupt)
        (aside,) = path.parent.glob("team.damaged-*.sqlite3")
        assert str(aside) in str(notice)
        assert aside.read_bytes() == b"what is this? " * 1000
        assert store.directory.count() == 0
        store.directory.save(people(1), SEEN_AT)
    with opened(path) as store:
        assert (store.notices, store.directory.count()) == ((), 1)


def test_a_file_cut_short_is_set_aside(path: Path) -> None:
    with opened(path) as store:
        store.directory.save(people(500), SEEN_AT)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with opened(path) as store:
        assert [type(notice) for notice in store.notices] == [Corrupt]
        assert len(list(path.parent.glob("team.damaged-*.sqlite3"))) == 1


def test_damage_met_on_the_way_is_told_and_the_next_start_rescues_changes_and_drafts(path: Path) -> None:
    with opened(path) as store:
        changes = store.changes.add([new_change(request={"remark": f"第{number}"}) for number in range(50)])
        store.changes.claim(changes[:1])
        store.drafts.save(1, "follow", "wm1", {"texts": "打过电话"})
        store.directory.save(people(500), SEEN_AT)
    with raw(path) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'records'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with opened(path) as store:
        assert store.notices == ()
        with pytest.raises(Corrupt, match="is damaged"):
            store.directory.get(people(1)[0].id)
    with opened(path) as store:
        (notice,) = store.notices
        assert "50 changes and 1 drafts of it were rescued" in str(notice)
        assert [change.id for change in store.changes.outbox()] == changes
        assert store.changes.counts()[State.SENDING] == 1
        draft = store.drafts.get(1)
        assert draft is not None
        assert draft.values == {"texts": "打过电话"}
    with opened(path) as store:
        assert store.notices == ()


def test_a_file_that_proves_sound_is_kept(path: Path) -> None:
    with opened(path) as store:
        store.directory.save(people(1), SEEN_AT)
    mark = path.with_name(path.name + ".damaged")
    mark.touch()
    with opened(path) as store:
        assert (store.notices, store.directory.count()) == ((), 1)
    assert not mark.exists()


# A disk that refuses


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StoreReadOnly, match="cannot open or write"):
        Store.open(tmp_path / "data" / "team.sqlite3")


def test_a_file_that_cannot_be_opened_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreReadOnly) as refused:
        Store.open(path)
    assert str(path) in str(refused.value)
    assert "KEHU_DATA_DIR" in refused.value.hint()


def test_a_disk_that_takes_no_writes_is_told_and_nothing_is_recorded(store: Store) -> None:
    with store._database.reading() as connection:
        connection.execute("PRAGMA query_only = ON")
    for write in (
        lambda: store.changes.add([new_change()]),
        lambda: store.drafts.save(1, "edit", "1", {}),
        lambda: store.directory.save(people(1), SEEN_AT),
    ):
        with pytest.raises(StoreReadOnly):
            write()
    assert (store.changes.outbox(), store.drafts.list(), store.directory.count()) == ([], [], 0)


def test_a_full_disk_is_told_nothing_is_half_recorded_and_it_goes_on_once_there_is_space(store: Store) -> None:
    with store._database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    many = [new_change(request={"remark": "长" * 100}) for _ in range(1000)]
    with pytest.raises(DiskFull, match="no space is left"):
        store.changes.add(many)
    with pytest.raises(DiskFull):
        store.directory.save(people(1000), SEEN_AT)
    assert (store.changes.outbox(), store.directory.count()) == ([], 0)
    with store._database.reading() as connection:
        connection.execute(f"PRAGMA max_page_count = {pages + 100_000}")
    assert len(store.changes.add(many)) == 1000
    store.directory.save(people(1000), SEEN_AT)
    assert ids(store.directory.search("张三999"))[0] == people(1000)[999].id


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room, where this machine lets one be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    asked = [mount or "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if mount is None or subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_is_full_to_the_last_byte_is_told_as_full_and_keeps_what_it_has(small_disk: Path) -> None:
    path = small_disk / "data" / "team.sqlite3"
    with opened(path) as store:
        store.changes.add([new_change()])
    filler = small_disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    with pytest.raises(DiskFull, match="no space is left"), opened(path) as store:
        store.changes.add([new_change(customer_id="wm2")])
    filler.unlink()
    with opened(path) as store:
        assert [change.customer_id for change in store.changes.outbox()] == ["wm1"]


def test_a_file_that_another_program_keeps_to_itself_is_told(path: Path) -> None:
    with opened(path) as store, raw(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Locked, match="another program keeps"):
            store.drafts.save(1, "edit", "1", {})
        other.execute("ROLLBACK")
        store.drafts.save(1, "edit", "1", {})
    with raw(path) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Locked):
            Store.open(path, busy_timeout=SOON)


def test_every_error_says_what_to_do_in_the_agent_s_language() -> None:
    error = DiskFull("no {thing} at {path}", todo="free {path}", thing="space", path="/data")
    assert str(error) == "no space at /data"
    chinese = {"no {thing} at {path}": "{path} 没有 {thing}", "free {path}": "清理 {path}"}
    assert error.message(lambda text: chinese[text]) == "/data 没有 space"
    assert error.hint(lambda text: chinese[text]) == "清理 /data"
    assert DiskFull("x").hint() == ""


def test_a_closed_store_may_be_closed_again(path: Path) -> None:
    store = Store.open(path)
    store.close()
    store.close()
