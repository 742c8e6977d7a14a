"""What every call is, for programs (OpenAPI 3.1) and for people (one plain page), made from the calls themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.metadata import version
from typing import Any, Final

from pydantic import BaseModel

from tui.team.server.endpoints import ALL_ROLES, TeamCall
from tui.team.server.wire_models import JoinAnswer, JoinAsked, RefusedWith, Wire

ALWAYS: Final = {
    400: "The call makes no sense: the message says what, and where.",
    401: "There is no token, or it is unknown or revoked.",
    429: "Too many calls: Retry-After says how many seconds to wait.",
    503: "The database cannot be had. It is not known what was done: the call can be repeated.",
}
"""What every call may be refused with."""

_SCHEMAS: Final = "#/components/schemas/{model}"


class ErrorAnswer(Wire):
    """Every refusal."""

    error: RefusedWith


def describe(calls: Sequence[TeamCall]) -> dict[str, Any]:
    """Return the OpenAPI document of `calls`, and of joining."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {
        "/v1/join": {
            "post": {
                "summary": "Use a code, once, for a token.",
                "security": [],
                "requestBody": _content(JoinAsked, schemas),
                "responses": {"200": _content(JoinAnswer, schemas, described="The token."), **_refusals({}, schemas)},
            }
        }
    }
    for call in calls:
        told: dict[str, Any] = {
            "summary": call.summary,
            "parameters": [*_in_path(call), *_in_query(call, schemas)],
            "responses": {
                "200": _content(call.answer, schemas, call.streams or "application/json", call.summary),
                **_refusals(call.refusals, schemas),
            },
        }
        if call.body is not None:
            told["requestBody"] = _content(call.body, schemas)
        if call.roles != ALL_ROLES:
            told["description"] = f"For: {', '.join(call.roles)}."
        paths.setdefault(call.path.replace(":path", ""), {})[call.method.lower()] = told
    return {
        "openapi": "3.1.0",
        "info": {"title": "kehu team", "version": version("kehu"), "description": "A team's one memory."},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _schema(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    """Put `model`, and what it is made of, into `schemas`; a reference to it."""
    found = model.model_json_schema(ref_template=_SCHEMAS)
    schemas.update(found.pop("$defs", {}))
    schemas[model.__name__] = found
    return {"$ref": _SCHEMAS.format(model=model.__name__)}


def _content(
    model: type[BaseModel], schemas: dict[str, Any], kind: str = "application/json", described: str = ""
) -> dict[str, Any]:
    told: dict[str, Any] = {"content": {kind: {"schema": _schema(model, schemas)}}}
    return told | ({"description": described} if described else {"required": True})


def _refusals(own: Mapping[int, str], schemas: dict[str, Any]) -> dict[str, Any]:
    return {
        str(status): _content(ErrorAnswer, schemas, described=text)
        for status, text in sorted({**ALWAYS, **own}.items())
    }


def _in_path(call: TeamCall) -> Iterable[dict[str, Any]]:
    for part in call.path.replace(":path", "").split("/"):
        if part.startswith("{"):
            yield {"name": part.strip("{}"), "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(call: TeamCall, schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if call.query is None:
        return
    found = call.query.model_json_schema(ref_template=_SCHEMAS)
    schemas.update(found.get("$defs", {}))
    for name, schema in found["properties"].items():
        yield {"name": name, "in": "query", "required": name in found.get("required", ()), "schema": schema}


def plain_page(calls: Sequence[TeamCall]) -> str:
    """Return a page that tells every call, without a script and without anything from elsewhere."""
    parts = [_section("POST", "/v1/join", "Use a code, once, for a token. Takes no token.", [("body", JoinAsked)],
                      JoinAnswer, {})]  # fmt: skip
    for call in calls:
        takes = [(where, model) for where, model in (("query", call.query), ("body", call.body)) if model is not None]
        roles = "" if call.roles == ALL_ROLES else f" For: {', '.join(call.roles)}."
        stream = f" A stream of {call.streams}, each:" if call.streams else ""
        parts.append(
            _section(
                call.method,
                call.path.replace(":path", ""),
                call.summary + roles + stream,
                takes,
                call.answer,
                call.refusals,
            )
        )
    refused = "".join(f"<li>{status}: {escape(text)}</li>" for status, text in ALWAYS.items())
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>kehu team</title>"
        "<style>body{font:16px/1.5 system-ui;max-width:50em;margin:2em auto;padding:0 1em}code{white-space:pre-wrap}"
        "td{vertical-align:top;padding-right:1em}</style><h1>kehu team</h1>"
        "<p>JSON in UTF-8; <code>Authorization: Bearer TOKEN</code>; times are epoch seconds. Every write can be "
        'repeated. For programs: <a href="/openapi.json">/openapi.json</a>.'
        f"<p>Any call may be refused, with <code>{{&quot;error&quot;: {{kind, code, message, todo}}}}</code>:"
        f"<ul>{refused}</ul>{''.join(parts)}</html>"
    )


def _section(
    method: str,
    path: str,
    text: str,
    takes: Sequence[tuple[str, type[BaseModel]]],
    answer: type[BaseModel],
    refusals: Mapping[int, str],
) -> str:
    rows = [_fields(f"takes ({where})", model) for where, model in takes] + [_fields("answers", answer)]
    refused = "".join(f"<p>{status}: {escape(reason)}" for status, reason in refusals.items())
    return f"<h2><code>{method} {escape(path)}</code></h2><p>{escape(text)}<table>{''.join(rows)}</table>{refused}"


def _fields(heading: str, model: type[BaseModel]) -> str:
    told = ", ".join(name if field.is_required() else f"[{name}]" for name, field in model.model_fields.items())
    about = (model.__doc__ or "").strip()
    return f"<tr><td>{heading}<td><code>{escape(told) or 'nothing'}</code><br>{escape(about)}"
