"""Asking for customers by the query language: one line, what it means, and what could stand at the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from tui.locale import _
from tui.model.query.completion import QueryCandidate, QueryCompletion, complete
from tui.model.query.explain import explain
from tui.model.query.operands import QueryError
from tui.model.query.parser import read_query
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.cells import fit, plain
from widgets.dialog import Dialog, DialogLine, Hint
from widgets.line_edit import LineEdit

if TYPE_CHECKING:
    from tui.model.query.query_names import Vocabulary
    from tui.screens.main.main_screen import MainScreen

OFFERED = 9
"""Candidates in sight; where there are more, the last line says so."""

LABEL_CELLS = 24


@dataclass(frozen=True, slots=True)
class QueryAsked:
    """What an agent asks for."""

    text: str
    at_vendor: bool = False
    """By the vendor's own conditions, which are asked for next."""


class Offers(Static):
    """What could stand at the cursor, a line each; one of them may be pointed at."""

    def __init__(self, *, id: str) -> None:
        super().__init__(markup=False, id=id)
        self._candidates: Sequence[QueryCandidate] = ()
        self._pointed: int | None = None

    def offer(self, candidates: Sequence[QueryCandidate]) -> None:
        """Show `candidates`; none is pointed at."""
        if candidates == self._candidates and self._pointed is None:
            return
        self._candidates, self._pointed = candidates, None
        self._draw()

    def move(self, steps: int) -> None:
        """Point at the next one, or at the one before; before the first, at none."""
        if self._candidates:
            at = (-1 if self._pointed is None else self._pointed) + steps
            self._pointed = None if at < 0 else min(at, len(self._candidates) - 1)
            self._draw()

    @property
    def pointed(self) -> QueryCandidate | None:
        """The one that is pointed at."""
        return None if self._pointed is None else self._candidates[self._pointed]

    @property
    def first(self) -> QueryCandidate | None:
        """The one that is pointed at, else the first."""
        return self.pointed or next(iter(self._candidates), None)

    def _draw(self) -> None:
        start = max(0, (self._pointed or 0) - OFFERED + 1)
        shown = self._candidates[start : start + OFFERED]
        lines = [self._line(candidate, start + index == self._pointed) for index, candidate in enumerate(shown)]
        more = len(self._candidates) - start - len(shown)
        if more > 0:
            lines.append("  " + _("and {count} more").format(count=more))
        self.update("\n".join(lines), layout=False)

    def _line(self, candidate: QueryCandidate, pointed: bool) -> str:
        mark = "▸ " if pointed else "  "
        beside = " ".join(dict.fromkeys(text for text in (candidate.shown, candidate.detail) if text != candidate.text))
        return f"{mark}{fit(plain(candidate.text), LABEL_CELLS)} {plain(beside)}".rstrip()


class QueryDialog(Dialog[QueryAsked]):
    """Asks for a query by the names of `names`; `asked` are the last ones, the latest first."""

    SIZE = "-short"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "accept", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("ctrl+r", "ask_vendor", show=False, id="query.vendor"),
    ]

    line = getters.query_one("#query-line", LineEdit)
    understood = getters.query_one("#query-understood", DialogLine)
    offers = getters.query_one("#query-offers", Offers)

    def __init__(self, names: Vocabulary, asked: Sequence[str], text: str = "", *, vendor: bool = False) -> None:
        super().__init__(_("Which customers?"), words=words())
        self._names = names
        self._asked = asked
        self._text = text
        self._vendor = vendor
        self._completion = QueryCompletion(0, 0, ())

    def compose_body(self) -> ComposeResult:
        yield LineEdit(_("owner:me tag:VIP last<30d sort:last …"), id="query-line")
        yield DialogLine(id="query-understood")
        yield Offers(id="query-offers")

    def hints(self) -> Sequence[Hint]:
        vendor = (("ctrl+r", _("ask the vendor")),) if self._vendor else ()
        return (("Enter", _("list")), ("Tab", _("complete")), ("↓ ↑", _("choose")), *vendor, ("Esc", self.words.leave))

    def on_mount(self) -> None:
        """Take the text at once; what is listed now stands there."""
        self.line.value = self._text
        self.line.cursor_position = len(self._text)
        self.line.focus()
        self._look()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._look()

    def _look(self) -> None:
        """Tell what is understood, what is not, and what could stand at the cursor."""
        text = self.line.value
        parsed = read_query(text, self._names, datetime.now().astimezone())
        self.understood.say(explain(parsed.query, _) or _("all customers seen here"))
        problem = next(iter((*parsed.problems, *parsed.notes)), None)
        self._tell(problem)
        if text.strip():
            self._completion = complete(text, self.line.cursor_position, self._names, _)
        else:
            self._completion = QueryCompletion(0, len(text), tuple(QueryCandidate(one, "") for one in self._asked))
        self.offers.offer(self._completion.candidates)

    def _tell(self, problem: QueryError | None) -> None:
        if problem is None:
            self.complain("")
        elif problem.unfinished:
            self.say(told(problem))
        else:
            self.complain(told(problem))

    def action_accept(self) -> None:
        """Write the candidate that is pointed at, else the first."""
        candidate = self.offers.first
        if candidate is not None:
            text, cursor = self._completion.written(self.line.value, candidate)
            self.line.value = text
            self.line.cursor_position = cursor
            self._look()

    def action_move(self, steps: int) -> None:
        """Point at another candidate."""
        self.offers.move(steps)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self.offers.pointed is not None:
            self.action_accept()
        else:
            self.action_send()

    def action_send(self) -> None:
        """Close with the query, unless something of it is not understood."""
        text = self.line.value.strip()
        problems = read_query(text, self._names, datetime.now().astimezone()).problems
        if problems:
            self.complain(told(problems[0]))
            self.line.cursor_position = problems[0].span.end
        else:
            self.finish(QueryAsked(text))

    def action_ask_vendor(self) -> None:
        """Go on to the vendor's own conditions."""
        if self._vendor:
            self.finish(QueryAsked(self.line.value.strip(), at_vendor=True))


async def query(main: MainScreen) -> None:
    """List the customers whom a query means."""
    queries = main.desk.queries
    names = await queries.names(fresh=True)
    text = main.list_pane.asked or main.list_pane.search_text
    vendor = main.desk.capabilities.can("list")
    asked = await main.app.push_screen_wait(QueryDialog(names, await queries.asked(), text, vendor=vendor))
    if asked is None:
        return
    if asked.at_vendor:
        from tui.screens.forms.filter import filter

        await filter(main, asked.text)
    elif asked.text:
        await queries.note_asked(asked.text)
        await main.list_asked(asked.text)
    else:
        await main.list_customers(main.app.first_query())
