"""Editing a person, wherever its records lie, and creating a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.locale import _
from tui.model.customer import Customer
from tui.model.errors import InvalidError
from tui.screens.forms.drafts import DraftKeeper, Keeper
from tui.screens.forms.fields_dialog import FieldsDialog, present_in
from tui.screens.forms.saving import Share, confirmed, mistake, save
from tui.screens.linked.editable_sections import (
    EditableSection,
    PartsKeeper,
    only_parts,
    parts_of,
    whole_person,
    why_none,
    why_not_yet,
)
from tui.screens.outbox.mend import told_or_mended
from tui.screens.result_text import told

if TYPE_CHECKING:
    from tui.desk.linked.caller import Said
    from tui.screens.main.main_screen import MainScreen


async def edit(main: MainScreen) -> None:
    """Edit the customer and its linked records; what is typed is kept until the vendors say that it is saved."""
    person = await whole_person(main)
    if person is None:
        main.tell(_("There is no customer to edit."))
        return
    sections = await parts_of(main, person)
    parts = only_parts(sections)
    if not parts:
        never = _("Nothing can be edited here. {reasons}").format(reasons=why_none(sections))
        main.tell(why_not_yet(main, person, "edit") or never, "warn")
        return
    name = person.own.customer.name or person.own.customer.id
    keepers = {part.source.profile: DraftKeeper(part.desk, "edit", part.customer.id) for part in parts}
    keeper = PartsKeeper(keepers)
    values = await keeper.offer(main, name, present_in(parts))
    if values is None:
        return
    first, problem = _under_cursor(main, parts), ""
    while True:
        heading = _("Edit {name}").format(name=name)
        dialog = FieldsDialog(heading, keeper, sections, values, problem=problem, first=first)
        wanted = await main.app.push_screen_wait(dialog)
        if wanted is None:
            await tell_left(main, keeper)
            return
        shares = [
            Share(part, wanted[part.source.profile], keepers[part.source.profile])
            for part in parts
            if part.source.profile in wanted
        ]
        problem = ""
        if await confirmed(main, shares):
            problem = await mistake(main, shares)
            if not problem:
                await save(main, shares)
                return
        values = await keeper.kept()


def _under_cursor(main: MainScreen, parts: Sequence[EditableSection]) -> str:
    """The form's key for the value under the cursor of the customer's pane, as far as it is one of `parts`' fields."""
    profile = main.customer_pane.part if main.reading else ""
    part = next((part for part in parts if part.source.profile == profile), None)
    current = main.customer_pane.sheet.current
    if part is None or current is None:
        return ""
    editable = [spec for spec in part.specs if spec.editable]
    spec = next((spec for spec in editable if _(spec.label) == current[0]), editable[0] if editable else None)
    return part.key(spec.code) if spec else ""


async def create(main: MainScreen, said: Said | None = None) -> None:
    """Create a customer, with what a caller `said` in the field that it belongs in."""
    nobody = Customer(id="")
    specs = tuple(spec for spec in await main.desk.fields() if spec.enabled and spec.editable)
    part = EditableSection(main.people.source, main.desk, nobody, specs)
    own = DraftKeeper(main.desk, "create", "")
    keeper = PartsKeeper({part.source.profile: own})
    values: Mapping[str, object] | None
    if said is not None:
        values = {part.key(code): value for code, value in said_values(said, [spec.code for spec in specs]).items()}
    else:
        values = await keeper.offer(main, _("A new customer"), present_in([part]))
    if values is None:
        return
    problem = ""
    while True:
        dialog = FieldsDialog(_("Create a customer"), keeper, [part], values, problem=problem)
        wanted = await main.app.push_screen_wait(dialog)
        if wanted is None:
            await tell_left(main, keeper)
            return
        fields = wanted[part.source.profile]
        try:
            main.tell(_("Creating …"))
            delivery = await main.desk.create(fields, draft=own.id)
        except InvalidError as error:
            problem = told(error)
            values = await keeper.kept()
            continue
        if delivery.customer is not None:
            await main.list_pane.reload("first")
            main.open_customer(delivery.customer.id)
        await told_or_mended(main, main.desk, delivery, _("Created {name}.").format(name=fields.get("name", "")))
        return


def said_values(said: Said, codes: Sequence[str]) -> Mapping[str, object]:
    """Return what of a form with the fields `codes` is filled with what was said: the one that it belongs in."""
    rows = {"phone": ("phone", "phones"), "telephone": ("telephone", "phones"), "email": ("email", "emails")}
    for code in rows.get(said.kind, ("name",) if said.kind == "name" else ()):
        if code in codes:
            return {code: [[said.value, ""]] if code in ("phones", "emails") else said.value}
    return {}


async def tell_left(main: MainScreen, keeper: Keeper) -> None:
    """Say that what was typed into the form that the agent left is kept, if anything is."""
    if await keeper.kept():
        main.tell(_("What you typed is kept as a draft."))
