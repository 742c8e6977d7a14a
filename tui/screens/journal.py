"""Every change made from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.desk.batch.sending import Group
from tui.desk.checks import undoable
from tui.locale import N_, _
from tui.screens.changes import ChangesDialog, show_customer
from tui.screens.undo import undo_change
from widgets.dialog import Hint

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main import MainScreen


class JournalDialog(ChangesDialog):
    """The journal, the newest change first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Undo", show=False, id="journal.undo"),
    ]
    EMPTY = N_("Nothing was changed from here yet.")

    async def groups(self, desk: Desk) -> Sequence[Group]:
        return [Group(change, 1) for change in await desk.journal()]

    def order(self, groups: Iterable[Group]) -> Sequence[Group]:
        return sorted(groups, key=lambda group: group.first.created_at, reverse=True)

    def hints(self) -> Sequence[Hint]:
        return (("u", _("undo")), *super().hints())

    def action_undo(self) -> None:
        """Close with the wish to undo, or say why that cannot be."""
        if self.change is None:
            return
        if reason := undoable(self.change):
            self.complain(_("cannot be undone: {reason}").format(reason=reason))
        else:
            self.action_choose("undo")


async def journal(main: MainScreen) -> None:
    """Show the journal; a change can be undone from it."""
    desks = await main.all_desks()
    chosen = await main.app.push_screen_wait(JournalDialog(_("Journal"), desks))
    if chosen is None:
        return
    what, change, _count = chosen
    if what == "undo":
        await undo_change(main, desks[change.profile], change)
    else:
        await show_customer(main, change)
