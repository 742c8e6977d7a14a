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
    """The desk after all its pages were turned and ten customers opened, and the demo's, which serves itself."""
    pages = setting.times(50, 3)
    over_the_line = setting.environ(setting.folder / "worked", setting.configure(setting.serve(pages * PAGE), PAGE))
    demo = setting.environ(setting.demo())
    setting.run([setting.kehu, "list", "--all", "--json"], over_the_line)
    setting.run([setting.kehu, "list", "--all", "--json", "--profile", "demo-juzi"], demo)
    held: dict[str, list[float]] = {"line": [], "demo": []}
    yardstick = []
    for _ in range(setting.times(2, 1)):
        held["line"].append(_held(setting, over_the_line, pages))
        held["demo"].append(_held(setting, demo, pages))
        with running(setting.yardstick("libraries"), demo, "Ready") as probe:
            yardstick.append(probe.resident)
    what = "memory, 5,000 customers seen and ten opened"
    yield Measure(what, "MiB", held["line"], Target(64), yardstick, "the libraries alone")
    yield Measure(f"{what}, the demo's sandbox and linked profiles with it", "MiB", held["demo"], None)


def _held(setting: Setting, env: dict[str, str], pages: int) -> float:
    """MiB that the desk holds after `pages` pages were turned and ten customers opened."""
    with running([setting.kehu], env, A_ROW) as probe:
        probe.wait_for(CONNECTED)
        for keys in (":", "1", "\r"):  # the desk opens where it was left
            probe.settle(0.3)
            probe.type(keys)
        probe.wait_for(" 1–")
        for page in range(2, pages + 1):
            probe.type("n")
            probe.wait_for(f" {(page - 1) * PAGE + 1:,}–")
        probe.settle()
        for _ in range(setting.times(OPENED, 2)):
            for key in ("down", "enter", "q"):
                probe.type(key)
                probe.settle(0.2)
        return probe.resident


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
