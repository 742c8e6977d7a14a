"""Changes many at a time: the runs of a file, what was done to many customers, and the outbox by its causes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.model.change import UNSETTLED, Change, Json, Kind, State
from tui.store.database import Database, chunks, placeholders
from tui.store.outbox import Changes

RUN = "."
"""Between a file's digest and the number of its run, from the second one on: `3fa94c12.2`."""

_AFTER_RUN = chr(ord(RUN) + 1)
"""Ends the range of texts that begin with a digest and `RUN`."""


@dataclass(frozen=True, slots=True)
class BatchGroup:
    """Changes of one batch that stand where they do for one reason; or a change of no batch, by itself."""

    first: Change
    count: int


class Waiting(NamedTuple):
    """As much of a change that waits as sending it takes."""

    id: int
    kind: Kind
    attempts: int


class Standing(NamedTuple):
    """As much of a change as it takes to count it."""

    id: int
    state: State
    customer_id: str


class Batches:
    """Reads the table of changes. Every method raises `StoreError`s."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    def latest(self, digest: str) -> str | None:
        """The batch of the latest run of the file with `digest`; None where it was never recorded."""
        query = "SELECT batch FROM changes WHERE batch = ? OR (batch > ? AND batch < ?) ORDER BY id DESC LIMIT 1"
        with self._database.reading() as connection:
            found = connection.execute(query, (digest, digest + RUN, digest + _AFTER_RUN)).fetchone()
        return found[0] if found else None

    def last(self) -> str | None:
        """The batch of what was recorded last; None where that was of no batch, or nothing was recorded."""
        with self._database.reading() as connection:
            found = connection.execute("SELECT batch FROM changes ORDER BY id DESC LIMIT 1").fetchone()
        return found[0] if found else None

    def of(self, batch: str) -> list[Change]:
        """All changes of `batch`, in the order in which they were recorded."""
        return self._changes.get_many(self._ids("SELECT id FROM changes WHERE batch = ?", batch))

    def creates(self) -> list[Change]:
        """Creates that were sent, or may have been, or are still to go."""
        return self._changes.get_many(
            self._ids("SELECT id FROM changes WHERE kind = 'create' AND state NOT IN ('failed', 'discarded')")
        )

    def about(self, customer_ids: Sequence[str], kind: Kind, since: float = 0.0) -> list[Change]:
        """Changes of `kind` to any of the customers that came into their state after `since` (epoch seconds), or are
        still to go."""
        found: list[int] = []
        for some in chunks(customer_ids):
            recent = "(changed_at > ? OR state IN ('pending', 'sending'))"
            where = f"customer_id IN ({placeholders(some)}) AND kind = ? AND {recent}"
            found += self._ids(f"SELECT id FROM changes WHERE {where}", *some, kind, since)  # noqa: S608
        return self._changes.get_many(found)

    def note_before(self, befores: Mapping[int, Json]) -> None:
        """Note what stood there before changes, by their ids, that were not sent yet: it was read again since."""
        texts = [(json.dumps(before, separators=(",", ":")), id) for id, before in befores.items()]
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE changes SET \"before\" = ? WHERE id = ? AND state IN ('pending', 'failed')", texts
            )

    def waiting(self, ids: Sequence[int]) -> list[Waiting]:
        """Those of `ids` that wait to be sent."""
        found = []
        for some in chunks(ids):
            where = f"id IN ({placeholders(some)}) AND state = 'pending' ORDER BY id"
            with self._database.reading() as connection:
                rows = connection.execute(f"SELECT id, kind, attempts FROM changes WHERE {where}", some).fetchall()  # noqa: S608
            found += [Waiting(id, Kind(kind), attempts) for id, kind, attempts in rows]
        return found

    def unsettled(self, states: Sequence[State], batch: str | None = None) -> list[int]:
        """The ids of what stands in the outbox in one of `states`, of `batch` alone where given, the oldest first."""
        wanted = [state for state in UNSETTLED if state in states]
        query = f"SELECT id FROM changes WHERE state IN ({placeholders(wanted)})"  # noqa: S608
        if batch is not None:
            return self._ids(f"{query} AND batch = ? ORDER BY id", *wanted, batch)
        return self._ids(f"{query} ORDER BY id", *wanted)

    def standing(self, ids: Sequence[int]) -> list[Standing]:
        """How far those of `ids` have come, in the order of their ids."""
        states = {state.value: state for state in State}
        found = []
        for some in chunks(ids):
            query = f"SELECT id, state, customer_id FROM changes WHERE id IN ({placeholders(some)}) ORDER BY id"  # noqa: S608
            with self._database.reading() as connection:
                rows = connection.execute(query, some).fetchall()
            found += [Standing(id, states[state], customer_id) for id, state, customer_id in rows]
        return found

    def all_waiting(self) -> list[int]:
        """The ids of what waits to be sent in batches."""
        return self._ids("SELECT id FROM changes WHERE state = 'pending' AND batch IS NOT NULL")

    def groups(self, limit: int = 1000) -> list[BatchGroup]:
        """The outbox, the oldest first, a batch's changes as one for each cause; at most `limit` groups."""
        query = f"""
            SELECT min(id), count(*) FROM changes WHERE state IN ({placeholders(UNSETTLED)})
            GROUP BY coalesce(batch, id), kind, state, code, message ORDER BY 1 LIMIT ?
        """  # noqa: S608
        with self._database.reading() as connection:
            counts = dict(connection.execute(query, (*UNSETTLED, limit)).fetchall())
        return [BatchGroup(change, counts[change.id]) for change in self._changes.get_many(list(counts))]

    def members(self, first: Change) -> list[int]:
        """The ids of the group that `first` stands for."""
        if first.batch is None:
            return [first.id]
        query = (
            "SELECT id FROM changes WHERE batch = ? AND kind = ? AND state = ? AND code = ? AND message = ? ORDER BY 1"
        )
        return self._ids(query, first.batch, first.kind, first.state, first.code, first.message)

    def _ids(self, query: str, *values: object) -> list[int]:
        with self._database.reading() as connection:
            return [id for (id,) in connection.execute(query, values)]
