"""A batch sent in calls of limited size, and each item's fate told truthfully.

A batch is checked as a whole before it comes here. A call that fails fails its own items alone; the others go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from tui.client.response_log import Answer, of_item
from tui.model.customer import BatchResult, Failure, FollowEntry, Remark
from tui.model.errors import InvalidError, KehuError, NetworkError, VendorError

GIVE_UP_AFTER = 10
"""Calls in a row that met no vendor, after which the rest of a batch is not tried: each may take a minute to fail."""

Item = TypeVar("Item", Remark, FollowEntry)


class Outcome(NamedTuple):
    """What became of one call: the failures that its answer names, and what it says of every other item."""

    failures: Sequence[Failure]
    answer: Answer


@dataclass(frozen=True)
class Chunk(Generic[Item]):
    """The items of one call; `start` is the first one's place in the batch."""

    start: int
    items: Sequence[Item]

    def halves(self) -> Sequence[Chunk[Item]]:
        """It as two calls: where one item cannot be sent, the others can."""
        middle = len(self.items) // 2
        return Chunk(self.start, self.items[:middle]), Chunk(self.start + middle, self.items[middle:])

    def failure(
        self,
        place: int,
        code: str,
        message: str,
        *,
        unknown: bool = False,
        passing: bool = False,
        error: KehuError | None = None,
        answer: Answer | None = None,
    ) -> Failure:
        """That the item at `place` in this call was not applied, or (`unknown`) that nobody knows; `passing`: yet.

        `error`: whose words `message` is. `answer` is what the vendor said of it.
        """
        item = self.items[place]
        return Failure(
            index=self.start + place,
            customer=item.customer,
            user_id=item.user_id,
            code=code,
            message=message,
            unknown=unknown,
            passing=passing,
            template=error.what if error else "",
            facts=error.facts if error else {},
            answer=answer,
        )


class Batch(Generic[Item]):
    """Sends items in calls of `size`, as many at once as `slots` lets.

    `send` makes one call. Two calls with the same `target` go one
    after the other, in the batch's order, so that the later text is the one that stays.
    """

    def __init__(
        self,
        size: int,
        slots: asyncio.Semaphore,
        send: Callable[[Chunk[Item]], Awaitable[Outcome]],
        target: Callable[[Item], Hashable],
    ) -> None:
        self._size = size
        self._slots = slots
        self._send: Callable[[Chunk[Item]], Awaitable[Outcome]] = send
        self._target: Callable[[Item], Hashable] = target
        self._failed: list[Failure] = []
        self._answers: dict[int, Answer] = {}
        self._lost: list[NetworkError] = []

    async def run(self, items: Sequence[Item]) -> BatchResult:
        """Send them all. A failed call is in the result, never raised."""
        latest: dict[Hashable, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            for start in range(0, len(items), self._size):
                chunk = Chunk(start, items[start : start + self._size])
                targets = {self._target(item) for item in chunk.items}
                earlier = {latest[target] for target in targets if target in latest}
                task = group.create_task(self._one(chunk, earlier))
                latest.update(dict.fromkeys(targets, task))
        failed = sorted(self._failed, key=lambda failure: failure.index)
        return BatchResult(applied=len(items) - len(failed), failed=tuple(failed), answers=self._answers)

    async def _one(self, chunk: Chunk[Item], earlier: set[asyncio.Task[None]]) -> None:
        if earlier:
            await asyncio.wait(earlier)
        async with self._slots:
            self._failed.extend(await self._outcome(chunk))

    async def _outcome(self, chunk: Chunk[Item]) -> Sequence[Failure]:
        if len(self._lost) >= GIVE_UP_AFTER:
            return self._all_failed(chunk, self._lost[-1], unknown=False)
        try:
            failures, answer = await self._send(chunk)
        except InvalidError as error:
            if len(chunk.items) == 1:
                return self._all_failed(chunk, error, unknown=False)
            return [failure for half in chunk.halves() for failure in await self._outcome(half)]
        except NetworkError as error:
            self._lost.append(error)
            return self._all_failed(chunk, error, unknown=error.unclear)
        except KehuError as error:
            self._lost.clear()
            return self._all_failed(chunk, error, unknown=error.unclear)
        self._lost.clear()
        failed = {failure.index for failure in failures}
        places = range(chunk.start, chunk.start + len(chunk.items))
        self._answers.update((place, answer) for place in places if place not in failed)
        return failures

    @staticmethod
    def _all_failed(chunk: Chunk[Item], error: KehuError, *, unknown: bool) -> list[Failure]:
        """The vendor's code and words; where the vendor said nothing, the error's kind and message."""
        code, message = error.code or error.kind, error.detail or error.message()
        own = None if error.detail else error
        passing = isinstance(error, NetworkError) or (isinstance(error, VendorError) and error.passing)
        answer = of_item(error.answer) if error.answer else None
        return [
            chunk.failure(place, code, message, unknown=unknown, passing=passing, error=own, answer=answer)
            for place in range(len(chunk.items))
        ]
