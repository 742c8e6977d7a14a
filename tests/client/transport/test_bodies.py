"""What an answer's body comes to."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest

from tests.client.loopback import Answer, Loopback
from tests.client.transport.stand_ins import PAGE, Open, failure
from tui.client.errors import OutcomeUnknownError, ProtocolError
from tui.client.transport import Effect


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the answer is empty"),
        (b" \r\n", "the answer is empty"),
        (PAGE, "the answer is a web page, not JSON"),
        (b"ok", "the answer is not JSON"),
        (b'{"code": "0"', "the answer is not JSON"),
        ('{"code": "0", "name": "李四"}'.encode("gbk"), "the answer is not JSON"),
        (b'{"code": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "the answer is not JSON"),
        (b'{"code": ' + b"9" * 5_000 + b"}", "the answer is not JSON"),
        (b'[{"code": "0"}]', "the answer is JSON, but not an object"),
        (b"null", "the answer is JSON, but not an object"),
        (b'"ok"', "the answer is JSON, but not an object"),
        (b"{}", "no code"),
    ],
)
async def test_an_answer_that_is_none_is_a_protocol_error(
    body: bytes, words: str, vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer(body))
    told = await failure(connect())
    assert type(told) is ProtocolError
    assert str(told) == words
    assert told.address == f"{vendor.url}/list"
    assert len(vendor.seen) == 1
    unknown = await failure(connect(), Effect.ONCE)
    assert isinstance(unknown, OutcomeUnknownError)
    assert str(unknown.__cause__) == words


async def test_a_byte_order_mark_and_half_a_surrogate_pair_are_borne(vendor: Loopback, connect: Open) -> None:
    vendor.then(Answer(b'\xef\xbb\xbf{"code": "0", "name": "a\\ud83d", "emoji": "\\ud83d\\ude00"}'))
    assert await connect().call("GET", "list") == {"code": "0", "name": "a?", "emoji": "😀"}


BIG = b'{"code": "0", "name": "' + b"x" * 5000 + b'"}'


@pytest.mark.parametrize("encode", [gzip.compress, zlib.compress])
async def test_a_compressed_answer_is_read(encode: Callable[[bytes], bytes], vendor: Loopback, connect: Open) -> None:
    name = "gzip" if encode is gzip.compress else "deflate"
    vendor.then(Answer(encode(BIG), headers={"Content-Encoding": name}))
    assert len(str((await connect().call("GET", "list"))["name"])) == 5000


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (BIG, {}),
        (gzip.compress(BIG), {"Content-Encoding": "gzip"}),
        (gzip.compress(b" " * 50_000_000), {"Content-Encoding": "gzip"}),
    ],
    ids=["plain", "gzip", "bomb"],
)
async def test_an_answer_over_the_cap_is_refused_by_its_decoded_size(
    body: bytes, headers: dict[str, str], vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer(body, headers=headers))
    told = await failure(connect(max_body=len(BIG) - 1))
    assert type(told) is ProtocolError
    assert "the answer is over" in str(told)
    assert "smaller page" in told.hint()


async def test_an_answer_of_just_the_cap_is_read(vendor: Loopback, connect: Open) -> None:
    vendor.then(Answer(gzip.compress(BIG), headers={"Content-Encoding": "gzip"}))
    assert await connect(max_body=len(BIG)).call("GET", "list")


@pytest.mark.parametrize(
    ("body", "encoding", "words"),
    [
        (gzip.compress(BIG)[:-1], "gzip", "compression is broken"),
        (b"plain", "gzip", "compression is broken"),
        (b"plain", "br", "an encoding that was not asked for"),
        (gzip.compress(gzip.compress(BIG)), "gzip, gzip", "an encoding that was not asked for"),
    ],
    ids=["cut short", "not compressed", "Brotli", "twice"],
)
async def test_a_compression_that_is_broken_or_was_not_asked_for_is_a_protocol_error(
    body: bytes, encoding: str, words: str, vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer(body, headers={"Content-Encoding": encoding}))
    told = await failure(connect())
    assert type(told) is ProtocolError
    assert words in str(told)
