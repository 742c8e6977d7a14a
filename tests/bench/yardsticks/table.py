"""The same customers in Textual's own DataTable: `python table.py ROWS`."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Table(App[None]):
    """A table of customers, with a cursor on a row."""

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns("Name", "Remark", "Company", "Owner", "Added")
        for number in range(int(sys.argv[1])):
            table.add_row(f"客户{number}", "王经理", "上海某某贸易有限公司", "李雷", f"2021-03-{number % 28 + 1:02}")
        table.focus()


if __name__ == "__main__":
    Table().run()
