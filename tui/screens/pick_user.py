"""Which colleague a remark or a follow-up is in the name of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.client.models import Customer, FollowUser
from tui.desk.checks import follower_of
from tui.locale import _
from tui.screens.words import words
from widgets.inputs import Choice
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def pick_follower(main: MainScreen, customer: Customer, question: str) -> FollowUser | None:
    """The colleague who acts, where that one follows CUSTOMER; else the one that the agent chooses. None: nobody."""
    acting = follower_of(customer, main.desk.settings.user_id)
    if acting is not None:
        return acting
    if not customer.follow_users:
        main.tell(_("Nobody follows {name}.").format(name=customer.name or customer.id), "warn")
        return None
    choices = [Choice(user.user_id, f"{user.name} {user.user_id}".strip()) for user in customer.follow_users]
    picked = await main.app.push_screen_wait(PickDialog(question, choices, words=words()))
    return follower_of(customer, picked) if picked else None
