"""A call of the team's API: where it is, who may make it, what it takes and what it answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import RowMapping
from starlette.responses import Response

from tui.team.server.engine import TeamDatabase
from tui.team.server.feed import Feed
from tui.team.server.limits import Limits
from tui.team.server.wire_models import Member, TeamRefusal

ALL_ROLES: Final = ("agent", "lead", "auditor")

JSON_TYPE: Final = "application/json; charset=utf-8"

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class TeamContext:
    """What answering a call needs."""

    database: TeamDatabase
    limits: Limits
    feed: Feed


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it came in, read."""

    member: Member
    """Whose token it has."""
    query: Any
    """The model that the call names for its query; likewise its body."""
    body: Any
    path: Mapping[str, str]


Handler = Callable[[TeamContext, Asked], Awaitable["bytes | Response"]]


@dataclass(frozen=True, slots=True)
class TeamCall:
    """One call; `openapi` describes it from this."""

    method: str
    path: str
    """With `{names}` of its parts."""
    summary: str
    handle: Handler
    answer: type[BaseModel]
    """What it answers, with 200."""
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    roles: tuple[str, ...] = ALL_ROLES
    refusals: Mapping[int, str] = field(default_factory=dict)
    """What it may be refused with, beyond what every call may."""
    streams: str = ""
    """The content type, where the answer is a stream of what `answer` describes."""


def read(model: type[M], value: object, where: str) -> M:
    """Return `value`, which stood `where`, as `model`.

    Raises: TeamRefusal (400), naming the first thing that is wrong, without repeating it.
    """
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise malformed(error, where) from None


def malformed(error: ValidationError, where: str) -> TeamRefusal:
    """Return the refusal of what `error` found wrong, `where` it stood; a value is not told, it may be anything."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"])) or where
    return TeamRefusal(400, "malformed", f"{where}: {place[:100]}: {first['msg']}", "See /docs for what it takes.")


def encoded(value: object) -> bytes:
    """Return `value` as the JSON of an answer."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def entry_json(row: RowMapping) -> str:
    """Return an entry as JSON, with the body as it was stored."""
    facts = {name: value for name, value in row.items() if name not in ("body", "digest")}
    return f'{json.dumps(facts, ensure_ascii=False, separators=(",", ":"))[:-1]},"body":{row["body"]}}}'


def page(items: Sequence[str], **facts: object) -> bytes:
    """Return an answer of `items`, which are JSON already, and `facts`."""
    rest = "".join(f",{json.dumps(name)}:{json.dumps(value)}" for name, value in facts.items())
    return f'{{"items":[{",".join(items)}]{rest}}}'.encode(errors="replace")
