"""The widgets' own texts in the agent's language."""

from __future__ import annotations

from tui.locale import _
from widgets.inputs import Words


def words() -> Words:
    """Every text that inputs, forms and dialogs show by themselves."""
    return Words(
        required=_("required"),
        too_long=_("{count} characters, at most {limit}"),
        not_number=_("not a number: use digits, a point and a minus"),
        not_date=_("not a date: use 2024-01-05, today or +3d"),
        not_datetime=_("not a date and time: use 2024-01-05 14:30, now or +2h"),
        not_phone=_("not a phone number: use digits, spaces, + - ( )"),
        not_email=_("not an e-mail address: use name@example.com"),
        not_choice=_("{value} is not one of the choices"),
        more_levels=_("choose {required} levels, {chosen} chosen"),
        no_value=_("a memo without a value"),
        row=_("row {row}: {reason}"),
        memo=_("memo"),
        nothing_chosen="–",
        no_match=_("nothing matches"),
        up_to_here=_("up to here"),
        typed_differs=_("type {expected} to go on"),
        yes=_("yes"),
        no=_("no"),
        go_on=_("go on"),
        leave=_("leave"),
        send=_("send"),
        pick=_("pick"),
        type_to_filter=_("type to filter"),
        scroll=_("scroll"),
        find_field=_("find a field"),
    )
