"""Signatures: known answers, worked out with OpenSSL, and settings that make no sense."""

from __future__ import annotations

import base64

import pytest

from tui.client.service import ALGORITHMS, ENCODINGS
from tui.client.signing import sign
from tui.model.errors import ConfigError

PARTS = {"app_id": "1090", "nonce": "123456", "timestamp": "1687792901"}
SECRET = "not-a-real-secret"


def test_the_default_of_useasy_is_the_base64_of_32_bytes() -> None:
    # printf 10901234561687792901 | openssl dgst -sha256 -hmac not-a-real-secret -binary | base64
    signature = sign(SECRET, "hmac-sha256", "{app_id}{nonce}{timestamp}", "base64", **PARTS)
    assert signature == "rVI3Cv0LBlrysPkUCygoETRr5863N6ELpr6yQ+axOpA="
    assert len(base64.b64decode(signature)) == 32


def test_the_default_of_ima_is_a_lower_case_md5() -> None:
    assert (
        sign(SECRET, "md5", "{app_id}{timestamp}{secret}", "hex", app_id="desk", timestamp="1687792901000")
        == "7c2edd147ca8554e053839612329f266"
    )


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        ("md5", "d3ece551085c151718b4329543aa57c2"),
        ("sha1", "bc91acead097a768484289ab016a4f2c6898f2e5"),
        ("sha256", "08c0c6a9aadc8cd3f1b465f84d543e1c8545f458b2824b90e85065988d625d5e"),
        ("hmac-md5", "381f6ce1be0ab5a17e6a6b7b0257fcb8"),
        ("hmac-sha1", "1d6c4114d5e08875ebb62bd2279b3edd8ea33ad8"),
        ("hmac-sha256", "946b9ba7e396bc90f654618e61d0fba64239d3a844dea01c0faded777ee938d0"),
    ],
)
def test_every_algorithm_has_a_known_answer(algorithm: str, digest: str) -> None:
    assert sign(SECRET, algorithm, "{app_id}-{nonce}", "hex", **PARTS) == digest
    assert sign(SECRET, algorithm, "{app_id}-{nonce}", "HEX", **PARTS) == digest.upper()
    assert base64.b64decode(sign(SECRET, algorithm, "{app_id}-{nonce}", "base64", **PARTS)).hex() == digest


def test_every_algorithm_and_encoding_is_tested_here() -> None:
    assert set(ALGORITHMS) == {"md5", "sha1", "sha256", "hmac-md5", "hmac-sha1", "hmac-sha256"}
    assert set(ENCODINGS) == {"base64", "hex", "HEX"}


def test_a_message_is_signed_as_utf_8_and_may_have_braces() -> None:
    assert sign("密钥", "md5", "{{客户}}{nonce}", "hex", nonce="1") == "e2c0c9b7f87074b1904ea87e610feff0"


@pytest.mark.parametrize(
    ("algorithm", "message", "encoding", "named"),
    [
        ("hmac-sha512", "{nonce}", "hex", "hmac-sha512"),
        ("md5", "{nonce}", "base32", "base32"),
        ("md5", "{nonse}", "hex", "{nonse}"),
        ("md5", "{nonce.__class__}", "hex", "__class__"),
        ("md5", "{nonce:>99}", "hex", ":>99"),
        ("md5", "{nonce!r}", "hex", "!r"),
        ("md5", "{}", "hex", "{}"),
        ("md5", "{nonce", "hex", "{nonce"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_and_the_secret_is_not(
    algorithm: str, message: str, encoding: str, named: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        sign(SECRET, algorithm, message, encoding, **PARTS)
    assert named in str(caught.value)
    assert caught.value.hint()
    assert SECRET not in str(caught.value) + caught.value.hint()
