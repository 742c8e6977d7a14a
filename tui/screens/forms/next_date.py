"""When to contact a customer next: a date and a note, for one or for all that are marked; and that it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.desk.outcome import ChangedSinceError, Delivery
from tui.locale import _, ngettext
from tui.model.errors import InvalidError, KehuError
from tui.model.next_contact import NOTE_LENGTH, NextContact
from tui.model.times import DayOrMoment, normal_day_or_moment, read_day_or_moment, shown_day_or_moment
from tui.screens.batch.batch import marked_subject
from tui.screens.forms.conflict import resolve
from tui.screens.main.under_way import key_of
from tui.screens.result_text import told, verdict
from tui.screens.widget_texts import words
from tui.text import day_and_time
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import CounterInput, DateTimeInput

if TYPE_CHECKING:
    from tui.model.customer import Customer
    from tui.screens.main.main_screen import MainScreen

Check = Callable[[DayOrMoment], None]
"""Raises InvalidError for a time at which nobody can be contacted any more."""


@dataclass(frozen=True, slots=True)
class NextDate:
    """What the agent wants: `when`, None for not at all, and why."""

    when: DayOrMoment | None
    note: str


def understood(text: str) -> str:
    """How the typed `text` is understood, in a line; empty where it means nothing yet."""
    found = read_day_or_moment(text, datetime.now(UTC))
    if found is None:
        return ""
    said, exactly = time_of(found), shown_day_or_moment(found)
    return said if said == exactly else f"{said} · {exactly}"


def time_of(when: DayOrMoment) -> str:
    """`when` as people say it: `tomorrow 09:30`."""
    return day_and_time(when.at.timestamp(), whole_day=when.whole_day)


def next_input() -> DateTimeInput:
    """The line in which a next contact is typed."""
    return DateTimeInput(normal_day_or_moment, placeholder=_("tomorrow 9:30, +3d, next monday …"), words=words())


class NextDateDialog(Dialog[NextDate]):
    """Asks when and why, and tells how the time is understood as it is typed. Left empty, it takes the date away."""

    SIZE = "-short"

    def __init__(self, heading: str, kept: NextContact | None, check: Check) -> None:
        super().__init__(heading, words=words())
        self._kept = kept
        self._check = check

    def compose_body(self) -> ComposeResult:
        kept = self._kept
        when = shown_day_or_moment(DayOrMoment(kept.moment, kept.whole_day)) if kept is not None else ""
        note = CounterInput(NOTE_LENGTH, words=self.words)
        yield Form(
            [
                FormField("when", _("When"), next_input(), when),
                FormField("note", _("Note"), note, kept.note if kept is not None else ""),
            ],
            enter_sends=True,
            words=self.words,
        )

    def on_mount(self) -> None:
        """Take the time at once: what is typed takes the place of the date that is there."""
        form = self.query_one(Form)
        form.focus_first()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Tell how it is understood."""
        event.stop()
        text = str(event.form.values()["when"])
        self.say(f"→ {understood(text)}" if understood(text) else "")

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Enter sends it."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Close with the date, or with none where the agent emptied it."""
        form = self.query_one(Form)
        if form.focus_first_problem():
            label, reason = form.problems()[0]
            self.complain(f"{label}: {reason}")
            return
        values = form.values()
        text, note = str(values["when"]).strip(), str(values["note"]).strip()
        when = read_day_or_moment(text, datetime.now(UTC)) if text else None
        if when is None and (text or self._kept is None):
            self.complain(_("say when: tomorrow 9:30, +3d, next monday"))
            return
        try:
            if when is not None:
                self._check(when)
        except InvalidError as error:
            self.complain(told(error))
            return
        self.finish(NextDate(when, note))


async def next_contact(main: MainScreen) -> None:
    """Say when to contact the customer next, or all that are marked."""
    if main.list_pane.marks:
        await _next_of_marked(main)
        return
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to contact."))
        return
    name = customer.name or customer.id
    kept = (await main.desk.day.of([customer.id])).get(customer.id)
    heading = _("Next contact with {name}").format(name=name)
    asked = await main.app.push_screen_wait(NextDateDialog(heading, kept, main.desk.day.check))
    if asked is None:
        return
    following = main.beside(customer.id)
    if asked.when is None:
        delivery = await main.desk.day.remove(customer)
        text = _("No contact with {name} any more.").format(name=name)
    else:
        delivery = await set_next(main, customer, asked.when, asked.note)
        text = _("Next contact with {name}: {time}.").format(name=name, time=time_of(asked.when))
    if delivery is None:
        main.tell(_("Not sent: theirs stays."))
        return
    await main.go_on(customer.id, following)
    main.tell_delivery(delivery, text)


async def set_next(main: MainScreen, customer: Customer, when: DayOrMoment, note: str = "") -> Delivery | None:
    """Set it; where somebody else moved it meanwhile, as the agent decides. None: theirs stays."""
    while True:
        try:
            return await main.desk.day.set(customer, when, note)
        except ChangedSinceError as error:
            if not await resolve(main, main.desk, error.conflict):
                return None
            customer = error.conflict.theirs


async def told_next(main: MainScreen, customer: Customer, when: DayOrMoment) -> str:
    """Set it after a follow-up; in a sentence, whether it is set."""
    try:
        delivery = await set_next(main, customer, when)
    except KehuError as error:
        return _("No next contact: {reason}").format(reason=told(error))
    if delivery is None:
        return _("No next contact: theirs stays.")
    return verdict(delivery, _("Next contact: {time}.").format(time=time_of(when))).text


async def told_next_of(main: MainScreen, customer_ids: Sequence[str], when: DayOrMoment, note: str = "") -> str:
    """Set it for all of `customer_ids`; in a sentence, for how many it is set, and why not for the others."""
    refused = await main.desk.day.set_all(customer_ids, when, note)
    count = len(customer_ids) - len(refused)
    text = ngettext("Next contact of {count} customer: {time}.", "Next contact of {count} customers: {time}.", count)
    text = text.format(count=f"{count:,}", time=time_of(when))
    if not refused:
        return text
    reason = told(next(iter(refused.values())))
    return _("{done} Not of {count}: {reason}").format(done=text, count=len(refused), reason=reason)


async def _next_of_marked(main: MainScreen) -> None:
    """The same date for everybody who is marked; they stay marked."""
    heading = _("Next contact with {name}").format(name=marked_subject(main))
    asked = await main.app.push_screen_wait(NextDateDialog(heading, None, main.desk.day.check))
    if asked is None or asked.when is None:
        return
    ids = tuple(main.list_pane.marks)
    main.tell(await told_next_of(main, ids, asked.when, asked.note))


async def done(main: MainScreen) -> None:
    """Note that the customer was contacted, and go on to the next one of who is due."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to contact."))
        return
    name = customer.name or customer.id
    following = main.beside(customer.id)
    delivery = await main.desk.day.finish(customer)
    if delivery is None:
        text = _("No contact with {name} was to be made; {key} says when one is.")
        main.tell(text.format(name=name, key=key_of(main, "next_contact")))
        return
    await main.go_on(customer.id, following)
    main.tell_delivery(delivery, _("Contact with {name} done.").format(name=name))
