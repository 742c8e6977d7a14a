"""Pairs of customers who may be one, brought together by what they share, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.store.samples import SEEN_AT, customer, people
from tui.model.customer import Contact, Customer, CustomValue
from tui.store.duplicates import MOST, NAMESAKES, SHARED_TOLD, DuplicateSearch, Shared, Who, company_key, namesake
from tui.store.store import Store
from tui.store.store_errors import StoreError


class Judge:
    """Takes every value for a reason, names in one company for a smaller one, and `hidden` values for none."""

    companies = frozenset({"firm"})
    least = 0.5

    def identifies(self, code: str) -> bool:
        return code in ("member", "born")

    def weigh(self, shared: Shared) -> float:
        return 0.0 if "hidden" in shared.value else 2.0 / (shared.customers - 1)

    def compare(self, one: Who, other: Who) -> float:
        return 1.0 if namesake(one.name) == namesake(other.name) and one.company == other.company != "" else 0.0


@pytest.fixture
def searches(store: Store) -> Iterator[list[DuplicateSearch]]:
    """Searches to be closed after the test."""
    opened: list[DuplicateSearch] = []
    yield opened
    for search in opened:
        search.close()


def found(store: Store, count: int = 100) -> list[tuple[str, str]]:
    """The ids of the first `count` pairs."""
    with closing(DuplicateSearch(store.path, Judge())) as search:
        search.run()
        return [(pair.one.id, pair.other.id) for pair in search.next(count)]


def saved(store: Store, *customers: Customer) -> None:
    store.directory.save(customers, SEEN_AT)


def custom(code: str, value: str) -> tuple[CustomValue, ...]:
    return (CustomValue(code=code, label=code, value=value),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phones": ["13800001234"]}, {"phones": ["+86 138-0000-1234"]}),
        ({"phones": ["13800001234"]}, {"phones": ["021-5550123", "138 0000 1234"]}),
        ({"phones": ["１３８００００１２３４"]}, {"phones": ["0086 13800001234"]}),
        ({"emails": (Contact(value="Ann@Example.com"),)}, {"emails": (Contact(value="ann@example.com "),)}),
        ({"wechat": (Contact(value="wx_ann"),)}, {"wechat": (Contact(value="WX_ann"),)}),
        ({"qq": (Contact(value="10001"),)}, {"qq": (Contact(value="10001", memo="work"),)}),
        ({"union_id": "oz1"}, {"union_id": "oz1"}),
        ({"custom": custom("member", "KH0001")}, {"custom": custom("member", "KH0001")}),
        ({"name": "王伟", "company": "甲"}, {"name": "王 伟（新）", "company": "甲"}),
        ({"name": "陈晓云", "company": "甲有限公司"}, {"name": "陈小云", "company": "甲有限公司"}),
        ({"name": "Lee, Ann", "company": "甲"}, {"name": "ann lee", "company": "甲"}),
        ({"name": "王伟", "custom": custom("firm", "甲")}, {"name": "王伟", "custom": custom("firm", "甲")}),
    ],
)
def test_what_two_share_makes_them_a_pair(store: Store, one: dict[str, object], other: dict[str, object]) -> None:
    saved(store, *people(20), customer("a", **one), customer("b", **other))  # type: ignore[arg-type]
    assert found(store) == [("a", "b")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"phones": ["13800001234"]}, {"phones": ["13800001235"]}),
        ({"name": "王伟", "company": "甲"}, {"name": "王伟", "company": "乙"}),
        ({"name": "王伟"}, {"name": "王伟"}),
        ({"name": "王", "company": "甲"}, {"name": "王", "company": "甲"}),
        ({"custom": custom("member", "KH0001")}, {"custom": custom("guest", "KH0001")}),
        ({"custom": custom("guest", "KH0001")}, {"custom": custom("guest", "KH0001")}),
        ({"emails": (Contact(value="hidden@x"),)}, {"emails": (Contact(value="hidden@x"),)}),
        ({"phones": ["13800001234"], "unreadable": True}, {"phones": ["13800001234"]}),
    ],
)
def test_others_are_none(store: Store, one: dict[str, object], other: dict[str, object]) -> None:
    saved(store, *people(20), customer("a", **one), customer("b", **other))  # type: ignore[arg-type]
    assert found(store) == []


def test_the_more_two_share_the_earlier_they_come(store: Store) -> None:
    saved(
        store,
        customer("a", "王伟", phones=["13800000001"], company="甲"),
        customer("b", "王伟", phones=["13800000001"], company="甲"),
        customer("c", phones=["13800000002"], union_id="oz1", emails=(Contact(value="c@x.cn"),)),
        customer("d", phones=["13800000002"], union_id="oz1", emails=(Contact(value="c@x.cn"),)),
        customer("e", phones=["13800000003"]),
        customer("f", phones=["13800000003"]),
    )
    assert found(store) == [("c", "d"), ("a", "b"), ("e", "f")]
    with closing(DuplicateSearch(store.path, Judge())) as search:
        search.run()
        assert search.count == 3
        assert [pair.one.id for pair in search.next(2)] == ["c", "a"]
        assert [pair.one.id for pair in search.next(2)] == ["e"]
        assert search.next(2) == []


def test_a_pair_comes_with_what_both_have_and_how_many_others_have_it(store: Store) -> None:
    saved(
        store,
        customer("a", phones=["138 0000 0001", "021 55500000"], custom=custom("member", "KH1")),
        customer("b", phones=["+86 13800000001", "02155500000"], custom=custom("member", "KH1")),
        *(customer(str(number), phones=["021-55500000"]) for number in range(30)),
    )
    with closing(DuplicateSearch(store.path, Judge())) as search:
        search.run()
        (pair,) = search.next(10)
        assert set(pair.shared) == {Shared("phone", "13800000001", 2), Shared("phone", "02155500000", 32)}
        assert search.shared == [Shared("phone", "02155500000", 32)]


def test_a_switchboard_brings_nobody_together_and_a_family_does(store: Store) -> None:
    saved(store, *(customer(f"s{number}", phones=["021-55500000"]) for number in range(MOST + 1)))
    assert found(store) == []
    saved(store, *(customer(f"f{number}", phones=["021-55500001"]) for number in range(3)))
    assert found(store) == [("f0", "f1"), ("f0", "f2"), ("f1", "f2")]


def test_of_many_shared_values_those_of_the_most_are_told(store: Store) -> None:
    for number in range(SHARED_TOLD + 5):
        saved(
            store,
            *(customer(f"{number}-{place}", phones=[f"021-555{number:05}"]) for place in range(MOST + 1 + number)),
        )
    with closing(DuplicateSearch(store.path, Judge())) as search:
        search.run()
        told = [shared.customers for shared in search.shared]
    assert told == list(range(MOST + SHARED_TOLD + 5, MOST + 5, -1))


def test_a_field_whose_values_repeat_all_over_holds_no_ids(store: Store) -> None:
    saved(store, *(customer(str(number), custom=custom("born", f"1990-{number // 2}")) for number in range(60)))
    assert found(store) == []
    saved(store, *(customer(f"m{number}", custom=custom("member", f"KH{number // 2:04}")) for number in range(30)))
    assert len(found(store)) == 15


def test_a_name_that_everybody_has_is_not_looked_up_record_by_record(store: Store) -> None:
    saved(
        store,
        *(
            customer(str(number), "王伟", custom=custom("firm", "甲" if number < 2 else f"乙{number}"))
            for number in range(NAMESAKES)
        ),
    )
    assert found(store) == [("0", "1")]
    saved(store, customer("more", "王伟"))
    assert found(store) == []


def test_pairs_are_read_though_the_directory_changes_meanwhile(store: Store, searches: list[DuplicateSearch]) -> None:
    for name in ("a", "b", "c"):
        saved(store, customer(f"{name}1", phones=[f"1380000000{ord(name) % 10}"]))
        saved(store, customer(f"{name}2", phones=[f"1380000000{ord(name) % 10}"]))
    search = DuplicateSearch(store.path, Judge())
    searches.append(search)
    search.run()
    store.directory.forget("b2")
    saved(store, customer("c2", "renamed", phones=["13800000009"]))
    assert [pair.one.id for pair in search.next(1)] == ["a1"]
    assert [(pair.one.id, pair.other.name) for pair in search.next(1)] == [("c1", "renamed")]
    assert search.next(1) == []


def test_a_search_holds_no_writer_up_and_ends_when_it_is_stopped(store: Store, searches: list[DuplicateSearch]) -> None:
    saved(store, *people(500))
    search = DuplicateSearch(store.path, Judge())
    searches.append(search)
    saved(store, customer("while it is open"))
    search.stop()
    with pytest.raises(StoreError):
        search.run()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王伟", "王　伟"),
        ("王伟", "王玮"),
        ("王伟", "王伟(新)"),
        ("Ann Lee", "LEE, Ann"),
        ("Ｏliver Smith", "oliver smith"),
        ("上海测试有限公司采购部的张三先生", "上海测试有限公司采购部的张三先生"),
    ],
)
def test_namesakes(one: str, other: str) -> None:
    assert namesake(one) == namesake(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("王伟", "王卫国"), ("Ann Lee", "Anne Lee"), ("上海测试有限公司采购部的张三", "上海测试有限公司采购部的李四")],
)
def test_no_namesakes(one: str, other: str) -> None:
    assert namesake(one) != namesake(other)


@pytest.mark.parametrize("name", ["", " ", "王", "!"])
def test_a_name_of_one_sign_tells_nothing(name: str) -> None:
    assert namesake(name) == ""


def test_a_company_is_the_same_without_its_legal_form() -> None:
    assert company_key("上海甲乙有限公司") == company_key("上海甲乙股份有限公司") == company_key(" 上海甲乙 ")
    assert company_key("Example Co., Ltd.") == company_key("EXAMPLE")
    assert company_key("有限公司") == "有限公司"
