"""Leaving kehu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.desk.outcome import State
from tui.locale import _, ngettext
from tui.model.errors import KehuError
from tui.screens.widget_texts import words
from widgets.dialog import ConfirmDialog
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


async def suspend(main: MainScreen) -> None:
    """Stop kehu until the shell continues it; not while an answer is awaited, which would come too late."""
    for desk in (await main.all_desks()).values():
        if (await desk.outbox.counts()).get(State.SENDING, 0):
            main.tell(_("A change is on its way: press it again when it is through."), "warn")
            return
    if not main.app.suspend_to_shell():
        main.tell(_("kehu was not started from a shell that could take over; q leaves it."), "warn")


async def profile(main: MainScreen) -> None:
    """Leave this profile for the one that the agent picks."""
    current = main.app.profile.name
    choices = [PickOption(one.name, one.name, detail=one.title) for one in main.app.config.profiles.values()]
    picked = await main.app.push_screen_wait(PickDialog(_("Profile"), choices, current=current, words=words()))
    if picked is not None and picked != current:
        main.app.switch_profile(picked)


async def quit(main: MainScreen) -> None:
    """Leave; with something typed or recorded and not sent, ask first."""
    try:
        drafts = waiting = 0
        for desk in (await main.all_desks()).values():
            drafts += len(await desk.drafts.all())
            counts = await desk.outbox.counts()
            waiting += counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0)
    except KehuError as error:  # a disk in trouble keeps nobody here
        question = _("Leave? What waits on disk cannot be counted.")
        dialog = ConfirmDialog(_("Quit"), question, [error.message(_), error.hint(_)], words=words())
        if await main.app.push_screen_wait(dialog):
            main.app.exit(0)
        return
    details = []
    if drafts:
        details.append(ngettext("{count} draft is kept", "{count} drafts are kept", drafts).format(count=f"{drafts:,}"))
    if waiting:
        details.append(
            ngettext("{count} change waits to be sent", "{count} changes wait to be sent", waiting).format(
                count=f"{waiting:,}"
            )
        )
    if details:
        question = _("Leave? All of this stays on disk and is here the next time.")
        if not await main.app.push_screen_wait(ConfirmDialog(_("Quit"), question, details, words=words())):
            return
    main.app.exit(0)
