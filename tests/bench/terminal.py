"""What the desk costs on the line: its start, and each key in bytes and in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import fmean
from typing import Final

from tests.bench.measure import Family, Measure, Target, percentile
from tests.bench.probe import Probe, running
from tests.bench.setting import A_ROW, CONNECTED, Setting
from tests.e2e.screen import Screen

HELD: Final = 30.0
"""Keys a second that a held key sends."""

TABLE_ROWS: Final = 500
"""Rows of the yardstick's table: more than are paged through."""

TABLE_READY: Final = "客户30"

TYPED: Final = "the quick brown fox "
"""What is typed into a form."""

RESTED: Final = 0.3
"""Seconds without output after which the detail pane, too, has followed the cursor."""

CURSOR: Final = "▌"
"""On the row under the cursor, once there is one that keys move."""

BARE: Final = "bare Textual app"
DATA_TABLE: Final = "DataTable"


def start(setting: Setting) -> Iterator[Measure]:
    """From the command to the first customer's row, with what was seen last on disk; and until keys are answered."""
    data, bare = setting.demo(), setting.yardstick("bare")
    for compiled in (True, False):
        env = setting.environ(data, compiled=compiled)
        row: list[float] = []
        cursor: list[float] = []
        yardstick: list[float] = []
        for turn in range(setting.times(9, 2)):
            with running([setting.kehu], env, A_ROW) as probe:
                seconds = [probe.seconds]
                probe.read_until(CURSOR)
                seconds.append(probe.seconds)
            with running(bare, env, "Ready") as probe:
                seconds.append(probe.seconds)
            if turn:  # the first one may have had to compile
                for values, value in zip((row, cursor, yardstick), seconds, strict=True):
                    values.append(value)
        suffix = "" if compiled else ", nothing compiled before"
        target = Target(1.15, relative=True)
        yield Measure(f"start to the first customer's row{suffix}", "s", row, target, yardstick, BARE)
        yield Measure(f"start to a desk that answers keys{suffix}", "s", cursor, None, yardstick, BARE)


def down(setting: Setting) -> Iterator[Measure]:
    """The key held, in bytes."""
    count = setting.times(90, 10)
    bytes_a_key: list[float] = []
    yardstick: list[float] = []
    for _ in range(setting.times(3, 1)):
        with _desk(setting) as desk, _table(setting) as other:
            bytes_a_key.append(desk.hold("down", count, HELD) / count)
            yardstick.append(other.hold("down", count, HELD) / count)
    yield Measure("`down` held at 30 keys a second", "bytes a key", bytes_a_key, Target(130), yardstick, DATA_TABLE)


def page_down(setting: Setting) -> Iterator[Measure]:
    """The key pressed again and again, in bytes."""
    count = setting.times(20, 3)
    bytes_a_key: list[float] = []
    yardstick: list[float] = []
    for _ in range(setting.times(3, 1)):
        with _desk(setting) as desk, _table(setting) as other:
            bytes_a_key.append(fmean(desk.press("pagedown")[1] for _ in range(count)))
            yardstick.append(fmean(other.press("pagedown")[1] for _ in range(count // 2)))
    yield Measure("`pagedown` in the list", "bytes a key", bytes_a_key, Target(1800), yardstick, DATA_TABLE)


def latency(setting: Setting) -> Iterator[Measure]:
    """The time from a key to the last byte that answers it."""
    count = setting.times(40, 5)
    times: list[list[float]] = []
    others: list[list[float]] = []
    with _desk(setting) as desk, _table(setting) as other:
        for _ in range(setting.rounds):
            times.append([desk.press("down")[0] for _ in range(count)])
            others.append([other.press("down")[0] for _ in range(count)])
    for name, share, most in (("median", 0.5, 3.0), ("95th percentile", 0.95, 6.0)):
        yield Measure(
            f"`down` to its last byte, {name}",
            "ms",
            [percentile(values, share) for values in times],
            Target(most),
            [percentile(values, share) for values in others],
            DATA_TABLE,
        )


def opening(setting: Setting) -> Iterator[Measure]:
    """A customer opened, in bytes, against the characters that are others afterwards."""
    sent: list[float] = []
    changed: list[float] = []
    with _desk(setting) as desk:
        for _ in range(setting.times(10, 2)):
            desk.type("down")
            desk.settle(0.05)
            before = _cells(desk.screen)
            desk.type("enter")
            sent.append(float(desk.settle(RESTED)))
            pairs = zip(before, _cells(desk.screen), strict=True)
            changed.append(float(sum(len(new.encode()) for old, new in pairs if new != old)))
            desk.type("q")
            desk.settle(RESTED)
    yield Measure(
        "a customer opened", "bytes", sent, Target(1.5, relative=True), changed, "the characters that changed"
    )


def _cells(screen: Screen) -> list[str]:
    return [screen.buffer[y][x].data for y in range(screen.lines) for x in range(screen.columns)]


def typing(setting: Setting) -> Iterator[Measure]:
    """A letter typed into a form, in bytes."""
    letters = TYPED[: setting.times(len(TYPED), 5)]
    sent: list[float] = []
    yardstick: list[float] = []
    for _ in range(setting.times(3, 1)):
        with _desk(setting) as desk, running(setting.yardstick("line"), setting.environ(), "Ready") as other:
            desk.type("r")
            desk.wait_for("Remark")
            for probe, into in ((desk, sent), (other, yardstick)):
                probe.settle()
                into.append(fmean(probe.press(letter)[1] for letter in letters))
    yield Measure("a letter typed into a form", "bytes", sent, Target(60), yardstick, "Input")


def idle(setting: Setting) -> Iterator[Measure]:
    """The desk left alone."""
    written: list[float] = []
    burned: list[float] = []
    with _desk(setting) as desk:
        for _ in range(1):
            bytes_written, milliseconds = desk.watch(setting.times(30, 2))
            written.append(float(bytes_written))
            burned.append(milliseconds)
    yield Measure("left alone for 30 s", "bytes", written, Target(0))
    yield Measure("left alone", "ms of CPU a second", burned, Target(1))


@contextmanager
def _desk(setting: Setting) -> Iterator[Probe]:
    """The demo's desk, connected and at rest."""
    with running([setting.kehu], setting.environ(setting.demo()), A_ROW) as probe:
        probe.wait_for(CONNECTED)
        probe.settle()
        yield probe


@contextmanager
def _table(setting: Setting) -> Iterator[Probe]:
    """The yardstick of lists, at rest."""
    with running(setting.yardstick("table", str(TABLE_ROWS)), setting.environ(), TABLE_READY) as probe:
        probe.settle()
        yield probe


FAMILIES: Final = (
    Family("start", start),
    Family("down", down),
    Family("pagedown", page_down),
    Family("latency", latency),
    Family("open", opening),
    Family("letter", typing),
    Family("idle", idle),
)
