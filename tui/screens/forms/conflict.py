"""Two people changed the same field: the agent decides, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.desk.outcome import Change, ChangedSinceError, Conflict, Delivery, FieldConflict
from tui.desk.values import changes
from tui.locale import _
from tui.model.customer import FieldSpec, FieldValue, FieldValues
from tui.model.display import texts
from tui.model.masking import Masker
from tui.screens.widget_texts import words
from widgets.cells import width
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import ChoiceInput, PickOption

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen

MINE, THEIRS = "mine", "theirs"


class ConflictDialog(Dialog[dict[str, FieldValue]]):
    """Shows before, theirs and mine; its result holds the fields whose value is to be mine."""

    def __init__(self, conflict: Conflict, specs: Sequence[FieldSpec], masker: Masker, where: str = "") -> None:
        """`where`: the profile, where it is not the one on the screen."""
        name = conflict.theirs.name or conflict.theirs.id
        heading = _("{name} was changed by somebody else since you read it").format(name=name)
        super().__init__(f"{where}: {heading}" if where else heading, words=words())
        self._conflict = conflict
        self._masker = masker
        self._specs = {spec.code: spec for spec in specs}

    def compose_body(self) -> ComposeResult:
        choices = (PickOption(THEIRS, _("keep theirs")), PickOption(MINE, _("take mine")))
        yield Form(
            [
                FormField(
                    field.code,
                    _(field.label),
                    ChoiceInput(choices, clearable=False, words=self.words),
                    THEIRS,
                    note=self._compared(field),
                )
                for field in self._conflict.fields
            ],
            words=self.words,
        )

    def on_mount(self) -> None:
        """Begin with the first field; theirs stands until the agent says otherwise."""
        self.query_one(Form).focus_first()
        self.say(_("Theirs stays unless you choose mine."))

    def _compared(self, field: FieldConflict) -> str:
        """The three values, a line each, and what mine would take away from a list."""
        named = [(_("before"), field.before), (_("theirs"), field.theirs), (_("mine"), field.mine)]
        room = max(width(name) for name, _value in named)
        lines = [f"{name}{' ' * (room - width(name))}  {self._text(field.code, value)}" for name, value in named]
        if drops := self._drops(field):
            lines.append("! " + _("mine takes away: {values}").format(values=", ".join(drops)))
        return "\n".join(lines)

    def _drops(self, field: FieldConflict) -> Sequence[str]:
        """What the vendor has in this list now and would have no more."""
        found = changes(self._conflict.theirs, {field.code: field.mine}, self._specs.values())
        return [self._masker.text(field.code, text) for change in found for text in change.drops]

    def _text(self, code: str, value: FieldValue) -> str:
        return ", ".join(texts(self._masker.value(code, value), self._specs.get(code))) or "–"

    def action_send(self) -> None:
        """Close with the fields that are to be mine."""
        chosen = self.query_one(Form).values()
        self.finish({field.code: field.mine for field in self._conflict.fields if chosen[field.code] == MINE})


async def resolve(main: MainScreen, desk: Desk, found: Conflict) -> FieldValues | None:
    """What is to be sent over the record of `desk`'s that `found` has: what merges by itself, and what the agent takes.

    None: the agent leaves it undecided.
    """
    where = "" if desk is main.desk else desk.settings.profile
    mine = await main.app.push_screen_wait(
        ConflictDialog(found, await desk.fields(), await main.masker_of(desk), where)
    )
    return None if mine is None else {**found.clear, **mine}


async def send_decided(main: MainScreen, desk: Desk, change: Change, found: Conflict) -> Delivery | None:
    """Send, or undo, of `desk`'s `change` what the agent decides against `found`, and again where it changed meanwhile.

    None: the agent leaves it undecided.
    """
    while (wanted := await resolve(main, desk, found)) is not None:
        try:
            return await desk.resolve(change, found.theirs, wanted)
        except ChangedSinceError as error:
            found = error.conflict
    return None
