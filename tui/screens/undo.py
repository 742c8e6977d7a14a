"""Undoing the last change made from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.checks import STAYS, undoable
from tui.desk.conflicts import left_standing, taken_back
from tui.desk.outcome import Change, ChangedSinceError
from tui.desk.words import deed
from tui.locale import _
from tui.screens.conflict import send_decided
from tui.screens.describe import lines_of
from tui.screens.words import words
from tui.text import local_time, plain
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.client.models import Customer
    from tui.desk.desk import Desk
    from tui.screens.main import MainScreen


async def undo(main: MainScreen) -> None:
    """Undo the last change to the customer, as a new write with the values before."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer here."))
        return
    changes = await _made(main, customer)
    last = next((item for item in changes if not undoable(item[1])), None)
    if last is None:
        reason = undoable(changes[0][1]) if changes else _("nothing was changed from here")
        main.tell(_("Nothing to undo for {name}: {reason}.").format(name=customer.name, reason=reason), "warn")
        return
    await undo_change(main, *last)


async def _made(main: MainScreen, customer: Customer) -> list[tuple[Desk, Change]]:
    """What was changed of CUSTOMER and of its linked records, as far as they are shown, each with its desk, the newest
    first."""
    made = [(main.desk, change) for change in await main.desk.journal(customer.id)]
    person = main.customer_pane.person
    if person is not None and person.own.customer.id == customer.id:
        for source, record in list(person.records.items())[1:]:
            if (desk := await main.neighbours.open(source.profile)) is not None:
                made += [(desk, change) for change in await desk.journal(record.id)]
    return sorted(made, key=lambda item: item[1].created_at, reverse=True)


async def undo_change(main: MainScreen, desk: Desk, change: Change) -> None:
    """Undo CHANGE of DESK's once the agent has seen what that means."""
    question = _("Undo this change of {time}?").format(time=local_time(change.created_at))
    specs = await desk.fields()
    title = deed(change) if desk is main.desk else f"{deed(change)} · {change.profile}"
    stays = [f"! {_(STAYS[name])}" for name in left_standing(change)]
    details = [plain(title), *lines_of(taken_back(change, specs), specs), *stays]
    if not await main.app.push_screen_wait(ConfirmDialog(_("Undo"), question, details, words=words())):
        return
    main.tell(_("Undoing …"))
    try:
        delivery = await desk.undo(change.id)
    except ChangedSinceError as error:
        decided = await send_decided(main, desk, change, error.conflict)
        if decided is None or not decided.change_ids:
            main.tell(_("Not undone."))
            return
        delivery = decided
    main.tell_delivery(delivery, _("Undone."))
    main.customer_pane.again()
    if desk is main.desk:
        main.list_pane.redraw_row(delivery.customer)
