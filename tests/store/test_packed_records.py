"""What is kept of a customer is all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from tests.store.samples import SEEN_AT, ids, people
from tui.model.customer import Contact, Customer, CustomValue, FollowUser, Gender, Tag, TagKind
from tui.store.packed_records import DICTIONARY_SIZE, learn
from tui.store.store import Store

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIMES = st.none() | st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001  # the strategy adds the zone
    datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
CONTACTS = st.lists(st.builds(Contact, value=TEXTS, memo=TEXTS), max_size=3).map(tuple)
TAGS = st.lists(
    st.builds(Tag, name=TEXTS, group=TEXTS, kind=st.sampled_from(TagKind), id=st.none() | TEXTS), max_size=3
).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
CUSTOMERS = st.builds(
    Customer,
    id=TEXTS,
    union_id=st.none() | TEXTS,
    name=TEXTS,
    company=TEXTS,
    gender=st.sampled_from(Gender),
    kind=TEXTS,
    phones=CONTACTS,
    emails=CONTACTS,
    wechat=CONTACTS,
    qq=CONTACTS,
    tags=TAGS,
    owner=TEXTS,
    description=TEXTS,
    custom=st.lists(
        st.builds(CustomValue, code=TEXTS, label=TEXTS, value=TEXTS | CONTACTS | st.lists(TEXTS).map(tuple)), max_size=3
    ).map(tuple),
    follow_users=st.lists(
        st.builds(FollowUser, user_id=TEXTS, name=TEXTS, remark=TEXTS, description=TEXTS, added_at=TIMES, tags=TAGS),
        max_size=3,
    ).map(tuple),
    created_at=TIMES,
    updated_at=TIMES,
    raw=st.dictionaries(TEXTS, JSON, max_size=4),
    unreadable=st.booleans(),
)


@given(st.lists(CUSTOMERS, min_size=1, max_size=5, unique_by=lambda customer: customer.id), TEXTS)
def test_any_customer_comes_back_as_it_was_kept(customers: list[Customer], text: str) -> None:
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "any.sqlite3")
        try:
            store.directory.save(customers, SEEN_AT)
            assert [store.directory.get(customer.id) for customer in customers] == [
                (customer, SEEN_AT) for customer in customers
            ]
            # Whatever the texts are, they can be searched, changed and forgotten.
            store.directory.search(text)
            store.directory.save([customers[0].model_copy(update={"name": text})], SEEN_AT)
            for customer in customers:
                store.directory.forget(customer.id)
            assert (store.directory.count(), list(store.directory.owners())) == (0, [])
        finally:
            store.close()


def test_a_larger_sample_teaches_a_better_dictionary_and_older_records_stay_readable(store: Store) -> None:
    everybody = people(600)
    for start, end in ((0, 60), (60, 600)):
        store.directory.save(everybody[start:end], SEEN_AT)
    assert [store.directory.get(person.id) for person in everybody] == [(person, SEEN_AT) for person in everybody]


def test_what_is_kept_is_read_by_the_next_process(path: Path) -> None:
    first = Store.open(path)
    first.directory.save(people(100), SEEN_AT)
    first.close()
    second = Store.open(path)
    assert second.directory.get(people(1)[0].id) == (people(1)[0], SEEN_AT)
    second.directory.save(people(101), SEEN_AT + 1)
    assert second.directory.get(people(101)[100].id) == (people(101)[100], SEEN_AT + 1)
    assert ids(second.directory.search("张三100"))[0] == people(101)[100].id
    second.close()


def test_a_dictionary_is_no_larger_than_deflate_looks_back() -> None:
    jsons = [person.model_dump_json().encode() * 9 for person in people(300)]
    assert len(learn(jsons)) <= DICTIONARY_SIZE


def test_records_of_one_tenant_take_a_third_of_their_json(path: Path) -> None:
    store = Store.open(path)
    everybody = people(2000)
    store.directory.save(everybody, SEEN_AT)
    store.close()
    whole = sum(len(person.model_dump_json().encode()) for person in everybody)
    assert path.stat().st_size < whole
