"""Who is at a customer, and whose the customer is.

To be there is a lease of some seconds that says so, and keeps nobody out. A claim is a lease for work: of several who
ask, one has it; it ends by itself, by the database's clock; its fencing number grows with every new holder.
"""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import RowMapping, Select, and_, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tui.team.server.endpoints import Asked, TeamCall, TeamContext, encoded
from tui.team.server.team_tables import CLAIMS, MEMBERS, PRESENCE
from tui.team.server.wire_models import (
    Claim,
    ClaimAsked,
    ClaimGivenBack,
    ClaimProlonged,
    ClaimsAnswer,
    ClaimsAsked,
    Nothing,
    OfCustomer,
    PresenceAnswer,
    PresenceAsked,
    PresenceEnded,
    TeamRefusal,
)

MOST_PRESENT: Final = 16
"""Colleagues at one customer who are told of: more than anybody reads, and short enough for PostgreSQL's NOTIFY."""

Row = dict[str, Any]


async def come(context: TeamContext, asked: Asked) -> bytes:
    """Note that the member is at a customer; who else is, and whose the customer is."""
    wanted: PresenceAsked = asked.body
    database, me = context.database, asked.member
    async with database.writing(durable=False) as connection:
        now = await database.now(connection)
        before = await _present(connection, wanted, now)
        known = next((one for one in before if (one["member"], one["desk"]) == (me.id, wanted.desk)), None)
        upsert = database.insert(PRESENCE).values(
            source=wanted.source,
            customer=wanted.customer,
            member=me.id,
            desk=wanted.desk,
            doing=wanted.doing,
            since=known["since"] if known and known["doing"] == wanted.doing else now,
            until=now + context.limits.presence_seconds,
        )
        await connection.execute(
            upsert.on_conflict_do_update(
                index_elements=["source", "customer", "member", "desk"],
                set_={name: upsert.excluded[name] for name in ("doing", "since", "until")},
            )
        )
        present = await _present(connection, wanted, now)
        claim = await _held(connection, wanted, now)
        if known is None or known["doing"] != wanted.doing:
            await _tell(context, connection, wanted, present, but=me.id)
    others = [one for one in _people(present) if one["member"] != me.id]
    return encoded({"others": others, "claim": claim})


async def go(context: TeamContext, asked: Asked) -> bytes:
    """Note that the member is there no more."""
    wanted: PresenceEnded = asked.query
    database = context.database
    async with database.writing(durable=False) as connection:
        now = await database.now(connection)
        gone = delete(PRESENCE).where(
            _at(PRESENCE, wanted), PRESENCE.c.member == asked.member.id, PRESENCE.c.desk == wanted.desk
        )
        if (await connection.execute(gone)).rowcount:
            await _tell(context, connection, wanted, await _present(connection, wanted, now), but=asked.member.id)
    return encoded({})


async def forget_absent(context: TeamContext) -> None:
    """Take away the rows of those whose lease is over."""
    async with context.database.writing(durable=False) as connection:
        now = await context.database.now(connection)
        await connection.execute(delete(PRESENCE).where(PRESENCE.c.until < now - context.limits.presence_seconds))


def _at(table: Any, customer: OfCustomer) -> Any:
    return and_(table.c.source == customer.source, table.c.customer == customer.customer)


async def _present(connection: AsyncConnection, customer: OfCustomer, now: float) -> list[Row]:
    query = (
        select(PRESENCE.c.member, PRESENCE.c.desk, MEMBERS.c.name, PRESENCE.c.doing, PRESENCE.c.since)
        .join(MEMBERS, MEMBERS.c.id == PRESENCE.c.member)
        .where(_at(PRESENCE, customer), PRESENCE.c.until > now)
        .order_by(PRESENCE.c.since, PRESENCE.c.member)
    )
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _people(present: list[Row]) -> list[Row]:
    """Return each member who is there once, writing where one of their desks is."""
    found: dict[str, Row] = {}
    for one in present:
        shown = {name: one[name] for name in ("member", "name", "doing", "since")}
        if one["doing"] == "writing" or one["member"] not in found:
            found[one["member"]] = shown
    return list(found.values())[:MOST_PRESENT]


async def _tell(
    context: TeamContext, connection: AsyncConnection, customer: OfCustomer, present: list[Row], *, but: str
) -> None:
    """Tell those who are there of one who came, went, or began to write."""
    people = _people(present)
    to = [one["member"] for one in people if one["member"] != but]
    if not to:
        return
    about = {"source": customer.source, "customer": customer.customer, "present": people, "to": to}
    await context.database.announce(connection, about)
    if not context.database.is_postgresql:
        context.feed.tell_present(customer.source, customer.customer, people, to)


async def claim(context: TeamContext, asked: Asked) -> bytes:
    """Have a customer for some time, unless another member has; whoever has them already has them longer."""
    wanted: ClaimAsked = asked.body
    database, me = context.database, asked.member.id
    async with database.writing() as connection:
        sequence, now = await database.take(connection)
        row = (await connection.execute(select(CLAIMS).where(_at(CLAIMS, wanted)))).mappings().one_or_none()
        until = now + min(wanted.seconds, context.limits.claim_seconds)
        held = row is not None and row["holder"] != "" and row["until"] > now
        if row is not None and held and row["holder"] != me:
            facts = {"holder": await _claim(connection, wanted)}
            raise TeamRefusal(409, "claimed", "a colleague has this customer", "Ask them, or wait.", facts=facts)
        values: Row = {"until": until, "sequence": sequence}
        if not held:
            values |= {"holder": me, "fence": sequence, "since": now}
        if row is None:
            await connection.execute(insert(CLAIMS).values(source=wanted.source, customer=wanted.customer, **values))
        else:
            await connection.execute(update(CLAIMS).where(_at(CLAIMS, wanted)).values(values))
        await database.announce(connection)
        answer = await _claim(connection, wanted)
    context.feed.wake()
    return encoded(answer)


async def prolong(context: TeamContext, asked: Asked) -> bytes:
    """Have a customer longer; also one whose time is over, as long as nobody else took them."""
    wanted: ClaimProlonged = asked.body
    database = context.database
    async with database.writing() as connection:
        sequence, now = await database.take(connection)
        prolonged = (
            update(CLAIMS)
            .where(_at(CLAIMS, wanted), CLAIMS.c.fence == wanted.fence, CLAIMS.c.holder == asked.member.id)
            .values(until=now + min(wanted.seconds, context.limits.claim_seconds), sequence=sequence)
        )
        if not (await connection.execute(prolonged)).rowcount:
            raise TeamRefusal(409, "lost", "the claim is not yours any more", "Claim the customer anew.")
        await database.announce(connection)
        answer = await _claim(connection, wanted)
    context.feed.wake()
    return encoded(answer)


async def give_back(context: TeamContext, asked: Asked) -> bytes:
    """Have a customer no more."""
    wanted: ClaimGivenBack = asked.query
    database = context.database
    async with database.writing() as connection:
        sequence, now = await database.take(connection)
        given = (
            update(CLAIMS)
            .where(_at(CLAIMS, wanted), CLAIMS.c.fence == wanted.fence, CLAIMS.c.holder == asked.member.id)
            .values(holder="", until=now, sequence=sequence)
        )
        if (await connection.execute(given)).rowcount:
            await database.announce(connection)
    context.feed.wake()
    return encoded({})


async def held(context: TeamContext, asked: Asked) -> bytes:
    """Answer the claims that are held: of one customer, or one's own."""
    wanted: ClaimsAsked = asked.query
    async with context.database.reading() as connection:
        now = await context.database.now(connection)
        query = _claims().where(CLAIMS.c.holder != "", CLAIMS.c.until > now).order_by(CLAIMS.c.until).limit(500)
        if wanted.mine:
            query = query.where(CLAIMS.c.holder == asked.member.id)
        elif wanted.source is not None and wanted.customer is not None:
            query = query.where(CLAIMS.c.source == wanted.source, CLAIMS.c.customer == wanted.customer)
        else:
            raise TeamRefusal(400, "malformed", "query: whose claims?", "Give source and customer, or mine=1.")
        rows = (await connection.execute(query)).mappings().all()
    return encoded({"items": [dict(row) for row in rows]})


def _claims() -> Select[Any]:
    name = select(MEMBERS.c.name).where(MEMBERS.c.id == CLAIMS.c.holder).scalar_subquery()
    return select(CLAIMS, name.label("holder_name"))


def _claim_row(row: RowMapping) -> Row:
    return {**row, "holder_name": row["holder_name"] or ""}


async def _claim(connection: AsyncConnection, customer: OfCustomer) -> Row:
    row = (await connection.execute(_claims().where(_at(CLAIMS, customer)))).mappings().one()
    return _claim_row(row)


async def _held(connection: AsyncConnection, customer: OfCustomer, now: float) -> Row | None:
    query = _claims().where(_at(CLAIMS, customer), CLAIMS.c.holder != "", CLAIMS.c.until > now)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _claim_row(row)


async def changed(connection: AsyncConnection, after: int, last: int, limit: int) -> list[tuple[int, str]]:
    """Return claims that changed above the sequence `after`, up to `last`: their sequence and their JSON."""
    query = (
        _claims().where(CLAIMS.c.sequence > after, CLAIMS.c.sequence <= last).order_by(CLAIMS.c.sequence).limit(limit)
    )
    rows = (await connection.execute(query)).mappings().all()
    return [(row["sequence"], json.dumps(_claim_row(row), ensure_ascii=False)) for row in rows]


CALLS = (
    TeamCall(
        "POST",
        "/v1/presence",
        "Say that one is at a customer, and hear who else is; renew it in time.",
        come,
        PresenceAnswer,
        body=PresenceAsked,
    ),
    TeamCall("DELETE", "/v1/presence", "Say that one is there no more.", go, Nothing, query=PresenceEnded),
    TeamCall(
        "POST",
        "/v1/claims",
        "Have a customer for some time; one's own claim is prolonged.",
        claim,
        Claim,
        body=ClaimAsked,
        refusals={409: "A colleague has the customer: `holder` is their claim."},
    ),
    TeamCall(
        "PUT",
        "/v1/claims",
        "Have a customer longer.",
        prolong,
        Claim,
        body=ClaimProlonged,
        refusals={409: "The claim is another's by now, or was given back."},
    ),
    TeamCall(
        "DELETE",
        "/v1/claims",
        "Give a customer back; also where the claim is another's by now.",
        give_back,
        Nothing,
        query=ClaimGivenBack,
    ),
    TeamCall(
        "GET",
        "/v1/claims",
        "Claims that are held: of one customer, or one's own.",
        held,
        ClaimsAnswer,
        query=ClaimsAsked,
    ),
)
