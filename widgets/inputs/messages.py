"""Every text that the inputs, the form and the dialogs show by themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """English by default; a program in another language passes its own. Names in braces are filled in."""

    required: str = "required"
    too_long: str = "{count} characters, at most {limit}"
    not_number: str = "not a number: use digits, a point and a minus"
    not_date: str = "not a date: use 2024-01-05, today or +3d"
    not_datetime: str = "not a date and time: use 2024-01-05 14:30, now or +2h"
    not_phone: str = "not a phone number: use digits, spaces, + - ( )"
    not_email: str = "not an e-mail address: use name@example.com"
    not_choice: str = "{value} is not one of the choices"
    more_levels: str = "choose {required} levels, {chosen} chosen"
    no_value: str = "a memo without a value"
    row: str = "row {row}: {reason}"
    memo: str = "memo"
    nothing_chosen: str = "–"
    no_match: str = "nothing matches"
    up_to_here: str = "up to here"
    typed_differs: str = "type {expected} to go on"
    yes: str = "yes"
    no: str = "no"
    go_on: str = "go on"
    leave: str = "leave"
    send: str = "send"
    pick: str = "pick"
    type_to_filter: str = "type to filter"
    scroll: str = "scroll"
    find_field: str = "find a field"


ENGLISH = Words()
"""The default."""
