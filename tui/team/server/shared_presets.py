"""Views and templates that are there for all. Whoever made one, or a lead, changes it or takes it away."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tui.team.server.endpoints import Asked, TeamCall, TeamContext, encoded, read
from tui.team.server.entries import stored
from tui.team.server.team_tables import MEMBERS, PRESETS
from tui.team.server.wire_models import (
    PresetAsked,
    PresetPath,
    PresetRemoved,
    PresetRow,
    PresetsAnswer,
    PresetsAsked,
    TeamRefusal,
)

Row = dict[str, Any]


async def put(context: TeamContext, asked: Asked) -> bytes:
    """Make a preset, or change it, unless somebody changed it meanwhile."""
    wanted: PresetAsked = asked.body
    body = stored(wanted.body)
    if (size := len(body.encode())) > context.limits.preset_bytes:
        raise TeamRefusal(413, "too_large", f"it has {size} bytes", f"It has at most {context.limits.preset_bytes}.")
    return await _change(context, asked, body, wanted.revision)


async def remove(context: TeamContext, asked: Asked) -> bytes:
    """Take a preset away."""
    wanted: PresetRemoved = asked.query
    return await _change(context, asked, None, wanted.revision)


async def _change(context: TeamContext, asked: Asked, body: str | None, revision: int) -> bytes:
    path = read(PresetPath, asked.path, "path")
    database, me = context.database, asked.member
    async with database.writing() as connection:
        sequence, now = await database.take(connection)
        there = await _one(connection, path)
        mark = {"author": me.id, "changed_at": now, "sequence": sequence}
        if there is None:
            if revision or body is None:
                raise TeamRefusal(404, "none", "there is no such preset")
            new = insert(PRESETS).values(kind=path.kind, name=path.name, body=body, revision=1, **mark)
            await connection.execute(new)
        else:
            value = None if body is None else json.loads(body)
            if there["body"] == value and there["revision"] == revision + 1 and there["author"] == me.id:
                return encoded(there)  # the answer was lost, and it is asked for once more
            gone = there["body"] is None
            if there["author"] != me.id and me.role != "lead" and not gone:
                raise TeamRefusal(403, "owner", f"this is {there['author_name']}'s", "Save it under another name.")
            if there["revision"] != revision and not (gone and revision == 0):
                raise TeamRefusal(
                    409, "revision", "somebody changed it meanwhile", "Look at it again.", facts={"current": there}
                )
            await connection.execute(
                update(PRESETS)
                .where(PRESETS.c.kind == path.kind, PRESETS.c.name == path.name)
                .values(body=body, revision=there["revision"] + 1, **mark)
            )
        await database.announce(connection)
        answer = await _one(connection, path)
    context.feed.wake()
    return encoded(answer)


async def listed(context: TeamContext, asked: Asked) -> bytes:
    """Answer the presets that are there."""
    wanted: PresetsAsked = asked.query
    query = _rows().where(PRESETS.c.body.is_not(None)).order_by(PRESETS.c.kind, PRESETS.c.name)
    if wanted.kind is not None:
        query = query.where(PRESETS.c.kind == wanted.kind)
    async with context.database.reading() as connection:
        rows = (await connection.execute(query)).mappings().all()
    return encoded({"items": [_row(row) for row in rows]})


def _rows() -> Select[Any]:
    return select(PRESETS, MEMBERS.c.name.label("author_name")).join(MEMBERS, MEMBERS.c.id == PRESETS.c.author)


def _row(row: Any) -> Row:
    return {**row, "body": None if row["body"] is None else json.loads(row["body"])}


async def _one(connection: AsyncConnection, path: PresetPath) -> Row | None:
    query = _rows().where(PRESETS.c.kind == path.kind, PRESETS.c.name == path.name)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else _row(row)


async def changed(connection: AsyncConnection, after: int, last: int, limit: int) -> list[tuple[int, str]]:
    """Return presets that changed above the sequence `after`, up to `last`: their sequence and their JSON."""
    query = (
        _rows().where(PRESETS.c.sequence > after, PRESETS.c.sequence <= last).order_by(PRESETS.c.sequence).limit(limit)
    )
    rows = (await connection.execute(query)).mappings().all()
    return [(row["sequence"], json.dumps(_row(row), ensure_ascii=False)) for row in rows]


_CHANGED = {
    403: "It is a colleague's, and you are no lead.",
    404: "There is none.",
    409: "Somebody changed it meanwhile: `current` is how it is.",
}

CALLS = (
    TeamCall(
        "GET", "/v1/presets", "Views and texts that are there for all.", listed, PresetsAnswer, query=PresetsAsked
    ),
    TeamCall(
        "PUT",
        "/v1/presets/{kind}/{name:path}",
        "Make a preset, or change it.",
        put,
        PresetRow,
        body=PresetAsked,
        refusals=_CHANGED,
    ),
    TeamCall(
        "DELETE",
        "/v1/presets/{kind}/{name:path}",
        "Take a preset away.",
        remove,
        PresetRow,
        query=PresetRemoved,
        refusals=_CHANGED,
    ),
)
