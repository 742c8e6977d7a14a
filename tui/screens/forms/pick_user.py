"""Which colleague a remark or a follow-up is in the name of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.checks import follower_of
from tui.locale import _
from tui.model.customer import Customer, FollowUser
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import ConfirmDialog
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen


async def pick_follower(
    main: MainScreen, customer: Customer, question: str, desk: Desk | None = None
) -> FollowUser | None:
    """Return the colleague to write as at `desk`, the screen's own by itself: the acting one where that one follows
    `customer`, else whom the agent chooses.

    The acting colleague stands first, who may have added the customer since the record was read. None: nobody.
    """
    acting_id = (desk or main.desk).settings.user_id
    acting = follower_of(customer, acting_id)
    if acting is not None:
        return acting
    if not customer.follow_users:
        main.tell(_("Nobody follows {name}.").format(name=customer.name or customer.id), "warn")
        return None
    choices = [PickOption(user.user_id, name_of(user)) for user in customer.follow_users]
    if acting_id:
        detail = _("you: does not follow the customer, as far as is known here; the vendor refuses that (84061)")
        choices.insert(0, PickOption(acting_id, acting_id, detail=detail))
    picked = await main.app.push_screen_wait(PickDialog(question, choices, current=acting_id, words=words()))
    return (follower_of(customer, picked) or FollowUser(user_id=picked)) if picked else None


def is_anothers(main: MainScreen, follower: FollowUser, desk: Desk | None = None) -> bool:
    """Whether what is written as `follower` is in another's name than the acting colleague's at `desk`."""
    acting = (desk or main.desk).settings.user_id
    return bool(acting) and follower.user_id != acting


async def may_write_as(main: MainScreen, follower: FollowUser, heading: str, desk: Desk | None = None) -> bool:
    """Return whether to write as `follower`; the agent is asked where that is another than the acting colleague."""
    if not is_anothers(main, follower, desk):
        return True
    question = _("Send this in the name of {name}? You act as {acting}.").format(
        name=plain(name_of(follower)), acting=plain((desk or main.desk).settings.user_id)
    )
    dialog = ConfirmDialog(heading, question, words=words())
    agreed = await main.app.push_screen_wait(dialog)
    return agreed is True


def name_of(user: FollowUser) -> str:
    """Return a colleague's name and id."""
    return f"{user.name} {user.user_id}".strip()
