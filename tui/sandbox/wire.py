"""What the app and the dialects say to each other: a call, its answer, a refusal, a route, a dialect."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tui.sandbox.faults import InjectedFault

_USEASY_FIRST: Final = 685_775_343_058_800_640
"""The id of the useasy row at position 0: the one in the page's own answer."""

_USEASY_STEP: Final = 1 << 22
"""From one useasy id to the next: a snowflake id counts milliseconds above its lowest 22 bits."""

_IMA_FIRST: Final = 10_000_000
"""The ima customer id before the first."""


def useasy_id(position: int) -> str:
    """The 18 digits of the row at this place of the list; newer rows come first and have larger ids."""
    return str(_USEASY_FIRST - position * _USEASY_STEP)


def useasy_position(identifier: object) -> int | None:
    """The place of the row with this id, or None where the id cannot be one of ours."""
    number = _number(identifier)
    if number is None or (number - _USEASY_FIRST) % _USEASY_STEP:
        return None
    return (_USEASY_FIRST - number) // _USEASY_STEP


def ima_id(ordinal: int) -> str:
    """The ima customer id of this row."""
    return str(_IMA_FIRST + ordinal)


def ima_ordinal(identifier: object) -> int | None:
    """The row with this ima customer id, or None where the id cannot be one of ours."""
    number = _number(identifier)
    return None if number is None else number - _IMA_FIRST


def _number(identifier: object) -> int | None:
    """The id as a number, where it is a string of up to 18 plain digits and so fits a row id."""
    if not isinstance(identifier, str) or not (identifier.isascii() and identifier.isdigit()) or len(identifier) > 18:
        return None
    return int(identifier)


encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON as the vendors send it: compact, and Chinese as it is."""


class RefusedError(Exception):
    """The vendor refuses a call: its code, its words, and the HTTP status that they travel with."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read whole: everything that a dialect may look at."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    path: Mapping[str, str]
    """What the route's placeholders stand for."""
    body: bytes
    now: float
    """Seconds since the epoch, by the sandbox's clock."""
    refusal: Callable[[], InjectedFault | None]
    """Asked once for each item of a batch: the fault that refuses it, if one does."""

    def json(self) -> object:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON in UTF-8.
        """
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """A JSON answer and its HTTP status."""

    body: object
    status: int = 200


Handler = Callable[[sqlite3.Connection, Call], WireAnswer]
"""Does the work of one route, in one go, on the sandbox's own thread."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address of a dialect."""

    method: str
    path: str
    handler: Handler
    at_once: int | None = None
    """How many calls of this address the vendor serves at the same time; None: any number."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor: where it lives, what it serves, who may call it, and how it says no."""

    prefix: str
    routes: tuple[Route, ...]
    authorise: Callable[[Call], None]
    """Raises RefusedError for a call with no valid credential."""
    refuse: Callable[[RefusedError], WireAnswer]
    """The vendor's own envelope around an error."""
    busy: RefusedError
    """What the vendor says when too many calls of one address are under way."""
