"""A list of changes to look through: the base of the outbox and the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.client.errors import KehuError
from tui.desk.outcome import Change
from tui.locale import _
from tui.screens.describe import deed, gist, whole
from tui.screens.portrait import STATES
from tui.screens.words import words
from tui.text import local_time
from widgets.blocks import Note
from widgets.columns import Column
from widgets.dialog import Dialog, Hint, MessageDialog
from widgets.paged_list import ListRow, PagedList

if TYPE_CHECKING:
    from tui.desk.desk import Desk

Choice = tuple[str, Change]
"""What the agent wants done, and with which change."""


class ChangesDialog(Dialog[Choice]):
    """Shows changes, a row each; Enter shows one whole. What else can be done with one, a subclass says."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave", show=False, id="changes.leave"),
        Binding("v", "choose('customer')", "The customer", show=False, id="changes.customer"),
    ]
    EMPTY = ""

    list = getters.query_one(PagedList)

    def __init__(self, heading: str, desk: Desk) -> None:
        super().__init__(heading, words=words())
        self._desk = desk
        self._changes: dict[str, Change] = {}

    def compose_body(self) -> ComposeResult:
        yield PagedList(
            (
                Column("time", _("When"), width=11, min_width=11, priority=3),
                Column("deed", _("What"), width=20, min_width=10, weight=1, priority=5),
                Column("state", _("State"), width=8, min_width=6, priority=9),
                Column("gist", _("Content"), width=20, min_width=8, weight=2, priority=4),
            )
        )

    def hints(self) -> Sequence[Hint]:
        return (("enter", _("whole")), ("v", _("the customer")), ("esc", self.words.leave))

    async def changes(self) -> Sequence[Change]:
        """What to show."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Read and show."""
        self.list.focus()
        await self.reload()

    async def reload(self) -> None:
        """Show what is there now."""
        try:
            self._changes = {str(change.id): change for change in await self.changes()}
        except KehuError as error:
            self.complain(f"{error.message(_)} {error.hint(_)}")
            return
        self.list.notice = Note(_(self.EMPTY))
        self.list.show([_row(change) for change in self._changes.values()])
        self._tell_reason()

    @property
    def change(self) -> Change | None:
        """The one under the cursor."""
        return self._changes.get(self.list.cursor_id or "")

    @on(PagedList.Highlighted)
    def _tell_reason(self) -> None:
        """Why the change under the cursor stands where it does."""
        self.say(self.change.message if self.change else "")

    @on(PagedList.Opened)
    def _open(self) -> None:
        if self.change is not None:
            self.app.push_screen(MessageDialog(deed(self.change), whole(self.change), words=self.words))

    def action_choose(self, what: str) -> None:
        """Close with WHAT to do with the change under the cursor."""
        if self.change is not None:
            self.finish((what, self.change))


def _row(change: Change) -> ListRow:
    state, tone = STATES[change.state]
    flag = "!" if tone == "error" else ""
    return ListRow(str(change.id), (local_time(change.created_at), deed(change), _(state), gist(change)), flag=flag)
