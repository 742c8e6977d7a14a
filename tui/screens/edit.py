"""Editing and creating a customer: every editable field of the vendor's configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.client.errors import InvalidError
from tui.client.models import Customer, FieldSpec, FieldValue, FieldValues
from tui.desk.outcome import ChangedSinceError, Delivery, FieldChange
from tui.desk.texts import texts
from tui.desk.values import value_of
from tui.locale import _, ngettext
from tui.screens.conflict import decide
from tui.screens.describe import lines_of
from tui.screens.drafts import DraftedDialog, DraftKeeper, Present
from tui.screens.fields import form_field, from_input, from_inputs, to_input
from tui.screens.words import words
from widgets.dialog import ConfirmDialog
from widgets.form import Form
from widgets.inputs import Value

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

Values = dict[str, FieldValue]


class FieldsDialog(DraftedDialog[Values]):
    """A form with one input a field; its result is what differs from the customer it began with."""

    def __init__(
        self,
        heading: str,
        keeper: DraftKeeper,
        specs: Sequence[FieldSpec],
        customer: Customer,
        draft: Mapping[str, object],
        problem: str = "",
    ) -> None:
        super().__init__(heading, keeper, draft)
        self._specs = {spec.code: spec for spec in specs}
        self._customer = customer
        self._problem = problem

    def compose_body(self) -> ComposeResult:
        fields = [form_field(spec, self._initial(spec)) for spec in self._specs.values()]
        yield Form(fields, words=self.words)

    def on_mount(self) -> None:
        super().on_mount()
        if self._problem:
            self.complain(self._problem)

    def _initial(self, spec: FieldSpec) -> FieldValue:
        """What the field holds; in a customer who is to be created, what the vendor will fill in."""
        return value_of(self._customer, spec.code) if self._customer.id else spec.default

    def typed(self) -> None:
        count = len(self.form.changed())
        self.say(ngettext("{count} field changed", "{count} fields changed", count).format(count=count))

    def action_send(self) -> None:
        """Close with what changed, unless something is wrong with it."""
        if self.form.focus_first_problem():
            label, reason = self.form.problems()[0]
            self.complain(f"{label}: {reason}")
            return
        changed = self.form.changed()
        if not changed:
            self.complain(_("nothing is changed yet"))
            return
        self.keep_and_finish(from_inputs(self._specs, changed))


async def edit(main: MainScreen) -> None:
    """Edit the customer; what is typed is kept until the vendor's answer says that it is saved."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to edit."))
        return
    specs = await main.desk.fields()
    keeper = DraftKeeper(main.desk, "edit", customer.id)
    values = await keeper.offer(main, customer.name or customer.id, _present(customer, specs))
    if values is None:
        return
    problem = ""
    while True:
        heading = _("Edit {name}").format(name=customer.name or customer.id)
        dialog = FieldsDialog(heading, keeper, _shown(specs), customer, values, problem)
        wanted = await main.app.push_screen_wait(dialog)
        if wanted is None:
            _tell_left(main, bool(await keeper.kept()))
            return
        changes = main.desk.preview(customer, wanted)
        if await _confirmed(main, changes, specs):
            try:
                delivery = await _save(main, keeper, customer, wanted)
            except InvalidError as error:
                problem = f"{error.message(_)} {error.hint(_)}".rstrip()
            else:
                if delivery is not None:
                    await _saved(main, keeper, delivery, customer)
                return
        values = await keeper.kept()


async def create(main: MainScreen) -> None:
    """Create a customer."""
    specs = [spec for spec in _shown(await main.desk.fields()) if spec.editable]
    keeper = DraftKeeper(main.desk, "create", "")
    nobody = Customer(id="")
    values = await keeper.offer(main, _("A new customer"), _present(nobody, specs))
    if values is None:
        return
    problem = ""
    while True:
        dialog = FieldsDialog(_("Create a customer"), keeper, specs, nobody, values, problem)
        wanted = await main.app.push_screen_wait(dialog)
        if wanted is None:
            _tell_left(main, bool(await keeper.kept()))
            return
        try:
            main.tell(_("Creating …"))
            delivery = await main.desk.create(wanted, draft=keeper.id)
        except InvalidError as error:
            problem = f"{error.message(_)} {error.hint(_)}".rstrip()
            values = await keeper.kept()
            continue
        main.tell_delivery(delivery, _("Created {name}.").format(name=wanted.get("name", "")))
        if delivery.customer is not None:
            await main.list_pane.reload("first")
            main.open_customer(delivery.customer.id)
        return


def _shown(specs: Sequence[FieldSpec]) -> list[FieldSpec]:
    return [spec for spec in specs if spec.enabled]


def _present(customer: Customer, specs: Sequence[FieldSpec]) -> dict[str, Present]:
    """What CUSTOMER has in the fields of the form."""

    def present(spec: FieldSpec) -> Present:
        def show(value: Value) -> str:
            return ", ".join(texts(from_input(spec, value), spec))

        return Present(spec.label, to_input(spec, value_of(customer, spec.code)), show)

    return {spec.code: present(spec) for spec in specs}


def _tell_left(main: MainScreen, kept: bool) -> None:
    if kept:
        main.tell(_("What you typed is kept as a draft."))


async def _confirmed(main: MainScreen, changes: Sequence[FieldChange], specs: Sequence[FieldSpec]) -> bool:
    """Whether the agent, who sees each field before and after, wants them saved."""
    question = ngettext("Save {count} change?", "Save {count} changes?", len(changes)).format(count=len(changes))
    dialog = ConfirmDialog(_("Save"), question, lines_of(changes, specs), safe=True, words=words())
    confirmed = await main.app.push_screen_wait(dialog)
    return bool(confirmed)


async def _save(main: MainScreen, keeper: DraftKeeper, customer: Customer, wanted: Values) -> Delivery | None:
    """Send WANTED; where somebody else changed the same fields, as the agent decides. None: not sent."""
    before: Customer = customer
    values: FieldValues = wanted
    while True:
        main.tell(_("Saving …"))
        try:
            return await main.desk.update(before, values, draft=keeper.id)
        except ChangedSinceError as error:
            decided = await decide(main, error.conflict)
            if decided is None:
                main.tell(_("Not sent; what you typed is kept as a draft."))
                return None
            if not decided:
                await keeper.drop()
                main.tell(_("Not sent: theirs stays."))
                return None
            before, values = error.conflict.theirs, decided


async def _saved(main: MainScreen, keeper: DraftKeeper, delivery: Delivery, customer: Customer) -> None:
    """Tell how far it came. The draft went when the change was recorded; what was there already needs none."""
    if not delivery.change_ids:
        await keeper.drop()
    main.tell_delivery(delivery, _("Saved {name}.").format(name=customer.name or customer.id))
    main.customer_pane.again()
    main.list_pane.redraw_row(delivery.customer)
