"""What the journal tells is found by text, day, colleague, kind and state, and by the query language."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.samples import customer, new_change
from tui.model.change import Kind, State
from tui.model.journal_filter import JournalFilter
from tui.model.query.meaning import SaidDeed, SeenCustomer, answer
from tui.model.query.parser import parse_query
from tui.model.query.query_names import Colleague, Vocabulary
from tui.store.outbox import Settlement
from tui.store.store import Store

NOW = datetime.now(UTC)
VOCABULARY = Vocabulary(colleagues=(Colleague("rocky", "张三"), Colleague("lilei", "李雷")), me="rocky")


def did(store: Store, kind: Kind, id: str, author: str, *texts: str, days: int = 0, state: State = State.SENT) -> None:
    """Have `author` do something with the customer `id`, a follow-up so many days ago."""
    at = (NOW - timedelta(days=days)).isoformat()
    request = {
        Kind.FOLLOW: {"user_id": author, "texts": [{"content": text, "at": at} for text in texts]},
        Kind.REMARK: {"user_id": author, "remark": " ".join(texts)},
        Kind.UPDATE: {"values": {"company": " ".join(texts)}},
    }[kind]
    ids = store.changes.add([new_change(kind, id, request=request, user_id=author, author=author)])
    store.changes.claim(ids)
    store.changes.settle([Settlement(id=ids[0], state=state)])


@pytest.fixture
def worked(store: Store) -> Store:
    """A store of four customers, with whom something was done."""
    store.directory.save([customer(f"wm{number}", f"客户{number}") for number in range(1, 5)], time.time())
    did(store, Kind.FOLLOW, "wm1", "rocky", "发了报价，等回复", "再谈 ＡＢＣ")
    did(store, Kind.FOLLOW, "wm2", "lilei", "要报价", days=3)
    did(store, Kind.FOLLOW, "wm2", "rocky", "没接", days=1)
    did(store, Kind.REMARK, "wm3", "rocky", "报价太高")
    did(store, Kind.UPDATE, "wm4", "lilei", "上海报价公司")
    did(store, Kind.FOLLOW, "wm4", "lilei", "报价没送到", state=State.FAILED)
    return store


SAID = {
    "said:报价": ["wm1", "wm2", "wm3", "wm4"],
    "said:abc": ["wm1"],
    "said:报价 did_by:me": ["wm1", "wm3"],
    "said:报价 did_by:李雷": ["wm2", "wm4"],
    "said:没接 did_by:lilei": [],  # one thing that was done is all of it
    "said:报价 did:follow": ["wm1", "wm2"],
    "说过:报价 did:备注": ["wm3"],
    "did_on:today": ["wm1", "wm3", "wm4"],
    "did_on>=3d": ["wm1", "wm2", "wm3", "wm4"],
    "did:follow did_on<2d": ["wm2"],
    "-said:报价": [],
    "-said:没接 did_on>=3d": ["wm1", "wm3", "wm4"],
    "said:送到": [],  # it did not reach anybody
    "said:*": ["wm1", "wm2", "wm3", "wm4"],
    "-did:follow": ["wm3", "wm4"],
    "name:客户1 said:报价": ["wm1"],
}


def plainly(store: Store, text: str) -> Sequence[str]:
    """Whom the plain reading of the query `text` means."""
    deeds = {
        "wm1": [("follow", "rocky", 0, "发了报价，等回复"), ("follow", "rocky", 0, "再谈 abc")],
        "wm2": [("follow", "lilei", 3, "要报价"), ("follow", "rocky", 1, "没接")],
        "wm3": [("remark", "rocky", 0, "报价太高")],
        "wm4": [("update", "lilei", 0, "上海报价公司")],
    }
    seen = [
        SeenCustomer(
            customer(id, f"客户{id[2:]}"),
            place,
            0,
            deeds=[
                SaidDeed(kind, author, int((NOW - timedelta(days=days)).timestamp()), said)
                for kind, author, days, said in deeds[id]
            ],
        )
        for place, id in enumerate(deeds)
    ]
    query = parse_query(text, VOCABULARY, datetime.now().astimezone())
    return sorted(one.customer.id for one in answer(query, seen, lambda texts: (1, 0.0, texts[0])))


@pytest.mark.parametrize("text", SAID)
def test_customers_are_found_by_what_was_said_and_done(worked: Store, text: str) -> None:
    query = parse_query(text, VOCABULARY, datetime.now().astimezone())
    assert sorted(worked.directory.answer_ids(query)) == SAID[text]
    assert plainly(worked, text) == SAID[text]


def test_what_was_said_a_moment_ago_is_found(worked: Store) -> None:
    query = parse_query("said:刚刚", VOCABULARY, datetime.now().astimezone())
    assert worked.directory.answer(query, 10).total == 0
    did(worked, Kind.FOLLOW, "wm3", "rocky", "刚刚说的")
    assert [row.id for row in worked.directory.answer(query, 10).rows] == ["wm3"]


def test_a_change_that_went_on_is_told_once_and_as_it_stands(store: Store) -> None:
    ids = store.changes.add([new_change(Kind.FOLLOW, "wm1", request={"texts": [{"content": "报价"}]})])
    store.changes.claim(ids)
    store.changes.settle([Settlement(id=ids[0], state=State.UNKNOWN)])
    assert store.deeds.find(JournalFilter(states=("unknown",)), 10)
    store.changes.mark_done(ids)
    assert store.deeds.find(JournalFilter(states=("unknown",)), 10) == []
    assert len(store.deeds.find(JournalFilter(texts=("报价",)), 10)) == 1
    assert [deed.customer for deed in store.deeds.since(0)] == ["wm1"]


def test_the_journal_is_filtered_by_text_kind_colleague_state_and_day(worked: Store) -> None:
    def count(**wanted: object) -> int:
        return len(worked.deeds.find(JournalFilter(**wanted), 100))  # type: ignore[arg-type]

    assert count() == 6
    assert count(texts=("报价",)) == 5
    assert count(kinds=("remark",)) == 1
    assert count(authors=("lilei",)) == 3
    assert count(states=("failed",)) == 1
    assert count(since=int((NOW - timedelta(days=1, hours=1)).timestamp())) == 5
    assert count(texts=("报价",), authors=("rocky",), kinds=("follow",)) == 1
    assert worked.deeds.authors() == ["rocky", "lilei"]


def test_a_file_of_before_tells_what_was_said_then(path: Path) -> None:
    store = Store.open(path)
    did(store, Kind.FOLLOW, "wm1", "rocky", "旧话")
    store.close()
    store = Store.open(path)
    assert len(store.deeds.find(JournalFilter(texts=("旧话",)), 10)) == 1
    store.close()
