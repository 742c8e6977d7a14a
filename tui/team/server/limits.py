"""How much a member may ask of the server, and how often; past it the answer says so and when to try again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tui.team.server.wire_models import TeamRefusal

FORGET_SECONDS = 600.0
"""After which a caller who was quiet is forgotten: every allowance is full again by then."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    entries: int = 200
    """Entries of one call."""
    entry_bytes: int = 64 * 1024
    """One entry: a page of a note with what the vendor said is a tenth of it."""
    body_bytes: int = 4 * 1024 * 1024
    """The body of one call: as many entries as it may have, of the usual size, several times over."""
    page: int = 500
    """Rows of one answer."""
    calls_a_second: float = 50.0
    """Of one member, on average: a desk makes one in some seconds, a script that writes a batch some ten a second."""
    calls_at_once: int = 200
    """Of one member, after a while of none: a desk that comes back opens, catches up and sends what waited."""
    feeds: int = 16
    """Of one member at the same time: desks that are open."""
    joins_a_minute: float = 10.0
    """Of one address: codes that are tried. Of 80 bits each, none is guessed so."""
    preset_bytes: int = 16 * 1024
    presence_seconds: float = 45.0
    claim_seconds: float = 8 * 3600.0
    """The longest claim: a working day."""
    heartbeat_seconds: float = 20.0


class Allowance:
    """So many calls a second on average for each caller, and at most so many at once."""

    def __init__(self, a_second: float, at_once: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}
        self._forget_at = clock() + FORGET_SECONDS

    def spend(self, caller: str) -> None:
        """Count a call of `caller`.

        Raises: TeamRefusal (429) where there is none left, with the seconds until there is.
        """
        now = self._clock()
        left, at = self._left.get(caller, (self._at_once, now))
        left = min(self._at_once, left + (now - at) * self._a_second)
        if left < 1:
            self._left[caller] = left, now
            raise TeamRefusal(
                429,
                "rate",
                "too many calls",
                f"At most {self._a_second:g} a second; wait as long as Retry-After says.",
                retry_after=(1 - left) / self._a_second,
            )
        self._left[caller] = left - 1, now
        if now > self._forget_at:
            self._left = {who: spent for who, spent in self._left.items() if now - spent[1] < FORGET_SECONDS}
            self._forget_at = now + FORGET_SECONDS
