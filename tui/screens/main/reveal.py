"""Revealing: the hidden value under the cursor is shown, and the journal says who saw which field of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.reveals import revealed_of, tell_revealed
from tui.locale import _
from tui.model.masking import Mask
from tui.text import plain

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


async def mask(main: MainScreen) -> None:
    """Reveal the value under the pane's cursor where it is hidden; else hide from onlookers more, or no more."""
    pane = main.customer_pane
    hidden = pane.hidden_under_cursor() if main.focused is pane.sheet else None
    if hidden is None:
        pane.mask(Mask.NONE if pane.hiding is Mask.ALL else Mask.ALL)
        main.list_pane.mask(pane.hiding)
        main.tell(_(max(pane.hiding, main.desk.settings.mask, key=list(Mask).index).told))
        return
    own = hidden.profile == main.people.source.profile
    desk = main.desk if own else await main.linked_desks.desk(hidden.profile)
    revealed = revealed_of(hidden.customer, [hidden.code], await desk.known_fields())
    if revealed is not None:
        await tell_revealed(desk, [revealed])
    if pane.customer is not None and pane.customer_id == pane.customer.id:
        pane.reveal(hidden.values)
    name = plain(hidden.customer.name or hidden.customer.id)
    main.tell(_("Shown until you leave {name}; the journal has it.").format(name=name))
