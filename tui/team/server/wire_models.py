"""What goes over the wire: the shapes of calls and answers, and how a call is refused.

Keys that a newer desk sends are passed over; a desk passes over keys that a newer server answers. Times are epoch
seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

API: Final = 1
"""The version of the wire: it grows when an older desk could no longer go on."""

KINDS: Final = {
    400: "invalid",
    401: "auth",
    403: "forbidden",
    404: "not_found",
    405: "invalid",
    409: "conflict",
    413: "invalid",
    429: "busy",
    500: "fault",
    503: "unavailable",
}
"""What an error is, by its status."""


class TeamRefusal(Exception):
    """A call, or an entry of one, that is refused: why, and what to do."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        todo: str = "",
        *,
        retry_after: float | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.todo = todo
        self.retry_after = retry_after
        self.facts = facts or {}
        """What else the answer tells, such as who holds a claim."""

    def error(self) -> dict[str, str]:
        """The error as the wire has it."""
        return {"kind": KINDS[self.status], "code": self.code, "message": self.message, "todo": self.todo}


def _plain(text: str) -> str:
    """An id or a name: nothing in it steers a terminal, and every database can keep it."""
    if any(char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("it has a control character or half of a character in it")
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain)]
"""An id or a name."""

OptionalName = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
"""One that may be empty."""

Time = Annotated[float, Field(ge=0, le=253_402_300_799, allow_inf_nan=False)]
"""Epoch seconds, up to the year 9999."""

Sequence = Annotated[int, Field(ge=0, le=2**63 - 1)]
Role = Literal["agent", "lead", "auditor"]


class Wire(BaseModel):
    """What every shape has: it is not changed, and passes over keys that it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Nothing(Wire):
    """An empty object."""


class Member(Wire):
    """Somebody of the team."""

    id: str
    name: str
    role: Role
    user_ids: list[str]
    """How the vendors know them."""
    revoked: bool
    sequence: int


class JoinAsked(Wire):
    """`code` is what `kehu team invite` printed."""

    code: Annotated[str, Field(max_length=200)]


class JoinAnswer(Wire):
    """`token` is told this once; the server keeps a hash of it."""

    token: str
    member: Member


class StatusLimits(Wire):
    """Bytes, seconds, and how many of one call."""

    entries: int
    entry_bytes: int
    body_bytes: int
    page: int
    preset_bytes: int
    claim_seconds: float
    presence_seconds: float
    heartbeat_seconds: float


class StatusAnswer(Wire):
    """Who one is, and how the server stands."""

    api: int
    version: str
    team: str
    """The team's own id: where it is another than before, what a desk kept is of another team."""
    member: Member
    sequence: int
    time: float
    database: Literal["postgresql", "sqlite"]
    limits: StatusLimits


class PeopleAnswer(Wire):
    """All members, by name; who was revoked stays, as entries name them."""

    items: list[Member]


class NewEntry(Wire):
    """Something that was done, as its desk tells it. Its author is the token's member, whatever else it says."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$")]
    """A UUID, made by the desk: by it an entry that comes twice is known."""
    source: Name
    customer: OptionalName = ""
    union_id: OptionalName | None = None
    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$")]
    at: Time
    body: dict[str, Any]
    fence: Sequence | None = None
    """Of the claim under which it was done: where another holds the customer by now, the entry is refused."""


class EntriesAsked(Wire):
    """Entries to add, in the order in which they were done."""

    entries: list[dict[str, Any]]


class RefusedWith(Wire):
    """Why, and what to do."""

    kind: str
    code: str
    message: str
    todo: str


class EntryResult(Wire):
    """What became of one entry: its sequence, or why it was refused, which is final."""

    id: str
    sequence: int | None = None
    error: RefusedWith | None = None


class EntriesAnswer(Wire):
    """What became of each, in the order asked."""

    results: list[EntryResult]


class TeamEntry(Wire):
    """Something that was done, as the team keeps it. It is never changed."""

    sequence: int
    id: str
    source: str
    customer: str
    union_id: str | None
    kind: str
    author: str
    """A member's id; empty where it was done on the server's host."""
    author_name: str
    at: float
    """When, by the desk's clock."""
    received_at: float
    """When it arrived, by the server's."""
    body: dict[str, Any]


class HistoryAsked(Wire):
    """Whose history: `source` and `customer`, or `union_id`, or both, where either matches."""

    source: Name | None = None
    customer: Name | None = None
    union_id: Name | None = None
    before: Sequence | None = None
    """Only entries with a lower sequence."""
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class HistoryAnswer(Wire):
    """Entries by falling sequence; `more` tells whether there are earlier ones, `sequence` how new this is."""

    items: list[TeamEntry]
    more: bool
    sequence: int


class SourcePage(Wire):
    """Rows of one source that changed after a sequence."""

    source: Name
    after: Sequence = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 500


class LastContact(Wire):
    """Who was last contacted when, and by whom."""

    source: str
    customer: str
    union_id: str | None
    at: float
    author: str
    author_name: str
    sequence: int


class ContactsAnswer(Wire):
    """By sequence: go on with `after` = that of the last item while there is `more`."""

    items: list[LastContact]
    more: bool
    sequence: int


class FeedAsked(Wire):
    """From which sequence on; from now on where it is left out."""

    after: Sequence | None = None


class OfCustomer(Wire):
    """One customer."""

    source: Name
    customer: Name


class PresenceAsked(OfCustomer):
    """What one is doing there."""

    doing: Literal["open", "writing"] = "open"
    desk: OptionalName = ""
    """Any text that tells two desks of one member apart."""


class PresenceEnded(OfCustomer):
    """Which desk is there no more."""

    desk: OptionalName = ""


class PresentColleague(Wire):
    """Somebody else who is there."""

    member: str
    name: str
    doing: str
    since: float


class Claim(Wire):
    """Whose a customer is: held while there is a holder and `until` is not past."""

    source: str
    customer: str
    holder: str
    """A member's id; empty once it was given back."""
    holder_name: str
    fence: int
    """Grows with every new holder."""
    since: float
    until: float
    sequence: int


class PresenceAnswer(Wire):
    """Who else is there, and whose the customer is."""

    others: list[PresentColleague]
    claim: Claim | None


class PresenceTold(OfCustomer):
    """Who is there with one, told by the feed when it changes."""

    others: list[PresentColleague]


class ClaimAsked(OfCustomer):
    """A claim of so many seconds from now."""

    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)]


class ClaimProlonged(ClaimAsked):
    """The same for one that one has."""

    fence: Sequence


class ClaimGivenBack(OfCustomer):
    """The claim that is given back."""

    fence: Sequence


class ClaimsAsked(Wire):
    """Of one customer, or all of one's own."""

    source: Name | None = None
    customer: Name | None = None
    mine: bool = False


class ClaimsAnswer(Wire):
    """Claims that are held now."""

    items: list[Claim]


class NextContactRow(Wire):
    """When a customer is to be contacted next, and by whom."""

    id: str
    source: str
    customer: str
    customer_name: str
    union_id: str | None
    owner: str
    """The member who is to do it."""
    owner_name: str
    at: float
    whole_day: bool
    note: str
    done_at: float | None
    removed: bool
    author: str
    """The member who changed it last."""
    author_name: str
    revision: int
    """Grows by one with every change."""
    changed_at: float
    sequence: int


class NextContactAsked(Wire):
    """A next contact as it is to be from now on; `revision` is that of the row one knows, 0 for a new one."""

    source: Name
    customer: Name
    customer_name: OptionalName = ""
    union_id: OptionalName | None = None
    owner: Name | None = None
    """Oneself, or whose it was, where it is left out."""
    at: Time
    whole_day: bool = False
    note: Annotated[str, Field(max_length=2000), AfterValidator(_plain)] = ""
    done_at: Time | None = None
    removed: bool = False
    revision: Annotated[int, Field(ge=0, le=2**31 - 2)]


class NextContactPath(Wire):
    """A UUID, made by the desk."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,64}$")]


class NextContactsAsked(Wire):
    """The open ones of a customer, or all that changed after a sequence, those done and removed too."""

    source: Name | None = None
    customer: Name | None = None
    after: Sequence | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 500


class NextContactsAnswer(Wire):
    """By sequence; `sequence` tells how new this is."""

    items: list[NextContactRow]
    more: bool
    sequence: int


class DueAsked(Wire):
    """Whose: a member's id, `me` or `all`; only those before `until`."""

    owner: Name = "me"
    until: Time = 253_402_300_799
    limit: Annotated[int, Field(ge=1, le=500)] = 500


class OwnersDue(Wire):
    """How many open ones somebody has."""

    owner: str
    owner_name: str
    count: int


class DueAnswer(Wire):
    """Open ones, the earliest first; and how many of them everybody has."""

    items: list[NextContactRow]
    by_owner: list[OwnersDue]
    more: bool


PresetKind = Literal["view", "follow", "remark"]


class PresetRow(Wire):
    """A view or a text that is there for all; `body` is null once it was removed."""

    kind: PresetKind
    name: str
    body: dict[str, Any] | None
    author: str
    author_name: str
    revision: int
    changed_at: float
    sequence: int


class PresetPath(Wire):
    """Which one."""

    kind: PresetKind
    name: Name


class PresetAsked(Wire):
    """What it is from now on; `revision` is that of the row one knows, 0 where none is there."""

    body: dict[str, Any]
    revision: Annotated[int, Field(ge=0, le=2**31 - 2)]


class PresetRemoved(Wire):
    """The revision that is removed."""

    revision: Annotated[int, Field(ge=0, le=2**31 - 2)]


class PresetsAsked(Wire):
    """Only those of one kind."""

    kind: PresetKind | None = None


class PresetsAnswer(Wire):
    """Those that are there, by kind and name."""

    items: list[PresetRow]


class AuditAsked(Wire):
    """By when entries arrived, and their kinds: names with commas, or `all`."""

    since: Time = 0
    until: Time = 253_402_300_799
    kinds: Annotated[str, Field(max_length=500)] = ""
