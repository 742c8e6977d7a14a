"""Next contacts: one open a customer, those that were made stay."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from tui.model.next_contact import NextContact
from tui.store.store import Store

NOON = 1_700_000_000


def contact(customer_id: str, at: int = NOON, **rest: object) -> NextContact:
    return NextContact(id=str(uuid4()), customer_id=customer_id, at=at, whole_day=False, **rest)  # type: ignore[arg-type]


def test_a_second_date_takes_the_place_of_the_first(store: Store) -> None:
    first = contact("wm1", note="报价", author="rocky")
    store.next_contacts.set([first])
    store.next_contacts.set([contact("wm1", NOON + 60, note="回访", author="lily")])

    kept = store.next_contacts.of(["wm1"])["wm1"]

    assert (kept.id, kept.at, kept.note, kept.author) == (first.id, NOON + 60, "回访", "lily")
    assert store.next_contacts.count(NOON + 61) == 1


def test_those_that_were_made_stay_and_another_can_be_set(store: Store) -> None:
    store.next_contacts.set([contact("wm1"), contact("wm2")])

    assert store.next_contacts.finish(["wm1", "nobody"]) == 1
    assert store.next_contacts.finish(["wm1"]) == 0
    store.next_contacts.set([contact("wm1", NOON + 5)])

    (made,) = store.next_contacts.made("wm1", 10)
    assert made.at == NOON
    assert made.done_at is not None
    assert [one.customer_id for one in store.next_contacts.until(NOON + 10)] == ["wm2", "wm1"]


def test_the_due_ones_are_told_earliest_first(store: Store) -> None:
    store.next_contacts.set([contact(f"wm{number}", NOON - number) for number in range(1500)])

    assert [one.customer_id for one in store.next_contacts.until(NOON + 1, 2)] == ["wm1499", "wm1498"]
    assert store.next_contacts.count(NOON) == 1499
    assert len(store.next_contacts.of([f"wm{number}" for number in range(1500)])) == 1500


def test_one_that_is_taken_away_was_not_made(store: Store) -> None:
    store.next_contacts.set([contact("wm1")])

    assert store.next_contacts.remove(["wm1"]) == 1

    assert store.next_contacts.of(["wm1"]) == {}
    assert store.next_contacts.made("wm1", 10) == []


@pytest.mark.parametrize("whole_day", [True, False])
def test_it_is_there_when_the_file_is_opened_again(path: Path, whole_day: bool) -> None:
    with_all = NextContact(
        id=str(uuid4()), customer_id="wm1", at=NOON, whole_day=whole_day, note="报价", author="rocky", at_vendor=True
    )
    store = Store.open(path)
    store.next_contacts.set([with_all])
    store.close()

    again = Store.open(path)
    kept = again.next_contacts.of(["wm1"])["wm1"]
    again.close()

    assert kept.created_at > 0
    assert kept == NextContact(
        **{
            **{name: getattr(with_all, name) for name in NextContact.__dataclass_fields__},
            "created_at": kept.created_at,
        }
    )


def test_a_query_finds_whom_to_contact_until_it_is_done(store: Store) -> None:
    def next_at(customer_id: str) -> int | None:
        return store.directory.contact_times(customer_id).next_at

    store.next_contacts.set([contact("wm1"), contact("wm2")])
    assert next_at("wm1") == NOON
    store.next_contacts.set([contact("wm1", NOON + 60)])
    assert next_at("wm1") == NOON + 60
    store.next_contacts.finish(["wm1"])
    store.next_contacts.remove(["wm2"])
    assert (next_at("wm1"), next_at("wm2")) == (None, None)
    store.next_contacts.set([contact("wm1", NOON + 5)])
    assert next_at("wm1") == NOON + 5
