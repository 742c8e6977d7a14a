"""Customers seen here who may be one person: the list of pairs, from which two are compared and merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.desk.duplicates.find_pairs import ATTRIBUTES, READ_AT_ONCE, DuplicatePair, Duplicates, Found, Reason
from tui.locale import _, listed, ngettext
from tui.model.errors import KehuError
from tui.model.masking import Masker
from tui.screens.duplicates.merge import compare_and_merge
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.blocks import SIGNS, Note
from widgets.dialog import Dialog, DialogLine, Hint
from widgets.list_layout import Column, ListRow
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


class DuplicatesDialog(Dialog[str]):
    """The pairs, the likeliest first, and below them what too many share. Its result is a customer to open."""

    HINTED = (PagedList,)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave", show=False, id="duplicates.leave"),
        Binding("v", "customer", "The customer", show=False, id="duplicates.customer"),
    ]

    list = getters.query_one(PagedList)
    title_line = getters.query_one("#dialog-title", DialogLine)

    def __init__(self, main: MainScreen, found: Found, masker: Masker) -> None:
        super().__init__(_("Duplicates"), words=words())
        self._main = main
        self._found = found
        self._masker = masker
        self._pairs: dict[str, DuplicatePair] = {}
        self._shared: dict[str, Reason] = {}
        self._ended = False
        self._reading = False

    def compose_body(self) -> ComposeResult:
        yield PagedList(
            (
                Column("score", _("Score"), width=5, min_width=5, priority=9, align="right"),
                Column("one", _("One"), width=12, min_width=6, weight=1, priority=8),
                Column("other", _("Other"), width=12, min_width=6, weight=1, priority=7),
                Column("common", _("In common"), width=24, min_width=10, weight=3, priority=6),
            )
        )

    def hints(self) -> Sequence[Hint]:
        return (("Enter", _("compare")), ("v", _("the customer")), ("Esc", self.words.leave))

    def on_mount(self) -> None:
        """Begin the search."""
        self.list.focus()
        self._search()

    # What it shows

    @work(group="search", exclusive=True)
    async def _search(self) -> None:
        try:
            scope = await Duplicates(self._main.desk).scope()
            self.list.notice = Note(_("Looking through {count} customers …").format(count=f"{scope.seen:,}"))
            await self._found.begin()
        except KehuError as error:
            self._fail(error)
            return
        count = ngettext("{count} pair", "{count} pairs", self._found.count).format(count=f"{self._found.count:,}")
        self.title_line.say(f"{_('Duplicates')} · {count} · {scope.told()}")
        nobody = _("No duplicates among {customers}.").format(customers=scope.told())
        to_do = (
            _("To see everybody: kehu sync") if self._main.desk.capabilities.can("list") and not scope.complete else ""
        )
        self.list.notice = Note(f"{nobody} {to_do}".rstrip())
        await self._read_on()

    async def _read_on(self) -> None:
        """Read the next pairs; after the last of them comes what too many share."""
        try:
            pairs = await self._found.next()
        except KehuError as error:
            self._fail(error)
            return
        self._pairs |= {f"{pair.one.id} {pair.other.id}": pair for pair in pairs}
        if len(pairs) < READ_AT_ONCE:
            self._ended = True
            self._shared = {f"{reason.kind}={reason.value}": reason for reason in self._found.shared}
        self._show()

    def _show(self) -> None:
        rows = [_row(id, pair) for id, pair in self._pairs.items()]
        rows += [
            ListRow(id, ("–", reason.label, self._hide(reason)(reason.value), _nothing_told(reason)), dim=True)
            for id, reason in self._shared.items()
        ]
        self.list.show(rows)
        self._tell_reasons()

    @on(PagedList.PageWanted)
    def _more(self, event: PagedList.PageWanted) -> None:
        event.stop()
        if event.direction > 0 and not self._ended and not self._reading:
            self._reading = True  # what a second reading would cut off is not read again
            self._go_on()

    @work(group="search")
    async def _go_on(self) -> None:
        """Read on, and go to the first row of what is new."""
        known = len(self.list.rows)
        await self._read_on()
        self._reading = False
        if len(self.list.rows) > known:
            self.list.action_move(1)

    @on(PagedList.Highlighted)
    def _moved(self, event: PagedList.Highlighted) -> None:
        if event.by_agent:
            self._tell_reasons()

    def _tell_reasons(self) -> None:
        """What the two under the cursor have in common, whole."""
        self.say(listed(reason.told(self._hide(reason)) for reason in self._pair.reasons) if self._pair else "")

    def _hide(self, reason: Reason) -> Callable[[str], str]:
        """What makes of the value of `reason` that which onlookers may see."""
        code = ATTRIBUTES.get(reason.kind, reason.kind)
        return lambda text: self._masker.text(code, text)

    def _fail(self, error: KehuError) -> None:
        self.list.notice = Note(told(error), "error")

    # What is done with it

    @property
    def _pair(self) -> DuplicatePair | None:
        """The pair under the cursor."""
        return self._pairs.get(self.list.cursor_id or "")

    @on(PagedList.Opened)
    def _open(self, event: PagedList.Opened) -> None:
        event.stop()
        if self._pair is not None:
            self._compare(self._pair)

    @work(group="compare", exclusive=True)
    async def _compare(self, pair: DuplicatePair) -> None:
        try:
            note = await compare_and_merge(self._main, pair)
            await self._drop_gone(pair)
        except KehuError as error:
            note = Note(told(error), "error")
        if note is not None:
            if note.tone == "error":
                self.complain(note.text)
            else:
                self.say(SIGNS[note.tone] + note.text)

    async def _drop_gone(self, pair: DuplicatePair) -> None:
        """Take away the pairs of whoever of `pair` turned out to be deleted, by the agent or by somebody else."""
        desk = self._main.desk
        gone = {one.id for one in (pair.one, pair.other) if await desk.seen_customer(one.id) is None}
        if gone:
            self._pairs = {
                id: pair for id, pair in self._pairs.items() if gone.isdisjoint((pair.one.id, pair.other.id))
            }
            self._show()

    def action_customer(self) -> None:
        """Close, and open the first of the two."""
        if self._pair is not None:
            self.finish(self._pair.one.id)


def _nothing_told(reason: Reason) -> str:
    text = _("{count} customers have it: it tells nothing")
    return text.format(count=f"{reason.customers:,}")


def _row(id: str, pair: DuplicatePair) -> ListRow:
    one, other = pair.one, pair.other
    labels = listed(reason.label for reason in pair.reasons if not reason.shared)
    return ListRow(id, (str(pair.score), one.name or one.id, other.name or other.id, labels))


async def duplicates(main: MainScreen) -> None:
    """Show the pairs until the agent is through with them."""
    found = await Duplicates(main.desk).find()
    try:
        customer_id = await main.app.push_screen_wait(DuplicatesDialog(main, found, await main.masker_of(main.desk)))
    finally:
        await found.close()
    if customer_id is not None:
        main.open_customer(customer_id)
