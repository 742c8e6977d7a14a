"""A plan and a report in words, for the command line and the desk alike. Texts are in the agent's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tui.desk.batch.file_columns import TIMESTAMP
from tui.desk.batch.plan import Plan, Step
from tui.desk.conflicts import TEXTS
from tui.desk.outbox.delivery_text import applied, causes
from tui.desk.outcome import Delivery
from tui.locale import _, listed, ngettext
from tui.model.change import Kind
from tui.model.times import shown_clock

NAMED = 3
"""Colleagues who are named in a summary."""

WARNED = 20
"""Warnings that are told in a summary."""

NOTES = (Kind.REMARK, Kind.FOLLOW)

NOTHING = "–"
"""Stands for a text that is not there."""


def summary(plan: Plan) -> list[str]:
    """How many rows are sent, to whom and in whose name; then how many are not, and why."""
    return [_sent(plan), *_passed_over(plan), *refusals(plan), *_warnings(plan)]


def _sent(plan: Plan) -> str:
    if not plan.steps:
        return _("nothing to send")
    if plan.kind is Kind.CREATE:
        text = ngettext("{count} customer to create", "{count} customers to create", len(plan.steps))
        return text.format(count=_number(len(plan.steps)))
    if plan.kind is Kind.UPDATE:
        text = ngettext("{count} customer to edit", "{count} customers to edit", len(plan.steps))
        return text.format(count=_number(len(plan.steps)))
    people = ngettext("{count} customer", "{count} customers", plan.customers).format(count=_number(plan.customers))
    users = listed([*plan.colleagues[:NAMED], *(("…",) if len(plan.colleagues) > NAMED else ())])
    told = _("{count} to send, to {people}, in the name of {users}") if users else _("{count} to send, to {people}")
    return told.format(count=_number(len(plan.steps)), people=people, users=users)


def _passed_over(plan: Plan) -> list[str]:
    lines = []
    if plan.begun_at is not None:
        begun = _time(plan.begun_at)
        lines.append(_("this file was begun on {time} as batch {batch}").format(time=begun, batch=plan.batch))
    if plan.done:
        lines.append(_("{count} were sent before").format(count=_number(plan.done)))
    if plan.same:
        lines.append(_("{count} are so already: nothing to do").format(count=_number(len(plan.same))))
    if plan.undecided:
        text = _("{count} may have arrived the last time: look, then decide in the outbox")
        lines.append(text.format(count=_number(len(plan.undecided))))
    if plan.discarded:
        lines.append(_("{count} were thrown away by hand").format(count=_number(plan.discarded)))
    if plan.looked_up:
        lines.append(_("{count} were looked up at the vendor").format(count=_number(plan.looked_up)))
    if plan.read_again:
        lines.append(_("{count} were read again at the vendor").format(count=_number(plan.read_again)))
    return lines


def refusals(plan: Plan) -> list[str]:
    """How many rows cannot be sent, a line a cause, with the first row of each."""
    text = _("{count} cannot be sent: {first}")
    return [text.format(count=_number(count), first=first) for first, count in plan.causes()]


def _warnings(plan: Plan) -> list[str]:
    text = _("{count} may be refused: {warning}") if plan.kind in NOTES else _("{count}: {warning}")
    lines = [text.format(count=_number(count), warning=warning) for warning, count in plan.warnings()[:WARNED]]
    if plan.clashes:
        text = _("{count} replace what somebody else has changed since it was seen here")
        lines.append(text.format(count=_number(len(plan.clashes))))
    if plan.firsts:
        text = _("{count} are set where there was none: they can be changed later, but not taken back")
        lines.append(text.format(count=_number(plan.firsts)))
    if plan.doubtful:
        text = _("{count} have a time that may be mistaken")
        lines.append(text.format(count=_number(len(plan.doubtful))))
    if plan.staying:
        text = _("{count} are empty and stay as they are: the vendor clears no remark and no description")
        lines.append(text.format(count=_number(plan.staying)))
    return lines + _not_read_again(plan)


def _not_read_again(plan: Plan) -> list[str]:
    """Of how many nobody can say what stands there now, and how old it is what is known."""
    lines = []
    seen = [moment for moment in plan.stale if moment]
    if seen:
        why = plan.trouble.message(_) if plan.trouble else ""
        text = _("{count} could not be read again: {reason}") if why else _("{count} were not read again")
        since = _("seen on {time} or later").format(time=_time(min(seen)))
        lines.append(f"{text.format(count=_number(len(seen)), reason=why)} ({since})")
    if unseen := len(plan.stale) - len(seen):
        lines.append(_("of {count} it is not known what stands there").format(count=_number(unseen)))
    return lines


def clashes(plan: Plan, limit: int) -> list[str]:
    """What somebody else has changed since it was seen here, of at most `limit` rows: as seen, theirs, and mine."""
    text = _("{customer}, {field}: it was “{seen}”, somebody made it “{theirs}”, yours is “{mine}”")
    return [
        text.format(
            customer=step.person.name or step.person.id,
            field=_(TEXTS[name]) if name in TEXTS else step.labels.get(name, name),
            seen=seen or NOTHING,
            theirs=(step.texts_before or {})[name] or NOTHING,
            mine=step.after[name],
        )
        for step in plan.clashes[:limit]
        for name, seen in step.seen.items()
    ]


def doubts(plan: Plan, limit: int) -> list[str]:
    """Why the times of follow-ups may be mistaken, of at most `limit` rows, each with its line."""
    text = _("line {line}, {column}: {reason}")
    return [
        text.format(line=step.item.line, column=TIMESTAMP, reason=step.item.doubt) for step in plan.doubtful[:limit]
    ]


def example(step: Step) -> list[tuple[str, str, str]]:
    """What `step` writes: (column, before, after). Before is empty where it is not known."""
    before = step.texts_before
    return [
        (step.labels.get(name, name), "" if before is None else before.get(name) or NOTHING, text or NOTHING)
        for name, text in step.after.items()
    ]


def times(step: Step) -> str:
    """Return the times of the follow-ups that `step` writes, by this machine's clock; empty where none is given."""
    moments = [text["at"] for text in step.item.request.get("texts", ())]
    return " / ".join(shown_clock(datetime.fromisoformat(moment)) for moment in moments if moment)


def ending(plan: Plan, delivery: Delivery) -> Sequence[str]:
    """What became of `plan`: how many were saved, and why the others were not."""
    return [applied(plan.kind, delivery.applied), *causes(delivery)]


def _number(count: int) -> str:
    return f"{count:,}"


def _time(moment: float) -> str:
    """`moment`, in epoch seconds, by this machine's clock."""
    return f"{datetime.fromtimestamp(moment, UTC).astimezone():%m-%d %H:%M}"
