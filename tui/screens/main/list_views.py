"""Views of the list: one by its key, all of them to choose from, what is listed saved as one; and who is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.desk.views import view_called
from tui.locale import _
from tui.model.errors import InvalidError
from tui.model.saved_view import DUE, SavedView, check_view
from tui.screens.main.under_way import key_of
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import PickOption, TextInput
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen

SAVE = "+"
"""What is picked to save what is listed."""


@dataclass(frozen=True, slots=True)
class _Named:
    name: str
    key: str


class ViewDialog(Dialog[_Named]):
    """Asks what a view is to be called, and for its key; `query` is what it lists."""

    SIZE = "-short"

    def __init__(self, query: str, columns: tuple[str, ...]) -> None:
        super().__init__(_("Save this list as a view"), words=words())
        self._query = query
        self._columns = columns

    def compose_body(self) -> ComposeResult:
        yield Form(
            [
                FormField("name", _("Name"), TextInput(words=self.words), note=self._query),
                FormField("key", _("Key"), TextInput(placeholder=_("1–9, or the first free one"), words=self.words)),
            ],
            enter_sends=True,
            words=self.words,
        )

    def on_mount(self) -> None:
        """Take the name at once."""
        self.query_one(Form).focus_first()

    def on_form_changed(self, event: Form.Changed) -> None:
        """A mistake was seen; the next letter mends it."""
        event.stop()
        self.complain("")

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Enter saves it."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Close with the name and the key."""
        values = self.query_one(Form).values()
        named = _Named(str(values["name"]).strip(), str(values["key"]).strip())
        try:
            check_view(SavedView(named.name, self._query, self._columns, named.key))
        except InvalidError as error:
            self.complain(told(error))
        else:
            self.finish(named)


def view(key: str) -> Callable[[MainScreen], Awaitable[None]]:
    """The flow that shows the view with `key`."""

    async def show(main: MainScreen) -> None:
        found = next((one for one in await main.desk.views.all() if one.key == key), None)
        if found is None:
            text = _("No view has the key {key}; {views} shows them all.")
            main.tell(text.format(key=key, views=key_of(main, "views")))
        else:
            await main.list_view(found)

    return show


view_1, view_2, view_3, view_4, view_5, view_6, view_7, view_8, view_9 = map(view, "123456789")


async def due(main: MainScreen) -> None:
    """List who is to be contacted."""
    await main.list_view(view_called(DUE.name, await main.desk.views.all()))


async def views(main: MainScreen) -> None:
    """Show the views to choose from, and save what is listed as one."""
    known = list(await main.desk.views.all())
    options = [
        PickOption(str(place), f"{one.key or ' '}  {one.name}", search=one.query, detail=one.query)
        for place, one in enumerate(known)
    ]
    asked = main.list_pane.asked
    reason = "" if asked else _("no query is listed: {key} asks for one").format(key=key_of(main, "filter"))
    options.append(PickOption(SAVE, _("save what is listed as a view"), detail=asked, reason=reason))
    picked = await main.app.push_screen_wait(PickDialog(_("Views"), options, words=words()))
    if picked is None:
        return
    if picked != SAVE:
        await main.list_view(known[int(picked)])
        return
    columns = main.list_pane.chosen_columns
    named = await main.app.push_screen_wait(ViewDialog(asked, columns))
    if named is not None:
        kept = await main.desk.views.save(SavedView(named.name, asked, columns, named.key))
        await main.show_views()
        await main.list_view(kept)
        text = _("View {name} saved; {key} shows it.") if kept.key else _("View {name} saved.")
        main.tell(text.format(name=kept.name, key=kept.key), "ok")
