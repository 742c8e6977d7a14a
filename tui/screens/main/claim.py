"""What an agent does with colleagues: claim a customer, give it back, hand a next contact over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.main.under_way import key_of
from tui.screens.widget_texts import words
from tui.text import day_and_time, plain
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.desk.team import Team
    from tui.screens.main.main_screen import MainScreen

CLAIM_SECONDS = 2 * 3600.0
"""For how long a customer is one's own."""


def _team(main: MainScreen) -> Team | None:
    """The desk's team; that there is none is told."""
    if main.desk.team is None:
        main.tell(_("There is no team here: kehu team join URL joins one."), "warn")
    return main.desk.team


async def hand_over(main: MainScreen) -> None:
    """Have a colleague make the next contact with the customer."""
    team, customer = _team(main), await main.current()
    if team is None:
        return
    if customer is None:
        main.tell(_("There is no customer to contact."))
        return
    name = plain(customer.name or customer.id)
    if customer.id not in await main.desk.day.of([customer.id]):
        text = _("No contact with {name} is to be made; {key} says when one is.")
        main.tell(text.format(name=name, key=key_of(main, "next_contact")))
        return
    people = {one.id: one for one in await team.people() if one.id != team.me.id}
    options = [PickOption(id, plain(one.name), detail=", ".join(one.user_ids)) for id, one in people.items()]
    question = _("Who contacts {name} next?").format(name=name)
    picked = await main.app.push_screen_wait(PickDialog(question, options, words=words()))
    if picked is None:
        return
    following = main.beside(customer.id)
    contact = await team.hand_over(customer, people[picked])
    when = day_and_time(contact.at, whole_day=contact.whole_day)
    text = _("{colleague} contacts {name}: {time}.")
    await main.go_on(customer.id, following)
    main.tell(text.format(colleague=plain(people[picked].name), name=name, time=when), "ok")


async def claim(main: MainScreen) -> None:
    """Have the customer be the agent's own for two hours, or give it back."""
    team = _team(main)
    if team is None:
        return
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to claim."))
        return
    name = customer.name or customer.id
    if team.company(customer.id).mine:
        await team.release(customer.id)
        main.tell(_("{name} is anybody's again.").format(name=plain(name)), "ok")
        return
    held = await team.claim(customer.id, CLAIM_SECONDS)
    until = day_and_time(held.until, now=datetime.now(UTC))
    main.tell(_("{name} is yours until {time}.").format(name=plain(name), time=until), "ok")
