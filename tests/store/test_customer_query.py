"""Queries over the directory: the store means what the plain reading means, in its order, whatever came and went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.model.query.tenant import NOW, VOCABULARY
from tests.store.samples import new_change
from tui.model.change import Kind, State
from tui.model.customer import Contact, Customer, CustomValue, FollowUser, Gender, Tag
from tui.model.query.field_values import compared, epoch, texts_of
from tui.model.query.meaning import SeenCustomer, answer
from tui.model.query.parser import parse_query
from tui.model.query.tree import WordsClause
from tui.store import column_index
from tui.store.column_index import entry_of
from tui.store.packed_columns import combine, combined_key
from tui.store.rows import added_at, kept_row
from tui.store.store import Store

SEEN_AT = epoch(NOW) or 0

NAMES = st.sampled_from(
    [
        "张三",
        "章三",
        "李四",
        "Li Si",
        "王 五",
        "ＺＯＥ",
        "zoe",
        "",
        " 曾 ",
        "A\u200bnn",
        "a\x01b\x02c",
        "10",
        "9",
        "é",
        "ﬁ",
    ]
)
TAGS = st.sampled_from(["VIP", "vip", "重要", "Key Account", "VIP客户"]).map(lambda name: Tag(name=name))
MOMENTS = st.sampled_from([NOW - timedelta(days=days, minutes=days) for days in (0, 1, 2, 29, 30, 31, 50, 400)])
FOLLOWERS = st.builds(
    FollowUser,
    user_id=st.sampled_from(["rocky", "lilei", "hanmei"]),
    name=st.sampled_from(["张三", "李雷", ""]),
    remark=NAMES,
    description=NAMES,
    added_at=st.none() | MOMENTS,
    tags=st.lists(TAGS, max_size=2).map(tuple),
)
PHONES = st.sampled_from(["13812345678", "+86 138-1234-5678", "010-66778899", "none", "", "8899"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "select_1": st.sampled_from(["1", "2", "普通客户", "9"]),
    "area_1": st.sampled_from([("31", "3101", "310115"), ("11", "市辖区"), ("31",), ("北京市",)]),
    "number_1": st.sampled_from(
        ["25000", "-3.50", "1,000", "1e3", "many", "0.1", "NaN", "50%", "12345678901234567890.5"]
    ),
    "date_1": st.sampled_from(["2024-11-20", "2024-10-31", "2023-12-31", "2024/11/20", "soon", "9999-12-31"]),
    "datetime_1": st.sampled_from(
        ["2024-11-20T08:00:00+08:00", "2024-11-19T23:59:59Z", "2024-11-20T08:00:00+0900", "2024-11-20", "x"]
    ),
    "1004": st.sampled_from(["重要", "12", "7", "2024-11-20", ("a", "B"), (Contact(value="a", memo="m"),)]),
}
CUSTOMS = st.fixed_dictionaries({}, optional=VALUES).map(
    lambda values: tuple(CustomValue(code=code, label=code, value=value) for code, value in values.items())
)


def contacts(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Contact, ...]]:
    return st.lists(values.map(lambda value: Contact(value=value)), max_size=2).map(tuple)


CUSTOMERS = st.builds(
    Customer,
    id=st.integers(0, 40).map(lambda number: f"wm{number}"),
    union_id=st.none() | st.sampled_from(["oz1", "oz2"]),
    name=NAMES,
    company=NAMES,
    gender=st.sampled_from(Gender),
    kind=st.sampled_from(["", "wechat"]),
    phones=contacts(PHONES),
    emails=contacts(st.sampled_from(["A@Example.com", "mailto:b@example.com", ""])),
    wechat=contacts(NAMES),
    qq=contacts(st.sampled_from(["10001"])),
    tags=st.lists(TAGS, max_size=2).map(tuple),
    owner=st.sampled_from(["", "rocky", "李雷"]),
    description=NAMES,
    custom=CUSTOMS,
    follow_users=st.lists(FOLLOWERS, max_size=2).map(tuple),
    created_at=st.none() | MOMENTS,
    updated_at=st.none() | MOMENTS,
)

CLAUSES = st.sampled_from(
    (
        *("name:三", "name:zoe", "name:a", "company:*", "remark:张,李", "description:o", "id:wm1", "union_id:oz1"),
        *("phones:5678", "phone:138-1234", "phone:none", "emails:example", "qq:*", "wechat:四"),
        *(
            "tag:VIP",
            "tag:VIP,重要",
            "tag:*",
            "owner:me",
            "owner:李雷",
            "owner:hanmei,me",
            "gender:female",
            "kind:wechat",
        ),
        *("客户等级:普通客户", "客户等级:重要客户,普通客户", "所在地区:上海市", "所在地区:市辖区", "所在地区:浦东新区"),
        *("年采购额>1000", "年采购额>=1000", "年采购额<50", "年采购额:-3.5", "年采购额:12345678901234567890.5"),
        *("签约日期:2024-11", "签约日期<2024", "签约日期>=2024-11-20", "签约日期>30d"),
        *("回访时间:today", "回访时间<today", '回访时间>="2024-11-20 00:00"', "回访时间:*"),
        *(
            "1004:重",
            "1004>10",
            "1004<=2024-11-20",
            "1004:a",
            "created>=30d",
            "created<30d",
            "updated:*",
            "created:2023",
        ),
        *("seen:today", "seen<2h", "added:today", "added<30d", "added:*", "last:*", "last<1d", "next<=today", "next:*"),
        *("state:sent", "state:failed,pending", "state:*", "profile:crm", "profile:*", "dialect:useasy"),
        *("张", "zoe", "李 四", "zhangsan", "5678", "vip"),
    )
)
SORTS = st.sampled_from(
    (
        *(
            "name",
            "-name",
            "company",
            "-remark",
            "tag",
            "owner",
            "-gender",
            "客户等级",
            "-年采购额",
            "年采购额",
            "签约日期",
        ),
        *(
            "-回访时间",
            "1004",
            "created",
            "-created",
            "updated",
            "seen",
            "-seen",
            "added",
            "last",
            "-next",
            "next",
            "state",
        ),
        *("phones", "-id", "所在地区"),
    )
)
QUERIES = st.tuples(st.lists(st.tuples(st.booleans(), CLAUSES), max_size=3), st.lists(SORTS, max_size=2)).map(
    lambda parts: " ".join(
        [
            *(("-" if negated and " " not in clause else "") + clause for negated, clause in parts[0]),
            *(f"sort:{name}" for name in parts[1]),
        ]
    )
)


@contextmanager
def small_blocks(block: int = 8) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_index, "BLOCK", block)
        patch.setattr(column_index, "TAIL", 2 * block)
        patch.setattr(column_index, "SMALL_BLOCK", 3)
        patch.setattr(column_index, "OVERLAID", 3)
        patch.setattr(column_index, "READ_AT_ONCE", 3)
        yield


class Life:
    """A directory that lives: customers come, change, are seen again and go; and what the plain reading knows of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.customers: dict[str, tuple[Customer, int]] = {}
        self.now = SEEN_AT - 10_000

    def save(self, customers: Sequence[Customer]) -> None:
        self.now += 61
        for customer in customers:
            self.customers[customer.id] = (customer, self.now)
        self.store.directory.save(customers, self.now, "rocky", listed=True)

    def see_again(self, ids: Sequence[str]) -> None:
        known = [self.customers[id][0] for id in ids if id in self.customers]
        self.save(known)

    def forget(self, id: str) -> None:
        self.store.directory.forget(id)
        self.customers.pop(id, None)

    def send(self, id: str, state: State) -> None:
        (change,) = self.store.changes.add([new_change(Kind.UPDATE, id, request={"values": {}})])
        if state is not State.PENDING:
            with self.store._database.writing() as connection:
                connection.execute("UPDATE changes SET state = ? WHERE id = ?", (state, change))

    def seen(self) -> list[SeenCustomer]:
        with self.store._database.reading() as connection:
            places = dict(connection.execute("SELECT id, place FROM customers"))
            states: dict[str, set[str]] = {}
            for id, state in connection.execute("SELECT customer_id, state FROM changes"):
                states.setdefault(id, set()).add(state)
        found = []
        for id, (customer, seen_at) in self.customers.items():
            times = self.store.directory.contact_times(id)
            found.append(
                SeenCustomer(
                    customer,
                    places[id],
                    seen_at,
                    added_at(kept_row(customer, seen_at, "rocky").added),
                    times.last_at,
                    times.next_at,
                    sorted(states.get(id, ())),
                    profile="crm",
                    dialect="useasy",
                )
            )
        return found


@contextmanager
def life(block: int = 8) -> Iterator[Life]:
    with TemporaryDirectory() as folder, small_blocks(block):
        store = Store.open(Path(folder) / "team.sqlite3")
        try:
            yield Life(store)
        finally:
            store.close()


def plain(lived: Life, text: str) -> list[str]:
    """The ids that the plain reading of `text` gives."""
    query = parse_query(text, VOCABULARY, NOW, UTC)
    everybody = lived.seen()
    words = [clause.text for clause in query.clauses if isinstance(clause, WordsClause)]
    found_by: dict[str, set[str]] = {}
    for word in words:
        for row in lived.store.directory.search(word, 1000).rows:
            found_by.setdefault(row.id, set()).add(word)
    everybody = [replace(one, found_by=frozenset(found_by.get(one.customer.id, ()))) for one in everybody]
    return [seen.customer.id for seen in answer(query, everybody, lambda texts: combined_key(combine(texts)))]


def stored(lived: Life, text: str) -> list[str]:
    """The ids that the store gives, page by page."""
    query = parse_query(text, VOCABULARY, NOW, UTC)
    constants = {"profile": "crm", "dialect": "useasy"}
    ids: list[str] = []
    while True:
        listing = lived.store.directory.answer(query, 7, len(ids), constants)
        ids += [row.id for row in listing.rows]
        if len(listing.rows) < 7:
            break
    if not query.words:
        assert listing.total == len(ids)
        assert ids == lived.store.directory.answer_ids(query, constants)
    return ids


LIVES = st.lists(
    st.one_of(
        st.tuples(st.just("save"), st.lists(CUSTOMERS, min_size=1, max_size=12)),
        st.tuples(st.just("see"), st.lists(st.integers(0, 40).map(lambda number: f"wm{number}"), max_size=6)),
        st.tuples(st.sampled_from(["fill", "index"])),
        st.tuples(st.just("forget"), st.integers(0, 40).map(lambda number: f"wm{number}")),
        st.tuples(st.just("next"), st.integers(0, 40).map(lambda number: f"wm{number}"), st.none() | MOMENTS),
        st.tuples(st.just("last"), st.integers(0, 40).map(lambda number: f"wm{number}"), st.none() | MOMENTS),
        st.tuples(st.just("send"), st.integers(0, 40).map(lambda number: f"wm{number}"), st.sampled_from(State)),
    ),
    min_size=1,
    max_size=12,
)


def live(lived: Life, deeds: Sequence[tuple[Any, ...]]) -> None:
    for name, *what in deeds:
        match name:
            case "save":
                lived.save(list({customer.id: customer for customer in what[0]}.values()))
            case "see":
                lived.see_again(what[0])
            case "forget":
                lived.forget(what[0])
            case "fill":
                while lived.store.directory.fill_columns():
                    pass
            case "index":
                with lived.store._database.writing():
                    lived.store.directory._customers.reindex()
            case "next":
                lived.store.directory.set_next(what[0], epoch(what[1]))
            case "last":
                lived.store.directory.set_last(what[0], epoch(what[1]))
            case _:
                lived.send(what[0], what[1])


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(deeds=LIVES, queries=st.lists(QUERIES, min_size=4, max_size=8))
def test_the_store_means_what_the_plain_reading_means(deeds: list[tuple[Any, ...]], queries: list[str]) -> None:
    with life() as lived:
        live(lived, deeds)
        for text in queries:
            query = parse_query(text, VOCABULARY, NOW, UTC)
            ranked = any(isinstance(clause, WordsClause) and not clause.negated for clause in query.clauses)
            if ranked and not query.sorts:  # the best first, as the search itself ranks them
                assert sorted(stored(lived, text)) == sorted(plain(lived, text)), text
            else:
                assert stored(lived, text) == plain(lived, text), text


@settings(max_examples=60, deadline=None)
@given(customer=CUSTOMERS)
def test_a_record_has_the_texts_that_its_customer_has(customer: Customer) -> None:
    entry = entry_of(1, customer.model_dump(mode="json"))
    assert {name: compared(name, value) for name, value in entry.texts.items() if any(value)} == {
        name: compared(name, value) for name, value in texts_of(customer).items() if any(value)
    }
    assert entry.moments.get("created_at") == epoch(customer.created_at)
