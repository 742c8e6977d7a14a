"""The desk as a Textual application: its theme, its keys, which profile is on the screen."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import work
from textual.css.query import NoMatches
from textual.worker import WorkerCancelled, WorkerFailed, get_current_worker

import styles
from styles.themes import THEMES
from tui import crash
from tui.app import early_keys
from tui.app.loading import end_loading
from tui.app.opening import cached_first_page, file_of, open_people, open_store
from tui.config import SANDBOX, Config, Profile, choose, ignored_choices, told_choice
from tui.desk.disk import translated
from tui.desk.outcome import Listing, State
from tui.ending import DESK_SECONDS, ENDING, SIGNALLED, end_within, let_go_of_lost_terminal
from tui.locale import N_, _, language, set_language
from tui.model.errors import KehuError
from tui.screens.desk_app import DeskApp
from tui.screens.main.commands import Command
from tui.screens.main.keymap import keymap_of
from tui.screens.main.main_screen import MainScreen
from tui.text import plain
from widgets.clipboard import copy_sequence
from widgets.driver.cell_driver import CellDriver, driver_class

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen

    from tui.desk.desk import Desk
    from tui.desk.drafts import KeptDraft
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.model.customer import Query
    from tui.store.store import Store
    from widgets.driver.canvas import Canvas

STYLE_FILES = ("kit.tcss", "main.tcss")
"""What the main screen is drawn with; dialogs bring their own when the first of them opens."""


T = TypeVar("T")


class KehuApp(DeskApp, inherit_bindings=False):
    """Draws the first frame from the directory, and only then loads what talks to a vendor."""

    CSS_PATH: ClassVar = [Path(styles.__file__).with_name(name) for name in STYLE_FILES]
    ENABLE_COMMAND_PALETTE = False
    TITLE = "kehu"

    def __init__(
        self, config: Config, profile: Profile, store: Store, environ: Mapping[str, str], canvas: Canvas | None = None
    ) -> None:
        super().__init__(
            driver_class=driver_class(environ.get("KEHU_DRIVER")),
            ansi_color=True,  # before the theme is set, so that NO_COLOR keeps the terminal's own ground
        )
        self.config = config
        self.profile = profile
        self.environ = environ
        self._store = store
        self._canvas = canvas
        self._desk: Desk | None = None
        self._people: LinkedPeople | None = None
        self.fault: BaseException | None = None
        """What it crashed with."""
        self.log_path: Path | None = None
        """Where that is written."""
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_for(environ, config.theme)
        self.keymap = keymap_of(config)
        self.changed_keys = self.keymap.changed
        """The keys that the configuration gives instead of a binding's own, by its id: dialogs name them in hints."""
        self.set_keymap(self.changed_keys)
        self._copied = ""
        self._keys_told = not (config.keys or config.key_problems)

    def on_mount(self) -> None:
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in ENDING:
                # Not as the loop's own handlers: it hears of nothing while it waits for a terminal that is stuck.
                signal.signal(number, partial(self._end_by, loop))
        self._show_profile(self._glance())
        self._tell_notices([translated(notice) for notice in self._store.notices])
        ignored = [*self.config.layers.ignored, *ignored_choices(self.config, self.profile.name, self.environ)]
        self._tell_notices(ignored, N_("The configuration"))

    def driver_built(self, driver: Driver) -> None:
        """Go on with the cells that were drawn before."""
        if isinstance(driver, CellDriver):
            driver.give_back_as(early_keys.found)
            if self._canvas is not None:
                driver.take_over(self._canvas)

    def _glance(self) -> Listing | None:
        """What was last on the screen; without it, whatever reads the disk next tells of the trouble."""
        try:
            return cached_first_page(self._store, self.profile.page_size, self.config.mask)
        except KehuError:
            return None

    def _tell_notices(self, notices: Sequence[KehuError], title: str = N_("The disk")) -> None:
        """Tell what there is to tell about how files opened, such as a damaged one that was set aside."""
        if not notices:
            return
        from tui.screens.widget_texts import words
        from widgets.dialog import MessageDialog

        for notice in notices:
            text = f"{notice.message(_)}\n\n{notice.hint(_)}"
            self.call_after_refresh(self.push_screen, MessageDialog(_(title), text, words=words()))

    async def _tell_keys(self) -> None:
        """Tell, once, what of the configuration's keys is not in force, and which command has lost its key."""
        if self._keys_told:
            return
        self._keys_told = True
        from tui.screens.main.keymap import form_problems

        problems = [*self.keymap.problems, *await asyncio.to_thread(form_problems, self.config)]
        if problems:
            from tui.screens.widget_texts import words
            from widgets.dialog import MessageDialog

            file = str(self.config.path)  # it stands above all of them, instead of in each
            told = [f"{one.message(_).removeprefix(file).lstrip(':： ')}\n  {one.hint(_)}".rstrip() for one in problems]
            text = "\n\n".join([str(self.config.path), *told])
            self.push_screen(MessageDialog(_("Keys of the configuration"), text, words=words()))

    def _show_profile(self, first: Listing | None, marked: Iterable[str] = ()) -> Awaitable[None]:
        """Draw what is known of the profile, then connect; what is returned ends once the screen before is gone."""
        title = f"{self.profile.title} · {_('read-only')}" if self.profile.read_only else self.profile.title
        screen = MainScreen(self.profile.name, title, first, marked)
        change = self.switch_screen if isinstance(self.screen, MainScreen) else self.push_screen
        changed = change(screen)
        screen.call_after_refresh(self._connect, screen)
        return changed

    def _connect(self, screen: MainScreen) -> None:
        end_loading(to_stay=True)
        self._open(screen)

    @work(group="connect", exclusive=True)
    async def _open(self, screen: MainScreen) -> None:
        """Load the client layer off the key path, and give the screen its desk."""
        try:
            left_over, fresh = 0, False
            if self._desk is None:
                fresh = (
                    self.profile.demo and not self.profile.read_only and not (self.config.data_dir / SANDBOX).exists()
                )
                self._desk = await asyncio.to_thread(_open_desk, self.profile, self.config, self._store)
                await self._desk.start()
                counts = await self._desk.outbox.counts()
                left_over = counts[State.PENDING] + counts[State.SENDING]
                await self._read_fields(self._desk)
            anew = self._people is None
            if self._people is None:
                self._people = open_people(self._desk, self.config)
                await self._join_team(screen, self._desk)
            query = self.first_query(screen.first.key if screen.first else "")
            blocked = await self._desk.road_error()
            await screen.attach(self._desk, self._people, query, left_over)
            if anew and self.config.start_view:
                from tui.desk.views import view_called

                await screen.list_view(view_called(self.config.start_view, await self._desk.views.all()))
            if blocked is not None:  # a page that was read just now is not read again, and would not tell
                screen.tell_error(blocked)
            if anew:
                if chosen := told_choice(self.config, self.environ):
                    screen.tell(chosen)
                self._tell_notices(await self._people.open_files())
            if fresh:
                from tui.app.demo_day import make_days

                await make_days(self._desk, self._people)
            await self._tell_keys()
        except KehuError as error:
            screen.tell_error(error)
        except NoMatches:
            if screen.display:
                raise
            # It was left while it was being filled, and its widgets have gone: the next one is filled after it.

    async def _join_team(self, screen: MainScreen, desk: Desk) -> None:
        """Have `desk` be in the configuration's team, if there is one; what is in the way costs no more than that."""
        if self.config.team is None:
            return
        from tui.app.team import open_line, team_of

        try:
            team = team_of(await asyncio.to_thread(open_line, self.config), desk)
            await team.start()
        except KehuError as error:
            screen.call_after_refresh(screen.tell_error, error)

    async def _read_fields(self, desk: Desk) -> None:
        """Have the field configuration before the first record, which is read by it; without it, labels are codes."""
        try:
            await desk.fields()
        except KehuError:
            pass  # the list, read next, meets the same trouble and tells it

    def first_query(self, key: str = "") -> Query:
        """All customers, or the list that the directory names `key`, from the first page."""
        from tui.desk.queries import query_of

        return query_of(key, self.profile.page_size)

    # What the screens ask of it

    def keys_of(self, command: Command) -> str:
        """Return the keys of `command` that are in force; empty where it has none."""
        return ",".join(self.keymap.in_force[command.id])

    def switch_profile(self, name: str) -> None:
        """Leave this profile for `name`; the calls under way are finished behind it.

        Raises: KehuError where the file of `name` cannot be opened; then this one stays.
        """
        profile = choose(self.config, name, self.environ)
        store = open_store(profile, self.config)
        old, self._desk = self._desk, None
        people, self._people = self._people, None
        self._keep_place()
        self.profile, self._store = profile, store
        shown = self._show_profile(self._glance())
        self._tell_notices([translated(notice) for notice in self._store.notices])
        if old is not None:
            self._close(old, people, shown)

    async def drafts_of(self, profile: str) -> Sequence[KeptDraft]:
        """Return what was typed into forms of `profile`, which is not open, and not sent; nothing where it has no file.

        Raises: KehuError where its file cannot be opened.
        """
        from tui.desk.drafts import drafts_at

        return await asyncio.to_thread(self._with_file_of, profile, lambda store: drafts_at(store, profile)) or ()

    async def drop_draft_of(self, profile: str, draft_id: int) -> None:
        """Throw one of them away."""
        await asyncio.to_thread(self._with_file_of, profile, lambda store: store.drafts.delete(draft_id))

    def _with_file_of(self, profile: str, use: Callable[[Store], T]) -> T | None:
        """What `use` returns of the file of `profile`, which is not open; None where it has none."""
        if not file_of(self.config.profiles[profile], self.config).exists():
            return None
        store = open_store(self.config.profiles[profile], self.config)
        try:
            return use(store)
        finally:
            store.close()

    @work(group="close")
    async def _close(self, desk: Desk, people: LinkedPeople | None, left: Awaitable[None]) -> None:
        """Close `desk`, and `people`'s desks before it, once the screen that works with them has `left`."""
        await left
        if people is not None:
            await people.close()
        await desk.close()

    def switch_language(self) -> None:
        """Speak the other language, from the next frame on."""
        self._keep_place()
        set_language("en" if language() == "zh_CN" else "zh_CN", self.environ)
        main = self._main_screen()
        self._show_profile(self._glance(), main.list_pane.marks if main is not None else ())

    def action_redraw(self) -> None:
        """Draw every cell again, whatever the terminal may have made of the last ones."""
        if isinstance(self.terminal, CellDriver):
            self.terminal.forget()
        self.screen.refresh(layout=True)

    def suspend_to_shell(self) -> bool:
        """Stop until the shell continues this process; whether there is one that could."""
        from widgets.driver.hangup import has_shell, stop_job

        if self.terminal is None or not self.terminal.can_suspend or not has_shell():
            return False
        stop_job(self.terminal)
        return True

    # Keys that are kept for a form

    def _main_screen(self) -> MainScreen | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, MainScreen)), None)

    def change_screen(self, screen: Screen[object]) -> None:
        """Another `screen` is up: the keys that were kept back are for it, or for the form after it."""
        main = self._main_screen()
        if main is None:
            self.release_keys()
        else:
            main.form_keys.change_screen(screen)

    def tell_hold(self, on: bool) -> None:
        """Have the status line tell that keys are kept back."""
        if (main := self._main_screen()) is not None:
            main.tell_hold(on)

    def give_up_hold(self) -> bool:
        """Wait no longer for a form."""
        main = self._main_screen()
        return main is not None and main.give_up_form()

    @property
    def clipboard(self) -> str:
        """What was copied last here: an input pastes it with ctrl+v."""
        return self._copied

    def copy_to_clipboard(self, text: str) -> None:
        """Hand `text` to the terminal's clipboard (OSC 52), through tmux or screen where one is in between."""
        self._copied = text
        if self.terminal is not None:
            self.terminal.write(copy_sequence(text, self.environ))

    # Its end

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave, and begin here the next time."""
        self._end_in_any_case(result or return_code)
        self._keep_place()
        super().exit(result, return_code, message)

    def _keep_place(self) -> None:
        """Have the next first frame show what is on the screen now."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.keep_place()

    def _keep_drafts(self) -> None:
        """Put on disk what is in the forms; each does so within half a second by itself."""
        from tui.screens.forms.drafts import DraftedDialog

        for screen in self.screen_stack:
            if isinstance(screen, DraftedDialog):
                try:
                    screen.keep_now()
                except Exception:  # noqa: BLE001, S110  # the program ends, and the next form may still be kept
                    pass

    def _end_by(self, loop: asyncio.AbstractEventLoop, number: int, frame: FrameType | None) -> None:
        """Handle a signal: leave, in good order where the event loop can."""
        self._end_in_any_case(SIGNALLED + number)
        with suppress(RuntimeError):  # the loop has ended, and so does the program
            loop.call_soon_threadsafe(self._leave_by, number)

    def _end_in_any_case(self, exit_code: int) -> None:
        """End within the time that a call may take, whatever there is to wait for: a call, the disk, the terminal."""
        if not self.is_headless:
            end_within(max(self.profile.timeout, DESK_SECONDS), exit_code, self._give_terminal_back)

    def _give_terminal_back(self) -> None:
        if isinstance(self.terminal, CellDriver):
            self.terminal.abandon()

    def _leave_by(self, number: int) -> None:
        """Leave because of a signal, with what was typed on disk and the terminal as it was before."""
        let_go_of_lost_terminal()
        self._keep_drafts()
        self.exit(SIGNALLED + number)

    def ends_with(self, error: Exception) -> bool:
        """The program's last line: keep what was typed, write down what happened, and leave."""
        if (
            isinstance(error, WorkerFailed)
            and isinstance(error.error, NoMatches)
            and not get_current_worker().node.display
        ):
            return False  # it had something to show, and the widgets to show it on have just gone with their screen
        if self.fault is None:
            self.fault = error.error if isinstance(error, WorkerFailed) else error
            self._end_in_any_case(crash.EXIT_CODE)
            self._keep_drafts()
            self.log_path = crash.note(self.fault, self.config.data_dir)
        return True

    async def on_unmount(self) -> None:
        for opening in self.workers.cancel_group(self, "connect"):
            with suppress(WorkerCancelled):
                await opening.wait()
        if self._people is not None:
            await self._people.close()
        if self._desk is not None:
            await self._desk.close()
        else:
            self._store.close()


def theme_for(environ: Mapping[str, str], wanted: str = "auto") -> str:
    """The theme that is `wanted`; for `auto`, by what the terminal says of itself: few colours, a light ground, or
    neither. Without colour (NO_COLOR) it is always the plain one.
    """
    if wanted != "auto":
        return "kehu-plain" if environ.get("NO_COLOR") else f"kehu-{wanted}"
    terminal = environ.get("TERM", "")
    rich = "256color" in terminal or environ.get("COLORTERM") in ("truecolor", "24bit")
    if environ.get("NO_COLOR") or not rich:
        return "kehu-plain"
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "kehu-light" if ground in LIGHT_GROUNDS else "kehu-dark"


LIGHT_GROUNDS = ("7", "15")
"""The background's colour number in COLORFGBG (rxvt and Konsole set it) that means light: white, or light grey."""


def _open_desk(profile: Profile, config: Config, store: Store) -> Desk:
    from tui.app.opening import open_desk

    return open_desk(profile, config, store)


def run(config: Config, profile: Profile, store: Store, canvas: Canvas | None = None) -> int:
    """The desk on `profile` and its `store`, to its end; the exit code. `canvas` has the terminal's first cells
    already.
    """
    app = KehuApp(config, profile, store, os.environ, canvas)
    result = app.run(mouse=config.mouse) or 0
    if app.fault is None:
        return result
    what, where = crash.told(app.fault, app.log_path)
    sys.stderr.write(f"kehu: {plain(what)}\n" + (f"      {plain(where)}\n" if where else ""))
    return crash.EXIT_CODE
