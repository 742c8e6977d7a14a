"""The way of a change from its recording to its end, and what the journal tells of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from tests.store.samples import SEEN_AT, new_change, people
from tui.store.outbox import ANSWER_LIMIT, BY_HAND, MESSAGE_LIMIT, Change, Kind, Settlement, State
from tui.store.store import Store
from tui.store.store_errors import StoreError, TooLarge


def one(store: Store, **rest: Any) -> int:
    (id,) = store.changes.add([new_change(**rest)])
    return id


def brought_to(store: Store, state: State, **rest: Any) -> int:
    """The id of a change that came into `state` in the usual way."""
    id = one(store, **rest)
    if state is not State.PENDING:
        store.changes.claim([id])
    if state not in (State.PENDING, State.SENDING, State.DISCARDED):
        store.changes.settle([Settlement(id, state, "84061", "not a follower")])
    if state is State.DISCARDED:
        store.changes.release([id])
        store.changes.discard([id])
    return id


def state_of(store: Store, id: int) -> State:
    change = store.changes.get(id)
    assert change is not None
    return change.state


def ids(changes: list[Change]) -> list[int]:
    return [change.id for change in changes]


def test_a_change_is_recorded_as_it_is_to_be_sent(store: Store) -> None:
    new = new_change(
        Kind.UPDATE,
        "wm1",
        customer_name="王伟",
        union_id="oz1",
        user_id="rocky",
        request={"values": {"name": "半\ud83d个", "tags": ["a", "b"], "n": None}},
        before={"values": {"name": "王"}},
        batch="b1",
        os_user="agent",
        host="jump1",
        profile="team",
    )
    (id,) = store.changes.add([new])
    change = store.changes.get(id)
    assert change is not None
    kept = asdict(change)
    assert {name: kept[name] for name in asdict(new)} == asdict(new)
    assert (change.attempts, change.sent_at, change.settled_at, change.after, change.answer) == (
        0,
        None,
        None,
        None,
        None,
    )
    assert store.changes.get(id + 1) is None


def test_a_sent_change_keeps_the_vendor_s_answer_and_every_time(store: Store) -> None:
    id = one(store, kind=Kind.CREATE, customer_id="")
    (taken,) = store.changes.claim([id])
    assert (taken.state, taken.attempts) == (State.SENDING, 1)
    store.changes.settle(
        [Settlement(id, State.SENT, after={"name": "王"}, answer={"id": "77", "code": "200"}, customer_id="77")]
    )
    change = store.changes.get(id)
    assert change is not None
    assert (change.state, change.customer_id) == (State.SENT, "77")
    assert (change.after, change.answer) == ({"name": "王"}, {"id": "77", "code": "200"})
    assert change.sent_at is not None
    assert change.settled_at is not None
    assert change.created_at <= change.sent_at <= change.settled_at
    trail = store.changes.trail(id)
    assert [step.state for step in trail] == [State.PENDING, State.SENDING, State.SENT]
    assert [step.at for step in trail] == sorted(step.at for step in trail)


def test_what_an_earlier_try_was_answered_stays_in_the_trail(store: Store) -> None:
    id = brought_to(store, State.FAILED)
    store.changes.retry([id])
    store.changes.claim([id])
    store.changes.settle([Settlement(id, State.SENT)])
    assert [(step.state, step.code, step.message) for step in store.changes.trail(id)][2] == (
        State.FAILED,
        "84061",
        "not a follower",
    )
    change = store.changes.get(id)
    assert change is not None
    assert (change.code, change.message) == ("", "")


def test_a_change_that_is_to_be_sent_again_waits_and_its_tries_are_counted(store: Store) -> None:
    id = one(store)
    for attempt in (1, 2, 3):
        (taken,) = store.changes.claim([id])
        assert (taken.attempts, taken.answer) == (attempt, None)
        store.changes.settle([Settlement(id, State.PENDING, "network", "the line broke", answer={"http": 502})])
    waiting = store.changes.get(id)
    assert waiting is not None
    assert (waiting.state, waiting.settled_at, waiting.message) == (State.PENDING, None, "the line broke")
    store.changes.discard([id])


def test_a_person_s_yes_gives_a_failed_change_all_its_tries_again(store: Store) -> None:
    id = brought_to(store, State.FAILED)
    assert store.changes.retry([id]) == [id]
    (taken,) = store.changes.claim([id])
    assert taken.attempts == 1


def test_what_is_taken_is_not_taken_again(store: Store) -> None:
    first, second = one(store), one(store, customer_id="wm2")
    assert ids(store.changes.claim([first])) == [first]
    assert ids(store.changes.claim([first, second])) == [second]


def test_what_was_surely_not_sent_is_given_back(store: Store) -> None:
    id = brought_to(store, State.SENDING)
    assert store.changes.release([id, 99]) == [id]
    (taken,) = store.changes.claim([id])
    assert taken.attempts == 1
    store.changes.settle([Settlement(id, State.SENT)])
    assert store.changes.release([id]) == []


ALLOWED = {
    "retry": {State.FAILED: State.PENDING, State.UNKNOWN: State.PENDING},
    "discard": {
        State.PENDING: State.DISCARDED,
        State.FAILED: State.DISCARDED,
        State.UNKNOWN: State.DISCARDED,
    },
    "mark_done": {State.FAILED: State.SENT, State.UNKNOWN: State.SENT},
    "release": {State.SENDING: State.PENDING},
}
"""What may follow on what; everything else leaves a change as it is."""


@pytest.mark.parametrize("deed", ALLOWED)
@pytest.mark.parametrize("state", [state for state in State if state is not State.KEPT])
def test_a_deed_moves_only_what_it_may(store: Store, deed: str, state: State) -> None:
    id = brought_to(store, state)
    wanted = ALLOWED[deed].get(state)
    assert getattr(store.changes, deed)([id]) == ([id] if wanted else [])
    assert state_of(store, id) is (wanted or state)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.SENDING, State.KEPT)])
def test_a_late_answer_does_not_touch_what_was_settled_otherwise(store: Store, state: State) -> None:
    id = brought_to(store, state)
    store.changes.settle([Settlement(id, State.UNKNOWN, "late", "late")])
    assert state_of(store, id) is state
    assert "late" not in [step.code for step in store.changes.trail(id)]


def test_a_change_marked_as_done_says_that_a_person_did_so(store: Store) -> None:
    id = brought_to(store, State.UNKNOWN)
    store.changes.mark_done([id])
    change = store.changes.get(id)
    assert change is not None
    assert (change.state, change.code) == (State.SENT, BY_HAND)


def test_a_note_for_here_alone_is_never_sent(store: Store) -> None:
    id = one(store, kind=Kind.FOLLOW, state=State.KEPT)
    assert store.changes.claim([id]) == []
    assert store.changes.outbox() == []
    assert [(entry.customer, entry.body["state"]) for entry in store.journal.latest()] == [("wm1", "kept")]


def test_no_change_is_ever_deleted(store: Store) -> None:
    id = one(store)
    with pytest.raises(StoreError, match="never deleted"), store._database.writing() as connection:
        connection.execute("DELETE FROM changes")
    assert state_of(store, id) is State.PENDING


def test_the_outbox_is_what_is_not_settled_well_the_oldest_first(store: Store) -> None:
    states = (State.PENDING, State.SENT, State.FAILED, State.UNKNOWN, State.DISCARDED, State.SENDING)
    made = {state: brought_to(store, state, customer_id=state) for state in states}
    wanted = [made[state] for state in (State.PENDING, State.FAILED, State.UNKNOWN, State.SENDING)]
    assert ids(store.changes.outbox()) == wanted
    assert ids(store.changes.outbox(2, after=wanted[0])) == wanted[1:3]
    assert ids(store.changes.pending()) == [made[State.PENDING]]
    assert store.changes.counts() == {**dict.fromkeys(states, 1), State.KEPT: 0}


def test_a_change_knows_what_took_it_back_as_long_as_that_holds(store: Store) -> None:
    def undone_by() -> int | None:
        change = store.changes.get(first)
        assert change is not None
        return change.undone_by

    first = brought_to(store, State.SENT)
    assert undone_by() is None
    undo = one(store, undo_of=first)
    assert undone_by() == undo
    store.changes.discard([undo])
    assert undone_by() is None
    again = brought_to(store, State.FAILED, undo_of=first)
    assert undone_by() is None
    store.changes.retry([again])
    assert undone_by() == again


def test_ten_thousand_changes_are_recorded_and_taken_at_once(store: Store) -> None:
    made = store.changes.add([new_change(customer_id=f"wm{number}", batch="b") for number in range(10_000)])
    assert len(made) == len(set(made)) == store.changes.counts()[State.PENDING] == 10_000
    assert ids(store.changes.pending(300, after=made[499])) == made[500:800]
    assert ids(store.changes.claim(made[:1200])) == made[:1200]
    assert ids(store.changes.get_many(made[::-1])) == made
    assert store.changes.discard(made[1200:]) == made[1200:]


def test_a_change_too_large_to_record_is_refused_and_none_of_its_batch_is_recorded(store: Store) -> None:
    with pytest.raises(TooLarge, match="at most 1024 KiB") as refused:
        store.changes.add([new_change(), new_change(request={"text": "x" * 2**20})])
    assert "nothing was sent" in refused.value.hint()
    assert store.changes.outbox() == []


def test_a_long_answer_and_a_long_message_are_cut(store: Store) -> None:
    id = brought_to(store, State.SENDING)
    answer = {"html": "x" * ANSWER_LIMIT}
    store.changes.settle([Settlement(id, State.FAILED, message="长" * 9999, answer=answer)])
    change = store.changes.get(id)
    assert change is not None
    assert change.message == "长" * MESSAGE_LIMIT
    assert change.answer is not None
    assert change.answer["truncated"] > ANSWER_LIMIT


def test_a_record_that_fails_part_way_leaves_no_part(store: Store) -> None:
    bad: Any = object()
    with pytest.raises(TypeError):
        store.changes.add([new_change(), new_change(request={"text": bad})])
    assert store.changes.outbox() == []


class Watched:
    """A connection that notes how safe each of its commits is: SQLite fsyncs the log at FULL, and not at NORMAL."""

    NORMAL, FULL = 1, 2

    def __init__(self, store: Store) -> None:
        self._connection: Any = store._database.connection
        self.commits: list[int] = []
        setattr(store._database._shared, "connection", self)  # noqa: B010  # it stands in for a connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "COMMIT":
            self.commits += self._connection.execute("PRAGMA synchronous").fetchone()
        return self._connection.execute(statement, *values)


DEEDS: dict[str, Callable[[Store, list[int]], object]] = {
    "add": lambda store, _ids: store.changes.add([new_change()]),
    "claim": lambda store, ids: store.changes.claim(ids),
    "settle": lambda store, ids: store.changes.settle([Settlement(id, State.SENT) for id in ids]),
    "resolve_unknown": lambda store, ids: store.changes.resolve_unknown([Settlement(id, State.SENT) for id in ids]),
    "release": lambda store, ids: store.changes.release(ids),
    "retry": lambda store, ids: store.changes.retry(ids),
    "discard": lambda store, ids: store.changes.discard(ids),
    "hold": lambda store, ids: store.changes.hold(ids),
    "mark_done": lambda store, ids: store.changes.mark_done(ids),
    "draft": lambda store, _ids: store.drafts.save(1, "edit", "1", {"name": "王"}),
    "draft thrown away": lambda store, _ids: store.drafts.delete(1),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_done_to_a_change_or_a_draft_is_fsynced_before_the_next_thing_happens(store: Store, deed: str) -> None:
    made = store.changes.add([new_change()])
    watched = Watched(store)
    DEEDS[deed](store, made)
    assert watched.commits == [Watched.FULL]


def test_what_can_be_fetched_again_costs_no_fsync(store: Store) -> None:
    watched = Watched(store)
    store.directory.save(people(1), SEEN_AT)
    assert set(watched.commits) == {Watched.NORMAL}
