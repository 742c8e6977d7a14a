"""What an auditor reads, and what is removed: after a time, or because a person asks for it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from tui.model.errors import N_, ConflictError, NotFoundError
from tui.team.server.endpoints import Asked, TeamCall, TeamContext, entry_json
from tui.team.server.engine import TeamDatabase
from tui.team.server.entries import record
from tui.team.server.team_tables import CLAIMS, CODES, CONTACTS, ENTRIES, ERASURES, NEXT_CONTACTS, PRESENCE
from tui.team.server.wire_models import AuditAsked, TeamEntry

AUDITED: Final = ("delete", "erase", "export", "import", "people", "prune", "reveal")
"""Kinds of entries that an auditor reads, unless others are asked for."""

KEPT_OF_ERASED: Final = ("delete", "export", "reveal")
"""Of these it stays that it was done, by whom and when, also where the customer is erased."""

AT_ONCE: Final = 10_000
"""Rows that are removed in one transaction: nobody waits longer for it than a second."""


# Reading

_SHOWN = [column for column in ENTRIES.c if column.name != "digest"]


async def audited(database: TeamDatabase, since: float, until: float, kinds: Sequence[str]) -> AsyncIterator[str]:
    """Yield the entries of `kinds` (all where there are none) that arrived from `since` to `until`, as JSON, the
    first that arrived first."""
    query = (
        select(*_SHOWN)
        .where(ENTRIES.c.received_at >= since, ENTRIES.c.received_at < until)
        .order_by(ENTRIES.c.sequence)
        .execution_options(yield_per=500)
    )
    if kinds:
        query = query.where(ENTRIES.c.kind.in_(kinds))
    async with database.snapshot() as connection:
        async for row in (await connection.stream(query)).mappings():
            yield entry_json(row)


def named_kinds(text: str) -> Sequence[str]:
    """Return the kinds that `text` names: with commas; those that are audited for nothing, none for `all`."""
    if text == "all":
        return ()
    return tuple(part for name in text.split(",") if (part := name.strip())) or AUDITED


async def _audit(context: TeamContext, asked: Asked) -> Response:
    wanted: AuditAsked = asked.query

    async def lines() -> AsyncIterator[bytes]:
        async for text in audited(context.database, wanted.since, wanted.until, named_kinds(wanted.kinds)):
            yield f"{text}\n".encode(errors="replace")

    return StreamingResponse(lines(), media_type="application/x-ndjson")


CALLS = (
    TeamCall(
        "GET",
        "/v1/audit",
        "What was revealed, exported, deleted and erased, and by whom.",
        _audit,
        TeamEntry,
        query=AuditAsked,
        roles=("lead", "auditor"),
        streams="application/x-ndjson",
    ),
)


# Removing


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many of each were removed."""

    entries: int
    next_contacts: int


async def prune(database: TeamDatabase, older_than: float, *, by: str) -> Pruned:
    """Remove entries that arrived more than `older_than` seconds ago, and next contacts that were done by then.

    Who was last contacted when stays. `by` is who does it, on the server's host.
    """
    async with database.reading() as connection:
        before = await database.now(connection) - older_than
    entries = await _remove(database, ENTRIES, ENTRIES.c.sequence, ENTRIES.c.received_at < before)
    over = or_(NEXT_CONTACTS.c.done_at.is_not(None), NEXT_CONTACTS.c.removed)
    contacts = await _remove(
        database, NEXT_CONTACTS, NEXT_CONTACTS.c.id, and_(NEXT_CONTACTS.c.changed_at < before, over)
    )
    async with database.writing() as connection:
        sequence, now = await database.take(connection)
        await connection.execute(delete(CODES).where(CODES.c.expires_at < now))
        body = {"before": before, "entries": entries, "next_contacts": contacts}
        await record(connection, sequence, now, "prune", body, by=by)
        await database.announce(connection)
    return Pruned(entries, contacts)


async def _remove(database: TeamDatabase, table: Any, key: Any, which: Any) -> int:
    removed = 0
    while True:
        some = select(key).where(which).order_by(key).limit(AT_ONCE)
        async with database.writing() as connection:
            count = (await connection.execute(delete(table).where(key.in_(some)))).rowcount
        removed += count
        if count < AT_ONCE:
            return removed


@dataclass(frozen=True, slots=True)
class Erased:
    """What was removed of a person."""

    customers: Sequence[tuple[str, str]]
    """The source and the id of each of their records."""
    entries: int
    next_contacts: int


async def erase(database: TeamDatabase, customer: str, source: str | None = None, *, by: str) -> Erased:
    """Remove what is kept of a person: `customer` is their id at a vendor, or their union id.

    All records with the same union id are theirs. That it was done stays, and so does that they were revealed, exported
    or deleted, by whom and when. What desks send later of what was done before is refused. `by` is who does it, on the
    server's host.

    Raises: NotFoundError where nothing is kept; ConflictError where different people have the id at several sources.
    """
    async with database.writing() as connection:
        now = (await database.take(connection))[1]  # from here on nobody adds to what is found
        found = await _records(connection, customer, source)
        if not found:
            raise NotFoundError(N_("nothing is kept of {customer}"), customer=customer)
        unions = {union for _source, _customer, union in found if union}
        sources = sorted({one for one, id, _union in found if id == customer})
        if len(sources) > 1 and len({union for one, id, union in found if id == customer} - {None}) != 1:
            raise ConflictError(
                N_("{customer} is kept for several vendors, and may be several people: {sources}"),
                todo=N_("Name one with --source."),
                customer=customer,
                sources=", ".join(sources),
            )
        for union in unions:
            found |= await _records(connection, union, None)
        customers = sorted({(one, id) for one, id, _union in found if id})
        number, _now = await database.take(connection, len(customers))
        entries = contacts = 0
        for place, (one, id) in enumerate(customers, number):
            theirs = [await _erase_one(connection, one, id), await _erase_next(connection, one, id)]
            entries, contacts = entries + theirs[0], contacts + theirs[1]
            upsert = database.insert(ERASURES).values(source=one, customer=id, at=now)
            await connection.execute(
                upsert.on_conflict_do_update(index_elements=["source", "customer"], set_={"at": now})
            )
            body = {"entries": theirs[0], "next_contacts": theirs[1]}
            await record(connection, place, now, "erase", body, by=by, source=one, customer=id)
        await database.announce(connection)
    return Erased(customers, entries, contacts)


_Record = tuple[str, str, str | None]


async def _records(connection: AsyncConnection, id: str, source: str | None) -> set[_Record]:
    """Return source, customer and union id of all rows that name `id` as either."""
    found: set[_Record] = set()
    for table in (ENTRIES, CONTACTS, NEXT_CONTACTS):
        query = select(table.c.source, table.c.customer, table.c.union_id).distinct()
        query = query.where(or_(table.c.customer == id, table.c.union_id == id))
        if source is not None:
            query = query.where(table.c.source == source)
        found |= {(one, customer, union) for one, customer, union in await connection.execute(query)}
    return found


async def _erase_one(connection: AsyncConnection, source: str, customer: str) -> int:
    theirs = and_(ENTRIES.c.source == source, ENTRIES.c.customer == customer)
    kept = ENTRIES.c.kind.in_((*KEPT_OF_ERASED, "erase"))
    removed = (await connection.execute(delete(ENTRIES).where(theirs, ~kept))).rowcount
    bare = {"union_id": None, "body": json.dumps({"erased": True})}
    changed = await connection.execute(update(ENTRIES).where(theirs, ENTRIES.c.kind.in_(KEPT_OF_ERASED)).values(bare))
    for table in (CONTACTS, PRESENCE, CLAIMS):
        await connection.execute(delete(table).where(table.c.source == source, table.c.customer == customer))
    return removed + changed.rowcount


async def _erase_next(connection: AsyncConnection, source: str, customer: str) -> int:
    theirs = and_(NEXT_CONTACTS.c.source == source, NEXT_CONTACTS.c.customer == customer)
    return (await connection.execute(delete(NEXT_CONTACTS).where(theirs))).rowcount
