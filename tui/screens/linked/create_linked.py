"""Creating a person's record at a linked profile where nobody was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.desk.linked.person import Linked, LinkState
from tui.locale import _
from tui.model.customer import Customer
from tui.model.errors import InvalidError
from tui.model.masking import Cover
from tui.screens.forms.drafts import DraftKeeper
from tui.screens.forms.edit import tell_left
from tui.screens.forms.fields_dialog import FieldsDialog, present_in
from tui.screens.linked.editable_sections import EditableSection, PartsKeeper, whole_person, why_not_yet
from tui.screens.outbox.mend import told_or_mended
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


async def create_linked(main: MainScreen) -> None:
    """Create the record at the profile in whose part the cursor is, or that the agent picks, once it was seen."""
    person = await whole_person(main)
    if person is None:
        main.tell(_("There is no customer here."))
        return
    missing = [linked for linked in person.linked if linked.state is LinkState.MISSING]
    linked = await _pick(main, missing)
    if linked is None:
        if not missing:
            none = _("No linked profile told that it has no record of this customer.")
            main.tell(why_not_yet(main, person, "create_linked") or none, "warn")
        return
    source, own = linked.source, person.own.customer
    name = own.name or own.id
    desk = await main.linked_desks.desk(source.profile)
    if reason := desk.why_not("create"):
        main.tell(
            _("No {name} at {profile}: {reason}.").format(name=name, profile=source.profile, reason=reason), "warn"
        )
        return
    specs = tuple(spec for spec in await desk.fields() if spec.enabled and spec.editable)
    filled = await main.people.for_create(person, source.profile)
    part = EditableSection(
        source, desk, Customer(id=""), specs, Cover(main.customer_pane.masker(person.source.profile))
    )
    draft = DraftKeeper(desk, "create", f"{person.source.profile} {own.id}")
    keeper = PartsKeeper({source.profile: draft})
    values = await keeper.offer(main, name, present_in([part]))
    if values is None:
        return
    heading = _("Create {name} at {profile}").format(name=name, profile=f"{source.profile} · {source.title}")
    problem = ""
    while True:
        dialog = FieldsDialog(heading, keeper, [part], values, problem=problem, filled=filled)
        wanted = await main.app.push_screen_wait(dialog)
        if wanted is None:
            await tell_left(main, keeper)
            return
        try:
            main.tell(_("Creating …"))
            delivery = await desk.create(wanted[source.profile], draft=draft.id)
        except InvalidError as error:
            problem = told(error)
            values = await keeper.kept()
            continue
        break
    done = await told_or_mended(main, desk, delivery, _("Created {name}.").format(name=name))
    if done is not None and done.customer is not None:
        main.customer_pane.take(own.id, await main.people.choose(own, linked, done.customer.id))


async def _pick(main: MainScreen, missing: Sequence[Linked]) -> Linked | None:
    part = main.customer_pane.part if main.reading else ""
    here = next((one for one in missing if one.source.profile == part), None)
    if here is not None or len(missing) < 2:
        return here or next(iter(missing), None)
    choices = [PickOption(one.source.profile, one.source.profile, detail=one.source.title) for one in missing]
    picked = await main.app.push_screen_wait(PickDialog(_("At which profile?"), choices, words=words()))
    return next((one for one in missing if one.source.profile == picked), None)
