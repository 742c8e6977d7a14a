"""The desks of linked profiles, as one screen works with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tui.model.errors import KehuError

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.team import Team


class LinkedDesks:
    """Opens the desks that `people` leads to, each once.

    `changed` is called when something at one of them did, `line_changed` when one's vendor stops or begins to answer.
    What is written at them goes to the `team` too.
    """

    def __init__(
        self,
        people: LinkedPeople,
        changed: Callable[[], None],
        line_changed: Callable[[], None],
        team: Team | None = None,
    ) -> None:
        self._team = team
        self._people = people
        self._changed = changed
        self._line_changed = line_changed
        self._opened: dict[str, Desk] = {}
        self._unsubscribe: list[Callable[[], None]] = []

    @property
    def opened(self) -> Mapping[str, Desk]:
        """The desks that are open, by profile."""
        return self._opened

    async def desk(self, profile: str) -> Desk:
        """The desk of `profile`; what an earlier run left to be sent there is sent once it is open.

        Raises: KehuError where it cannot be opened.
        """
        if profile not in self._opened:
            desk = await self._people.desk(profile)
            if profile not in self._opened:
                self._opened[profile] = desk
                self._unsubscribe.append(desk.subscribe(self._changed))
                self._unsubscribe.append(desk.line.subscribe(self._line_changed))
                if self._team is not None:
                    self._unsubscribe.append(self._team.also(desk.disk, desk.subscribe))
                await desk.start()
        return self._opened[profile]

    async def open(self, profile: str) -> Desk | None:
        """The same; None where it cannot be opened, which whoever looks there is told of."""
        try:
            return await self.desk(profile)
        except KehuError:
            return None

    def may(self, operation: str) -> bool:
        """Whether any of them may have `operation`; of one that is not open nobody knows."""
        profiles = [source.profile for source in self._people.sources]
        return any(
            profile not in self._opened or self._opened[profile].capabilities.can(operation) for profile in profiles
        )

    def close(self) -> None:
        """Hear of no more changes; the desks stay open."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        self._opened.clear()
