"""Those of a batch who were refused for one reason, opened in one form again and sent in the place of what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.checks import mendable
from tui.desk.outcome import Change, Kind
from tui.locale import _
from tui.screens.forms.follow import follow_marked
from tui.screens.forms.remark import remark_marked

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen


async def mend_many(main: MainScreen, desk: Desk, first: Change) -> None:
    """Open the form of a batch for the customers whose changes stand in the outbox as `first` does, with its text.

    They are marked, and nobody else. What failed leaves the outbox for those alone who have what is sent now.
    """
    if desk is not main.desk:
        text = _("They are of {profile}: P switches there.")
        main.tell(text.format(profile=first.profile), "warn")
        return
    changes = await desk.batches.changes(await desk.batches.members(first))
    if reason := next(filter(None, map(mendable, changes)), ""):
        main.tell(_("They cannot be edited: {reason}.").format(reason=reason), "warn")
        return
    main.list_pane.marks.clear()
    main.list_pane.marks.put_on(change.customer_id for change in changes)
    delivery = await (remark_marked if first.kind is Kind.REMARK else follow_marked)(main, first)
    if delivery is not None:
        have_it = set(delivery.settled)
        await desk.outbox.discard([change.id for change in changes if change.customer_id in have_it])
