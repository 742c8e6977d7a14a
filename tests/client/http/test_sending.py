"""What is sent to a vendor, and what is refused before."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.client.http.stand_ins import OK, TOKEN, Open, failure
from tests.client.loopback import TURNS, Answer, Loopback
from tui.model.errors import ConfigError, InvalidError


async def test_a_call_goes_below_the_base_address_with_its_credential_query_and_body(
    vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer({"code": "0", "客户": "李四"}))
    answer = await connect(base_url=f"{vendor.url}/api/").call("PUT", "/a/b", params={"id": "1 2"}, body={"名": "李四"})
    assert answer == {"code": "0", "客户": "李四"}
    (seen,) = vendor.seen
    assert (seen.method, seen.path, seen.query, seen.body) == (
        "PUT",
        "/api/a/b",
        {"id": "1 2", "token": TOKEN},
        {"名": "李四"},
    )
    assert seen.headers["signature"] == "signature-of-a-test"
    assert seen.headers["accept-encoding"] == "gzip"
    assert seen.headers["content-type"] == "application/json"


async def test_calls_one_after_the_other_share_a_connection(vendor: Loopback, connect: Open) -> None:
    vendor.then(OK)
    transport = connect()
    for _ in range(3):
        await transport.call("GET", "list")
    assert len(vendor.seen) == 3
    assert vendor.connections == 1


async def test_no_more_calls_are_under_way_at_once_than_the_profile_says(connect: Open) -> None:
    under_way = most = answered = 0

    class Busy(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal under_way, most, answered
            under_way += 1
            most = max(most, under_way)
            for _ in range(TURNS):
                await asyncio.sleep(0)
            under_way -= 1
            answered += 1
            return httpx.Response(200, stream=httpx.ByteStream(b'{"code": "0"}'))

    transport = connect(Busy(), concurrency=3)
    await asyncio.gather(*(transport.call("GET", "list") for _ in range(12)))
    assert most == 3
    assert answered == 12


@pytest.mark.parametrize("call", [{"params": {"name": "half \udcff"}}, {"body": {"name": "half \udcff"}}])
async def test_a_text_that_utf_8_cannot_hold_is_refused_and_nothing_is_sent(
    call: dict[str, Any], vendor: Loopback, connect: Open
) -> None:
    assert isinstance(await failure(connect(), **call), InvalidError)
    assert vendor.seen == []


async def test_values_too_long_for_an_address_are_refused(vendor: Loopback, connect: Open) -> None:
    assert isinstance(await failure(connect(), params={"name": "n" * 100_000}), InvalidError)
    assert vendor.seen == []


@pytest.mark.parametrize(
    "address",
    [
        *("", "hub.example.com", "ftp://hub.example.com", "https://", "https://user:pass@hub.example.com"),
        *("https://hub.example.com/?token=t", "https://hub.example.com/#t", "https://hub.example.com:port"),
    ],
)
def test_an_address_that_is_none_is_a_configuration_mistake(address: str, connect: Open) -> None:
    with pytest.raises(ConfigError, match="base_url of profile team") as caught:
        connect(base_url=address)
    assert caught.value.hint()


async def test_closing_a_line_that_was_never_used_or_twice_does_no_harm(vendor: Loopback, connect: Open) -> None:
    vendor.then(OK)
    transport = connect()
    await transport.aclose()
    transport = connect()
    await transport.call("GET", "list")
    await transport.aclose()
    await transport.aclose()
