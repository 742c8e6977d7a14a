"""Looking through the journal: by what was written, by day, kind, colleague and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from textual.app import ComposeResult

from tui.desk.change_labels import KIND_NAMES
from tui.desk.journal_search import KINDS, STATES, journal_filter
from tui.locale import _
from tui.model.change import Kind
from tui.model.display import STATES as STATE_NAMES
from tui.model.errors import InvalidError
from tui.model.journal_filter import JournalFilter
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.dialog import Dialog
from widgets.form import Form, FormField
from widgets.inputs import ChoiceInput, PickOption, TextInput


@dataclass(frozen=True, slots=True)
class JournalAsked:
    """What is looked for, as it was typed; empty is no condition."""

    text: str = ""
    since: str = ""
    until: str = ""
    kind: str = ""
    author: str = ""
    state: str = ""

    def filter(self, me: str) -> JournalFilter:
        """Return what it means; `me` is the acting colleague's id.

        Raises: InvalidError.
        """
        return journal_filter(**asdict(self), me=me)

    def told(self) -> str:
        """Return it in the agent's language, for a title; empty where all is listed."""
        kind = _(KIND_NAMES[Kind(self.kind)]) if self.kind else ""
        state = _(STATE_NAMES[self.state]) if self.state else ""
        days = f"{self.since}–{self.until}" if self.since or self.until else ""
        return " · ".join(filter(None, (self.text, days, kind, self.author, state)))


class JournalFilterDialog(Dialog[JournalAsked]):
    """Asks what is looked for; begins with what was `asked` before. `authors` are those who did something."""

    SIZE = "-short"

    def __init__(self, asked: JournalAsked, authors: Sequence[str]) -> None:
        super().__init__(_("What was done"), words=words())
        self._asked = asked
        self._authors = authors

    def compose_body(self) -> ComposeResult:
        kinds = [PickOption(kind, _(KIND_NAMES[Kind(kind)])) for kind in KINDS]
        states = [PickOption(state, _(STATE_NAMES[state])) for state in STATES]
        authors = [PickOption(author, author) for author in self._authors]
        note = _("2024-11-20, 2024-11, today, 30d, 昨天, 上周 …")
        yield Form(
            [
                FormField("text", _("Written"), TextInput(words=self.words), self._asked.text),
                FormField("since", _("From"), TextInput(words=self.words), self._asked.since, note=note),
                FormField("until", _("Until"), TextInput(words=self.words), self._asked.until),
                FormField("kind", _("Kind"), ChoiceInput(kinds, words=self.words), self._asked.kind),
                FormField("author", _("Colleague"), ChoiceInput(authors, words=self.words), self._asked.author),
                FormField("state", _("State"), ChoiceInput(states, words=self.words), self._asked.state),
            ],
            words=self.words,
        )

    def on_form_changed(self, event: Form.Changed) -> None:
        """A mistake was seen; the next letter mends it."""
        event.stop()
        self.complain("")

    def action_send(self) -> None:
        """Close with what is looked for, unless it cannot be understood."""
        asked = JournalAsked(**{key: str(value).strip() for key, value in self.query_one(Form).values().items()})
        try:
            asked.filter(me="")
        except InvalidError as error:
            self.complain(told(error))
        else:
            self.finish(asked)
