"""The desk's one screen: the list, the customer, and what happened last."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from tui.client.errors import KehuError
from tui.desk.outcome import Delivery, Listing, State
from tui.locale import _, ngettext
from tui.screens.commands import CHANGE, COMMANDS, Command, bindings, key_signs
from tui.screens.customer_pane import CustomerPane
from tui.screens.geometry import WIDE
from tui.screens.list_pane import ListPane
from widgets.bars import KeyBar, KeyHint, StatusLine, TitleBar
from widgets.blocks import Note, Tone
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from tui.app import KehuApp
    from tui.client.models import Customer, Query
    from tui.desk.desk import Desk

MESSAGE_STAYS = 1.0
"""Seconds that a message stays though the agent moves: keys may have been typed before it came."""


class MainScreen(Screen[None]):
    """Everything that an agent looks at all day. What a key does beyond moving and reading is a flow of its own."""

    BINDINGS = bindings()
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [  # noqa: RUF012  # as Textual declares it
        (0, "-narrow"),
        (WIDE, "-wide"),
    ]
    AUTO_FOCUS = "PagedList"

    title_bar = getters.query_one("#title", TitleBar)
    list_pane = getters.query_one(ListPane)
    customer_pane = getters.query_one(CustomerPane)
    status = getters.query_one(StatusLine)
    keys = getters.query_one(KeyBar)
    app: getters.app[KehuApp]

    def __init__(self, profile: str, title: str, first: Listing | None) -> None:
        super().__init__()
        self._profile_name = profile
        self._profile_title = title
        self.first = first
        self._desk: Desk | None = None
        self._left_over = False
        self._unsubscribe: Callable[[], None] = lambda: None
        self._told_at = 0.0

    def compose(self) -> ComposeResult:
        yield TitleBar(id="title")
        with Horizontal():
            yield ListPane(self.first)
            yield CustomerPane()
        yield StatusLine()
        yield KeyBar()

    def on_mount(self) -> None:
        self.title_bar.program = "kehu"
        self.title_bar.context = f"{self._profile_name} · {self._profile_title}"
        self.title_bar.state = _("connecting …")
        self._show_keys()

    # The desk

    async def attach(self, desk: Desk, query: Query, left_over: int = 0) -> None:
        """Work with DESK from here on, beginning with QUERY. LEFT_OVER changes are being sent by themselves."""
        self._desk = desk
        self._left_over = bool(left_over)
        if left_over:
            text = ngettext(
                "Sending {count} change left from before", "Sending {count} changes left from before", left_over
            )
            self.status.idle = text.format(count=f"{left_over:,}")
        self._unsubscribe = desk.subscribe(self._something_changed)
        self.customer_pane.attach(desk)
        await self.list_pane.attach(desk, query)
        self._show_keys()
        self._show_line()
        self._count_outbox()
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

    @property
    def desk(self) -> Desk:
        """The desk; flows run only once it is there."""
        assert self._desk is not None
        return self._desk

    async def current(self) -> Customer | None:
        """The customer that a command is about: the one that is open, else the one under the cursor."""
        row = self.list_pane.row
        if self.reading or (row is None and self.list_pane.waiting_for is None):
            wanted = self.customer_pane.customer_id
        else:
            wanted = row.id if row is not None else None
        shown = self.customer_pane.customer
        if shown is not None and shown.id == wanted:
            return shown
        record = await self.desk.seen_customer(wanted) if wanted else None
        return record.customer if record else None

    def _something_changed(self) -> None:
        self._count_outbox()
        self.customer_pane.again()

    def _count_outbox(self) -> None:
        self._read_outbox()

    @work(group="outbox", exclusive=True)
    async def _read_outbox(self) -> None:
        try:
            counts = await self.desk.outbox.counts()
        except KehuError as error:
            self.tell_error(error)
            return
        open_states = (State.PENDING, State.SENDING, State.FAILED, State.UNKNOWN)
        self._show_keys(outbox=sum(counts.get(state, 0) for state in open_states))
        if self._left_over and not counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0):
            self._left_over = False
            self.status.idle = ""
            self.tell(_("Nothing is left from before to be sent."))

    # What it tells

    def tell(self, text: str, tone: Tone = "info") -> None:
        """Say what happened, until the next thing happens."""
        self.app.release_keys()  # no form comes at once
        self.status.message = Note(text, tone)
        self._told_at = time.monotonic()

    def tell_error(self, error: KehuError) -> None:
        """Say what failed and what to do."""
        self.tell(f"{error.message(_)} {error.hint(_)}".rstrip(), "error")

    def tell_delivery(self, delivery: Delivery, done: str) -> None:
        """Say how far a change came: DONE only where the vendor's answer says so."""
        error = f"{delivery.error.message(_)} {delivery.error.hint(_)}".rstrip() if delivery.error else ""
        if delivery.waiting:
            self.tell(_("Recorded; it goes by itself. Press o for the outbox. {reason}").format(reason=error), "warn")
        elif delivery.unnoted is not None:
            self.tell(f"{done} {delivery.unnoted.message(_)} {delivery.unnoted.hint(_)}".rstrip(), "warn")
        elif delivery.failures:
            failure = delivery.failures[0]
            state = _("unknown") if failure.unknown else _("refused")
            text = _("{count} {state}. Press o for the outbox. {reason}")
            reason = error or _(failure.message)
            self.tell(text.format(count=len(delivery.failures), state=state, reason=reason), "error")
        elif delivery.surprises:
            labels = ", ".join(change.label for change in delivery.surprises)
            self.tell(_("Saved, but the vendor kept other values in: {fields}").format(fields=labels), "warn")
        elif delivery.meanwhile:
            labels = ", ".join(change.label for change in delivery.meanwhile)
            self.tell(_("Saved. Somebody else changed meanwhile: {fields}").format(fields=labels), "warn")
        else:
            self.tell(done, "ok")

    def _show_line(self) -> None:
        desk = self._desk
        if desk is None:
            return
        pulse = desk.pulse
        latency = f" · {pulse.latency_ms:.0f} ms" if pulse is not None else ""
        self.title_bar.tone = "muted"
        self.title_bar.state = f"{desk.settings.place}{latency}"

    def _show_keys(self, outbox: int = 0) -> None:
        hints = []
        for command in COMMANDS:
            if command.footer:
                text = _(command.name) + (f" {outbox}" if command.id == "outbox" and outbox else "")
                key = self.app.keys_of(command)
                kept = command.id in KEPT or (command.id == "outbox" and outbox > 0)
                hints.append(KeyHint(key_signs(key)[0], text, not self.why_not(command), kept))
        self.keys.hints = tuple(hints)

    @on(ListPane.Busy)
    def _busy(self, event: ListPane.Busy) -> None:
        self.status.busy = _("reading") if event.on else ""
        if not event.on:
            self._show_line()

    @on(ListPane.Trouble)
    def _trouble(self, event: ListPane.Trouble) -> None:
        self.title_bar.tone = "error"
        self.title_bar.state = _("offline") if event.error.kind == "network" else _("failed")
        self.tell_error(event.error)

    # Moving

    @property
    def reading(self) -> bool:
        """The customer is open: on a narrow screen it has taken the list's place."""
        return self.has_class("-reading")

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        if event.by_agent and time.monotonic() - self._told_at > MESSAGE_STAYS:
            self.status.message = None

    @on(PagedList.Rested)
    def _rested(self, event: PagedList.Rested) -> None:
        if not self.reading:
            self.customer_pane.show(event.row_id)

    @on(PagedList.Opened)
    def _opened(self, event: PagedList.Opened) -> None:
        self.open_customer(event.row_id)

    def open_customer(self, customer_id: str) -> None:
        """Read CUSTOMER_ID at the vendor and go to its pane."""
        self.add_class("-reading")
        self.customer_pane.show(customer_id, read=True)
        self.customer_pane.sheet.focus()

    def close_customer(self) -> None:
        """Go back to the list; beside it stands the customer under its cursor, whoever was open."""
        self.remove_class("-reading")
        self.list_pane.list.focus()
        row = self.list_pane.row
        if row is not None and row.id != self.customer_pane.customer_id:
            self.customer_pane.show(row.id)

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
            await self.list_pane.filter(self.app.first_query())
        else:
            self.status.message = None

    async def action_quit(self) -> None:
        if self.reading or self.list_pane.searching:
            await self.action_back()
        elif self._desk is None:
            self.app.exit(0)
        else:
            self.action_flow("quit")

    async def action_next_page(self) -> None:
        self.status.message = None
        if not await self.list_pane.turn(1):
            self.tell(_("This is the last page."))

    async def action_previous_page(self) -> None:
        self.status.message = None
        if not await self.list_pane.turn(-1):
            self.tell(_("This is the first page."))

    def action_search(self) -> None:
        self.remove_class("-reading")
        self.list_pane.open_search()

    async def action_refresh(self) -> None:
        if self.reading:
            self.customer_pane.again(read=True)
        else:
            await self.list_pane.reload()

    def action_mask(self) -> None:
        self.tell(_(self.customer_pane.cycle_masking().value))

    def action_copy(self) -> None:
        current = self.customer_pane.sheet.current if self.focused is self.customer_pane.sheet else None
        row = self.list_pane.row
        text = current[1] if current else row.id if row else ""
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(_("Copied: {text}").format(text=text))

    def action_redraw(self) -> None:
        self.app.action_redraw()

    def action_language(self) -> None:
        self.app.switch_language()

    # Flows

    def why_not(self, command: Command) -> str:
        """Why COMMAND cannot be used here and now; empty when it can."""
        if self._desk is None:
            return _("still connecting") if command.flow and command.id != "quit" else ""
        return self._desk.why_not(command.needs) if command.needs else ""

    def action_flow(self, command_id: str) -> None:
        """Run the flow of a command; one that this vendor cannot do says why."""
        command = next(command for command in COMMANDS if command.id == command_id)
        if reason := self.why_not(command):
            self.tell(_("No {command} here: {reason}.").format(command=_(command.name), reason=reason), "warn")
            return
        if command.group == CHANGE and not self.reading and self.list_pane.waiting_for is not None:
            self.tell(_("Page {page} is not here yet.").format(page=self.list_pane.waiting_for), "warn")
            return
        self.app.hold_keys()  # they are for the form that comes
        self._run_flow(command)

    @work(group="flow")
    async def _run_flow(self, command: Command) -> None:
        module, _colon, function = command.flow.partition(":")
        try:
            await getattr(import_module(module), function)(self)
        except KehuError as error:
            self.tell_error(error)
        finally:
            self.app.release_keys()


KEPT = ("help", "quit")
"""Commands whose keys are the last to leave a narrow footer."""
