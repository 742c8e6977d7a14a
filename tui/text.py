"""Text for a person: untrusted text made safe, times and sizes in few cells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tui.locale import N_, _, ngettext
from widgets.cells import fit, plain, width, wrap

__all__ = [
    "ago",
    "day_and_time",
    "fit",
    "human_size",
    "local_time",
    "plain",
    "width",
    "wrap",
]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def ago(seconds: float) -> str:
    """How long ago: `just now`, `4 min ago`, `3 h ago`, `2 days ago`."""
    if seconds < _MINUTE:
        return _("just now")
    if seconds < _HOUR:
        count = int(seconds // _MINUTE)
        return ngettext("{count} min ago", "{count} min ago", count).format(count=count)
    if seconds < _DAY:
        count = int(seconds // _HOUR)
        return ngettext("{count} h ago", "{count} h ago", count).format(count=count)
    count = int(seconds // _DAY)
    return ngettext("{count} day ago", "{count} days ago", count).format(count=count)


def local_time(moment: datetime | float | None, *, now: datetime | None = None, day: bool = False) -> str:
    """`moment`, epoch seconds or with a zone, in this machine's zone: `11-20 14:02`, or with its year if it is another.

    With `day` the date alone, year first. Empty for no moment.
    """
    if moment is None:
        return ""
    try:
        local = (moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, UTC)).astimezone()
    except (OverflowError, OSError, ValueError):  # at either end of the calendar there is no room for a zone
        return str(moment)
    if day:
        return f"{local:%Y-%m-%d}"
    this_year = (now or datetime.now(UTC)).astimezone().year
    return f"{local:%m-%d %H:%M}" if local.year == this_year else f"{local:%Y-%m-%d %H:%M}"


NEAR_DAYS = {-1: N_("yesterday"), 0: N_("today"), 1: N_("tomorrow")}
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def day_and_time(at: float, *, whole_day: bool = False, now: datetime | None = None) -> str:
    """`at`, epoch seconds, as people say it: `today 09:30`, `tomorrow`, `Fri 12-04 14:00`, `2027-02-01`.

    Of a `whole_day` the time is left out; of a day within a week ahead the weekday is told.
    """
    local = datetime.fromtimestamp(at, UTC).astimezone()
    here = (now or datetime.now(UTC)).astimezone()
    days = (local.date() - here.date()).days
    if days in NEAR_DAYS:
        day = _(NEAR_DAYS[days])
    else:
        day = (
            f"{local:%m-%d}" if local.year == here.year or 0 < days < timedelta(weeks=26).days else f"{local:%Y-%m-%d}"
        )
        if 0 < days <= timedelta(weeks=1).days:
            day = f"{_(WEEKDAYS[local.weekday()])} {day}"
    return day if whole_day else f"{day} {local:%H:%M}"


def human_size(count: float) -> str:
    """`count` bytes: `812 B`, `4.2 KiB`, `31 MiB`."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 10 else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
