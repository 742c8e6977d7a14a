"""What waits, failed or is unknown, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.desk.batch.sending import BatchGroup
from tui.desk.change_labels import deed, gist, is_held, reason, state_name
from tui.desk.checks import mendable
from tui.desk.outcome import Change, ChangedSinceError, Kind, State
from tui.locale import N_, _
from tui.screens.batch.batch import send_again
from tui.screens.batch.mend_many import mend_many
from tui.screens.forms.conflict import send_decided
from tui.screens.outbox.changes import ChangesDialog, show_customer
from tui.screens.outbox.mend import drop_drafts, keep_apart, mend
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import ConfirmDialog, Hint

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen

SHOWN = 1000
"""Changes of one group that are listed one by one: nobody looks through more."""


class OutboxDialog(ChangesDialog):
    """The outbox. Nothing leaves it but by being sent, or by a person's word."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "mend", "Open in its form", show=False, id="outbox.mend"),
        Binding("s", "choose('send')", "Send again", show=False, id="outbox.send"),
        Binding("D", "choose('done')", "Mark as done", show=False, id="outbox.done"),
        Binding("X", "choose('discard')", "Throw away", show=False, id="outbox.discard"),
    ]
    EMPTY = N_("Nothing waits: every change made here is settled.")

    def __init__(
        self, main: MainScreen, heading: str, desks: Mapping[str, Desk], group: BatchGroup | None = None
    ) -> None:
        super().__init__(main, heading, desks)
        self._inside = group

    async def groups(self, desk: Desk) -> Sequence[BatchGroup]:
        batches = desk.batches
        if self._inside is None:
            await batches.recover()
            return await batches.groups()
        ids = await batches.members(self._inside.first)
        return [BatchGroup(change, 1) for change in await batches.changes(ids[:SHOWN])]

    def order(self, groups: Iterable[BatchGroup]) -> Sequence[BatchGroup]:
        """What was stopped comes first: it is what the agent goes on with."""
        return sorted(groups, key=lambda group: not is_held(group.first))

    def action_mend(self) -> None:
        """Close with the wish to open the change in its form, or say why that cannot be."""
        if self.group is None:
            return
        if self.group.count > 1 and self.group.first.kind not in (Kind.REMARK, Kind.FOLLOW):
            self.complain(_("Enter shows them one by one; e opens one of them."))
        elif why := mendable(self.group.first):
            self.complain(_("cannot be edited: {reason}").format(reason=why))
        else:
            self.action_choose("mend")

    def inside(self, group: BatchGroup) -> OutboxDialog:
        heading = f"{state_name(group.first)}: {reason(group.first)}".rstrip(": ")
        profile = group.first.profile
        return OutboxDialog(self._main, heading, {profile: self._desks[profile]}, group)

    def hints(self) -> Sequence[Hint]:
        own = (("e", _("edit")), ("s", _("send again")), ("D", _("done")), ("X", _("throw away")))
        return (*own, *super().hints())


async def outbox(main: MainScreen) -> None:
    """Show the outbox until the agent is through with it, or many are on their way."""
    while True:
        desks = await main.all_desks()
        chosen = await main.app.push_screen_wait(OutboxDialog(main, _("Outbox"), desks))
        if chosen is None:
            return
        what, change, count = chosen
        desk = desks[change.profile]
        if what == "customer":
            await show_customer(main, change)
            return
        if what == "mend" and count > 1:
            await mend_many(main, desk, change)
            return
        if what == "mend":
            await mend(main, desk, change)
            continue
        if not await _sure(main, what, change, count):
            continue
        ids = [change.id] if count == 1 else await desk.batches.members(change)
        if not ids:
            continue  # settled meanwhile
        match what:
            case "send" if count > 1 and desk is main.desk:
                await send_again(main, change.kind, ids)
                return
            case "send" if change.code == ChangedSinceError.kind and change.kind in (Kind.UPDATE, Kind.REMARK):
                await _decide(main, desk, change)
            case "send":
                main.tell(_("Sending …"))
                main.tell_delivery(await desk.outbox.retry(ids), _("Sent."))
                main.customer_pane.again()
                await keep_apart(desk, [one for one in await desk.batches.changes(ids) if one.state is State.SENT])
            case "done":
                await desk.outbox.mark_done(ids)
                await keep_apart(desk, await desk.batches.changes(ids))
                main.tell(_("Marked as done."), "ok")
            case _:
                await desk.outbox.discard(ids)
                await drop_drafts(desk, ids)
                main.tell(_("Thrown away; the journal keeps it."))


async def _decide(main: MainScreen, desk: Desk, change: Change) -> None:
    """Send `change`, which somebody else's came between, as the agent decides over the record as it is now."""
    main.tell(_("Reading what is there now …"))
    found = await desk.conflict_for(change)
    if not found.fields:  # it was taken back, or is there already
        main.tell_delivery(await desk.outbox.retry([change.id]), _("Sent."))
        return
    delivery = await send_decided(main, desk, change, found)
    if delivery is None:
        main.tell(_("Not sent; it stays in the outbox."))
        return
    main.tell_delivery(delivery, _("Sent.") if delivery.change_ids else _("Not sent: theirs stays."))
    if desk is main.desk:
        main.list_pane.redraw_row(delivery.customer)


async def _sure(main: MainScreen, what: str, change: Change, count: int) -> bool:
    """Ask before what cannot be taken back: sending twice what may have arrived, and not sending at all."""
    if what == "send" and change.state is not State.UNKNOWN:
        return True
    one, many = {
        "send": (
            N_("Nobody knows whether this arrived. Send it again, perhaps for the second time?"),
            N_("Nobody knows whether these {count} arrived. Send them again, perhaps for the second time?"),
        ),
        "done": (
            N_("Did you see at the vendor that this arrived?"),
            N_("Did you see at the vendor that all {count} arrived?"),
        ),
        "discard": (N_("Throw this away without sending it?"), N_("Throw these {count} away without sending them?")),
    }[what]
    question = _(one) if count == 1 else _(many).format(count=f"{count:,}")
    details = [plain(deed(change)) if count == 1 else "", gist(change) if count == 1 else "", reason(change)]
    dialog = ConfirmDialog(_("Outbox"), question, [line for line in details if line], words=words())
    sure = await main.app.push_screen_wait(dialog)
    return bool(sure)
