"""Names and numbers as WeChat, Windows and WhatsApp hand them on, found by what is seen of them."""

from __future__ import annotations

import pytest

from tests.store.samples import SEEN_AT, customer, follower, ids, people
from tui.model.customer import Contact, CustomValue
from tui.store.store import Store

WANGWU = (
    *("王五", "王\u200b五", "王\u200d五", "王\u2060五", "王\ufeff五", "王\xad五", "王\u200e五", "王\ufe0f五"),
    *("\u202a王五\u202c", "王五\xa0", "\u3000王五", "王\u034f五", "王\U000e0041五", "王\u180e五"),
)


def test_all_eight_of_one_name_are_found_by_what_is_seen(store: Store) -> None:
    store.directory.save([customer(f"w{number}", name) for number, name in enumerate(WANGWU)], SEEN_AT)
    for typed in ("王五", "王\u200b五", "\u202a王五\u202c", " 王五\xa0", "wangwu", "ww"):
        assert set(ids(store.directory.search(typed))) == {f"w{number}" for number in range(len(WANGWU))}, ascii(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "\u202a18231830928\u202c",
            "18231830928转8001",
            "18231830928 ext. 8001",
            "+86 182-3183-0928",
            "18231830928\u200b",
        ),
        *("tel:+8618231830928", "００８６　１８２３１８３０９２８", "手机：182 3183 0928"),
    ],
)
@pytest.mark.parametrize("kept", ["18231830928", "\u202a182 3183 0928\u202c", "+86-18231830928", "tel:18231830928"])
def test_a_phone_is_found_as_it_is_copied(store: Store, typed: str, kept: str) -> None:
    store.directory.save(
        [customer("zs", "张三", phones=[kept]), customer("ls", "李四", phones=["13900000000"])], SEEN_AT
    )
    assert ids(store.directory.search(typed)) == ["zs"]
    assert [found.id for found, _ in store.directory.find_by("phone", typed)] == ["zs"]


def test_what_else_finds_a_customer_is_read_without_what_nobody_sees(store: Store) -> None:
    store.directory.save(
        [
            customer(
                "wm1",
                "Ann",
                union_id="oz1",
                company="腾讯\u200b科技",
                emails=(Contact(value="mailto:Ann@Example.com\u200b"),),
                wechat=(Contact(value="\u200eann_88"),),
                custom=(CustomValue(code="no", label="No", value="KH0001\u200b"),),
                follow_users=(follower("rocky", "张\u200b三", "张\u200b总", "重要\ufeff客户"),),
            )
        ],
        SEEN_AT,
    )
    for typed in (
        "腾讯科技",
        "ann@example.com",
        "<ann@example.com>",
        "ann_88\u200b",
        "张三",
        "张总",
        "重要客户",
        "oz1\u200b",
    ):
        assert ids(store.directory.search(typed)) == ["wm1"], ascii(typed)
    assert store.directory.find_by("no", "KH0001")
    kept = store.directory.get("wm1")
    assert kept is not None
    assert kept[0].company == "腾讯\u200b科技"  # the record stays as it came


def test_a_directory_that_was_indexed_by_other_rules_is_indexed_anew_by_the_next_sync(store: Store) -> None:
    store.directory.save([*people(3), customer("ext", "张三丰", phones=["010-66778899转8001"])], SEEN_AT)
    assert not store.directory.tidy()
    database = store.directory._database
    with database.writing() as connection:
        connection.execute("UPDATE meta SET value = 1 WHERE key = 'index'")
        connection.execute("UPDATE keys SET key = 'd010' WHERE key LIKE 'd010%'")
        connection.execute("INSERT INTO keys VALUES ('d010', 1)")  # of a place that nobody has any more
    assert not store.directory.find_by("phone", "01066778899转8001")
    assert store.directory.tidy()
    assert not store.directory.tidy()
    assert [found.id for found, _ in store.directory.find_by("phone", "01066778899转8001")] == ["ext"]
    assert ids(store.directory.search("张三丰")) == ["ext"]
    assert len(store.directory.owners()) == len({"rocky", *(f"u{number % 7}" for number in range(3))})
