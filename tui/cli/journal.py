"""`kehu journal`: every change made from here, and undoing one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from tui.cli.delivery_output import report_batch, tell_drops
from tui.cli.failures import Misused
from tui.cli.masked import reveal_option, shown_by
from tui.cli.output import print_json, say
from tui.cli.session import ID, Session, command, option, pass_session
from tui.cli.table_output import TableOutput, output_options
from tui.desk.journal_search import KINDS, STATES, journal_filter
from tui.locale import N_, _

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.outcome import Change

LIMIT = 200
"""Changes shown unless told otherwise: a day's work."""


FINDING = (
    option("--find", "text", metavar="TEXT", help=N_("Only where this was written: follow-ups, remarks, edits.")),
    option("--since", metavar="TIME", help=N_("Only from this day or time on: 2024-11-20, today, 30d, 上周 …")),
    option("--until", metavar="TIME", help=N_("Only until this day or time, that day included.")),
    option("--kind", type=click.Choice(KINDS), help=N_("Only changes of this kind.")),
    option("--by", "author", metavar="USER", help=N_("Only what this colleague did; me is the acting one.")),
    option("--state", type=click.Choice(STATES), help=N_("Only what came to this.")),
)
"""Options that look through the journal."""


def _finding(function: Callable[..., Any]) -> Callable[..., Any]:
    for one in reversed(FINDING):
        function = one(function)
    return function


@command("journal", help=N_("Show every change made from here, or undo one."))
@click.argument("key", type=ID, metavar="[ID]", required=False)
@option(
    "--limit", type=click.IntRange(min=1), metavar="N", help=N_("At most so many, the newest first; 200 by itself.")
)
@_finding
@reveal_option
@option("--undo", type=int, metavar="CHANGE", help=N_("Write the values before this change again."))
@option("--force", is_flag=True, help=N_("Undo it even over what others changed since."))
@output_options
@pass_session
def journal(
    session: Session,
    /,
    key: str | None,
    limit: int | None,
    undo: int | None,
    force: bool,
    output: TableOutput,
    **wanted: str | None,
) -> int:
    """Print the journal, of one customer where ID is given, or what is looked for in it; or undo a change."""
    if undo is None:
        if force:
            raise Misused(_("--force belongs to --undo"), _("Add --undo CHANGE."))
        return _list(session, key, limit or LIMIT, {name: text for name, text in wanted.items() if text}, output)
    if key is not None or limit is not None or any(wanted.values()) or output != TableOutput():
        raise Misused(_("--undo takes one change alone"), _("Leave ID, --limit and what looks for others out."))
    return _undo(session, undo, force)


def _list(session: Session, key: str | None, limit: int, wanted: Mapping[str, str], output: TableOutput) -> int:
    from tui.cli.delivery_output import print_changes, recorded_json

    filter_ = journal_filter(**wanted, me=session.profile.user_id)

    async def work(desk: Desk) -> int:
        await desk.batches.recover()
        known = await desk.seen_customer(key) if key is not None else None
        made = await desk.journal(known.customer.id if known else key, limit, filter_)
        changes = (await shown_by(session, desk)).changes(made)
        if session.json:
            print_json([recorded_json(change) for change in changes])
            return 0
        if not changes:
            nothing = _("nothing was changed from here yet")
            say(nothing if filter_.is_empty else _("nothing that was done from here matches"))
        found.extend(changes)
        return 0

    found: list[Change] = []
    code = session.with_desk(work)
    if found or (output.is_export and not session.json):
        what = " ".join(["journal", *([key] if key else []), *(f"--{name} {text}" for name, text in wanted.items())])
        print_changes(session, [(change, 1) for change in found], output, what)
    return code


def _undo(session: Session, change_id: int, force: bool) -> int:
    from tui.desk.checks import STAYS, undoable
    from tui.desk.conflicts import left_standing, taken_back

    async def work(desk: Desk) -> int:
        for change in await desk.batches.changes([change_id]):
            if not undoable(change):
                tell_drops(session, taken_back(change, await desk.fields()), (await shown_by(session, desk)).masker)
                for name in left_standing(change):
                    say(_(STAYS[name]))
        delivery = await desk.undo(change_id, force=force)
        return report_batch(session, delivery, _("change {id} is undone").format(id=change_id))

    return session.with_desk(work)
