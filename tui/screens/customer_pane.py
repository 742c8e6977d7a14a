"""The right pane: one customer, whole."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import getters, work
from textual.app import ComposeResult
from textual.containers import Vertical

from tui.client.errors import KehuError, NotFoundError
from tui.desk.outcome import Change, Record
from tui.locale import _
from tui.screens.portrait import Masking, Portrait, blocks_of
from tui.text import ago
from widgets.blocks import Block, Note
from widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui.client.models import Customer, FieldSpec
    from tui.desk.desk import Desk


class CustomerPane(Vertical):
    """Shows a customer as it was last seen at once, and as the vendor has it when that is asked for."""

    sheet = getters.query_one(Sheet)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._desk: Desk | None = None
        self._wanted: str | None = None
        self._record: Record | None = None
        self._specs: Sequence[FieldSpec] = ()
        self._history: Sequence[Change] = ()
        self._note: Note | None = None
        self.masking = Masking.VENDOR

    def compose(self) -> ComposeResult:
        yield Sheet()

    def attach(self, desk: Desk) -> None:
        """Read customers from DESK from here on."""
        self._desk = desk

    @property
    def customer_id(self) -> str | None:
        """Whom the pane is about from the moment it was told; what is known of them may still be on its way."""
        return self._wanted

    @property
    def customer(self) -> Customer | None:
        """The customer that is shown."""
        return self._record.customer if self._record else None

    def show(self, customer_id: str, *, read: bool = False) -> None:
        """Show CUSTOMER_ID as last seen; with READ, then as the vendor has it now."""
        same = customer_id == self._wanted
        self._wanted = customer_id
        self._load(customer_id, read, same)

    def again(self, *, read: bool = False) -> None:
        """Show the same customer again, after something about it changed."""
        if self._wanted is not None:
            self.show(self._wanted, read=read)

    def clear(self) -> None:
        """Show nobody."""
        self.workers.cancel_group(self, "customer")
        self._wanted = self._record = None
        self.sheet.show([])

    def cycle_masking(self) -> Masking:
        """Hide more or less of what is shown; returns how much it is now."""
        self.masking = self.masking.next()
        self._paint()
        return self.masking

    @work(group="customer", exclusive=True)
    async def _load(self, customer_id: str, read: bool, same: bool) -> None:
        desk = self._desk
        if desk is None:
            return
        try:
            self._history = await desk.history(customer_id)
            self._record = await desk.seen_customer(customer_id)
            self._note = Note(_("Reading …")) if read and self._record is None else None
            self._paint(keep_scroll=same)
            self._specs = await desk.fields()
            if read and desk.capabilities.can("get"):
                self._record, self._note = await desk.customer(customer_id), None
            self._paint(keep_scroll=True)
        except NotFoundError as error:
            self._record, self._note = None, _failed(error)
            self._paint()
        except KehuError as error:
            self._note = _failed(error)
            self._paint(keep_scroll=True)

    def _paint(self, keep_scroll: bool = True) -> None:
        blocks: list[Block] = []
        if self._record is not None and self._desk is not None:
            portrait = Portrait(
                self._record.customer,
                self._specs,
                self._history,
                freshness=self._freshness(self._record),
                keeps_history=self._desk.capabilities.can("add_follows"),
            )
            blocks = blocks_of(portrait, self.masking)
        if self._note is not None:
            blocks.insert(1 if blocks else 0, self._note)
        self.sheet.show(blocks, keep_scroll=keep_scroll)

    def _freshness(self, record: Record) -> str:
        return "" if record.live else ago(time.time() - record.seen_at)


def _failed(error: KehuError) -> Note:
    what_to_do = error.hint(_) or _("Press R to try again.")
    return Note(f"{error.message(_)} {what_to_do}", "error")
