"""What the screens ask of the application that they run in, so that none of them knows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from widgets.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from tui.config import Config, Profile
    from tui.desk.drafts import KeptDraft
    from tui.model.customer import Query
    from tui.screens.main.commands import Command


class DeskApp(TypeAheadApp[int], inherit_bindings=False):  # Textual's ctrl+q would end the desk from within a form
    """An application on one profile, which can change it, its language, and end."""

    config: Config
    profile: Profile
    environ: Mapping[str, str]
    changed_keys: Mapping[str, str]
    """The keys that the configuration gives instead of a binding's own, by its id: dialogs name them in hints."""

    def first_query(self, key: str = "") -> Query:
        """Return the customers that the desk begins with, or those of the page that was kept under `key`."""
        raise NotImplementedError

    def keys_of(self, command: Command) -> str:
        """Return the keys of `command` in force, as a binding has them."""
        raise NotImplementedError

    def switch_profile(self, name: str) -> None:
        """Work with another profile of the configuration."""
        raise NotImplementedError

    async def drafts_of(self, profile: str) -> Sequence[KeptDraft]:
        """Return what was typed into forms of `profile`, which is not open, and not sent.

        Raises: KehuError where its file cannot be opened.
        """
        raise NotImplementedError

    async def drop_draft_of(self, profile: str, draft_id: int) -> None:
        """Throw one of them away."""
        raise NotImplementedError

    def switch_language(self) -> None:
        """Speak the other language."""
        raise NotImplementedError

    def suspend_to_shell(self) -> bool:
        """Go back to the shell until `fg`; False where there is none."""
        raise NotImplementedError

    def action_redraw(self) -> None:
        """Draw the whole screen again."""
        raise NotImplementedError
