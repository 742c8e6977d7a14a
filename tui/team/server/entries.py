"""The team's journal: entries are added once, by the id that their desk gave them, and never changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from pydantic import ValidationError
from sqlalchemy import ColumnElement, insert, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from tui.model.change import APPLIED, Kind
from tui.team.server.endpoints import Asked, TeamCall, TeamContext, encoded, entry_json, malformed, page
from tui.team.server.engine import TeamDatabase
from tui.team.server.team_tables import CLAIMS, CONTACTS, ENTRIES, ERASURES
from tui.team.server.wire_models import (
    ContactsAnswer,
    EntriesAnswer,
    EntriesAsked,
    HistoryAnswer,
    HistoryAsked,
    NewEntry,
    SourcePage,
    TeamRefusal,
)

OWN_KINDS: Final = ("erase", "prune", "people", "import")
"""Kinds of entries that the server alone writes."""

WITHOUT_VALUES: Final = {
    "reveal": {"field", "fields", "customer_name", "profile", "host", "os_user", "reason", "where"},
    "export": {"query", "count", "columns", "format", "profile", "host", "os_user", "where", "revealed"},
}
"""What the body of an entry about values that are masked may have: who and which, never the value."""

LONGEST_FACT: Final = 2000
"""Characters of one of these: a long query."""

_SHOWN = [column for column in ENTRIES.c if column.name != "digest"]


async def add(context: TeamContext, asked: Asked) -> bytes:
    """Add entries; each of them is added, was there already, or is refused for good."""
    rows: list[dict[str, Any]] = asked.body.entries
    if len(rows) > context.limits.entries:
        raise TeamRefusal(
            413, "too_large", f"{len(rows)} entries in one call", f"Send at most {context.limits.entries} at a time."
        )
    read = [_read(row, context.limits.entry_bytes) for row in rows]
    wanted = [one for one in read if not isinstance(one, TeamRefusal)]
    done = iter(await _add(context.database, asked, wanted) if wanted else ())
    if wanted:
        context.feed.wake()
    results = []
    for row, one in zip(rows, read, strict=True):
        outcome = one if isinstance(one, TeamRefusal) else next(done)
        id = row.get("id")
        told = {"error": outcome.error()} if isinstance(outcome, TeamRefusal) else {"sequence": outcome}
        results.append({"id": id[:64] if isinstance(id, str) else "", **told})
    return encoded({"results": results})


def _read(row: Mapping[str, Any], limit: int) -> NewEntry | TeamRefusal:
    try:
        entry = NewEntry.model_validate(row)
    except ValidationError as error:
        return malformed(error, "entry")
    if entry.kind in OWN_KINDS:
        return TeamRefusal(403, "role", f"entries of the kind {entry.kind} are the server's own")
    if (size := len(stored(entry.body).encode())) > limit:
        return TeamRefusal(413, "too_large", f"the entry has {size} bytes", f"An entry has at most {limit}.")
    allowed = WITHOUT_VALUES.get(entry.kind)
    if allowed is not None and (
        entry.body.keys() - allowed or any(len(stored(value)) > LONGEST_FACT for value in entry.body.values())
    ):
        return TeamRefusal(
            400,
            "masked",
            f"an entry of the kind {entry.kind} has more in it than who, which and how many",
            f"It takes {', '.join(sorted(allowed))}, and never a value.",
        )
    return entry


def stored(value: object) -> str:
    """Return `value` as JSON; readable where every database can keep it so."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(value, separators=(",", ":")) if any("\ud800" <= char <= "\udfff" for char in text) else text


def _digest(entry: NewEntry) -> str:
    facts = [entry.source, entry.customer, entry.union_id, entry.kind, entry.at, entry.body]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


async def _add(database: TeamDatabase, asked: Asked, wanted: Sequence[NewEntry]) -> list[int | TeamRefusal]:
    outcomes: list[int | TeamRefusal] = []
    fresh: list[dict[str, Any]] = []
    async with database.writing() as connection:
        first, now = await database.take(connection, len(wanted))
        there = await _already_there(connection, [entry.id for entry in wanted])
        claims = await _claims(connection, [entry for entry in wanted if entry.fence is not None])
        erased = await _erasures(connection, wanted)
        for sequence, entry in enumerate(wanted, first):
            digest = _digest(entry)
            known = there.get(entry.id)
            if known is not None:
                outcomes.append(_settled(known, digest, asked.member.id))
                continue
            if refusal := _refused(entry, claims, erased, asked.member.id):
                outcomes.append(refusal)
                continue
            there[entry.id] = (sequence, asked.member.id, digest)
            outcomes.append(sequence)
            fresh.append(
                {
                    "sequence": sequence,
                    **entry.model_dump(exclude={"fence", "body"}),
                    "union_id": entry.union_id or None,
                    "author": asked.member.id,
                    "author_name": asked.member.name,
                    "received_at": now,
                    "body": stored(entry.body),
                    "digest": digest,
                }
            )
        if fresh:
            await connection.execute(insert(ENTRIES), fresh)
            await _note_contacts(database, connection, fresh)
            await database.announce(connection)
    return outcomes


_There = tuple[int, str, str]


async def _already_there(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, _There]:
    query = select(ENTRIES.c.id, ENTRIES.c.sequence, ENTRIES.c.author, ENTRIES.c.digest).where(ENTRIES.c.id.in_(ids))
    return {id: (sequence, author, digest) for id, sequence, author, digest in await connection.execute(query)}


async def _claims(connection: AsyncConnection, fenced: Sequence[NewEntry]) -> dict[tuple[str, str], tuple[int, str]]:
    if not fenced:
        return {}
    query = select(CLAIMS).where(
        tuple_(CLAIMS.c.source, CLAIMS.c.customer).in_({(entry.source, entry.customer) for entry in fenced})
    )
    return {
        (row["source"], row["customer"]): (row["fence"], row["holder"])
        for row in (await connection.execute(query)).mappings()
    }


async def _erasures(connection: AsyncConnection, wanted: Sequence[NewEntry]) -> dict[tuple[str, str], float]:
    query = select(ERASURES).where(
        tuple_(ERASURES.c.source, ERASURES.c.customer).in_({(entry.source, entry.customer) for entry in wanted})
    )
    return {(row["source"], row["customer"]): row["at"] for row in (await connection.execute(query)).mappings()}


def _settled(known: _There, digest: str, author: str) -> int | TeamRefusal:
    sequence, known_author, known_digest = known
    if known_author != author:
        return TeamRefusal(409, "other_author", "an entry with this id is there, of another author")
    if known_digest != digest:
        return TeamRefusal(409, "other_content", "an entry with this id is there, and says something else")
    return sequence


def _refused(
    entry: NewEntry,
    claims: Mapping[tuple[str, str], tuple[int, str]],
    erased: Mapping[tuple[str, str], float],
    author: str,
) -> TeamRefusal | None:
    who = entry.source, entry.customer
    if entry.fence is not None:
        fence, holder = claims.get(who, (0, ""))
        if fence != entry.fence or holder not in ("", author):
            return TeamRefusal(
                409, "fence", "the claim under which this was done is over, and somebody else took it", "Claim it anew."
            )
    if entry.at <= erased.get(who, -1):
        return TeamRefusal(409, "erased", "the customer's data were erased after this was done")
    return None


def is_contact(kind: str, body: Mapping[str, Any]) -> bool:
    """Return whether an entry tells that the customer was contacted."""
    state = body.get("state")
    return kind == Kind.FOLLOW and (state is None or state in APPLIED)


async def _note_contacts(
    database: TeamDatabase, connection: AsyncConnection, fresh: Sequence[Mapping[str, Any]]
) -> None:
    newest: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in fresh:
        if row["customer"] and is_contact(row["kind"], json.loads(row["body"])):
            who = row["source"], row["customer"]
            if who not in newest or newest[who]["at"] <= row["at"]:
                newest[who] = row
    if not newest:
        return
    upsert = database.insert(CONTACTS)
    names = [column.name for column in CONTACTS.c]
    # In one order, whoever writes: two transactions never wait for one another in a circle.
    values = [{name: newest[who][name] for name in names} for who in sorted(newest)]
    await connection.execute(
        upsert.on_conflict_do_update(
            index_elements=["source", "customer"],
            set_={name: upsert.excluded[name] for name in names[2:]},
            where=upsert.excluded.at >= CONTACTS.c.at,
        ),
        values,
    )


async def record(
    connection: AsyncConnection,
    sequence: int,
    now: float,
    kind: str,
    body: Mapping[str, object],
    *,
    by: str,
    source: str = "",
    customer: str = "",
) -> None:
    """Add an entry of the server's own: what was done on its host `by` somebody."""
    await connection.execute(
        insert(ENTRIES).values(
            sequence=sequence,
            id=str(uuid4()),
            source=source,
            customer=customer,
            union_id=None,
            kind=kind,
            author="",
            author_name=by,
            at=now,
            received_at=now,
            body=stored(body),
            digest="",
        )
    )


async def history(context: TeamContext, asked: Asked) -> bytes:
    """Answer a customer's entries, the last to arrive first."""
    wanted: HistoryAsked = asked.query
    ways: list[ColumnElement[bool]] = []
    if wanted.source is not None and wanted.customer is not None:
        ways.append((ENTRIES.c.source == wanted.source) & (ENTRIES.c.customer == wanted.customer))
    elif wanted.source is not None or wanted.customer is not None:
        raise TeamRefusal(400, "malformed", "query: source and customer belong together")
    if wanted.union_id is not None:
        ways.append(ENTRIES.c.union_id == wanted.union_id)
    if not ways:
        raise TeamRefusal(400, "malformed", "query: whose history?", "Give source and customer, or union_id.")
    below = [] if wanted.before is None else [ENTRIES.c.sequence < wanted.before]
    # Each way has an index of its own that ends with the sequence: neither looks at more rows than are wanted.
    found = [
        select(ENTRIES.c.sequence)
        .where(way, *below)
        .order_by(ENTRIES.c.sequence.desc())
        .limit(wanted.limit + 1)
        .subquery()
        for way in ways
    ]
    either = found[0] if len(found) == 1 else union_all(*(select(one) for one in found)).subquery()
    query = (
        select(*_SHOWN)
        .where(ENTRIES.c.sequence.in_(select(either.c.sequence)))
        .order_by(ENTRIES.c.sequence.desc())
        .limit(wanted.limit + 1)
    )
    async with context.database.reading() as connection:
        sequence = await context.database.sequence(connection)
        rows = (await connection.execute(query)).mappings().all()
    shown = rows[: wanted.limit]
    return page([entry_json(row) for row in shown], more=len(rows) > wanted.limit, sequence=sequence)


async def contacts(context: TeamContext, asked: Asked) -> bytes:
    """Answer who was last contacted when, of one source, by sequence."""
    wanted: SourcePage = asked.query
    query = (
        select(CONTACTS)
        .where(CONTACTS.c.source == wanted.source, CONTACTS.c.sequence > wanted.after)
        .order_by(CONTACTS.c.sequence)
        .limit(wanted.limit + 1)
    )
    async with context.database.reading() as connection:
        sequence = await context.database.sequence(connection)
        rows = (await connection.execute(query)).mappings().all()
    items = [dict(row) for row in rows[: wanted.limit]]
    return encoded({"items": items, "more": len(rows) > wanted.limit, "sequence": sequence})


async def changed(connection: AsyncConnection, after: int, last: int, limit: int) -> list[tuple[int, str]]:
    """Return entries above the sequence `after`, up to `last`: their sequence and their JSON."""
    query = (
        select(*_SHOWN)
        .where(ENTRIES.c.sequence > after, ENTRIES.c.sequence <= last)
        .order_by(ENTRIES.c.sequence)
        .limit(limit)
    )
    return [(row["sequence"], entry_json(row)) for row in (await connection.execute(query)).mappings()]


CALLS = (
    TeamCall(
        "POST",
        "/v1/entries",
        "Add entries to the journal; adding one twice is adding it once.",
        add,
        EntriesAnswer,
        body=EntriesAsked,
    ),
    TeamCall("GET", "/v1/entries", "A customer's history, newest first.", history, HistoryAnswer, query=HistoryAsked),
    TeamCall("GET", "/v1/contacts", "Who was last contacted when.", contacts, ContactsAnswer, query=SourcePage),
)
