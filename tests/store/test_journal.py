"""The journal: what became of every change, apart from the outbox, and brought along from files that had no journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.store.samples import new_change
from tui.desk.changes_made import change_made, changes_made, history
from tui.model.change import Kind, Settlement, State
from tui.model.journal_entry import JournalEntry, change_of, entries_of, new_ids
from tui.store.store import Store
from tui.store.store_errors import StoreError, TooLarge

SOURCE = "useasy:crm.example.com/1090"


def one(store: Store, **rest: Any) -> int:
    (id,) = store.changes.add([new_change(source=SOURCE, author="rocky", **rest)])
    return id


def brought_to(store: Store, state: State, **rest: Any) -> int:
    id = one(store, **rest)
    if state is State.DISCARDED:
        store.changes.discard([id])
    elif state is not State.PENDING:
        store.changes.claim([id])
        store.changes.settle([Settlement(id, state, "84061", "not a follower")])
    return id


def numbers(changes: list[Any]) -> list[int]:
    return [change.id for change in changes]


def states(store: Store) -> list[str]:
    """Every entry's state, the first that was written first."""
    with store._database.reading() as connection:
        return [state for (state,) in connection.execute("SELECT json_extract(body, '$.state') FROM journal")]


def test_an_entry_tells_whose_customer_it_was_who_acted_and_what_came_of_it(store: Store) -> None:
    id = one(store, union_id="oz1", customer_name="王伟", before={"remark": "王"}, profile="crm", user_id="lily")
    store.changes.claim([id])
    assert store.journal.latest() == [], "it is on its way: nothing is done yet"
    store.changes.settle([Settlement(id, State.SENT, after={"remark": "张总"}, answer={"code": 200})])
    (entry,) = store.journal.latest()
    assert (entry.source, entry.customer, entry.union_id, entry.kind, entry.author) == (
        *(SOURCE, "wm1", "oz1", "remark", "rocky"),
    )
    assert UUID(entry.id).version == UUID(entry.about).version == 7
    body = {name: entry.body[name] for name in ("state", "before", "after", "answer", "customer_name", "user_id")}
    assert body == {
        "state": "sent",
        "before": {"remark": "王"},
        "after": {"remark": "张总"},
        "answer": {"code": 200},
        "customer_name": "王伟",
        "user_id": "lily",
    }
    change = store.changes.get(id)
    assert change is not None
    assert change_of(entry) == change, "nothing of it is in the outbox alone"


def test_an_entry_that_is_added_twice_is_added_once(store: Store) -> None:
    brought_to(store, State.SENT)
    entries = store.journal.latest()
    store.journal.append(entries)
    other = JournalEntry(new_ids(1, 5.0)[0], SOURCE, "wm1", None, "later", "rocky", 5.0, {"of": "a newer kehu"})
    store.journal.append([other, other])
    assert store.journal.latest() == [*entries, other]
    assert store.journal.latest(kinds=["later"]) == [other]
    assert numbers(changes_made(store)) == [1], "what is no change is none here either"


def test_no_entry_is_ever_changed_or_taken_away(store: Store) -> None:
    brought_to(store, State.SENT)
    for statement in ("DELETE FROM journal", "UPDATE journal SET author = 'somebody else'"):
        with pytest.raises(StoreError, match="only added to"), store._database.writing() as connection:
            connection.execute(statement)
    assert [entry.author for entry in store.journal.latest()] == ["rocky"]


def test_every_end_that_a_change_came_to_is_told_and_the_last_one_counts(store: Store) -> None:
    id = brought_to(store, State.FAILED)
    store.changes.retry([id])
    store.changes.claim([id])
    store.changes.settle([Settlement(id, State.UNKNOWN)])
    store.changes.mark_done([id])
    assert states(store) == ["failed", "unknown", "sent"]
    assert [entry.body["state"] for entry in store.journal.latest()] == ["sent"]
    assert [change.state for change in changes_made(store)] == [State.SENT]


def test_a_late_answer_is_not_told(store: Store) -> None:
    id = one(store)
    store.changes.discard([id])
    store.changes.settle([Settlement(id, State.SENT)])
    assert states(store) == ["discarded"]


def test_what_became_of_a_change_and_the_entry_of_it_are_on_disk_together_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = one(store)
    store.changes.claim([id])

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.journal, "append_in", killed)
    with pytest.raises(KeyboardInterrupt):
        store.changes.settle([Settlement(id, State.SENT)])
    change = store.changes.get(id)
    assert change is not None
    assert change.state is State.SENDING
    assert states(store) == []


def test_a_change_that_is_sent_again_is_told_once_and_as_it_stands(store: Store) -> None:
    first, second = brought_to(store, State.FAILED), brought_to(store, State.SENT)
    store.changes.retry([first])
    assert [(change.id, change.state) for change in changes_made(store)] == [
        (second, State.SENT),
        (first, State.PENDING),
    ]
    again = change_made(store, first)
    assert again is not None
    assert again.state is State.PENDING


def test_everything_that_was_done_is_told_the_newest_first_page_by_page(store: Store) -> None:
    made = [
        brought_to(store, State.PENDING if number == 4 else State.SENT, customer_id=f"wm{number % 2}")
        for number in range(6)
    ]
    assert numbers(changes_made(store)) == made[::-1]
    assert numbers(changes_made(store, limit=2)) == made[:-3:-1]
    assert numbers(changes_made(store, "wm1")) == [made[5], made[3], made[1]]
    assert changes_made(store, "nobody") == []
    fourth = store.changes.get(made[4])
    assert fourth is not None
    before = store.journal.latest(limit=2, before=fourth.uid)
    assert [entry.body["number"] for entry in before] == [made[3], made[2]]


def test_the_history_of_a_customer_is_its_follow_ups_and_remarks(store: Store) -> None:
    follow = brought_to(store, State.UNKNOWN, kind=Kind.FOLLOW)
    brought_to(store, State.SENT, kind=Kind.UPDATE)
    remark = brought_to(store, State.SENT, kind=Kind.REMARK)
    brought_to(store, State.DISCARDED, kind=Kind.FOLLOW)
    waiting = brought_to(store, State.PENDING, kind=Kind.FOLLOW)
    brought_to(store, State.SENT, kind=Kind.FOLLOW, customer_id="wm2")
    assert numbers(history(store, "wm1")) == [waiting, remark, follow]


def test_a_change_that_is_told_knows_what_took_it_back(store: Store) -> None:
    first = brought_to(store, State.SENT)
    undo = one(store, undo_of=first)
    assert [(change.id, change.undone_by) for change in changes_made(store)] == [(undo, None), (first, undo)]
    told = change_made(store, first)
    assert told is not None
    assert told.undone_by == undo
    assert change_made(store, 99) is None


def test_ids_come_one_after_the_other_also_where_the_clock_was_set_back() -> None:
    ids = new_ids(3, 1_700_000_000.5)
    later = new_ids(2, 1_600_000_000.0, after=ids[-1])
    assert [*ids, *later] == sorted({*ids, *later})
    assert {UUID(id).version for id in (*ids, *later)} == {7}
    assert {UUID(id).variant for id in ids} == {"specified in RFC 4122"}


def test_what_an_entry_lacks_is_what_the_change_lacked(store: Store) -> None:
    change = store.changes.get(brought_to(store, State.SENT))
    assert change is not None
    (entry,) = entries_of([replace(change, code="", message="")], 5.0)
    assert {"before", "answer", "batch", "undo_of", "code", "message"}.isdisjoint(entry.body)


WITHOUT_A_JOURNAL = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE changes (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT NOT NULL,
    customer_name TEXT NOT NULL, union_id TEXT, user_id TEXT NOT NULL, request TEXT NOT NULL, "before" TEXT,
    "after" TEXT, repeatable INTEGER NOT NULL, batch TEXT, undo_of INTEGER,
    os_user TEXT NOT NULL, host TEXT NOT NULL, profile TEXT NOT NULL, created_at REAL NOT NULL, sent_at REAL,
    settled_at REAL, changed_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, sender TEXT,
    code TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', answer TEXT
);
CREATE INDEX changes_state ON changes (state, id);
CREATE INDEX changes_customer ON changes (customer_id, id);
CREATE INDEX changes_batch ON changes (batch, id) WHERE batch IS NOT NULL;
CREATE INDEX changes_undo ON changes (undo_of) WHERE undo_of IS NOT NULL;
CREATE TRIGGER changes_stay BEFORE DELETE ON changes
BEGIN SELECT RAISE(ABORT, 'a change is never deleted'); END;
CREATE TABLE transitions (
    change INTEGER NOT NULL, at REAL NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL
);
CREATE INDEX transitions_change ON transitions (change);
CREATE TRIGGER changes_added AFTER INSERT ON changes
BEGIN INSERT INTO transitions VALUES (new.id, new.changed_at, new.state, new.code, new.message); END;
CREATE TRIGGER changes_moved AFTER UPDATE OF state ON changes
BEGIN INSERT INTO transitions VALUES (new.id, new.changed_at, new.state, new.code, new.message); END;
CREATE TABLE links (
    customer_id TEXT NOT NULL, profile TEXT NOT NULL, theirs TEXT NOT NULL, "values" TEXT NOT NULL,
    ids TEXT NOT NULL, chosen TEXT, asked_at REAL NOT NULL, PRIMARY KEY (customer_id, profile)
) WITHOUT ROWID;
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY, form TEXT NOT NULL, target TEXT NOT NULL, "values" TEXT NOT NULL, seen TEXT,
    saved_at REAL NOT NULL
);
CREATE INDEX drafts_about ON drafts (form, target);
INSERT INTO changes VALUES
    (1, 'update', 'sent', '77', '王伟', NULL, '', '{"values":{"name":"\\u738b"}}', '{"values":{"name":"\\u674e"}}',
     '{"name":"\\u738b"}', 1, NULL, NULL, 'agent', 'jump', 'crm', 100.5, 101.0, 102.0, 102.0, 1, NULL, '', '',
     '{"data":{"id":"77"},"code":"200"}'),
    (2, 'follow', 'unknown', '77', '王伟', 'oz1', 'rocky',
     '{"user_id":"rocky","texts":[{"content":"\\u6253\\u4e86","at":null}]}', NULL, NULL, 0, '3fa9', NULL,
     'agent', 'jump', 'crm', 100.5, 103.0, NULL, 104.0, 1, NULL, 'lost',
     'the program ended before the answer came', NULL),
    (3, 'update', 'pending', '77', '王伟', NULL, '', '{"values":{"name":"\\u674e"}}', '{"values":{"name":"\\u738b"}}',
     NULL, 1, NULL, 1, 'agent', 'jump', 'crm', 105.0, NULL, NULL, 105.0, 0, NULL, '', '', NULL),
    (4, 'follow', 'kept', '78', '李四', NULL, 'rocky', '{"user_id":"rocky","texts":[{"content":"x","at":null}]}', NULL,
     NULL, 0, NULL, NULL, 'agent', 'jump', 'crm', 106.0, NULL, NULL, 106.0, 0, NULL, '', '', NULL);
PRAGMA user_version = 4;
"""
"""A file as it was written when the outbox was the journal too, as far as its changes go; it was made before they
parted."""


@pytest.fixture
def older(path: Path) -> Path:
    path.parent.mkdir(mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(WITHOUT_A_JOURNAL)
    return path


def test_a_file_that_an_older_kehu_wrote_has_all_of_its_journal(older: Path) -> None:
    with closing(Store.open(older, source=SOURCE)) as store:
        made = changes_made(store)
        assert [(change.id, change.state, change.undone_by) for change in made] == [
            (4, State.KEPT, None),
            (3, State.PENDING, None),
            (2, State.UNKNOWN, None),
            (1, State.SENT, 3),
        ]
        assert made[::-1] == store.changes.get_many([1, 2, 3, 4]), "as the outbox had them, word for word"
        entries = store.journal.latest()
        assert [(entry.source, entry.author, entry.at) for entry in entries] == [
            (SOURCE, "rocky", 106.0),
            (SOURCE, "rocky", 104.0),
            (SOURCE, "agent", 102.0),
        ]
        assert {UUID(entry.id).version for entry in entries} == {7}
        assert numbers(history(store, "77")) == [2]
        assert store.changes.trail(3)[0].at == 105.0
        store.changes.claim([3])
        store.changes.settle([Settlement(3, State.SENT)])
        assert [entry.body["number"] for entry in store.journal.latest("77")] == [3, 2, 1]
    copies = list(older.parent.glob("team.v4-*"))
    assert len(copies) == 1


def test_an_older_file_that_is_damaged_loses_nothing_of_its_journal_that_can_be_read(older: Path) -> None:
    older.write_bytes(older.read_bytes().ljust(65536, b"\0"))
    with closing(sqlite3.connect(older)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'drafts'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(older.read_bytes())
    content[(root - 1) * size : root * size] = b"\xff" * size
    older.write_bytes(content)
    older.with_name(older.name + ".damaged").touch()
    with closing(Store.open(older, source=SOURCE)) as store:
        assert store.notices
        assert numbers(changes_made(store)) == [4, 3, 2, 1]


def test_a_change_too_large_for_the_outbox_leaves_no_entry(store: Store) -> None:
    with pytest.raises(TooLarge):
        store.changes.add([new_change(Kind.FOLLOW, state=State.KEPT, request={"text": "x" * 2**20})])
    assert states(store) == []
