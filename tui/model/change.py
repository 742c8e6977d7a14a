"""What a change is, from its recording in the outbox to what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

Json = Mapping[str, Any]
"""A JSON object."""


class State(StrEnum):
    """How far a change has come."""

    PENDING = "pending"
    """On disk, not sent."""
    SENDING = "sending"
    """A process took it and may have sent it."""
    SENT = "sent"
    """The vendor has it, by its answer or by what a person says."""
    FAILED = "failed"
    """The vendor does not have it, and it is not sent again by itself."""
    UNKNOWN = "unknown"
    """It was sent, nobody knows whether it arrived, and a second time might do harm."""
    DISCARDED = "discarded"
    """A person threw it away."""
    KEPT = "kept"
    """A note for here alone, since the vendor takes none."""


UNSETTLED = (State.PENDING, State.SENDING, State.FAILED, State.UNKNOWN)
"""The states of what stands in the outbox."""

ON_THE_WAY = (State.PENDING, State.SENDING)
"""The states of what is still to be sent, or is being sent; of all others the journal tells what became of them."""

APPLIED = (State.SENT, State.KEPT)
"""The states of what is where it was to go."""


STOPPED = "stopped"
"""The code of a change that a person kept from being sent."""


class Kind(StrEnum):
    """What is changed."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    REMARK = "remark"
    FOLLOW = "follow"
    EXPORT = "export"
    """Customers were written to a file: the vendor hears nothing of it, the journal does."""
    REVEAL = "reveal"
    """Somebody saw what was hidden: an entry of the journal alone, which changes nothing."""
    FORGET = "forget"
    """A person was erased here: likewise, and it does not say who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """A change as it is recorded before it is sent. None of it is ever secret."""

    kind: Kind
    customer_id: str
    """Empty for a create, and for an export."""
    customer_name: str = ""
    union_id: str | None = None
    user_id: str = ""
    """The colleague who acts, as the vendor knows it."""
    request: Json
    """The exact values that are to be sent, in the models' own terms."""
    before: Json | None = None
    repeatable: bool
    """Sending it twice does no more than sending it once."""
    state: State = State.PENDING
    """PENDING, or KEPT for a note that stays here."""
    batch: str | None = None
    undo_of: int | None = None
    """The change that this one takes back."""
    os_user: str = ""
    host: str = ""
    profile: str = ""
    source: str = ""
    """The vendor and the account, for the journal."""
    author: str = ""
    """Who acts, for the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change as it stands on disk. Times are epoch seconds."""

    id: int
    """Its number in this machine's outbox."""
    kind: Kind
    state: State
    customer_id: str
    customer_name: str
    union_id: str | None
    user_id: str
    request: Json
    before: Json | None
    after: Json | None
    """The values as they were sent and confirmed."""
    repeatable: bool
    batch: str | None
    undo_of: int | None
    undone_by: int | None
    """The change that takes this one back; not one that failed or was thrown away."""
    os_user: str
    host: str
    profile: str
    uid: str = ""
    """The UUID by which the journal knows it; sorts by when it was recorded."""
    source: str = ""
    author: str = ""
    created_at: float
    sent_at: float | None
    """When it was taken to be sent the last time; None where none of it is surely at the vendor."""
    settled_at: float | None
    attempts: int
    """How often it was taken to be sent since a person last said so."""
    code: str
    message: str
    """The vendor's code and words, or ours, where it is not as it should be: why it is in its state."""
    answer: Json | None
    """All that the vendor said the last time (`tui.client.response_log`); None where it said nothing."""
    lost_at: float | None = None
    """Of one that was just taken: when an earlier call for it went out of which nobody knows whether it arrived."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of a change that was taken to be sent: SENT, FAILED, UNKNOWN, or PENDING to be sent again."""

    id: int
    state: State
    code: str = ""
    message: str = ""
    after: Json | None = None
    answer: Json | None = None
    customer_id: str | None = None
    """The customer's id, where only the answer told it."""
    unsent: bool = False
    """It waits, and surely none of it is at the vendor."""


class Recovered(NamedTuple):
    """What dead processes had taken: ids that are pending again, and ids of which nobody knows."""

    pending: tuple[int, ...]
    unknown: tuple[int, ...]


class Transition(NamedTuple):
    """When a change came into a state, and why."""

    at: float
    state: State
    code: str
    message: str
