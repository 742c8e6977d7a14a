"""No token, secret, signature or signed address is in a log, a message, a repr or a traceback."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Generator
from urllib.parse import quote, quote_plus

import httpx
import pytest

from tests.client.loopback import HANG_UP, Answer, Loopback, Told
from tui.client.http import HTTP_LOGGERS, Effect, Transport
from tui.client.response_reader import Reply
from tui.client.service import ServiceSettings
from tui.model.errors import AuthError, ConfigError, KehuError, VendorError

TOKEN = "s3cret+token/of=test"
SIGNATURE = "c2lnbmF0dXJlIG9mIGEgdGVzdA=="
PHONE = "13800000000"
SECRETS = (TOKEN, quote(TOKEN), quote(TOKEN, safe=""), quote_plus(TOKEN), SIGNATURE)


class Signed(httpx.Auth):
    """Puts the token into the query and a signature into a header."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.url = request.url.copy_merge_params({"token": TOKEN})
        request.headers.update({"timestamp": "1700000000", "signature": SIGNATURE})
        yield request


def judge(reply: Reply) -> None:
    code = str(reply.data.get("code"))
    if code != "0":
        raise VendorError("refused", code=code, detail=str(reply.data.get("words")), trace_id="trace")


@pytest.fixture
async def transport(vendor: Loopback) -> AsyncIterator[Transport]:
    settings = ServiceSettings("team", "test", vendor.url, TOKEN, timeout=0.1, max_body=2000)
    opened = Transport(settings, Signed(), judge, pause=lambda seconds: asyncio.sleep(0))
    yield opened
    await opened.aclose()


def everything_told(error: BaseException) -> str:
    """All that a crash report of `error` may hold: every error behind it, and every local variable's repr."""
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    return "".join(report.format()) + repr(error) + str(error) + repr(vars(error))


ECHO = {"words": f"invalid token {TOKEN} ({quote(TOKEN, safe='')}) or signature {SIGNATURE}"}


@pytest.mark.parametrize(
    "told",
    [
        HANG_UP,
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        Answer({"code": "40001", **ECHO}),
        Answer({"code": "40001", **ECHO}, 401),
        Answer({"code": TOKEN, **ECHO}, 500),
        Answer(f"<p>no page at /list?token={TOKEN}</p>".encode(), 404),
        Answer(f"<p>{SIGNATURE} {TOKEN}".encode()),
        Answer(b"x" * 3000),
        Answer(b"x", headers={"Content-Encoding": "br"}),
        Answer(b"", 302, {"Location": f"/login?token={quote(TOKEN)}", "Set-Cookie": f"t={SIGNATURE}"}),
        Answer(b"", 302, {"Location": "https://[bad"}),
    ],
    ids=lambda told: "",
)
@pytest.mark.parametrize("effect", [Effect.READ, Effect.ONCE])
async def test_no_failure_tells_what_the_call_was_authorised_with(
    told: Told, effect: Effect, vendor: Loopback, transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.then(told)
    caplog.set_level(logging.DEBUG)
    for name in HTTP_LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    with pytest.raises(KehuError) as caught:
        await transport.write("GET", "list", effect, params={"phone": PHONE})
    assert vendor.seen[0].query["token"] == TOKEN
    assert caught.tb.tb_next is not None
    report = everything_told(caught.value.with_traceback(caught.tb.tb_next))  # without this test's own variables
    assert "in write" in report
    for secret in SECRETS:
        assert secret not in report
    for secret in (*SECRETS, PHONE):
        assert secret not in caplog.text
        assert secret not in f"{caught.value}{caught.value!r}{caught.value.address}"
    assert "tui.client" in caplog.text


async def test_a_line_that_is_refused_tells_no_signed_address(vendor: Loopback, transport: Transport) -> None:
    await vendor.stop()
    with pytest.raises(KehuError) as caught:
        await transport.call("GET", "list")
    report = everything_told(caught.value)
    assert not any(secret in report for secret in SECRETS)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_success_is_logged_without_its_query(
    vendor: Loopback, transport: Transport, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.then(Answer({"code": "0"}))
    caplog.set_level(logging.DEBUG)
    await transport.call("GET", "list", params={"phone": PHONE})
    assert f"GET {vendor.url}/list: 200" in caplog.text
    assert not any(secret in caplog.text for secret in (*SECRETS, PHONE))


async def test_every_logger_of_httpx_is_kept_quiet(vendor: Loopback, transport: Transport) -> None:
    vendor.then(Answer({"code": "0"}))
    await transport.call("GET", "list")
    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("httpx", "httpcore")]
    talkers = {name for name in names if isinstance(logging.root.manager.loggerDict[name], logging.Logger)}
    assert talkers - {"httpcore"} <= set(HTTP_LOGGERS)
    for name in talkers:
        record = logging.LogRecord(name, logging.INFO, __file__, 1, TOKEN, None, None)
        assert not logging.getLogger(name).filter(record)


def test_settings_do_not_show_their_secret() -> None:
    assert TOKEN not in repr(ServiceSettings("team", "test", "https://hub.example.com", TOKEN))


async def test_an_authorisation_that_cannot_be_made_is_told_as_what_it_is(vendor: Loopback) -> None:
    class Unmade(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            if request.url:
                raise ConfigError("signing makes no sense")
            yield request

    transport = Transport(ServiceSettings("team", "test", vendor.url, TOKEN), Unmade(), judge)
    with pytest.raises(ConfigError):
        await transport.write("GET", "list", Effect.ONCE)
    await transport.aclose()
    assert vendor.seen == []


async def test_a_vendors_long_speech_is_cut(vendor: Loopback, transport: Transport) -> None:
    vendor.then(Answer({"code": "7", "words": "很" * 600}))
    with pytest.raises(VendorError) as caught:
        await transport.call("GET", "list")
    assert len(caught.value.detail) == 501


async def test_a_short_secret_is_not_mistaken_for_words(vendor: Loopback) -> None:
    settings = ServiceSettings("team", "test", vendor.url, "")
    transport = Transport(settings, Signed(), judge)
    assert transport.replies.discreet("invalid credential") == "invalid credential"


async def test_an_error_of_the_credential_is_still_one(vendor: Loopback, transport: Transport) -> None:
    vendor.then(Answer({"code": "40001", **ECHO}, 401))
    with pytest.raises(AuthError, match="invalid token … "):
        await transport.call("GET", "list")
