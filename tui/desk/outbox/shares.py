"""Sending in shares: calls of the vendor's size, side by side, until nothing is left or the line is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from tui.desk.disk import Disk
from tui.desk.outbox.delivery import Sender
from tui.desk.outbox.readback import ReadBack
from tui.desk.outbox.result import Sent
from tui.desk.run_limited import side_by_side
from tui.model.change import APPLIED, Change, Kind, State
from tui.model.errors import KehuError
from tui.store.batches import Waiting

CALLS_AT_ONCE = 5
"""Calls under way at once: WeCom refuses a sixth remark call (vendor-docs, 45033)."""

NOTED_MEANWHILE = 2
"""Calls that are noted on disk while others are under way, whose number the client limits: the vendor need not wait."""

LOST_CALLS = 10
"""Calls in a row without an answer after which the others are left waiting: each may take a minute to fail."""

LOST_FOLLOWS = 2
"""The same for follow-ups, since a person has to look at each of the hundreds that such a call may have written."""

Progress = Callable[[int, int], None]
"""Called with how many changes are through, and how many there are."""

Keep = Callable[[Sequence[Sent]], Awaitable[ReadBack]]
"""Reads the records of applied changes again, and keeps them; returns what the last one brought."""


@dataclass(slots=True)
class Tally:
    """What became of the changes of a run that went out, by their ids."""

    applied: dict[int, str] = field(default_factory=dict)
    """Those that the vendor has, with the customer of each."""
    left: dict[int, Change] = field(default_factory=dict)
    """The others, as they stand."""
    errors: list[KehuError] = field(default_factory=list)
    """What calls failed by."""
    unnoted: KehuError | None = None
    """Why an answer is not on disk yet."""
    kept: ReadBack = field(default_factory=ReadBack)
    """What the last record that was read again told."""

    def add(self, sent: Sequence[Sent]) -> None:
        """Count what `sent` came to."""
        for item in sent:
            stands = item.stands
            if stands.state in APPLIED:
                self.applied[stands.id] = stands.customer_id
            else:
                self.left[stands.id] = stands
            if item.error is not None:
                self.errors.append(item.error)
            self.unnoted = self.unnoted or item.unnoted

    def __contains__(self, id: int) -> bool:
        return id in self.applied or id in self.left

    def __len__(self) -> int:
        return len(self.applied) + len(self.left)


class Run:
    """Sends recorded changes, tells `on_progress` how many are through, and begins no further call once `stop` is set.

    `checked`: they were compared with the vendor's records just now. Cancelling it begins no further call, and lets
    those under way finish and be recorded.
    """

    def __init__(
        self,
        sender: Sender,
        disk: Disk,
        keep: Keep,
        *,
        checked: bool = False,
        on_progress: Progress | None = None,
        stop: asyncio.Event | None = None,
    ) -> None:
        self.tally = Tally()
        self._sender = sender
        self._disk = disk
        self._keep = keep
        self._checked = checked
        self._on_progress = on_progress
        self._stop = stop
        self._total = 0
        self._lost = 0
        self._patience = LOST_CALLS

    @property
    def stopped(self) -> bool:
        """A person said so."""
        return self._stop is not None and self._stop.is_set()

    @property
    def gave_up(self) -> bool:
        """Too many calls in a row were not answered."""
        return self._lost >= self._patience

    async def send(self, ids: Sequence[int]) -> Tally:
        """Send those of `ids` that wait, and what waits before them; what became of those that went out.

        Raises: StorageError.
        """
        left = await self._waiting(ids)
        self._total = len(left)
        while left and not self._over:
            before = len(self.tally)
            for kind in dict.fromkeys(change.kind for change in left):
                await self._calls(kind, [change.id for change in left if change.kind is kind])
            # A customer's changes keep their order: one whose turn came while an earlier one was under way goes later.
            left = [change for change in left if change.id not in self.tally]
            if left:
                left = await self._waiting([change.id for change in left])
            if len(self.tally) == before and not any(await self._disk.run(lambda store: store.changes.recover())):
                break  # what they wait for is not among them, nor was it a process that died
        return self.tally

    @property
    def _over(self) -> bool:
        """No further call is begun."""
        return self.stopped or self.gave_up

    async def _waiting(self, ids: Sequence[int]) -> list[Waiting]:
        return await self._disk.run(lambda store: store.batches.waiting(ids))

    async def _calls(self, kind: Kind, ids: Sequence[int]) -> None:
        """Make the calls for the changes `ids`, all of `kind`.

        Follow-ups go one call after the other: a vendor takes them like that, and if this process dies, only those of
        one call are in doubt.
        """
        size = self._sender.share(kind)
        calls = [ids[start : start + size] for start in range(0, len(ids), size)]
        at_once = 1 if kind is Kind.FOLLOW else CALLS_AT_ONCE + NOTED_MEANWHILE
        self._patience = LOST_FOLLOWS if kind is Kind.FOLLOW else LOST_CALLS
        await side_by_side(calls, self._call, at_once=at_once, stopped=lambda: self._over)

    async def _call(self, ids: Sequence[int]) -> None:
        sent = await self._sender.call(ids, checked=self._checked)
        if len(sent) < len(ids) and await self._send_ahead(ids):
            gone = {item.change.id for item in sent}
            sent += await self._sender.call([id for id in ids if id not in gone], checked=self._checked)
        self.tally.add(sent)
        self._lost = self._lost + 1 if sent and all(map(_is_lost, sent)) else 0
        if self._on_progress is not None:
            self._on_progress(len(self.tally), self._total)
        if any(item.settlement.state is State.SENT for item in sent):
            self.tally.kept = await self._keep(sent)

    async def _send_ahead(self, ids: Sequence[int]) -> bool:
        """Send what waits of the same customers and is older than `ids`; whether there was any."""
        ahead = await self._disk.run(lambda store: store.changes.ahead(ids))
        if ahead:
            await Run(self._sender, self._disk, self._keep).send([change.id for change in ahead])
        return bool(ahead)


def _is_lost(item: Sent) -> bool:
    """No answer says what became of it."""
    return item.settlement.state in (State.PENDING, State.UNKNOWN)
