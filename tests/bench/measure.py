"""A measurement, its target, and the table of them."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.bench.setting import Setting

HEADINGS: Final = ("what", "measured", "yardstick", "ratio", "target", "met")

FEW: Final = 100
"""Below this a number is shown with decimals."""


@dataclass(frozen=True)
class Target:
    """The most that something may cost."""

    most: float
    relative: bool = False
    """`most` counts yardsticks, not the measure's unit."""

    def __str__(self) -> str:
        return f"≤ {self.most:g} ×" if self.relative else f"≤ {number(self.most)}"


@dataclass(frozen=True)
class Measure:
    """What was measured, one value a round; the medians are what counts."""

    name: str
    unit: str
    values: Sequence[float]
    target: Target | None
    """None where it is told for what it is."""
    yardstick: Sequence[float] = ()
    """The same of what it is measured against."""
    against: str = ""
    """What that is."""

    @property
    def value(self) -> float:
        """The median."""
        return median(self.values)

    @property
    def ratio(self) -> float | None:
        """How many yardsticks it comes to; None without one."""
        return self.value / median(self.yardstick) if self.yardstick and median(self.yardstick) else None

    @property
    def met(self) -> bool:
        """Whether it is within its target, if it has one."""
        if self.target is None:
            return True
        found = self.ratio if self.target.relative else self.value
        return found is not None and found <= self.target.most

    def cells(self) -> tuple[str, ...]:
        """Its row of the table."""
        yardstick = f"{self.against} {number(median(self.yardstick))} {self.unit}" if self.yardstick else "–"
        ratio = f"{self.ratio:.2f} ×" if self.ratio is not None else "–"
        measured = f"{number(self.value)} {self.unit}"
        if self.target is None:
            return (self.name, measured, yardstick, ratio, "–", "–")
        target = str(self.target) if self.target.relative else f"{self.target} {self.unit}"
        return (self.name, measured, yardstick, ratio, target, "yes" if self.met else "no")

    def as_json(self) -> Mapping[str, object]:
        """All that is known of it."""
        return {
            "name": self.name,
            "unit": self.unit,
            "values": list(self.values),
            "median": self.value,
            "yardstick": {"name": self.against, "values": list(self.yardstick)} if self.yardstick else None,
            "ratio": self.ratio,
            "target": asdict(self.target) if self.target else None,
            "met": self.met,
        }


@dataclass(frozen=True)
class Family:
    """Measurements that are taken together."""

    name: str
    """What `--only` calls it."""
    run: Callable[[Setting], Iterable[Measure]]


def number(value: float) -> str:
    """`value` as a person reads it: `0.163`, `4.1`, `1,595`."""
    if value >= FEW:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value else "0"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of `values` are."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def machine() -> str:
    """What the numbers were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    python = f"Python {platform.python_version()}"
    return f"{cores} cores, {memory:.0f} GiB of memory, {platform.system()} {platform.machine()}, {python}"


def as_markdown(measures: Iterable[Measure]) -> str:
    """The table as `docs/measurements.md` has it."""
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(measure.cells() for measure in measures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_text(measures: Iterable[Measure]) -> str:
    """The table for a terminal."""
    rows = [HEADINGS, *(measure.cells() for measure in measures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
