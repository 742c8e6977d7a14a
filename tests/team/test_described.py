"""What the server says of itself: every call is described, and answers what is described."""

from __future__ import annotations

from html import unescape

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from tests.team.served import Served
from tui.model.errors import ConfigError
from tui.team.server.asgi import CALLS
from tui.team.server.engine import TeamDatabase
from tui.team.server.team_tables import METADATA
from tui.team.server.wire_models import StatusAnswer


async def test_every_call_is_described_for_programs_and_for_people(served: Served) -> None:
    document = (await served.nobody.call("GET", "/openapi.json")).json()
    page = unescape((await served.nobody.call("GET", "/docs")).text)
    for call in CALLS:
        path = call.path.replace(":path", "")
        told = document["paths"][path][call.method.lower()]
        assert told["summary"] == call.summary
        assert f"{call.method} {path}" in page
        assert call.handle.__doc__ or call.handle.__name__.startswith("_")
    named = str(document)
    for schema in document["components"]["schemas"]:
        assert f"#/components/schemas/{schema}" in named
    assert "/v1/join" in document["paths"]


async def test_every_answer_says_which_wire_it_speaks(served: Served) -> None:
    rocky = await served.member("rocky")
    for caller, path, status in ((rocky, "/v1/status", 200), (served.nobody, "/v1/status", 401), (rocky, "/x", 404)):
        answer = await caller.call("GET", path)
        assert (answer.status_code, answer.headers["kehu-team-api"]) == (status, "1")
    StatusAnswer.model_validate((await rocky.get("/v1/status")), extra="forbid")
    assert [one["name"] for one in (await rocky.get("/v1/people"))["items"]] == ["rocky"]


async def test_the_steps_make_the_tables_that_statements_name(url: str) -> None:
    database = TeamDatabase(url)
    await database.migrate()
    await database.migrate()

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_servers_that_start_together_make_the_tables_once(empty_url: str, tmp_path: object) -> None:
    import asyncio

    databases = [TeamDatabase(empty_url) for _ in range(3)]
    await asyncio.gather(*(database.migrate() for database in databases))
    async with databases[0].reading() as connection:
        assert await databases[1].team(connection)
    for database in databases:
        await database.close()


async def test_a_database_of_a_newer_kehu_is_left_alone(url: str) -> None:
    database = TeamDatabase(url)
    await database.migrate()
    async with database.writing() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigError, match="newer kehu"):
        await database.migrate()
    await database.close()
