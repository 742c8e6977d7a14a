"""Bodies: an answer's, read with a cap on its decoded bytes; a call's, as JSON."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping

import httpx

from tui.client.json_values import WAIT_OR_ASK
from tui.model.errors import N_, InvalidError, ProtocolError

ACCEPT_ENCODING = "gzip"
"""The one compression asked for, and decoded here: httpx decodes a whole chunk at once, and a few nested or Brotli
layers turn 64 KiB into gigabytes before any cap can look at it."""

_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


async def read_body(response: httpx.Response, cap: int) -> bytes:
    """All of the body, decoded.

    Raises: ProtocolError where it is over `cap` bytes, in an encoding not asked for, or compressed wrongly;
    httpx.RequestError where the line breaks.
    """
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise ProtocolError(N_("the answer came in an encoding that was not asked for"), todo=WAIT_OR_ASK)
    inflate = None if encoding in ("identity", "") else zlib.decompressobj(_ZLIB_OR_GZIP)
    body = bytearray()
    async for chunk in response.aiter_raw():
        if inflate is None:
            body += chunk
        else:
            try:
                body += inflate.decompress(chunk, cap - len(body) + 1)
            except zlib.error:
                raise _badly_compressed() from None
        if len(body) > cap:
            raise ProtocolError(
                N_("the answer is over {limit} MiB"),
                todo=N_("Ask for a smaller page."),
                limit=round(cap / 2**20, 1),
            )
    if inflate is not None and not inflate.eof and body:
        raise _badly_compressed()
    return bytes(body)


def _badly_compressed() -> ProtocolError:
    return ProtocolError(N_("the answer's compression is broken"), todo=WAIT_OR_ASK)


def encoded(body: object | None, params: Mapping[str, str]) -> bytes | None:
    """`body` as JSON.

    Raises: InvalidError where a text, `params`' too, has half a surrogate pair, which a mistyped byte on the command
    line becomes, and which UTF-8 cannot hold.
    """
    try:
        "".join(params.values()).encode()
        return None if body is None else json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise InvalidError(
            N_("a text has a character that cannot be sent"), todo=N_("Type it again, as UTF-8.")
        ) from None
