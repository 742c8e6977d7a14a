"""A team on the desk's screen: what colleagues did, who is there, whose a customer is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.screens.conftest import OpenApp, data_dir, open_app
from tests.screens.driving import Agent
from tests.team.desk.conftest import is_up
from tests.team.desk.fake_server import ZHANG, FakeTeam, serving
from tui.app.team import keep_token
from tui.model.journal_entry import new_ids
from tui.team.desk_team import DeskTeam

__all__ = ["data_dir", "open_app"]

SOURCE = "juzi:sandbox"


@pytest.fixture(scope="session")
def seeded(seeded_with: Callable[[int], Path]) -> Path:
    """A sandbox database that no test writes to."""
    return seeded_with(300)


@pytest.fixture
async def server(folder: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeTeam]:
    """A server whose member this user is."""
    url = f"unix:{folder / 'team.sock'}"
    file = folder / "config.toml"
    file.write_text(f'[team]\nurl = "{url}"\n')
    monkeypatch.setenv("KEHU_CONFIG", str(file))
    monkeypatch.setattr("tui.app.team._into_keyring", lambda _url, _token: False)
    monkeypatch.setattr("tui.app.team._from_keyring", lambda _url: "")
    keep_token(url, "secret-token", data_dir)
    team = FakeTeam()
    async with serving(team, folder / "team.sock"):
        yield team


def entry(customer: str, text: str, **changed: Any) -> dict[str, Any]:
    """A follow-up as a colleague's desk sends it."""
    (id, uid) = new_ids(2, 1_790_000_000.0)
    body = {"change": uid, "state": "sent", "user_id": "zhang", "created_at": 1_790_000_000.0}
    body["request"] = {"user_id": "zhang", "texts": [{"content": text}]}
    row = {"id": id, "source": SOURCE, "customer": customer, "kind": "follow", "at": 1_790_000_000.0, "body": body}
    return row | changed


@asynccontextmanager
async def opened(open_app: OpenApp) -> AsyncIterator[tuple[Agent, str]]:
    """The desk with its first customer open, whose id is told."""
    async with open_app() as agent:
        await agent.press("enter")
        await agent.until("Ids ")
        main = agent.app.screen
        id = main.customer_pane.customer_id  # type: ignore[attr-defined]
        assert isinstance(id, str)
        yield agent, id


async def test_a_colleagues_follow_up_appears_while_the_customer_is_open(server: FakeTeam, open_app: OpenApp) -> None:
    async with opened(open_app) as (agent, id):
        await _up(agent)
        server.write(entry(id, "同事刚打过电话"))
        await agent.until("同事刚打过电话")
        await agent.until("张三")


async def test_what_colleagues_did_before_is_read_when_the_customer_is_opened(
    server: FakeTeam,
    open_app: OpenApp,
) -> None:
    async with open_app() as agent:
        await _up(agent)
        main = agent.app.screen
        id = main.list_pane.row.id  # type: ignore[attr-defined]
        server.entries["old"] = {
            **entry(id, "上周聊过"),
            "author": "m-zhang",
            "author_name": "张三",
            "union_id": None,
            "sequence": 1,
        }
        await agent.press("enter")
        await agent.until("上周聊过")


async def test_who_else_is_there_and_whose_a_customer_is_stands_in_the_pane(
    server: FakeTeam,
    open_app: OpenApp,
) -> None:
    server.others = [{"member": "m-zhang", "name": "张三", "doing": "open", "since": 0}]
    async with opened(open_app) as (agent, id):
        await agent.until("张三 is here too")
        server.claim(SOURCE, id, ZHANG)
        await agent.until("张三 has it until")
        await agent.press("f")
        await agent.until("张三 is working on this customer. Go on all the same?")
        await agent.press("n")
        await agent.until("Left to 张三")


async def test_a_key_claims_the_customer_and_gives_it_back(server: FakeTeam, open_app: OpenApp) -> None:
    async with opened(open_app) as (agent, id):
        await _up(agent)
        await agent.press("W")
        await agent.until("is yours until")
        await agent.until("yours until")
        assert server.claims[SOURCE, id]["holder"] == "m-rocky"
        await agent.press("W")
        await agent.until("anybody's again")
        assert server.claims[SOURCE, id]["holder"] == ""


async def test_a_claim_of_a_colleague_refuses_ours_by_name(server: FakeTeam, open_app: OpenApp) -> None:
    async with opened(open_app) as (agent, id):
        await _up(agent)
        server.claim(SOURCE, id, ZHANG)
        await agent.press("W")
        await agent.until("张三 has claimed this customer")


async def test_what_a_colleague_sends_is_text_and_no_escape_sequence_nor_markup(
    server: FakeTeam,
    open_app: OpenApp,
) -> None:
    async with opened(open_app) as (agent, id):
        await _up(agent)
        server.write(entry(id, "\x1b[31m红\x1b]0;title\x07[bold]不是标记[/bold]"))
        await agent.until(r"\[bold\]不是标记\[/bold\]")
        for broken in ({"request": {"texts": "x"}}, {"request": None}, {"state": 7}, {"created_at": "x"}):
            bad = entry(id, "坏的")
            server.write(bad | {"body": bad["body"] | broken})
        server.write(entry(id, "后面的还在"))
        await agent.until("后面的还在")


async def _up(agent: Agent) -> None:
    """Wait until the desk hears its team."""
    team = agent.desk.team
    assert isinstance(team, DeskTeam)
    await is_up(team)
