"""What is typed into a form is on disk within a second, and stays there until it is sent or thrown away on purpose."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.timer import Timer

from tui.client.errors import KehuError
from tui.desk.outcome import Draft
from tui.locale import _
from tui.screens.words import words
from tui.text import ago
from widgets.dialog import ConfirmDialog, Dialog, ResultT
from widgets.form import Form
from widgets.inputs import Value

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main import MainScreen

KEEP_AFTER = 0.5
"""Seconds from a letter typed to its being kept, however fast the agent types on."""


class DraftKeeper:
    """Keeps one form's draft."""

    def __init__(self, desk: Desk, form: str, target: str) -> None:
        self._desk = desk
        self._form = form
        self._target = target

    async def keep(self, values: Mapping[str, Value]) -> None:
        """Put VALUES on disk; with nothing typed there is no draft."""
        if values:
            await self._desk.save_draft(self._form, self._target, values)
        else:
            await self.drop()

    async def drop(self) -> None:
        """Throw the draft away: it was sent, or the agent says so."""
        await self._desk.drop_draft(self._form, self._target)

    async def offer(self, main: MainScreen, subject: str) -> Draft | None:
        """The draft to go on with, if there is one and the agent wants it; one that is not wanted is thrown away."""
        draft = await self._desk.draft(self._form, self._target)
        if draft is None:
            return None
        age = ago(time.time() - draft.saved_at)
        wanted = await main.app.push_screen_wait(
            ConfirmDialog(
                _("A draft is kept"),
                _("You typed into this form {age} and did not send it. Go on with it?").format(age=age),
                [subject, *(f"{name}: {shown(value)}" for name, value in draft.values.items())],
                safe=True,
                words=words(),
            )
        )
        if not wanted:
            await self.drop()
            return None
        return draft


def shown(value: object) -> str:
    """A draft's value in one line."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return str(value)


def loaded(values: Mapping[str, object]) -> dict[str, Value]:
    """A draft's values, read from JSON, in the shapes that inputs take."""
    return {code: _value(value) for code, value in values.items()}


def _value(value: object) -> Value:
    if not isinstance(value, list):
        return str(value)
    if value and isinstance(value[0], list):
        return tuple((str(row[0]), str(row[1])) for row in value)
    return tuple(str(item) for item in value)


class DraftedDialog(Dialog[ResultT]):
    """A dialog with one form whose changes are kept as a draft. Leaving it keeps them too."""

    def __init__(self, heading: str, keeper: DraftKeeper, draft: Mapping[str, object]) -> None:
        super().__init__(heading, words=words())
        self._keeper = keeper
        self._draft = loaded(draft)
        self._timer: Timer | None = None

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def on_mount(self) -> None:
        """Put the draft into its fields and take keys."""
        self.form.load(self._draft)
        self.form.focus_first()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Have what was typed kept soon, once for many letters."""
        event.stop()
        self.typed()
        if self._timer is None:
            self._timer = self.set_timer(KEEP_AFTER, self._keep)

    def typed(self) -> None:
        """Something was typed; a subclass updates what depends on it."""
        self.complain("")

    async def _keep(self) -> None:
        self._timer = None
        try:
            await self._keeper.keep(self.form.changed())
        except KehuError as error:
            self.complain(f"{error.message(_)} {error.hint(_)}")

    def action_leave(self) -> None:
        """Leave; what was typed is kept first."""
        self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        await self._keep()
        self.finish()
