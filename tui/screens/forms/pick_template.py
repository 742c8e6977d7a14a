"""Choosing one of the texts that are often written, while a form is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from tui.locale import _
from tui.model.customer import Customer
from tui.model.errors import KehuError
from tui.model.template import Template, check_places
from tui.screens.forms.drafts import DraftedDialog
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.dialog import Hint, ResultT
from widgets.form import Form
from widgets.form_field import FieldRow
from widgets.inputs import PickOption
from widgets.inputs.line import TextInput
from widgets.pick import PickDialog


@dataclass(frozen=True, slots=True)
class OwnTexts:
    """The texts that the agent may choose from, and how their places are filled: for one customer at once, for many
    (None) when they are sent, each with its own."""

    templates: Sequence[Template]
    fill: Callable[[str, Customer], str]
    customer: Customer | None = None

    @property
    def for_many(self) -> bool:
        """Places stay in the text until it is sent."""
        return self.customer is None

    def text_of(self, template: Template) -> str:
        """What `template` puts into the form.

        Raises: InvalidError.
        """
        return template.text if self.customer is None else self.fill(template.text, self.customer)

    def check(self, texts: Sequence[str]) -> None:
        """Raise InvalidError where one of `texts`, which go to many, has a place that there is none of."""
        for text in texts if self.for_many else ():
            check_places(text)


class TemplatedDialog(DraftedDialog[ResultT]):
    """A form whose texts can be chosen: a key opens the list, typing narrows it, Enter puts the text in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "pick_template", "Templates", show=False, id="template.pick"),
    ]
    own_texts: OwnTexts | None = None

    def hints(self) -> Sequence[Hint]:
        return (*super().hints(), ("ctrl+t", _("templates"))) if self.own_texts is not None else super().hints()

    def action_pick_template(self) -> None:
        """Put a template where the cursor is.

        What was picked is there before the next key is handled, which may have come with the Enter that picked it.
        """
        if self.own_texts is None:
            return
        templates = self.own_texts.templates
        if not templates:
            self.complain(_("there is no template yet: kehu template save makes one"))
            return
        row = self._row
        options = [
            PickOption(str(number), one.name, detail=" ".join(one.text.split())) for number, one in enumerate(templates)
        ]
        own_texts = self.own_texts

        def put(picked: str | None) -> None:
            if picked is None or row is None:
                return
            try:
                self._put(row, own_texts.text_of(templates[int(picked)]))
            except KehuError as error:
                self.complain(told(error))

        self.app.push_screen(PickDialog(_("Templates"), options, words=words()), put)

    @property
    def _row(self) -> FieldRow | None:
        """The field that has the keys, where it takes a text of the agent's own, else the first that does."""
        form: Form = self.form
        rows = [row for row in form.rows.values() if self.takes_template(row.field.key)]
        focused = self.focused
        inside = (row for row in rows if focused is not None and row.input in focused.ancestors)
        return next(inside, rows[0] if rows else None)

    def takes_template(self, key: str) -> bool:
        """Whether the field `key` takes a text of the agent's own words."""
        return True

    def _put(self, row: FieldRow, text: str) -> None:
        """Put `text` at the cursor of `row`'s field, as if it were typed."""
        if isinstance(row.input, TextInput):
            row.input.replace(row.input.text + text)
        else:
            area = row.input.query_one(TextArea)
            area.move_cursor(area.replace(text, *area.selection, maintain_selection_offset=False).end_location)
        self.form.focus_field(row.field.key)
