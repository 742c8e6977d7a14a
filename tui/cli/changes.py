"""Recorded changes as the command line shows them: rows for a person, JSON for a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.cli.output import print_table
from tui.desk.words import KIND_NAMES, gist, outcome, state_name
from tui.locale import _
from tui.text import local_time

if TYPE_CHECKING:
    from tui.desk.outcome import Change


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


def print_changes(counted: Sequence[tuple[Change, int]]) -> None:
    """A line for each change, or for each group of them with how many it has."""
    print_table(
        [
            *(_("Id"), _("When"), _("What"), _("State"), _("Customer"), _("User"), _("Content")),
            *(_("Batch"), _("Count"), _("Outcome")),
        ],
        [_row(change, count) for change, count in counted],
    )


def _row(change: Change, count: int) -> Sequence[str]:
    return (
        str(change.id),
        local_time(change.created_at),
        _(KIND_NAMES[change.kind]),
        state_name(change),
        change.customer_name or change.customer_id,
        change.user_id,
        gist(change),
        change.batch or "",
        f"{count:,}" if count > 1 else "",
        outcome(change),
    )


def _time(moment: float | None) -> str | None:
    return None if moment is None else datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
