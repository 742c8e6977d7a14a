"""The same remark or follow-ups on all that are marked: a summary first, then progress in the status line."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from tui.desk.batch.filled_texts import fill_texts, needs_filling
from tui.desk.batch.items import ImportFile, marked_sheet, undo_sheet
from tui.desk.batch.plan import Plan
from tui.desk.batch.summary import clashes, example, refusals, summary
from tui.desk.checks import undoable
from tui.desk.outbox.delivery_text import applied, causes
from tui.desk.outcome import Change, Kind
from tui.locale import _, ngettext
from tui.screens.main.under_way import key_of, under_way, what_is_left
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import ConfirmDialog

if TYPE_CHECKING:
    from tui.desk.outcome import Delivery
    from tui.screens.main.main_screen import MainScreen

MARKED = "marked"
"""What drafts for all that are marked are kept under."""

EXAMPLES = 3
"""Customers who are shown with what changes on them."""

NAMED = 8
"""Customers out of sight who are named."""

CLASHES = 20
"""Rows that are shown which replace what somebody else has changed."""


def marked_subject(main: MainScreen) -> str:
    """Whom a batch is about, in words, and how many of them are not on the screen."""
    count, hidden = len(main.list_pane.marks), len(main.list_pane.out_of_sight)
    text = ngettext("{count} marked customer", "{count} marked customers", count)
    if hidden:
        text = ngettext(
            "{count} marked customer, {hidden} not shown", "{count} marked customers, {hidden} not shown", count
        )
    return text.format(count=f"{count:,}", hidden=f"{hidden:,}")


def sheet_of_marked(main: MainScreen, kind: Kind, request: Mapping[str, object]) -> ImportFile:
    """The same `request` for everyone who is marked now; marks that are set later belong to another batch."""
    return marked_sheet(kind, marked_subject(main), secrets.token_hex(5), tuple(main.list_pane.marks), request)


async def filled_sheet(main: MainScreen, sheet: ImportFile) -> ImportFile:
    """`sheet` with the places in its texts filled for each customer, where there are some."""
    if not needs_filling(sheet):
        return sheet
    customers = await main.desk.seen_customers([item.customer for item in sheet.items])
    return fill_texts(sheet, customers, main.desk.templates.filled, main.desk.capabilities)


async def send_marked(
    main: MainScreen,
    sheet: ImportFile,
    draft: int | None,
    then: Callable[[Sequence[str]], Awaitable[str]] | None = None,
    notes: Sequence[str] = (),
) -> Delivery | None:
    """Send `sheet`, which was typed as `draft`, once the agent has seen what that means, with `notes` on top; then do
    what `then` does for the customers who have it, and tell what it tells. None where it was not sent.

    The desk can be used meanwhile. Who was refused stays marked, so that something else can be tried on them.
    """
    plan = await _agreed(main, sheet, notes, kept=draft is not None)
    if plan is None:
        return None
    with under_way(main, "batch", _("Sending")) as sending:
        delivery = await main.desk.batches.send(plan, on_progress=sending.progress, stop=sending.stop, draft=draft)
    more = await then(sorted(delivery.settled)) if then is not None and delivery.settled else ""
    await _finish(main, sheet, plan, delivery, more)
    return delivery


async def _agreed(main: MainScreen, sheet: ImportFile, notes: Sequence[str], *, kept: bool) -> Plan | None:
    """The plan for `sheet` that the agent agreed to; None, which was told, where there is none to send.

    One that the agent looked at for long is made anew, and asked about again where others have changed something.
    """
    shown: Plan | None = None
    not_sent = _("Not sent; what you typed is kept as a draft.") if kept else _("Not sent.")
    while True:
        plan = await _planned(main, sheet, shown)
        if plan is None:
            main.tell(not_sent)
            return None
        if not plan.steps:
            main.list_pane.marks.take_off(item.customer for item in plan.same)
            told = [*_still_marked(main, sheet), *summary(plan)[1:]]
            main.tell(_("Nothing to send: {summary}").format(summary=" · ".join(told)), "warn")
            return None
        if shown is not None and not plan.clashes:
            return plan
        details = [*notes, *_details(plan, frozenset(main.list_pane.out_of_sight))]
        dialog = ConfirmDialog(_heading(sheet), _question(plan), details, words=words())
        answer = await main.app.push_screen_wait(dialog)
        if not answer:
            main.tell(not_sent)
            return None
        if not plan.is_stale:
            return plan
        shown = plan


async def _planned(main: MainScreen, sheet: ImportFile, shown: Plan | None) -> Plan | None:
    """The plan for `sheet`; None where the agent stopped it while customers were read."""
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


def _heading(sheet: ImportFile) -> str:
    text = _("Remark on {name}") if sheet.kind is Kind.REMARK else _("Follow up {name}")
    return text.format(name=sheet.name)


def _details(plan: Plan, out_of_sight: Collection[str]) -> Sequence[str]:
    """The summary, who of those it is sent to is `out_of_sight`, what others have changed, and a few examples."""
    examples = [step for step in plan.steps if not step.seen][:EXAMPLES]
    changes = [
        f"{plain(step.person.name or step.person.id)}: " + (f"{before} → {after}" if before else after)
        for step in examples
        for _name, before, after in example(step)
    ]
    return [*summary(plan), *_not_shown(plan, out_of_sight), *clashes(plan, CLASHES), *changes]


def _not_shown(plan: Plan, out_of_sight: Collection[str]) -> Sequence[str]:
    """How many of those whom `plan` is about are marked `out_of_sight`, and the first of them by name."""
    names = [plain(step.person.name or step.person.id) for step in plan.steps if step.item.customer in out_of_sight]
    if not names:
        return ()
    named = ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
    text = ngettext(
        "{count} of them is not on the screen: {names}", "{count} of them are not on the screen: {names}", len(names)
    )
    return (text.format(count=f"{len(names):,}", names=named),)


def _still_marked(main: MainScreen, sheet: ImportFile) -> Sequence[str]:
    """How many of those whom `sheet` was about stay marked, since they did not get it."""
    left = sum(item.customer in main.list_pane.marks for item in sheet.items)
    if not left:
        return ()
    return (ngettext("{count} stays marked", "{count} stay marked", left).format(count=f"{left:,}"),)


async def undo_batch(main: MainScreen, made: Sequence[Change]) -> None:
    """Write what stood there before the batch that `made` are, once the agent has seen of how many that can be done."""
    can = [change for change in made if not undoable(change)]
    sheet = undo_sheet(_("the undo of a batch"), secrets.token_hex(5), can)
    await send_marked(main, sheet, None, notes=told_undo(made))


def told_undo(made: Sequence[Change]) -> Sequence[str]:
    """What of a batch can be undone: how many, and why not the others."""
    why = Counter(undoable(change) for change in made)
    can = why.pop("", 0)
    first = _("{count} of {total} can be undone").format(count=f"{can:,}", total=f"{len(made):,}")
    return (first, *(f"{count:,} × {reason}" for reason, count in why.most_common()))


async def send_again(main: MainScreen, kind: Kind, ids: Sequence[int]) -> None:
    """Send the changes `ids` of a batch, all of `kind`, again; the desk can be used meanwhile."""
    with under_way(main, "batch", _("Sending")) as sending:
        delivery = await main.desk.batches.retry(ids, on_progress=sending.progress, stop=sending.stop)
    main.list_pane.marks.take_off(delivery.settled)
    _tell(main, applied(kind, delivery.applied), delivery)


def _tell(
    main: MainScreen, done: str, delivery: Delivery, marked: Sequence[str] = (), refused: Sequence[str] = ()
) -> None:
    """Say what is `done` and how many stay `marked`, then why, by its causes; `refused` are those never sent."""
    if delivery.held:
        done = _("Stopped: {done}, {left}").format(done=done, left=what_is_left(main, delivery.held))
        delivery = delivery.but_held()
    lines = [done, *marked, *causes(delivery), *refused]
    if delivery.left:
        lines.append(_("see {key}").format(key=key_of(main, "outbox")))
    failed = bool(delivery.failures)
    main.tell(" · ".join(lines), "error" if failed else "warn" if delivery.waiting else "ok")


async def _finish(main: MainScreen, sheet: ImportFile, plan: Plan, delivery: Delivery, more: str) -> None:
    """Tell how it went, with what `more` there is, and leave marked who surely has not got it."""
    main.list_pane.marks.take_off([*delivery.settled, *(item.customer for item in plan.same)])
    _tell(
        main,
        applied(plan.kind, delivery.applied),
        delivery,
        [*filter(None, [more]), *_still_marked(main, sheet)],
        refusals(plan),
    )
    if plan.kind is Kind.REMARK:
        await main.list_pane.reload()
