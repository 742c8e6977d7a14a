"""Deciding about a person's records: which of several is the one, and which value stands where they disagree.

A value is chosen, and the vendors that it is carried to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.desk.linked.differences import carried, differences, field_for
from tui.desk.linked.matching import key_of
from tui.desk.linked.person import Difference, Linked, Person
from tui.locale import _, listed
from tui.model.masking import OPEN, Masker
from tui.screens.forms.saving import Share, confirmed, mistake, save
from tui.screens.linked.compared import compared_texts
from tui.screens.linked.editable_sections import Closed, EditableSection, parts_of, whole_person, why_none, why_not_yet
from tui.screens.linked.linked_section import candidate_memo
from tui.screens.main.customer_blocks import PICK, SETTLE
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField, FormSection
from widgets.inputs import ChoiceInput, ChoicesInput, PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen

Settled = tuple[str, tuple[str, ...]]
"""The value, and the profiles that it is carried to."""


class SettleDialog(Dialog[Settled]):
    """Asks for one of the `values`, each with the profiles that have it, and to which of `parts` it is carried.

    What cannot take it, `closed`, says why.
    """

    SIZE = "-short"

    def __init__(
        self,
        difference: Difference,
        values: Mapping[str, Sequence[str]],
        parts: Sequence[EditableSection],
        closed: Sequence[Closed],
        *,
        chosen: str = "",
        masker: Masker = OPEN,
    ) -> None:
        super().__init__(_("Settle: {field}").format(field=_(difference.label)), words=words())
        self._label = _(difference.label)
        self._values = values
        self._parts = parts
        self._refusing = closed
        self._chosen = chosen or next(iter(values))
        self._masker, self._code = masker, difference.field

    def compose_body(self) -> ComposeResult:
        values = [
            PickOption(text, self._masker.text(self._code, text), detail=listed(profiles))
            for text, profiles in self._values.items()
        ]
        profiles = [part.source.profile for part in self._parts]
        to = [PickOption(part.source.profile, part.source.profile, detail=part.source.title) for part in self._parts]
        fields: list[FormField | FormSection] = [
            FormField("value", self._label, ChoiceInput(values, clearable=False, words=self.words), self._chosen),
            FormField("to", _("Carry to"), ChoicesInput(to, words=self.words), tuple(profiles)),
        ]
        fields += (FormSection(f"{one.source.profile} · {one.source.title}: {one.reason}") for one in self._refusing)
        yield Form(fields, words=self.words)

    def on_mount(self) -> None:
        """Begin with the value."""
        self.query_one(Form).focus_first()
        self.say(_("What has the value already is left alone."))

    def action_send(self) -> None:
        """Close with the value and where it goes."""
        values = self.query_one(Form).values()
        profiles = values["to"]
        if not profiles or isinstance(profiles, str):
            self.complain(_("choose where to carry it to"))
            return
        self.finish((str(values["value"]), tuple(str(profile) for profile in profiles)))


async def settle(main: MainScreen) -> None:
    """Settle the difference under the cursor, or the one that the agent picks."""
    person = await whole_person(main)
    if person is None:
        main.tell(_("There is no customer here."))
        return
    difference = await _pick(main, differences(person))
    if difference is None:
        return
    parts, closed = await _takers(main, person, difference)
    if not parts:
        never = _("Nothing can be edited here. {reasons}").format(reasons=why_none(closed))
        main.tell(why_not_yet(main, person, "settle") or never, "warn")
        return
    masker = main.customer_pane.masker(person.source.profile)
    dialog = SettleDialog(difference, _values(difference), parts, closed, masker=masker)
    settled = await main.app.push_screen_wait(dialog)
    if settled is None:
        return
    shares = _shares(difference.field, settled, parts)
    if not shares:
        main.tell(_("They have it already."))
    elif await confirmed(main, shares):
        problem = await mistake(main, shares)
        if problem:
            main.tell(problem, "error")
        else:
            await save(main, shares)


async def _pick(main: MainScreen, found: Sequence[Difference]) -> Difference | None:
    if not found:
        main.tell(_("The profiles agree on name, company, phones and e-mails."))
        return None
    act, _blank, field = main.customer_pane.sheet.current_ref.partition(" ")
    here = next((one for one in found if main.reading and act == SETTLE and one.field == field), None)
    if here is not None or len(found) == 1:
        return here or found[0]
    choices = [PickOption(one.field, _(one.label)) for one in found]
    picked = await main.app.push_screen_wait(PickDialog(_("Settle which field?"), choices, words=words()))
    return next((one for one in found if one.field == picked), None)


async def _takers(
    main: MainScreen, person: Person, difference: Difference
) -> tuple[list[EditableSection], list[Closed]]:
    """The profiles that can take a value of `difference`'s field, and those that cannot, with why."""
    parts: list[EditableSection] = []
    closed: list[Closed] = []
    for section in await parts_of(main, person):
        if isinstance(section, Closed):
            closed.append(section)
        elif field_for(difference.field, section.specs) is None:
            closed.append(Closed(section.source, _("it has no such field that can be edited")))
        else:
            parts.append(section)
    return parts, closed


def _values(difference: Difference) -> dict[str, list[str]]:
    """Each value that there is, as it is first written, and the profiles that have it."""
    spelt: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for holding in difference.holdings:
        for text in compared_texts(holding):
            first = spelt.setdefault(key_of(difference.field, text), text)
            found.setdefault(first, []).append(holding.source.profile)
    return found


def _shares(field: str, settled: Settled, parts: Sequence[EditableSection]) -> list[Share]:
    text, profiles = settled
    shares = []
    for part in parts:
        spec = field_for(field, part.specs)
        if part.source.profile in profiles and spec is not None:
            share = Share(part, carried(part.customer, spec, field, text))
            if part.desk.preview(part.customer, share.values):
                shares.append(share)
    return shares


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
    choices = [PickOption(one.source.profile, one.source.profile, detail=one.source.title) for one in several]
    picked = await main.app.push_screen_wait(PickDialog(_("At which profile?"), choices, words=words()))
    return next((one for one in several if one.source.profile == picked), None)


async def _ask_whom(main: MainScreen, person: Person, linked: Linked) -> str:
    masker = main.customer_pane.masker(linked.source.profile)
    choices = [
        PickOption(one.id, masker.text("name", one.name) or one.id, detail=candidate_memo(one, masker))
        for one in linked.candidates
    ]
    name = person.own.customer.name or person.own.customer.id
    heading = _("Which of them is {name} at {profile}?").format(name=name, profile=linked.source.profile)
    current = linked.record.customer.id if linked.record else ""
    picked = await main.app.push_screen_wait(PickDialog(heading, choices, current=current, words=words()))
    return picked or ""
