"""Listing some of the customers: one owner's, or those that the vendor finds by conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.desk.outcome import Capabilities, Owner
from tui.locale import N_, _
from tui.model.characters import clean_text
from tui.model.conditions import EMPTY, EQUALS, LEVEL, check_condition, parse_condition
from tui.model.customer import Condition, FieldSpec, Query
from tui.model.errors import InvalidError
from tui.model.phone_email import SHORTEST_NUMBER, read_email, read_phone
from tui.model.query.operands import EQUALS as EQUALS_IN_QUERY
from tui.model.query.parser import ANY
from tui.model.query.tree import FieldClause, QueryKind
from tui.screens.forms.field_inputs import cascade_nodes, choices_of
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField, FormSection
from widgets.inputs import CascadeInput, ChoiceInput, ChoicesInput, PickOption, TextInput, Value

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen

CONDITIONS = 3
"""Conditions in one form; the command line takes any number."""

TESTS = {EQUALS: N_("is (one of)"), EMPTY: N_("is empty")}
"""The documented operators as people say them."""

EXACT_KINDS = (QueryKind.CHOICE, QueryKind.CASCADE, QueryKind.NUMBER, QueryKind.PHONE)
"""What a query and the vendor both find as a whole; of a text a query finds a piece."""

VALUES = ("value", "choices", "path")
"""The inputs of a condition's value: typed, ticked among a field's choices, or a path of its cascade. One is shown."""

Result = tuple[str | None, tuple[Condition, ...]]


class FilterDialog(Dialog[Result]):
    """Asks for an owner and, where the vendor searches, for conditions. What a value is chosen from is its field's."""

    def __init__(
        self, owners: Sequence[Owner], specs: Sequence[FieldSpec], capabilities: Capabilities, query: Query
    ) -> None:
        super().__init__(_("Which customers?"), words=words())
        self._owners = owners
        self._specs = {spec.code: spec for spec in specs if spec.enabled and spec.searchable}
        self._operators = capabilities.operators
        self._query = query

    def compose_body(self) -> ComposeResult:
        owners = [PickOption(owner.user_id, f"{owner.name} {owner.user_id}".strip()) for owner in self._owners]
        if self._query.owner and all(owner.key != self._query.owner for owner in owners):
            owners.append(PickOption(self._query.owner, self._query.owner))
        fields: list[FormField | FormSection] = [
            FormField("owner", _("Owner"), ChoiceInput(owners, words=self.words), self._query.owner or "")
        ]
        for number in self._numbers:
            fields += self._condition_fields(number)
        yield Form(fields, words=self.words)

    @property
    def _numbers(self) -> range:
        return range(CONDITIONS if self._operators else 0)

    def _condition_fields(self, number: int) -> list[FormField | FormSection]:
        given = self._given(number)
        operators = [PickOption(name, _(TESTS.get(name, name))) for name in self._operators]
        called = Counter(_(spec.label) for spec in self._specs.values())
        names = [
            PickOption(
                spec.code, _(spec.label), search=spec.code, detail=spec.code if called[_(spec.label)] > 1 else ""
            )
            for spec in self._specs.values()
        ]
        heading = _("Condition {number}, asked of the vendor").format(number=number + 1)
        note = _("Those are listed for whom all conditions are true.") if number == 0 else ""
        field, operator = (given.field, given.operator) if given else ("", self._operators[0])
        values = self._start_values(given)
        inputs = (TextInput(words=self.words), ChoicesInput((), words=self.words), CascadeInput((), words=self.words))
        return [
            FormSection(heading, note),
            FormField(f"field.{number}", _("Field"), ChoiceInput(names, words=self.words), field),
            FormField(
                f"operator.{number}",
                _("Test"),
                ChoiceInput(operators, clearable=False, words=self.words),
                operator,
            ),
            *(
                FormField(f"{name}.{number}", _("Value"), input, values.get(name, ""))
                for name, input in zip(VALUES, inputs, strict=True)
            ),
        ]

    def _given(self, number: int) -> Condition | None:
        return self._query.conditions[number] if number < len(self._query.conditions) else None

    def _start_values(self, given: Condition | None) -> dict[str, Value]:
        """What the inputs of a value start from."""
        if given is None:
            return {}
        if self._kind(given.field) == "path":
            return {"path": tuple(given.values[0].split(LEVEL)) if given.values else ()}
        if self._kind(given.field) == "choices":
            return {"choices": given.values}
        return {"value": ", ".join(value.replace(",", "\\,") for value in given.values)}

    def _kind(self, code: str) -> str:
        """Which of `VALUES` a value of the field `code` is given in."""
        spec = self._specs.get(code)
        if spec is not None and spec.cascade is not None:
            return "path"
        return "choices" if spec is not None and spec.choices else "value"

    def on_mount(self) -> None:
        """Begin with the owner."""
        for number in self._numbers:
            self._fit(number)
        self.query_one(Form).focus_first()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Show the input that fits the field that was chosen."""
        event.stop()
        self.complain("")
        for number in self._numbers:
            self._fit(number)

    def _fit(self, number: int) -> None:
        rows = self.query_one(Form).rows
        code, operator = (str(rows[f"{name}.{number}"].input.value) for name in ("field", "operator"))
        spec = self._specs.get(code)
        shown = "" if operator == EMPTY else self._kind(code)
        for name in VALUES:
            rows[f"{name}.{number}"].display = name == shown
        choices, path = rows[f"choices.{number}"].input, rows[f"path.{number}"].input
        if spec is not None and isinstance(choices, ChoicesInput) and shown == "choices":
            choices.offer(choices_of(spec))
        if spec is not None and isinstance(path, CascadeInput) and shown == "path" and spec.cascade is not None:
            path.offer(cascade_nodes(spec.cascade.children))

    def action_send(self) -> None:
        """Close with the filter; an empty one lists all."""
        form = self.query_one(Form)
        conditions = []
        for number in self._numbers:
            try:
                condition = self._condition(number)
            except InvalidError as error:
                self.complain(told(error))
                shown = next(name for name in (*VALUES, "field") if form.rows[f"{name}.{number}"].display)
                form.focus_field(f"{shown}.{number}")
                return
            if condition is not None:
                conditions.append(condition)
        self.finish((str(form.values()["owner"]) or None, tuple(conditions)))

    def _condition(self, number: int) -> Condition | None:
        """Return what is asked for as condition `number`; None where nothing is.

        Raises: InvalidError.
        """
        values = self.query_one(Form).values()
        field, operator = (str(values[f"{name}.{number}"]) for name in ("field", "operator"))
        typed, ticked, path = (values[f"{name}.{number}"] for name in VALUES)
        if not field:
            if str(typed).strip():
                raise InvalidError(N_("condition {number} has a value and no field"), number=number + 1)
            return None
        specs = [spec.model_copy(update={"label": _(spec.label)}) for spec in self._specs.values()]
        kind = self._kind(field)
        if operator == EMPTY:
            return check_condition(specs, Condition(field=field, operator=operator), self._operators)
        if kind == "value":
            return parse_condition(specs, field, operator, str(typed), self._operators)
        chosen = (LEVEL.join(map(str, path)),) if kind == "path" else tuple(map(str, ticked))
        return check_condition(specs, Condition(field=field, operator=operator, values=chosen), self._operators)


def condition_for(text: str, specs: Sequence[FieldSpec]) -> Condition:
    """What `text`, typed to search what was seen here, most likely asks of the vendor."""
    codes = [spec.code for spec in specs if spec.enabled and spec.searchable]
    if "@" in text and "emails" in codes:
        return Condition(field="emails", values=(read_email(text),))
    phone = read_phone(text)
    if phone and len(phone.number) >= SHORTEST_NUMBER and "phones" in codes:
        return Condition(field="phones", values=(phone.spellings[0],))
    return Condition(field="name", values=(clean_text(text),))


async def as_conditions(main: MainScreen, asked: str, query: Query) -> Query:
    """Return `query` with as much of the query `asked` as the vendor answers exactly."""
    owner, conditions = query.owner, []
    for clause in (await main.desk.queries.read(asked)).query.clauses:
        if not isinstance(clause, FieldClause) or clause.operator != EQUALS_IN_QUERY:
            continue
        if clause.field.name == "owner" and not clause.negated and len(clause.shown) == 1:
            owner = await main.desk.colleague(clause.shown[0])
        elif clause.shown == (ANY,) and clause.negated:
            conditions.append((clause.field.name, EMPTY, ""))
        elif not clause.negated and ANY not in clause.shown and clause.field.kind in EXACT_KINDS:
            conditions.append((clause.field.name, EQUALS, ",".join(clause.shown)))
    found = []
    for field, operator, values in conditions[:CONDITIONS]:
        try:
            found.append(await main.desk.condition(field, operator, values))
        except InvalidError:
            continue  # the vendor does not search by it
    return query.model_copy(update={"owner": owner, "conditions": tuple(found)})


async def filter(main: MainScreen, text: str = "") -> None:
    """List the customers that the agent asks the vendor for, to begin with what it can answer of the query `text`."""
    query = main.list_pane.query_in_use or main.app.first_query()
    desk = main.desk
    specs = await desk.fields() if desk.capabilities.operators else ()
    if main.list_pane.search_text and specs:
        query = query.model_copy(update={"conditions": (condition_for(main.list_pane.search_text, specs),)})
    if text:
        query = await as_conditions(main, text, query)
    dialog = FilterDialog(await desk.owners(), specs, desk.capabilities, query)
    asked = await main.app.push_screen_wait(dialog)
    if asked is None:
        return
    owner, conditions = asked
    await main.list_customers(query.model_copy(update={"owner": owner, "conditions": conditions, "page": 1}))
