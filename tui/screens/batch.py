"""The same remark or follow-ups on all that are marked: a summary first, then progress in the status line."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.desk.batch.items import Sheet, marked_sheet
from tui.desk.batch.plan import Plan
from tui.desk.batch.report import Report
from tui.desk.batch.telling import applied, causes, clashes, example, summary
from tui.desk.outcome import Kind
from tui.locale import _, ngettext
from tui.screens.under_way import key_of, under_way, what_is_left
from tui.screens.words import words
from tui.text import plain
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

MARKED = "marked"
"""What drafts for all that are marked are kept under."""

EXAMPLES = 3
"""Customers who are shown with what changes on them."""

CLASHES = 20
"""Rows that are shown which replace what somebody else has changed."""


def marked_subject(main: MainScreen) -> str:
    """Whom a batch is about, in words."""
    count = len(main.list_pane.marks)
    return ngettext("{count} marked customer", "{count} marked customers", count).format(count=f"{count:,}")


def sheet_of_marked(main: MainScreen, kind: Kind, request: Mapping[str, object]) -> Sheet:
    """The same REQUEST for everyone who is marked now; marks that are set later belong to another batch."""
    return marked_sheet(kind, marked_subject(main), secrets.token_hex(5), tuple(main.list_pane.marks), request)


async def send_marked(main: MainScreen, sheet: Sheet, draft: int) -> None:
    """Send SHEET, which was typed as DRAFT, once the agent has seen what that means.

    The desk can be used meanwhile. Who was refused stays marked, so that something else can be tried on them.
    """
    plan = await _agreed(main, sheet)
    if plan is None:
        return
    with under_way(main, "batch", _("Sending")) as sending:
        report = await main.desk.batches.send(plan, on_progress=sending.progress, stop=sending.stop, draft=draft)
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
            main.list_pane.marks.take_off(item.customer for item in plan.same)
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
    with under_way(main, "batch", _("Looking at whom this is about …")) as looking:
        planning = asyncio.ensure_future(main.desk.batches.plan(sheet, shown=shown, on_progress=looking.progress))
        stopping = asyncio.ensure_future(looking.stop.wait())
        try:
            await asyncio.wait((planning, stopping), return_when=asyncio.FIRST_COMPLETED)
            return planning.result() if planning.done() else None
        finally:
            planning.cancel()
            stopping.cancel()


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
    with under_way(main, "batch", _("Sending")) as sending:
        report = await main.desk.batches.retry(ids, on_progress=sending.progress, stop=sending.stop)
    main.list_pane.marks.take_off(report.settled)
    _tell(main, applied(kind, report.applied), report)


def _tell(main: MainScreen, done: str, report: Report) -> None:
    """Say what is DONE, then why the rest is not, by its causes."""
    if report.held:
        done = _("Stopped: {done}, {left}").format(done=done, left=what_is_left(main, report.held))
        report = report.but_held()
    lines = [done, *causes(report)]
    if report.failures:
        lines.append(_("see {key}").format(key=key_of(main, "outbox")))
    failed = len(report.failures) > report.waiting
    main.tell(" · ".join(lines), "error" if failed else "warn" if report.waiting else "ok")


async def _finish(main: MainScreen, plan: Plan, report: Report) -> None:
    """Tell how it went, and leave marked who surely has not got it."""
    main.list_pane.marks.take_off([*report.settled, *(item.customer for item in plan.same)])
    _tell(main, applied(plan.kind, report.applied), report)
    if plan.kind is Kind.REMARK:
        await main.list_pane.reload()
