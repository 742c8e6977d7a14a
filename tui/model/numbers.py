"""Numbers, read one way wherever they are written: argument, file, form, vendor. Exact, never by way of a float."""

from __future__ import annotations

import re
from decimal import Decimal

from tui.model.half_width import half_width

MOST_DIGITS = 40
"""Digits of a number at most, written out: more than any amount or id has, and `1e999999` fills no disk."""

_NUMBER = re.compile(
    r"(?P<sign>[+-]?) ?"
    r"(?P<whole>\d+|[1-9]\d{0,2}(?:,\d{3})+|)(?:\.(?P<fraction>\d*))?"
    r"(?:[eE](?P<exponent>[+-]?\d{1,3}))?",
    re.ASCII,
)
"""Commas are between thousands alone, and every three digits: what `1,5`, `1.234,5` or `0,125` means is anybody's
guess."""


def read_number(text: str) -> Decimal | None:
    """Return the number that all of `text` is; None where it is none, or could be two.

    Read are `007`, `+5`, `-0`, `1,234.50`, `.5`, `5.`, `1.2e3`, and all of it in full width. Not read are `1,5`,
    `12元`, `1万`, `50%`, `NaN`, `Infinity`, and what has more than `MOST_DIGITS` digits.
    """
    found = _NUMBER.fullmatch(half_width(text))
    if found is None or not (found["whole"] or found["fraction"]):
        return None
    digits, fraction = found["whole"].replace(",", ""), found["fraction"] or ""
    exponent = int(found["exponent"] or 0)
    if len(digits.lstrip("0")) + len(fraction) + abs(exponent) > MOST_DIGITS:
        return None
    number = Decimal(f"{found['sign']}{digits}{fraction}E{exponent - len(fraction)}")
    return abs(number) if number.is_zero() else number


def read_percent(text: str) -> Decimal | None:
    """Return the number of per cent that `text` is, with its sign or without: `50%` and `50` are 50."""
    return read_number(half_width(text).removesuffix("%"))


def number_text(number: Decimal) -> str:
    """Return `number` as it is kept and sent: digits and a point alone, the noughts after the point as they were."""
    return f"{number:f}"


def normal_number(text: str) -> str | None:
    """Return the number that all of `text` is, as it is kept and sent; None where it is none."""
    number = read_number(text)
    return None if number is None else number_text(number)


def normal_percent(text: str) -> str | None:
    """Return the number of per cent that all of `text` is, as it is kept and sent; None where it is none."""
    number = read_percent(text)
    return None if number is None else number_text(number)


def json_number(number: Decimal) -> int | float | None:
    """Return `number` as what JSON writes exactly; None where no float is that number.

    A whole number is exact however long it is, such as an id of 18 digits.
    """
    if number == number.to_integral_value():
        return int(number)
    nearest = float(number)
    return nearest if Decimal(repr(nearest)) == number else None
