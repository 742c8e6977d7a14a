"""The times that people and spreadsheets write."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

_NUMBER = re.compile(r"(\d{9,14})(?:\.0*)?")
_MOST_SECONDS = 10**11
"""From here on a number is milliseconds: as seconds it were the year 5138."""

_LOCAL = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]+(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?秒?|分)?)?"
)
"""A date with or without a time of day, in this machine's zone, as Excel writes it here and there."""


def moment_of(text: str) -> datetime | None:
    """TEXT as a moment: epoch seconds or milliseconds, ISO 8601, or a date and time by this machine's clock.

    None where it is none of these.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    try:
        if number := _NUMBER.fullmatch(text):
            value = int(number[1])
            return datetime.fromtimestamp(value if value < _MOST_SECONDS else value / 1000, UTC)
        if local := _LOCAL.fullmatch(text):
            year, month, day, hour, minute, second = (int(part or 0) for part in local.groups())
            return datetime(year, month, day, hour, minute, second).astimezone()
        if text.isdigit() and len(text) != len("20241120"):
            return None
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.astimezone()
    except (ValueError, OverflowError):  # at either end of the calendar there is no room for a zone
        return None
