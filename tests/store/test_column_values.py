"""What rows show beside what is kept with them: of the records, of what was sent, of when somebody is contacted."""

from __future__ import annotations

from tests.store.samples import SEEN_AT, ids, new_change, people
from tui.model.change import State
from tui.model.columns import LIST_COLUMNS, find_columns
from tui.store.store import Store

COLUMNS = find_columns(("union_id", "state", "last", "next", "seen"))


def test_rows_have_the_values_of_columns_that_are_not_kept_with_them(store: Store) -> None:
    store.directory.save(people(2), SEEN_AT)
    first = store.changes.add([new_change(customer_id="wm00000001")])
    store.changes.add([new_change(customer_id="wm00000001", state=State.KEPT)])
    store.directory.set_last("wm00000001", 5)
    store.directory.set_next("wm00000001", 7)
    listing = store.with_values(store.directory.known(0, 10), COLUMNS)
    assert ids(listing) == ["wm00000001", "wm00000000"]
    keys = ("union_id", "state", "last", "next", "seen", "name")
    assert [listing.rows[0].value(key) for key in keys] == ["oz00000001", "pending", 5, 7, SEEN_AT, "张三1"]
    assert [listing.rows[1].value(key) for key in keys] == ["oz00000000", "", "", "", SEEN_AT, "张三0"]
    store.changes.discard(first)
    assert store.with_values(listing, COLUMNS).rows[0].value("state") == ""


def test_of_several_changes_the_one_that_needs_a_person_most_is_told(store: Store) -> None:
    store.changes.add([new_change(customer_id="a"), new_change(customer_id="a", state=State.FAILED)])
    assert store.changes.states(["a", "b"]) == {"a": State.FAILED}


def test_rows_whose_record_is_gone_stay_as_they_are(store: Store) -> None:
    store.directory.save(people(1), SEEN_AT)
    listing = store.directory.known(0, 10)
    store.directory.forget("wm00000000")
    assert store.with_values(listing, COLUMNS) == listing


def test_columns_that_are_kept_with_the_rows_read_nothing_more(store: Store) -> None:
    store.directory.save(people(1), SEEN_AT)
    listing = store.directory.known(0, 10)
    assert store.with_values(listing, LIST_COLUMNS) is listing
