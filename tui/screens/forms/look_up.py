"""Looking up who calls: what the caller says, whoever it finds here, at the vendor and at linked profiles."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.desk.linked.caller import CallerHit, Said, ask_all, read_said, seen_here
from tui.locale import _, listed
from tui.model.customer import Customer
from tui.model.display import LOOKUPS
from tui.model.errors import KehuError
from tui.model.query.completion import QueryCandidate
from tui.screens.forms.query import Offers
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.dialog import Dialog, DialogLine, Hint
from widgets.line_edit import LineEdit

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen

Act = Literal["open", "follow", "create"]

CREATE, FOLLOW = "tui.screens.forms.edit:create", "tui.screens.forms.follow:follow_up"
"""The flows that go on with who was looked up. By name, because they come to the outbox, which looks up too."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the agent wants: somebody opened or followed up, or a customer created by what was said."""

    act: Act
    said: Said
    hit: CallerHit | None = None


class LookUpDialog(Dialog[LookedUp]):
    """Takes what a caller says. Whom it finds here stands below as it is typed; Enter asks the vendor, and the linked
    profiles, whose answers join them as they come. The one who is found is opened; of several one is chosen.
    """

    SIZE = "-short"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("ctrl+f", "act('follow')", show=False, priority=True, id="look_up.follow"),
        Binding("ctrl+n", "act('create')", show=False, priority=True, id="look_up.create"),
    ]

    line = getters.query_one("#query-line", LineEdit)
    what = getters.query_one("#query-understood", DialogLine)
    offers = getters.query_one("#query-offers", Offers)

    def __init__(self, main: MainScreen, text: str = "") -> None:
        super().__init__(_("Look up"), words=words())
        self._main = main
        self._text = text
        self._asked = ""
        """What the vendor was asked for last; empty where that is no answer to what stands there now."""
        self._waiting: list[str] = []
        """The profiles that have not answered yet."""
        self._hits: dict[tuple[str, str], CallerHit] = {}
        self._shown: dict[str, CallerHit] = {}

    def compose_body(self) -> ComposeResult:
        yield LineEdit(_("a phone, an e-mail, an id or a name, as the caller says it"), id="query-line")
        yield DialogLine(id="query-understood")
        yield Offers(id="query-offers")

    def hints(self) -> Sequence[Hint]:
        create = (("ctrl+n", _("create")),) if self._main.desk.capabilities.can("create") else ()
        follow = ("ctrl+f", _("follow up"))
        return (("Enter", _("ask, open")), ("↓ ↑", _("choose")), follow, *create, ("Esc", self.words.leave))

    def on_mount(self) -> None:
        """Take the text at once."""
        self.line.value = self._text
        self.line.cursor_position = len(self._text)
        self.line.focus()

    @property
    def text(self) -> str:
        """What stands in the line now."""
        return self.line.value.strip()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Another question: what was answered to the one before is no answer to it."""
        event.stop()
        self.workers.cancel_group(self, "ask")
        self._asked, self._waiting = "", []
        self._hits.clear()
        self.complain("")
        self._look_here(self.text)

    @work(group="here", exclusive=True)
    async def _look_here(self, text: str) -> None:
        if not text:
            self._show()
            return
        try:
            found = await seen_here(self._main.desk, text)
        except KehuError as error:
            self.complain(told(error))
            return
        if text == self.text:
            for hit in found:
                self._hits.setdefault((hit.profile, hit.id), hit)
            self._show()

    @work(group="ask", exclusive=True)
    async def _ask(self, text: str) -> None:
        """Ask everywhere, and show each answer, as long as it is one to what stands in the line."""
        main, said = self._main, read_said(text)
        self._asked = text
        self._waiting = [main.people.source.profile, *(source.profile for source in main.people.sources)]
        troubles = []
        self._show()
        async with aclosing(ask_all(main.desk, main.people, said)) as answers:
            async for answer in answers:
                if text != self.text:
                    return
                self._waiting.remove(answer.profile)
                self._hits |= {(hit.profile, hit.id): hit for hit in answer.hits}
                if answer.error is not None:
                    troubles.append(f"{answer.profile}: {told(answer.error)}")
                    self.complain(" ".join(troubles))
                self._show()
        ours = {hit.ours for hit in self._hits.values() if hit.ours}
        if len(ours) == 1 and not troubles and all(hit.ours for hit in self._hits.values()):
            self._finish("open", next(iter(self._hits.values())))

    def _show(self) -> None:
        """Show who was found, the vendor's answers first, and what is still asked for."""
        own = self._main.people.source.profile
        hits = sorted(self._hits.values(), key=lambda hit: (not hit.live, hit.profile != own))
        self._shown = {}
        candidates = []
        for hit in hits:
            where = _("at {profile}, just now") if hit.live else _("seen here")
            shown = "  ".join(filter(None, (self._contact(hit), hit.company)))
            candidate = QueryCandidate(hit.name or hit.id, shown, where.format(profile=hit.profile) + f"  {hit.id}")
            candidates.append(candidate)
            self._shown[candidate.detail] = hit
        self.offers.offer(candidates)
        self.what.say(self._told_state() if self.text else "")

    def _contact(self, hit: CallerHit) -> str:
        return self._main.list_pane.hide("phone", hit.contact) if hit.contact else ""

    def _told_state(self) -> str:
        said = read_said(self.text)
        parts = [_("a name") if said.kind == "name" else _(LOOKUPS.get(said.kind, said.kind))]
        if self._waiting:
            parts.append(_("asking {profiles} …").format(profiles=listed(self._waiting)))
        elif self._asked and not self._hits:
            can = self._main.desk.capabilities.can("create")
            parts.append(_("nobody found; ctrl+n creates a customer with it") if can else _("nobody found"))
        elif not self._asked:
            parts.append(_("Enter asks the vendor"))
        return " · ".join(parts)

    def action_move(self, steps: int) -> None:
        """Point at another one."""
        self.offers.move(steps)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Open who is pointed at; else ask, and what was asked already is answered by the first."""
        if not self.text:
            self.complain(_("type what to look for"))
        elif self.offers.pointed is not None or (self._asked == self.text and self._hits and not self._waiting):
            self.action_act("open")
        elif self._asked != self.text or not self._waiting:
            self._ask(self.text)

    def action_act(self, act: Act) -> None:
        """Close, to do `act` with the one that is pointed at, else with the first."""
        candidate = self.offers.first
        hit = self._shown.get(candidate.detail) if candidate is not None else None
        if act != "create" and hit is None:
            self.complain(_("nobody is found yet") if self.text else _("type what to look for"))
        elif act == "create" and not self._main.desk.capabilities.can("create"):
            self.complain(self._main.desk.why_not("create"))
        else:
            self._finish(act, hit)

    def _finish(self, act: Act, hit: CallerHit | None) -> None:
        self.finish(LookedUp(act, read_said(self.text), hit))


async def look_up(main: MainScreen, text: str = "") -> None:
    """Open, follow up or create whom a caller means; `text` stands there to begin with."""
    asked = await main.app.push_screen_wait(LookUpDialog(main, text or main.list_pane.search_text))
    if asked is None:
        return
    if asked.act == "create":
        await resolve_name(CREATE)(main, asked.said)
        return
    hit = asked.hit
    if hit is None:
        return
    if not hit.ours:
        text = _("{name} is a record of {profile}: P switches there.")
        main.tell(text.format(name=hit.name or hit.id, profile=hit.profile))
        return
    if main.list_pane.searching:
        await main.list_pane.close_search()
    if main.desk.capabilities.can("list"):
        await main.list_pane.reload()
    else:
        await main.list_pane.go_to(1)  # who was seen last stands first
    main.open_customer(hit.ours)
    main.tell(_("Found {name}.").format(name=hit.name or hit.id), "ok")
    if asked.act == "follow":
        record = await main.desk.seen_customer(hit.ours)
        await resolve_name(FOLLOW)(main, record.customer if record else Customer(id=hit.ours, name=hit.name))
