"""What an agent types, and whom it finds first."""

from __future__ import annotations

import pytest

from tests.store.samples import SEEN_AT, customer, follower, ids, people
from tui.model.customer import Contact, CustomValue
from tui.store.store import Store

SOME = (
    customer("zs", "张三", company="腾讯科技有限公司", phones=["138 1234-5678"], follow_users=(
        follower("rocky_li", "李雷", "张总", "VIP", "重要客户"), follower("hm", "韩梅梅", "老客户")
    )),
    customer("zsf", "张三丰", company="武当山贸易", phones=["+86 13900005678"]),
    customer("lz", "李张", union_id="ozynqsulJFCZ2z1a", company="北京张三实业"),
    customer("ann", "Ann Lee", emails=(Contact(value="Ann.Lee@example.com"),), wechat=(Contact(value="annie_88"),)),
    customer("zxx", "曾小贤", owner="单田芳"),
    customer("lb", "吕布"),
    customer("mix", "A上海王五🌸"),
    customer("full", "ＡＣＭＥ　株式会社"),
    customer("kr", "김철수"),
    customer("zoe", "Zoë Pérès", company="ドイツ商会"),
)  # fmt: skip


@pytest.fixture
def directory(store: Store) -> Store:
    store.directory.save(SOME, SEEN_AT)
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # Pieces of a name, from one character up, in any script and either width.
        ("丰", ["zsf"]),
        ("三丰", ["zsf"]),
        ("小贤", ["zxx"]),
        ("n", ["ann"]),
        ("ANN", ["ann"]),
        ("nn le", ["ann"]),
        ("ee", ["ann"]),
        ("acme", ["full"]),
        ("株式", ["full"]),
        ("zoe", ["zoe"]),
        ("Zoë", ["zoe"]),
        ("peres", ["zoe"]),
        ("ｚｏｅ　ｐｅｒ", ["zoe"]),
        ("ドイツ", ["zoe"]),
        ("トイツ", []),
        ("철수", ["kr"]),
        ("🌸", ["mix"]),
        # Pinyin: whole, begun, from a later syllable, with a surname's own reading, ü as v or u.
        ("zhangsanfeng", ["zsf"]),
        ("zhangsanf", ["zsf"]),
        ("Zhang San Feng", ["zsf"]),
        ("sanfeng", ["zsf"]),
        ("zengxiaoxian", ["zxx"]),
        ("cengxiaoxian", ["zxx"]),
        ("lvbu", ["lb"]),
        ("lubu", ["lb"]),
        ("wangwu", ["mix"]),
        # Where nobody has the characters, those spelt alike: a traditional or a wrong one, half a name in letters.
        ("張三豐", ["zsf"]),
        ("章三风", ["zsf"]),
        ("张san", ["zs", "zsf"]),
        ("小闲", ["zxx"]),
        ("掌总", ["zs"]),
        # Initials.
        ("zsf", ["zsf"]),
        ("zxx", ["zxx"]),
        ("ww", ["mix"]),
        # Phones from either end, however written.
        ("1234-5678", ["zs"]),
        ("345678", ["zs"]),
        ("139", ["zsf"]),
        ("13900005678", ["zsf"]),
        ("138 1234 5678", ["zs"]),
        ("138.1234.5678", ["zs"]),
        ("138–1234–5678", ["zs"]),
        ("１３８１２３４", ["zs"]),
        ("＋８６　１３９", ["zsf"]),
        ("+86 138 12", ["zs"]),
        ("0086139", ["zsf"]),
        # Remarks, companies, tags, colleagues.
        ("张总", ["zs"]),
        ("总", ["zs"]),
        ("老客户", ["zs"]),
        ("zhangzong", ["zs"]),
        ("武当山", ["zsf"]),
        ("科技", ["zs"]),
        ("vip", ["zs"]),
        ("重要", ["zs"]),
        ("要客", ["zs"]),
        ("李雷", ["zs"]),
        ("lilei", ["zs"]),
        ("rocky_li", ["zs"]),
        ("韩梅", ["zs"]),
        ("单田", ["zxx"]),
        ("shantianfang", ["zxx"]),
        # Ids and addresses.
        ("ozynqsulJFCZ2z1a", ["lz"]),
        ("ozynqs", ["lz"]),
        ("ann.lee@example.com", ["ann"]),
        ("annie", ["ann"]),
        # Several words, each somewhere.
        ("张 腾讯", ["zs"]),
        ("lee ann", ["ann"]),
        ("三 vip", ["zs"]),
        # Nothing.
        ("不存在", []),
        ("张丰三", []),
        ("qqq", []),
        ("99999", []),
        ("!?%*\"'", []),
        ("\ud83d", []),
        ("\x00", []),
    ],
)
def test_a_text_finds_whom_it_stands_on(directory: Store, text: str, found: list[str]) -> None:
    assert ids(directory.directory.search(text)) == found


def test_a_whole_name_comes_before_its_beginning_before_a_piece_of_it_before_other_fields(directory: Store) -> None:
    assert ids(directory.directory.search("张三")) == ["zs", "zsf", "lz"]


def test_a_whole_pinyin_comes_before_a_begun_one(directory: Store) -> None:
    assert ids(directory.directory.search("zhangsan")) == ["zs", "zsf"]
    assert ids(directory.directory.search("zs"))[:2] == ["zs", "zsf"]


def test_a_name_comes_before_a_remark_before_a_company_before_a_tag(store: Store) -> None:
    store.directory.save(
        [
            customer("tag", "甲", follow_users=(follower("u", "", "", "长城"),)),
            customer("company", "乙", company="长城"),
            customer("remark", "丙", follow_users=(follower("u", "", "长城"),)),
            customer("name", "长城"),
        ],
        SEEN_AT,
    )
    assert ids(store.directory.search("长城")) == ["name", "remark", "company", "tag"]


def test_of_equal_matches_the_most_lately_seen_comes_first(store: Store) -> None:
    store.directory.save([customer(id, "王伟") for id in "abc"], SEEN_AT)
    store.directory.save([customer("b", "王伟")], SEEN_AT + 60)
    assert ids(store.directory.search("王伟"))[0] == "b"
    store.directory.save_page("", 1, 100, 1, [customer("a", "王伟")], SEEN_AT + 90)
    assert ids(store.directory.search("王")) == ["a", "b", "c"]


def test_an_id_finds_its_customer_before_anything_else(store: Store) -> None:
    store.directory.save([customer("x1", "13812345678"), customer("13812345678", "王伟")], SEEN_AT)
    assert ids(store.directory.search("13812345678")) == ["13812345678", "x1"]


def test_pairs_from_all_over_a_name_are_no_match(store: Store) -> None:
    store.directory.save([customer("1", "Diana Gunn"), customer("2", "Joanna")], SEEN_AT)
    assert ids(store.directory.search("anna")) == ["2"]


def test_pages_of_a_search_follow_each_other_without_a_gap(store: Store) -> None:
    store.directory.save(people(450), SEEN_AT)
    pages = [store.directory.search("张", 100, offset) for offset in range(0, 500, 100)]
    found = [id for page in pages for id in ids(page)]
    assert sorted(found) == sorted(person.id for person in people(450))
    assert [page.page for page in pages] == [1, 2, 3, 4, 5]
    assert [page.total for page in pages] == [None, None, None, None, 450]


def test_what_a_customer_no_longer_says_no_longer_finds_it(store: Store) -> None:
    before = customer("1", "王伟", phones=["13812345678"], follow_users=(follower("u", "李雷", "旧", "VIP"),))
    store.directory.save([before], SEEN_AT)
    store.directory.save([customer("1", "赵敏", phones=["13900000000"])], SEEN_AT + 1)
    for text in ("王伟", "wangwei", "5678", "旧", "vip", "李雷"):
        assert ids(store.directory.search(text)) == [], text
    assert ids(store.directory.search("zm")) == ["1"]
    store.directory.forget("1")
    assert ids(store.directory.search("赵敏")) == []


def test_the_index_made_anew_finds_the_same(directory: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.store.directory.STALE_AT_LEAST", 0)
    directory.directory.save([customer("lb", "吕奉先")], SEEN_AT)
    assert not directory.directory.tidy()
    texts = ("张三", "zs", "vip", "李雷", "5678", "科技", "吕奉先")
    before = [ids(directory.directory.search(text)) for text in texts]
    for gone in ("kr", "mix", "ann"):
        directory.directory.forget(gone)
    assert directory.directory.tidy()
    assert not directory.directory.tidy()
    assert [ids(directory.directory.search(text)) for text in texts] == before


def test_an_empty_text_finds_everybody(directory: Store) -> None:
    assert directory.directory.search("  ").total == len(SOME)


def test_a_tag_that_nobody_has_any_more_is_not_searched(directory: Store) -> None:
    directory.directory.forget("zs")
    assert ids(directory.directory.search("vip")) == []


def test_a_custom_value_like_an_id_finds_its_customer(store: Store) -> None:
    kept = customer("1", "王伟", custom=(CustomValue(code="juzi", label="句子", value="wmfvEMCAAAPHR9"),))
    store.directory.save([kept], SEEN_AT)
    assert [found for found, _ in store.directory.find_by("juzi", "wmfvEMCAAAPHR9")] == [kept]
    assert store.directory.find_by("other", "wmfvEMCAAAPHR9") == []
