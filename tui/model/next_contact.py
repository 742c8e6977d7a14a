"""When a customer is to be contacted next, and whether that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from tui.model.times import CHINA, DayOrMoment, read_day_or_moment, read_moment

SOON = timedelta(days=7)
"""How far ahead of today a contact is still told of: what an agent may want to bring forward."""

NOTE_LENGTH = 200
"""Characters of a note: why the customer is to be contacted, in a line."""


FARTHEST_YEARS = 10
"""Years ahead beyond which a contact is a slip of the keys: 2611 for 2026."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextContact:
    """One contact that is, or was, to be made."""

    id: str
    """A UUID, made where it was first set."""
    customer_id: str
    at: int
    """Epoch seconds; of a whole day, the first moment of it by the clock of whoever set it."""
    whole_day: bool
    note: str = ""
    author: str = ""
    """The colleague who set it, as the vendor knows them; empty where the vendor's field told it."""
    created_at: float = 0.0
    """Epoch seconds."""
    done_at: float | None = None
    """Epoch seconds; None while it is to be made."""
    at_vendor: bool = False
    """The vendor's own field holds it: colleagues see it in the vendor's pages too."""

    @property
    def moment(self) -> datetime:
        """When, with a zone."""
        return datetime.fromtimestamp(self.at, UTC)


class Due(Enum):
    """How a contact stands on a day, in the order in which they are to be made."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    """In the days after, as far as `SOON` says."""
    LATER = "later"


def due_of(at: float, whole_day: bool, now: datetime) -> Due:
    """Return how a contact `at` (epoch seconds) stands at `now`, which has a zone, by this machine's clock.

    One of today is overdue once its time has passed; one that is meant for the whole day, on the day after.
    """
    here = now.astimezone()
    moment = datetime.fromtimestamp(at, UTC).astimezone()
    days = (moment.date() - here.date()).days
    if days < 0 or (days == 0 and not whole_day and moment < here):
        return Due.OVERDUE
    if days == 0:
        return Due.TODAY
    return Due.SOON if days <= SOON.days else Due.LATER


def is_too_far(when: DayOrMoment, now: datetime) -> bool:
    """Return whether `when` lies so far ahead that it is a slip of the keys."""
    return when.at - now > timedelta(days=366 * FARTHEST_YEARS)


def is_past(when: DayOrMoment, now: datetime) -> bool:
    """Return whether nobody can be contacted at `when` any more; a whole day is past when the next one begins."""
    return due_of(when.at.timestamp(), when.whole_day, now) is Due.OVERDUE


def read_vendor_time(value: str) -> DayOrMoment | None:
    """Return the day or the moment that `value` is, as a vendor's field has it; None for neither.

    A moment without a zone is of the vendors' own. One at midnight by this machine's clock is how a whole day is kept
    in a field of moments.
    """
    now = datetime.now(UTC)
    if len(value) <= LONGEST_DAY and (found := read_day_or_moment(value, now)) is not None:
        return found
    moment = read_moment(value, now, CHINA)
    if moment is None:
        return None
    here = moment.astimezone()
    return DayOrMoment(here, (here.hour, here.minute, here.second) == (0, 0, 0))


LONGEST_DAY = len("2024-11-20")
"""Characters of a value that is a day alone."""
