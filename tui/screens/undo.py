"""Undoing the last change made from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.checks import undoable
from tui.desk.conflicts import taken_back
from tui.desk.outcome import Change, ChangedSinceError
from tui.desk.words import deed
from tui.locale import _
from tui.screens.conflict import send_decided
from tui.screens.describe import lines_of
from tui.screens.words import words
from tui.text import local_time
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def undo(main: MainScreen) -> None:
    """Undo the last change to the customer, as a new write with the values before."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer here."))
        return
    changes = await main.desk.journal(customer.id)
    last = next((change for change in changes if not undoable(change)), None)
    if last is None:
        reason = undoable(changes[0]) if changes else _("nothing was changed from here")
        main.tell(_("Nothing to undo for {name}: {reason}.").format(name=customer.name, reason=reason), "warn")
        return
    await undo_change(main, last)


async def undo_change(main: MainScreen, change: Change) -> None:
    """Undo CHANGE once the agent has seen what that means."""
    question = _("Undo this change of {time}?").format(time=local_time(change.created_at))
    specs = await main.desk.fields()
    details = [deed(change), *lines_of(taken_back(change, specs), specs)]
    if not await main.app.push_screen_wait(ConfirmDialog(_("Undo"), question, details, words=words())):
        return
    main.tell(_("Undoing …"))
    try:
        delivery = await main.desk.undo(change.id)
    except ChangedSinceError as error:
        decided = await send_decided(main, change, error.conflict)
        if decided is None or not decided.change_ids:
            main.tell(_("Not undone."))
            return
        delivery = decided
    main.tell_delivery(delivery, _("Undone."))
    main.customer_pane.again()
    main.list_pane.redraw_row(delivery.customer)
