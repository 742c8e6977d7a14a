"""Looking one customer up at the vendor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.locale import _
from tui.model.characters import clean_id
from tui.model.display import LOOKUPS
from tui.model.phone_email import read_phone
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import ChoiceInput, PickOption, TextInput

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


class LookUpDialog(Dialog[tuple[str, str]]):
    """Asks for a text and what it is; its result is both: `(by, text)`."""

    SIZE = "-short"

    def __init__(self, lookups: Sequence[str], text: str = "") -> None:
        super().__init__(_("Look up at the vendor"), words=words())
        self._lookups = lookups
        self._text = text

    def compose_body(self) -> ComposeResult:
        choices = [PickOption(name, _(LOOKUPS.get(name, name))) for name in self._lookups]
        by = ChoiceInput(choices, clearable=False, words=self.words)
        yield Form(
            [
                FormField("text", _("Look for"), TextInput(words=self.words), self._text),
                FormField("by", _("which is"), by, guess(self._text, self._lookups)),
            ],
            enter_sends=True,
            words=self.words,
        )

    def on_mount(self) -> None:
        """Take the text at once."""
        self.query_one(Form).focus_first()

    def on_form_changed(self, event: Form.Changed) -> None:
        """Guess what the text is, until the agent says it."""
        event.stop()
        self.complain("")
        form = event.form
        if form.rows["text"].changed and not self._chosen:
            form.load({"by": guess(str(form.values()["text"]), self._lookups)})

    @property
    def _chosen(self) -> bool:
        focused = self.focused
        return focused is not None and self.query_one(Form).rows["by"] in focused.ancestors

    def on_form_submitted(self, event: Form.Submitted) -> None:
        """Enter looks it up."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Close with what to look for."""
        values = self.query_one(Form).values()
        text, by = clean_id(str(values["text"])), str(values["by"])
        if not text:
            self.complain(_("type what to look for"))
        else:
            self.finish((by, text))


def guess(text: str, lookups: Sequence[str]) -> str:
    """Which of `lookups` the text is most likely meant for."""
    if "@" in text and "email" in lookups:
        return "email"
    phone = read_phone(text)
    if phone and (phone.is_mobile or phone.foreign) and "phone" in lookups:
        return "phone"
    if phone and phone.is_landline and "telephone" in lookups:
        return "telephone"
    return lookups[0]


async def look_up(main: MainScreen, text: str = "") -> None:
    """Read the customer that the agent names; it is in the directory from then on. `text` stands there to begin
    with.
    """
    lookups = main.desk.capabilities.lookups
    asked = await main.app.push_screen_wait(LookUpDialog(lookups, text or main.list_pane.search_text))
    if asked is None:
        return
    by, text = asked
    main.tell(_("Looking for {text} …").format(text=text))
    record = await main.desk.customer(text, by)
    if main.list_pane.searching:
        await main.list_pane.close_search()
    if main.desk.capabilities.can("list"):
        await main.list_pane.reload()
    else:
        await main.list_pane.go_to(1)  # who was seen last stands first
    main.open_customer(record.customer.id)
    main.tell(_("Found {name}.").format(name=record.customer.name or record.customer.id), "ok")
