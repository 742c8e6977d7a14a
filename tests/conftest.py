"""No test sees the developer's configuration, home, terminal, language, zone or network."""

from __future__ import annotations

import ipaddress
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.team import postgres
from tui import locale
from tui.sandbox.seed import seed

FEW = 12
"""Examples of a property where the slow tests are left out; with them it is tried on a hundred or more."""

for name, examples in (("few", FEW), ("many", 100)):
    hypothesis.settings.register_profile(
        name, deadline=None, derandomize=True, database=None, max_examples=examples, print_blob=False
    )


def pytest_report_header() -> str:
    """Say which PostgreSQL the team's tests run on."""
    return postgres.header()


def _leaves_out_slow(config: pytest.Config) -> bool:
    return "not slow" in config.getoption("markexpr")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples a property is tried on."""
    hypothesis.settings.load_profile("few" if _leaves_out_slow(config) else "many")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Count a property among the slow tests too, where these are asked for: it is tried on many examples then."""
    for item in items:
        if not _leaves_out_slow(config) and hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.slow)


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


@pytest.fixture(scope="session")
def seeded_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Makes a sandbox's database of so many customers, which no test writes to: once for all of xdist's workers."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def made(customers: int) -> Path:
        path = folder / f"seeded-{customers}" / "sandbox.db"
        path.parent.mkdir(exist_ok=True)
        seed(path, customers)  # of several processes one makes it, and the others wait
        return path

    return made


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
