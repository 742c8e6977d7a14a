"""Switching to another profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.words import words
from widgets.inputs import Choice
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main import MainScreen


async def profile(main: MainScreen) -> None:
    """Leave this profile for the one that the agent picks."""
    current = main.app.profile.name
    choices = [Choice(one.name, one.name, detail=one.title) for one in main.app.config.profiles.values()]
    picked = await main.app.push_screen_wait(PickDialog(_("Profile"), choices, current=current, words=words()))
    if picked is not None and picked != current:
        main.app.switch_profile(picked)
