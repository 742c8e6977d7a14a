"""The same remark or follow-ups on all that are marked: a summary first, then progress in the status line."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.desk.batch.items import Sheet, marked_sheet
from tui.desk.batch.pace import Pace
from tui.desk.batch.plan import Plan
from tui.desk.batch.report import Report
from tui.desk.batch.telling import applied, causes, clashes, example, summary
from tui.desk.outcome import Kind
from tui.locale import _, ngettext
from tui.screens.commands import COMMANDS, key_signs
from tui.screens.words import words
from tui.text import plain
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

MARKED = "marked"
"""What drafts for all that are marked are kept under."""

REPAINT = 0.5
"""Seconds between two repaints of the status line: each costs a slow line some 100 bytes."""

EXAMPLES = 3
"""Customers who are shown with what changes on them."""


CLASHES = 20
"""Rows that are shown which replace what somebody else has changed."""


class StatusProgress:
    """Shows in MAIN's status line how far something has come, and what stops it; a message of the desk's own goes over
    it for a while."""

    def __init__(self, main: MainScreen, text: str, already: int = 0) -> None:
        self._line = main.status  # at hand even when the desk is left before it is through
        self._text = text
        self._stop = how_to_stop(main) if main.stops else ""
        self._pace = Pace(already=already)
        self._told_at = 0.0
        self._line.message = None
        self._line.idle = f"{text}{self._stop}"

    def __call__(self, done: int, total: int | None) -> None:
        """DONE of TOTAL are through; None where nobody knows how many there are."""
        if (now := time.monotonic()) - self._told_at >= REPAINT:
            self._told_at = now
            self._line.idle = f"{self._text}: {self._pace.told(done, total)}{self._stop}"

    def clear(self) -> None:
        """It is through."""
        self._line.idle = ""


# Stopping


def how_to_stop(main: MainScreen) -> str:
    """The key that stops what is under way, as the end of a line."""
    return " · " + _("{key} stops").format(key=key_of(main, "stop"))


def key_of(main: MainScreen, command_id: str) -> str:
    """The key of a command, as a person reads it."""
    command = next(command for command in COMMANDS if command.id == command_id)
    return key_signs(main.app.keys_of(command))[0]


@contextmanager
def stoppable(main: MainScreen) -> Iterator[asyncio.Event]:
    """What is set when the agent wants to stop what is under way meanwhile."""
    event = asyncio.Event()
    main.stops.add(event)
    try:
        yield event
    finally:
        main.stops.discard(event)


async def stop(main: MainScreen) -> None:
    """Stop what is under way, or, where nothing is, what waits of batches and would be sent by itself.

    It asks nothing, since all of it can go on.
    """
    if main.stops:
        for event in main.stops:
            event.set()
        main.tell(_("Stopping …"))
    elif held := await main.desk.batches.hold():
        main.tell(_("Stopped: {left}").format(left=_left(main, held)), "warn")
    else:
        main.tell(_("Nothing is left that could be stopped; q leaves kehu."))


def _left(main: MainScreen, count: int) -> str:
    """That COUNT changes were not sent, and how to go on."""
    text = ngettext("{count} left", "{count} left", count).format(count=f"{count:,}")
    return f"{text} · " + _("{outbox}, then s, sends what is left").format(outbox=key_of(main, "outbox"))


# All that are marked


def marked_subject(main: MainScreen) -> str:
    """Whom a batch is about, in words."""
    count = len(main.list_pane.marked)
    return ngettext("{count} marked customer", "{count} marked customers", count).format(count=f"{count:,}")


def sheet_of_marked(main: MainScreen, kind: Kind, request: Mapping[str, object]) -> Sheet:
    """The same REQUEST for everyone who is marked now; marks that are set later belong to another batch."""
    return marked_sheet(kind, marked_subject(main), secrets.token_hex(5), tuple(main.list_pane.marked), request)


async def send_marked(main: MainScreen, sheet: Sheet, draft: int) -> None:
    """Send SHEET, which was typed as DRAFT, once the agent has seen what that means.

    The desk can be used meanwhile. Who was refused stays marked, so that something else can be tried on them.
    """
    plan = await _agreed(main, sheet)
    if plan is None:
        return
    with stoppable(main) as stop:
        progress = StatusProgress(main, _("Sending"))
        try:
            report = await main.desk.batches.send(plan, on_progress=progress, stop=stop, draft=draft)
        finally:
            progress.clear()
    await _finish(main, plan, report)


async def _agreed(main: MainScreen, sheet: Sheet) -> Plan | None:
    """The plan for SHEET that the agent agreed to; None, which was told, where there is none to send.

    One that the agent looked at for long is made anew, and asked about again where others have changed something.
    """
    shown: Plan | None = None
    while True:
        plan = await _planned(main, sheet, shown)
        if plan is None:
            main.tell(_("Not sent; what you typed is kept as a draft."))
            return None
        if not plan.steps:
            main.list_pane.unmark(item.customer for item in plan.same)
            main.tell(_("Nothing to send: {summary}").format(summary=" · ".join(summary(plan)[1:])), "warn")
            return None
        if shown is not None and not plan.clashes:
            return plan
        dialog = ConfirmDialog(_heading(sheet), _question(plan), _details(plan), words=words())
        answer = await main.app.push_screen_wait(dialog)
        if not answer:
            main.tell(_("Not sent; what you typed is kept as a draft."))
            return None
        if not plan.is_stale:
            return plan
        shown = plan


async def _planned(main: MainScreen, sheet: Sheet, shown: Plan | None) -> Plan | None:
    """The plan for SHEET; None where the agent stopped it while customers were read."""
    with stoppable(main) as stop:
        progress = StatusProgress(main, _("Looking at whom this is about …"))
        planning = asyncio.ensure_future(main.desk.batches.plan(sheet, shown=shown, on_progress=progress))
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait((planning, stopping), return_when=asyncio.FIRST_COMPLETED)
            return planning.result() if planning.done() else None
        finally:
            planning.cancel()
            stopping.cancel()
            progress.clear()


def _question(plan: Plan) -> str:
    if plan.clashes:
        return _("Send this, over what somebody else has changed?")
    return _("Send this?") if plan.kind is Kind.REMARK else _("Send this? Follow-ups cannot be taken back.")


def _heading(sheet: Sheet) -> str:
    text = _("Remark on {name}") if sheet.kind is Kind.REMARK else _("Follow up {name}")
    return text.format(name=sheet.name)


def _details(plan: Plan) -> Sequence[str]:
    """The summary, what others have changed, and what changes on the first few, as an example."""
    examples = [step for step in plan.steps if not step.seen][:EXAMPLES]
    changes = [
        f"{plain(step.person.name or step.person.id)}: " + (f"{before} → {after}" if before else after)
        for step in examples
        for _name, before, after in example(step)
    ]
    return [*summary(plan), *clashes(plan, CLASHES), *changes]


async def send_again(main: MainScreen, kind: Kind, ids: Sequence[int]) -> None:
    """Send the changes IDS of a batch, all of KIND, again; the desk can be used meanwhile."""
    with stoppable(main) as stop:
        progress = StatusProgress(main, _("Sending"))
        try:
            report = await main.desk.batches.retry(ids, on_progress=progress, stop=stop)
        finally:
            progress.clear()
    main.list_pane.unmark(report.settled)
    _tell(main, applied(kind, report.applied), report)


def _tell(main: MainScreen, done: str, report: Report) -> None:
    """Say what is DONE, then why the rest is not, by its causes."""
    if report.held:
        done = _("Stopped: {done}, {left}").format(done=done, left=_left(main, report.held))
        report = report.but_held()
    lines = [done, *causes(report)]
    if report.failures:
        lines.append(_("see {key}").format(key=key_of(main, "outbox")))
    failed = len(report.failures) > report.waiting
    main.tell(" · ".join(lines), "error" if failed else "warn" if report.waiting else "ok")


async def _finish(main: MainScreen, plan: Plan, report: Report) -> None:
    """Tell how it went, and leave marked who surely has not got it."""
    main.list_pane.unmark([*report.settled, *(item.customer for item in plan.same)])
    _tell(main, applied(plan.kind, report.applied), report)
    if plan.kind is Kind.REMARK:
        await main.list_pane.reload()
