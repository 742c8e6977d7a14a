"""What an HTTP status comes to."""

from __future__ import annotations

import pytest

from tests.client.http.stand_ins import PAGE, Open, failure
from tests.client.loopback import Answer, Loopback
from tui.client.error_mapping import PASSING_STATUSES, STATUSES
from tui.client.http import ATTEMPTS, Effect
from tui.model.errors import (
    AuthError,
    ConflictError,
    KehuError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    VendorError,
)

MEANING = {
    301: ProtocolError,
    302: ProtocolError,
    303: ProtocolError,
    304: ProtocolError,
    307: ProtocolError,
    308: ProtocolError,
    400: VendorError,
    401: AuthError,
    402: VendorError,
    403: AuthError,
    404: NotFoundError,
    405: VendorError,
    408: VendorError,
    409: ConflictError,
    410: NotFoundError,
    413: VendorError,
    418: VendorError,
    422: VendorError,
    425: VendorError,
    429: VendorError,
    500: VendorError,
    501: VendorError,
    502: VendorError,
    503: VendorError,
    504: VendorError,
    599: VendorError,
}


@pytest.mark.parametrize("status", MEANING)
async def test_every_status_is_one_clear_error(
    status: int, vendor: Loopback, connect: Open, waits: list[float]
) -> None:
    vendor.then(Answer(PAGE, status, {"Location": "/elsewhere"}))
    told = await failure(connect())
    assert type(told) is MEANING[status]
    assert told.status == status
    assert (told.method, told.address) == ("GET", f"{vendor.url}/list")
    assert str(told)
    assert isinstance(told, VendorError) or told.hint()
    assert len(vendor.seen) == (ATTEMPTS if status in PASSING_STATUSES else 1)
    assert {seen.path for seen in vendor.seen} == {"/list"}


def test_no_status_has_a_meaning_that_is_not_tested() -> None:
    assert set(STATUSES) | PASSING_STATUSES <= set(MEANING)


@pytest.mark.parametrize("status", MEANING)
async def test_a_status_alone_never_says_that_a_write_was_refused(status: int, vendor: Loopback, connect: Open) -> None:
    vendor.then(Answer(PAGE, status, {"Location": "/elsewhere"}))
    told = await failure(connect(), Effect.ONCE)
    assert type(told) is OutcomeUnknownError
    assert told.status == status
    assert "sent this once" in str(told)
    assert len(vendor.seen) == 1


@pytest.mark.parametrize("status", [404, 410])
async def test_a_bare_404_is_not_the_vendors_word_that_there_is_nobody(
    status: int, vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer(PAGE, status))
    told = await failure(connect())
    assert isinstance(told, NotFoundError)
    assert not told.certain
    vendor.then(Answer({"code": "gone"}, status))
    told = await failure(connect())
    assert isinstance(told, NotFoundError)
    assert told.certain


@pytest.mark.parametrize(
    ("status", "code", "kind", "proved"),
    [
        (400, "7", VendorError, True),
        (401, "7", AuthError, True),
        (404, "7", NotFoundError, True),
        (409, "7", ConflictError, True),
        (429, "7", VendorError, True),
        (500, "7", VendorError, False),
        (500, "auth", AuthError, True),
        (404, "auth", AuthError, True),
        (400, "gone", NotFoundError, True),
    ],
)
async def test_a_vendors_code_under_a_status_is_told_with_its_words(
    status: int, code: str, kind: type[KehuError], proved: bool, vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer({"code": code, "words": "不行"}, status))
    for effect in (Effect.READ, Effect.ONCE):
        told = await failure(connect(), effect)
        assert type(told) is (kind if proved or effect is Effect.READ else OutcomeUnknownError)
        assert (told.status, told.code, told.detail) == (status, code, "不行")
