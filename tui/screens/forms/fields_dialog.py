"""The form for a customer's fields: one section a profile, one input a field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult

from tui.desk.defaults import default_of
from tui.desk.values import value_of
from tui.locale import _, ngettext
from tui.model.customer import FieldSpec, FieldValue, FieldValues
from tui.model.display import texts
from tui.screens.forms.drafts import DraftedDialog, Keeper, Present, Refused
from tui.screens.forms.field_inputs import form_field, from_input, to_input
from tui.screens.linked.editable_sections import Closed, EditableSection, split
from widgets.dialog import Hint
from widgets.form import Form, FormField, FormSection
from widgets.inputs import Value

MANY = 12
"""Fields from which on one is found quicker by typing than by moving."""

Wanted = dict[str, dict[str, FieldValue]]
"""What is to be sent, by profile and by the field's code."""


class FieldsDialog(DraftedDialog[Wanted]):
    """A form over `sections`; its result is what differs from the customers that it began with, by profile.

    A customer without an id is to be created: its fields begin with `filled` or with the vendor's defaults, and all
    that is shown is sent although nobody typed it. `first` is the field that takes keys at once.
    """

    def __init__(
        self,
        heading: str,
        keeper: Keeper,
        sections: Sequence[EditableSection | Closed],
        draft: Mapping[str, object],
        *,
        problem: str = "",
        filled: FieldValues | None = None,
        first: str = "",
        refused: Refused | None = None,
    ) -> None:
        super().__init__(heading, keeper, draft, refused)
        self._sections = sections
        self._parts = {section.source.profile: section for section in sections if isinstance(section, EditableSection)}
        self._problem = problem
        self._filled = filled or {}
        self._first = first

    def compose_body(self) -> ComposeResult:
        fields: list[FormField | FormSection] = []
        for section in self._sections:
            source = section.source
            if isinstance(section, Closed):
                fields.append(FormSection(f"{source.profile} · {source.title}: {section.reason}"))
                continue
            if len(self._sections) > 1:
                fields.append(FormSection(f"{source.profile} · {source.title}"))
            for spec in section.specs:
                value = self._initial(section, spec)
                if spec.editable or value:  # what the vendor makes up is shown once it is there
                    fields.append(form_field(spec, value, section.key(spec.code), creating=not section.customer.id))
        yield Form(fields, words=self.words)

    def hints(self) -> Sequence[Hint]:
        fields = sum(len(part.specs) for part in self._parts.values())
        return (*super().hints(), *((("ctrl+g", self.words.find_field),) if fields > MANY else ()))

    def on_mount(self) -> None:
        super().on_mount()
        if self._first:
            self.form.focus_field(self._first)
        if self._problem:
            self.complain(self._problem)

    def _initial(self, part: EditableSection, spec: FieldSpec) -> FieldValue:
        if part.customer.id:
            value = value_of(part.customer, spec.code)
        else:
            value = self._filled.get(spec.code) or default_of(spec)
        return part.cover.hide(spec.code, value)

    def typed(self) -> None:
        found = split(self.form.changed())
        count = sum(map(len, found.values()))
        text = ngettext("{count} field changed", "{count} fields changed", count).format(count=count)
        if len(self._parts) > 1 and found:
            text += " · " + ", ".join(f"{profile} {len(values)}" for profile, values in found.items())
        self.say(text)

    def action_send(self) -> None:
        """Close with what changed, unless something is wrong with it."""
        if self.form.focus_first_problem():
            label, reason = self.form.problems()[0]
            self.complain(f"{label}: {reason}")
            return
        if not self.form.changed() and not self._filled:
            self.complain(_("nothing is changed yet"))
            return
        wanted = {profile: self._parts[profile].whole(values) for profile, values in split(self._to_send()).items()}
        self.keep_and_finish(wanted)

    def _to_send(self) -> Mapping[str, Value]:
        """What was typed; of a record that is to be created, all that is shown."""
        new = {part.key(spec.code) for part in self._parts.values() if not part.customer.id for spec in part.specs}
        shown = {key: value for key, value in self.form.values().items() if key in new and value}
        return shown | self.form.changed()


def present_in(parts: Sequence[EditableSection]) -> dict[str, Present]:
    """What the customers of `parts` have in the fields of the form, by the form's keys."""
    return {
        part.key(spec.code): _present(
            spec,
            part.cover.hide(spec.code, value_of(part.customer, spec.code)),
            part.source.profile if len(parts) > 1 else "",
        )
        for part in parts
        for spec in part.specs
    }


def _present(spec: FieldSpec, value: FieldValue, profile: str) -> Present:
    def show(value: Value) -> str:
        return ", ".join(texts(from_input(spec, value), spec))

    label = f"{profile}: {_(spec.label)}" if profile else _(spec.label)
    return Present(label, to_input(spec, value), show)
