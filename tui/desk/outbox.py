"""Changes on their way: recorded, sent, sent again, counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from tui.client.models import Customer, Failure
from tui.client.service import CustomerService
from tui.desk.disk import Disk
from tui.desk.outcome import Delivery
from tui.desk.sender import Progress, Sender, Sent
from tui.store.change import Change, Kind, NewChange, State
from tui.store.store import Store

RETRY_DELAYS = (5.0, 15.0, 60.0, 300.0)
"""Seconds before what waits is sent again: soon after a short break, seldom during a long one."""

PATIENCE = 3.0
"""Seconds that closing waits for the calls under way: longer than a slow answer, shorter than a person's temper."""

WAITING_AT_ONCE = 1000
"""Waiting changes taken up at a time, so that a batch of any size costs little memory."""


class Outbox:
    """The outbox of one profile. ANNOUNCE is called when something in it changed; KEEP with each answered record."""

    def __init__(
        self,
        service: CustomerService,
        disk: Disk,
        announce: Callable[[], None],
        keep: Callable[[Customer], Awaitable[Customer]],
    ) -> None:
        self._disk = disk
        self._sender = Sender(service, disk)
        self._announce = announce
        self._keep = keep
        self._later: asyncio.Task[None] | None = None

    async def record(self, news: Sequence[NewChange]) -> tuple[int, ...]:
        """Put NEWS on disk; when this returns they outlive a power cut."""
        ids = await self._disk.run(lambda store: store.changes.add(news))
        self._announce()
        return tuple(ids)

    async def deliver(
        self, ids: Sequence[int], *, checked: bool = False, on_progress: Progress | None = None
    ) -> Delivery:
        """Send the recorded changes IDS, and tell how far each came.

        CHECKED: an update was compared with the vendor's record just now.
        """
        sent: list[Sent] = []
        for changes in (await self._by_kind(ids)).values():
            sent += await self._sender.send(changes, checked=checked, on_progress=on_progress)
        delivery = await self._delivery(ids, sent)
        if delivery.waiting:
            self._send_later(RETRY_DELAYS[0])
        self._announce()
        return delivery

    async def _by_kind(self, ids: Sequence[int]) -> dict[Kind, list[Change]]:
        changes = await self._disk.run(lambda store: store.changes.get_many(ids))
        kinds: dict[Kind, list[Change]] = {}
        for change in changes:
            kinds.setdefault(change.kind, []).append(change)
        return kinds

    async def _delivery(self, ids: Sequence[int], sent: Sequence[Sent]) -> Delivery:
        states = [item.settlement.state for item in sent]
        places = {id: place for place, id in enumerate(ids)}
        failures = tuple(
            Failure(
                index=places[item.change.id],
                customer=item.change.customer_id,
                user_id=item.change.user_id,
                code=item.settlement.code,
                message=item.settlement.message,
                unknown=item.settlement.state is State.UNKNOWN,
            )
            for item in sent
            if item.settlement.state in (State.FAILED, State.UNKNOWN)
        )
        errors = [item.error for item in sent if item.error is not None]
        customer = None
        for item in sent:
            if item.customer is not None and item.settlement.state is State.SENT:
                customer = await self._keep(item.customer)
        return Delivery(
            change_ids=tuple(ids),
            applied=states.count(State.SENT),
            waiting=len(ids) - states.count(State.SENT) - len(failures),
            failures=failures,
            customer=customer if len(ids) == 1 else None,
            error=errors[0] if len(errors) == len(ids) else None,
        )

    # Sending again

    async def start(self) -> None:
        """Put right what a crash left behind, and send what may be sent again."""
        await self._disk.run(lambda store: store.changes.recover())
        if await self._disk.run(lambda store: store.changes.pending(1)):
            self._send_later(0.0)

    async def retry(self, ids: Sequence[int]) -> Delivery:
        """Send failed or unknown changes again, because a person says so."""
        await self._disk.run(lambda store: store.changes.retry(ids))
        return await self.deliver(ids)

    def _send_later(self, delay: float) -> None:
        if self._later is None or self._later.done():
            self._later = asyncio.create_task(self._send_waiting(delay))

    async def _send_waiting(self, delay: float) -> None:
        """Send what waits until nothing does; it sleeps between tries, and ends when the outbox is empty."""
        for pause in (delay, *RETRY_DELAYS):
            await asyncio.sleep(pause)
            waiting = await self._disk.run(_waiting)
            while waiting:
                ids = [change.id for change in waiting]
                for changes in (await self._by_kind(ids)).values():
                    await self._delivery(ids, await self._sender.send(changes))
                self._announce()
                waiting = await self._disk.run(partial(_waiting, after=waiting[-1].id))
            if not await self._disk.run(lambda store: store.changes.pending(1)):
                return

    # Reading and settling by hand

    async def items(self) -> Sequence[Change]:
        """What waits, failed or is unknown, the oldest first."""
        return await self._disk.run(lambda store: store.changes.outbox())

    async def counts(self) -> Mapping[State, int]:
        """How many changes stand in each state."""
        return await self._disk.run(lambda store: store.changes.counts())

    async def discard(self, ids: Sequence[int]) -> None:
        """Throw changes away unsent; the journal keeps them."""
        await self._disk.run(lambda store: store.changes.discard(ids))
        self._announce()

    async def mark_done(self, ids: Sequence[int]) -> None:
        """Take unknown changes for applied, because a person looked."""
        await self._disk.run(lambda store: store.changes.mark_done(ids))
        self._announce()

    async def close(self) -> None:
        """Stop sending again, and let the calls under way end."""
        if self._later is not None:
            self._later.cancel()
            await asyncio.gather(self._later, return_exceptions=True)
        await self._sender.close(PATIENCE)


def _waiting(store: Store, after: int = 0) -> Sequence[Change]:
    return store.changes.pending(WAITING_AT_ONCE, after=after)
