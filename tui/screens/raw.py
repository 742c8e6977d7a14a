"""The vendor's own record, as it came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.words import words
from widgets.dialog import MessageDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def raw(main: MainScreen) -> None:
    """Show the record of the customer, every key that the vendor sent."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to show."))
        return
    text = json.dumps(customer.raw, ensure_ascii=False, indent=2)
    heading = _("The vendor's record of {name}").format(name=customer.name or customer.id)
    await main.app.push_screen_wait(MessageDialog(heading, text, words=words()))
