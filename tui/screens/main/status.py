"""What the desk's bars say: where its customers lie and how the line fares, what happened last, which keys work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.locale import _, listed
from tui.screens.main.commands import COMMANDS, Command
from widgets.bars import KeyHint, StatusLine, TitleBar, key_signs
from widgets.blocks import Note

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.model.errors import KehuError

MESSAGE_STAYS = 1.0
"""Seconds that a message stays though the agent moves: keys may have been typed before it came."""

KEPT = ("help", "quit")
"""Commands whose keys are the last to leave a narrow footer."""


class DeskTitle(TitleBar):
    """Whose customers are on the screen, where they lie, and how the line there fares."""

    def __init__(self, profile: str, title: str) -> None:
        super().__init__()
        self._whose = f"{profile} · {title}"
        self._due = 0
        self._place = ""

    def on_mount(self) -> None:
        self.program = "kehu"
        self.context = self._whose
        self.state = _("connecting …")

    def show(self, desk: Desk, error: KehuError | None = None) -> None:
        """Tell how fast the vendor of `desk` answers, or in a word that it does not, or that the list met `error`."""
        trouble = desk.line.trouble or error
        failure = "" if trouble is None else _("offline") if trouble.kind == "network" else _("failed")
        latency = f"{desk.connection_info.latency_ms:.0f} ms" if desk.connection_info is not None else ""
        self.tone = "error" if failure else "muted"
        self._place = " · ".join(part for part in (desk.settings.place, failure or latency) if part)
        self._show_state()

    def tell_due(self, count: int) -> None:
        """Tell that `count` customers are to be contacted by the end of the day."""
        self._due = count
        self._show_state()

    def _show_state(self) -> None:
        if self._place:
            due = _("due {count}").format(count=f"{self._due:,}") if self._due else ""
            self.state = " · ".join(part for part in (due, self._place) if part)


class DeskStatus(StatusLine):
    """What happened last, until the agent moves on; and what is being waited for."""

    MOST_LINES = 4

    def __init__(self) -> None:
        super().__init__()
        self._told_at = 0.0
        self._trouble: Note | None = None
        """What tells that the list could not be read; it goes with the next reading."""
        self._reading = False
        self._looking: Sequence[str] = ()
        self._opening = ""

    def tell(self, note: Note) -> None:
        """Say what happened, until the next thing happens."""
        self.message = note
        self._told_at = time.monotonic()

    def tell_trouble(self, note: Note) -> None:
        """Say why the list could not be read, until it is read again."""
        self.tell(note)
        self._trouble = self.message

    def move_on(self) -> None:
        """The agent has moved: what was told goes, unless it has just come."""
        if time.monotonic() - self._told_at > MESSAGE_STAYS:
            self.message = None

    def read(self, on: bool) -> None:
        """The list is being read at the vendor, or not any more."""
        self._reading = on
        self._name_wait()
        if on and self.message is self._trouble:
            self.message = None

    def look(self, profiles: Sequence[str]) -> None:
        """`profiles` are asked for their records of a customer, and have not answered yet."""
        self._looking = profiles
        self._name_wait()

    def open(self, what: str) -> None:
        """`what` is about to open, and keys are kept for it; nothing is, where it is empty."""
        self._opening = what
        self._name_wait()

    def line_is_back(self) -> None:
        """The vendor answers again: why the list could not be read tells nothing any more."""
        if self._trouble is not None and self.message is self._trouble:
            self.message = None

    def _name_wait(self) -> None:
        """Name what is being waited for: a form, the linked profiles that have not answered, or the list."""
        looking = _("looking in {profiles}").format(profiles=listed(self._looking)) if self._looking else ""
        self.busy = self._opening or looking or (_("reading") if self._reading else "")


def key_hints(keys_of: Callable[[Command], str], why_not: Callable[[Command], str], outbox: int) -> tuple[KeyHint, ...]:
    """The footer's keys: those that `keys_of` gives to its commands, in brackets where `why_not` has a reason.

    `outbox` changes wait, failed or are unknown: while there are any, the outbox's key stays as long as `KEPT` ones do.
    """
    hints = []
    for command in COMMANDS:
        if command.footer and keys_of(command):
            waits = command.id == "outbox" and outbox > 0
            text = _(command.name) + (f" {outbox}" if waits else "")
            hints.append(
                KeyHint(key_signs(keys_of(command))[0], text, not why_not(command), command.id in KEPT or waits)
            )
    return tuple(hints)
