"""Next contacts that colleagues see, and hand to one another: an agent their own, a lead anybody's."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, and_, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tui.team.server.endpoints import Asked, TeamCall, TeamContext, encoded, read
from tui.team.server.team_tables import MEMBERS, NEXT_CONTACTS
from tui.team.server.wire_models import (
    DueAnswer,
    DueAsked,
    NextContactAsked,
    NextContactPath,
    NextContactRow,
    NextContactsAnswer,
    NextContactsAsked,
    TeamRefusal,
)

Row = dict[str, Any]

_OWNER, _AUTHOR = MEMBERS.alias("owners"), MEMBERS.alias("authors")
_OPEN = and_(NEXT_CONTACTS.c.done_at.is_(None), NEXT_CONTACTS.c.removed.is_(False))


async def put(context: TeamContext, asked: Asked) -> bytes:
    """Set, change, hand over, finish or remove a next contact, unless somebody changed it meanwhile."""
    wanted: NextContactAsked = asked.body
    id = read(NextContactPath, asked.path, "path").id
    database, me = context.database, asked.member
    async with database.writing() as connection:
        sequence, now = await database.take(connection)
        there = await _one(connection, id)
        values = wanted.model_dump(exclude={"revision", "source", "customer"})
        values["owner"] = wanted.owner or (there["owner"] if there else me.id)
        values["union_id"] = wanted.union_id or None
        if there is None:
            if wanted.revision:
                raise TeamRefusal(404, "none", "there is no such next contact any more")
            await _check_owner(connection, values["owner"])
            mark = {"author": me.id, "revision": 1, "changed_at": now, "sequence": sequence}
            new = insert(NEXT_CONTACTS).values(id=id, source=wanted.source, customer=wanted.customer, **values, **mark)
            await connection.execute(new)
        else:
            if (wanted.source, wanted.customer) != (there["source"], there["customer"]):
                raise TeamRefusal(400, "malformed", "body: a next contact stays with its customer")
            said = all(there[name] == value for name, value in values.items())
            if said and there["revision"] == wanted.revision + 1 and there["author"] == me.id:
                return encoded(there)  # the answer was lost, and it is asked for once more
            if there["owner"] != me.id and me.role != "lead":
                raise TeamRefusal(
                    403, "owner", f"this is {there['owner_name']}'s to do", "Ask them or a lead to hand it over."
                )
            if there["revision"] != wanted.revision:
                raise TeamRefusal(
                    409, "revision", "somebody changed it meanwhile", "Look at it again.", facts={"current": there}
                )
            if values["owner"] != there["owner"]:
                await _check_owner(connection, values["owner"])
            mark = {"author": me.id, "revision": wanted.revision + 1, "changed_at": now, "sequence": sequence}
            await connection.execute(update(NEXT_CONTACTS).where(NEXT_CONTACTS.c.id == id).values(**values, **mark))
        await database.announce(connection)
        answer = await _one(connection, id)
    context.feed.wake()
    return encoded(answer)


async def _check_owner(connection: AsyncConnection, owner: str) -> None:
    query = select(MEMBERS.c.id).where(MEMBERS.c.id == owner, MEMBERS.c.revoked_at.is_(None))
    if (await connection.execute(query)).scalar_one_or_none() is None:
        raise TeamRefusal(400, "malformed", "body: owner: no member has this id", "GET /v1/people names them.")


async def listed(context: TeamContext, asked: Asked) -> bytes:
    """Answer the open next contacts of a customer, or all that changed."""
    wanted: NextContactsAsked = asked.query
    query = _rows().order_by(NEXT_CONTACTS.c.sequence).limit(wanted.limit + 1)
    if wanted.source is not None and wanted.customer is not None:
        query = query.where(NEXT_CONTACTS.c.source == wanted.source, NEXT_CONTACTS.c.customer == wanted.customer, _OPEN)
    elif wanted.after is not None:
        query = query.where(NEXT_CONTACTS.c.sequence > wanted.after)
    else:
        raise TeamRefusal(400, "malformed", "query: which ones?", "Give source and customer, or after.")
    async with context.database.reading() as connection:
        sequence = await context.database.sequence(connection)
        rows = [dict(row) for row in (await connection.execute(query)).mappings()]
    return encoded({"items": rows[: wanted.limit], "more": len(rows) > wanted.limit, "sequence": sequence})


async def due(context: TeamContext, asked: Asked) -> bytes:
    """Answer who is to be contacted, the earliest first, and how many everybody has to."""
    wanted: DueAsked = asked.query
    owner = asked.member.id if wanted.owner == "me" else wanted.owner
    before = and_(_OPEN, NEXT_CONTACTS.c.at < wanted.until)
    query = _rows().where(before).order_by(NEXT_CONTACTS.c.at, NEXT_CONTACTS.c.id).limit(wanted.limit + 1)
    if owner != "all":
        query = query.where(NEXT_CONTACTS.c.owner == owner)
    counts = (
        select(NEXT_CONTACTS.c.owner, MEMBERS.c.name.label("owner_name"), func.count().label("count"))
        .join(MEMBERS, MEMBERS.c.id == NEXT_CONTACTS.c.owner)
        .where(before)
        .group_by(NEXT_CONTACTS.c.owner, MEMBERS.c.name)
        .order_by(MEMBERS.c.name)
    )
    async with context.database.reading() as connection:
        rows = [dict(row) for row in (await connection.execute(query)).mappings()]
        by_owner = [dict(row) for row in (await connection.execute(counts)).mappings()]
    return encoded({"items": rows[: wanted.limit], "by_owner": by_owner, "more": len(rows) > wanted.limit})


def _rows() -> Select[Any]:
    return (
        select(NEXT_CONTACTS, _OWNER.c.name.label("owner_name"), _AUTHOR.c.name.label("author_name"))
        .join(_OWNER, _OWNER.c.id == NEXT_CONTACTS.c.owner)
        .join(_AUTHOR, _AUTHOR.c.id == NEXT_CONTACTS.c.author)
    )


async def _one(connection: AsyncConnection, id: str) -> Row | None:
    row = (await connection.execute(_rows().where(NEXT_CONTACTS.c.id == id))).mappings().one_or_none()
    return None if row is None else dict(row)


async def changed(connection: AsyncConnection, after: int, last: int, limit: int) -> list[tuple[int, str]]:
    """Return next contacts that changed above the sequence `after`, up to `last`: their sequence and their JSON."""
    query = (
        _rows()
        .where(NEXT_CONTACTS.c.sequence > after, NEXT_CONTACTS.c.sequence <= last)
        .order_by(NEXT_CONTACTS.c.sequence)
        .limit(limit)
    )
    rows = (await connection.execute(query)).mappings().all()
    return [(row["sequence"], json.dumps(dict(row), ensure_ascii=False)) for row in rows]


CALLS = (
    TeamCall(
        "GET",
        "/v1/next",
        "The next contacts of a customer, or all that changed.",
        listed,
        NextContactsAnswer,
        query=NextContactsAsked,
    ),
    TeamCall(
        "PUT",
        "/v1/next/{id}",
        "Set, change, hand over, finish or remove a next contact.",
        put,
        NextContactRow,
        body=NextContactAsked,
        refusals={
            403: "It is a colleague's, and you are no lead.",
            404: "It is not there any more.",
            409: "Somebody changed it meanwhile: `current` is how it is.",
        },
    ),
    TeamCall("GET", "/v1/due", "Who is to be contacted, by colleague.", due, DueAnswer, query=DueAsked),
)
