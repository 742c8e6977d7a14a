"""Changes on their way: recorded, sent, sent again, counted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, repeat

from tui import crash
from tui.client.service import CustomerService
from tui.desk.disk import Disk
from tui.desk.outbox.delivery import Sender
from tui.desk.outbox.readback import ReadBack
from tui.desk.outbox.result import Sent
from tui.desk.outbox.shares import Progress, Run, Tally
from tui.desk.outcome import Delivery
from tui.model.change import APPLIED, ON_THE_WAY, UNSETTLED, Change, Kind, NewChange, Settlement, State
from tui.model.errors import N_, ConflictError, StorageError, UnsupportedError
from tui.store.drafts import DraftId
from tui.store.store import Store
from tui.store.store_errors import Overtaken

RETRY_DELAYS: tuple[float, ...] = (5.0, 15.0, 60.0, 300.0)
"""Seconds before what waits is sent again: soon after a short break, seldom during a long one; the last one repeats."""

PATIENCE = 3.0
"""Seconds that closing waits for the calls under way: longer than a slow answer, shorter than a person's temper."""

MOMENT = 0.05
"""Seconds after a delete has had its time at which it is read: the clock is surely past it then."""

WAITING_AT_ONCE = 1000
"""Waiting changes taken up at a time, so that a batch of any size costs little memory."""

Keep = Callable[[Sent], Awaitable[ReadBack]]
"""Reads the record of an applied change again, and keeps it."""


class Outbox:
    """The outbox of one profile. `announce` is called when something in it changed; `keep` with what was applied."""

    def __init__(self, service: CustomerService, disk: Disk, announce: Callable[[], None], keep: Keep) -> None:
        self._disk = disk
        self._sender = Sender(service, disk, announce)
        self._read_only = service.capabilities.read_only
        self._announce = announce
        self._keep = keep
        self._later: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._open = True
        self._taken: set[int] = set()

    def require_changes(self) -> None:
        """Go on where the profile may be changed: all that is recorded or sent passes here.

        Raises: UnsupportedError where it is read-only; what waits then waits on.
        """
        if self._read_only:
            raise UnsupportedError(
                N_("nothing is changed under this profile: it is read-only"),
                todo=N_("The configuration says so: read_only."),
            )

    async def record(
        self, news: Sequence[NewChange], *, draft: DraftId | None = None, replaces: int | None = None
    ) -> tuple[int, ...]:
        """Put `news` on disk; when this returns they outlive a power cut.

        The same write takes away the `draft` that they were typed as, and the change that they are in place of.
        Raises: ConflictError where that one was sent or settled meanwhile; UnsupportedError; StorageError.
        """
        self.require_changes()
        try:
            ids = await self._disk.run(lambda store: store.changes.add(news, draft=draft, replaces=replaces))
        except StorageError as error:
            if isinstance(error.__cause__, Overtaken):
                raise ConflictError(error.what, todo=error.todo) from error
            raise
        self._announce()
        return tuple(ids)

    async def deliver(
        self,
        ids: Sequence[int],
        *,
        checked: bool = False,
        on_progress: Progress | None = None,
        stop: asyncio.Event | None = None,
    ) -> Delivery:
        """Send the recorded changes `ids`, one or ten thousand, after what waits of the same customers, and tell how
        far each came.

        `checked`: they were compared with the vendor's record just now. Once `stop` is set no further call is begun,
        and what is left is kept from being sent by itself. Where the disk refuses, that is the error, and what did not
        go waits.
        """
        self.require_changes()
        run = self._run(checked=checked, on_progress=on_progress, stop=stop)
        try:
            with self._reserved(ids):
                await run.send(ids)
                if run.stopped:
                    await self._hold_rest(ids, run.tally)
            delivery = await self._delivery(ids, run.tally)
        except StorageError as error:
            self.send_later()
            return self._refused(ids, run.tally, error)
        finally:
            self._announce()
        if delivery.applied and not delivery.waiting:
            await self._flush()
        else:
            await self.see_to_rest()
        return delivery

    def _run(
        self, *, checked: bool = False, on_progress: Progress | None = None, stop: asyncio.Event | None = None
    ) -> Run:
        return Run(self._sender, self._disk, self._keep_all, checked=checked, on_progress=on_progress, stop=stop)

    @contextmanager
    def _reserved(self, ids: Sequence[int]) -> Iterator[None]:
        """Leave `ids` to the run that sends them."""
        self._taken.update(ids)
        try:
            yield
        finally:
            self._taken.difference_update(ids)

    async def _hold_rest(self, ids: Sequence[int], tally: Tally) -> None:
        """Keep those of `ids` that still wait from being sent by themselves."""
        held = [change.id for change in await self._disk.run(lambda store: store.batches.waiting(ids))]
        await self._disk.run(lambda store: store.changes.hold(held))
        for id in held:
            tally.left.pop(id, None)

    async def _delivery(self, ids: Sequence[int], tally: Tally) -> Delivery:
        """What became of `ids`: as `tally` has it, and the rest as it stands on disk."""
        rest = [id for id in ids if id not in tally]
        standing = await self._disk.run(lambda store: store.batches.standing(rest)) if rest else []
        open_still = [one.id for one in standing if one.state in UNSETTLED]
        others = await self._disk.run(lambda store: store.changes.get_many(open_still)) if open_still else []
        left = sorted((*tally.left.values(), *others), key=lambda change: change.id)
        applied = len(tally.applied) + sum(one.state in APPLIED for one in standing)
        return Delivery(
            change_ids=tuple(ids),
            applied=applied,
            waiting=len(ids) - applied - sum(change.state not in ON_THE_WAY for change in left),
            left=tuple(left),
            settled=frozenset(
                (
                    *tally.applied.values(),
                    *(change.customer_id for change in tally.left.values() if change.state is not State.FAILED),
                    *(one.customer_id for one in standing if one.state is not State.FAILED),
                )
            ),
            customer=tally.kept.customer if len(ids) == 1 else None,
            surprises=tally.kept.surprises,
            meanwhile=tally.kept.meanwhile,
            error=tally.errors[0] if tally.errors and not applied and len(tally.errors) == len(tally) else None,
            unnoted=tally.unnoted,
        )

    def _refused(self, ids: Sequence[int], tally: Tally, error: StorageError) -> Delivery:
        """What became of `ids` where the disk refused to say, or to note, more than `tally` has."""
        left = tuple(tally.left.values())
        return Delivery(
            change_ids=tuple(ids),
            applied=len(tally.applied),
            waiting=len(ids) - len(tally) + sum(change.state in ON_THE_WAY for change in left),
            left=left,
            settled=frozenset(tally.applied.values()),
            error=error,
        )

    async def _keep_all(self, sent: Sequence[Sent]) -> ReadBack:
        """Read again what was applied, as far as one change at a time was sent; what the last one brought."""
        kept = ReadBack()
        for item in sent:
            if item.settlement.state is State.SENT and (len(sent) == 1 or item.change.batch is None):
                try:
                    kept = await self._keep(item)
                except StorageError:
                    kept = ReadBack(item.customer)  # the directory is older than the vendor now, and nothing is lost
                except Exception as fault:  # noqa: BLE001  # the change is at the vendor, whatever reading it does
                    crash.note(fault, self._disk.store.path.parent)
                    kept = ReadBack(item.customer)
        return kept

    # Sending again

    async def start(self) -> None:
        """Put right what a crash left behind, and send what may be sent again, now and for as long as it takes."""
        await self._disk.run(lambda store: store.changes.recover())
        if await self._left():
            self.send_later(0.0)

    async def retry(self, ids: Sequence[int]) -> Delivery:
        """Send failed or unknown changes again, because a person says so."""
        self.require_changes()
        await self._disk.run(lambda store: store.changes.retry(ids))
        return await self.deliver(ids)

    async def _left(self) -> bool:
        """Whether anything is left that this desk sends, or finds out, by itself."""
        return bool(
            self._sender.owes or await self._disk.run(lambda store: store.changes.pending(1)) or await self._unsure()
        )

    async def _unsure(self) -> Sequence[Change]:
        """The deletes of which nobody knows, and of which reading can tell."""
        return await self._disk.run(_unknown_deletes) if self._sender.can_look else ()

    async def _pause(self, longest: float) -> float:
        """Seconds until the next try: `longest`, or until a delete has had its time and can be told of."""
        try:
            left = [self._sender.seconds_left(change) for change in await self._unsure()]
        except StorageError:
            left = []
        return min([longest, *(seconds + MOMENT for seconds in left if seconds > 0)])

    async def see_to_rest(self) -> None:
        """Have sent, or found out, later what is left."""
        try:
            left = await self._left()
        except StorageError:
            left = True
        if left:
            self.send_later()

    async def find_out(self, patience: float) -> None:
        """Read again, for `patience` seconds at the most, what became of deletes of which nobody knows."""
        try:
            async with asyncio.timeout(patience):
                await self._find_out()
        except TimeoutError:
            pass

    async def _find_out(self) -> None:
        """Of deletes of which nobody knows, reading the record tells whether they were done."""
        for change in await self._unsure():
            found = await self._sender.look_for_deleted(change)
            if found is not None:
                await self._disk.run(partial(_establish, settlement=found.settlement))
                await self._keep_all([found])

    async def _flush(self) -> None:
        """The line is there: what waits for it goes now."""
        if await self._left():
            self.send_later(0.0)
            self._wake.set()

    def line_is_back(self) -> None:
        """Send what waits now: the vendor answers again."""
        self.send_later(0.0)
        self._wake.set()

    def send_later(self, delay: float = RETRY_DELAYS[0]) -> None:
        """Have what waits sent in `delay` seconds, and from then on until it is."""
        if self._open and not self._read_only and (self._later is None or self._later.done()):
            self._later = asyncio.create_task(self._send_waiting(delay))

    async def _send_waiting(self, delay: float) -> None:
        """Send what waits until nothing does; it sleeps between tries, and ends when the outbox is empty."""
        pauses = _pauses(delay)
        while True:
            self._wake.clear()
            pause = await self._pause(next(pauses))
            try:
                async with asyncio.timeout(pause):  # wait_for may swallow that it is cancelled
                    await self._wake.wait()
                pauses = _pauses(RETRY_DELAYS[0])
            except TimeoutError:
                pass
            try:
                left = await self._send_all_waiting()
            except StorageError:
                left = True  # whoever reads the disk next tells of it
            except Exception as fault:  # noqa: BLE001  # what waits is tried again all the same
                crash.note(fault, self._disk.store.path.parent)
                left = True
            self._announce()
            if not left:
                return

    async def _send_all_waiting(self) -> bool:
        """One try at all that waits; whether anything is left to try."""
        await self._sender.settle_owed()
        await self._disk.run(lambda store: store.changes.recover())
        await self._find_out()
        waiting = await self._disk.run(_waiting)
        while waiting:
            ids = [change.id for change in waiting if change.id not in self._taken]
            run = self._run()
            await run.send(ids)
            self._announce()
            if run.gave_up:
                break
            waiting = await self._disk.run(partial(_waiting, after=waiting[-1].id))
        return await self._left()

    # Reading and settling by hand

    async def items(self) -> Sequence[Change]:
        """What waits, failed or is unknown, the oldest first."""
        await self._disk.run(lambda store: store.changes.recover())
        return await self._disk.run(lambda store: store.changes.outbox())

    async def counts(self) -> Mapping[State, int]:
        """How many changes stand in each state."""
        return await self._disk.run(lambda store: store.changes.counts())

    async def hold(self, change_id: int) -> bool:
        """Keep a change that waits from being sent by itself; whether it still waited."""
        held = await self._disk.run(lambda store: store.changes.hold([change_id]))
        self._announce()
        return bool(held)

    async def let_go(self, change_id: int) -> None:
        """Have a change that was held back wait again, to be sent by itself."""
        await self._disk.run(lambda store: store.changes.retry([change_id]))
        self._announce()
        self.send_later(0.0)

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
        self._open = False
        if self._later is not None:
            self._later.cancel()
            await asyncio.gather(self._later, return_exceptions=True)
        await self._sender.close(PATIENCE)


def _pauses(first: float) -> Iterator[float]:
    return chain((first,), RETRY_DELAYS, repeat(RETRY_DELAYS[-1]))


def _waiting(store: Store, after: int = 0) -> Sequence[Change]:
    return store.changes.pending(WAITING_AT_ONCE, after=after)


def _unknown_deletes(store: Store) -> Sequence[Change]:
    return store.changes.unknown(Kind.DELETE)


def _establish(store: Store, settlement: Settlement) -> None:
    store.changes.resolve_unknown([settlement])
