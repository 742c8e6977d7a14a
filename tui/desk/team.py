"""A desk's team, as far as the desk goes: what colleagues did, who is where, what is shared. How it is reached, and
that there is a server at all, is somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.model.team import (
    Company,
    HeldClaim,
    TeamContact,
    TeamHistory,
    TeamMember,
    TeamPreset,
    TeamState,
    told_change,
)

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.model.change import Change
    from tui.model.customer import Customer
    from tui.model.next_contact import NextContact


class News(NamedTuple):
    """Something that a team told."""

    kind: str
    """`entry`, `claim`, `presence`, `next`, `preset`, `people`, or `line`: whether the server answers."""
    source: str = ""
    customer: str = ""
    """Whom it is about; empty where it is about nobody."""
    union_id: str | None = None

    def is_about(self, source: str, customer: Customer) -> bool:
        """Whether it is about `customer` of the vendor's account `source`, by whichever of its ids."""
        known = customer.union_id is not None and self.union_id == customer.union_id
        return known or (self.source, self.customer) == (source, customer.id)


class RecordPlace(NamedTuple):
    """Where a customer's record lies."""

    source: str
    """The vendor's account."""
    customer: str


class Team(Protocol):
    """What one desk asks of its team. Reading is from this machine; nothing waits for the network unless it says so.

    Every method raises `KehuError`s alone.
    """

    @property
    def me(self) -> TeamMember:
        """Who the agent is in the team."""
        ...

    @property
    def names(self) -> Mapping[str, str]:
        """What colleagues are called, by the ids by which the vendors know them."""
        ...

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Have `listener` called with what the team tells; returns what ends that."""
        ...

    async def state(self) -> TeamState: ...

    async def history(self, customer: Customer, elsewhere: Sequence[RecordPlace] = ()) -> TeamHistory:
        """What was done with `customer`, and with the records that it has `elsewhere`, as far as it is here."""
        ...

    async def read_history(self, customer: Customer, elsewhere: Sequence[RecordPlace] = ()) -> None:
        """Have all that was done with `customer`, and `elsewhere`, be here: the server is asked where it is not."""
        ...

    # Who is where

    def company(self, customer_id: str) -> Company:
        """Who else is at the customer, and whose it is, as far as is known this moment."""
        ...

    def enter(self, customer_id: str, *, writing: bool = False) -> None:
        """Have colleagues told, soon, that the agent is at the customer, and nowhere else any more."""
        ...

    def leave(self) -> None:
        """Have colleagues told, soon, that the agent is at no customer any more."""
        ...

    async def claim(self, customer_id: str, seconds: float) -> HeldClaim:
        """Have the customer be the agent's own for `seconds`; the server is asked.

        Raises: ConflictError where it is a colleague's, by the fact `name`.
        """
        ...

    async def release(self, customer_id: str) -> bool:
        """Give the customer back; whether it was the agent's. The server is asked."""
        ...

    # What is shared

    async def people(self) -> Sequence[TeamMember]:
        """Everybody of the team, with the agent."""
        ...

    async def hand_over(self, customer: Customer, to: TeamMember) -> NextContact:
        """Have the next contact with `customer` be made by `to`, and be here no more; what it was. The server is asked.

        Raises: NotFoundError where none is to be made; UnsupportedError where the vendor's own field holds it;
        ConflictError.
        """
        ...

    async def due(self, until: float) -> Sequence[TeamContact]:
        """Whom everybody of the team is to contact before `until` (epoch seconds), by time. The server is asked."""
        ...

    async def presets(self) -> Sequence[TeamPreset]:
        """Views and templates that are there for all."""
        ...

    async def share(self, preset: TeamPreset) -> None:
        """Have a view or a template be there for all; one without a body is so no more. The server is asked."""
        ...

    def also(self, disk: Disk, subscribe: Callable[[Callable[[], None]], Callable[[], None]]) -> Callable[[], None]:
        """Have the journal on `disk`, of another profile, go to the team too, from here on; returns what ends that.

        `subscribe` has a listener called when there may be more in it.
        """
        ...

    async def flush(self, patience: float) -> None:
        """Send what waits, for at most `patience` seconds; what is left waits for the next time."""
        ...

    async def close(self) -> None:
        """Leave the team, after what is on its way."""
        ...


def told_changes(history: TeamHistory) -> list[Change]:
    """Return the changes of which the team tells, as far as they make sense, the newest first."""
    return [change for one in history.entries if (change := told_change(one)) is not None]
