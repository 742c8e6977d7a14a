"""Going to a page by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.locale import _
from tui.model.numbers import normal_number
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import NumberInput

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


class GoToDialog(Dialog[int]):
    """Asks for a page of `pages`; None where nobody knows how many there are."""

    SIZE = "-short"

    def __init__(self, pages: int | None) -> None:
        super().__init__(_("Go to page"), words=words())
        self._pages = pages

    def compose_body(self) -> ComposeResult:
        label = _("Page") if self._pages is None else _("Page, 1–{pages}").format(pages=self._pages)
        yield Form(
            [FormField("page", label, NumberInput(normal_number, words=self.words))], enter_sends=True, words=self.words
        )

    def on_mount(self) -> None:
        """Take the number at once."""
        self.query_one(Form).focus_first()

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Enter goes there."""
        event.stop()
        self.action_send()

    def on_form_changed(self, event: Form.Changed) -> None:
        """A mistake was seen; the next letter mends it."""
        event.stop()
        self.complain("")

    def action_send(self) -> None:
        """Close with the page's number."""
        text = str(self.query_one(Form).values()["page"])
        page = int(text) if text.isdecimal() else 0
        if page < 1 or (self._pages is not None and page > self._pages):
            self.complain(_("{text} is no page").format(text=text or "–"))
        else:
            self.finish(page)


async def go_to(main: MainScreen) -> None:
    """Turn to the page that the agent names."""
    page = await main.app.push_screen_wait(GoToDialog(main.list_pane.pages))
    if page is not None:
        main.status.message = None
        await main.turn_to(page)
