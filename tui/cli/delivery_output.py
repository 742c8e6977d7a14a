"""What became of a change, told to a person or a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.cli.exit_codes import exit_code_of
from tui.cli.failures import say_error
from tui.cli.json_shapes import batch_json
from tui.cli.output import print_json, say, warn
from tui.cli.session import Session
from tui.cli.table_output import TableOutput, as_columns, note
from tui.desk.change_labels import KIND_NAMES, gist, outcome, state_name
from tui.locale import N_, _, listed

if TYPE_CHECKING:
    from tui.desk.outcome import Change, Delivery, FieldChange
    from tui.desk.table_file import Cell
    from tui.model.masking import Masker


def recorded_json(change: Change) -> Mapping[str, object]:
    """One change with all that is known of it; times are ISO 8601 in UTC, null for what has not happened."""
    return {
        "id": change.id,
        "kind": change.kind.value,
        "state": change.state.value,
        "customer": change.customer_id,
        "name": change.customer_name,
        "union_id": change.union_id,
        "user_id": change.user_id,
        "request": change.request,
        "before": change.before,
        "after": change.after,
        "batch": change.batch,
        "undo_of": change.undo_of,
        "undone_by": change.undone_by,
        "created_at": _time(change.created_at),
        "sent_at": _time(change.sent_at),
        "settled_at": _time(change.settled_at),
        "attempts": change.attempts,
        "code": change.code,
        "message": _(change.message),
        "answer": change.answer,
        "by": f"{change.os_user}@{change.host}",
        "profile": change.profile,
    }


COLUMNS = {
    "id": N_("Id"),
    "created_at": N_("When"),
    "kind": N_("What"),
    "state": N_("State"),
    "customer": N_("Customer"),
    "user_id": N_("User"),
    "content": N_("Content"),
    "batch": N_("Batch"),
    "count": N_("Count"),
    "outcome": N_("Outcome"),
}


def print_changes(session: Session, counted: Sequence[tuple[Change, int]], output: TableOutput, what: str) -> None:
    """A line for each change, or for each group of them with how many it has; `what` says which, for the journal."""
    with output.writing(as_columns(COLUMNS)) as table:
        for change, count in counted:
            table.write(_row(change, count, output), recorded_json(change))
    note(session, output, what, table.count)


def _row(change: Change, count: int, output: TableOutput) -> Sequence[Cell]:
    return (
        change.id,
        output.moment(change.created_at),
        _(KIND_NAMES[change.kind]),
        state_name(change),
        change.customer_name or change.customer_id,
        change.user_id,
        gist(change),
        change.batch or "",
        (f"{count:,}" if count > 1 else "") if output.is_table else count,
        outcome(change),
    )


def _time(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


def raise_if_failed(session: Session, delivery: Delivery) -> None:
    """Raise what `delivery` failed by as a whole; a person hears first that what is recorded will be sent again."""
    if delivery.error is None:
        return
    _tell_refused(session, delivery)
    if delivery.waiting and not session.json:
        say(_("not lost: it waits in the outbox, and is sent when the desk is open next"))
    raise delivery.error


def _tell_refused(session: Session, delivery: Delivery) -> None:
    """Tell a person by what number all that was refused can be sent with other values."""
    failures = delivery.failures
    refused = failures and not delivery.waiting and not any(failure.unknown for failure in failures)
    if refused and len(failures) == len(delivery.change_ids) and not session.json:
        ids = ", ".join(map(str, delivery.change_ids))
        warn(
            _("not lost: it stands in the outbox as {ids}; send it with other values: kehu outbox edit").format(ids=ids)
        )


def tell_outcome(session: Session, delivery: Delivery) -> int:
    """Tell what of `delivery`, which did not fail as a whole, did not go as sent; its exit code."""
    from tui.desk.outbox.delivery_text import line_by_line, not_as_sent, waiting

    for line in not_as_sent(delivery) if session.json else line_by_line(delivery):
        warn(line)
    _tell_refused(session, delivery)
    if delivery.unnoted is not None:
        say_error(delivery.unnoted)
    if delivery.waiting:
        warn(waiting(delivery))
    return exit_code_of(delivery)


def tell_drops(session: Session, changes: Sequence[FieldChange], masker: Masker) -> None:
    """Tell a person, before `changes` are sent, what the vendor has in a list now and would have no more."""
    for change in () if session.json else changes:
        if change.drops:
            text = _("{label}: no longer there: {values}")
            drops = [masker.text(change.code, drop) for drop in change.drops]
            say(text.format(label=_(change.label), values=listed(drops)))


def report_batch(session: Session, delivery: Delivery, done: str) -> int:
    """Tell how a batch went; `done` is what a person reads when all of it did. The exit code."""
    raise_if_failed(session, delivery)
    if session.json:
        print_json(batch_json(delivery.applied, delivery.failures))
    elif delivery.ok:
        say(done)
    return tell_outcome(session, delivery)
