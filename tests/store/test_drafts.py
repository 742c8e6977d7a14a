"""What was typed is kept until it is thrown away on purpose."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tui.store import schema
from tui.store.drafts import DRAFT_LIMIT, new_id
from tui.store.store import Store
from tui.store.store_errors import TooLarge

TYPED = {"remark": "张总\ud83d", "phones": [{"value": "138", "memo": ""}], "at": None}

DIES = """
import os, signal, sys
from pathlib import Path
from tui.store.store import Store

store = Store.open(Path(sys.argv[1]))
store.drafts.save(1, "follow", "wm1", {"texts": "打过电话"})
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_draft_comes_back_as_it_was_typed_with_its_age(store: Store) -> None:
    before = time.time()
    store.drafts.save(1, "remark", "wm1", TYPED, {"remark": "张"})
    draft = store.drafts.get(1)
    assert draft is not None
    assert (draft.form, draft.target, draft.values, draft.seen) == ("remark", "wm1", TYPED, {"remark": "张"})
    assert before <= draft.saved_at <= time.time()


def test_each_form_and_customer_has_its_own_draft_and_the_last_text_counts(store: Store) -> None:
    store.drafts.save(1, "remark", "wm1", {"remark": "一"})
    store.drafts.save(2, "follow", "wm1", {"texts": "二"})
    store.drafts.save(3, "remark", "wm2", {"remark": "三"})
    store.drafts.save(1, "remark", "wm1", {"remark": "四"})
    assert [(draft.form, draft.target, dict(draft.values)) for draft in store.drafts.list()] == [
        ("remark", "wm1", {"remark": "四"}),
        ("remark", "wm2", {"remark": "三"}),
        ("follow", "wm1", {"texts": "二"}),
    ]
    assert store.drafts.count() == 3


def test_a_draft_goes_only_when_it_is_thrown_away(store: Store) -> None:
    store.drafts.save(1, "remark", "wm1", TYPED)
    store.drafts.delete(2)
    assert store.drafts.count() == 1
    store.drafts.delete(1)
    assert (store.drafts.get(1), store.drafts.list(), store.drafts.count()) == (None, [], 0)


def test_two_forms_on_one_customer_keep_a_draft_each(store: Store) -> None:
    one, other = new_id(), new_id()
    store.drafts.save(one, "remark", "wm1", {"remark": "一"})
    store.drafts.save(other, "remark", "wm1", {"remark": "二"})
    assert [draft.values["remark"] for draft in store.drafts.about("remark", "wm1")] == ["二", "一"]
    store.drafts.delete(other)
    assert [draft.id for draft in store.drafts.about("remark", "wm1")] == [one]


def test_a_draft_that_another_form_goes_on_with_does_not_write_over_what_is_typed_there(store: Store) -> None:
    open_still, heir = new_id(), new_id()
    store.drafts.save(open_still, "remark", "wm1", {"remark": "一"})
    store.drafts.adopt(open_still, heir)
    assert [(draft.id, draft.values["remark"]) for draft in store.drafts.list()] == [(heir, "一")]
    store.drafts.save(heir, "remark", "wm1", {"remark": "一二"})
    store.drafts.save(open_still, "remark", "wm1", {"remark": "一三"})
    assert sorted(draft.values["remark"] for draft in store.drafts.list()) == ["一三", "一二"]


def test_drafts_of_the_first_version_are_there_after_the_migration(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in schema.MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute("INSERT INTO drafts VALUES ('remark', 'wm1', '{\"remark\": \"张\"}', '{}', 5.0)")
        connection.execute("INSERT INTO drafts VALUES ('follow', 'wm1', '{\"text.1\": \"打\"}', NULL, 6.0)")
        connection.execute("PRAGMA user_version = 1")
    store = Store.open(path)
    drafts = store.drafts.list()
    store.close()
    assert [(draft.form, dict(draft.values), draft.seen, draft.saved_at) for draft in drafts] == [
        ("follow", {"text.1": "打"}, None, 6.0),
        ("remark", {"remark": "张"}, {}, 5.0),
    ]


def test_a_draft_outlives_a_kill(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DIES, str(path)], check=False)
    assert done.returncode == -9
    store = Store.open(path)
    draft = store.drafts.get(1)
    store.close()
    assert draft is not None
    assert draft.values == {"texts": "打过电话"}


def test_a_draft_too_large_to_keep_is_refused_and_the_last_one_stays(store: Store) -> None:
    store.drafts.save(1, "follow", "wm1", {"texts": "short"})
    with pytest.raises(TooLarge, match="at most 1024 KiB"):
        store.drafts.save(1, "follow", "wm1", {"texts": "x" * DRAFT_LIMIT})
    draft = store.drafts.get(1)
    assert draft is not None
    assert draft.values == {"texts": "short"}
