"""Several records of a linked profile match: the agent says which one is the customer's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.desk.people.model import Linked, Person
from tui.locale import _
from tui.screens.linked_part import candidate_memo
from tui.screens.parts import whole_person
from tui.screens.portrait import PICK
from tui.screens.words import words
from widgets.inputs import Choice
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def match(main: MainScreen) -> None:
    """Take the candidate under the cursor, or the one that the agent picks, for the customer's record there."""
    person = await whole_person(main)
    several = [linked for linked in person.linked if linked.candidates] if person else []
    if person is None or not several:
        main.tell(_("There is nothing to pick: no linked profile has several records of this customer."))
        return
    act, _blank, rest = main.customer_pane.sheet.current_ref.partition(" ")
    profile, _blank, candidate_id = rest.partition(" ")
    if act != PICK or not main.reading:
        profile, candidate_id = main.customer_pane.part if main.reading else "", ""
    linked = next((one for one in several if one.source.profile == profile), None)
    linked = linked or await _ask_where(main, several)
    if linked is None:
        return
    candidate_id = candidate_id or await _ask_whom(main, person, linked)
    if not candidate_id:
        return
    chosen = await main.people.choose(person.own.customer, linked, candidate_id)
    main.customer_pane.take(person.own.customer.id, chosen)
    text = _("{id} is the record at {profile} from now on. M picks another.")
    main.tell(text.format(id=candidate_id, profile=linked.source.profile), "ok")


async def _ask_where(main: MainScreen, several: Sequence[Linked]) -> Linked | None:
    if len(several) == 1:
        return several[0]
    choices = [Choice(one.source.profile, one.source.profile, detail=one.source.title) for one in several]
    picked = await main.app.push_screen_wait(PickDialog(_("At which profile?"), choices, words=words()))
    return next((one for one in several if one.source.profile == picked), None)


async def _ask_whom(main: MainScreen, person: Person, linked: Linked) -> str:
    choices = [
        Choice(one.id, one.name or one.id, detail=candidate_memo(one, main.customer_pane.masking))
        for one in linked.candidates
    ]
    name = person.own.customer.name or person.own.customer.id
    heading = _("Which of them is {name} at {profile}?").format(name=name, profile=linked.source.profile)
    current = linked.record.customer.id if linked.record else ""
    picked = await main.app.push_screen_wait(PickDialog(heading, choices, current=current, words=words()))
    return picked or ""
