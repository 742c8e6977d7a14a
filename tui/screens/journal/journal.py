"""Every change made from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from tui.desk.batch.sending import BatchGroup
from tui.desk.change_labels import KIND_NAMES, deed, gist
from tui.desk.checks import STAYS, undoable
from tui.desk.conflicts import left_standing, taken_back
from tui.desk.outcome import Change, ChangedSinceError
from tui.locale import N_, _
from tui.screens.batch.batch import told_undo, undo_batch
from tui.screens.forms.conflict import send_decided
from tui.screens.journal.filter_journal import JournalAsked, JournalFilterDialog
from tui.screens.outbox.changes import ChangesDialog, lines_of, show_customer
from tui.screens.widget_texts import words
from tui.text import local_time, plain
from widgets.dialog import ConfirmDialog, Hint
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.customer import Customer
    from tui.screens.main.main_screen import MainScreen


BATCH, ONE = "batch", "one"
"""What is picked to undo the whole batch, or the last change to the customer alone."""


async def undo(main: MainScreen) -> None:
    """Undo the batch that was sent last, where nothing was done since; or the last change to the customer, as a new
    write with the values before."""
    customer = await main.current()
    changes = await _made(main, customer) if customer is not None else []
    last = next((item for item in changes if not undoable(item[1])), None)
    batch = await main.desk.batches.last_made()
    if len(batch) > 1:
        what = f"{_(KIND_NAMES[batch[0].kind])} × {len(batch):,} · {local_time(batch[0].created_at)}"
        can, *reasons = told_undo(batch)
        whole = PickOption(BATCH, what, detail=can, reason="" if not all(map(undoable, batch)) else reasons[0])
        options = [whole] if last is None else [whole, PickOption(ONE, deed(last[1]), detail=gist(last[1]))]
        picked = await main.app.push_screen_wait(PickDialog(_("Undo"), options, words=words()))
        if picked is None:
            return
        if picked == BATCH:
            await undo_batch(main, batch)
            return
    if customer is None:
        main.tell(_("There is no customer here."))
        return
    if last is None:
        reason = undoable(changes[0][1]) if changes else _("nothing was changed from here")
        main.tell(_("Nothing to undo for {name}: {reason}.").format(name=customer.name, reason=reason), "warn")
        return
    await undo_change(main, *last)


async def _made(main: MainScreen, customer: Customer) -> list[tuple[Desk, Change]]:
    """What was changed of `customer` and of its linked records, as far as they are shown, each with its desk, the
    newest first."""
    made = [(main.desk, change) for change in await main.desk.journal(customer.id)]
    person = main.customer_pane.person
    if person is not None and person.own.customer.id == customer.id:
        for source, record in list(person.records.items())[1:]:
            if (desk := await main.linked_desks.open(source.profile)) is not None:
                made += [(desk, change) for change in await desk.journal(record.id)]
    return sorted(made, key=lambda item: item[1].created_at, reverse=True)


async def undo_change(main: MainScreen, desk: Desk, change: Change) -> None:
    """Undo `change` of `desk`'s once the agent has seen what that means."""
    question = _("Undo this change of {time}?").format(time=local_time(change.created_at))
    specs = await desk.fields()
    title = deed(change) if desk is main.desk else f"{deed(change)} · {change.profile}"
    stays = [f"! {_(STAYS[name])}" for name in left_standing(change)]
    details = [plain(title), *lines_of(taken_back(change, specs), specs, await main.masker_of(desk)), *stays]
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


class JournalDialog(ChangesDialog):
    """The journal, the newest change first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Undo", show=False, id="journal.undo"),
        Binding("slash,F", "filter", "Filter", show=False, id="journal.filter"),
    ]
    EMPTY = N_("Nothing was changed from here yet.")

    def __init__(self, main: MainScreen, heading: str, desks: Mapping[str, Desk]) -> None:
        super().__init__(main, heading, desks)
        self._asked = JournalAsked()

    async def groups(self, desk: Desk) -> Sequence[BatchGroup]:
        wanted = self._asked.filter(desk.settings.user_id)
        return [BatchGroup(change, 1) for change in await desk.journal(wanted=wanted)]

    def order(self, groups: Iterable[BatchGroup]) -> Sequence[BatchGroup]:
        return sorted(groups, key=lambda group: group.first.created_at, reverse=True)

    def hints(self) -> Sequence[Hint]:
        return (("u", _("undo")), ("/", _("filter")), *super().hints())

    @work(group="filter", exclusive=True)
    async def action_filter(self) -> None:
        """Have the agent say what is looked for, and show that alone."""
        authors = dict.fromkeys([who for desk in self._desks.values() for who in await desk.journal_authors()])
        asked = await self.app.push_screen_wait(JournalFilterDialog(self._asked, tuple(authors)))
        if asked is not None:
            self._asked = asked
            self.empty = N_("Nothing that was done from here matches.") if asked.told() else self.EMPTY
            self.title_line.say(" · ".join(filter(None, (self.heading, asked.told()))))
            await self.reload()

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
    chosen = await main.app.push_screen_wait(JournalDialog(main, _("Journal"), desks))
    if chosen is None:
        return
    what, change, _count = chosen
    if what == "undo":
        await undo_change(main, desks[change.profile], change)
    else:
        await show_customer(main, change)
