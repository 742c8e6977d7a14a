"""The ids that the vendors show, computed from the row they stand for (and back), so that no index is spent on them."""

from typing import Final

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
