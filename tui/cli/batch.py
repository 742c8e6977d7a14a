"""`--file` of `kehu remark`, `follow`, `add` and `edit`: planned, told, sent, and told again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.exit_codes import PARTLY, exit_code_of
from tui.cli.json_shapes import JSON, batch_json
from tui.cli.output import confirmed, on_terminal, print_json, print_table, say, warn
from tui.cli.progress import ProgressLine, stoppable
from tui.cli.session import Session, require
from tui.cli.streams import STDIN, read_stdin
from tui.desk.outcome import Kind
from tui.locale import N_, _, listed, ngettext
from tui.model.errors import (
    ConflictError,
    InvalidError,
    KehuError,
    RoadError,
    UnsupportedError,
)
from tui.text import day_and_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.desk.batch.import_file import RowRefusal
    from tui.desk.batch.items import ImportFile
    from tui.desk.batch.plan import Plan, Step
    from tui.desk.desk import Desk
    from tui.desk.outcome import Delivery
    from tui.model.customer import Failure
    from tui.model.masking import Masker
    from tui.model.times import DayOrMoment

SHOWN = 20
"""Rows that a person is shown of a plan, or of what is wrong with a file; `--json` has them all."""


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What is wanted of a file."""

    file: str
    user_id: str
    """Who acts where a row names nobody; may be empty."""
    dry_run: bool = False
    partial: bool = False
    """Send the good rows although others cannot be."""
    again: bool = False
    """Send what an earlier run sent once more."""
    yes: bool = False
    """Send follow-ups, which cannot be taken back, without asking, whatever their times."""
    sheet: str = ""
    """The sheet of a workbook; by default the first with something in it."""
    next: DayOrMoment | None = None
    """When to contact those next who were followed up."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """What some headings of a file of fields mean; empty for one that is not to be read."""
    clear: bool = False
    """An empty cell clears its field."""


def send_file(session: Session, kind: Kind, options: FileOptions) -> int:
    """Send the rows of a file, or show what that would do; the exit code.

    Raises: KehuError, and then nothing was sent.
    """
    data, name = _read(options.file)

    async def work(desk: Desk) -> int:
        from tui.desk.batch.items import read_sheet

        if kind is Kind.REMARK and (why := desk.why_not("set_remarks")):
            raise UnsupportedError(N_("cannot set remarks: {reason}"), reason=why)
        columns: Mapping[str, str] | None = None
        if kind in (Kind.CREATE, Kind.UPDATE):
            sheet, columns = await _read_fields(session, desk, data, name, kind, options)
        else:
            sheet = read_sheet(data, name, kind, desk.capabilities, options.user_id, sheet=options.sheet)
        looking = ProgressLine(_("looking up"), silent=session.json)
        plan = await desk.batches.plan(sheet, again=options.again, on_progress=looking)
        looking.clear()
        told = _as_shown(plan, await desk.masker()) if kind is Kind.UPDATE else plan
        if options.dry_run:
            _show(session, told, columns)
            return 0 if options.partial else _exit_code_of(plan, yes=options.yes)
        if (plan.refused or plan.clashes) and not options.partial:
            raise _stopped(session, told)
        agreed = options.yes or not plan.doubtful or (not options.partial and _agreed(session, plan))
        if not agreed and not options.partial:
            raise _doubted(session, plan)
        held = () if agreed else plan.doubtful
        asked = bool(plan.doubtful) and not held
        if kind is Kind.FOLLOW and not options.yes and not asked:
            _agree_to_follow(session, plan.without_doubtful() if held else plan)
        delivery = await _send(session, desk, (plan.without_doubtful() if held else plan).without_clashes())
        if kind is Kind.FOLLOW and (why := desk.why_not("add_follows")):
            say(_("{reason}: these are notes kept here alone").format(reason=why))
        code = _tell(session, told, delivery, held)
        return max(code, await set_next(session, desk, options.next, sorted(delivery.settled)))

    return session.with_desk(work)


def _as_shown(plan: Plan, masker: Masker) -> Plan:
    """Return `plan`, of edits, with what stands there as `masker` shows it; it is told, and never sent."""
    from tui.desk.values import from_json, to_json

    def shown(step: Step) -> Step:
        if step.before is None:
            return step
        before = from_json(step.before["values"])
        return replace(
            step, before={"values": to_json({code: masker.value(code, one) for code, one in before.items()})}
        )

    return replace(plan, steps=tuple(map(shown, plan.steps)))


async def _read_fields(
    session: Session, desk: Desk, data: bytes, name: str, kind: Kind, options: FileOptions
) -> tuple[ImportFile, Mapping[str, str]]:
    """Return what a file of fields asks for, and what its headings are taken for, which is told.

    What somebody says of the headings is kept for the next file that has the same.
    """
    from tui.desk.batch.field_file import FieldColumns, read_fields

    require(desk, "create" if kind is Kind.CREATE else "update")
    specs = await desk.fields()
    kept = await desk.disk.run(lambda store: store.presets.list("mapping"))
    columns = FieldColumns(kind, specs, options.mapping, kept)
    sheet = read_fields(data, name, columns, options.user_id, sheet=options.sheet, clear=options.clear)
    if options.mapping:
        await desk.disk.run(lambda store: store.presets.save("mapping", columns.headings, columns.mapping))
    if not session.json:
        labels = {spec.code: _(spec.label) for spec in specs}
        read = [f"{heading} → {labels.get(code, code)}" for heading, code in columns.meant.items() if code]
        say(_("columns: {columns}").format(columns=listed(read)))
        if others := [heading for heading, code in columns.meant.items() if not code]:
            say(_("not read: {columns}").format(columns=listed(others)))
        if masked := sum(len(item.masked) for item in sheet.items):
            text = ngettext("{count} masked value stays as it is", "{count} masked values stay as they are", masked)
            say(text.format(count=f"{masked:,}"))
    return sheet, columns.meant


async def set_next(session: Session, desk: Desk, when: DayOrMoment | None, customer_ids: Sequence[str]) -> int:
    """Have the customers be contacted next at `when`, where it is given; the exit code."""
    if when is None:
        return 0
    refused = await desk.day.set_all(customer_ids, when)
    for customer_id, error in refused.items():
        warn(_("no next contact with {name}: {reason}").format(name=customer_id, reason=error.message(_)))
    if not session.json:
        text = _("next contact: {time}, {count} of {all}")
        time = day_and_time(when.at.timestamp(), whole_day=when.whole_day)
        say(text.format(time=time, count=len(customer_ids) - len(refused), all=len(customer_ids)))
    return PARTLY if refused else 0


def _read(file: str) -> tuple[bytes, str]:
    """The content of `file`, and what to call it."""
    if file == STDIN:
        return read_stdin(), _("standard input")
    try:
        return Path(file).read_bytes(), Path(file).name
    except OSError as error:
        raise InvalidError(
            N_("{file} cannot be read: {reason}"), file=file, reason=error.strerror or str(error)
        ) from error


async def _send(session: Session, desk: Desk, plan: Plan) -> Delivery:
    from tui.desk.batch.summary import summary

    progress = ProgressLine(_("sending"), silent=session.json)
    with stoppable(progress, silent=session.json) as stop:
        for line in () if session.json else summary(plan):
            say(line)
        return await desk.batches.send(plan, on_progress=progress, stop=stop)


def _stopped(session: Session, plan: Plan) -> KehuError:
    """The error for a plan with rows that cannot be sent, or would replace what somebody else changed unseen; a person
    reads of the first of them, one by one.

    Once that is told it is no longer unseen: by the next plan, the records here are the vendor's own.
    """
    from tui.desk.batch.summary import clashes

    told = [*map(str, plan.refused[:SHOWN]), *clashes(plan, SHOWN)]
    if not session.json:
        _say_each(plan)
        told = []
    if not plan.refused:
        return ConflictError(
            N_("{count} of {rows} rows would replace what somebody else has changed since, and nothing was sent"),
            todo=N_("Send the file again to replace it all the same, or add --partial to send the others now."),
            detail="; ".join(told),
            count=len(plan.clashes),
            rows=plan.rows,
        )
    return InvalidError(
        N_("{count} of {rows} rows cannot be sent, and nothing was"),
        todo=N_("Put them right, or add --partial to send the others."),
        detail="; ".join(told),
        count=len(plan.refused),
        rows=plan.rows,
    )


def _agreed(session: Session, plan: Plan) -> bool:
    """Whether a person at a terminal says that the times of `plan` which may be mistaken are right."""
    if not on_terminal(as_json=session.json):
        return False
    _say_doubts(plan)
    return confirmed(_("Send them all the same? Follow-ups cannot be taken back."))


def _agree_to_follow(session: Session, plan: Plan) -> None:
    """Go on where `plan` has at most one follow-up that was not asked about, or a person says that all are right.

    Raises: InvalidError, and then nothing was sent.
    """
    count = sum(step.change_id is None for step in plan.without_clashes().steps)
    if count <= 1:
        return
    if on_terminal(as_json=session.json):
        from tui.desk.batch.summary import summary

        for line in summary(plan):
            say(line)
        if confirmed(_("Send them? Follow-ups cannot be taken back.")):
            return
    raise InvalidError(
        N_("{count} follow-ups cannot be taken back once they are sent, and nothing was"),
        todo=N_("Look at them with --dry-run, then add --yes."),
        count=count,
    )


def _doubted(session: Session, plan: Plan) -> KehuError:
    """The error for follow-ups whose times nobody agreed to."""
    from tui.desk.batch.summary import doubts

    if not session.json and not on_terminal(as_json=session.json):
        _say_doubts(plan)
    return InvalidError(
        N_("{count} of {rows} follow-ups have a time that may be mistaken, and nothing was sent"),
        todo=N_("Add --yes to send them all the same, or --partial to send the others."),
        detail="; ".join(doubts(plan, SHOWN)) if session.json else "",
        count=len(plan.doubtful),
        rows=plan.rows,
    )


def _say_doubts(plan: Plan) -> None:
    from tui.desk.batch.summary import doubts

    for line in doubts(plan, SHOWN):
        warn(line)
    _say_more(len(plan.doubtful))


def _say_each(plan: Plan) -> None:
    """Tell of the first rows that cannot be sent, and of those that replace what somebody else changed, one by one."""
    _say_refused(plan)
    _say_clashes(plan)
    _say_doubts(plan)


def _say_refused(plan: Plan) -> None:
    for refusal in plan.refused[:SHOWN]:
        warn(str(refusal))
    _say_more(len(plan.refused))


def _say_clashes(plan: Plan) -> None:
    from tui.desk.batch.summary import clashes

    for line in clashes(plan, SHOWN):
        warn(line)
    _say_more(len(plan.clashes))


def _say_more(count: int) -> None:
    if count > SHOWN:
        warn(_("… and {count} more").format(count=f"{count - SHOWN:,}"))


# What became of it


def _tell(session: Session, plan: Plan, delivery: Delivery, held: Sequence[Step]) -> int:
    """Tell what became of `plan`, of which those `held` back have times that may be mistaken."""
    kept_back = [*map(_failure, plan.refused), *map(_clash, plan.clashes), *map(_doubt, held)]
    failures = [*kept_back, *plan.undecided, *delivery.not_applied]
    if session.json:
        print_json(batch_json(delivery.applied, failures))
    else:
        from tui.desk.batch.summary import ending

        for line in ending(plan, delivery) if plan.steps else ():
            say(line)
        _say_refused(plan)
        if plan.clashes:
            _say_clashes(plan)
            say(_("send the file again to replace these too"))
        if held:
            _say_doubts(plan)
            say(_("add --yes to send these too"))
        tell_what_to_do(delivery, plan.batch)
    return exit_code_of(delivery, failures)


def tell_what_to_do(delivery: Delivery, batch: str | None = None) -> None:
    """What can be done about the changes that are not at the vendor."""
    failed = len(delivery.failures)
    if isinstance(delivery.error, RoadError):
        say(delivery.error.hint(_))
    if delivery.waiting:
        say(_("what waits is sent when the desk is open next, or now with: kehu outbox retry --waiting"))
    if failed and batch is not None:
        say(_("send them again with: kehu outbox retry --batch {batch}").format(batch=batch))
    elif failed:
        say(_("see them with: kehu outbox"))


def _failure(refusal: RowRefusal) -> Failure:
    from tui.model.customer import Failure

    return Failure(
        index=refusal.line,
        customer=refusal.customer,
        user_id=refusal.user_id,
        code=refusal.code,
        message=str(refusal),
    )


def _clash(step: Step) -> Failure:
    from tui.model.customer import Failure

    return Failure(
        index=step.item.line,
        customer=step.person.id,
        user_id=step.item.user_id,
        code=ConflictError.kind,
        message=_("somebody else has changed it since it was seen here"),
    )


def _doubt(step: Step) -> Failure:
    from tui.model.customer import Failure

    return Failure(
        index=step.item.line,
        customer=step.person.id,
        user_id=step.item.user_id,
        code="timestamp",
        message=step.item.doubt,
    )


# The dry run


def _show(session: Session, plan: Plan, columns: Mapping[str, str] | None = None) -> None:
    """Print what would be sent, what not, and why; of a file of fields what its `columns` are taken for."""
    if session.json:
        print_json(plan_json(plan) if columns is None else {**plan_json(plan), "columns": columns})
        return
    from tui.desk.batch.summary import summary

    rows = [row for step in plan.steps[:SHOWN] for row in _step_rows(step)]
    if rows:
        headings = (_("Line"), _("Customer"), _("User"), _("When"), _("Field"), _("Before"), _("After"), _("Warning"))
        print_table(headings, rows)
    _say_more(len(plan.steps))
    for line in summary(plan):
        say(line)
    _say_each(plan)


def _exit_code_of(plan: Plan, *, yes: bool) -> int:
    """What sending `plan` as it is would end with, before anything is sent; 0 where it would be sent."""
    if plan.refused:
        return InvalidError.exit_code
    if plan.clashes:
        return ConflictError.exit_code
    return InvalidError.exit_code if plan.doubtful and not yes else 0


def _step_rows(step: Step) -> list[Sequence[str]]:
    from tui.desk.batch.summary import example, times

    who = step.person.name or step.person.id
    return [
        (str(step.item.line), who, step.item.user_id, times(step), name, before, after, step.item.doubt or step.warning)
        for name, before, after in example(step)
    ]


def plan_json(plan: Plan) -> JSON:
    """The whole plan; counts of what is not sent, and each row that is, or that cannot be."""
    return {
        "batch": plan.batch,
        "kind": plan.kind.value,
        "rows": plan.rows,
        "send": [
            {
                "line": step.item.line,
                "customer": step.person.id,
                "name": step.person.name,
                "union_id": step.person.union_id,
                "user_id": step.item.user_id,
                "before": step.before,
                "changed_since": {
                    name: {"before": seen, "theirs": (step.texts_before or {})[name], "mine": step.after[name]}
                    for name, seen in step.seen.items()
                },
                "request": step.item.request,
                "warning": step.warning,
                "doubt": step.item.doubt,
            }
            for step in plan.steps
        ],
        "refused": [
            {
                "line": refusal.line,
                "column": refusal.column,
                "customer": refusal.customer,
                "user_id": refusal.user_id,
                "code": refusal.code,
                "message": refusal.text,
            }
            for refusal in plan.refused
        ],
        "unchanged": len(plan.same),
        "sent_before": plan.done,
        "unknown": len(plan.undecided),
        "discarded": plan.discarded,
        "looked_up": plan.looked_up,
        "read_again": plan.read_again,
        "not_read_again": len(plan.stale),
        "last_seen": _moment(min(filter(None, plan.stale), default=None)),
        "changed_since": len(plan.clashes),
        "doubtful": len(plan.doubtful),
    }


def _moment(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
