"""Colleagues at the same customer: who is there, whose it is, and asking before two write to one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from tui.locale import _, listed, ngettext
from tui.text import day_and_time, plain
from widgets.blocks import Block, Field, Tone

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.team import Company
    from tui.screens.desk_app import DeskApp
    from tui.screens.main.commands import Command

NAMED = 3
"""Customers, or colleagues, that are named; of the others it is said how many they are."""


def company_text(company: Company) -> str:
    """Return who else is at a customer, and whose it is, in a line; empty where nobody is, and it is nobody's."""
    there = listed([plain(one.name) for one in company.others if not one.writing])
    writing = listed([plain(one.name) for one in company.others if one.writing])
    parts = []
    if company.claim is not None:
        until = day_and_time(company.claim.until, now=datetime.now(UTC))
        name = plain(company.claim.name)
        text = _("yours until {time}") if company.mine else _("{name} has it until {time}")
        parts.append(text.format(name=name, time=until))
    if writing:
        parts.append(_("{name} is writing").format(name=writing))
    if there:
        parts.append(_("{name} is here too").format(name=there))
    return " · ".join(parts)


def company_tone(company: Company) -> Tone:
    """Return how that is meant: a warning where a colleague would be in the way."""
    return "warn" if company.writing else "info"


def company_block(company: Company) -> Block | None:
    """Return who else is at a customer as a row of its own; None where there is nothing to say."""
    text = company_text(company)
    return Field(_("Team"), (("", ""),), text, company_tone(company)) if text else None


class WritingHost(Protocol):
    """What asking needs of the screen."""

    @property
    def app(self) -> DeskApp: ...

    @property
    def desk(self) -> Desk: ...

    def tell(self, text: str, tone: Tone = "info") -> None: ...


async def may_write(main: WritingHost, command: Command, ids: Sequence[str]) -> bool:
    """Return whether `command`, about the customers `ids`, may be begun: the agent is asked where a colleague is at it.

    What is known of colleagues is in memory: nothing is waited for.
    """
    team = main.desk.team
    if team is None or not command.asks:
        return True
    busy = {id: writing for id in ids if (writing := team.company(id).writing)}
    if not busy:
        return True
    from tui.screens.widget_texts import words
    from widgets.dialog import ConfirmDialog

    main.app.drop_keys()  # they were typed for a form, and would answer
    every = dict.fromkeys(name for writing in busy.values() for name in writing)
    names = listed([plain(name) for name in every][:NAMED])
    if len(ids) == 1:
        question = _("{name} is working on this customer. Go on all the same?").format(name=names)
        details: Sequence[str] = [company_text(team.company(ids[0]))]
    else:
        question = ngettext(
            "{name} is working on {count} of these customers. Go on all the same?",
            "{name} is working on {count} of these customers. Go on all the same?",
            len(busy),
        ).format(name=names, count=f"{len(busy):,}")
        known = await main.desk.seen_customers(list(busy)[:NAMED])
        details = [
            f"{plain(known[id].name) if id in known else id}: {company_text(team.company(id))}"
            for id in list(busy)[:NAMED]
        ]
    agreed = await main.app.push_screen_wait(ConfirmDialog(_(command.about), question, details, words=words()))
    if not agreed:
        main.tell(_("Left to {name}.").format(name=names))
    return agreed is True
