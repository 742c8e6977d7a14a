"""Follow-ups: one or several at once, each with its time, below what was written before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.desk.batch.items import follow_request
from tui.desk.checks import doubt_of
from tui.desk.outcome import Change, Delivery, Kind, Record
from tui.locale import _
from tui.model.customer import Customer, FollowEntry, FollowText, FollowUser
from tui.model.display import wall_clock
from tui.model.errors import InvalidError
from tui.model.times import DayOrMoment, normal_clock, read_day_or_moment, read_moment
from tui.screens.batch.batch import MARKED, filled_sheet, marked_subject, send_marked, sheet_of_marked
from tui.screens.forms.drafts import DraftKeeper, Present, Refused
from tui.screens.forms.next_date import Check, next_input, told_next, told_next_of, understood
from tui.screens.forms.pick_template import OwnTexts, TemplatedDialog
from tui.screens.forms.pick_user import is_anothers, may_write_as, name_of, pick_follower
from tui.screens.main.follow_history import entries_of
from tui.screens.outbox.mend import told_or_mended
from tui.screens.result_text import told
from widgets.dialog import Hint
from widgets.form import Form, FormField
from widgets.inputs import DateTimeInput, Value
from widgets.inputs.area import AreaInput
from widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen

MOST = 10
"""Entries in one form: more than anyone types before sending; a file takes any number, and what it sent is mended with
as many as it has."""

NEXT = "next"
"""The form's key of the next contact."""

SHOWN = 5
"""Changes of the history above the form."""


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What was typed: the follow-ups, and when to contact the customer next, where that was said."""

    texts: tuple[FollowText, ...]
    next: DayOrMoment | None = None
    there: bool = False
    """They are to be sent at the linked profile that takes follow-ups."""


class FollowDialog(TemplatedDialog[FollowUps]):
    """Texts with their times. A time left empty is the moment of sending. Below them stands the next contact, where
    `check_next` says what is wrong with one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "another", "Another entry", show=False, id="follow.another"),
        Binding("ctrl+o", "there", "Send it there, or keep it here", show=False, id="follow.there"),
    ]

    def __init__(
        self,
        heading: str,
        keeper: DraftKeeper,
        history: Sequence[Change],
        draft: Mapping[str, object],
        warning: str = "",
        refused: Refused | None = None,
        *,
        check_next: Check | None = None,
        own_texts: OwnTexts | None = None,
        there: str = "",
    ) -> None:
        """`there` is the linked profile where it can be sent instead of being kept here."""
        super().__init__(heading, keeper, draft, refused)
        self._there = there
        self._sends_there = False
        self._check_next = check_next
        self.own_texts = own_texts
        self._warning = warning
        self._history = history
        self._agreed_to: tuple[str, ...] = ()
        """What may be mistaken about the times, as it was told: sent once more, it is right."""
        numbers = (key.partition(".")[2] for key in draft)
        self._shown = max([1, *(int(number) for number in numbers if number)])
        self._most = max(MOST, self._shown)

    def compose_body(self) -> ComposeResult:
        if self._history:
            yield Sheet(id="follow-history")
        fields = []
        for number in range(1, self._most + 1):
            (text, label), (at, when) = _labels(number)
            fields += [
                FormField(f"{text}.{number}", label, AreaInput(words=self.words)),
                FormField(f"{at}.{number}", when, DateTimeInput(normal_clock, placeholder=_("now"), words=self.words)),
            ]
        if self._check_next is not None:
            fields.append(FormField(NEXT, _("Next contact"), next_input()))
        yield Form(fields, words=self.words)

    def hints(self) -> Sequence[Hint]:
        elsewhere = (("ctrl+o", _("send or keep")),) if self._there else ()
        return (*super().hints(), ("ctrl+n", _("another")), *elsewhere)

    def on_mount(self) -> None:
        super().on_mount()
        if self._history:
            sheet = self.query_one(Sheet)
            sheet.can_focus = False
            sheet.show([entry for change in self._history for entry in entries_of(change)])
        self._reveal()
        self.typed()

    def takes_template(self, key: str) -> bool:
        return key.startswith("text.") and bool(self.form.rows[key].display)

    def typed(self) -> None:
        text = understood(str(self.form.values().get(NEXT, "")))
        self.say(" · ".join(filter(None, (f"→ {text}" if text else "", self._told_where(), self._warning))))

    def _told_where(self) -> str:
        """Where it goes, where that can be chosen."""
        if not self._there:
            return ""
        if self._sends_there:
            return _("sent at {profile}; once sent, it cannot be taken back").format(profile=self._there)
        return _("kept here alone; ctrl+o sends it at {profile}").format(profile=self._there)

    def action_there(self) -> None:
        """Have it sent at the linked profile, or kept here after all."""
        if self._there:
            self._sends_there = not self._sends_there
            self.typed()

    def _reveal(self) -> None:
        for number in range(1, self._most + 1):
            for name in ("text", "at"):
                self.form.rows[f"{name}.{number}"].display = number <= self._shown

    def action_another(self) -> None:
        """Show the next empty entry."""
        if self._shown < self._most:
            self._shown += 1
            self._reveal()
        self.form.rows[f"text.{self._shown}"].input.focus()

    def action_send(self) -> None:
        """Close with every entry that has a text."""
        if self.form.focus_first_problem():
            label, reason = self.form.problems()[0]
            self.complain(f"{label}: {reason}")
            return
        values = self.form.values()
        texts = []
        now = datetime.now().astimezone()
        for number in range(1, self._shown + 1):
            content, at = str(values[f"text.{number}"]).strip(), str(values[f"at.{number}"])
            if content:
                texts.append(FollowText(content=content, at=read_moment(at, now) if at else None))
            elif at:
                self.complain(_("Follow-up {number} has a time and no text").format(number=number))
                return
        if not texts:
            self.complain(_("write what happened"))
            return
        text = str(values.get(NEXT, "")).strip()
        following = read_day_or_moment(text, now) if text else None
        try:
            if following is not None and self._check_next is not None:
                self._check_next(following)
            if self.own_texts is not None:
                self.own_texts.check([text.content for text in texts])
        except InvalidError as error:
            self.complain(told(error))
            return
        doubts = tuple(dict.fromkeys(doubt for text in texts if (doubt := doubt_of(text.at))))
        if doubts != self._agreed_to:
            self._agreed_to = doubts
            if doubts:
                self.complain(_("{reason}: send it again if that is right").format(reason="; ".join(doubts)))
                return
        self.keep_and_finish(FollowUps(tuple(texts), following, self._sends_there))


def _labels(number: int) -> Sequence[tuple[str, str]]:
    """The names of the two fields of an entry, and what a person reads."""
    label = _("Follow-up") if number == 1 else _("Follow-up {number}").format(number=number)
    return (("text", label), ("at", _("When")))


async def follow(main: MainScreen) -> None:
    """Write follow-ups for the customer, or the same ones for all that are marked."""
    if main.list_pane.marks:
        await follow_marked(main)
        return
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to follow up."))
        return
    await follow_up(main, customer)


async def follow_up(main: MainScreen, customer: Customer) -> None:
    """Write follow-ups for `customer`, whoever is marked."""
    notes_only = bool(main.desk.why_not("add_follows"))
    name = customer.name or customer.id
    user_id = main.desk.settings.user_id or main.desk.settings.os_user
    follower: FollowUser | None = None
    if not notes_only:
        if not customer.union_id:
            main.tell(_("{name} has no union id: the vendor takes no follow-up.").format(name=name), "warn")
            return
        follower = await pick_follower(main, customer, _("In whose name do you follow up {name}?").format(name=name))
        if follower is None:
            return
        user_id = follower.user_id
        if is_anothers(main, follower):
            name = f"{name} · {name_of(follower)}"
    heading = _("Note on {name} (kept here alone)") if notes_only else _("Follow up {name}")
    history = list(await main.desk.history(customer.id))[:SHOWN]
    keeper = DraftKeeper(main.desk, "follow", customer.id)
    there = await _taken_there(main, customer) if notes_only else None
    asked = await _ask(main, keeper, heading.format(name=name), name, history, customer, there)
    if asked is None:
        return
    following = main.beside(customer.id)
    if asked.there and there is not None:
        await _send_there(main, there, customer, asked, keeper)
        await main.go_on(customer.id, following)
        return
    if follower is not None and not await may_write_as(main, follower, _("Follow up {name}").format(name=name)):
        main.tell(_("Not sent; what you typed is kept as a draft."))
        return
    main.tell(_("Saving …"))
    delivery = await main.desk.follow([_entry(customer, user_id, asked.texts)], draft=keeper.id)
    done = _("Note kept here.") if notes_only else _("Follow-up on {name} sent.").format(name=name)
    if asked.next is not None:
        done = f"{done} {await told_next(main, customer, asked.next)}"
    await told_or_mended(main, main.desk, delivery, done)
    main.customer_pane.again()
    await main.go_on(customer.id, following)


@dataclass(frozen=True, slots=True)
class FollowedThere:
    """The record of a person at a linked profile whose vendor takes follow-ups."""

    desk: Desk
    customer: Customer


async def _taken_there(main: MainScreen, customer: Customer) -> FollowedThere | None:
    """Where a follow-up on `customer` can be sent, as far as it is known which records are the same person's."""
    person = await main.people.kept(Record(customer, 0.0, live=False))
    for source, record in list(person.records.items())[1:]:
        desk = await main.linked_desks.open(source.profile)
        if desk is not None and not desk.why_not("add_follows") and record.union_id:
            return FollowedThere(desk, record)
    return None


async def _send_there(
    main: MainScreen, there: FollowedThere, customer: Customer, asked: FollowUps, keeper: DraftKeeper
) -> None:
    """Send what was typed about `customer` at the linked profile; the draft goes once it is on disk there."""
    desk, record = there.desk, there.customer
    name, profile = record.name or customer.name or record.id, desk.settings.profile
    kept = _("Not sent; what you typed is kept as a draft.")
    follower = await pick_follower(main, record, _("In whose name do you follow up {name}?").format(name=name), desk)
    heading = _("Follow up {name}").format(name=f"{name} · {profile}")
    if follower is None or not await may_write_as(main, follower, heading, desk):
        main.tell(kept)
        return
    main.tell(_("Saving …"))
    delivery = await desk.follow([_entry(record, follower.user_id, asked.texts)])
    await keeper.drop()
    done = _("Follow-up on {name} sent at {profile}.").format(name=name, profile=profile)
    if asked.next is not None:
        done = f"{done} {await told_next(main, customer, asked.next)}"
    await told_or_mended(main, desk, delivery, done)
    main.customer_pane.again()


async def _ask(
    main: MainScreen,
    keeper: DraftKeeper,
    heading: str,
    subject: str,
    history: Sequence[Change],
    customer: Customer | None,
    there: FollowedThere | None = None,
) -> FollowUps | None:
    present = {f"{name}.{number}": Present(label) for number in range(1, MOST + 1) for name, label in _labels(number)}
    present[NEXT] = Present(_("Next contact"))
    draft = await keeper.offer(main, subject, present)
    if draft is None:
        return None
    final = "" if main.desk.why_not("add_follows") else _("Once sent, a follow-up cannot be taken back.")
    own_texts = OwnTexts(await main.desk.templates.all("follow"), main.desk.templates.filled, customer)
    dialog = FollowDialog(
        heading,
        keeper,
        history,
        draft,
        final,
        check_next=main.desk.day.check,
        own_texts=own_texts,
        there=there.desk.settings.profile if there is not None else "",
    )
    asked = await main.app.push_screen_wait(dialog)
    if asked is None and await keeper.kept():
        main.tell(_("What you typed is kept as a draft."))
    return asked


def _entry(customer: Customer, user_id: str, texts: tuple[FollowText, ...]) -> FollowEntry:
    return FollowEntry(customer=customer.id, union_id=customer.union_id, user_id=user_id, texts=texts)


def follow_values(change: Change) -> dict[str, Value]:
    """Return what `change`, follow-ups, holds, by the form's keys."""
    found: dict[str, Value] = {}
    for number, text in enumerate(change.request["texts"], 1):
        found[f"text.{number}"] = text["content"]
        if text.get("at"):
            found[f"at.{number}"] = wall_clock(text["at"])
    return found


async def follow_marked(main: MainScreen, begun: Change | None = None) -> Delivery | None:
    """The same follow-ups for every marked customer, in the acting colleague's name; the form begins with those of
    `begun`. None where nothing was sent."""
    notes_only = bool(main.desk.why_not("add_follows"))
    user_id = main.desk.settings.user_id
    if not user_id and not notes_only:
        main.tell(_("The profile names no user_id: in whose name should it be?"), "warn")
        return None
    subject = marked_subject(main)
    keeper = DraftKeeper(main.desk, "follow", MARKED)
    if begun is not None:
        await keeper.begin_with(follow_values(begun))
    asked = await _ask(main, keeper, _("Follow up {name}").format(name=subject), subject, (), None)
    if asked is None:
        return None
    when = asked.next

    async def set_next(customer_ids: Sequence[str]) -> str:
        return await told_next_of(main, customer_ids, when) if when is not None else ""

    sheet = await filled_sheet(main, sheet_of_marked(main, Kind.FOLLOW, follow_request(user_id, asked.texts)))
    return await send_marked(main, sheet, keeper.id, set_next)
