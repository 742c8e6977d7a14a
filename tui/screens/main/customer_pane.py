"""The right pane: one customer, whole, wherever its records lie."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import Worker

from tui.locale import _, ngettext
from tui.model.errors import KehuError, NotFoundError
from tui.model.masking import STARS, Mask, Masker, masker_of
from tui.screens.main.colleagues import company_block, company_text, company_tone
from tui.screens.main.customer_blocks import PART, next_block
from tui.screens.main.follow_history import HISTORY, HistoryView
from tui.screens.result_text import failed
from widgets.blocks import Block, Note
from widgets.sheet import Sheet

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.desk.desk import Desk
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.linked.person import Linked, Person
    from tui.desk.outcome import Change, Record
    from tui.desk.team import News, Team
    from tui.model.customer import Customer, FieldSpec
    from tui.model.next_contact import NextContact
    from tui.screens.linked.linked_desks import LinkedDesks
    from tui.screens.linked.person_view import PersonView
    from tui.screens.main.hidden_value import Hidden

AT_ONCE = 0.05
"""Seconds that a customer's own record waits for what is on disk of the linked ones, so that both are one frame."""

GATHERED = 0.1
"""Seconds that an answer waits for those that others still owe: drawn in one frame, none moves another about."""


class CustomerPane(Vertical):
    """Shows a customer as it was last seen at once, and as the vendor has it when that is asked for.

    So it does with the records that the profile's links lead to, each in a part of its own.
    """

    sheet = getters.query_one(Sheet)

    class Looking(Message):
        """`profiles` are asked for the customer now; empty once all have answered, or nobody reads it any more."""

        def __init__(self, profiles: Sequence[str]) -> None:
            super().__init__()
            self.profiles = profiles

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk: Desk | None = None
        self._people: LinkedPeople | None = None
        self._linked_desks: LinkedDesks | None = None
        self._wanted: str | None = None
        self._view: PersonView | None = None
        self._specs: dict[str, Sequence[FieldSpec]] = {}
        self._note: Note | None = None
        self._next: NextContact | None = None
        """When the customer is to be contacted next."""
        self._whose: tuple[Note, ...] = ()
        """Whom keys are about, where that is not what the eye takes it for."""
        self._troubled = False
        """The customer could not be read the last time."""
        self._looking: Sequence[str] = ()
        self._moved = asyncio.Event()
        """One of the workers came further."""
        self._history = HistoryView()
        """Which entries of the follow history are open, and how many are shown."""
        self._to_history = False
        """The agent wants to see the follow history as soon as it is there."""
        self._painting: Timer | None = None
        """Draws before long what came last."""
        self.hiding = Mask.NONE
        """What the agent has hidden from onlookers beyond what is hidden anyway."""
        self._revealed: frozenset[str] = frozenset()
        """The hidden values of the customer that the agent saw; they are hidden again once another one is shown."""

    def compose(self) -> ComposeResult:
        yield Sheet(pins_heading=True)

    def attach(self, desk: Desk, people: LinkedPeople, linked_desks: LinkedDesks) -> None:
        """Read customers from `desk`, and who they are elsewhere from `people`, whose desks are the NEIGHBOURS."""
        self._desk, self._people, self._linked_desks = desk, people, linked_desks

    @property
    def customer_id(self) -> str | None:
        """Whom the pane is about from the moment it was told; what is known of them may still be on its way."""
        return self._wanted

    @property
    def customer(self) -> Customer | None:
        """The customer that is shown."""
        return self._view.person.own.customer if self._view else None

    @property
    def person(self) -> Person | None:
        """The customer that is shown, with what is known of it elsewhere."""
        return self._view.person if self._view else None

    @property
    def part(self) -> str:
        """The linked profile in whose part the cursor is; empty in the customer's own."""
        act, _blank, profile = self.sheet.current_part.partition(" ")
        return profile if act == PART else ""

    @property
    def busy(self) -> bool:
        """Whether something about the customer is still being read."""
        return any(worker.node is self and not worker.is_finished for worker in self.workers)

    def show(self, customer_id: str, *, read: bool = False, refresh: bool = False) -> None:
        """Show `customer_id` as last seen; with `read`, then as the vendors have it now.

        Linked profiles that answered a short while ago are asked again only to `refresh`.
        """
        same = customer_id == self._wanted
        self._wanted = customer_id
        if not same:
            self._revealed = frozenset()
        if read or not same:
            self.workers.cancel_group(self, "linked")
        self._load(customer_id, read, refresh, same)

    def again(self, *, read: bool = False) -> None:
        """Show the same customer again, after something about it changed."""
        if self._wanted is not None:
            self.show(self._wanted, read=read, refresh=read)

    def say_whose(self, *, apart: bool, marked: int) -> None:
        """Tell that the customer is not on the page beside (`apart`), and that some keys are about `marked` others."""
        texts = []
        if apart:
            texts.append(_("Not on the list's page: keys are about this customer, Esc goes back to the list."))
        if marked:
            text = ngettext(
                "{count} customer is marked: remarks and follow-ups are about that one, not about this one.",
                "{count} customers are marked: remarks and follow-ups are about them, not about this one.",
                marked,
            )
            texts.append(text.format(count=f"{marked:,}"))
        whose = tuple(Note(text, "warn") for text in texts)
        if whose != self._whose:
            self._whose = whose
            self._paint()

    def hear(self, news: News) -> None:
        """The team told something: show it, where it is about the customer who is shown."""
        if self._view is None or self._desk is None:
            return
        customer = self._view.person.own.customer
        about = (
            news.is_about(self._desk.settings.source, customer) or (news.source, news.customer) in self._view.records
        )
        if (about and news.kind == "entry") or news.kind in ("line", "people"):
            self._read_told(self._view)
        elif about and news.kind == "next":
            self.again()
        elif about:
            self._paint()

    @work(group="told", exclusive=True)
    async def _read_told(self, view: PersonView, *, ask: bool = False) -> None:
        """Show what the team did, once all of it is here where that is to `ask` the server for."""
        team = self._desk.team if self._desk is not None else None
        if team is None:
            return
        try:
            if ask:
                await team.read_history(view.person.own.customer, view.records)
            await self._take_told(team, view)
        except KehuError:
            pass  # what is here stays; that the line is down is told by its age
        if self._view is view:
            self._paint_gathered()

    async def _take_told(self, team: Team, view: PersonView) -> None:
        from tui.desk.team import told_changes

        history = await team.history(view.person.own.customer, view.records)
        view.told, view.told_as_of, view.names = told_changes(history), history.as_of, team.names

    def line_changed(self, *, look: bool) -> None:
        """A vendor does not answer any more, or again: tell it, and read again what could not be read.

        Where nobody reads the customer (`look` is False), a linked profile is asked no more: its failure is forgotten.
        """
        from tui.desk.linked.person import LinkState

        if self._view is None and not self._troubled:
            return
        offline, own = self._offline(), self._desk.settings.profile if self._desk is not None else ""
        linked = self._view.person.linked if self._view is not None else ()
        back = [one for one in linked if one.state is LinkState.FAILED and one.source.profile not in offline]
        if self._wanted is not None and not self.busy and ((self._troubled and own not in offline) or (back and look)):
            self.show(self._wanted, read=True)
            return
        if self._view is not None and not look:
            for one in back:
                self._view.take(replace(one, state=LinkState.UNASKED, error=None))
        self._paint()

    def _offline(self) -> frozenset[str]:
        """The profiles whose vendors do not answer."""
        opened = self._linked_desks.opened if self._linked_desks is not None else {}
        desks = [*opened.values(), *([self._desk] if self._desk is not None else [])]
        return frozenset(desk.settings.profile for desk in desks if desk.line.trouble is not None)

    def take(self, customer_id: str, linked: Linked) -> None:
        """Show what `linked` tells of `customer_id`, if that is who is shown, in the place of what was known there."""
        if self._view is not None and self._view.person.own.customer.id == customer_id:
            self._take(self._view, linked)

    def leave(self) -> None:
        """Nobody reads the customer any more: it is looked for no further."""
        self._find_nothing()
        self.workers.cancel_group(self, "linked")
        if self._view is not None and self._view.stop_looking():
            self._paint()

    def clear(self) -> None:
        """Show nobody."""
        for group in ("customer", "linked"):
            self.workers.cancel_group(self, group)
        self._wanted = self._view = self._note = None
        self._revealed = frozenset()
        self._paint(keep_scroll=False)

    async def settled(self, patience: float) -> Person | None:
        """The person once all has answered that was asked, or as far as is known after `patience` seconds."""
        try:
            async with asyncio.timeout(patience):
                while self.busy:
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            pass
        return self.person

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Have whoever waits for the pane to settle look again."""
        event.stop()
        self._moved.set()

    def unfold(self, ref: str) -> None:
        """Show the entry that `ref` stands for whole, or on one line again; or the entries that are older."""
        needed = self._history.needed
        self._history = self._history.changed(ref)
        self._paint()
        if self._history.needed > needed:
            self.again()  # what was read so far holds no more of them

    async def find_field(self) -> None:
        """Have the agent type what to look for in the customer."""
        from widgets.sheet_find import SheetFind

        self._find_nothing()
        await self.mount(SheetFind(self.sheet, _("a field's name, or a piece of its value"), found_text))

    def _find_nothing(self) -> None:
        for line in list(self.children)[1:]:
            line.remove()

    def go_to_history(self) -> None:
        """Move to the newest entry of the follow history, as soon as it is there."""
        self._to_history = True
        if self._view is not None:
            self._paint()

    def mask(self, hiding: Mask) -> None:
        """Hide from onlookers what `hiding` says, where that is more than is hidden anyway."""
        self.hiding = hiding
        self._paint()

    def masker(self, profile: str) -> Masker:
        """Return what hides the values of `profile`'s record of the customer."""
        return self._policy_of(profile).under(self.hiding).revealing(self._revealed)

    def _policy_of(self, profile: str) -> Masker:
        """The same by the policy alone: what only a reveal shows."""
        assert self._desk is not None
        return masker_of(self._desk.settings.mask, self._specs.get(profile))

    def hidden_under_cursor(self) -> Hidden | None:
        """Return what of the value under the cursor the policy hides; None where it hides nothing of it."""
        from tui.screens.main.hidden_value import find_hidden

        current = self.sheet.current
        if self._view is None or current is None or STARS not in self.sheet.current_shown:
            return None
        maskers = {profile: self._policy_of(profile).revealing(self._revealed) for profile in self._view.profiles}
        return find_hidden(self._view, maskers, self.part, *current)

    def reveal(self, values: Sequence[str]) -> None:
        """Show `values`, which are hidden, until another customer is shown."""
        self._revealed |= frozenset(values)
        self._paint()

    # Reading

    @work(group="customer", exclusive=True)
    async def _load(self, customer_id: str, read: bool, refresh: bool, same: bool) -> None:
        desk = self._desk
        if desk is None:
            return
        if not same:
            self._view = None
            self._history = HistoryView()
        try:
            own = desk.settings.profile
            if own not in self._specs and (kept := await desk.specs_for_masking()) is not None:
                self._specs[own] = kept
            seen = await desk.seen_customer(customer_id)
            self._note = Note(_("Reading …")) if read and seen is None else None
            if seen is None:
                self._view = None
                self._paint(keep_scroll=same)
            else:
                await self._show_kept(seen, keep_scroll=same)
                if read:
                    self._look(seen.customer, refresh)
                    self._ask_team()
            self._specs[desk.settings.profile] = await desk.fields()
            if read and desk.capabilities.can("get"):
                live = await desk.customer(customer_id)
                self._note = failed(desk.unkept) if desk.unkept is not None else None
                if self._view is None:
                    await self._show_kept(live)
                    self._look(live.customer, refresh)
                    self._ask_team()
                else:
                    self._view.take_own(live)
            self._troubled = False
            self._paint_gathered()
        except NotFoundError as error:
            self._troubled = False
            self.workers.cancel_group(self, "linked")
            self._view, self._note = None, failed(error)
            self._paint(keep_scroll=False)
        except KehuError as error:
            self._troubled = read
            self._note = failed(error)
            self._paint()

    async def _show_kept(self, own: Record, *, keep_scroll: bool = True) -> None:
        """Show `own` with what is on disk of its linked records: in one frame, unless those are slow to be had."""
        from tui.desk.linked.person import Person
        from tui.screens.linked.person_view import PersonView

        desk, people = self._desk, self._people
        assert desk is not None
        assert people is not None
        history = await desk.history(own.customer.id, self._history.needed)
        self._next = (await desk.day.of([own.customer.id])).get(own.customer.id)
        reading = asyncio.ensure_future(self._kept(people, own))
        try:
            if not (await asyncio.wait([reading], timeout=AT_ONCE))[0] and self._view is None:
                self._view = PersonView(Person(own, people.source, ()), self._specs)
                self._view.changes[people.source.profile] = history
                self._paint(keep_scroll=keep_scroll)
                keep_scroll = True
            person, changes = await reading
        finally:
            reading.cancel()
        if self._view is None:
            self._view = PersonView(person, self._specs)
        else:
            self._view.take_kept(person)
        self._view.changes.update({people.source.profile: history, **changes})
        if desk.team is not None:
            await self._take_told(desk.team, self._view)
        self._paint(keep_scroll=keep_scroll)

    async def _kept(self, people: LinkedPeople, own: Record) -> tuple[Person, dict[str, Sequence[Change]]]:
        """`own`'s person, and what was made with each linked record, from disk alone."""
        from tui.desk.linked.person import Person

        try:
            person = await people.kept(own)
        except KehuError:  # the links alone: whatever else is read of the same disk tells of it
            return Person(own, people.source, ()), {}
        return person, {linked.source.profile: await self._read_part(people, linked) for linked in person.linked}

    async def _read_part(self, people: LinkedPeople, linked: Linked, *, anew: bool = False) -> Sequence[Change]:
        """Have the fields that `linked`'s part is drawn by, read `anew` or as last time; what was made with its
        record.
        """
        profile = linked.source.profile
        try:
            if anew or not self._specs.get(profile):
                self._specs[profile] = await people.fields(profile)
            if linked.record is not None:
                return await people.journal(profile, linked.record.customer.id)
        except KehuError:
            pass  # the part tells of the same trouble
        return ()

    def _ask_team(self) -> None:
        if self._view is not None:
            self._read_told(self._view, ask=True)

    @work(group="linked", exclusive=True)
    async def _look(self, customer: Customer, refresh: bool) -> None:
        """Ask the linked profiles for `customer`, and show each answer when it comes."""
        from tui.desk.linked.person import LinkState

        people, linked_desks = self._people, self._linked_desks
        assert people is not None
        assert linked_desks is not None
        try:
            async with aclosing(people.look(customer, refresh=refresh)) as answers:
                async for linked in answers:
                    if linked.state is not LinkState.LOOKING:
                        await linked_desks.open(linked.source.profile)
                    if self._view is not None:
                        await self._show_linked(self._view, linked)
        except KehuError as error:
            if self._view is not None:
                self._view.stop_looking()
            self._note = failed(error)
            self._paint()

    @work(group="taken")
    async def _take(self, view: PersonView, linked: Linked) -> None:
        await self._show_linked(view, linked)

    async def _show_linked(self, view: PersonView, linked: Linked) -> None:
        """Show `linked`, unless another customer than `view`'s is shown by then."""
        assert self._people is not None
        changes = await self._read_part(self._people, linked, anew=linked.asked_at is not None)
        if self._view is view:
            view.changes[linked.source.profile] = changes
            view.take(linked)
            self._paint_gathered()

    # Drawing

    def _paint_gathered(self) -> None:
        """Draw what came, with what comes very soon after it."""
        if self._view is None or not self._view.looking:
            self._paint()
        elif self._painting is None:
            self._painting = self.set_timer(GATHERED, self._paint)

    def _paint(self, *, keep_scroll: bool = True) -> None:
        if self._painting is not None:
            self._painting.stop()
            self._painting = None
        if not self.children:
            return  # the screen is on its way out, and this came too late
        blocks: list[Block] = []
        if self._view is not None and self._desk is not None:
            opened = self._linked_desks.opened if self._linked_desks else {}
            blocks = self._view.blocks(
                {profile: self.masker(profile) for profile in self._view.profiles},
                keeps_history=self._desk.capabilities.can("add_follows"),
                offline=self._offline(),
                creators=[profile for profile, desk in opened.items() if desk.capabilities.can("create")],
                opened=self._history,
                me=self._desk.settings.user_id,
            )
        above = (*(self._whose if blocks else ()), *((self._note,) if self._note is not None else ()))
        team = self._desk.team if self._desk is not None else None
        company = team.company(self._wanted) if team is not None and self._wanted is not None else None
        if blocks and self._next is not None:
            there = (company_text(company), company_tone(company)) if company is not None else ()
            blocks.insert(1, next_block(self._next, *there))
        elif blocks and company is not None and (row := company_block(company)) is not None:
            blocks.insert(1, row)
        blocks[1:1] = above
        self.sheet.show(blocks, keep_scroll=keep_scroll)
        if self._to_history and blocks:
            self._to_history = False
            self.sheet.point_at(HISTORY)
        looking = self._view.looking if self._view is not None else ()
        if looking != self._looking:
            self._looking = looking
            self.post_message(self.Looking(looking))


def found_text(place: int, count: int) -> str:
    """What is told of the values that have what is looked for."""
    if not count:
        return _("nothing here has it")
    return _("{place} of {count} · ↓ ↑ the others · Enter stays there").format(place=place, count=count)
