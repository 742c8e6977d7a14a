"""Batches when the vendor cannot be reached at all."""

from __future__ import annotations

import asyncio

from tui.client.batch_calls import GIVE_UP_AFTER, Batch, Chunk, Outcome
from tui.model.customer import Remark
from tui.model.errors import NetworkError, VendorError


def remarks(count: int) -> list[Remark]:
    return [Remark(customer=f"wm{n}", union_id=f"o{n}", user_id="rocky", remark="r") for n in range(count)]


async def test_a_batch_gives_up_once_many_calls_in_a_row_met_nobody() -> None:
    tried: list[int] = []

    async def lost(chunk: Chunk[Remark]) -> Outcome:
        tried.append(chunk.start)
        error = NetworkError("{host} was silent", host="hub")
        error.unclear = True
        raise error

    result = await Batch(10, asyncio.Semaphore(1), lost, lambda item: item.union_id).run(remarks(500))
    assert len(tried) == GIVE_UP_AFTER
    assert result.applied == 0
    assert [failure.index for failure in result.failed] == list(range(500))
    assert {(failure.code, failure.message) for failure in result.failed} == {("network", "hub was silent")}
    # What was not even tried was certainly not applied.
    assert [failure.unknown for failure in result.failed] == [True] * 100 + [False] * 400
    assert all(failure.passing for failure in result.failed)


async def test_a_vendor_that_answers_now_and_then_is_tried_to_the_end() -> None:
    tried: list[int] = []

    async def flaky(chunk: Chunk[Remark]) -> Outcome:
        tried.append(chunk.start)
        if len(tried) % GIVE_UP_AFTER == 0:
            return Outcome([], {})
        if len(tried) % 7 == 0:
            raise VendorError("refused", code="1", detail="no")
        raise NetworkError("lost")

    result = await Batch(10, asyncio.Semaphore(1), flaky, lambda item: item.union_id).run(remarks(500))
    assert len(tried) == 50
    assert result.applied == 50
