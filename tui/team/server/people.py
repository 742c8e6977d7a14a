"""Who is of the team: invited with a code that works once, known by a token. Of both the server keeps a hash alone."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tui.model.errors import N_, ConflictError, InvalidError, NotFoundError
from tui.team.server.endpoints import Asked, TeamCall, TeamContext, encoded
from tui.team.server.engine import TeamDatabase
from tui.team.server.entries import record
from tui.team.server.team_tables import CLAIMS, CODES, MEMBERS, PRESENCE, TOKENS
from tui.team.server.wire_models import Member, PeopleAnswer, TeamRefusal

CODE_SECONDS: Final = 24 * 3600
"""How long a code can be used."""

NAME_LENGTH: Final = 60
"""Characters of a member's name: it stands beside every entry."""

_LETTERS: Final = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""What codes are made of: nothing that is read as something else."""

_GROUPS, _GROUP = 4, 4
"""Groups of a code and their letters: 78 bits, and still typed without a slip."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code for a member, to be told to them alone."""

    code: str
    expires_at: float
    member: Member


async def invite(
    database: TeamDatabase, name: str, role: str | None = None, user_ids: Sequence[str] | None = None, *, by: str
) -> Invitation:
    """Make a code for the member `name`, who is new, or known and is at another machine now.

    Of a member who is known, `role` and `user_ids` change where they are given; one who was revoked comes back. Codes
    that they were given before work no more. `by` is who does it, on the server's host.

    Raises: InvalidError for a name that is none.
    """
    name = name.strip()
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise InvalidError(
            N_("a member's name has 1 to {limit} characters, and none that cannot be seen"),
            field="name",
            limit=NAME_LENGTH,
        )
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    async with database.writing() as connection:
        sequence, now = await database.take(connection, 2)
        known = await _named(connection, name)
        facts = {
            "role": role or (known["role"] if known else "agent"),
            "user_ids": json.dumps(list(user_ids) if user_ids else (json.loads(known["user_ids"]) if known else [])),
            "revoked_at": None,
            "sequence": sequence,
        }
        if known is None:
            id = secrets.token_hex(8)
            await connection.execute(insert(MEMBERS).values(id=id, name=name, created_at=now, **facts))
        else:
            id = known["id"]
            await connection.execute(update(MEMBERS).where(MEMBERS.c.id == id).values(facts))
            await connection.execute(delete(CODES).where(CODES.c.member == id, CODES.c.used_at.is_(None)))
        await connection.execute(
            insert(CODES).values(
                hash=hashed(plain_code(code)), member=id, created_at=now, expires_at=now + CODE_SECONDS
            )
        )
        body = {"did": "invite", "member": id, "name": name, "role": facts["role"]}
        await record(connection, sequence + 1, now, "people", body, by=by)
        await database.announce(connection)
        found = await _named(connection, name)
        assert found is not None
    return Invitation(code, now + CODE_SECONDS, member_of(found))


async def revoke(database: TeamDatabase, name: str, *, by: str) -> Member:
    """End all tokens and codes of the member `name`, and give back what they hold. Their entries stay.

    Raises: NotFoundError; ConflictError where they are revoked already.
    """
    async with database.writing() as connection:
        sequence, now = await database.take(connection, 2)
        known = await _named(connection, name.strip())
        if known is None:
            raise NotFoundError(
                N_("nobody of the team is called {name}"), todo=N_("kehu team people shows them all."), name=name
            )
        if known["revoked_at"] is not None:
            raise ConflictError(N_("{name} is revoked already"), name=name)
        id = known["id"]
        await connection.execute(update(MEMBERS).where(MEMBERS.c.id == id).values(revoked_at=now, sequence=sequence))
        await connection.execute(delete(TOKENS).where(TOKENS.c.member == id))
        await connection.execute(delete(CODES).where(CODES.c.member == id, CODES.c.used_at.is_(None)))
        await connection.execute(delete(PRESENCE).where(PRESENCE.c.member == id))
        held = (await connection.execute(select(CLAIMS.c.fence).where(CLAIMS.c.holder == id))).scalars().all()
        if held:
            number, _now = await database.take(connection, len(held))
            for given_back, fence in enumerate(held, number):
                values = {"holder": "", "until": now, "sequence": given_back}
                await connection.execute(update(CLAIMS).where(CLAIMS.c.fence == fence).values(values))
        await record(
            connection, sequence + 1, now, "people", {"did": "revoke", "member": id, "name": known["name"]}, by=by
        )
        await database.announce(connection)
        found = await _named(connection, name.strip())
        assert found is not None
    return member_of(found)


async def everybody(database: TeamDatabase) -> list[Member]:
    """Return all members, by name."""
    async with database.reading() as connection:
        rows = await connection.execute(select(MEMBERS).order_by(MEMBERS.c.name))
        return [member_of(row) for row in rows.mappings()]


async def join(database: TeamDatabase, code: str) -> tuple[str, Member]:
    """Use `code`; the new token and whose it is.

    Raises: TeamRefusal (401) for one that is wrong, used or old; it is not told which.
    """
    token = secrets.token_urlsafe(32)
    async with database.writing() as connection:
        now = await database.now(connection)
        used = (
            update(CODES)
            .where(CODES.c.hash == hashed(plain_code(code)), CODES.c.used_at.is_(None), CODES.c.expires_at > now)
            .values(used_at=now)
            .returning(CODES.c.member)
        )
        id = (await connection.execute(used)).scalar_one_or_none()
        if id is None:
            raise TeamRefusal(
                401,
                "code",
                "the code is wrong, was used already, or is older than a day",
                "Ask for a new one: kehu team invite NAME.",
            )
        await connection.execute(insert(TOKENS).values(hash=hashed(token), member=id, created_at=now))
        found = (await connection.execute(select(MEMBERS).where(MEMBERS.c.id == id))).mappings().one()
    return token, member_of(found)


async def member_with(database: TeamDatabase, token: str) -> Member:
    """Return the member whose token it is.

    Raises: TeamRefusal (401).
    """
    query = (
        select(MEMBERS)
        .join(TOKENS, TOKENS.c.member == MEMBERS.c.id)
        .where(TOKENS.c.hash == hashed(token), MEMBERS.c.revoked_at.is_(None))
    )
    async with database.reading() as connection:
        found = (await connection.execute(query)).mappings().one_or_none()
    if found is None:
        raise TeamRefusal(
            401, "token", "the token is unknown here or was revoked", "Join again: kehu team join, with a new code."
        )
    return member_of(found)


def member_of(row: RowMapping) -> Member:
    """Return the member that `row` is."""
    return Member(
        id=row["id"],
        name=row["name"],
        role=row["role"],
        user_ids=json.loads(row["user_ids"]),
        revoked=row["revoked_at"] is not None,
        sequence=row["sequence"],
    )


def hashed(secret: str) -> str:
    """Return what is kept of `secret`, which is random and long: no salt and no slowness makes it harder to guess."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def plain_code(typed: str) -> str:
    """Return a code as it is compared: without the hyphens, blanks and case in which it is typed."""
    return "".join(char for char in typed.upper() if char.isalnum())


async def _named(connection: AsyncConnection, name: str) -> RowMapping | None:
    query = select(MEMBERS).where(func.lower(MEMBERS.c.name) == func.lower(name))
    return (await connection.execute(query)).mappings().one_or_none()


async def changed(connection: AsyncConnection, after: int, last: int, limit: int) -> list[tuple[int, str]]:
    """Return members that changed above the sequence `after`, up to `last`: their sequence and their JSON."""
    query = (
        select(MEMBERS)
        .where(MEMBERS.c.sequence > after, MEMBERS.c.sequence <= last)
        .order_by(MEMBERS.c.sequence)
        .limit(limit)
    )
    rows = (await connection.execute(query)).mappings().all()
    return [(row["sequence"], json.dumps(member_of(row).model_dump(), ensure_ascii=False)) for row in rows]


async def _people(context: TeamContext, asked: Asked) -> bytes:
    members = await everybody(context.database)
    return encoded({"items": [member.model_dump() for member in members]})


CALLS = (TeamCall("GET", "/v1/people", "Everybody of the team.", _people, PeopleAnswer),)
