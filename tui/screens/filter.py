"""Listing some of the customers: one owner's, or those that the vendor finds by conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.client.models import Condition, FieldSpec, Query
from tui.desk.outcome import Capabilities, Owner
from tui.locale import N_, _
from tui.model.characters import clean_text
from tui.model.phone_email import SHORTEST_NUMBER, read_email, read_phone
from tui.screens.words import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField, FormSection
from widgets.inputs import Choice, ChoiceInput, TextInput

if TYPE_CHECKING:
    from tui.screens.main import MainScreen

CONDITIONS = 3
"""Conditions in one form; the command line takes any number."""

OPERATORS = {"eq": N_("is"), "empty": N_("is empty")}
"""The documented operators as people say them."""

Result = tuple[str | None, tuple[Condition, ...]]


class FilterDialog(Dialog[Result]):
    """Asks for an owner and, where the vendor searches, for conditions."""

    def __init__(
        self, owners: Sequence[Owner], specs: Sequence[FieldSpec], capabilities: Capabilities, query: Query
    ) -> None:
        super().__init__(_("Which customers?"), words=words())
        self._owners = owners
        self._specs = [spec for spec in specs if spec.enabled and spec.searchable]
        self._operators = capabilities.operators
        self._query = query

    def compose_body(self) -> ComposeResult:
        owners = [Choice(owner.user_id, f"{owner.name} {owner.user_id}".strip()) for owner in self._owners]
        if self._query.owner and all(owner.key != self._query.owner for owner in owners):
            owners.append(Choice(self._query.owner, self._query.owner))
        fields: list[FormField | FormSection] = [
            FormField("owner", _("Owner"), ChoiceInput(owners, words=self.words), self._query.owner or "")
        ]
        for number in range(CONDITIONS) if self._operators else ():
            fields += self._condition_fields(number)
        yield Form(fields, words=self.words)

    def _condition_fields(self, number: int) -> list[FormField | FormSection]:
        given = self._query.conditions[number] if number < len(self._query.conditions) else None
        operators = [Choice(name, _(OPERATORS.get(name, name))) for name in self._operators]
        names = [Choice(spec.code, _(spec.label)) for spec in self._specs]
        return [
            FormSection(_("Condition {number}, asked of the vendor").format(number=number + 1)),
            FormField(
                f"field.{number}", _("Field"), ChoiceInput(names, words=self.words), given.field if given else ""
            ),
            FormField(
                f"operator.{number}",
                _("Test"),
                ChoiceInput(operators, clearable=False, words=self.words),
                given.operator if given else self._operators[0],
            ),
            FormField(
                f"value.{number}", _("Value"), TextInput(words=self.words), ", ".join(given.values) if given else ""
            ),
        ]

    def on_mount(self) -> None:
        """Begin with the owner."""
        self.query_one(Form).focus_first()

    def action_send(self) -> None:
        """Close with the filter; an empty one lists all."""
        values = {key: str(value) for key, value in self.query_one(Form).values().items()}
        conditions = []
        for number in range(CONDITIONS) if self._operators else ():
            field, operator, text = (values[f"{name}.{number}"] for name in ("field", "operator", "value"))
            if not field:
                if text:
                    self.complain(_("condition {number} has a value and no field").format(number=number + 1))
                    return
                continue
            parts = (clean_text(part) for part in text.replace("，", ",").split(","))
            wanted = tuple(part for part in parts if part)
            if operator != "empty" and not wanted:
                self.complain(_("condition {number} has no value").format(number=number + 1))
                return
            conditions.append(Condition(field=field, operator=operator, values=wanted))
        self.finish((values["owner"] or None, tuple(conditions)))


def condition_for(text: str, specs: Sequence[FieldSpec]) -> Condition:
    """What TEXT, typed to search what was seen here, most likely asks of the vendor."""
    codes = [spec.code for spec in specs if spec.enabled and spec.searchable]
    if "@" in text and "emails" in codes:
        return Condition(field="emails", values=(read_email(text),))
    phone = read_phone(text)
    if phone and len(phone.number) >= SHORTEST_NUMBER and "phones" in codes:
        return Condition(field="phones", values=(phone.spellings[0],))
    return Condition(field="name", values=(clean_text(text),))


async def filter(main: MainScreen) -> None:
    """List the customers that the agent asks for."""
    query = main.list_pane.query_in_use or main.app.first_query()
    desk = main.desk
    specs = await desk.fields() if desk.capabilities.operators else ()
    if main.list_pane.search_text and specs:
        query = query.model_copy(update={"conditions": (condition_for(main.list_pane.search_text, specs),)})
    dialog = FilterDialog(await desk.owners(), specs, desk.capabilities, query)
    asked = await main.app.push_screen_wait(dialog)
    if asked is None:
        return
    owner, conditions = asked
    await main.list_customers(query.model_copy(update={"owner": owner, "conditions": conditions, "page": 1}))
