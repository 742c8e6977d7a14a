"""`kehu outbox`: what waits, failed or is unknown, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from tui.cli.exit_codes import DONE, PARTLY, exit_code_of
from tui.cli.failures import Misused
from tui.cli.masked import reveal_option, shown_by
from tui.cli.output import print_json, say, warn
from tui.cli.session import Session, TranslatedGroup, command, option, pass_session
from tui.cli.table_output import TableOutput, output_options
from tui.desk.outcome import UNSETTLED, Change, Kind, State
from tui.locale import N_, _, ngettext
from tui.model.errors import NotFoundError

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.outcome import Delivery

PLACES = {
    "list": "tui.cli.outbox:list_",
    "edit": "tui.cli.outbox:edit",
    "retry": "tui.cli.outbox:retry",
    "discard": "tui.cli.outbox:discard",
    "done": "tui.cli.outbox:done",
}


LOOKING = 5.0
"""Seconds that listing the outbox may read at the vendor what became of deletes of which nobody knows."""


@dataclass(frozen=True, slots=True)
class ChangeChoice:
    """Which changes are meant: by their ids, or by a batch and states."""

    ids: tuple[int, ...]
    batch: str | None
    states: tuple[State, ...]

    @property
    def named(self) -> bool:
        """Something was named at all."""
        return bool(self.ids or self.batch or self.states)

    def check(self) -> None:
        """Raise Misused where nothing is named: no command works on all there is by default."""
        if not self.named:
            raise Misused(_("no change is named"), _("Name ids, or use --batch, --failed, --unknown or --waiting."))

    async def changes(self, desk: Desk) -> Sequence[Change]:
        """Those of them that stand in the outbox.

        Raises: NotFoundError for an id that does not.
        """
        ids = self.ids or await desk.batches.unsettled(self.states or UNSETTLED, self.batch)
        found = [change for change in await desk.batches.changes(ids) if change.state in UNSETTLED]
        if missing := set(self.ids) - {change.id for change in found}:
            raise NotFoundError(
                N_("the outbox has no change {ids}"),
                todo=N_("See what it has with: kehu outbox"),
                ids=", ".join(map(str, sorted(missing))),
            )
        return [
            change
            for change in found
            if (not self.batch or change.batch == self.batch) and (not self.states or change.state in self.states)
        ]


def _choosing(function: Callable[..., int]) -> Callable[..., int]:
    """Give `function` the session, the changes that the command line names, and its other options."""

    @pass_session
    def run(
        session: Session,
        /,
        ids: tuple[int, ...],
        batch: str | None,
        failed: bool,
        unknown: bool,
        waiting: bool,
        **others: object,
    ) -> int:
        states = [(failed, State.FAILED), (unknown, State.UNKNOWN), (waiting, State.PENDING)]
        return function(session, ChangeChoice(ids, batch, tuple(state for wanted, state in states if wanted)), **others)

    options = (
        click.argument("ids", nargs=-1, type=int, metavar="[ID]…"),
        option("--batch", metavar="BATCH", help=N_("Those of this batch.")),
        option("--failed", is_flag=True, help=N_("Those that were refused, or held back.")),
        option("--unknown", is_flag=True, help=N_("Those of which nobody knows whether they arrived.")),
        option("--waiting", is_flag=True, help=N_("Those that are still to be sent.")),
    )
    for decorate in reversed(options):
        run = decorate(run)
    return run


@click.group(
    "outbox",
    cls=TranslatedGroup,
    places=PLACES,
    invoke_without_command=True,
    help=N_("Show and work what waits, failed or is unknown."),
)
@output_options
@pass_session
@click.pass_context
def outbox(ctx: click.Context, session: Session, output: TableOutput) -> int:
    """List, unless a subcommand is given."""
    if ctx.invoked_subcommand is None:
        return _list(session, ChangeChoice((), None, ()), output)
    if output != TableOutput():
        raise Misused(_("what lists the outbox goes behind the subcommand"), _("Write: kehu outbox list --format …"))
    return 0


@command("list", help=N_("Show what waits, failed or is unknown; a batch as one line for each cause."))
@output_options
@reveal_option
@_choosing
def list_(session: Session, choice: ChangeChoice, output: TableOutput) -> int:
    """Print the outbox."""
    return _list(session, choice, output)


def _list(session: Session, choice: ChangeChoice, output: TableOutput) -> int:
    from tui.cli.delivery_output import print_changes, recorded_json

    counted: list[tuple[Change, int]] = []

    async def work(desk: Desk) -> int:
        await desk.batches.recover()
        await desk.outbox.find_out(LOOKING)
        shown = await shown_by(session, desk)
        if session.json:
            print_json([recorded_json(change) for change in shown.changes(await choice.changes(desk))])
            return 0
        if choice.named:
            counted.extend((change, 1) for change in shown.changes(await choice.changes(desk)))
        else:
            groups = await desk.batches.groups()
            firsts = shown.changes(group.first for group in groups)
            counted.extend((first, group.count) for first, group in zip(firsts, groups, strict=True))
        if not counted:
            say(_("the outbox is empty: every change made here is settled"))
        return 0

    code = session.with_desk(work)
    if counted or (output.is_export and not session.json):
        print_changes(session, counted, output, "outbox")
    if any(change.state is State.FAILED for change, _count in counted):
        say(_("send one with other values: kehu outbox edit ID; its values: kehu outbox list ID --json"))
    return code


@command(
    "edit",
    help=N_(
        "Send one change with other values, in its place; what is not named is sent as it was. --set goes with a "
        "create or an edit, --remark and --description with a remark, --text with follow-ups."
    ),
)
@click.argument("change_id", type=int, metavar="ID")
@option("--set", "sets", multiple=True, metavar="NAME=VALUE", help=N_("A field's value instead; empty clears it."))
@option("--remark", metavar="T", help=N_("What the colleague calls the customer instead."))
@option("--description", metavar="T", help=N_("What the colleague notes instead."))
@option("--text", "texts", multiple=True, metavar="T", help=N_("What happened instead; once for each entry."))
@pass_session
def edit(
    session: Session,
    /,
    change_id: int,
    sets: tuple[str, ...],
    remark: str | None,
    description: str | None,
    texts: tuple[str, ...],
) -> int:
    """Send a change that waits or was refused with other values."""
    from tui.cli.delivery_output import report_batch

    notes = {name: text for name, text in (("remark", remark), ("description", description)) if text is not None}
    given = {name for name, value in (("--set", sets), ("--remark", notes), ("--text", texts)) if value}

    async def work(desk: Desk) -> int:
        from tui.desk.checks import mendable

        await desk.batches.recover()
        (change,) = await ChangeChoice((change_id,), None, ()).changes(desk)
        if reason := mendable(change):
            raise Misused(_("change {id} cannot be edited: {reason}").format(id=change_id, reason=reason))
        takes = {Kind.CREATE: "--set", Kind.UPDATE: "--set", Kind.REMARK: "--remark", Kind.FOLLOW: "--text"}
        wanted = takes.get(change.kind)
        if given != {wanted}:
            todo = _("Give {option}.").format(option=wanted) if wanted else _("Use: kehu outbox retry, or discard.")
            raise Misused(_("nothing is given that change {id} could be sent with").format(id=change_id), todo)
        match change.kind:
            case Kind.REMARK:
                delivery = await _mended_remark(desk, change, notes)
            case Kind.FOLLOW:
                delivery = await _mended_follow(desk, change, texts)
            case _:
                delivery = await _mended_values(desk, change, sets)
        return report_batch(session, delivery, _("sent"))

    return session.with_desk(work)


async def _mended_values(desk: Desk, change: Change, sets: Sequence[str]) -> Delivery:
    from tui.cli.edit_commands import parse_sets
    from tui.desk.mending import record_of
    from tui.desk.values import from_json

    values = {**from_json(change.request["values"]), **parse_sets(sets, await desk.fields())}
    if change.kind is Kind.CREATE:
        return await desk.create(values, replaces=change)
    return await desk.update(await record_of(desk, change), values, replaces=change)


async def _mended_remark(desk: Desk, change: Change, notes: Mapping[str, str]) -> Delivery:
    from tui.desk.checks import STAYS
    from tui.model.customer import Remark

    for name in (name for name, text in notes.items() if not text):
        say(_(STAYS[name]))
    texts = {name: change.request.get(name) for name in STAYS} | dict(notes)
    one = Remark(customer=change.customer_id, union_id=change.union_id, user_id=change.request["user_id"], **texts)
    return await desk.remark([one], replaces=change)


async def _mended_follow(desk: Desk, change: Change, texts: Sequence[str]) -> Delivery:
    """Follow-ups with other texts; each keeps the time of the one in whose place it stands."""
    from tui.model.customer import FollowEntry, FollowText

    times = [text.get("at") for text in change.request["texts"]] + [None] * len(texts)
    entries = tuple(FollowText.model_validate({"content": text, "at": at}) for text, at in zip(texts, times))  # noqa: B905
    user_id = change.request["user_id"]
    entry = FollowEntry(customer=change.customer_id, union_id=change.union_id, user_id=user_id, texts=entries)
    return await desk.follow([entry], replaces=change)


@command("retry", help=N_("Send changes again, and no others."))
@option("--yes", is_flag=True, help=N_("Also those that may have arrived: they may then be there twice."))
@_choosing
def retry(session: Session, choice: ChangeChoice, yes: bool) -> int:
    """Send what waits, failed or is unknown."""
    from tui.cli.batch import tell_what_to_do
    from tui.cli.json_shapes import batch_json
    from tui.cli.progress import ProgressLine, stoppable

    choice.check()

    async def work(desk: Desk) -> int:
        from tui.desk.outbox.delivery_text import causes

        await desk.batches.recover()
        changes = await choice.changes(desk)
        _ask_twice(changes, yes)
        progress = ProgressLine(_("sending"), silent=session.json)
        with stoppable(progress, silent=session.json) as stop:
            delivery = await desk.batches.retry([change.id for change in changes], on_progress=progress, stop=stop)
        if session.json:
            print_json(batch_json(delivery.applied, delivery.not_applied))
        else:
            say(ngettext("{count} sent", "{count} sent", delivery.applied).format(count=f"{delivery.applied:,}"))
            for line in causes(delivery):
                warn(line)
            tell_what_to_do(delivery, choice.batch)
        return exit_code_of(delivery, delivery.not_applied)

    return session.with_desk(work)


def _ask_twice(changes: Sequence[Change], yes: bool) -> None:
    """Nothing is sent that may be there already, unless a person says so."""
    count = sum(change.state is State.UNKNOWN for change in changes)
    if count and not yes:
        text = ngettext(
            "nobody knows whether {count} of these arrived; sent again it may be there twice",
            "nobody knows whether {count} of these arrived; sent again they may be there twice",
            count,
        )
        raise Misused(text.format(count=count), _("Look at the vendor's records; then add --yes, or: kehu outbox done"))


@command("discard", help=N_("Throw changes away unsent; the journal keeps them."))
@_choosing
def discard(session: Session, choice: ChangeChoice) -> int:
    """Throw away what waits, failed or is unknown."""
    choice.check()

    async def work(desk: Desk) -> int:
        await desk.batches.recover()
        changes = await choice.changes(desk)
        await desk.outbox.discard([change.id for change in changes])
        return await _settled(session, desk, changes, "discarded")

    return session.with_desk(work)


@command("done", help=N_("Take changes for applied, because you saw them at the vendor."))
@_choosing
def done(session: Session, choice: ChangeChoice) -> int:
    """Mark failed and unknown changes as done."""
    choice.check()

    async def work(desk: Desk) -> int:
        await desk.batches.recover()
        changes = await choice.changes(desk)
        await desk.outbox.mark_done([change.id for change in changes])
        return await _settled(session, desk, changes, "sent")

    return session.with_desk(work)


async def _settled(session: Session, desk: Desk, changes: Sequence[Change], state: str) -> int:
    """Tell which of `changes` came into `state`; 1 where one did not, as it is under way or still waits."""
    after = await desk.batches.changes([change.id for change in changes])
    ids = [change.id for change in after if change.state == state]
    if session.json:
        print_json({state: ids})
    elif state == "discarded":
        say(ngettext("{count} thrown away", "{count} thrown away", len(ids)).format(count=f"{len(ids):,}"))
    else:
        say(ngettext("{count} marked as done", "{count} marked as done", len(ids)).format(count=f"{len(ids):,}"))
    if left := len(changes) - len(ids):
        text = ngettext("{count} left as it is", "{count} left as they are", left)
        warn(text.format(count=f"{left:,}"))
    return PARTLY if left else DONE
