"""Cells of a file with what WeChat, Excel or WhatsApp brings along, which nobody sees."""

from __future__ import annotations

import pytest

from tui.desk.batch.file_columns import NoteColumns
from tui.desk.batch.import_file import FileRow, read_table
from tui.model.change import Kind

UNION = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"


def cells(text: str, kind: Kind = Kind.FOLLOW) -> dict[str, str | None]:
    """The cells of the only row of `text`."""
    (row,) = read_table(text, NoteColumns(kind), "a file")
    assert isinstance(row, FileRow), row
    return dict(row.cells)


@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\u202a", "\u2060", "\xad", "\xa0", "\u3000", "\ufe0f"])
def test_a_follow_up_is_for_the_colleague_and_the_customer_whom_one_sees(hidden: str) -> None:
    csv = f"{hidden}union_id,user_id{hidden},content\n{hidden}{UNION}{hidden},rocky{hidden},{hidden}回访{hidden}\n"
    lines = f'{{"union_id": "{UNION}{hidden}", "user_id": "{hidden}rocky", "content": "{hidden}回访"}}\n'
    for text in (csv, lines):
        found = cells(text)
        assert (found["union_id"], found["user_id"]) == (UNION, "rocky")
        assert (found["content"] or "").strip("\ufe0f") == "回访"


def test_an_id_copied_from_right_to_left_is_the_id() -> None:
    found = cells("customer,user_id,remark\n\u202awmfvEMCAAAPHR9XslvYqTFgCJTULiZgg\u202c,rocky,张总好\n", Kind.REMARK)
    assert found["customer"] == "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"


def test_the_emoji_of_a_remark_stay_whole() -> None:
    assert cells("customer,user_id,remark\nwm1,rocky,张总❤️👨‍👩‍👧\n", Kind.REMARK)["remark"] == "张总❤️👨‍👩‍👧"


def test_a_row_in_which_one_sees_nothing_is_none() -> None:
    text = f"union_id,user_id,content\n\u200b,\ufeff,\xa0\n{UNION},rocky,回访,\u200b\n"
    assert cells(text)["content"] == "回访"
