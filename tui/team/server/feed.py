"""What is new, to every desk that listens: server-sent events, from a sequence on, in the order of sequences.

One task a server reads what is new, once, and keeps the last of it; desks that are behind that read the database
themselves, at their own pace. Nothing waits for a desk that is slow, and nothing is queued for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from tui.team.server.engine import TeamDatabase
from tui.team.server.limits import Limits
from tui.team.server.wire_models import Member, TeamRefusal

KEPT: Final = 1000
KEPT_BYTES: Final = 2 * 1024 * 1024
"""Events, and bytes of them, that are kept for desks that are a little behind."""

AT_ONCE: Final = 100
"""Rows of a kind that are read at a time for a desk that is far behind."""

_AWAY_SECONDS: Final = 1.0
_LOG: Final = logging.getLogger("kehu.team")

Changed = Callable[[AsyncConnection, int, int, int], Awaitable[list[tuple[int, str]]]]
"""Reads rows that changed after a sequence, up to another, at most so many: the sequence and the JSON of each."""


class _Event(NamedTuple):
    sequence: int
    text: bytes


@dataclass(eq=False)
class _Listener:
    """A desk that listens."""

    member: str
    news: asyncio.Event = field(default_factory=asyncio.Event)
    told: deque[bytes] = field(default_factory=lambda: deque(maxlen=AT_ONCE))
    """What is for this member alone, and is not kept."""
    ended: bool = False


class Feed:
    """The feed of one server. `sources` reads, by the name of its event, each kind of row that desks are told of."""

    def __init__(self, database: TeamDatabase, limits: Limits, sources: Mapping[str, Changed]) -> None:
        self._database = database
        self._limits = limits
        self._sources = sources
        self._head = 0
        """The sequence up to which everything was read."""
        self._kept: deque[_Event] = deque()
        self._kept_bytes = 0
        self._floor = 0
        """Everything above it, up to the head, is kept."""
        self._listeners: set[_Listener] = set()
        self._woken = asyncio.Event()
        self._closed = False
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to hear what is new."""
        async with self._database.reading() as connection:
            self._head = self._floor = await self._database.sequence(connection)
        self._reader = asyncio.create_task(self._read_on())
        self._database.listen(self.hear)

    def stop(self) -> None:
        """End every stream: the server is to end."""
        self._closed = True
        for listener in self._listeners:
            listener.news.set()

    async def close(self) -> None:
        """End."""
        self.stop()
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    def wake(self) -> None:
        """Look what is new."""
        self._woken.set()

    def hear(self, announced: str) -> None:
        """Take what a server on this database announced: that there is something new, or who is where."""
        if not announced:
            self.wake()
            return
        about = json.loads(announced)
        self.tell_present(about["source"], about["customer"], about["present"], about["to"])

    def tell_present(
        self, source: str, customer: str, present: Sequence[Mapping[str, object]], to: Collection[str]
    ) -> None:
        """Tell the members `to` who is `present` at a customer; each of them the others."""
        for listener in self._listeners:
            if listener.member in to:
                others = [one for one in present if one["member"] != listener.member]
                about = {"source": source, "customer": customer, "others": others}
                listener.told.append(_told("presence", json.dumps(about, ensure_ascii=False)))
                listener.news.set()

    def listen(self, member: Member, after: int, reached: int) -> AsyncIterator[bytes]:
        """Return what `member`'s desk is told from the sequence `after` on, without an end.

        `reached` is the last sequence of the database, which this server may not have heard of yet: the desk is told
        that it is ready once it has everything up to there.

        Raises: TeamRefusal where the member has too many desks that listen.
        """
        if Counter(listener.member for listener in self._listeners)[member.id] >= self._limits.feeds:
            raise TeamRefusal(
                429,
                "feeds",
                f"{member.name} has {self._limits.feeds} desks that listen already",
                "Close one of them.",
                retry_after=self._limits.presence_seconds,
            )
        return self._stream(_Listener(member.id), after, reached)

    async def _stream(self, listener: _Listener, position: int, reached: int) -> AsyncIterator[bytes]:
        ready = False
        self._listeners.add(listener)  # not before: who went away by now is never heard of again
        try:
            yield b": \n\n"  # the head of the answer goes out with it
            while not self._closed:
                listener.news.clear()
                if position < (last := max(self._head, reached)):
                    text, position = await self._after(position, last)
                    if text:
                        yield text
                    continue
                if listener.ended:
                    break
                if not ready:
                    ready = True
                    yield _told("ready", json.dumps({"sequence": position}))
                while listener.told:
                    yield listener.told.popleft()
                try:
                    async with asyncio.timeout(self._limits.heartbeat_seconds):
                        await listener.news.wait()
                except TimeoutError:
                    yield b": \n\n"
        finally:
            self._listeners.discard(listener)

    async def _after(self, position: int, last: int) -> tuple[bytes, int]:
        """Return events after `position`, up to `last`, and the sequence up to which they are all."""
        if position >= self._floor and last == self._head:
            found = []
            for event in reversed(self._kept):
                if event.sequence <= position:
                    break
                found.append(event.text)
            return b"".join(reversed(found)), self._head
        try:
            async with self._database.reading() as connection:
                events, reached = await self._read(connection, position, last)
        except Exception as error:
            if not self._database.is_away(error):
                raise
            await asyncio.sleep(_AWAY_SECONDS)
            return b": \n\n", position
        return b"".join(event.text for event in events), reached

    async def _read(self, connection: AsyncConnection, after: int, last: int) -> tuple[list[_Event], int]:
        """Read events after a sequence up to `last`, and up to where they are all."""
        found: list[_Event] = []
        for name, changed in self._sources.items():
            rows = await changed(connection, after, last, AT_ONCE)
            if len(rows) == AT_ONCE:
                last = rows[-1][0]
            found += [_Event(sequence, _told(name, text, sequence)) for sequence, text in rows]
        return sorted(event for event in found if event.sequence <= last), last

    async def _read_on(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await self._read_news()
            except Exception as error:  # noqa: BLE001  # every desk's feed hangs on it: it is told, and goes on
                if not self._database.is_away(error):
                    _LOG.exception("the feed could not read what is new")
                await asyncio.sleep(_AWAY_SECONDS)
                self._woken.set()

    async def _read_news(self) -> None:
        async with self._database.reading() as connection:
            # First how far it goes: every row up to there is committed, and is found by what is read after it.
            last = await self._database.sequence(connection)
            while self._head < last:
                events, reached = await self._read(connection, self._head, last)
                for event in events:
                    self._keep(event)
                self._head = reached
                for listener in self._listeners:
                    listener.news.set()

    def _keep(self, event: _Event) -> None:
        self._kept.append(event)
        self._kept_bytes += len(event.text)
        while len(self._kept) > KEPT or self._kept_bytes > KEPT_BYTES:
            dropped = self._kept.popleft()
            self._kept_bytes -= len(dropped.text)
            self._floor = dropped.sequence
        if event.text.startswith(b"event: people\n"):
            self._end_revoked(event.text)

    def _end_revoked(self, text: bytes) -> None:
        member = json.loads(text.partition(b"data: ")[2])
        for listener in self._listeners:
            if member["revoked"] and listener.member == member["id"]:
                listener.ended = True


def _told(event: str, data: str, sequence: int | None = None) -> bytes:
    """Return one event; JSON has no line ends of its own."""
    id = "" if sequence is None else f"id: {sequence}\n"
    return f"event: {event}\n{id}data: {data}\n\n".encode(errors="replace")
