"""Work done side by side, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def side_by_side(
    items: Iterable[T],
    work: Callable[[T], Awaitable[None]],
    *,
    at_once: int,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """`work` on each of `items` in their order, `at_once` of them at a time; once `stopped` says so, no further one is
    begun.

    The first error ends it: it is raised as it is, once the others have been cancelled.
    """
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            if stopped():
                return
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _number in range(at_once):
                group.create_task(worker())
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed.exceptions[0].__cause__
