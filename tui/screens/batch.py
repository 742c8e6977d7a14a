"""The same remark or follow-ups on all that are marked: a summary first, then progress in the status line."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.desk.batch.items import Sheet, marked_sheet
from tui.desk.batch.pace import Pace
from tui.desk.batch.plan import Plan
from tui.desk.batch.report import Report
from tui.desk.batch.telling import applied, causes, example, summary
from tui.desk.outcome import Kind
from tui.locale import _, ngettext
from tui.screens.words import words
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

MARKED = "marked"
"""What drafts for all that are marked are kept under."""

REPAINT = 0.5
"""Seconds between two repaints of the status line: each costs a slow line some 100 bytes."""

EXAMPLES = 3
"""Customers who are shown with what changes on them."""


class StatusProgress:
    """Shows in MAIN's status line how far something has come; a message of the desk's own goes over it for a while."""

    def __init__(self, main: MainScreen, text: str, already: int = 0) -> None:
        self._line = main.status  # at hand even when the desk is left before it is through
        self._text = text
        self._pace = Pace(already=already)
        self._told_at = 0.0
        self._line.message = None
        self._line.idle = text

    def __call__(self, done: int, total: int | None) -> None:
        """DONE of TOTAL are through; None where nobody knows how many there are."""
        if (now := time.monotonic()) - self._told_at >= REPAINT:
            self._told_at = now
            self._line.idle = f"{self._text}: {self._pace.told(done, total)}"

    def clear(self) -> None:
        """It is through."""
        self._line.idle = ""


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
    looking = StatusProgress(main, _("Looking at whom this is about …"))
    try:
        plan = await main.desk.batches.plan(sheet, on_progress=looking)
    finally:
        looking.clear()
    if not plan.steps:
        main.list_pane.unmark(item.customer for item in plan.same)
        main.tell(_("Nothing to send: {summary}").format(summary=" · ".join(summary(plan)[1:])), "warn")
        return
    question = _("Send this?") if sheet.kind is Kind.REMARK else _("Send this? Follow-ups cannot be taken back.")
    dialog = ConfirmDialog(_heading(sheet), question, _details(plan), words=words())
    if not await main.app.push_screen_wait(dialog):
        main.tell(_("Not sent; what you typed is kept as a draft."))
        return
    progress = StatusProgress(main, _("Sending"))
    try:
        report = await main.desk.batches.send(plan, on_progress=progress, draft=draft)
    finally:
        progress.clear()
    await _finish(main, plan, report)


def _heading(sheet: Sheet) -> str:
    text = _("Remark on {name}") if sheet.kind is Kind.REMARK else _("Follow up {name}")
    return text.format(name=sheet.name)


def _details(plan: Plan) -> Sequence[str]:
    """The summary, and what changes on the first few: what is left out of a long one are examples."""
    changes = [
        f"{step.person.name or step.person.id}: " + (f"{before} → {after}" if before else after)
        for step in plan.steps[:EXAMPLES]
        for _name, before, after in example(step)
    ]
    return [*summary(plan), *changes]


async def send_again(main: MainScreen, ids: Sequence[int]) -> None:
    """Send the changes IDS of a batch again; the desk can be used meanwhile."""
    progress = StatusProgress(main, _("Sending"))
    try:
        report = await main.desk.batches.retry(ids, on_progress=progress)
    finally:
        progress.clear()
    main.list_pane.unmark(report.settled)
    _tell(main, applied(report.changes[0].kind, report.applied), report)


def _tell(main: MainScreen, done: str, report: Report) -> None:
    """Say what is DONE, then why the rest is not, by its causes."""
    lines = [done, *causes(report)]
    if report.failures:
        lines.append(_("Press o for the outbox."))
    failed = len(report.failures) > report.waiting
    main.tell(" · ".join(lines), "error" if failed else "warn" if report.waiting else "ok")


async def _finish(main: MainScreen, plan: Plan, report: Report) -> None:
    """Tell how it went, and leave marked who surely has not got it."""
    main.list_pane.unmark([*report.settled, *(item.customer for item in plan.same)])
    _tell(main, applied(plan.kind, report.applied), report)
    if plan.kind is Kind.REMARK:
        await main.list_pane.reload()
