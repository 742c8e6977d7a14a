"""What the app and the dialects say to each other: a call, its answer, a refusal, a route, a dialect."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tui.sandbox.faults import Fault

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
    refusal: Callable[[], Fault | None]
    """Asked once for each item of a batch: the fault that refuses it, if one does."""

    def json(self) -> object:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON in UTF-8.
        """
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer and its HTTP status."""

    body: object
    status: int = 200


Handler = Callable[[sqlite3.Connection, Call], Answer]
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
class Dialect:
    """One vendor: where it lives, what it serves, who may call it, and how it says no."""

    prefix: str
    routes: tuple[Route, ...]
    authorise: Callable[[Call], None]
    """Raises RefusedError for a call with no valid credential."""
    refuse: Callable[[RefusedError], Answer]
    """The vendor's own envelope around an error."""
    busy: RefusedError
    """What the vendor says when too many calls of one address are under way."""
