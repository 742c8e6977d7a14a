"""How useasy's calls are signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.client.loopback import Loopback
from tests.client.samples import sample_curl
from tests.client.useasy.tenant import SECRET, Tenant, good
from tui.client.service import ServiceSettings, SigningSettings
from tui.client.useasy import UseasyService
from tui.model.errors import (
    ConfigError,
)


def test_the_samples_signatures_are_32_bytes_and_cover_neither_address_nor_body() -> None:
    signed: dict[tuple[str, str], set[str]] = {}
    for name in ("update", "list", "get", "delete", "fields"):
        headers = sample_curl("useasy", name).headers
        text = headers["signature"].replace(" ", "")  # the page breaks one in two
        assert len(base64.b64decode(text)) == 32
        signed.setdefault((headers["nonce"], headers["timestamp"]), set()).add(text)
    assert [len(signatures) for signatures in signed.values()] == [1, 1, 1]


async def test_every_call_is_signed_afresh(vendor: Loopback, tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/delete"] = good(None)
    await useasy.delete("1")
    await useasy.delete("2")
    for headers in (seen.headers for seen in vendor.seen):
        message = "1090" + headers["nonce"] + headers["timestamp"]
        digest = hmac.new(SECRET.encode(), message.encode(), hashlib.sha256).digest()
        assert headers["signature"] == base64.b64encode(digest).decode()
        assert headers["appid"] == "1090"
        assert abs(int(headers["timestamp"]) - time.time()) < 60
    assert len({seen.headers["nonce"] for seen in vendor.seen}) == 2


async def test_every_part_of_the_signature_is_the_profiles_to_choose(
    vendor: Loopback, tenant: Tenant, settings: ServiceSettings
) -> None:
    tenant.answers["/delete"] = good(None)
    signing = SigningSettings(algorithm="md5", message="{secret}{timestamp}", encoding="HEX")
    service = UseasyService(replace(settings, signing=signing))
    await service.delete("1")
    await service.aclose()
    (headers,) = (seen.headers for seen in vendor.seen)
    digest = hashlib.md5((SECRET + headers["timestamp"]).encode(), usedforsecurity=False)
    assert headers["signature"] == digest.hexdigest().upper()


@pytest.mark.parametrize(
    "changes",
    [
        {"signing": SigningSettings(algorithm="crc32")},
        {"signing": SigningSettings(message="{body}")},
        {"app_id": ""},
        {"app_id": "应用"},
        {"app_id": "10\n90"},
    ],
)
def test_a_profile_that_cannot_sign_is_refused_when_it_is_opened(
    settings: ServiceSettings, changes: Mapping[str, Any]
) -> None:
    with pytest.raises(ConfigError):
        UseasyService(replace(settings, **changes))
