"""What the client's tests share: a vendor on loopback, and a machine without proxies."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.client.loopback import Loopback


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of the developer's own."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def vendor() -> AsyncIterator[Loopback]:
    """A vendor on loopback; tell it what to answer with `vendor.then(…)`."""
    server = Loopback()
    await server.start()
    yield server
    await server.stop()
