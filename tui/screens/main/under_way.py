"""What is under way while the desk goes on being used: how far it has come, and the one key that stops it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

from tui.desk.batch.pace import Pace
from tui.desk.outcome import State
from tui.desk.paging import ends
from tui.desk.sync import told
from tui.locale import _, ngettext
from tui.model.errors import KehuError
from tui.screens.main.commands import command_of
from tui.screens.result_text import told as told_error
from widgets.bars import key_signs

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.desk_app import DeskApp
    from tui.screens.forms.form_keys import FormKeys
    from tui.screens.main.list_pane import ListPane
    from tui.screens.main.status import DeskStatus
    from widgets.blocks import Tone


class WorkHost(Protocol):
    """What long work needs of the screen that it goes on behind."""

    under_way: list[UnderWay]
    held_back: bool
    """Something that waited was held back: that nothing waits any more would not be the news."""
    form_keys: FormKeys

    @property
    def app(self) -> DeskApp: ...

    @property
    def desk(self) -> Desk: ...

    @property
    def list_pane(self) -> ListPane: ...

    @property
    def status(self) -> DeskStatus: ...

    def doing(self, work: Work) -> UnderWay | None: ...

    def tell(self, text: str, tone: Tone = "info") -> None: ...


PAGE_SIZE = 1000
"""Rows a request while marking: the most that a vendor gives, so that few requests are made."""


async def mark_all(main: WorkHost) -> None:
    """Mark every customer of the list or of the search, besides those marked elsewhere; where all of them are marked
    already, take every mark off.

    All or none: until the last page is there nobody is marked, and no change can be begun.
    """
    found: list[str] = []
    with under_way(main, "marking", _("Marking")) as marking:
        async for ids, total in listed_ids(main):
            found += ids
            marking.progress(len(found), total)
            if marking.stop.is_set():
                main.tell(_("Stopped: nobody was marked."))
                return
    _mark(main, found)


async def unmark(main: WorkHost) -> None:
    """Take every mark off, wherever its customer is listed."""
    count = len(main.list_pane.marks)
    main.list_pane.marks.clear()
    if count:
        text = ngettext("{count} mark taken off.", "{count} marks taken off.", count)
        main.tell(text.format(count=f"{count:,}"))
    else:
        main.tell(_("Nobody is marked."))


def _mark(main: WorkHost, found: Sequence[str]) -> None:
    pane = main.list_pane
    if not found:
        main.tell(_("There is nobody to mark."))
    elif all(id in pane.marks for id in found):
        pane.marks.clear()
        main.tell(_("No marks any more."))
    else:
        pane.marks.put_on(found)
        count = len(pane.marks)
        text = ngettext("{count} customer marked.", "{count} customers marked.", count)
        main.tell(text.format(count=f"{count:,}"), "ok")


async def listed_ids(main: WorkHost) -> AsyncGenerator[tuple[Sequence[str], int | None], None]:
    """The ids of whom is listed, a page at a time, and how many there are in all, where that is known."""
    pane, desk = main.list_pane, main.desk
    if pane.search_text:
        text, offset = pane.search_text, 0
        while rows := (await desk.queries.find(text, offset // PAGE_SIZE + 1, PAGE_SIZE))[0].rows:
            yield [row.id for row in rows], None
            offset += PAGE_SIZE
    elif pane.asked:
        ids = await desk.queries.ids(await desk.queries.parse(pane.asked))
        yield ids, len(ids)
    elif pane.query_in_use is not None:
        size = min(PAGE_SIZE, desk.capabilities.page_size)
        asked = pane.query_in_use.model_copy(update={"page": 1, "size": size})
        while True:
            page_of = await desk.listing(asked)
            yield [row.id for row in page_of.rows], page_of.total
            if ends(asked.page * size, len(page_of.rows), size, page_of.total):
                return
            asked = asked.model_copy(update={"page": asked.page + 1})


async def sync(main: WorkHost) -> None:
    """Begin to read the list, or go on where that was stopped; while it is being read, stop after this page."""
    if running := main.doing("sync"):
        running.stop.set()
        main.tell(_("Stopping the sync after this page …"))
        return
    try:
        with under_way(main, "sync", _("Sync")) as syncing:
            syncing.go_on_from(await _through(main))
            report = await main.desk.sync.run(on_progress=syncing.progress, stop=syncing.stop)
    except KehuError as error:
        if not (through := await _through(main)):
            raise
        text = _("Sync stopped after {count} customers: {error}")
        main.tell(text.format(count=f"{through:,}", error=told_error(error)), "error")
    else:
        main.tell(told(report), "ok" if report.complete and not report.missed else "warn")


async def _through(main: WorkHost) -> int:
    """How many customers of the list an interrupted sync has read."""
    left_off = await main.desk.sync.left_off()
    return left_off.page * left_off.size if left_off else 0


REPAINT = 0.5
"""Seconds between two repaints of the status line: each costs a slow line some 100 bytes."""

Work = Literal["batch", "marking", "sync", "export"]


class UnderWay:
    """`work` that takes long: `main`'s status line tells how far it has come, and what stops it; a message of the
    desk's own goes over it for a while."""

    def __init__(self, main: WorkHost, work: Work, text: str) -> None:
        self.work = work
        self.stop = asyncio.Event()
        """Set when the agent wants it to stop."""
        self._line = main.status  # at hand even when the desk is left before it is through
        self._text = text
        self._how_to_stop = how_to_stop(main)
        self._pace = Pace()
        self._told_at = 0.0
        self._line.message = None
        self._line.idle = f"{text}{self._how_to_stop}"

    def go_on_from(self, already: int) -> None:
        """`already` so many were done before, which tell nothing of how fast it goes."""
        self._pace = Pace(already=already)

    def progress(self, done: int, total: int | None) -> None:
        """`done` of `total` are through; None where nobody knows how many there are."""
        if (now := time.monotonic()) - self._told_at >= REPAINT:
            self._told_at = now
            self._line.idle = f"{self._text}: {self._pace.told(done, total)}{self._how_to_stop}"

    def end(self) -> None:
        """It is through."""
        self._line.idle = ""


@contextmanager
def under_way(main: WorkHost, work: Work, text: str) -> Iterator[UnderWay]:
    """Have `work`, which `text` names, shown meanwhile, and stoppable."""
    main.form_keys.end_own(failed=False)  # no form comes before it is through
    one = UnderWay(main, work, text)
    main.under_way.append(one)
    try:
        yield one
    finally:
        main.under_way.remove(one)
        one.end()


async def sending_left_over(main: WorkHost, count: int) -> str:
    """That `count` changes left from before are being sent, and what stops them where they are a batch's."""
    text = ngettext("Sending {count} change left from before", "Sending {count} changes left from before", count)
    return text.format(count=f"{count:,}") + (how_to_stop(main) if await main.desk.batches.waiting() else "")


async def stop(main: WorkHost) -> None:
    """Stop what is under way, or, where nothing is, what waits of batches and would be sent by itself.

    It asks nothing, since all of it can go on.
    """
    if main.under_way:
        for one in main.under_way:
            one.stop.set()
        main.tell(_("Stopping …"))
        return
    main.held_back = True  # before the counts that its holding sets off
    if held := await main.desk.batches.hold():
        main.tell(_("Stopped: {left}").format(left=what_is_left(main, held)), "warn")
        return
    main.held_back = False
    if going := (await main.desk.outbox.counts()).get(State.SENDING, 0):
        text = _("What is on its way cannot be stopped: {count} are being sent, and nothing comes after them.")
        main.tell(text.format(count=f"{going:,}"), "warn")
    else:
        main.tell(_("Nothing is left that could be stopped; q leaves kehu."))


def what_is_left(main: WorkHost, count: int) -> str:
    """That `count` changes were not sent, and how to go on."""
    text = ngettext("{count} left", "{count} left", count).format(count=f"{count:,}")
    return f"{text} · " + _("{outbox}, then s, sends what is left").format(outbox=key_of(main, "outbox"))


def how_to_stop(main: WorkHost) -> str:
    """The key that stops what is under way, as the end of a line."""
    return " · " + _("{key} stops").format(key=key_of(main, "stop"))


def key_of(main: WorkHost, command_id: str) -> str:
    """The key of a command, as a person reads it."""
    return key_signs(main.app.keys_of(command_of(command_id)))[0]
