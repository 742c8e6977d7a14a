"""A vendor of the tests' own: how it authorises and judges, and its plainest answers."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import httpx
import pytest

from tests.client.loopback import Answer
from tui.client.http import Effect, Transport
from tui.client.response_reader import Reply
from tui.model.errors import AuthError, KehuError, NotFoundError, ProtocolError, VendorError

TOKEN = "token+of/a=test"
OK = Answer({"code": "0"})


class Stamp(httpx.Auth):
    """Authorises in both of the vendors' ways: a token in the query, a timestamp and a signature in the headers."""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.url = request.url.copy_merge_params({"token": TOKEN})
        request.headers.update({"timestamp": "1700000000", "signature": "signature-of-a-test"})
        yield request


def judge(reply: Reply) -> None:
    """A vendor of the tests' own: `code` "0" is a success."""
    code = reply.data.get("code")
    if code is None:
        raise ProtocolError("no code")
    if code != "0":
        kind = {"auth": AuthError, "gone": NotFoundError}.get(str(code), VendorError)
        raise kind("refused", code=str(code), detail=str(reply.data.get("words", "")))


async def failure(transport: Transport, effect: Effect = Effect.READ, **call: Any) -> KehuError:
    """The error that a call raises."""
    with pytest.raises(KehuError) as caught:
        await transport.write("GET", "list", effect, **call)
    return caught.value


PAGE = b"<html><title>Bad Gateway</title></html>"
"""What a gateway answers in the vendor's place."""
Open = Callable[..., Transport]
