"""One run over recorded changes: calls of the vendor's size, side by side, until nothing is left that can go."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from tui.client.service import Capabilities
from tui.desk.batch.recipients import Progress
from tui.desk.batch.run_limited import side_by_side
from tui.desk.batch.summary import Report
from tui.desk.disk import Disk
from tui.desk.outbox.delivery import CALLS_AT_ONCE
from tui.desk.outbox.queue import Outbox
from tui.desk.outbox.result import Sent
from tui.model.change import APPLIED, UNSETTLED, Kind, State
from tui.model.errors import KehuError
from tui.store.batches import Waiting
from tui.store.store import Store

NOTED_MEANWHILE = 2
"""Calls that are noted on disk while others are under way, whose number the client limits: the vendor need not wait."""

LOST_CALLS = 10
"""Calls in a row without an answer after which the others are left waiting: each may take a minute to fail."""

LOST_FOLLOWS = 2
"""The same for follow-ups, since a person has to look at each of the hundreds that such a call may have written."""


class Run:
    """Sends changes, tells `on_progress` how many are through, and begins no further call once `stop` is set.

    `checked`: they were compared with the vendor's records just now.
    """

    def __init__(
        self,
        outbox: Outbox,
        disk: Disk,
        limits: Capabilities,
        on_progress: Progress | None = None,
        stop: asyncio.Event | None = None,
        *,
        checked: bool = False,
    ) -> None:
        self._checked = checked
        self._outbox = outbox
        self._disk = disk
        self._sizes = {Kind.REMARK: limits.remark_batch, Kind.FOLLOW: limits.follow_batch}
        self._on_progress = on_progress
        self._stop = stop
        self._done = 0
        self._lost = 0
        self._patience = LOST_CALLS
        self._total = 0
        self._error: KehuError | None = None

    async def send(self, ids: Sequence[int]) -> Report:
        """Send those of `ids` that wait.

        Raises: StorageError.
        """
        with self._outbox.reserve(ids):
            await self._rounds(ids)
            if self._stopped:
                held = [change.id for change in await self._waiting(ids)]
                await self._disk.run(lambda store: store.changes.hold(held))
        report = await self._disk.run(partial(_report, ids=ids))
        return report if report.applied else replace(report, error=self._error)

    async def _rounds(self, ids: Sequence[int]) -> None:
        """A customer's changes keep their order: one whose turn came while an earlier one was under way goes later."""
        left = await self._waiting(ids)
        self._total = len(left)
        while left and not self._over:
            for kind in dict.fromkeys(change.kind for change in left):
                await self._calls(kind, [change.id for change in left if change.kind is kind])
            tries = {change.id: change.attempts for change in left}
            passed_over = [change for change in await self._waiting(ids) if change.attempts == tries.get(change.id)]
            if len(passed_over) == len(left):
                return  # what they wait for is not among them
            left = passed_over

    @property
    def _stopped(self) -> bool:
        """A person said so."""
        return self._stop is not None and self._stop.is_set()

    @property
    def _over(self) -> bool:
        """No further call is begun."""
        return self._stopped or self._lost >= self._patience

    async def _waiting(self, ids: Sequence[int]) -> list[Waiting]:
        return await self._disk.run(lambda store: store.batches.waiting(ids))

    async def _calls(self, kind: Kind, ids: Sequence[int]) -> None:
        """Make the calls for the changes `ids`, all of `kind`.

        Follow-ups go one call after the other: a vendor takes them like that, and if this process dies, only those of
        one call are in doubt.
        """
        size = self._sizes.get(kind, 1) or 1
        calls = [ids[start : start + size] for start in range(0, len(ids), size)]
        at_once = 1 if kind is Kind.FOLLOW else CALLS_AT_ONCE + NOTED_MEANWHILE
        self._patience = LOST_FOLLOWS if kind is Kind.FOLLOW else LOST_CALLS
        await side_by_side(calls, self._call, at_once=at_once, stopped=lambda: self._over)

    async def _call(self, ids: Sequence[int]) -> None:
        sent = await self._outbox.one_call(ids, checked=self._checked)
        for item in sent:
            self._error = item.error or self._error
        self._lost = self._lost + 1 if sent and all(map(_is_lost, sent)) else 0
        self._done += len(sent)
        if self._on_progress is not None:
            self._on_progress(self._done, self._total)


def _is_lost(item: Sent) -> bool:
    """No answer says what became of it."""
    return item.settlement.state in (State.PENDING, State.UNKNOWN)


def _report(store: Store, ids: Sequence[int]) -> Report:
    """What became of the changes `ids`: each whole only where something is left to tell of it."""
    standing = store.batches.standing(ids)
    return Report(
        tuple(store.changes.get_many([one.id for one in standing if one.state in UNSETTLED])),
        applied=sum(one.state in APPLIED for one in standing),
        settled=frozenset(one.customer_id for one in standing if one.state is not State.FAILED),
    )
