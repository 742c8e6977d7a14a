"""The changes made from here: what became of them as the journal tells it, what is on its way as the outbox has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.model.change import ON_THE_WAY, Change, Kind, State
from tui.model.journal_entry import ANY_TIME, change_of

if TYPE_CHECKING:
    from tui.model.journal_filter import JournalFilter
    from tui.store.store import Store

LIMIT = 200
"""Changes that are told unless more are asked for: a day's work."""


def changes_made(
    store: Store, customer_id: str | None = None, limit: int = LIMIT, *, kinds: Sequence[Kind] = tuple(Kind)
) -> list[Change]:
    """Return the changes, to one customer and of certain `kinds` where given, the newest first, at most `limit`."""
    found = {change.uid: change for change in told(store, customer_id, limit, kinds=kinds)}
    # One that failed and is sent again stands in both.
    found |= {change.uid: change for change in store.changes.on_the_way(customer_id, limit, kinds=kinds)}
    return _with_undoes(store, sorted(found.values(), key=lambda change: change.uid, reverse=True)[:limit])


def told(
    store: Store,
    customer_id: str | None = None,
    limit: int = LIMIT,
    *,
    kinds: Sequence[Kind] = tuple(Kind),
    before: str = ANY_TIME,
) -> list[Change]:
    """Return those alone of which the journal tells; `before`: none from the one with this UUID on."""
    return list(map(change_of, store.journal.latest(customer_id, limit, kinds=kinds, before=before)))


def changes_found(
    store: Store, wanted: JournalFilter, customer_id: str | None = None, limit: int = LIMIT
) -> list[Change]:
    """Return the changes of which the journal tells that `wanted` means, the newest first, at most `limit`."""
    entries = [store.journal.about(id) for id in store.deeds.find(wanted, limit, customer_id)]
    return _with_undoes(store, [change_of(entry) for entry in entries if entry is not None])


def history(store: Store, customer_id: str, limit: int = LIMIT) -> list[Change]:
    """Return the last `limit` follow-ups and remarks on a customer, without those that were thrown away, the newest
    first."""
    made = changes_made(store, customer_id, limit, kinds=(Kind.FOLLOW, Kind.REMARK))
    return [change for change in made if change.state is not State.DISCARDED]


def change_made(store: Store, number: int) -> Change | None:
    """Return the change with this number; None where there is none."""
    queued = store.changes.get(number)
    if queued is None or queued.state in ON_THE_WAY:
        return queued
    entry = store.journal.about(queued.uid)
    return replace(change_of(entry), undone_by=queued.undone_by) if entry is not None else queued


def _with_undoes(store: Store, changes: Sequence[Change]) -> list[Change]:
    undone_by = store.changes.undone_by([change.id for change in changes])
    return [replace(change, undone_by=undone_by.get(change.id)) for change in changes]
