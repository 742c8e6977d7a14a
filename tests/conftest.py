"""No test sees the developer's configuration, home, terminal, language, zone or network."""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tui import locale

hypothesis.settings.register_profile("kehu", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("kehu")

FIXED = {
    "TZ": "UTC",  # not the vendors' own zone: a time that is taken for local by mistake shows
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "COLUMNS": "120",
    "LINES": "36",
}
"""What every test, and every program that it starts, finds in its environment."""

UNSET = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "NO_COLOR", "COLORTERM", "SSH_CONNECTION", "SSH_TTY", "TMUX")


def _is_local(host: str | bytes | None) -> bool:
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home of this test's own, a fixed environment, and no network but loopback."""
    home = tmp_path_factory.mktemp("home", numbered=True)
    for name in (*UNSET, *(name for name in os.environ if name.startswith(("KEHU_", "XDG_")))):
        monkeypatch.delenv(name, raising=False)
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(home))
    time.tzset()
    _stay_on_loopback(monkeypatch)
    yield home
    locale.set_language("en", {})


def _stay_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def local_connect(self: socket.socket, address: tuple[str, int] | str) -> None:
        if self.family != socket.AF_UNIX and not _is_local(address[0]):
            raise OSError(f"a test called {address[0]}")
        connect(self, address)

    def local_resolve(host: str | bytes | None, *args: object, **rest: object) -> object:
        if not _is_local(host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return resolve(host, *args, **rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(socket.socket, "connect", local_connect)
    monkeypatch.setattr(socket, "getaddrinfo", local_resolve)
