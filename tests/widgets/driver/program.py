"""A Textual program for the tests to run in a terminal: a table, an input, a button that opens a dialogue.

F5 sets the terminal's title to a number, counted up, once all that came before is drawn.
"""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.screen import ModalScreen
from textual.widgets import DataTable, Input, Static

from widgets.driver.cell_driver import driver_class


class Dialogue(ModalScreen[None]):
    """Covers half of some wide characters."""

    DEFAULT_CSS = """
    Dialogue { align: center middle; }
    Dialogue > Static { width: 31; height: 7; border: solid red; background: $surface; }
    """

    def compose(self) -> ComposeResult:
        yield Static("询问 👩‍👩‍👧 – are you sure?")


class Program(App[None]):
    """Shows customers."""

    CSS = "DataTable { height: 1fr; } Input { height: 3; }"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("f5", "mark", priority=True),
        Binding("f6", "dialogue", priority=True),
        Binding("f7", "forget", priority=True),
    ]

    marks = 0

    def compose(self) -> ComposeResult:
        yield Input(select_on_focus=False)
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns("Name", "Remark", "Owner", "Added")
        for number in range(200):
            table.add_row(
                f"客户{number}", "x" * 20, "李四" if number % 3 else "Ann Lee", f"2020-10-{number % 30 + 1:02}"
            )
        table.focus()

    def action_mark(self) -> None:
        self.call_after_refresh(self.call_after_refresh, self.mark)

    def mark(self) -> None:
        self.marks += 1
        assert self._driver
        self._driver.write(f"\x1b]2;mark {self.marks}\x07")

    def action_dialogue(self) -> None:
        if isinstance(self.screen, Dialogue):
            self.pop_screen()
        else:
            self.push_screen(Dialogue())

    def action_forget(self) -> None:
        forget = getattr(self._driver, "forget", None)
        if forget:
            forget()
        self.refresh()


if __name__ == "__main__":
    Program(driver_class=driver_class(sys.argv[1])).run(mouse=False)
