"""Keys between a command and its form: kept for the form, told of, and never commands.

A command may have to read the vendor or the disk before its form is there. What is typed meanwhile is meant for the
form. Where none comes, it is thrown away, and that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.worker import NoActiveWorker, Worker, get_current_worker

from tui.locale import _
from tui.screens.main.commands import Command

if TYPE_CHECKING:
    from tui.screens.desk_app import DeskApp


class AwaitedForm:
    """The form of `command`, from its key on until it is known that none comes any more."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.worker: Worker[None] | None = None
        """What opens it; None while that waits for the desk."""
        self.was_there = False
        """Whether one has come: the next, if there is one, is about the same."""


class FormKeys:
    """Whose keys are typed at the main screen: its own, or a form's that is awaited."""

    def __init__(self, main: Screen[None], app: DeskApp) -> None:
        self._main = main
        self._app = app
        self._awaited: AwaitedForm | None = None

    @property
    def awaited(self) -> Command | None:
        """The command whose form is awaited."""
        return self._awaited.command if self._awaited else None

    def await_form(self, command: Command) -> AwaitedForm:
        """Keep keys from here on for the form of `command`."""
        self._awaited = AwaitedForm(command)
        self._app.hold_keys()
        return self._awaited

    def change_screen(self, screen: Screen[object]) -> None:
        """Another screen is up: a form that takes keys, or the main screen, whose flow may open another form."""
        if self._awaited is None or screen is not self._main:
            self._app.release_keys()
        else:
            self._app.hold_keys()
        if self._awaited is not None:
            self._awaited.was_there = True

    def end(self, awaited: AwaitedForm, *, failed: bool = False) -> bool:
        """No form of `awaited` comes any more; whether keys were thrown away: none came, or it `failed` after."""
        if self._awaited is not awaited:
            return False
        self._awaited = None
        if failed or not awaited.was_there:
            return self._app.drop_keys()
        self._app.release_keys()
        return False

    def end_own(self, *, failed: bool) -> bool:
        """The same where it is the awaited form's own flow that tells something: it opens none for now."""
        awaited, worker = self._awaited, _current_worker()
        return (
            awaited is not None and worker is not None and awaited.worker is worker and self.end(awaited, failed=failed)
        )

    def fail(self) -> bool:
        """What would open the awaited form failed before it began; whether keys were thrown away."""
        return self._awaited is not None and self.end(self._awaited)

    def give_up(self) -> bool:
        """Wait no longer, as the agent wishes; False where nothing is awaited, or a form was there already.

        A flow that has had its form may be about to send: it goes on.
        """
        awaited = self._awaited
        if awaited is None or awaited.was_there:
            return False
        if awaited.worker is not None:
            awaited.worker.cancel()
        self.end(awaited)
        return True


def _current_worker() -> Worker[object] | None:
    try:
        return get_current_worker()
    except NoActiveWorker:
        return None


def dropped() -> str:
    """That what was typed for a form that did not come was thrown away."""
    return _("What was typed is dropped.")
