"""The line to the team's server: one stream of what is new, taken up again where it broke, and what follows from it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tui.desk.disk import translated
from tui.desk.team import News
from tui.locale import _
from tui.model.errors import AuthError, KehuError, NetworkError, NotFoundError, ProtocolError, VendorError
from tui.model.team import ColleagueThere, TeamContact, TeamMember, ToldEntry
from tui.store.store_errors import StoreError
from tui.team.outgoing import MOST_BYTES
from tui.team.received import Received
from tui.team.wire_rows import read_claim, read_contact, read_entry, read_member, read_presence, read_preset, rows_of

if TYPE_CHECKING:
    from tui.model.team import HeldClaim
    from tui.team.client import Event, TeamClient

FIRST_WAIT = 1.0
"""Seconds before the line is tried again; each further wait is twice as long, less jitter of up to half."""

LONGEST_WAIT = 60.0
"""Seconds: with 200 desks a server that comes back is asked by some four a second."""

PAGE = 500
"""Rows of a list that are asked for at once."""

T = TypeVar("T")

Taker = Callable[[Sequence[ToldEntry]], Awaitable[None]]

log = logging.getLogger("tui.team")


class TeamLine:
    """One desk's line to its team. What the feed tells is kept in `received` before anybody hears of it.

    `client` has the member's token. Nothing is asked but when the line comes up; while nothing is new, nothing is done.
    """

    def __init__(
        self, client: TeamClient, received: Received, *, pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self.client = client
        self.received = received
        self._pause = pause
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kehu-team")
        self._listeners: list[Callable[[News], None]] = []
        self._takers: list[Taker] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._up = asyncio.Event()
        self._closed = False
        self._hurry = asyncio.Event()
        self.problem: KehuError | None = None
        """Why the server is not reached; None while it is, and before anybody tried."""
        self.me: TeamMember = TeamMember("", "")
        self.reader = ""
        """Names the server's database, for the queues; empty before the server ever answered."""
        self.most_bytes = MOST_BYTES
        self.ahead = 0.0
        """Seconds by which the server's clock is ahead of this machine's."""
        self.people: dict[str, TeamMember] = {}
        self.claims: dict[tuple[str, str], HeldClaim] = {}
        self.others: dict[tuple[str, str], tuple[ColleagueThere, ...]] = {}
        """Who else is at the customers at which the agent is."""

    @property
    def is_up(self) -> bool:
        """Whether the server answers, by what was heard last."""
        return self._up.is_set()

    def subscribe(self, listener: Callable[[News], None]) -> Callable[[], None]:
        """Have `listener` called with what the team tells, once it is kept; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def take_with(self, taker: Taker) -> Callable[[], None]:
        """Have `taker` be given the entries that come, before anybody hears of them; returns what ends that."""
        self._takers.append(taker)
        return lambda: self._takers.remove(taker) if taker in self._takers else None

    def tell(self, news: News) -> None:
        """Tell `news` to whoever listens."""
        for listener in tuple(self._listeners):
            listener(news)

    async def disk(self, call: Callable[[Received], T]) -> T:
        """What `call` returns, given what was received; off the event loop, and finished also when it is cancelled.

        Raises: StorageError.
        """
        loop = asyncio.get_running_loop()
        try:
            return await asyncio.shield(loop.run_in_executor(self._thread, call, self.received))
        except StoreError as error:
            raise translated(error) from error

    # The line

    async def start(self) -> None:
        """Read what is kept, and begin to keep the line."""
        await self.remember()
        await self.disk(lambda file: file.prune())
        self._tasks.append(asyncio.create_task(self._keep_line()))

    async def remember(self) -> None:
        """Know again what was known in the last run."""
        people, claims, member, reader = await self.disk(
            lambda file: (file.people(), file.claims(), file.get("member"), file.get("reader"))
        )
        self.people = {one.id: one for one in people}
        self.claims = {(one.source, one.customer): one for one in claims}
        self.me = self.people.get(str(member), TeamMember(str(member or ""), ""))
        self.reader = str(reader or "")

    async def _keep_line(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self.greet()
                wait = FIRST_WAIT
                await self._follow()
                problem: KehuError | None = None
            except KehuError as error:
                problem = error
            self._go_down(problem)
            asked = getattr(problem, "retry_after", None) if isinstance(problem, VendorError) else None
            pause = max(wait * random.uniform(0.5, 1.0), asked or 0.0)  # noqa: S311  # no secret
            if isinstance(problem, AuthError):  # nobody but a person helps: a new code, or a lead
                pause = LONGEST_WAIT
            await self._wait(pause)
            wait = min(2 * wait, LONGEST_WAIT)

    async def _wait(self, seconds: float) -> None:
        """Wait for `seconds`, or until somebody wants the line at once."""
        self._hurry.clear()
        waiting = [asyncio.ensure_future(self._pause(seconds)), asyncio.ensure_future(self._hurry.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    def hurry(self) -> None:
        """Try the line now, where it is down."""
        self._hurry.set()

    def _go_down(self, problem: KehuError | None) -> None:
        was_up = self.is_up
        self._up.clear()
        self.others.clear()
        changed = type(problem) is not type(self.problem)
        self.problem = problem or NetworkError("")
        if was_up or changed:
            if problem is not None and not isinstance(problem, NetworkError | VendorError):
                log.warning("the team: %s", problem)
            self.tell(News("line"))

    async def greet(self) -> None:
        """Ask how the team stands, and read what there is beside the journal.

        Raises: KehuError.
        """
        began = time.time()
        status = await self.client.call("GET", "/v1/status")
        now = status.get("time")
        if isinstance(now, int | float):
            self.ahead = float(now) - (began + time.time()) / 2
        member, sequence = status.get("member"), status.get("sequence")
        me = read_member(member) if isinstance(member, dict) else None
        if me is None or not isinstance(sequence, int):
            raise ProtocolError("what the team's server tells of itself makes no sense")
        limits = status.get("limits")
        most = limits.get("entry_bytes") if isinstance(limits, dict) else None
        self.most_bytes = most if isinstance(most, int) and 0 < most < MOST_BYTES else MOST_BYTES
        self.me = me
        await self._settle_beginning(str(status.get("team") or self.client.url), sequence)
        await self._read_lists()

    async def _settle_beginning(self, team: str, sequence: int) -> None:
        """Go on where the desk was; begin anew where the server has another database, or an older copy of it."""
        known, at, reader = await self.disk(lambda file: (file.get("team"), file.sequence, file.get("reader")))
        if known != team or at is None or at > sequence or not reader:
            # What such a database lacks of our own is sent again: it is known by another name.
            reader = f"{team}#{int(time.time())}" if known == team and at is not None else team
            await self.disk(lambda file: file.begin(team, sequence))
            self.claims.clear()
        self.reader = str(reader)
        me = self.me.id
        await self.disk(lambda file: file.note(member=me, reader=reader))

    async def _read_lists(self) -> None:
        """Read who is in the team, and what is shared; claims the feed tells, and the server where one is opened."""
        people = rows_of(await self.client.call("GET", "/v1/people"), read_member)
        self.people = {one.id: one for one in people}
        await self.disk(lambda file: file.take_people(people))
        try:
            presets = rows_of(await self.client.call("GET", "/v1/presets"), read_preset)
            await self.disk(lambda file: file.take_presets(presets, all_of_them=True))
            await self._read_contacts()
        except NotFoundError:
            pass  # a server of an older version shares neither

    async def _read_contacts(self) -> None:
        """Read the next contacts that changed since they were read last."""
        after = await self.disk(lambda file: file.get("contacts"))
        while True:
            answer = await self.client.call("GET", "/v1/next", params={"after": after or 0, "limit": PAGE})
            contacts = rows_of(answer, read_contact)
            after = max((row["sequence"] for row in answer.get("items", ()) if isinstance(row, dict)), default=after)
            await self.disk(partial(_take_contacts, contacts, after))
            if not answer.get("more") or not contacts:
                break

    async def _follow(self) -> None:
        """Take in the feed until it ends.

        Raises: KehuError, of the line or of the disk.
        """
        after = await self.disk(lambda file: file.sequence) or 0
        came: asyncio.Queue[Event | None] = asyncio.Queue()
        reading = asyncio.create_task(self._read_feed(after, came))
        try:
            event = await came.get()
            while event is not None:
                some = [event]  # with what came while the disk had the ones before
                while not came.empty() and (event := came.get_nowait()) is not None:
                    some.append(event)
                await self._take(some)
                for _one in some:
                    came.task_done()
                event = await came.get() if event is not None else None
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read_feed(self, after: int, came: asyncio.Queue[Event | None]) -> None:
        try:
            async for event in self.client.feed(after):
                if not self.is_up:
                    self.problem = None
                    self._up.set()
                    self.tell(News("line"))
                came.put_nowait(event)
                if came.qsize() >= PAGE:  # the disk is slower than the line
                    await came.join()
        finally:
            came.put_nowait(None)

    async def _take(self, events: list[Event]) -> None:
        """Keep what `events` tell, all or none, then tell it."""
        entries: list[ToldEntry] = []
        news: list[News] = []
        claims, contacts, presets, people = [], [], [], []
        for event in events:
            data: Any = event.data
            match event.name:
                case "entry":
                    if (entry := read_entry(data)) is not None:
                        entries.append(entry)
                        news.append(News("entry", entry.entry.source, entry.entry.customer, entry.entry.union_id))
                case "claim":
                    if (claim := read_claim(data, self.ahead)) is not None:
                        claims.append(claim)
                        self.claims[claim.source, claim.customer] = claim
                        news.append(News("claim", claim.source, claim.customer))
                case "presence":
                    source, customer = str(data.get("source")), str(data.get("customer"))
                    self.others[source, customer] = tuple(rows_of(data, read_presence, "others"))
                    news.append(News("presence", source, customer))
                case "next":
                    if (contact := read_contact(data)) is not None:
                        contacts.append(contact)
                        news.append(News("next", contact.source, contact.customer))
                case "preset":
                    if (preset := read_preset(data)) is not None:
                        presets.append(preset)
                        news.append(News("preset"))
                case "people":
                    if (member := read_member(data)) is not None:
                        people.append(member)
                        self.people[member.id] = member
                        news.append(News("people"))
        sequence = max((event.sequence for event in events if event.sequence is not None), default=None)
        everybody = list(self.people.values())

        def keep(file: Received) -> None:
            file.take_claims(claims)
            file.take_contacts(contacts)
            file.take_presets(presets)
            if people:
                file.take_people(everybody)
            file.take(entries, sequence)

        if sequence is not None:
            await self.disk(keep)
        for taker in tuple(self._takers) if entries else ():
            await taker(entries)
        for one in dict.fromkeys(news):
            self.tell(one)

    def why_down(self) -> str:
        """Why the server is not reached, in the agent's language; empty while it is."""
        return "" if self.is_up or self.problem is None else self.problem.message(_)

    async def close(self) -> None:
        """Let go of the line and the file; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.client.aclose()
        self._thread.submit(self.received.close)
        await asyncio.to_thread(self._thread.shutdown)


def _take_contacts(contacts: Sequence[TeamContact], last: int | None, file: Received) -> None:
    file.take_contacts(contacts)
    file.note(contacts=last)
