"""What is tried again, when, and what never is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.client.http.stand_ins import OK, PAGE, Open, failure
from tests.client.loopback import HANG_UP, Answer, Loopback, Told
from tui.client.http import FIRST_WAIT, LONGEST_WAIT, Effect
from tui.model.errors import OutcomeUnknownError, VendorError


async def test_a_read_is_tried_again_with_growing_waits(vendor: Loopback, connect: Open, waits: list[float]) -> None:
    vendor.then(Answer(PAGE, 502), HANG_UP, OK)
    assert await connect().call("GET", "list") == {"code": "0"}
    assert FIRST_WAIT / 2 <= waits[0] <= FIRST_WAIT <= waits[1] <= FIRST_WAIT * 2


async def test_a_repeatable_write_is_tried_again_and_one_that_is_not_never(vendor: Loopback, connect: Open) -> None:
    vendor.then(HANG_UP, OK)
    assert await connect().write("POST", "remark", Effect.REPEATABLE)
    vendor.seen.clear()
    vendor.then(HANG_UP, OK)
    assert isinstance(await failure(connect(), Effect.ONCE), OutcomeUnknownError)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize(
    ("answers", "unclear"),
    [
        ((HANG_UP,), True),
        ((Answer(PAGE, 502),), True),
        ((Answer(b"ok"),), True),
        ((HANG_UP, Answer(PAGE, 429)), True),
        ((Answer(PAGE, 429),), True),
        ((Answer(PAGE, 404),), True),
        ((Answer({"code": "7"}),), False),
        ((Answer({"code": "7"}, 429),), False),
        ((HANG_UP, Answer({"code": "7"})), True),
    ],
)
async def test_a_repeatable_write_that_may_have_been_applied_says_so(
    answers: tuple[Told, ...], unclear: bool, vendor: Loopback, connect: Open
) -> None:
    vendor.then(*answers)
    told = await failure(connect(), Effect.REPEATABLE)
    assert not isinstance(told, OutcomeUnknownError)
    assert told.unclear is unclear


@pytest.mark.parametrize("dated", [False, True])
async def test_the_vendors_retry_after_is_honoured(
    dated: bool, vendor: Loopback, connect: Open, waits: list[float]
) -> None:
    # The vendor's clock is a year behind: its date is a time from its own now.
    there = datetime.now(UTC).replace(microsecond=0) - timedelta(days=365)
    after = format_datetime(there + timedelta(seconds=7), usegmt=True) if dated else "7"
    vendor.then(Answer(PAGE, 429, {"Retry-After": after, "Date": format_datetime(there, usegmt=True)}), OK)
    assert await connect().call("GET", "list")
    assert waits == [7]


async def test_a_retry_after_that_is_too_long_is_told_and_not_waited_for(
    vendor: Loopback, connect: Open, waits: list[float]
) -> None:
    vendor.then(Answer(PAGE, 429, {"Retry-After": f"{LONGEST_WAIT + 1:.0f}"}))
    told = await failure(connect())
    assert isinstance(told, VendorError)
    assert told.passing
    assert told.retry_after == LONGEST_WAIT + 1
    assert told.hint() == "Try again in 31 s."
    assert waits == []
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("after", ["soon", "", "-3", "Thu, 99 Foo 2020 00:00:00 GMT"])
async def test_a_retry_after_that_makes_no_sense_is_as_if_there_were_none(
    after: str, vendor: Loopback, connect: Open, waits: list[float]
) -> None:
    vendor.then(Answer(PAGE, 503, {"Retry-After": after}), OK)
    assert await connect().call("GET", "list")
    assert waits[0] <= FIRST_WAIT


async def test_a_call_that_has_taken_long_is_not_begun_again(
    vendor: Loopback, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.client.http.LAST_START", 0)
    vendor.then(Answer(PAGE, 503), OK)
    assert isinstance(await failure(connect()), VendorError)
    assert len(vendor.seen) == 1
