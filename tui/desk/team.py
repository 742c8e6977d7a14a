"""A desk's team, as far as the desk goes: what colleagues did, who is where, what is shared. How it is reached, and
that there is a server at all, is somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.model.team import (
    Company,
    HeldClaim,
    SharedPreset,
    TeamContact,
    TeamHistory,
    TeamMember,
    TeamState,
    told_change,
)

if TYPE_CHECKING:
    from tui.model.change import Change
    from tui.model.customer import Customer


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


class Team(Protocol):
    """What one desk asks of its team. Reading is from this machine; nothing waits for the network unless it says so.

    Every method raises `KehuError`s alone.
    """

    @property
    def names(self) -> Mapping[str, str]:
        """What colleagues are called, by the ids by which the vendors know them."""
        ...

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Have `listener` called with what the team tells; returns what ends that."""
        ...

    async def state(self) -> TeamState: ...

    async def history(self, customer: Customer) -> TeamHistory:
        """What was done with `customer`, as far as it is here."""
        ...

    async def read_history(self, customer: Customer) -> None:
        """Have all that was done with `customer` be here: the server is asked where it is not."""
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

    async def hand_over(self, contact: TeamContact, to: TeamMember) -> None:
        """Have the next contact be made by `to`; the server is asked."""
        ...

    async def presets(self) -> Sequence[SharedPreset]:
        """Views and templates that are there for all."""
        ...

    async def share(self, preset: SharedPreset) -> None:
        """Have a view or a template be there for all; one without a body is so no more. The server is asked."""
        ...

    async def flush(self, patience: float) -> None:
        """Send what waits, for at most `patience` seconds; what is left waits for the next time."""
        ...

    async def close(self) -> None:
        """Leave the team, after what is on its way."""
        ...


def with_colleagues(made: Sequence[Change], history: TeamHistory) -> list[Change]:
    """Return what was `made` from here with what the team tells, each change once: as it is known here, where it is."""
    own = {change.uid for change in made}
    told = (told_change(one) for one in history.entries if one.entry.about not in own)
    return [*made, *(change for change in told if change is not None)]
