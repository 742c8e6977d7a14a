"""What a line that breaks comes to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.client.http.stand_ins import OK, Open, failure
from tests.client.loopback import HANG_UP, Loopback, Seen, Told
from tui.client.error_mapping import LINE
from tui.client.http import ATTEMPTS, Effect
from tui.client.stages import CALL_SILENCES
from tui.model.errors import NetworkError, OutcomeUnknownError, ProtocolError


def leaves(kind: type[Exception]) -> set[type[Exception]]:
    below = kind.__subclasses__()
    return set().union(*map(leaves, below)) if below else {kind}


@pytest.mark.parametrize("kind", sorted(leaves(httpx.RequestError), key=str))
async def test_every_error_of_httpx_has_a_meaning_of_its_own_here(kind: type[Exception], connect: Open) -> None:
    assert kind in LINE

    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise kind("broken")

    told = await failure(connect(Broken()))
    assert isinstance(told, NetworkError | ProtocolError)
    assert "127.0.0.1" in str(told) or isinstance(told, ProtocolError) or kind in (httpx.PoolTimeout, *_UNSENDABLE)
    assert told.hint()
    once = await failure(connect(Broken()), Effect.ONCE)
    assert isinstance(once, OutcomeUnknownError) is LINE[kind].sent


_UNSENDABLE = (httpx.LocalProtocolError, httpx.UnsupportedProtocol)


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), OSError("gone"), TimeoutError()])
async def test_an_in_process_vendor_that_breaks_off_is_a_broken_line(error: OSError, connect: Open) -> None:
    async def app(scope: object, receive: object, send: object) -> None:
        raise error

    assert isinstance(await failure(connect(httpx.ASGITransport(app))), NetworkError)
    assert isinstance(await failure(connect(httpx.ASGITransport(app)), Effect.ONCE), OutcomeUnknownError)


async def test_a_refused_connection_is_a_network_error_and_was_not_sent(
    vendor: Loopback, connect: Open, waits: list[float]
) -> None:
    await vendor.stop()
    for effect in Effect:
        told = await failure(connect(), effect)
        assert type(told) is NetworkError
        assert str(told) == "127.0.0.1 refused the connection"
        assert not told.unclear
    assert len(waits) == 2 * (ATTEMPTS - 1)


async def test_a_name_that_does_not_resolve_says_so(connect: Open) -> None:
    told = await failure(connect(base_url="https://nobody.invalid"), Effect.ONCE)
    assert type(told) is NetworkError
    assert str(told) == "the name nobody.invalid does not resolve"


async def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(connect: Open, waits: list[float]) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(Path(__file__).parents[1] / "self_signed.pem")
    server = Loopback(tls)
    await server.start()
    try:
        told = await failure(connect(base_url=server.url))
    finally:
        await server.stop()
    assert type(told) is NetworkError
    assert str(told) == "the certificate of 127.0.0.1 is not trusted: self-signed certificate"
    assert "SSL_CERT_FILE" in told.hint()
    assert server.seen == []
    assert waits == []


async def test_a_vendor_that_speaks_no_tls_is_told(vendor: Loopback, connect: Open) -> None:
    vendor.then(OK)
    told = await failure(connect(base_url=vendor.url.replace("http:", "https:")), Effect.ONCE)
    assert type(told) is NetworkError
    assert "TLS" in str(told)


async def test_a_vendor_that_says_nothing_is_a_time_out(vendor: Loopback, connect: Open) -> None:
    async def silence(seen: Seen) -> Told:
        await asyncio.Event().wait()
        return OK

    vendor.handler = silence
    told = await failure(connect(timeout=0.05))
    assert type(told) is NetworkError
    assert str(told) == "127.0.0.1 was silent for 0.05 s"
    assert len(vendor.seen) == ATTEMPTS
    assert isinstance(await failure(connect(timeout=0.05), Effect.ONCE), OutcomeUnknownError)


async def test_an_answer_that_drips_without_end_is_given_up(connect: Open) -> None:
    class Drip(httpx.AsyncByteStream, httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return httpx.Response(200, stream=self)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                yield b" "
                await asyncio.sleep(0)

    told = await failure(connect(Drip(), timeout=0.1 / CALL_SILENCES), Effect.ONCE)
    assert isinstance(told, OutcomeUnknownError)
    assert str(told.__cause__) == "127.0.0.1 did not finish its answer in time"


@pytest.mark.parametrize(
    "raw",
    [
        HANG_UP,
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b'{"code": "0", ',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b'5\r\n{"cod',
        b"220 mail.example.com ESMTP\r\n",
    ],
    ids=["before", "in the head", "in the body", "in a chunk", "not HTTP"],
)
async def test_a_connection_closed_half_way_is_a_broken_line(raw: bytes, vendor: Loopback, connect: Open) -> None:
    vendor.then(raw)
    told = await failure(connect())
    assert type(told) is NetworkError
    assert "hung up" in str(told)
    assert len(vendor.seen) == ATTEMPTS
    assert isinstance(await failure(connect(), Effect.ONCE), OutcomeUnknownError)


async def test_a_call_that_is_no_longer_wanted_is_cancelled_and_the_next_one_goes_through(
    vendor: Loopback, connect: Open
) -> None:
    arrived = asyncio.Event()

    async def stall(seen: Seen) -> Told:
        arrived.set()
        await asyncio.Event().wait()
        return OK

    vendor.handler = stall
    transport = connect(concurrency=1)
    call = asyncio.create_task(transport.call("GET", "list"))
    await arrived.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    vendor.handler = lambda seen: asyncio.sleep(0, OK)
    assert await transport.call("GET", "list") == {"code": "0"}
