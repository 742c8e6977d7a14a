"""Which columns there is room for, and how wide they are."""

from __future__ import annotations

import pytest

from widgets.cells import width
from widgets.list_layout import GAP, Column, arrange, row_text

COLUMNS = (
    Column("name", "Name", width=14, min_width=8, weight=2, priority=9),
    Column("remark", "Remark", width=10, min_width=6, weight=1, priority=2),
    Column("owner", "Owner", width=8, min_width=5, priority=1),
    Column("added", "Added", width=10, min_width=10, priority=3),
)


def shown(room: int) -> list[str]:
    return [COLUMNS[slot.index].key for slot in arrange(COLUMNS, room)]


def test_the_least_important_columns_go_first() -> None:
    assert shown(60) == ["name", "remark", "owner", "added"]
    assert shown(30) == ["name", "remark", "added"]
    assert shown(20) == ["name", "added"]
    assert shown(12) == ["name"]
    assert shown(3) == ["name"]


@pytest.mark.parametrize("room", range(1, 201))
def test_columns_fill_the_room_and_never_more(room: int) -> None:
    slots = arrange(COLUMNS, room)
    assert sum(slot.width for slot in slots) + GAP * (len(slots) - 1) == room
    assert all(slot.width > 0 for slot in slots)


def test_a_column_without_weight_does_not_grow() -> None:
    widths = {COLUMNS[slot.index].key: slot.width for slot in arrange(COLUMNS, 200)}
    assert widths["owner"] == 8
    assert widths["added"] == 10
    assert widths["name"] > widths["remark"] > 10


@pytest.mark.parametrize("room", [20, 40, 80, 200])
def test_wide_characters_keep_the_columns_straight(room: int) -> None:
    slots = arrange(COLUMNS, room)
    for cells in (
        ("李四", "张总", "张三", "2020-10-30"),
        ("陈晓🎉👨\u200d👩", "e\u0301", "김민수", "x"),
        ("only one",),
    ):
        assert width(row_text(cells, slots)) == room


def test_no_columns_is_no_list() -> None:
    assert arrange((), 40) == ()
