"""What a desk knows of its team: colleagues, what they did, who is where, and what is shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from tui.model.change import APPLIED, Change, Json, Kind, State
from tui.model.journal_entry import JournalEntry

AGENT, LEAD, AUDITOR = ROLES = ("agent", "lead", "auditor")
"""What a member may do: an agent's own work; a lead's anybody's; an auditor reads what was revealed and exported."""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody of the team."""

    id: str
    name: str
    role: str = AGENT
    user_ids: tuple[str, ...] = ()
    """As the vendors know them."""


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """An entry of the team's journal."""

    sequence: int
    """Its place in the team's journal: it only grows."""
    entry: JournalEntry
    author_name: str = ""
    """What the team calls the author."""


@dataclass(frozen=True, slots=True)
class TeamHistory:
    """What the team did with one customer, as far as it is here."""

    entries: tuple[ToldEntry, ...] = ()
    """The last one about each change, the newest first."""
    as_of: float | None = None
    """Epoch seconds: what came to the team's server until then is here; None where the server answers now."""


@dataclass(frozen=True, slots=True)
class ColleagueThere:
    """A colleague who is at a customer now."""

    member: str
    name: str
    writing: bool = False
    """They have a form open by which the customer is changed."""


@dataclass(frozen=True, slots=True)
class HeldClaim:
    """A customer is one colleague's alone for a while."""

    source: str
    customer: str
    member: str
    name: str
    """Of the colleague."""
    until: float
    """Epoch seconds, by this machine's clock."""
    fence: int = 0
    """Grows with every claim: a write under an older one is refused."""


@dataclass(frozen=True, slots=True)
class Company:
    """Who else is at a customer, and whose it is."""

    others: tuple[ColleagueThere, ...] = ()
    claim: HeldClaim | None = None
    mine: bool = False
    """The claim is the agent's own."""

    @property
    def writing(self) -> tuple[str, ...]:
        """The names of the colleagues who are writing to the customer, or have claimed it."""
        names = [one.name for one in self.others if one.writing]
        if self.claim is not None and not self.mine:
            names.append(self.claim.name)
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamContact:
    """A next contact as the team has it."""

    id: str
    """A UUID, made where it was first set."""
    source: str
    customer: str
    customer_name: str = ""
    union_id: str | None = None
    owner: str
    """The member who is to make it, by id."""
    owner_name: str = ""
    at: int
    """Epoch seconds."""
    whole_day: bool = False
    note: str = ""
    done_at: float | None = None
    """Epoch seconds; None while it is to be made."""
    removed: bool = False
    """It is not to be made after all."""
    author_name: str = ""
    """Who changed it last."""
    revision: int = 0
    """0: the server has none yet."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.done_at is None and not self.removed


class Stands(NamedTuple):
    """How a next contact stands on one side: all that has to be the same on both."""

    open: bool = False
    done: bool = False
    at: int = 0
    whole_day: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class TeamPreset:
    """A view or a template that is there for all."""

    kind: str
    """`view`, `follow` or `remark`."""
    name: str
    body: Json | None
    """None where it was taken away."""
    author_name: str = ""
    """Of who shared it last."""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class TeamState:
    """How a desk stands with its team."""

    url: str
    member: TeamMember
    reachable: bool
    problem: str = ""
    """Why the server is not reached, in the agent's language."""
    sequence: int = 0
    """Of the last entry that was received."""
    waiting: int = 0
    """Entries of this machine that the server does not have yet."""
    refused: int = 0
    """Those that it will not take."""
    seen_at: float | None = None
    """Epoch seconds: when the server answered last."""


def told_change(told: ToldEntry) -> Change | None:
    """Return the change that a colleague's entry tells of, for the history; None where it tells of none that fits.

    What a colleague's desk sent is checked: a number where a text should stand costs the entry, never the pane.
    """
    entry = told.entry
    body = entry.body
    request = body.get("request")
    try:
        kind, state = Kind(entry.kind), State(str(body.get("state")))
    except ValueError:
        return None
    if not isinstance(request, dict) or not _fits(kind, request):
        return None
    return Change(
        id=0,
        uid=entry.about,
        kind=kind,
        state=state,
        customer_id=entry.customer,
        customer_name=_text(body.get("customer_name")),
        union_id=entry.union_id,
        user_id=told.author_name or entry.author,
        request=request,
        before=None,
        after=None,
        repeatable=False,
        batch=None,
        undo_of=None,
        undone_by=None,
        os_user="",
        host="",
        profile="",
        source=entry.source,
        author=entry.author,
        created_at=_moment(body.get("created_at"), entry.at),
        sent_at=_moment(body.get("sent_at"), entry.at) if body.get("sent_at") is not None else None,
        settled_at=None,
        attempts=0,
        code="",
        message="",
        answer=None,
    )


def contacted_at(told: ToldEntry) -> int | None:
    """Return when the customer was contacted, in epoch seconds, as the entry of a follow-up tells; None for none."""
    change = told_change(told)
    if change is None or change.state not in APPLIED:
        return None
    then = change.sent_at or change.created_at
    moments = [
        datetime.fromisoformat(text["at"]).timestamp() if text.get("at") else then for text in change.request["texts"]
    ]
    return int(max(moments, default=then))


def _fits(kind: Kind, request: Json) -> bool:
    if kind is Kind.FOLLOW:
        texts = request.get("texts")
        return isinstance(texts, list) and all(
            isinstance(text, dict) and isinstance(text.get("content"), str) and _is_time(text.get("at"))
            for text in texts
        )
    if kind is Kind.REMARK:
        return all(isinstance(request.get(name), str | None) for name in ("remark", "description"))
    return True


def _is_time(value: object) -> bool:
    """Whether `value` is a moment with a zone that a calendar has, or none at all."""
    if value is None or value == "":
        return True
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment is not None and 0 <= moment.timestamp() < LAST_MOMENT
    except (ValueError, OverflowError):
        return False


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


LAST_MOMENT = 253_402_214_400.0
"""Epoch seconds of the last day that a calendar has."""


def _moment(value: object, otherwise: float) -> float:
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LAST_MOMENT
    return float(value) if fits else otherwise  # type: ignore[arg-type]  # as was just looked at
