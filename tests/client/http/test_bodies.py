"""What an answer's body comes to."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable

import pytest

from tests.client.http.stand_ins import PAGE, Open, failure
from tests.client.loopback import Answer, Loopback
from tui.client.http import Effect
from tui.client.lenient_json import DEEPEST
from tui.model.errors import OutcomeUnknownError, ProtocolError


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the answer is empty"),
        (b" \r\n", "the answer is empty"),
        (PAGE, "the answer is a web page, not JSON"),
        (b"ok", "the answer is not JSON"),
        (b'{"code": "0"', "the answer is not JSON"),
        (b'{"code": ' + b"[" * 100_000 + b"}", "the answer is not JSON"),
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
    assert await connect().call("GET", "list") == {"code": "0", "name": "a\ufffd", "emoji": "😀"}


LISI = '{"code": "0", "name": "李四"}'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gbk", "gb18030"])
async def test_an_answer_in_another_encoding_is_read(encoding: str, vendor: Loopback, connect: Open) -> None:
    vendor.then(Answer(LISI.encode(encoding)))
    assert await connect().call("GET", "list") == {"code": "0", "name": "李四"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'"\xe5\xae\xa2\xe6\x88"', "客\ufffd"),
        (b'"a\x00b\nc\x1b"', "a\x00b\nc\x1b"),
        (b'"\xed\xa0\xbd"', "\ufffd\ufffd\ufffd"),
        (b'"\\ude00\\ud83d"', "\ufffd\ufffd"),
        (rb'"C:\x41"', "C:\ufffdx41"),
        (rb'"\u738b\u4e"', "王\ufffdu4e"),
        (rb'"it\'s \\ \"ok\""', 'it\ufffd\'s \\ "ok"'),
        (b"NaN", None),
        (b"-Infinity", None),
        (b"1e999", "1e999"),
        (b"9" * 5000, "9" * 5000),
        (b"685775343058800640123", 685775343058800640123),
        (b"[" * 100_000 + b"]" * 100_000, None),
        (b'{"a":' * 100_000 + b'"]"' + b"}" * 100_000, None),
    ],
)
async def test_one_broken_value_costs_no_more_than_itself(
    text: bytes, value: object, vendor: Loopback, connect: Open
) -> None:
    vendor.then(Answer(b'{"code": "0", "odd": ' + text + b', "name": "\xe6\x9d\x8e\xe5\x9b\x9b", "name2": "x"}'))
    answer = await connect().call("GET", "list")
    assert (answer["name"], answer["name2"]) == ("李四", "x")
    if value is not None or not isinstance(answer["odd"], (list, dict)):
        assert answer["odd"] == value
    json.dumps(answer["odd"]).encode()


async def test_values_within_values_are_kept_as_deep_as_they_can_be_drawn(vendor: Loopback, connect: Open) -> None:
    vendor.then(Answer(b'{"code": "0", "odd": ' + b"[" * 300 + b"]" * 300 + b', "even": ' + b"[" * 9 + b"]" * 9 + b"}"))
    answer = await connect().call("GET", "list")
    assert str(answer["even"]) == "[" * 9 + "]" * 9
    assert 0 < str(answer["odd"]).count("[") <= DEEPEST


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
