"""Next contacts that a team shares: the agent's own are told, and what is handed over arrives among them.

Each side has changed since both were the same, or not: what this desk and the server then agreed on is kept, and says
which of them did. Dates in the vendor's own field are no matter of the team's: every colleague sees them there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tui.model.errors import N_, AuthError, ConflictError, KehuError, NotFoundError, ProtocolError, UnsupportedError
from tui.model.next_contact import NextContact
from tui.model.team import Stands, TeamContact
from tui.team.wire_rows import read_contact

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.model.customer import Customer
    from tui.model.team import TeamMember
    from tui.store.store import Store
    from tui.team.team_line import TeamLine

EVER = float("inf")

TRIES = 3
"""How often what a colleague changed meanwhile is looked at again."""


GONE = Stands()
"""It is not there, not to be made, or somebody else's."""

DONE = Stands(done=True)


class Word(Enum):
    """Whose word counts."""

    NEITHER = 0
    OURS = 1
    THEIRS = 2


def here(contact: NextContact | None) -> Stands:
    """Return how `contact` stands at this desk."""
    if contact is None:
        return GONE
    if contact.done_at is not None:
        return DONE
    return Stands(True, False, contact.at, contact.whole_day, contact.note)


def there(contact: TeamContact | None, me: str) -> Stands:
    """Return how `contact` stands at the server, as far as it is `me` who is to make it."""
    if contact is None or contact.removed:
        return GONE
    if contact.done_at is not None:
        return DONE
    return Stands(True, False, contact.at, contact.whole_day, contact.note) if contact.owner == me else GONE


def who_counts(ours: Stands, theirs: Stands, agreed: Stands, *, known: bool) -> Word:
    """Return whose word counts where a contact stands as `ours` here and as `theirs` there.

    `agreed` is how it stood when both were the same; `known`: the server has it. Where both have changed it, one that
    was made, given up or handed over there is so; of two dates, the one from here is the later.
    """
    if ours == theirs:
        return Word.NEITHER
    if not known:
        return Word.OURS if ours.open else Word.NEITHER
    if ours == agreed:
        return Word.THEIRS
    return Word.OURS if theirs == agreed or theirs.open else Word.THEIRS


class SharedDay:
    """Keeps the next contacts on `disk`, of the vendor's account `source`, and the team's the same.

    `fetch` reads a customer who was never seen here, and `announce` tells that something changed.
    """

    def __init__(
        self,
        line: TeamLine,
        disk: Disk,
        source: str,
        fetch: Callable[[str], Awaitable[object]] | None,
        announce: Callable[[], None],
    ) -> None:
        self._line = line
        self._disk = disk
        self._source = source
        self._fetch = fetch
        self._announce = announce
        self._turn = asyncio.Lock()

    async def bring_together(self) -> None:
        """Tell the server what changed here, and take in what changed there.

        Raises: KehuError.
        """
        async with self._turn:
            for _try in range(TRIES):
                if not await self._once():
                    return

    async def _once(self) -> bool:
        """Do so once; whether a colleague was quicker, so that it is to be done again."""
        me = self._line.me.id
        team = {one.id: one for one in await self._line.disk(lambda file: file.contacts(self._source))}
        agreed = await self._line.disk(lambda file: file.agreed(self._source))
        mine = {id for id, one in team.items() if one.is_open and one.owner == me}
        ours = await self._disk.run(partial(_ours, {*agreed, *mine}))
        told: dict[str, Stands] = {}
        taken: list[TeamContact] = []
        ended: list[tuple[NextContact, bool]] = []
        again = False
        for id in {*ours, *agreed, *mine}:
            contact, theirs = ours.get(id), team.get(id)
            stands = here(contact)
            match who_counts(stands, there(theirs, me), agreed.get(id, GONE), known=theirs is not None):
                case Word.OURS:
                    if await self._tell(contact, theirs):
                        told[id] = stands
                    else:
                        again = True
                case Word.THEIRS:
                    if there(theirs, me).open and theirs is not None:
                        taken.append(theirs)
                    elif contact is not None and stands.open:
                        ended.append((contact, there(theirs, me) == DONE))
                    told[id] = there(theirs, me)
                case Word.NEITHER:
                    told[id] = stands
        if taken or ended:
            await self._disk.run(partial(_take, taken, ended))
            await self._look_at([one.customer for one in taken])
            self._announce()
        await self._line.disk(lambda file: file.agree(self._source, told))
        return again

    async def _tell(self, contact: NextContact | None, theirs: TeamContact | None) -> bool:
        """Have the server's be as it is here; False where a colleague was quicker."""
        if contact is None:
            assert theirs is not None  # else nobody's word counts
            row = replace(theirs, removed=True)
        else:
            names = await self._disk.run(lambda store: store.directory.get_many([contact.customer_id]))
            customer = names[contact.customer_id][0] if contact.customer_id in names else None
            row = TeamContact(
                id=contact.id,
                source=self._source,
                customer=contact.customer_id,
                customer_name=customer.name if customer is not None else "",
                union_id=customer.union_id if customer is not None else None,
                owner=self._line.me.id,
                at=contact.at,
                whole_day=contact.whole_day,
                note=contact.note,
                done_at=contact.done_at,
                revision=theirs.revision if theirs is not None else 0,
            )
        try:
            await self.put(row)
        except ConflictError:
            return False
        except AuthError:
            pass  # it is a colleague's by now: the feed tells, and theirs counts then
        return True

    async def put(self, contact: TeamContact) -> TeamContact:
        """Have the server's next contact be as `contact` says; as the server has it then.

        Raises: ConflictError where a colleague changed it meanwhile: what they made of it is here then.
        """
        body: dict[str, Any] = {name: getattr(contact, name) for name in _SENT}
        try:
            answer = await self._line.client.call("PUT", f"/v1/next/{quote(contact.id, safe='')}", body)
        except ConflictError as error:
            current = (error.answer or {}).get("data", {}).get("current")
            found = read_contact(current) if isinstance(current, dict) else None
            if found is not None:
                await self._line.disk(lambda file: file.take_contacts([found]))
            raise
        told = read_contact(answer)
        if told is None:
            raise ProtocolError(N_("the team's server does not say how the next contact stands"))
        await self._line.disk(lambda file: file.take_contacts([told]))
        return told

    async def hand_over(self, customer: Customer, to: TeamMember) -> NextContact:
        """Have the next contact with `customer` be made by `to`, and be here no more; what it was.

        Raises: NotFoundError where none is to be made; UnsupportedError where the vendor's own field holds it;
        ConflictError; AuthError where it is another's.
        """
        contact = (await self._disk.run(lambda store: store.next_contacts.of([customer.id]))).get(customer.id)
        if contact is None:
            raise NotFoundError(
                N_("no contact with {name} is to be made"),
                todo=N_("Say when first: kehu next ID --at TIME"),
                name=customer.name or customer.id,
            )
        if contact.at_vendor:
            raise UnsupportedError(
                N_("the vendor's own field holds this date: whoever follows the customer sees it there"),
                todo=N_("Change who follows the customer at the vendor."),
            )
        await self.bring_together()
        team = {one.id: one for one in await self._line.disk(lambda file: file.contacts(self._source))}
        known = team.get(contact.id)
        if known is None:
            raise NotFoundError(N_("the team's server does not have this next contact"), todo=N_("Try again."))
        await self.put(replace(known, owner=to.id, owner_name=to.name))
        await self.bring_together()
        return contact

    async def _look_at(self, customer_ids: Iterable[str]) -> None:
        """Read those of the customers who were never seen here: they could not be listed."""
        if self._fetch is None:
            return
        ids = list(customer_ids)
        known = await self._disk.run(lambda store: store.directory.get_many(ids))
        for id in ids:
            if id not in known:
                try:
                    await self._fetch(id)
                except KehuError:
                    pass  # their name is unknown until somebody sees them


_SENT = (
    *("source", "customer", "customer_name", "union_id", "owner", "at", "whole_day", "note", "done_at", "removed"),
    "revision",
)


def _ours(ids: set[str], store: Store) -> Mapping[str, NextContact]:
    """The open next contacts that are kept here alone, and those of `ids`, made or not, by their ids."""
    found = {one.id: one for one in store.next_contacts.until(EVER) if not one.at_vendor}
    return store.next_contacts.by_id(ids) | found


def _take(taken: Sequence[TeamContact], ended: Sequence[tuple[NextContact, bool]], store: Store) -> None:
    store.next_contacts.finish([one.customer_id for one, made in ended if made])
    store.next_contacts.remove([one.customer_id for one, made in ended if not made])
    store.next_contacts.take(
        [
            NextContact(
                id=one.id,
                customer_id=one.customer,
                at=one.at,
                whole_day=one.whole_day,
                note=one.note,
                author=one.author_name,
            )
            for one in taken
        ]
    )
