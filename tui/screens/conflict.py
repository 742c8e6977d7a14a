"""Two people changed the same field: the agent decides, field by field."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from tui.client.models import FieldSpec, FieldValue
from tui.desk.outcome import Conflict, FieldConflict
from tui.desk.texts import texts
from tui.desk.values import changes
from tui.locale import _
from tui.screens.words import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import Choice, ChoiceInput

MINE, THEIRS = "mine", "theirs"


class ConflictDialog(Dialog[dict[str, FieldValue]]):
    """Shows before, theirs and mine; its result holds the fields whose value is to be mine."""

    def __init__(self, conflict: Conflict, specs: Sequence[FieldSpec]) -> None:
        super().__init__(_("Changed by somebody else since you read it"), words=words())
        self._conflict = conflict
        self._specs = {spec.code: spec for spec in specs}

    def compose_body(self) -> ComposeResult:
        fields = []
        for field in self._conflict.fields:
            theirs, mine = self._text(field.code, field.theirs), self._text(field.code, field.mine)
            choices = (
                Choice(THEIRS, _("theirs: {value}").format(value=theirs)),
                Choice(MINE, _("mine: {value}").format(value=mine)),
            )
            note = _("before: {value}").format(value=self._text(field.code, field.before))
            if drops := self._drops(field):
                note += " · " + _("mine takes away: {values}").format(values=", ".join(drops))
            choice = ChoiceInput(choices, clearable=False, words=self.words)
            fields.append(FormField(field.code, field.label, choice, THEIRS, note=note))
        yield Form(fields, words=self.words)

    def on_mount(self) -> None:
        """Begin with the first field; theirs stands until the agent says otherwise."""
        self.query_one(Form).focus_first()
        self.say(_("Theirs stays unless you choose mine."))

    def _drops(self, field: FieldConflict) -> Sequence[str]:
        """What the vendor has in this list now and would have no more."""
        found = changes(self._conflict.theirs, {field.code: field.mine}, self._specs.values())
        return [text for change in found for text in change.drops]

    def _text(self, code: str, value: FieldValue) -> str:
        return ", ".join(texts(value, self._specs.get(code))) or "–"

    def action_send(self) -> None:
        """Close with the fields that are to be mine."""
        chosen = self.query_one(Form).values()
        self.finish({field.code: field.mine for field in self._conflict.fields if chosen[field.code] == MINE})
