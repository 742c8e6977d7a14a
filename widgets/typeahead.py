"""Keys that arrive in a bunch, handled as if they had been typed slowly."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

from textual import events
from textual.app import ReturnType
from textual.driver import Driver
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

from widgets.typed import key_twin
from widgets.upstream import OpenApp, character_key

LAPS = 3
"""How often a key's way is followed: for the key, for the message it caused, and for the one which that caused."""

DRAWN = 0.02
"""Seconds after which a key that came alone is followed: what it changed is on the screen by then."""

PATIENCE = 0.25
"""Seconds after which it is looked whether the widget that had the last key was removed with it, and tells nothing."""

LONGEST = 3.0
"""Seconds for which a widget that is slow is waited for before the next key goes on."""

TOLD_AFTER = 0.08
"""Seconds after which it is told that keys are kept back: less than a tenth, and more than most forms take to open."""

TYPING_RESTS = 0.5
"""Seconds without a key after which a person no longer types what was begun."""

GIVE_UP = ("escape", "ctrl+q", "ctrl+c")
"""Keys that end the wait, once it was told that there is one."""


class BoundWidget(Widget):
    """A widget that takes keys through bindings alone, its own or those of what it is in.

    Textual looks for them only once a key has gone through every widget up to the app and none took it by itself, which
    is a sixth of the time that a cursor takes to move.
    """


def half_width(key: events.Key) -> events.Key:
    """Return `key`, or what it is without a Chinese input method: `？` is `?` where nothing is typed into a text."""
    character = key.character or ""
    twin = key_twin(character)
    return key if twin == character or len(twin) != 1 else events.Key(character_key(twin), twin)


class TypeAheadApp(OpenApp[ReturnType]):
    """An app that lets a key have its effect before it looks at the next one.

    A slow line delivers keys in bunches. Textual gives each to the widget that has the focus when the key arrives, but
    moves the focus only once a Tab has gone through every widget up to the app: of `1 Tab 2` in one packet, both digits
    go to the first field. Here the `2` waits until the Tab has been all the way. A key that comes alone never waits,
    and is followed only once it is drawn.

    A key that opens a form may have to read something first, in a worker that no key's way leads through: `hold_keys`
    keeps the next ones for the form, until `release_keys` lets them go on or `drop_keys` throws them away.
    """

    def __init__(
        self,
        driver_class: type[Driver] | None = None,
        css_path: str | PurePath | list[str | PurePath] | None = None,
        watch_css: bool = False,
        ansi_color: bool | None = None,
    ) -> None:
        super().__init__(driver_class, css_path, watch_css, ansi_color)
        self._typed: deque[events.Key | events.Paste] = deque()
        self._turn = 0
        """Counts the keys that were let through."""
        self._busy = False
        """Whether the last of them is still on its way."""
        self._way: Sequence[MessagePump] = ()
        """What it goes through, until it is followed."""
        self._asked: MessagePump | None = None
        """Who is to tell that it has worked off what it has to do."""
        self._hold: Timer | None = None
        """Tells that keys are kept back; None when they are not."""
        self._hold_is_told = False
        self._dropping_until = 0.0
        """While a person types on what was thrown away, when that will have rested."""

    def on_mount(self) -> None:
        """A screen that comes or goes may be what keys were kept back for."""
        self.screen_change_signal.subscribe(self, self.change_screen)

    def change_screen(self, screen: Screen[object]) -> None:
        """Another `screen` is up: the keys that were kept back are for it."""
        self.release_keys()

    def tell_hold(self, on: bool) -> None:
        """Tell that keys are kept back, or that they are not any more."""

    def give_up_hold(self) -> bool:
        """End the wait for which keys are kept back, and the hold; whether that was possible."""
        return False

    @property
    def is_typing(self) -> bool:
        """Whether a key is still on its way, or waits for one that is."""
        return self._busy

    def hold_keys(self, most: float | None = None) -> None:
        """Keep the next keys back, for `most` seconds at the most where what they wait for is no form."""
        self._turn += 1  # what follows the key before lets none through any more
        self._busy = True
        if self._hold is not None:
            if self._hold_is_told:
                return
            self._hold.stop()
        if most is None:
            self._hold = self.set_timer(TOLD_AFTER, partial(self._tell_hold, self._turn))
        else:
            self._hold = self.set_timer(most, partial(self._end_hold, self._turn))

    def _tell_hold(self, turn: int) -> None:
        if self._is_held_since(turn):
            self._hold_is_told = True
            self.tell_hold(True)

    def _end_hold(self, turn: int) -> None:
        if self._is_held_since(turn):
            self.release_keys()

    def _is_held_since(self, turn: int) -> bool:
        """Whether the hold that began at `turn` still lasts: a timer that is stopped may have rung already, and be
        heard only now."""
        return self._hold is not None and turn == self._turn

    def drop_keys(self) -> bool:
        """Throw the keys away that were kept back, and those that follow them without a rest; whether there are any."""
        dropped = bool(self._typed)
        if dropped:
            self._typed.clear()
            self._dropping_until = time.monotonic() + TYPING_RESTS
        self.release_keys()
        return dropped

    def release_keys(self) -> None:
        """Let the keys that were kept back go on, once the screen that is up has worked off what it has to do."""
        if self._hold is None:
            return
        self._hold.stop()
        self._hold = None
        if self._hold_is_told:
            self._hold_is_told = False
            self.tell_hold(False)
        self._follow((self.focused or self.screen).ancestors_with_self * LAPS, self._turn)
        self._watch_over(self._turn)

    async def on_event(self, event: events.Event) -> None:
        """Let a key through if none is on its way, else keep it for later."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._is_dropped(event):
            self._dropping_until = time.monotonic() + TYPING_RESTS
        elif self._hold_is_told and isinstance(event, events.Key) and event.key in GIVE_UP and self.give_up_hold():
            self._typed.clear()
            self._dropping_until = 0.0  # what is typed from here on is meant
        elif self._busy:
            self._typed.append(event)
            if len(self._typed) == 1:
                self._follow_key(self._turn)
                self._watch_over(self._turn)
        else:
            await self._let_through(event)

    def _is_dropped(self, event: events.Key | events.Paste) -> bool:
        """Whether `event` belongs to what was thrown away; a key that types nothing begins something new."""
        if isinstance(event, events.Key) and not event.is_printable:
            self._dropping_until = 0.0
        return time.monotonic() < self._dropping_until

    async def _let_through(self, event: events.Key | events.Paste) -> None:
        self._turn += 1
        self._busy = True
        self._asked = None
        self._way = (self.focused or self.screen).ancestors_with_self * LAPS
        if isinstance(event, events.Key) and isinstance(self.focused, BoundWidget):
            await self.run_binding(half_width(event).key)
        elif isinstance(event, events.Key) and self.focused is None:
            await super().on_event(half_width(event))
        else:
            await super().on_event(event)
        if self._typed:
            self._follow_key(self._turn)
        else:
            asyncio.get_running_loop().call_later(DRAWN, self._follow_key, self._turn)

    def _follow_key(self, turn: int) -> None:
        """Follow the key that was let through at `turn`, unless it is followed already or was given up."""
        if turn == self._turn and self._way:
            way, self._way = self._way, ()
            self._follow(way, turn)

    def _follow(self, way: Sequence[MessagePump], turn: int) -> None:
        """Go on once each of `way`, one after the other, has worked off what it has to do."""
        for place, pump in enumerate(way, 1):
            if pump.call_later(self._follow, way[place:], turn):
                self._asked = pump
                return
        self._asked = self
        self.call_later(self._go_on, turn)

    async def _go_on(self, turn: int) -> None:
        if turn != self._turn or self._hold is not None:
            return  # it was given up, or has to wait
        self._busy = False
        if self._typed:
            await self._let_through(self._typed.popleft())
            if self._typed:
                self._watch_over(self._turn)

    def _watch_over(self, turn: int, waited: float = PATIENCE) -> None:
        """Have the next key go on though nothing tells that its turn has come; `waited` seconds, by the next look."""
        self.set_timer(PATIENCE, partial(self._look_after, turn, waited))

    async def _look_after(self, turn: int, waited: float) -> None:
        if turn != self._turn or not self._busy:
            return
        if self._asked is not None and self._asked.is_attached and waited < LONGEST:
            self._watch_over(turn, waited + PATIENCE)  # it is only slow, as all is on a busy machine
        else:
            await self._go_on(turn)
