"""Whether a write has been handed to the line: all that is known of it when a fault of kehu's own ends the call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Departure:
    """What `watch` tells: `left`, once a write may be on its way."""

    left: bool = False


_watched: ContextVar[Departure | None] = ContextVar("departure", default=None)


@contextmanager
def watch() -> Iterator[Departure]:
    """Watch the writes that are sent inside, by tasks begun inside too."""
    departure = Departure()
    token = _watched.set(departure)
    try:
        yield departure
    finally:
        _watched.reset(token)


def note_departure() -> None:
    """Note that a write is handed to the line."""
    if departure := _watched.get():
        departure.left = True
