"""Changes many at a time: the runs of a file, what was done to many customers, the outbox by its causes."""

from __future__ import annotations

import pytest

from tests.store.samples import customer, new_change
from tui.model.change import Kind, Settlement, State
from tui.store.store import Store
from tui.store.store_errors import Overtaken

DIGEST = "3fa94c1200"


def settle(store: Store, ids: list[int], state: State, code: str = "", message: str = "") -> None:
    """Send the changes `ids`, and have them end in `state`."""
    store.changes.claim(ids)
    store.changes.settle([Settlement(id, state, code, message) for id in ids])


def test_the_latest_run_of_a_file_is_found_by_its_digest_alone(store: Store) -> None:
    assert store.batches.latest(DIGEST) is None
    for batch in (DIGEST, f"{DIGEST}.2", f"{DIGEST}0", "3fa94c12", f"{DIGEST}.10"):
        store.changes.add([new_change(batch=batch)])
    assert store.batches.latest(DIGEST) == f"{DIGEST}.10"
    assert store.batches.latest("3fa94c12") == "3fa94c12"


def test_a_batch_is_read_in_the_order_in_which_it_was_recorded(store: Store) -> None:
    ids = store.changes.add([new_change(customer_id=f"wm{number}", batch=DIGEST) for number in range(700)])
    store.changes.add([new_change(batch="other")])
    assert [change.id for change in store.batches.of(DIGEST)] == ids


def test_a_batch_that_another_process_went_on_with_is_not_recorded_twice(store: Store) -> None:
    (first,) = store.changes.add([new_change(batch=DIGEST)], newest=0)
    with pytest.raises(Overtaken):
        store.changes.add([new_change(batch=DIGEST)], newest=0)
    assert len(store.batches.of(DIGEST)) == 1
    (second,) = store.changes.add([new_change(batch=DIGEST)], newest=first)
    assert [change.id for change in store.batches.of(DIGEST)] == [first, second]


def test_what_was_done_to_many_customers_since_a_moment_or_is_still_to_go(store: Store) -> None:
    ids = store.changes.add([new_change(customer_id=f"wm{number}") for number in range(1200)])
    store.changes.add([new_change(Kind.FOLLOW, "wm1", request={"texts": []})])
    wanted = [f"wm{number}" for number in range(1000)]
    found = store.batches.about(wanted, Kind.REMARK)
    assert [change.id for change in found] == ids[:1000]
    latest = max(change.created_at for change in found)
    settle(store, ids[1:999], State.SENT)
    assert [change.id for change in store.batches.about(wanted, Kind.REMARK, latest + 3600)] == [ids[0], ids[999]]


def test_the_outbox_shows_a_batch_once_for_each_cause(store: Store) -> None:
    batch = store.changes.add([new_change(customer_id=f"wm{number}", batch=DIGEST) for number in range(10)])
    single = store.changes.add([new_change(customer_id=f"alone{number}") for number in range(2)])
    settle(store, batch[:3], State.FAILED, "84061", "not external contact")
    settle(store, batch[3:5], State.FAILED, "60111", "userid not found")
    settle(store, batch[5:6], State.SENT)
    settle(store, single, State.FAILED, "84061", "not external contact")
    groups = store.batches.groups()
    assert [(group.first.id, group.count) for group in groups] == [
        (batch[0], 3),
        (batch[3], 2),
        (batch[6], 4),
        (single[0], 1),
        (single[1], 1),
    ]
    assert [store.batches.members(group.first) for group in groups] == [
        *(batch[:3], batch[3:5], batch[6:], single[:1], single[1:])
    ]
    assert store.batches.groups(limit=2) == groups[:2]


def test_what_stands_in_the_outbox_by_state_and_batch(store: Store) -> None:
    batch = store.changes.add([new_change(customer_id=f"wm{number}", batch=DIGEST) for number in range(4)])
    (single,) = store.changes.add([new_change(customer_id="alone")])
    settle(store, batch[:1], State.SENT)
    settle(store, batch[1:2], State.FAILED, "1")
    assert store.batches.unsettled([State.PENDING]) == [*batch[2:], single]
    assert store.batches.unsettled([State.PENDING, State.FAILED], DIGEST) == batch[1:]
    assert store.batches.unsettled([State.SENT]) == []


def test_what_waits_of_many_is_told_without_its_texts(store: Store) -> None:
    ids = store.changes.add([new_change(customer_id=f"wm{number}") for number in range(600)])
    settle(store, ids[:2], State.PENDING)
    settle(store, ids[2:4], State.SENT)
    found = store.batches.waiting(ids)
    assert [waiting.id for waiting in found] == [*ids[:2], *ids[4:]]
    assert [waiting.attempts for waiting in found[:3]] == [1, 1, 0]


def test_what_is_held_back_waits_for_a_person(store: Store) -> None:
    ids = store.changes.add([new_change(customer_id=f"wm{number}") for number in range(3)])
    settle(store, ids[:1], State.SENT)
    assert store.changes.hold(ids) == ids[1:]
    held = store.changes.get_many(ids[1:])
    assert {(change.state, change.code) for change in held} == {(State.FAILED, "stopped")}
    assert store.changes.pending() == []
    assert store.changes.retry(ids) == ids[1:]
    assert [change.id for change in store.changes.pending()] == ids[1:]


def test_many_customers_are_read_by_their_ids_or_union_ids(store: Store) -> None:
    people = [customer(f"wm{number}", union_id=f"u{number}" if number % 2 else None) for number in range(600)]
    store.directory.save(people, 1000.0)
    wanted = [*(f"wm{number}" for number in range(600)), "u1", "u3", "nobody"]
    found = store.directory.get_many(wanted)
    assert found.keys() == {*wanted[:-1]}
    assert all(found[person.id] == (person, 1000.0) for person in people)
    assert (found["u1"][0].id, found["u3"][0].id) == ("wm1", "wm3")
