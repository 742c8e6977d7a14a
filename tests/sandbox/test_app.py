"""The app around the dialects: addresses, headers, several processes on one file, and what it costs to import."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.sandbox.callers import JuziCaller, UseasyCaller
from tests.sandbox.conftest import Clock, Rows
from tui.sandbox.app import Sandbox, create_app
from tui.sandbox.demo import DEMO_ORIGIN, DEMO_PROFILES


@pytest.mark.parametrize("address", ["/", "/juzi", "/juzi/api/v1/customer/list/", "/useasy/openapi/other", "/nonsense"])
async def test_an_unknown_address_is_a_404(http: httpx.AsyncClient, address: str) -> None:
    assert (await http.get(address)).status_code == 404


async def test_a_known_address_by_another_method_is_a_405(http: httpx.AsyncClient) -> None:
    assert (await http.post("/juzi/api/v1/customer/list")).status_code == 405


async def test_answers_are_json_in_utf_8_with_the_servers_time(http: httpx.AsyncClient) -> None:
    response = await http.get("/juzi/api/v1/customer/list")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["date"] == "Mon, 24 Nov 2025 16:00:00 GMT"


async def test_nothing_is_opened_before_the_first_call_which_seeds_what_is_missing(tmp_path: Path) -> None:
    database = tmp_path / "data" / "sandbox.db"
    sandbox = create_app(database, customers=20)
    assert not database.parent.exists()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), base_url=DEMO_ORIGIN) as http:
        assert (await JuziCaller(http).get("customer/list", current=1, pageSize=10))["total"] == 20
    sandbox.close()
    assert database.exists()


async def test_two_sandboxes_on_one_file_see_each_others_changes_and_lose_none(
    sandbox: Sandbox, database: Path, clock: Clock, rows: Rows
) -> None:
    other = create_app(database, clock=clock)
    callers = []
    for app in (sandbox, other):
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=DEMO_ORIGIN)
        callers.append(UseasyCaller(http, clock))
    added = await asyncio.gather(
        *(caller.add(customerName=f"{n}") for n in range(20) for caller in callers),
    )
    assert len({record["_id"] for record in added}) == 40
    for caller in callers:
        page = (await caller.post("list", {"page": 1, "limit": 40}))["data"]["list"]
        assert {record["_id"] for record in page} == {record["_id"] for record in added}
        await caller.http.aclose()
    other.close()
    assert rows("SELECT sum(live) FROM useasy_block") == rows("SELECT count(*) FROM useasy_customer")


async def test_calls_are_counted_by_address(http: httpx.AsyncClient, sandbox: Sandbox) -> None:
    for _ in range(2):
        await http.get("/juzi/api/v1/tag/list")
    assert (await http.get("/sandbox/calls")).json() == {"calls": {"GET /juzi/api/v1/tag/list": 2}}
    assert sandbox.calls.total() == 2


async def test_a_database_that_fails_is_a_500_with_its_words(tmp_path: Path) -> None:
    database = tmp_path / "sandbox.db"
    database.write_text("not a database at all, but somebody's text")
    sandbox = create_app(database)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), base_url=DEMO_ORIGIN) as http:
        response = await http.get("/juzi/api/v1/tag/list", params={"token": "sandbox-juzi-token"})
    sandbox.close()
    assert response.status_code == 500
    assert "not a database" in response.text


def test_the_demo_profiles_name_each_dialect_once_and_its_credentials() -> None:
    assert {name: profile["dialect"] for name, profile in DEMO_PROFILES.items()} == {
        "demo-juzi": "juzi",
        "demo-useasy": "useasy",
        "demo-ima": "ima",
    }
    for profile in DEMO_PROFILES.values():
        assert profile["base_url"] == f"http://sandbox.localhost/{profile['dialect']}"
        assert "token" in profile or {"app_id", "secret"} <= profile.keys()


def test_the_app_loads_no_server_no_word_lists_and_nothing_else_of_tui() -> None:
    script = (
        "import sys, tui.sandbox.app; print(*[name for name in sys.modules if name.split('.')[0] in "
        "('uvicorn', 'httpx', 'textual', 'rich', 'pydantic', 'click') or name.startswith('tui.')])"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(result.stdout.split())
    assert all(name.startswith("tui.sandbox") for name in loaded), loaded
    assert loaded.isdisjoint(
        {"tui.sandbox.seed", "tui.sandbox.vocabulary", "tui.sandbox.sample_people", "tui.sandbox.serve"}
    )
