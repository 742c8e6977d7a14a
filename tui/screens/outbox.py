"""What waits, failed or is unknown, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.desk.outcome import Change, State
from tui.locale import N_, _
from tui.screens.changes import ChangesDialog
from tui.screens.describe import deed, gist
from tui.screens.words import words
from widgets.dialog import ConfirmDialog, Hint

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


class OutboxDialog(ChangesDialog):
    """The outbox. Nothing leaves it but by being sent, or by a person's word."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "choose('send')", "Send again", show=False, id="outbox.send"),
        Binding("D", "choose('done')", "Mark as done", show=False, id="outbox.done"),
        Binding("X", "choose('discard')", "Throw away", show=False, id="outbox.discard"),
    ]
    EMPTY = N_("Nothing waits: every change made here is settled.")

    async def changes(self) -> Sequence[Change]:
        return await self._desk.outbox()

    def hints(self) -> Sequence[Hint]:
        own = (("s", _("send again")), ("D", _("mark as done")), ("X", _("throw away")))
        return (*own, *super().hints())


async def outbox(main: MainScreen) -> None:
    """Show the outbox until the agent is through with it."""
    while True:
        chosen = await main.app.push_screen_wait(OutboxDialog(_("Outbox"), main.desk))
        if chosen is None:
            return
        what, change = chosen
        if what == "customer":
            main.open_customer(change.customer_id)
            return
        if not await _sure(main, what, change):
            continue
        match what:
            case "send":
                main.tell(_("Sending …"))
                main.tell_delivery(await main.desk.retry([change.id]), _("Sent."))
            case "done":
                await main.desk.mark_done([change.id])
                main.tell(_("Marked as done."), "ok")
            case _:
                await main.desk.discard([change.id])
                main.tell(_("Thrown away; the journal keeps it."))


async def _sure(main: MainScreen, what: str, change: Change) -> bool:
    """Ask before what cannot be taken back: sending twice what may have arrived, and not sending at all."""
    if what == "send" and change.state is not State.UNKNOWN:
        return True
    question = {
        "send": _("Nobody knows whether this arrived. Send it again, perhaps for the second time?"),
        "done": _("Did you see at the vendor that this arrived?"),
        "discard": _("Throw this away without sending it?"),
    }[what]
    details = [deed(change), gist(change), change.message]
    dialog = ConfirmDialog(_("Outbox"), question, [line for line in details if line], words=words())
    sure = await main.app.push_screen_wait(dialog)
    return bool(sure)
