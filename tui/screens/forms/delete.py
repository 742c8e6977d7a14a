"""Deleting a customer, once its name was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.outbox.mend import told_or_mended
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import TypedConfirmDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


async def delete(main: MainScreen) -> None:
    """Delete the customer at the vendor; the journal keeps the record."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to delete."))
        return
    name = customer.name or customer.id
    question = _("Delete {name} at the vendor, for good? Type the name to confirm.").format(name=name)
    where = f"{main.people.source.profile} · {main.people.source.title}"
    details = [
        plain(customer.company),
        f"{customer.id} · {where}",
        _("This cannot be undone; the journal keeps the record's values."),
    ]
    dialog = TypedConfirmDialog(_("Delete"), question, name, [line for line in details if line], words=words())
    if not await main.app.push_screen_wait(dialog):
        main.tell(_("Nothing was deleted."))
        return
    main.tell(_("Deleting …"))
    delivery = await main.desk.delete(customer)
    done = await told_or_mended(main, main.desk, delivery, _("Deleted {name}.").format(name=name))
    if done is not None and done.ok:
        await main.forget(customer.id)
