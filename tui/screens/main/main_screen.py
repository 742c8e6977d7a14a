"""The desk's one screen: the list, the customer, and what happened last."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.screen import Screen

from tui import crash
from tui.desk.outcome import UNSETTLED, Delivery, Listing, State
from tui.locale import _
from tui.model.errors import KehuError
from tui.screens.forms.form_keys import AwaitedForm, FormKeys, dropped
from tui.screens.main.commands import CHANGE, Command, bindings, command_of
from tui.screens.main.customer_blocks import PART, PICK, SETTLE
from tui.screens.main.customer_pane import CustomerPane
from tui.screens.main.follow_history import HISTORY, OLDER
from tui.screens.main.list_columns import WIDE
from tui.screens.main.list_pane import ListPane
from tui.screens.main.status import DeskStatus, DeskTitle, key_hints
from tui.screens.result_text import told, verdict
from widgets.bars import KeyBar
from widgets.blocks import Note, Tone
from widgets.driver.terminfo import over_ssh
from widgets.paged_list import PagedList
from widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.team import News
    from tui.model.columns import CustomerColumn
    from tui.model.customer import Customer, Query
    from tui.model.masking import Masker
    from tui.model.saved_view import SavedView
    from tui.screens.desk_app import DeskApp
    from tui.screens.linked.linked_desks import LinkedDesks
    from tui.screens.main.under_way import UnderWay, Work


Flow: TypeAlias = "Callable[[MainScreen], Awaitable[None]]"


class MainScreen(Screen[None]):
    """Everything that an agent looks at all day. What a key does beyond moving and reading is a flow of its own."""

    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012  # as Textual declares it
        (0, "-narrow"),
        (WIDE, "-wide"),
    ]
    AUTO_FOCUS = "PagedList"

    title_bar = getters.query_one(DeskTitle)
    list_pane = getters.query_one(ListPane)
    customer_pane = getters.query_one(CustomerPane)
    status = getters.query_one(DeskStatus)
    keys = getters.query_one(KeyBar)
    app: getters.app[DeskApp]

    def __init__(self, profile: str, title: str, first: Listing | None, marked: Iterable[str] = ()) -> None:
        """Show the profile's customers, `first` the page that was seen last; those `marked` stay so."""
        super().__init__()
        self._profile_name = profile
        self._profile_title = title
        self.first = first
        self._marked = tuple(marked)
        self._desk: Desk | None = None
        self._people: LinkedPeople | None = None
        self._linked_desks: LinkedDesks | None = None
        self._left_over = False
        self.held_back = False
        self._unsubscribe: Callable[[], None] = lambda: None
        self._leave_line: Callable[[], None] = lambda: None
        self._leave_team: Callable[[], None] = lambda: None
        self.under_way: list[UnderWay] = []
        """What takes long and goes on while the desk is used."""
        self._early: Command | None = None
        """What was asked for before the desk was there, and is done then."""
        self.form_keys = FormKeys(self, self.app)
        """Whether the keys that are typed are for a form that is on its way."""

    def compose(self) -> ComposeResult:
        yield DeskTitle(self._profile_name, self._profile_title)
        with Horizontal():
            yield ListPane(self.first, marked=self._marked, slow_line=over_ssh(self.app.environ))
            yield CustomerPane()
        yield DeskStatus()
        yield KeyBar()

    def on_mount(self) -> None:
        self._show_keys()

    # The desk

    async def attach(self, desk: Desk, people: LinkedPeople, query: Query, left_over: int = 0) -> None:
        """Work with `desk` and its `people` from here on, beginning with `query`.

        `left_over` changes are being sent by themselves.
        """
        from tui.screens.linked.linked_desks import LinkedDesks

        self._desk, self._people = desk, people
        self._linked_desks = LinkedDesks(people, self._something_changed, self._line_changed, desk.team)
        self._left_over = bool(left_over)
        self.status.message = None  # what was pressed too early can be pressed now
        if left_over:
            from tui.screens.main.under_way import sending_left_over

            self.status.idle = await sending_left_over(self, left_over)
        self._unsubscribe = desk.subscribe(self._something_changed)
        self._leave_line = desk.line.subscribe(self._line_changed)
        if desk.team is not None:
            self._leave_team = desk.team.subscribe(self._team_told)
        self.customer_pane.attach(desk, people, self._linked_desks)
        await self.list_pane.attach(desk, query, await self._columns_of())
        self._show_keys()
        self.title_bar.show(desk)
        self._count_outbox()
        self._count_due()
        await self.show_views()
        self._do_early()
        if self.list_pane.row is not None:
            self.customer_pane.show(self.list_pane.row.id)

    def keep_place(self) -> None:
        """Have the next first frame show this page; a disk that refuses costs no more than that."""
        place = self.list_pane.place
        if self._desk is not None and place is not None:
            try:
                self._desk.keep_place(*place)
            except KehuError:
                pass

    def on_unmount(self) -> None:
        self._unsubscribe()
        self._leave_line()
        self._leave_team()
        if self._linked_desks is not None:
            self._linked_desks.close()

    @property
    def desk(self) -> Desk:
        """The desk; flows run only once it is there."""
        assert self._desk is not None
        return self._desk

    @property
    def people(self) -> LinkedPeople:
        """Who its customers are elsewhere."""
        assert self._people is not None
        return self._people

    @property
    def linked_desks(self) -> LinkedDesks:
        """The desks of linked profiles."""
        assert self._linked_desks is not None
        return self._linked_desks

    async def current(self) -> Customer | None:
        """The customer that a command is about: the one that is open, else the one under the cursor."""
        row = self.list_pane.row
        wanted = self.customer_pane.customer_id if self.reading else row.id if row is not None else None
        shown = self.customer_pane.customer
        if shown is not None and shown.id == wanted:
            return shown
        record = await self.desk.seen_customer(wanted) if wanted else None
        return record.customer if record else None

    def _line_changed(self) -> None:
        self.call_later(self._tell_line)

    async def _tell_line(self) -> None:
        """Have header, status, list and customer say which vendors answer, and read again what could not be read."""
        self.title_bar.show(self.desk)
        if self.desk.line.trouble is None:
            self.status.line_is_back()
        await self.list_pane.line_changed()
        self.customer_pane.line_changed(look=self.reading)

    def _team_told(self, news: News) -> None:
        self.call_later(self._hear, news)

    async def _hear(self, news: News) -> None:
        """Show what the team told, where it is on the screen."""
        self.customer_pane.hear(news)
        if news.kind == "next":
            self._count_due()
        elif news.kind == "preset":
            await self.show_views()

    def subjects(self, command: Command) -> Sequence[str]:
        """The ids of the customers whom `command` is about now."""
        if command.marked and self.list_pane.marks:
            return tuple(self.list_pane.marks)
        row = self.list_pane.row
        id = self.customer_pane.customer_id if self.reading else row.id if row is not None else None
        return () if id is None else (id,)

    def _tell_where(self, *, writing: Sequence[str] = ()) -> None:
        """Have colleagues told at which customer the agent is, if at any, and whether it is being written to."""
        if self._desk is None or (team := self._desk.team) is None:
            return
        id = self.customer_pane.customer_id if self.reading else None
        if len(writing) == 1:
            team.enter(writing[0], writing=True)
        elif id is not None:
            team.enter(id)
        else:
            team.leave()

    def _something_changed(self) -> None:
        self._count_outbox()
        self._count_due()
        self.customer_pane.again()

    @work(group="outbox", exclusive=True)
    async def _count_outbox(self) -> None:
        try:
            counts = await self.desk.outbox.counts()
            elsewhere = await self.people.unsettled()
        except KehuError as error:
            self.tell_error(error)
            return
        self._show_keys(outbox=sum(counts.get(state, 0) for state in UNSETTLED) + sum(elsewhere.values()))
        if self._left_over and not counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0):
            self._left_over = False
            self.status.idle = ""
            if not self.held_back:
                self.tell(_("Nothing waits to be sent any more."))

    @work(group="due", exclusive=True)
    async def _count_due(self) -> None:
        try:
            self.title_bar.tell_due((await self.desk.day.counts()).total)
        except KehuError as error:
            self.tell_error(error)

    async def show_views(self) -> None:
        """Have the title name the views that have keys."""
        try:
            views = await self.desk.views.all()
        except KehuError as error:
            self.tell_error(error)
        else:
            self.title_bar.hint = "  ".join(f"{view.key} {view.name}" for view in views if view.key)

    async def masker_of(self, desk: Desk) -> Masker:
        """Return what hides the values of `desk`'s customers on this screen."""
        shown = self.customer_pane.masker(desk.settings.profile)
        return (await desk.masker()).under(shown.policy).revealing(shown.revealed)

    async def all_desks(self) -> dict[str, Desk]:
        """The profile's desk, and those of the linked ones that are open or have something to send, by profile."""
        found = {self.people.source.profile: self.desk, **self.linked_desks.opened}
        for profile in await self.people.unsettled():
            if profile not in found and (desk := await self.linked_desks.open(profile)) is not None:
                found[profile] = desk
        return found

    # What it tells

    def tell(self, text: str, tone: Tone = "info") -> None:
        """Say what happened, until the next thing happens."""
        if self.form_keys.end_own(failed=tone in ("error", "warn")):
            text = f"{dropped()} {text}"
        self.status.tell(Note(text, tone))

    def tell_error(self, error: KehuError) -> None:
        """Say what failed and what to do."""
        crash.log(error)
        text = told(error)
        if self._desk is None and self._end_early():
            text = f"{dropped()} {text}"
        self.tell(text, "error")

    def tell_delivery(self, delivery: Delivery, done: str) -> None:
        """Say how far a change came: `done` only where the vendor's answer says so."""
        self._left_over = self._left_over or delivery.waiting > 0
        note = verdict(delivery, done)
        self.tell(note.text, note.tone)

    def _show_keys(self, outbox: int = 0) -> None:
        self.keys.hints = key_hints(self.app.keys_of, self.why_not, outbox)

    @on(ListPane.Busy)
    def _busy(self, event: ListPane.Busy) -> None:
        self.status.read(event.on)
        if not event.on:
            self.title_bar.show(self.desk)
            self._count_due()  # what was read may say so, and so does the time
            self._do_early()

    @on(CustomerPane.Looking)
    def _looks(self, event: CustomerPane.Looking) -> None:
        self.status.look(event.profiles)

    @on(ListPane.Trouble)
    def _failed(self, event: ListPane.Trouble) -> None:
        self.title_bar.show(self.desk, event.error)
        self.status.tell_trouble(Note(told(event.error), "error"))
        self._bring_together()

    @on(ListPane.Unkept)
    def _unkept(self, event: ListPane.Unkept) -> None:
        self.tell_error(event.error)

    # Moving

    @property
    def reading(self) -> bool:
        """The customer is open: on a narrow screen it has taken the list's place."""
        return self.has_class("-reading")

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        if event.by_agent:
            self.status.move_on()

    @on(PagedList.Rested)
    def _rested(self, event: PagedList.Rested) -> None:
        if not self.reading and event.row_id == self.list_pane.list.cursor_id:
            self.customer_pane.show(event.row_id)

    @on(ListPane.Shown)
    def _list_shown(self) -> None:
        if self.reading or self.list_pane.row is None:
            self._bring_together()

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.open_customer(event.row_id)

    def open_customer(self, customer_id: str) -> None:
        """Read `customer_id` at the vendor and go to its pane."""
        self.add_class("-reading")
        self.customer_pane.show(customer_id, read=True)
        self._tell_where()
        self._bring_together()
        self.customer_pane.sheet.focus()

    def close_customer(self) -> None:
        """Go back to the list; beside it stands the customer under its cursor, whoever was open."""
        self._leave_customer()
        self.list_pane.list.focus()

    def _leave_customer(self) -> None:
        self.remove_class("-reading")
        self._tell_where()
        self.customer_pane.leave()
        self._bring_together()

    def _bring_together(self) -> None:
        """Have the list's cursor and the pane on the same customer.

        While a customer is open, the cursor goes to it; where the page does not have it, the pane says that it is the
        one that keys are about. Else the pane shows the row under the cursor, and nobody beside an empty list.
        """
        pane, rows = self.customer_pane, self.list_pane
        if self.reading:
            on_page = pane.customer_id is None or rows.list.point_at(pane.customer_id)
            pane.say_whose(apart=not on_page, marked=len(rows.marks))
            return
        pane.say_whose(apart=False, marked=0)
        if rows.row is not None:
            if rows.row.id != pane.customer_id:
                pane.show(rows.row.id)
        elif rows.waiting_for is None:
            pane.clear()

    @on(DescendantFocus)
    def _focus_moved(self, event: DescendantFocus) -> None:
        """Follow a click: into the list it closes the customer, into the pane it opens the one that is shown."""
        if event.widget is self.list_pane.list and self.reading:
            self.close_customer()
        elif event.widget is self.customer_pane.sheet and not self.reading and self.customer_pane.customer_id:
            self.open_customer(self.customer_pane.customer_id)

    async def list_customers(self, query: Query) -> None:
        """List the customers of `query`; whoever is open is closed, and a search left."""
        if self.list_pane.searching:
            await self.list_pane.close_search()
        self.list_pane.call_list(None, await self._columns_of())
        await self.list_pane.filter(query)
        if self.reading:
            self.close_customer()

    async def list_view(self, view: SavedView) -> None:
        """List whom `view` means, in the columns and the order that were chosen for it here, else its own.

        Raises: InvalidError for a column that there is none of, or a query that is not understood.
        """
        queries = self.desk.queries
        await queries.parse(view.query)
        text = view.query
        if sort := (await self.desk.views.arrangement(view)).sort:
            text = await queries.sorted_by(text, sort)
            if (await queries.read(text)).problems:  # the field is none of the tenant's any more
                text = view.query
        self.status.message = None
        await self.list_asked(text, view)

    async def list_asked(self, text: str, view: SavedView | None = None) -> None:
        """List whom the query `text`, that of `view` where one is listed, means; whoever is open is closed, and a
        search left.

        Raises: InvalidError for a column of the view's that there is none of.
        """
        columns = await self._columns_of(view)
        if self.list_pane.searching:
            await self.list_pane.close_search()
        self.list_pane.call_list(view, columns)
        await self.list_pane.ask(text)
        if self.reading:
            self.close_customer()

    async def _columns_of(self, view: SavedView | None = None) -> Sequence[CustomerColumn]:
        return await self.desk.views.columns(await self.desk.known_fields(), view)

    async def turn_to(self, page: int) -> bool:
        """Turn the list to `page`, and close the customer, who is on another; False where there is no such page."""
        if not await self.list_pane.go_to(page):
            return False
        if self.reading:
            self.close_customer()
        return True

    def _place_of(self, customer_id: str) -> int | None:
        """Which row of the page the customer is; None where it is on another page, or on none."""
        ids = [row.id for row in self.list_pane.list.rows]
        return ids.index(customer_id) if customer_id in ids else None

    def beside(self, customer_id: str, step: Literal[1, -1] = 1) -> str | None:
        """The customer after `customer_id` on the list's page, or before; None where there is none."""
        ids = [row.id for row in self.list_pane.list.rows]
        place = ids.index(customer_id) + step if customer_id in ids else self.list_pane.list.cursor_index
        return ids[place] if 0 <= place < len(ids) else None

    async def go_on(self, customer_id: str, following: str | None) -> None:
        """Something about `customer_id` changed by which a list of who is due is made: where that is listed, show it
        anew, and open `following`, who came after, where the customer was open and is not among them any more."""
        if not self.list_pane.by_query:
            return
        reading, place = self.reading, self._place_of(customer_id)
        await self.list_pane.reload()
        ids = [row.id for row in self.list_pane.list.rows]
        if not reading or self._place_of(customer_id) == place:
            return
        if following in ids:
            self.open_customer(str(following))
        elif ids:
            self.open_customer(ids[-1])
        else:
            self.close_customer()

    async def forget(self, customer_id: str) -> None:
        """Show the deleted customer `customer_id` no more: not in the pane, not in the list, and with no mark."""
        self.list_pane.marks.take_off([customer_id])
        if self.customer_pane.customer_id == customer_id:
            if self.reading:
                self.close_customer()
            self.customer_pane.clear()
        await self.list_pane.reload()

    def action_other_pane(self) -> None:
        if self.focused is self.customer_pane.sheet:
            self.close_customer()
        elif self.list_pane.row is not None:
            self.open_customer(self.list_pane.row.id)

    async def action_back(self) -> None:
        if self.reading:
            self.close_customer()
        elif self.list_pane.searching:
            await self.list_pane.close_search()
        elif self.list_pane.filtered:
            await self.list_customers(self.app.first_query())
        else:
            self.status.message = None

    async def action_all(self) -> None:
        """List all customers again."""
        if self._desk is not None:
            self.status.message = None
            await self.list_customers(self.app.first_query())

    async def action_quit(self) -> None:
        if self.reading or self.list_pane.searching:
            await self.action_back()
        elif self._desk is None:
            self.app.exit(0)
        else:
            self.action_flow("quit")

    async def action_next_customer(self) -> None:
        await self._open_beside(1)

    async def action_previous_customer(self) -> None:
        await self._open_beside(-1)

    async def _open_beside(self, step: Literal[1, -1]) -> None:
        """Open the customer after the one that is open, or before, be it on the next page; in the list, move there."""
        pane, self.status.message = self.list_pane, None
        if not self.reading:
            pane.list.action_move(step)
            return
        found = self.beside(self.customer_pane.customer_id or "", step)
        if found is not None:
            self.open_customer(found)
        elif not await pane.go_to(pane.page + step, "first" if step > 0 else "last"):
            self.tell(_("This is the last customer.") if step > 0 else _("This is the first customer."))
        elif pane.row is not None and pane.row.id != self.customer_pane.customer_id:
            self.open_customer(pane.row.id)
        elif pane.waiting_for is not None:
            self.close_customer()  # the page is on its way, and comes into sight

    async def action_next_page(self) -> None:
        self.status.message = None
        if not await self.turn_to(self.list_pane.page + 1):
            self.tell(_("This is the last page."))

    async def action_previous_page(self) -> None:
        self.status.message = None
        if not await self.turn_to(self.list_pane.page - 1):
            self.tell(_("This is the first page."))

    async def action_search(self) -> None:
        if self.focused is self.customer_pane.sheet:
            await self.customer_pane.find_field()
            return
        self._leave_customer()
        self.list_pane.open_search()

    def action_history(self) -> None:
        if not self.reading and self.list_pane.row is not None:
            self.open_customer(self.list_pane.row.id)
        self.customer_pane.go_to_history()

    async def action_refresh(self) -> None:
        if self.reading:
            self.customer_pane.again(read=True)
        else:
            await self.list_pane.reload()

    def action_redraw(self) -> None:
        self.app.action_redraw()

    def action_language(self) -> None:
        self.app.switch_language()

    @on(Sheet.Chosen)
    async def _chosen(self, event: Sheet.Chosen) -> None:
        """Do what the value under the cursor of the customer's pane asks for."""
        act, _blank, rest = event.ref.partition(" ")
        if act == PICK:
            self.action_flow("match")
        elif act == SETTLE:
            self.action_flow("settle")
        elif act == PART:
            await self._act_on_part(rest)
        elif act in (HISTORY, OLDER):
            self.customer_pane.unfold(event.ref)

    async def _act_on_part(self, profile: str) -> None:
        """Do what helps with the part of a linked `profile` that shows no record."""
        from tui.desk.linked.person import LinkState

        person = self.customer_pane.person
        linked = next((one for one in person.linked if one.source.profile == profile), None) if person else None
        match linked.state if linked else None:
            case LinkState.MISSING:
                self.action_flow("create_linked")
            case LinkState.AMBIGUOUS:
                self.action_flow("match")
            case LinkState.FAILED:
                await self.action_refresh()

    # Flows

    def why_not(self, command: Command) -> str:
        """Why `command` cannot be used here and now; empty when it can."""
        if self._desk is None:
            return ""
        reason = self._desk.why_not(command.needs) if command.needs else ""
        if command.writes:
            reason = reason or self._desk.read_only
        return "" if reason and command.linked and self.linked_desks.may(command.needs) else reason

    def doing(self, work: Work) -> UnderWay | None:
        """The `work` that is under way, if any is."""
        return next((one for one in self.under_way if one.work == work), None)

    def action_flow(self, command_id: str) -> None:
        """Run the flow of a command; one that cannot be used here, or not yet, says why."""
        command = command_of(command_id)
        if self._desk is None and command.id != "quit":
            self._ask_early(command)
        elif reason := self._in_the_way(command):
            self._refuse(command, reason)
        else:
            if command.opens:
                self.status.move_on()  # a tick for what was sent before is none for what this form sends
            awaited = self.form_keys.await_form(command) if command.opens else None
            if command.id == MARK_ALL and self.form_keys.awaited is None:
                self.app.hold_keys(MARKING_WAIT)
            worker = self._run_flow(command, awaited)
            if awaited is not None:
                awaited.worker = worker

    def _refuse(self, command: Command, reason: str) -> None:
        """Say why `command` is not done; what was typed for its form is no command."""
        if command.opens and self.app.drop_keys():
            reason = f"{dropped()} {reason}"
        self.tell(reason, "warn")

    def _ask_early(self, command: Command) -> None:
        """`command` was asked for before the desk was there, and is done then; keys are for its form meanwhile."""
        if self._early is not None:
            self._refuse(command, _("Still connecting; press it again in a moment."))
            return
        self._early = command
        if command.id == MARK_ALL:
            self.tell(_("Still connecting; all are marked in a moment."))
        elif command.opens:
            self.form_keys.await_form(command)
            self.tell(_("Still connecting; the form comes as soon as the desk is there. Esc gives it up."))
        else:
            self.tell(_("Still connecting; it is done as soon as the desk is there."))

    def _do_early(self) -> None:
        """Do what was asked for before the desk was there, once there is the page that it is about."""
        if self._early is None or self._desk is None:
            return
        if self._early.group == CHANGE and self._early.id not in NO_ROW and self.list_pane.waiting_for is not None:
            return
        early, self._early = self._early, None
        self.status.message = None
        self.action_flow(early.id)

    def _end_early(self) -> bool:
        """The desk does not come, nor what was asked for; whether keys were thrown away with it."""
        self._early = None
        return self.form_keys.fail()

    def tell_hold(self, on: bool) -> None:
        """Have the status line tell that keys are kept for a form, or that they are not any more.

        The keys may have been kept for the screen before, and this one may have no line yet.
        """
        if not self.is_mounted:
            return
        command = self.form_keys.awaited
        text = _("{command} · Esc").format(command=_(command.name)) if command is not None else _("a moment")
        self.status.open(f"… {text}" if on else "")

    def give_up_form(self) -> bool:
        """Wait no longer for the form that is on its way; whether one was."""
        if not self.form_keys.give_up():
            return False
        self._early = None
        self.tell(_("Not opened."))
        return True

    def _in_the_way(self, command: Command) -> str:
        """Why `command`'s flow is not begun now; empty when it is."""
        if reason := self.why_not(command):
            return _("No {command} here: {reason}.").format(command=_(command.name), reason=reason)
        if command.group != CHANGE:
            return ""
        if self.doing("marking") or self._early is not None:  # who a change is about is not known yet
            return _("Still marking: press it again when all are marked.")
        page = None if self.reading else self.list_pane.waiting_for
        if command.id not in NO_ROW and page is not None:
            return _("Page {page} is not here yet.").format(page=page)
        return ""

    @work(group="flow")
    async def _run_flow(self, command: Command, awaited: AwaitedForm | None) -> None:
        module, _colon, function = command.flow.partition(":")
        try:
            if module not in sys.modules:  # a tenth of a second, in which the screen would tell nothing
                await asyncio.to_thread(import_module, module)
            if self.desk.team is None or not command.asks:
                await getattr(import_module(module), function)(self)
            else:
                await self._write(command, getattr(import_module(module), function))
        except KehuError as error:
            self.tell_error(error)
        finally:
            if awaited is not None and self.form_keys.end(awaited):
                self.tell(dropped(), "warn")
            elif command.id == MARK_ALL and self.form_keys.awaited is None:
                self.app.release_keys()

    async def _write(self, command: Command, flow: Flow) -> None:
        """Run the `flow` of `command`, which writes to customers, so that colleagues know it; or not, if asked."""
        from tui.screens.main.colleagues import may_write

        about = self.subjects(command)
        if not await may_write(self, command, about):
            return
        self._tell_where(writing=about)
        try:
            await flow(self)
        finally:
            self._tell_where()


MARK_ALL = "mark_all"
"""The command that is done as soon as the desk is there: it needs no row and no form."""

MARKING_WAIT = 1.0
"""Seconds for which the next keys wait for the marking, since they are about all who are marked."""

NO_ROW = (MARK_ALL, "unmark")
"""Changes that are about no row of the page: they need not wait for it."""
