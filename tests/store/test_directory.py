"""Customers kept, listed and forgotten; pages, fields and syncs remembered."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest

from tests.store.samples import SEEN_AT, customer, follower, ids, people
from tui.model.customer import Cascade, CascadeChoice, Choice, Contact, FieldSpec, FieldType, Tag
from tui.store.directory import Owner, SyncState
from tui.store.remark_targets import person_of
from tui.store.rows import Row, row_of
from tui.store.store import Store

CHINA = timezone(timedelta(hours=8))


def test_a_page_is_drawn_again_as_it_was_seen(store: Store) -> None:
    seen = people(3)
    store.directory.save_page("", 2, 100, 250, seen[::-1], SEEN_AT)
    listing = store.directory.page("", 2)
    assert listing is not None
    assert listing.rows == tuple(row_of(person, SEEN_AT) for person in seen[::-1])
    assert (listing.page, listing.size, listing.total, listing.seen_at) == (2, 100, 250, SEEN_AT)
    assert (listing.source, listing.complete) == ("directory", True)
    assert store.directory.page("", 1) is None
    assert store.directory.page("owner", 2) is None


def test_the_day_on_which_a_customer_was_added_is_the_readers_and_not_the_savers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = customer("wm1", "张三", created_at=datetime(2024, 11, 20, 23, 30, tzinfo=CHINA))
    days: dict[str, str] = {}
    for zone in ("Asia/Shanghai", "Pacific/Auckland", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        if not days:
            store.directory.save_page("", 1, 100, 1, [one], SEEN_AT)
        listing = store.directory.page("", 1)
        assert listing is not None
        assert listing.rows == (row_of(one, SEEN_AT),)
        days[zone] = listing.rows[0].added
    monkeypatch.undo()
    time.tzset()
    assert list(days.values()) == ["2024-11-20", "2024-11-21", "2024-11-20"]


def test_a_page_says_that_a_customer_of_it_is_gone(store: Store) -> None:
    store.directory.save_page("", 1, 100, 2, people(2), SEEN_AT)
    store.directory.forget(people(2)[0].id)
    listing = store.directory.page("", 1)
    assert listing is not None
    assert ids(listing) == [people(2)[1].id]
    assert not listing.complete


def test_an_empty_page_is_remembered_as_empty(store: Store) -> None:
    store.directory.save_page("nobody", 1, 100, 0, [], SEEN_AT)
    listing = store.directory.page("nobody", 1)
    assert listing is not None
    assert listing.rows == ()


def test_the_first_frame_draws_the_page_that_was_on_the_screen_not_one_fetched_ahead(store: Store) -> None:
    assert store.directory.last_page() is None
    store.directory.save_page("", 1, 100, 4, people(2), SEEN_AT)
    store.directory.save_page("mine", 3, 100, 4, people(2), SEEN_AT)
    store.directory.show("mine", 3, people(2)[1].id)
    store.directory.save_page("", 2, 100, 4, people(4)[2:], SEEN_AT + 1)
    listing = store.directory.last_page()
    assert listing is not None
    assert (listing.key, listing.page, listing.cursor_id) == ("mine", 3, people(2)[1].id)


def test_where_the_page_on_the_screen_is_gone_the_first_one_is_drawn(store: Store) -> None:
    store.directory.save_page("", 1, 100, 2, people(2), SEEN_AT)
    store.directory.save_page("mine", 1, 100, 2, people(2), SEEN_AT + 1)
    store.directory.show("", 7, "wm1")
    listing = store.directory.last_page()
    assert listing is not None
    assert (listing.key, listing.page, listing.cursor_id) == ("", 1, "")


def test_only_the_latest_pages_are_remembered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.store.directory.PAGES_KEPT", 3)
    for page in range(1, 6):
        store.directory.save_page("", page, 100, 500, people(1), SEEN_AT + page)
    assert [page for page in range(1, 6) if store.directory.page("", page)] == [3, 4, 5]


def test_everybody_seen_is_listed_the_most_lately_seen_first(store: Store) -> None:
    for number, person in enumerate(people(5)):
        store.directory.save([person], SEEN_AT + number)
    store.directory.save([people(5)[1]], SEEN_AT + 10)
    order = [people(5)[number].id for number in (1, 4, 3, 2, 0)]
    first, second = store.directory.known(0, 3), store.directory.known(3, 3)
    assert ids(first) + ids(second) == order
    assert (first.page, second.page, first.total) == (1, 2, 5)
    assert first.rows[0].seen_at == SEEN_AT + 10


def test_a_customer_seen_earlier_elsewhere_does_not_grow_older(store: Store) -> None:
    store.directory.save([people(1)[0]], SEEN_AT)
    store.directory.save([people(1)[0]], SEEN_AT - 100)
    found = store.directory.get(people(1)[0].id)
    assert found is not None
    assert found[1] == SEEN_AT


def test_the_customers_of_one_colleague_are_listed_and_counted(store: Store) -> None:
    store.directory.save(people(20), SEEN_AT)
    store.directory.save([customer("own", "王伟", owner="单田芳")], SEEN_AT + 1)
    assert store.directory.owners()[0] == Owner("rocky", "张三", 20)
    assert Owner("单田芳", "单田芳", 1) in store.directory.owners()
    mine = store.directory.known(0, 100, "u3")
    assert mine.total == len(mine.rows) == 3
    assert ids(store.directory.known(0, 100, "单田芳")) == ["own"]
    nobody = store.directory.known(0, 100, "nobody")
    assert (nobody.rows, nobody.total) == ((), 0)


def test_a_colleague_is_counted_anew_when_a_customer_changes_hands(store: Store) -> None:
    store.directory.save([customer("1", follow_users=(follower("a", "甲"),))], SEEN_AT)
    store.directory.save([customer("1", follow_users=(follower("b", "乙"),))], SEEN_AT)
    assert store.directory.owners() == [Owner("b", "乙", 1)]
    assert store.directory.known(0, 10, "a").rows == ()


def test_a_colleague_who_was_renamed_has_the_new_name(store: Store) -> None:
    store.directory.save([customer("1", follow_users=(follower("a", "甲"),))], SEEN_AT)
    store.directory.save([customer("1", follow_users=(follower("a", "乙"),))], SEEN_AT)
    assert store.directory.owners() == [Owner("a", "乙", 1)]


def test_customers_are_counted_once(store: Store) -> None:
    store.directory.save([*people(3), *people(2)], SEEN_AT)
    store.directory.save(people(4), SEEN_AT)
    store.directory.forget(people(1)[0].id)
    store.directory.forget("never seen")
    assert store.directory.count() == store.directory.known(0, 10).total == 3


def test_a_customer_is_read_by_its_id_or_union_id(store: Store) -> None:
    person = people(1)[0]
    store.directory.save([person], SEEN_AT)
    assert store.directory.get(person.id) == (person, SEEN_AT)
    assert person.union_id is not None
    assert store.directory.get(person.union_id) == (person, SEEN_AT)
    assert store.directory.by_union(person.union_id) == (person, SEEN_AT)
    assert store.directory.by_union(person.id) is None
    assert store.directory.get("nobody") is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("id", "1"),
        ("union_id", "oz1"),
        ("phone", "138-1234-5678"),
        ("phone", "+86 138 1234 5678"),
        ("email", "ANN@example.com"),
        ("wechat", "annie"),
        ("qq", "10001"),
    ],
)
def test_a_customer_is_linked_by_what_another_vendor_knows_of_it(store: Store, kind: str, value: str) -> None:
    known = customer(
        "1",
        union_id="oz1",
        phones=["13812345678"],
        emails=(Contact(value="ann@Example.com"),),
        wechat=(Contact(value="annie"),),
        qq=(Contact(value="10001"),),
    )
    store.directory.save([known, customer("2", phones=["13912345678"])], SEEN_AT)
    assert [found for found, _ in store.directory.find_by(kind, value)] == [known]
    assert store.directory.find_by(kind, "9") == []


def test_the_field_configuration_comes_back_whole(store: Store) -> None:
    specs = (
        FieldSpec(code="phones", label="电话", type=FieldType.PHONE, contacts=True, param="mobile", searchable=False),
        FieldSpec(
            code="area",
            label="地区",
            type=FieldType.CASCADE,
            choices=(Choice(key="1", label="一", default=True),),
            cascade=Cascade(levels=2, children=(CascadeChoice(key="a", label="A"),)),
        ),
    )
    assert store.directory.fields() is None
    store.directory.save_fields(specs, SEEN_AT)
    assert store.directory.fields() == (specs, SEEN_AT)


def test_a_sync_goes_on_where_it_was(store: Store) -> None:
    state = SyncState("", 3, 1000, 5000, SEEN_AT, SEEN_AT + 9)
    assert store.directory.sync() is None
    store.directory.save(people(2), SEEN_AT, listed=True, sync=state)
    assert store.directory.sync() == state
    done = SyncState("", 5, 1000, 5000, SEEN_AT, SEEN_AT + 20, complete=True, missed=2)
    store.directory.save_sync(done)
    assert store.directory.sync("") == done


def test_a_page_that_cannot_be_kept_whole_is_not_kept_in_part(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.directory.save(people(1), SEEN_AT)
    broken = people(300)
    monkeypatch.setattr("tui.store.customers.terms_of", _fails_at(broken[280].id))
    with pytest.raises(ZeroDivisionError):
        store.directory.save(broken, SEEN_AT, sync=SyncState("", 1, 300, 300, SEEN_AT, SEEN_AT))
    assert (store.directory.count(), store.directory.sync()) == (1, None)
    monkeypatch.undo()
    store.directory.save(broken, SEEN_AT)
    assert store.directory.count() == 300
    assert ids(store.directory.search("张三280"))[0] == broken[280].id
    assert store.directory.get(broken[299].id) == (broken[299], SEEN_AT)


def _fails_at(id: str) -> object:
    from tui.store.terms import terms_of

    def terms(person: object, labels: object) -> str:
        if getattr(person, "id", "") == id:
            raise ZeroDivisionError
        return terms_of(person, labels)  # type: ignore[arg-type]  # handed on as it came

    return terms


def test_a_row_shows_what_the_acting_colleague_noted() -> None:
    person = customer(
        "1",
        "王伟",
        company="长城",
        phones=["13812345678", "13900000000"],
        tags=(Tag(name="公司"),),
        follow_users=(
            follower("a", "甲", "王总", "一", "二", added_at=datetime(2020, 10, 30, 23, tzinfo=CHINA)),
            follower("b", "", "老王", added_at=datetime(2021, 3, 2, 23, tzinfo=CHINA)),
        ),
    )
    assert row_of(person, SEEN_AT) == Row(
        "1", "王伟", "长城", "王总", "13812345678", "甲", "2020-10-30", "一, 二, 公司", SEEN_AT, False
    )
    own = row_of(person, SEEN_AT, "b")
    assert (own.remark, own.owner, own.added, own.tags) == ("老王", "b", "2021-03-02", "公司")
    assert row_of(person, SEEN_AT, "nobody") == row_of(person, SEEN_AT)


def test_a_row_of_a_customer_without_colleagues_shows_the_record_s_own_owner() -> None:
    person = customer("1", owner="单田芳", created_at=datetime(2023, 6, 21, 20, tzinfo=CHINA))
    assert (row_of(person, SEEN_AT).owner, row_of(person, SEEN_AT).added) == ("单田芳", "2023-06-21")


def test_rows_follow_the_acting_colleague_when_the_profile_changes(store: Store) -> None:
    person = customer("1", follow_users=(follower("a", "甲", "王总"), follower("b", "乙", "老王")))
    store.directory.save([person], SEEN_AT, "a")
    store.directory.save([person], SEEN_AT, "b")
    assert store.directory.known(0, 1).rows[0].remark == "老王"


def test_a_batch_reads_of_a_customer_what_the_model_tells(store: Store) -> None:
    some = people(300)
    store.directory.save(some, SEEN_AT)
    ids = [customer.id for customer in some]
    assert store.directory.people(ids) == {customer.id: person_of(customer, SEEN_AT) for customer in some}
    unions = [customer.union_id for customer in some if customer.union_id]
    assert set(store.directory.people(unions)) == set(unions)
    assert store.directory.people(["nobody"]) == {}
