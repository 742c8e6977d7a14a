"""One desk in its team: its journal goes out, what colleagues did comes in, and it tells where the agent is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import uuid4

from tui.desk.team import News, RecordPlace
from tui.model.change import Kind
from tui.model.errors import N_, ConflictError, InvalidError, KehuError, StorageError
from tui.model.masking import Mask
from tui.model.team import (
    Company,
    HeldClaim,
    TeamContact,
    TeamHistory,
    TeamMember,
    TeamPreset,
    TeamState,
    ToldEntry,
    contacted_at,
)
from tui.team.journal_queue import JournalQueue
from tui.team.received import Received
from tui.team.shared_day import SharedDay
from tui.team.wire_rows import OPEN, WRITING, read_claim, read_contact, read_entry, read_presence, read_preset, rows_of

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.model.customer import Customer
    from tui.model.next_contact import NextContact
    from tui.store.store import Store
    from tui.team.team_line import TeamLine

HISTORY_PAGE, HISTORY_PAGES = 200, 5
"""Entries of a customer's history in one answer, and how many answers are asked for: the rest stays there."""

RENEWAL = 15.0
"""Seconds after which the server is told again that where the agent is; it forgets that after 45 of them."""

SETTLES = 0.3
"""Seconds that an agent is at a customer before anybody is told: who leafs through the list is nowhere."""

CONTACTS_PAGE = 500

LAST_MOMENTS = 1.0
"""Seconds that a desk that is closed takes to send what was written last."""

AGAIN = 5.0
"""Seconds before entries that the server would not take for the moment are sent again."""


class DeskTeam:
    """The team of the desk whose profile is kept on `disk` and is about the vendor's account `source`; see
    `tui.desk.team.Team`.

    `subscribe_changes` has a listener called when the desk's journal may have more; returns what ends that.
    """

    def __init__(
        self,
        line: TeamLine,
        disk: Disk,
        source: str,
        subscribe_changes: Callable[[Callable[[], None]], Callable[[], None]] = lambda _listener: lambda: None,
        announce: Callable[[], None] = lambda: None,
        fetch: Callable[[str], Awaitable[object]] | None = None,
        mask: Mask = Mask.SENSITIVE,
    ) -> None:
        self.line = line
        self.source = source
        self._disk = disk
        self._announce = announce
        self._mask = mask
        self._queues: dict[Disk, JournalQueue] = {}
        """How each profile's journal goes out; the desk's own is the first."""
        self._disks = [disk]
        self._more = asyncio.Event()
        self.day = SharedDay(line, disk, source, fetch, announce)
        """The next contacts that are shared."""
        self._day_changed = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []
        self._at: tuple[str, bool] | None = None
        """The customer at which the agent is, and whether it is being written to."""
        self._presence: asyncio.Task[None] | None = None
        self._desk_id = uuid4().hex[:8]
        self._ends = [line.subscribe(self._hear), subscribe_changes(self._changed), line.take_with(self.take)]

    # Its life

    async def start(self) -> None:
        """Begin to send what waits, and to take in what comes; nothing is waited for but the disk."""
        await self.line.start()
        self._tasks += [asyncio.create_task(self._keep_sending()), asyncio.create_task(self._keep_day())]

    async def close(self) -> None:
        """Send what was written just now, where the server answers, and leave; the rest is sent the next time."""
        if not self._ends:
            return  # it was closed before
        for end in self._ends:
            end()
        self._ends.clear()
        self._at = None
        tasks = [*self._tasks, *([self._presence] if self._presence is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.line.is_up:
            await self.flush(LAST_MOMENTS)
        await self.line.close()

    def _changed(self) -> None:
        self._more.set()
        self._day_changed.set()

    def _hear(self, news: News) -> None:
        if news.kind == "next" and news.source == self.source:
            self._day_changed.set()
        if news.kind == "line" and self.line.is_up:
            self._changed()
            if self._at is not None:
                self._tell_presence()

    # Going out

    def also(self, disk: Disk, subscribe: Callable[[Callable[[], None]], Callable[[], None]]) -> Callable[[], None]:
        """Have the journal on `disk`, of another profile, go to the team too, from here on; returns what ends that."""
        unsubscribe = subscribe(self._more.set)
        self._disks.append(disk)
        self._more.set()

        def end() -> None:
            unsubscribe()
            if disk in self._disks:
                self._disks.remove(disk)

        return end

    def _queue_of(self, disk: Disk) -> JournalQueue:
        queue = self._queues.get(disk)
        if queue is None or queue.reader != self.line.reader:
            queue = JournalQueue(disk, self.line.client, self.line.reader, self.line.most_bytes, self._mask)
            self._queues[disk] = queue
        return queue

    async def _send(self) -> None:
        if self.line.reader:
            for disk in tuple(self._disks):
                await self._queue_of(disk).send()

    async def _keep_sending(self) -> None:
        await self._catch_up_contacts_soon()
        while True:
            await self._more.wait()
            self._more.clear()
            if not self.line.is_up:
                continue  # it is set again when the line is there
            try:
                await self._send()
            except StorageError:
                continue  # whatever else is written to the same disk tells of it
            except KehuError:
                if self.line.is_up:  # too much for the moment, or a line that the feed has not found cut yet
                    asyncio.get_running_loop().call_later(AGAIN, self._more.set)

    async def _keep_day(self) -> None:
        """Keep the next contacts here and those of the team the same."""
        while True:
            await self._day_changed.wait()
            self._day_changed.clear()
            if self.line.is_up:
                with suppress(KehuError):  # it is done again with the next change, and when the line is there again
                    await self.day.bring_together()

    async def flush(self, patience: float) -> None:
        """Send what waits, for at most `patience` seconds."""
        with suppress(TimeoutError, KehuError):
            async with asyncio.timeout(patience):
                if not self.line.is_up:
                    await self.line.greet()
                await self._send()
                await self.day.bring_together()

    async def state(self) -> TeamState:
        """How the desk stands with its team."""
        sequence, seen_at = await self.line.disk(lambda file: (file.sequence, file.get("seen_at")))
        queue = self._queue_of(self._disk)
        return TeamState(
            url=self.line.client.url,
            member=self.line.me,
            reachable=self.line.is_up,
            problem=self.line.why_down(),
            sequence=sequence or 0,
            waiting=await queue.waiting(),
            refused=await queue.refused(),
            seen_at=seen_at,
        )

    # Coming in

    @property
    def me(self) -> TeamMember:
        """Who the agent is in the team."""
        return self.line.me

    @property
    def names(self) -> Mapping[str, str]:
        """What colleagues are called, by the ids by which the vendors know them."""
        return {user_id: member.name for member in self.line.people.values() for user_id in member.user_ids}

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Have `listener` called with what the team tells; returns what ends that."""
        return self.line.subscribe(listener)

    async def history(self, customer: Customer, elsewhere: Sequence[RecordPlace] = ()) -> TeamHistory:
        """What was done with `customer`, and with the records that it has `elsewhere`, as far as it is here."""
        records = [(self.source, customer.id), *elsewhere]
        entries, seen_at = await self.line.disk(
            lambda file: (file.history(records, customer.union_id or None), file.get("seen_at"))
        )
        return TeamHistory(tuple(entries), None if self.line.is_up else seen_at)

    async def read_history(self, customer: Customer, elsewhere: Sequence[RecordPlace] = ()) -> None:
        """Have all that was done with `customer`, and `elsewhere`, be here; the server is asked where it is not."""
        for source, id in [(self.source, customer.id), *elsewhere]:
            if not self.line.is_up or await self.line.disk(partial(Received.has_history, source=source, customer=id)):
                continue
            union_id = customer.union_id if id == customer.id else None
            found = await self._read_entries(source, id, union_id)
            await self.line.disk(partial(Received.take_history, source=source, customer=id, entries=found))
            if found:
                self.line.tell(News("entry", source, id, customer.union_id))

    async def _read_entries(self, source: str, customer: str, union_id: str | None) -> list[ToldEntry]:
        found: list[ToldEntry] = []
        params: dict[str, str | int | float | None] = {"source": source, "customer": customer, "union_id": union_id}
        for _page in range(HISTORY_PAGES):
            before = found[-1].sequence if found else None
            params |= {"before": before, "limit": HISTORY_PAGE}
            answer = await self.line.client.call("GET", "/v1/entries", params=params)
            some = rows_of(answer, read_entry)
            found += some
            if not answer.get("more") or not some:
                break
        return found

    async def _catch_up_contacts_soon(self) -> None:
        """Have `last` know of what colleagues did before; what they do from here on the feed tells."""
        while not self.line.is_up:
            await self._more.wait()
            self._more.clear()
        self._more.set()
        try:
            await self._catch_up_contacts()
        except KehuError:
            return  # at the next start it goes on from where it is

    async def _catch_up_contacts(self) -> None:
        key = f"contacts:{self.line.reader}"
        after, _refused = await self._disk.run(lambda store: store.journal.passed_on(key))
        while True:
            answer = await self.line.client.call(
                "GET", "/v1/contacts", params={"source": self.source, "after": after, "limit": CONTACTS_PAGE}
            )
            rows = [row for row in answer.get("items", ()) if isinstance(row, dict)]
            times = [
                (str(row.get("customer")), int(row["at"])) for row in rows if isinstance(row.get("at"), int | float)
            ]
            after = max((row["sequence"] for row in rows if isinstance(row.get("sequence"), int)), default=after)
            if times:
                await self._disk.run(partial(_take_contacts, times, key, after))
            if not answer.get("more") or not rows:
                break
        if times:
            self._announce()

    async def take(self, entries: Sequence[ToldEntry]) -> None:
        """Have `last` know of the contacts that `entries`, which came just now, tell of."""
        times = [
            (one.entry.customer, at)
            for one in entries
            if one.entry.source == self.source
            and one.entry.kind == Kind.FOLLOW
            and (at := contacted_at(one)) is not None
        ]
        if times:
            await self._disk.run(lambda store: store.directory.contacted(times))

    # Who is where

    def company(self, customer_id: str) -> Company:
        """Who else is at the customer, and whose it is, as far as is known this moment."""
        import time

        claim = self.line.claims.get((self.source, customer_id))
        if claim is not None and claim.until <= time.time():
            claim = None
        at_it = self.line.others.get((self.source, customer_id), ())
        others = tuple(one for one in at_it if one.member != self.line.me.id)
        return Company(others, claim, mine=claim is not None and claim.member == self.line.me.id)

    def enter(self, customer_id: str, *, writing: bool = False) -> None:
        """Have colleagues told, soon, that the agent is at the customer, and nowhere else any more."""
        if self._at == (customer_id, writing):
            return
        before, self._at = self._at, (customer_id, writing)
        self._tell_presence(before[0] if before is not None and before[0] != customer_id else None)

    def leave(self) -> None:
        """Have colleagues told, soon, that the agent is at no customer any more."""
        if self._at is not None:
            before, self._at = self._at[0], None
            self._tell_presence(before)

    def _tell_presence(self, left: str | None = None) -> None:
        if self._presence is not None:
            self._presence.cancel()
        self._presence = asyncio.create_task(self._keep_presence(left))

    async def _keep_presence(self, left: str | None) -> None:
        with suppress(KehuError):  # it is told again when the line is there, and by itself it ends at the server
            if left is not None:
                self.line.others.pop((self.source, left), None)
            if self._at is not None:
                await asyncio.sleep(SETTLES)
            if left is not None and self.line.is_up:
                params = {"source": self.source, "customer": left, "desk": self._desk_id}
                await self.line.client.call("DELETE", "/v1/presence", params=params)
            while self._at is not None and self.line.is_up:
                customer, writing = self._at
                known = self.line.others.get((self.source, customer))
                answer = await self.line.client.call(
                    "POST",
                    "/v1/presence",
                    {
                        "source": self.source,
                        "customer": customer,
                        "doing": WRITING if writing else OPEN,
                        "desk": self._desk_id,
                    },
                )
                # Where the feed told of it meanwhile, that is the later news.
                later = self.line.others.get((self.source, customer)) is not known
                self._take_presence(customer, answer, with_others=not later)
                await asyncio.sleep(RENEWAL)

    def _take_presence(self, customer: str, answer: Mapping[str, Any], *, with_others: bool) -> None:
        key = (self.source, customer)
        before = self.company(customer)
        if with_others:
            self.line.others[key] = tuple(rows_of(answer, read_presence, "others"))
        told = answer.get("claim")
        if isinstance(told, dict) and (claim := read_claim(told, self.line.ahead)) is not None:
            self.line.claims[key] = claim
        if self.company(customer) != before:
            self.line.tell(News("presence", self.source, customer))

    async def claim(self, customer_id: str, seconds: float) -> HeldClaim:
        """Have the customer be the agent's own for `seconds`; the server is asked.

        Raises: ConflictError where it is a colleague's.
        """
        body = {"source": self.source, "customer": customer_id, "seconds": seconds}
        try:
            answer = await self.line.client.call("POST", "/v1/claims", body)
        except ConflictError as error:
            holder = _row_in(error, "holder")
            claim = read_claim(holder, self.line.ahead) if holder is not None else None
            if claim is not None:
                self.line.claims[self.source, customer_id] = claim
            raise ConflictError(
                N_("{name} has claimed this customer"),
                todo=N_("Ask them, or wait until they give it back."),
                name=claim.name if claim is not None else "–",
            ) from error
        claim = read_claim(answer, self.line.ahead)
        if claim is None:
            raise InvalidError(N_("the team's server does not say how the claim stands"))
        self._keep_claim(claim)
        return claim

    def _keep_claim(self, claim: HeldClaim) -> None:
        self.line.claims[claim.source, claim.customer] = claim
        self.line.tell(News("claim", claim.source, claim.customer))

    async def release(self, customer_id: str) -> bool:
        """Give the customer back; whether it was the agent's. The server is asked."""
        params = {"source": self.source, "customer": customer_id}
        held = rows_of(
            await self.line.client.call("GET", "/v1/claims", params=params),
            lambda row: read_claim(row, self.line.ahead),
        )
        own = next((one for one in held if one.member == self.line.me.id), None)
        if own is None:
            return False
        await self.line.client.call("DELETE", "/v1/claims", params={**params, "fence": own.fence})
        self.line.claims.pop((self.source, customer_id), None)
        self.line.tell(News("claim", self.source, customer_id))
        return True

    # What is shared

    async def people(self) -> Sequence[TeamMember]:
        """Everybody of the team, with the agent."""
        return list(self.line.people.values())

    async def hand_over(self, customer: Customer, to: TeamMember) -> NextContact:
        """Have the next contact with `customer` be made by `to`, and be here no more; what it was. The server is asked.

        Raises: NotFoundError where none is to be made; UnsupportedError where the vendor's own field holds it;
        ConflictError.
        """
        return await self.day.hand_over(customer, to)

    async def due(self, until: float) -> Sequence[TeamContact]:
        """Whom everybody of the team is to contact before `until` (epoch seconds), by time. The server is asked."""
        found: list[TeamContact] = []
        answer = await self.line.client.call("GET", "/v1/due", params={"owner": "all", "until": until, "limit": 500})
        found += rows_of(answer, read_contact)
        return found

    async def presets(self) -> Sequence[TeamPreset]:
        """Views and templates that are there for all."""
        return await self.line.disk(lambda file: file.presets())

    async def share(self, preset: TeamPreset) -> None:
        """Have a view or a template be there for all; one without a body is so no more. The server is asked.

        Raises: AuthError where it is a colleague's; ConflictError where a colleague changed it meanwhile.
        """
        known = next((one for one in await self.presets() if (one.kind, one.name) == (preset.kind, preset.name)), None)
        revision = known.revision if known is not None else 0
        path = f"/v1/presets/{preset.kind}/{quote(preset.name, safe='')}"
        if preset.body is None:
            answer = await self.line.client.call("DELETE", path, params={"revision": revision})
        else:
            answer = await self.line.client.call("PUT", path, {"body": preset.body, "revision": revision})
        told = read_preset(answer)
        if told is not None:
            await self.line.disk(lambda file: file.take_presets([told]))
        self.line.tell(News("preset"))


def _take_contacts(times: Sequence[tuple[str, int]], key: str, after: int, store: Store) -> None:
    store.directory.contacted(times)
    store.journal.pass_on(key, after)


def _row_in(error: KehuError, name: str) -> Mapping[str, Any] | None:
    """The row that the server told with its refusal."""
    answer = (error.answer or {}).get("data", {})
    told = answer.get("error")
    found = answer.get(name) or (told.get(name) if isinstance(told, dict) else None)
    return found if isinstance(found, dict) else None
