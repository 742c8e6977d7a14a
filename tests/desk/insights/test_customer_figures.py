"""Figures about customers: each bar counts just those whom its query lists."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.model.query.tenant import NOW, SPECS, at
from tui.desk.disk import Disk
from tui.desk.insights.insights import InsightsReader
from tui.locale import set_language
from tui.model.customer import Choice, Customer, CustomValue, FieldSpec, FieldType, FollowUser, Tag
from tui.model.errors import InvalidError
from tui.model.insights import Figure, FigureBar, Insights
from tui.model.query.field_values import epoch
from tui.model.query.parser import parse_query
from tui.model.query.query_names import Colleague, Vocabulary
from tui.store.store import Store

SEEN_AT = float(epoch(NOW) or 0)


def insights(store: Store, query: str = "") -> Insights:
    """All figures about whom `query` means, as of `NOW`."""
    return asyncio.run(_reader(store, query).all())


def _reader(store: Store, query: str) -> InsightsReader:
    return InsightsReader(
        Disk(store), profile="crm", dialect="useasy", me="rocky", query=query, now=NOW, zone=NOW.tzinfo
    )


def figure(found: Insights, key: str) -> Figure:
    """The figure called `key`."""
    return next(figure for figure in found.figures if figure.key == key)


def bars(found: Figure) -> list[tuple[str, int]]:
    """The labels and values of a figure."""
    return [(bar.label, bar.value) for bar in found.bars]


def listed(store: Store, query: str) -> int:
    """How many customers `query` lists."""
    directory = store.directory
    vocabulary = Vocabulary(
        specs=SPECS,
        seen=directory.fields_seen(),
        tags=directory.tags(),
        colleagues=[Colleague(owner.user_id, owner.name) for owner in directory.owners()],
        me="rocky",
    )
    return len(directory.answer_ids(parse_query(query, vocabulary, NOW, NOW.tzinfo)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    store = Store.open(tmp_path / "team.sqlite3")
    yield store
    store.close()


@pytest.fixture
def customers(store: Store) -> Store:
    """A store with a few customers who differ in what is counted."""
    store.directory.save_fields(SPECS, SEEN_AT)
    rocky, lilei = FollowUser(user_id="rocky", name="张三"), FollowUser(user_id="lilei", name="李雷")

    def one(id: str, *followers: FollowUser, tags: Sequence[str] = (), added: str, level: str = "") -> Customer:
        return Customer(
            id=id,
            follow_users=followers,
            tags=tuple(Tag(name=tag) for tag in tags),
            created_at=at(added),
            custom=(CustomValue(code="select_1", label="select_1", value=level),) if level else (),
        )

    store.directory.save(
        [
            one("wm1", rocky, lilei, tags=("VIP", "重要"), added="2024-11-18T09:00", level="1"),
            one("wm2", lilei, tags=("vip",), added="2024-11-17T09:00", level="重要客户"),
            one("wm3", rocky, added="2024-09-02T09:00", level="2"),
            one("wm4", added="2023-01-01T09:00", level="gone"),
        ],
        SEEN_AT,
    )
    store.directory.set_last("wm1", epoch(NOW))
    store.directory.set_last("wm2", epoch(NOW - timedelta(days=31)))
    store.directory.set_next("wm1", epoch(NOW - timedelta(days=2)))
    store.directory.set_next("wm3", epoch(NOW + timedelta(days=1)))
    return store


def test_customers_are_counted_by_colleague_tag_and_choice(customers: Store) -> None:
    found = insights(customers)
    assert (found.customers, found.seen, found.unread) == (4, 4, 0)
    assert bars(figure(found, "owner")) == [("张三", 2), ("李雷", 2), ("none", 1)]
    assert bars(figure(found, "tags")) == [("VIP", 2), ("重要", 1), ("none", 2)]
    level = figure(found, "custom.select_1")
    assert level.title == "Customers by 客户等级"
    assert bars(level) == [("重要客户", 2), ("普通客户", 1), ("values that are no choice any more", 1)]
    assert level.note == "1 choice is nobody's"


def test_what_is_due_who_is_silent_and_who_is_new(customers: Store) -> None:
    found = insights(customers)
    assert bars(figure(found, "due")) == [
        ("overdue", 1), ("today", 0), ("tomorrow", 1), ("in 2–7 days", 0), ("later", 0), ("no date", 2),
    ]  # fmt: skip
    assert bars(figure(found, "silent")) == [
        ("today", 1), ("1–7 days ago", 0), ("8–30 days ago", 0), ("31–90 days ago", 1), ("91–365 days ago", 0),
        ("longer ago", 0), ("never, from here", 2),
    ]  # fmt: skip
    weeks = bars(figure(found, "new"))
    assert weeks[:2] == [("2024-11-18 – 11-24", 1), ("2024-11-11 – 11-17", 1)]
    assert weeks[11] == ("2024-09-02 – 09-08", 1)
    assert len(weeks) == 12


def test_figures_are_about_those_whom_a_query_means(customers: Store) -> None:
    found = insights(customers, "owner:me sort:name")
    assert (found.customers, found.seen) == (2, 4)
    assert bars(figure(found, "tags")) == [("VIP", 1), ("重要", 1), ("none", 1)]
    assert bars(figure(found, "due"))[0] == ("overdue", 1)
    tag = figure(found, "tags").bars[1]
    assert tag.query == "owner:me sort:name tag:重要"


def test_a_query_that_is_not_understood_is_refused_by_the_word(customers: Store) -> None:
    with pytest.raises(InvalidError, match="onwer"):
        insights(customers, "onwer:me")


def test_an_empty_directory_has_no_figures(store: Store) -> None:
    assert insights(store) == Insights("", 0, 0, 0)


def test_eighty_choices_are_told_by_how_many_have_them(store: Store) -> None:
    choices = tuple(Choice(key=f"k{number}", label=f"行业{number}") for number in range(80))
    store.directory.save_fields(
        [FieldSpec(code="trade", label="行业", type=FieldType.CHOICE, choices=choices)], SEEN_AT
    )
    store.directory.save(
        [
            Customer(id=f"wm{number}", custom=(CustomValue(code="trade", label="行业", value=f"k{number % 70}"),))
            for number in range(100)
        ],
        SEEN_AT,
    )
    trade = figure(insights(store), "custom.trade")
    assert len(trade.bars) == 70
    assert trade.bars[0] == FigureBar("行业0", 2, "行业:行业0")
    assert trade.note == "10 choices are nobody's"


def test_figures_speak_chinese(customers: Store) -> None:
    set_language("zh_CN", {})
    found = insights(customers)
    assert figure(found, "due").title == "下次联系"
    assert bars(figure(found, "due"))[0] == ("已过期", 1)


NAMES = st.sampled_from(
    ["VIP", "vip", "a b", "A, B", "*", "-x", "me", "我", 'say "hi"', "名：值", "“引”", "<5", "sort:name"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.lists(NAMES, max_size=2),
            st.lists(NAMES, max_size=2),
            st.sampled_from(["1", "2", "重要客户", "A, B", ""]),
            st.integers(-40, 400),
        ),
        max_size=6,
    )
)
def test_each_bar_counts_whom_its_query_lists(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[list[str], list[str], str, int]]
) -> None:
    store = Store.open(tmp_path_factory.mktemp("store") / "team.sqlite3")
    store.directory.save_fields(SPECS, SEEN_AT)
    for number, (owners, tags, level, days) in enumerate(rows):
        customer = Customer(
            id=f"wm{number}",
            follow_users=tuple(FollowUser(user_id=owner) for owner in dict.fromkeys(owners)),
            tags=tuple(Tag(name=tag) for tag in tags),
            created_at=NOW - timedelta(days=days),
            custom=(CustomValue(code="select_1", label="select_1", value=level),),
        )
        store.directory.save([customer], SEEN_AT)
        store.directory.set_last(customer.id, epoch(NOW - timedelta(days=days)))
        store.directory.set_next(customer.id, epoch(NOW + timedelta(days=days, hours=1)))
    for one in insights(store).figures:
        for bar in one.bars:
            if bar.query:
                assert listed(store, bar.query) == bar.value, (one.key, bar)
    store.close()
