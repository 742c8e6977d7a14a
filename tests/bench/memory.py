"""What stays in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.bench.measure import Family, Measure, Target
from tests.bench.probe import running
from tests.bench.setting import A_ROW, CONNECTED, Setting

OPENED: Final = 10
"""Customers that are opened."""

PAGE: Final = 100
"""Customers a page."""

WARM: Final = 20
"""Pages after which the list has all that it needs to turn more of them."""


def worked(setting: Setting) -> Iterator[Measure]:
    """The demo's desk after all its pages were turned and ten customers opened."""
    env = setting.environ(setting.demo())
    setting.run([setting.kehu, "list", "--all", "--json", "--profile", "demo-juzi"], env)
    held, yardstick = [], []
    for _ in range(setting.times(2, 1)):
        with running([setting.kehu], env, A_ROW) as probe:
            probe.wait_for(CONNECTED)
            for keys in (":", "1", "\r"):  # the desk opens where it was left
                probe.settle(0.3)
                probe.type(keys)
            probe.wait_for(" 1–")
            for page in range(2, setting.times(50, 3) + 1):
                probe.type("n")
                probe.wait_for(f" {(page - 1) * PAGE + 1:,}–")
            probe.settle()
            for _ in range(setting.times(OPENED, 2)):
                for key in ("down", "enter", "q"):
                    probe.type(key)
                    probe.settle(0.2)
            held.append(probe.resident)
        with running(setting.yardstick("libraries"), env, "Ready") as probe:
            yardstick.append(probe.resident)
    yield Measure(
        "memory, 5,000 customers seen and ten opened", "MiB", held, Target(64), yardstick, "the libraries alone"
    )


def turned(setting: Setting) -> Iterator[Measure]:
    """The list turned page by page to the five hundredth and back."""
    pages = setting.times(500, 6)
    warm = min(WARM, pages // 2)
    server = setting.serve(pages * PAGE)
    data = setting.folder / "turned"
    env = setting.environ(data, setting.configure(server, PAGE))
    with running([setting.kehu], env, A_ROW) as probe:
        probe.wait_for(CONNECTED)
        probe.settle()
        held = 0.0
        for page in range(2, pages + 1):
            probe.type("n")
            probe.wait_for(f" {(page - 1) * PAGE + 1:,}–")
            if page == warm:
                probe.settle()
                held = probe.resident
        for page in range(pages - 1, 0, -1):
            probe.type("p")
            probe.wait_for(f" {(page - 1) * PAGE + 1:,}–")
        probe.settle()
        yield Measure(f"memory that {pages} pages forward and back added", "MiB", [probe.resident - held], Target(3))


FAMILIES: Final = (Family("memory", worked), Family("pages", turned))
