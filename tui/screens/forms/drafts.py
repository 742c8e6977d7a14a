"""What is typed into a form is on disk within a second, and stays there until it is sent or thrown away on purpose."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import getters, work
from textual.timer import Timer

from tui.desk.outcome import Draft, new_id
from tui.locale import _
from tui.model.errors import KehuError
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from tui.text import ago, plain
from widgets.dialog import ConfirmDialog, Dialog, Hint, ResultT
from widgets.form import Form
from widgets.inputs import Value

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.desk_app import DeskApp
    from tui.screens.main.main_screen import MainScreen

KEEP_AFTER = 0.5
"""Seconds from a letter typed to its being kept, however fast the agent types on."""


def shown(value: object) -> str:
    """A value in one line."""
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value if item)
    return str(value)


@dataclass(frozen=True)
class Present:
    """What stands in a form's field now, before anything is typed."""

    label: str
    value: Value = ""
    show: Callable[[Value], str] = shown
    """A value of the field in one line."""


@dataclass(frozen=True)
class Refused:
    """Why what a form sent is in it again, and the form's keys of the fields that are to blame, where that is known."""

    reason: str = ""
    keys: tuple[str, ...] = ()


class OfferDialog(ConfirmDialog):
    """Offers a draft. Yes goes on with it, no throws it away, and leaving decides nothing."""

    def __init__(self, question: str, details: Sequence[str]) -> None:
        super().__init__(_("A draft is kept"), question, details, safe=True, words=words())

    def hints(self) -> Sequence[Hint]:
        return (("y", _("go on")), ("n", _("throw away")), ("Esc", self.words.leave))

    def action_leave(self) -> None:
        self.finish()


class Keeper(ABC):
    """Keeps what is typed into one form."""

    @abstractmethod
    async def keep(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        """Put `values` on disk, typed over `seen`; with nothing typed there is no draft."""

    @abstractmethod
    def keep_now(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        """The same, before it returns; what is on disk stays there where nothing is typed."""

    @abstractmethod
    async def kept(self) -> Mapping[str, object]:
        """What is on disk; empty where nothing is."""

    @abstractmethod
    async def drop(self) -> None:
        """Throw the draft away: it was sent, or the agent says so."""

    @abstractmethod
    async def offered(self) -> Sequence[Draft]:
        """The drafts of this form that others left, the newest first."""

    @abstractmethod
    async def adopt(self, draft: Draft) -> None:
        """Go on with `draft`, one of those offered."""

    @abstractmethod
    async def throw_away(self, draft: Draft) -> None:
        """Throw `draft` away, one of those offered."""

    async def offer(
        self, main: MainScreen, subject: str, present: Mapping[str, Present]
    ) -> Mapping[str, object] | None:
        """What the form begins with: a draft, if there is one, or nothing, where there is none or the agent throws
        it away. None: the agent leaves, and the draft stays.

        The draft is shown next to what is `present` in the form's fields.
        """
        for draft in await self.offered():
            age = ago(time.time() - draft.saved_at)
            question = _("You typed into this form {age} and did not send it. Go on with it?").format(age=age)
            wanted = await main.app.push_screen_wait(
                OfferDialog(question, [plain(subject), *_compared(draft, present)])
            )
            if wanted:
                await self.adopt(draft)
                return draft.values
            if wanted is None:
                return None
            await self.throw_away(draft)
        return {}


class DraftKeeper(Keeper):
    """Keeps one form's draft with the profile that it is about."""

    def __init__(self, desk: Desk, form: str, target: str) -> None:
        self._desk = desk
        self._form = form
        self._target = target
        self._kept = False
        self.id = new_id()
        """What the desk knows the draft by: whatever is sent with it is no draft any more once it is recorded."""

    async def keep(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        if values:
            await self._desk.drafts.save(self.id, self._form, self._target, values, seen)
            self._kept = True
        elif self._kept:
            await self.drop()

    def keep_now(self, values: Mapping[str, Value], seen: Mapping[str, Value]) -> None:
        if values:
            self._desk.drafts.save_now(self.id, self._form, self._target, values, seen)

    async def begin_with(self, values: Mapping[str, Value]) -> None:
        """Begin with `values`, which were sent once, as if they had been typed before."""
        await self._desk.drafts.save(new_id(), self._form, self._target, values, {})

    async def kept(self) -> Mapping[str, object]:
        draft = await self._desk.drafts.get(self.id)
        return draft.values if draft else {}

    async def drop(self) -> None:
        await self._desk.drafts.drop(self.id)
        self._kept = False

    async def offered(self) -> Sequence[Draft]:
        return await self._desk.drafts.about(self._form, self._target)

    async def adopt(self, draft: Draft) -> None:
        await self._desk.drafts.adopt(draft.id, self.id)
        self._kept = True

    async def throw_away(self, draft: Draft) -> None:
        await self._desk.drafts.drop(draft.id)


def _compared(draft: Draft, present: Mapping[str, Present]) -> list[str]:
    """A line a field: what is there now, and what was typed; what was there then, where that is something else."""
    lines = []
    seen = loaded(draft.seen or {})
    for name, typed in loaded(draft.values).items():
        field = present.get(name) or Present(name)
        now, then = field.show(field.value), field.show(seen.get(name, field.value))
        lines.append(f"{field.label}: " + (f"{now} → {field.show(typed)}" if now else field.show(typed)))
        if now != then:
            lines.append("! " + _("it was {value} when you typed").format(value=then or "–"))
    return lines


def loaded(values: Mapping[str, object]) -> dict[str, Value]:
    """A draft's values, read from JSON, in the shapes that inputs take."""
    return {code: _value(value) for code, value in values.items()}


def _value(value: object) -> Value:
    if not isinstance(value, list | tuple):
        return str(value)
    if value and isinstance(value[0], list | tuple):
        return tuple((str(row[0]), str(row[1])) for row in value)
    return tuple(str(item) for item in value)


class DraftedDialog(Dialog[ResultT]):
    """A dialog with one form whose changes are kept as a draft. Leaving it keeps them too.

    Where what it sent was refused, `refused` says why: on top of the form, and beside the fields that are to blame.
    """

    app: getters.app[DeskApp]

    def __init__(
        self, heading: str, keeper: Keeper, draft: Mapping[str, object], refused: Refused | None = None
    ) -> None:
        super().__init__(heading, words=words())
        self._keeper = keeper
        self._draft = loaded(draft)
        self._refused = refused or Refused()
        self.notice = self._refused.reason
        self._timer: Timer | None = None

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    def on_mount(self) -> None:
        """Put the draft into its fields and take keys."""
        self.form.load(self._draft)
        self.form.focus_first()
        to_blame = [key for key in self._refused.keys if key in self.form.rows]
        for key in to_blame:
            self.form.warn(key, self._refused.reason)
        if self._refused.reason:
            self.form.focus_field(next(iter([*to_blame, *self._draft]), ""))

    def on_form_changed(self, event: Form.Changed) -> None:
        """Have what was typed kept soon, once for many letters."""
        event.stop()
        self.typed()
        if self._timer is None:
            self._timer = self.set_timer(KEEP_AFTER, self._keep)

    def typed(self) -> None:
        """Something was typed; a subclass updates what depends on it."""
        self.complain("")

    async def _keep(self) -> KehuError | None:
        """Put what was typed on disk; why the disk refuses it, where it does."""
        self._timer = None
        try:
            await self._keeper.keep(*self._typed())
        except KehuError as error:
            self.complain(told(error))
            return error
        return None

    def keep_now(self) -> None:
        """Have what was typed on disk before this returns: the program is about to end.

        Raises: KehuError.
        """
        if self.is_mounted:
            self._keeper.keep_now(*self._typed())

    def _typed(self) -> tuple[Mapping[str, Value], Mapping[str, Value]]:
        """What was typed, and what stood there before."""
        changed = self.form.changed()
        return changed, {name: self.form.rows[name].field.value for name in changed}

    def action_leave(self) -> None:
        """Leave; what was typed is kept first."""
        self.keep_and_finish(None)

    def keep_and_finish(self, result: ResultT | None) -> None:
        """Close with `result` once what was typed is kept; keys that are pressed meanwhile are for what comes then."""
        self.app.hold_keys()
        self._keep_and_finish(result)

    @work(group="leave", exclusive=True)
    async def _keep_and_finish(self, result: ResultT | None) -> None:
        error = await self._keep()
        if error is None or (result is None and await self._lose(error)):
            self.finish(result)
        else:
            self.app.release_keys()  # nothing else comes: what cannot be kept could not be sent either

    async def _lose(self, error: KehuError) -> bool:
        """Whether the agent leaves although what was typed cannot be kept."""
        question = _("What you typed cannot be kept, and is lost if you leave. Leave all the same?")
        details = [error.message(_), error.hint(_)]
        leaves = await self.app.push_screen_wait(ConfirmDialog(self.heading, question, details, words=self.words))
        return bool(leaves)
