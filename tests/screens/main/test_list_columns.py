"""The columns of the desk's list: which stand there, how wide they are, and what is hidden in them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.screens.conftest import OpenApp
from tui.desk.outcome import Row, row_of
from tui.model.columns import LIST_COLUMNS, CustomerColumn, find_columns
from tui.model.customer import Contact, Customer, CustomValue, FieldSpec, FollowUser
from tui.model.masking import Mask, masker_by_codes
from tui.screens.main.list_columns import list_table, place_of_rows
from tui.screens.main.main_screen import MainScreen
from widgets.list_layout import arrange_rows, rows_as_text

LEVEL = FieldSpec(code="select_x1", label="客户等级")
SHORT, LONG = "李四", "欧阳雪莹(上海)企业服务"


def people(columns: Sequence[CustomerColumn] = (), names: Sequence[str] = (SHORT, LONG)) -> list[Row]:
    return [
        row_of(
            Customer(
                id=f"wm{number}",
                name=name,
                company="句子互动科技有限公司" if number else "",
                phones=(Contact(value="13900001234"),),
                custom=(CustomValue(code="select_x1", label="客户等级", value="重要客户"),),
                follow_users=(FollowUser(user_id="rocky", name="张三"),),
            ),
            0.0,
            columns=columns,
        )
        for number, name in enumerate(names)
    ]


def heading(rows: Sequence[Row], columns: Sequence[CustomerColumn], cells: int) -> list[str]:
    table = list_table(rows, columns)
    return [table.columns[slot.index].key for slot in arrange_rows(table.columns, cells)]


def test_columns_that_nobody_has_anything_in_are_left_out_but_never_the_name() -> None:
    assert [column.key for column in list_table(people()).columns] == ["name", "company", "phone", "owner"]
    assert [column.key for column in list_table([]).columns] == ["name"]


def test_chosen_columns_stand_in_their_order_though_they_are_empty() -> None:
    chosen = find_columns(("phone", "客户等级", "remark", "name"), (LEVEL,))
    table = list_table(people(chosen), chosen)
    assert [column.title for column in table.columns] == ["Phone", "客户等级", "Remark", "Name"]
    assert table.rows[0].cells == ("13900001234", "重要客户", "–", SHORT)


@pytest.mark.parametrize("terminal", [80, 120, 200])
def test_a_column_takes_no_more_than_it_needs_while_another_is_cut(terminal: int) -> None:
    width = place_of_rows(terminal, 36).width
    table = list_table(people())
    slots = arrange_rows(table.columns, width)
    wants = [column.width for column in table.columns]
    if sum(wants) + 2 * (len(wants) - 1) <= width - 5:
        assert all(slot.width >= want for slot, want in zip(slots, wants, strict=True))
    for text in rows_as_text(table.rows, table.columns, width):
        assert SHORT in text or "欧阳雪" in text
    spare = [slot.width - wants[slot.index] for slot in slots]
    assert min(spare) >= 0 or max(spare) <= 0


def test_short_names_leave_their_room_to_long_companies() -> None:
    by_key = {column.key: column for column in list_table(people(names=("李四", "王五"))).columns}
    assert by_key["name"].width == by_key["name"].min_width
    assert by_key["company"].width == 20


def test_of_chosen_columns_the_last_go_first_where_there_is_no_room() -> None:
    chosen = find_columns(("phone", "客户等级", "name"), (LEVEL,))
    assert heading(people(chosen), chosen, 60) == ["phone", "select_x1", "name"]
    assert heading(people(chosen), chosen, 25) == ["phone", "select_x1"]


def test_a_hidden_column_is_masked_in_every_row() -> None:
    table = list_table(people(), LIST_COLUMNS, masker=masker_by_codes(Mask.SENSITIVE, {"phone"}))
    place = [column.key for column in table.columns].index("phone")
    assert {row.cells[place] for row in table.rows} == {"139****1234"}


async def test_the_list_shows_the_columns_that_are_chosen_with_their_values(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        await screen.list_pane.show_columns(find_columns(("gender", "name", "seen")))
        await agent.until(r"Gender +Name +Seen here")
        await agent.until(r"▌ male +李四 +\d\d:\d\d")
        await agent.press("n")
        await agent.until(r"101–200 of 300")
        await agent.until(r"▌ (fe)?male +\S+ +\d\d:\d\d")
