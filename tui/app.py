"""The desk as a Textual application: its theme, its keys, which profile is on the screen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import styles
from styles.themes import THEMES
from tui.client.errors import KehuError
from tui.config import Config, Profile
from tui.desk.outcome import Listing
from tui.locale import language, set_language
from tui.opening import glance, open_store
from tui.screens.commands import Command
from tui.screens.main import MainScreen
from widgets.clipboard import copy_sequence
from widgets.driver import CellDriver, driver_class
from widgets.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from tui.client.models import Query
    from tui.desk.desk import Desk
    from tui.store.store import Store

STYLE_FILES = ("kit.tcss", "form.tcss", "dialog.tcss", "main.tcss")


class KehuApp(TypeAheadApp[int], inherit_bindings=False):  # Textual's ctrl+q would end the desk from within a form
    """Draws the first frame from the directory, and only then loads what talks to a vendor."""

    CSS_PATH: ClassVar = [Path(styles.__file__).with_name(name) for name in STYLE_FILES]
    ENABLE_COMMAND_PALETTE = False
    TITLE = "kehu"

    def __init__(self, config: Config, profile: Profile, store: Store, environ: Mapping[str, str]) -> None:
        super().__init__(
            driver_class=driver_class(environ.get("KEHU_DRIVER")),
            ansi_color=True,  # before the theme is set, so that NO_COLOR keeps the terminal's own ground
        )
        self.config = config
        self.profile = profile
        self.environ = environ
        self._store = store
        self._desk: Desk | None = None
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_for(environ)
        self.set_keymap(config.keys)

    def on_mount(self) -> None:
        self._show_profile(glance(self._store))

    def _show_profile(self, first: Listing | None) -> None:
        """Draw what is known of the profile, then connect."""
        screen = MainScreen(self.profile.name, self.profile.title, first)
        if isinstance(self.screen, MainScreen):
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        screen.call_after_refresh(self._connect, screen)

    def _connect(self, screen: MainScreen) -> None:
        self.run_worker(self._open(screen), group="connect", exclusive=True, exit_on_error=False)

    async def _open(self, screen: MainScreen) -> None:
        """Load the client layer off the key path, and give the screen its desk."""
        try:
            if self._desk is None:
                self._desk = await asyncio.to_thread(_open_desk, self.profile, self.config, self._store)
                await self._desk.start()
                await self._read_fields(self._desk)
            screen.attach(self._desk, self.first_query())
        except KehuError as error:
            screen.tell_error(error)

    async def _read_fields(self, desk: Desk) -> None:
        """Have the field configuration before the first record, which is read by it; without it, labels are codes."""
        try:
            await desk.fields()
        except KehuError:
            pass  # the list, read next, meets the same trouble and tells it

    def first_query(self) -> Query:
        """All customers, from the first page."""
        from tui.client.models import Query

        return Query(size=self.profile.page_size)

    # What the screens ask of it

    def keys_of(self, command: Command) -> str:
        """The keys of COMMAND, as the configuration has them."""
        return self.config.keys.get(command.id, command.keys)

    def switch_profile(self, name: str) -> None:
        """Leave this profile for NAME; the calls under way are finished behind it.

        Raises: KehuError where the file of NAME cannot be opened; then this one stays.
        """
        profile = self.config.profiles[name]
        store = open_store(profile, self.config)
        old, self._desk = self._desk, None
        self.profile, self._store = profile, store
        self._show_profile(glance(store))
        if old is not None:
            self.run_worker(old.close(), group="close", exit_on_error=False)

    def switch_language(self) -> None:
        """Speak the other language, from the next frame on."""
        set_language("en" if language() == "zh_CN" else "zh_CN", self.environ)
        self._show_profile(glance(self._store))

    def redraw_all(self) -> None:
        """Draw every cell again, whatever the terminal may have made of the last ones."""
        if isinstance(self._driver, CellDriver):
            self._driver.forget()
        self.screen.refresh(layout=True)

    def copy_to_clipboard(self, text: str) -> None:
        """Hand TEXT to the terminal's clipboard (OSC 52), through tmux or screen where one is in between."""
        self._clipboard = text
        if self._driver is not None:
            self._driver.write(copy_sequence(text, self.environ))

    async def on_unmount(self) -> None:
        if self._desk is not None:
            await self._desk.close()
        else:
            self._store.close()


def theme_for(environ: Mapping[str, str]) -> str:
    """The theme for a terminal that says this of itself: few colours, a light ground, or neither."""
    terminal = environ.get("TERM", "")
    rich = "256color" in terminal or environ.get("COLORTERM") in ("truecolor", "24bit")
    if environ.get("NO_COLOR") or not rich:
        return "kehu-plain"
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "kehu-light" if ground in LIGHT_GROUNDS else "kehu-dark"


LIGHT_GROUNDS = ("7", "15")
"""The background's colour number in COLORFGBG (rxvt and Konsole set it) that means light: white, or light grey."""


def _open_desk(profile: Profile, config: Config, store: Store) -> Desk:
    from tui.opening import open_desk

    return open_desk(profile, config, store)


def run(config: Config, profile: Profile) -> int:
    """Open the desk on PROFILE; returns the exit code.

    Raises: KehuError where the profile's file cannot be opened.
    """
    store = open_store(profile, config)
    app = KehuApp(config, profile, store, os.environ)
    return app.run(mouse=config.mouse) or 0
