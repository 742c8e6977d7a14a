"""Whatever goes wrong on the way to a vendor, every call of every dialect tells it as one clear error."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

import httpcore
import pytest
from anyio._backends import _asyncio as anyio_asyncio

from tests.client.juzi.samples import follow, remark
from tests.client.loopback import HANG_UP, Answer, Loopback, Seen, Told
from tui.client.dialect import Dialect
from tui.client.service import ServiceSettings, open_service
from tui.model.customer import BatchResult, Query
from tui.model.errors import (
    AuthError,
    KehuError,
    NetworkError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    VendorError,
)

LOADED = (httpcore, anyio_asyncio)
"""What a client loads at its first call: here before it, as loading may take longer than a call may."""

SECRET = "s3cret+of/a=test"
APP_ID = "1090"
CAP = 10_000
"""Bytes of an answer that are read."""

GOOD_FIELDS = {
    "/openapi/crm/config/field/list": {"success": True, "code": "200", "data": []},
    "/basic/openapi/v1/customer/field/define": {"code": "10000", "data": []},
}
"""What is read before a value is written, and works."""


@dataclass(frozen=True)
class Call:
    """One call of a dialect's; one that is made `once` must not be repeated, and one in a `batch` tells of each
    item.
    """

    dialect: str
    make: Callable[[Dialect], Awaitable[object]]
    once: bool = False
    batch: bool = False
    write: bool = False


CALLS = {
    "juzi list": Call("juzi", lambda juzi: juzi.list(Query())),
    "juzi get": Call("juzi", lambda juzi: juzi.get("wm1")),
    "juzi tags": Call("juzi", lambda juzi: juzi.tags()),
    "juzi set_remarks": Call("juzi", lambda juzi: juzi.set_remarks([remark()]), batch=True, write=True),
    "juzi add_follows": Call("juzi", lambda juzi: juzi.add_follows([follow()]), batch=True, write=True, once=True),
    "useasy list": Call("useasy", lambda useasy: useasy.list(Query())),
    "useasy get": Call("useasy", lambda useasy: useasy.get("1")),
    "useasy create": Call("useasy", lambda useasy: useasy.create({"name": "王五"}), write=True, once=True),
    "useasy update": Call("useasy", lambda useasy: useasy.update("1", {"name": "王五"}), write=True),
    "useasy delete": Call("useasy", lambda useasy: useasy.delete("1"), write=True, once=True),
    "ima get": Call("ima", lambda ima: ima.get("1")),
    "ima create": Call("ima", lambda ima: ima.create({"name": "王五"}), write=True, once=True),
    "ima update": Call("ima", lambda ima: ima.update("1", {"name": "王五"}), write=True),
}
FIELD_CALLS = {
    "useasy fields": Call("useasy", lambda useasy: useasy.fields()),
    "ima fields": Call("ima", lambda ima: ima.fields()),
}


@dataclass(frozen=True)
class Failure:
    """What comes in place of an answer, what a read makes of it, and whether a write may have been applied then."""

    told: Told | None
    """None where nothing ever comes."""
    kind: type[KehuError]
    unclear: bool = True
    passing: bool = False


PAGE = b"<html><title>Bad Gateway</title></html>"

FAILURES = {
    "silence": Failure(None, NetworkError, passing=True),
    "closed at once": Failure(HANG_UP, NetworkError, passing=True),
    "closed half-way": Failure(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"c', NetworkError, passing=True),
    "401": Failure(Answer(PAGE, 401), AuthError),
    "403": Failure(Answer(PAGE, 403), AuthError),
    "404": Failure(Answer(PAGE, 404), NotFoundError),
    "429": Failure(Answer(PAGE, 429, {"Retry-After": "0"}), VendorError, passing=True),
    "500": Failure(Answer(PAGE, 500), VendorError, passing=True),
    "502 with a page": Failure(Answer(PAGE, 502), VendorError, passing=True),
    "a page": Failure(Answer(PAGE), ProtocolError),
    "nothing": Failure(Answer(b""), ProtocolError),
    "no JSON": Failure(Answer(b"ok"), ProtocolError),
    "a list": Failure(Answer([{"errcode": 0, "code": "200", "success": True}]), ProtocolError),
    "null": Failure(Answer(None), ProtocolError),
    "no verdict": Failure(Answer({"data": []}), ProtocolError),
    "over the cap": Failure(Answer({"errcode": 0, "data": ["x" * CAP]}), ProtocolError),
    "a redirect": Failure(Answer(b"", 302, {"Location": "/login"}), ProtocolError),
}


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Further attempts follow at once."""
    monkeypatch.setattr("tui.client.http.FIRST_WAIT", 0.0)


@pytest.fixture
async def service(request: pytest.FixtureRequest, vendor: Loopback) -> AsyncIterator[Dialect]:
    """The service of the call that a test is about."""
    call = request.getfixturevalue("call")
    opened = open_service(
        ServiceSettings("team", call.dialect, vendor.url, SECRET, app_id=APP_ID, timeout=0.3, max_body=CAP)
    )
    assert isinstance(opened, Dialect)
    yield opened
    await opened.aclose()


def answering(told: Told | None, *, fields: bool = True) -> Callable[[Seen], Awaitable[Told]]:
    """A vendor that answers `told` to everything, but to being asked for the `fields`."""

    async def answer(seen: Seen) -> Told:
        if fields and seen.path in GOOD_FIELDS:
            return Answer(GOOD_FIELDS[seen.path])
        if told is None:
            await asyncio.Event().wait()
        return told or HANG_UP

    return answer


def assert_discreet(report: str, vendor: Loopback) -> None:
    """`report` has nothing by which a call was authorised."""
    signatures = {seen.headers.get(name) for seen in vendor.seen for name in ("signature", "sign")} - {None}
    for secret in (SECRET, quote(SECRET), quote(SECRET, safe=""), *signatures):
        assert secret is not None
        assert secret not in report


async def outcome(call: Call, service: Dialect, vendor: Loopback) -> KehuError | BatchResult:
    """The error of `call`, or what a batch tells of its items."""
    try:
        result = await call.make(service)
    except KehuError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        told.stack.pop(0)  # this test's own variables
        assert_discreet(f"{''.join(told.format())}{error!r}{vars(error)!r}", vendor)
        return error
    assert call.batch, f"{call} succeeded with {result!r}"
    assert isinstance(result, BatchResult)
    assert_discreet(repr(result), vendor)
    return result


def assert_told(call: Call, failure: Failure, found: KehuError | BatchResult) -> None:
    """`found` is what `call` has to tell of `failure`."""
    if isinstance(found, BatchResult):
        (item,) = found.failed
        assert found.applied == 0
        assert item.message
        assert item.unknown is failure.unclear
        assert item.code == (OutcomeUnknownError.kind if call.once and failure.unclear else failure.kind.kind)
        return
    assert type(found) is (OutcomeUnknownError if call.once and failure.unclear else failure.kind)
    assert str(found)
    assert found.method
    assert found.address
    if call.write and not call.once:
        assert found.unclear is failure.unclear


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_every_failure_of_every_call_is_one_clear_error(
    call: Call, failure: Failure, service: Dialect, vendor: Loopback
) -> None:
    vendor.handler = answering(failure.told)
    assert_told(call, failure, await outcome(call, service, vendor))
    sent = [(seen.path, *seen.query.items()) for seen in vendor.seen if seen.path not in GOOD_FIELDS]
    tries = 3 if failure.passing and not call.once else 1
    assert len(sent) == tries * len(set(sent))
    assert not any("login" in part for part, *_ in sent)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
@pytest.mark.parametrize("call", FIELD_CALLS.values(), ids=FIELD_CALLS)
async def test_every_failure_of_the_field_configuration_is_one_clear_error(
    call: Call, failure: Failure, service: Dialect, vendor: Loopback
) -> None:
    vendor.handler = answering(failure.told, fields=False)
    assert_told(call, failure, await outcome(call, service, vendor))


@pytest.mark.parametrize("call", [*CALLS.values(), *FIELD_CALLS.values()], ids=[*CALLS, *FIELD_CALLS])
async def test_a_vendor_that_is_not_there_was_told_nothing(call: Call, service: Dialect, vendor: Loopback) -> None:
    await vendor.stop()
    found = await outcome(call, service, vendor)
    if isinstance(found, BatchResult):
        assert [(item.code, item.unknown) for item in found.failed] == [(NetworkError.kind, False)]
    else:
        assert type(found) is NetworkError
        assert "refused the connection" in str(found)
        assert not found.unclear


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
async def test_a_vendor_that_repeats_how_a_call_was_authorised_is_told_without_it(
    call: Call, service: Dialect, vendor: Loopback
) -> None:
    async def repeat(seen: Seen) -> Told:
        if seen.path in GOOD_FIELDS:
            return Answer(GOOD_FIELDS[seen.path])
        words = f"rejected: {dict(seen.query)} {seen.headers.get('signature')} {seen.headers.get('sign')}"
        return Answer({"errcode": 40001, "errmsg": words, "success": False, "code": "21002", "message": words})

    vendor.handler = repeat
    found = await outcome(call, service, vendor)
    words = found.failed[0].message if isinstance(found, BatchResult) else found.detail
    assert words.startswith("rejected: ")
