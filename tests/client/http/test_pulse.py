"""What an answer tells of the line and of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.client.http.stand_ins import OK, PAGE, Open, failure
from tests.client.loopback import Answer, Loopback
from tui.model.errors import AuthError


async def test_the_pulse_tells_the_round_trip_and_the_clocks_difference(vendor: Loopback, connect: Open) -> None:
    assert connect().connection_info is None
    transport = connect()
    vendor.then(OK)
    await transport.call("GET", "list")
    assert transport.connection_info is not None
    assert transport.connection_info.latency_ms > 0
    assert transport.connection_info.clock_ahead_s is None
    ahead = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    vendor.then(Answer({"code": "0"}, headers={"Date": ahead}))
    await transport.call("GET", "list")
    assert transport.connection_info.clock_ahead_s == pytest.approx(300, abs=5)


@pytest.mark.parametrize(("ahead", "word"), [(300, "behind"), (-300, "ahead"), (5, "")])
async def test_a_refused_signature_tells_of_a_clock_that_is_off(
    ahead: int, word: str, vendor: Loopback, connect: Open
) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True)
    for answer in (Answer({"code": "auth"}, 200, {"Date": date}), Answer(PAGE, 401, {"Date": date})):
        vendor.then(answer)
        told = await failure(connect())
        assert isinstance(told, AuthError)
        assert ("clock" in told.hint()) is bool(word)
        assert word in told.hint()
    vendor.then(Answer({"code": "7"}, 200, {"Date": date}))
    assert "clock" not in (await failure(connect())).hint()
