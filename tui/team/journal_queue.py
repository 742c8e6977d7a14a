"""What of a profile's journal the team does not have yet, sent in its order until it does.

The queue is the journal itself: an entry that is in it, and behind the place up to which the team has everything, is
still to be sent. So nothing that was confirmed can be missed, whichever kehu wrote it, and whenever that was.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.model.errors import InvalidError
from tui.model.masking import Mask, masker_of
from tui.team.outgoing import MOST_BYTES, is_told, outgoing

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.store.store import Store
    from tui.team.client import TeamClient

AT_ONCE = 100
"""Entries that are looked at together, and sent in one call where they are small."""

MOST_BODY = 1024 * 1024
"""Bytes of a call's entries; the server takes several times that."""

log = logging.getLogger("tui.team")


class Portion(NamedTuple):
    """Some entries of the journal as they go to the team."""

    place: int
    """Of the last one that was looked at."""
    rows: Sequence[Mapping[str, Any]]
    """Those that go."""
    is_last: bool
    """Nothing is behind them."""


class JournalQueue:
    """Sends the journal on `disk` to the team of `client`. `reader` names the team's database: what one has, another
    may not. `most` bytes are in an entry's body; what `mask` hides, and what the vendor calls sensitive, stays here."""

    def __init__(
        self, disk: Disk, client: TeamClient, reader: str, most: int = MOST_BYTES, mask: Mask = Mask.SENSITIVE
    ) -> None:
        self._disk = disk
        self._client = client
        self.reader = reader
        self._most = most
        self._mask = Mask.SENSITIVE if mask is Mask.NONE else mask
        self._turn = asyncio.Lock()

    async def send(self) -> int:
        """Send everything that the team does not have; how many entries it took.

        One that is refused stays here, is counted, and is not sent again. What was sent and not answered is sent once
        more the next time: the server knows it by its id.
        Raises: KehuError where the server does not answer, or the disk refuses; what was taken until then is noted.
        """
        async with self._turn:
            return await self._send_all()

    async def _send_all(self) -> int:
        taken = 0
        while True:
            batch = await self._disk.run(self._next)
            for start, part in _parts(batch.rows):
                refused = await self._send(part)
                taken += len(part) - refused
                done = start + len(part) == len(batch.rows)
                place = batch.place if done else part[-1]["place"]
                await self._disk.run(partial(_note, self.reader, place, refused))
            if not batch.rows:
                await self._disk.run(partial(_note, self.reader, batch.place, 0))
            if batch.is_last:
                return taken

    async def _send(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Send `rows`; how many were refused."""
        entries = [{name: value for name, value in row.items() if name != "place"} for row in rows]
        try:
            answer = await self._client.call("POST", "/v1/entries", {"entries": entries})
        except InvalidError:  # one of them makes the whole call no good: the others need not wait for it
            if len(rows) == 1:
                log.warning("the team's server refuses the entry %s", entries[0]["id"])
                return 1
            return sum([await self._send([row]) for row in rows])
        results = answer.get("results")
        told = {one.get("id"): one for one in results if isinstance(one, dict)} if isinstance(results, list) else {}
        refused = [entry["id"] for entry in entries if "error" in told.get(entry["id"], {})]
        for id in refused:
            log.warning("the team's server refuses the entry %s: %s", id, told[id]["error"])
        return len(refused)

    def _next(self, store: Store) -> Portion:
        place, _refused = store.journal.passed_on(self.reader)
        found = store.journal.after(place, AT_ONCE)
        sensitive, fields = store.directory.sensitive(), store.directory.fields()
        masker = masker_of(self._mask, fields[0] if fields is not None else ())
        rows = [
            {**outgoing(entry, sensitive, masker, self._most), "place": at}
            for at, entry in found
            if is_told(entry, store.journal.states_before(entry.about, at))
        ]
        return Portion(found[-1][0] if found else place, rows, len(found) < AT_ONCE)

    async def waiting(self) -> int:
        """Return how many entries the team does not have yet."""
        return await self._disk.run(lambda store: waiting_in(store, self.reader))

    async def refused(self) -> int:
        """Return how many entries the team would not take."""
        return await self._disk.run(lambda store: store.journal.passed_on(self.reader)[1])


def waiting_in(store: Store, reader: str) -> int:
    """Return how many entries of `store`'s journal are still to be sent to `reader`."""
    place, _refused = store.journal.passed_on(reader)
    count = 0
    while found := store.journal.after(place, AT_ONCE):
        count += sum(is_told(entry, store.journal.states_before(entry.about, at)) for at, entry in found)
        place = found[-1][0]
    return count


def _note(reader: str, place: int, refused: int, store: Store) -> None:
    """Note that `reader` has everything up to `place` but what was `refused`; nothing new is not written."""
    if place > store.journal.passed_on(reader)[0]:
        store.journal.pass_on(reader, place, refused)


def _parts(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, Sequence[Mapping[str, Any]]]]:
    """Cut `rows` into calls that are not too large, each with the place of its first one among them."""
    parts: list[tuple[int, list[Mapping[str, Any]]]] = []
    size = 0
    for number, row in enumerate(rows):
        length = len(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        if not parts or size + length > MOST_BODY:
            parts.append((number, []))
            size = 0
        parts[-1][1].append(row)
        size += length
    return [(start, part) for start, part in parts]
