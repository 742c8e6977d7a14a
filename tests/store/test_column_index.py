"""The index of queries: brought along for a file of an older kehu, kept up as customers come, small, and honest."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.model.query.tenant import NOW, VOCABULARY
from tests.store.samples import SEEN_AT, ids, new_change, people
from tui.model.change import Kind, Settlement, State
from tui.model.query.parser import parse_query
from tui.store import column_index, schema
from tui.store.rows import Listing
from tui.store.store import Store

BEFORE_QUERIES = 4
"""The version of files that have nothing which queries read."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few customers."""
    for name, value in {"BLOCK": 16, "SMALL_BLOCK": 4, "TAIL": 32, "READ_AT_ONCE": 8, "OVERLAID": 3}.items():
        monkeypatch.setattr(column_index, name, value)


def asked(store: Store, text: str, limit: int = 1000) -> Listing:
    return store.directory.answer(parse_query(text, VOCABULARY, NOW, UTC), limit)


KEPT = ("meta", "customers", "records", "dictionaries", "keys", "labels")
"""Tables of what was seen."""


def write_older(path: Path, seen: Path) -> sqlite3.Connection:
    """A file at `path` as a kehu without queries wrote it, with the customers of the file `seen`."""
    connection = sqlite3.connect(path, isolation_level=None)
    for step in schema.MIGRATIONS[:BEFORE_QUERIES]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {BEFORE_QUERIES}")
    connection.execute("ATTACH ? AS seen", (str(seen),))
    for table in KEPT:
        connection.execute(f"INSERT INTO {table} SELECT * FROM seen.{table}")
    return connection


@pytest.fixture
def older(path: Path, tmp_path: Path, small: None) -> Path:
    """A file of an older kehu, with 100 customers and a follow-up of each kind."""
    seen = tmp_path / "seen.sqlite3"
    with closing(Store.open(seen)) as store:
        store.directory.save(people(100), SEEN_AT)
    path.parent.mkdir()
    texts = [{"content": "a", "at": "2024-11-18T09:00:00Z"}, {"content": "b", "at": None}]
    request = json.dumps({"user_id": "rocky", "texts": texts})
    with closing(write_older(path, seen)) as connection:
        for number, state in enumerate(("sent", "failed", "kept"), 1):
            connection.execute(
                """
                INSERT INTO changes (kind, state, customer_id, customer_name, user_id, request, repeatable, os_user,
                    host, profile, created_at, changed_at)
                VALUES ('follow', ?, ?, '', 'rocky', ?, 0, '', '', 'team', ?, ?)
                """,
                (state, f"wm{number:08}", request, SEEN_AT, SEEN_AT),
            )
    return path


def test_the_steps_before_queries_are_what_they_were() -> None:
    assert len(schema.MIGRATIONS) > BEFORE_QUERIES
    assert not any("blocks" in statement for step in schema.MIGRATIONS[:BEFORE_QUERIES] for statement in step)


def test_an_older_file_opens_at_once_and_says_whom_queries_do_not_look_at_yet(older: Path) -> None:
    with closing(Store.open(older)) as store:
        found = asked(store, "name:张三")
        assert (found.rows, found.total, found.known, found.unread) == ((), 0, 0, 100)
        left = []
        while store.directory.fill_columns():
            left.append(store.directory.unread())
        assert left == sorted(left, reverse=True)
        assert len(left) > 100 // 16
        found = asked(store, "name:张三")
        assert (found.total, found.known, found.unread) == (100, 100, 0)


def test_an_older_file_knows_when_follow_ups_from_here_reached_somebody(older: Path) -> None:
    with closing(Store.open(older)) as store:
        while store.directory.fill_columns():
            pass
        assert sorted(ids(asked(store, "last:*"))) == ["wm00000001", "wm00000003"]


def test_an_older_file_that_is_saved_into_comes_along_by_itself(older: Path) -> None:
    with closing(Store.open(older)) as store:
        for turn in range(20):
            store.directory.save(people(1), SEEN_AT + turn, f"user{turn}")
        assert asked(store, "name:张三").total == 100


def test_a_follow_up_that_was_sent_is_the_last_contact(store: Store) -> None:
    store.directory.save(people(3), SEEN_AT)
    texts = {"user_id": "rocky", "texts": [{"content": "a", "at": None}]}
    (change,) = store.changes.add([new_change(Kind.FOLLOW, "wm00000001", request=texts)])
    assert store.directory.contact_times("wm00000001").last_at is None
    store.changes.claim([change])
    store.changes.settle([Settlement(change, State.SENT)])
    last = store.directory.contact_times("wm00000001").last_at
    assert last is not None
    assert datetime.now(UTC) - datetime.fromtimestamp(last, UTC) < timedelta(minutes=5)
    assert ids(asked(store, "last:*")) == ["wm00000001"]


def test_a_follow_up_noted_for_an_earlier_time_takes_no_later_contact_back(store: Store) -> None:
    store.directory.save(people(1), SEEN_AT)
    store.directory.set_last("wm00000000", 2_000_000_000)
    texts = {"user_id": "rocky", "texts": [{"content": "a", "at": "2020-01-01T00:00:00Z"}]}
    store.changes.add([new_change(Kind.FOLLOW, "wm00000000", request=texts, state=State.KEPT)])
    assert store.directory.contact_times("wm00000000").last_at == 2_000_000_000


@pytest.mark.usefixtures("small")
def test_next_contacts_are_found_and_sorted_before_and_after_they_are_in_the_blocks(store: Store) -> None:
    store.directory.save(people(40), SEEN_AT)
    for number in range(5):
        store.directory.set_next(f"wm{number:08}", SEEN_AT_SECONDS - number)
        assert ids(asked(store, "next<=today sort:next")) == [f"wm{one:08}" for one in range(number, -1, -1)]
    store.directory.set_next("wm00000002", None)
    assert ids(asked(store, "next:* sort:-next")) == ["wm00000000", "wm00000001", "wm00000003", "wm00000004"]


SEEN_AT_SECONDS = int(SEEN_AT)


@pytest.mark.usefixtures("small")
def test_a_next_contact_outlives_a_change_of_its_customer(store: Store) -> None:
    store.directory.save(people(40), SEEN_AT)
    store.directory.set_next("wm00000007", SEEN_AT_SECONDS)
    (changed,) = [one for one in people(40) if one.id == "wm00000007"]
    store.directory.save([changed.model_copy(update={"name": "李四"})], SEEN_AT + 1)
    assert ids(asked(store, "next:* name:李四")) == ["wm00000007"]


def test_the_latest_queries_are_remembered_once_each(store: Store) -> None:
    for text in ("a:1", "b:2", "a:1"):
        store.directory.note_asked(text)
    assert list(store.directory.asked()) == ["a:1", "b:2"]
