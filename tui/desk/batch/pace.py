"""How fast a batch goes, and how long it still takes, in one line."""

from __future__ import annotations

import time
from collections.abc import Callable

from tui.locale import _

_MINUTE, _HOUR = 60, 3600


class Pace:
    """Tells about a batch that began, or went on with `already` so many done, now."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, already: int = 0) -> None:
        self._clock = clock
        self._began = clock()
        self._already = already

    def told(self, done: int, total: int | None) -> str:
        """`3,200 of 10,000 · 412/s · 16 s left`; without a rate until the first are done."""
        of = _("{done} so far") if total is None else _("{done} of {total}")
        parts = [of.format(done=f"{done:,}", total=f"{total or 0:,}")]
        elapsed = self._clock() - self._began
        if done > self._already and elapsed > 0:
            rate = (done - self._already) / elapsed
            parts.append(_("{rate}/s").format(rate=f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"))
            if total is not None and done < total:
                parts.append(_("{time} left").format(time=_span((total - done) / rate)))
        return " · ".join(parts)


def _span(seconds: float) -> str:
    if seconds < _MINUTE:
        return _("{count} s").format(count=max(1, round(seconds)))
    if seconds < _HOUR:
        return _("{count} min").format(count=round(seconds / _MINUTE))
    return _("{count} h").format(count=f"{seconds / _HOUR:.1f}")
