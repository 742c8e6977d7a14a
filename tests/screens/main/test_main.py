"""The main screen: paging, reading, searching, and what a vendor cannot do."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.pace import first_is_fast, slow
from tests.screens.conftest import OpenApp
from tui.desk.outcome import Listing
from tui.model.customer import Query
from tui.model.errors import NetworkError
from tui.screens.main.commands import COMMANDS
from tui.screens.main.main_screen import MainScreen


async def test_the_first_page_and_the_first_customer_are_there(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until(r"1–100 of 300 .*· all")
        await agent.until("▌ 李四 +张总 +张三")
        await agent.until("Followed by +张三 rocky")


async def test_pages_turn_by_key_and_past_the_last_row(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("n")
        await agent.until("101–200 of 300")
        await agent.press("p")
        await agent.until("1–100 of 300")
        await agent.press("p")
        await agent.until("This is the first page")
        await agent.press("G", "j")
        await agent.until("101–200 of 300")
        await agent.press("k")
        await agent.until("1–100 of 300")


@slow
async def test_many_quick_turns_make_few_requests(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        desk = screen.desk
        calls: list[int] = []
        listing = desk.listing

        async def counted(query: Query) -> Listing:
            calls.append(query.page)
            return await listing(query)

        desk.listing = counted  # type: ignore[method-assign]  # what goes to the vendor is what is counted
        await agent.press(*["n", "p"] * 10, "n")
        await agent.until("101–200 of 300")
        await agent.until_gone("loading")
        assert len(calls) <= 3, calls


async def test_a_page_is_gone_to_by_its_number(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("colon")
        await agent.until("Page, 1–3")
        await agent.type("9")
        await agent.press("enter")
        await agent.until("9 is no page")
        await agent.press("backspace", "3", "enter")
        await agent.until("201–300 of 300")


@pytest.mark.parametrize(
    ("typed", "found"), first_is_fast([("lisi", "李四"), ("欧阳", "欧阳雪莹"), ("王经理", "王五")], several=True)
)
async def test_the_search_finds_while_typing(open_app: OpenApp, typed: str, found: str) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("slash")
        await agent.type(typed)
        await agent.until(r"\d+ found")
        await agent.until(f"▌ {found}|  {found}")
        await agent.press("escape")
        await agent.until("1–100 of 300")


@slow
async def test_the_search_line_moves_the_list_down_and_no_column_aside(open_app: OpenApp) -> None:
    async with open_app(size=(80, 24)) as agent:
        before = (await agent.until("Name .*")).strip()
        await agent.press("slash")
        await agent.until("name, pinyin, phone")
        assert (await agent.until("Name .*")).strip() == before


@slow
async def test_over_ssh_a_search_waits_for_the_typing_to_rest(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    async with open_app() as agent:
        await agent.press("slash")
        await agent.type("lisi")
        await agent.until(r"\d+ found")
        await agent.press("escape")
        monkeypatch.setattr("tui.screens.main.list_pane.TYPING_RESTS", 3600)
        await agent.press("slash")
        await agent.type("lisi")
        await agent.until("1–100 of 300")
        assert "found" not in agent.text
        await agent.press("tab")  # opens nobody: whoever stands there was not searched for
        await agent.press("enter")
        await agent.until(r"\d+ found")
        await agent.press("escape")
        await agent.until("1–100 of 300")
        await agent.press("down", "down")
        await agent.until("▌ Ann Lee")


@slow
async def test_a_search_goes_on_at_the_vendor_before_the_typing_rests(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    monkeypatch.setattr("tui.screens.main.list_pane.TYPING_RESTS", 3600)
    async with open_app("demo-useasy") as agent:
        await agent.press("slash")
        await agent.type("qqqzzz")
        await agent.press("ctrl+r")
        await agent.until("Value +qqqzzz")


@slow
async def test_without_ssh_a_search_waits_for_nothing(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.main.list_pane.TYPING_RESTS", 3600)
    async with open_app() as agent:
        await agent.press("slash")
        await agent.type("lisi")
        await agent.until(r"\d+ found")


@slow
async def test_a_search_that_finds_nobody_says_what_to_do(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("slash")
        await agent.type("qqqzzz")
        await agent.until("Nobody seen here matches")
        await agent.until("ctrl\\+g looks one customer up")


async def test_a_search_goes_on_at_the_vendor_with_what_was_typed(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.press("slash")
        await agent.type("qqqzzz")
        await agent.until("ctrl\\+r searches at the vendor")
        await agent.press("ctrl+r")
        await agent.until("Field +客户名字")
        await agent.until("Value +qqqzzz")
        await agent.press("escape", "ctrl+g")
        await agent.until("Look up[^`]*qqqzzz")


async def test_a_search_and_two_enters_in_one_packet_open_whom_it_finds(open_app: OpenApp) -> None:
    async with open_app() as agent:
        for key in ("slash", *"lisi", "enter", "enter"):
            agent.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await agent.until("Ids +wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg")
        await agent.until(r"\d+ found")


@slow
async def test_results_are_turned_like_pages(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("n")
        await agent.until("101–200 of 300")
        await agent.press("n")
        await agent.until("201–300 of 300")
        await agent.press("slash")
        await agent.type("z")
        await agent.until("first 100 found")
        await agent.press("down", "n")
        await agent.until("101–200 found")
        await agent.press("n")
        await agent.until("201–2.. found")
        await agent.press("n")
        await agent.until("This is the last page")
        await agent.press("p", "p")
        await agent.until("first 100 found")
        await agent.press("escape")
        await agent.until("201–300 of 300")


async def test_what_the_vendor_cannot_do_says_why(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until(r"\(c create\)")
        await agent.press("c")
        await agent.until("No create here: juzi has no such call")


@slow
async def test_the_vendors_own_record_is_shown_on_a_key(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("v")
        await agent.until('"externalUserId"')
        await agent.press("escape")
        await agent.until_gone('"externalUserId"')


async def test_contacts_are_hidden_and_shown(open_app: OpenApp) -> None:
    async with open_app("demo-useasy") as agent:
        await agent.until("li.1@example.com")
        await agent.press("m")
        await agent.until_gone("li.1@example.com")
        await agent.until(r"l\*\*\*\*@example.com")
        await agent.press("m")
        await agent.until("li.1@example.com")


async def test_a_small_terminal_shows_one_pane_at_a_time(open_app: OpenApp) -> None:
    async with open_app(size=(80, 24)) as agent:
        await agent.until("▌ 李四")
        assert "Followed by" not in agent.text
        await agent.press("enter")
        await agent.until("Followed by")
        assert "1–100 of 300" not in agent.text
        await agent.press("q")
        await agent.until("1–100 of 300")


@slow
async def test_any_size_and_back_is_drawn_whole(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("Followed by")
        before = agent.text
        for width, height in ((20, 5), (200, 60), (80, 24), (120, 36)):
            await agent.resize(width, height)
        await agent.until("Followed by")
        assert agent.text == before


def test_no_two_commands_have_one_key() -> None:
    keys = [key for command in COMMANDS for key in command.keys.split(",")]
    assert [key for key in keys if keys.count(key) > 1] == []


async def test_help_lists_every_command(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("question_mark")
        await agent.until("next row; past the last one, the next page")
        await agent.press("q")
        await agent.until_gone("next row; past")


async def test_the_language_changes_on_a_key(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("ctrl+t")
        await agent.until("第 1–100 位，共 300 位")
        await agent.until("跟进人")
        await agent.press("ctrl+t")
        await agent.until("1–100 of 300")


@slow
async def test_the_palette_runs_a_command_by_its_name(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.press("ctrl+p")
        await agent.until("type to filter")
        await agent.type("own record")
        await agent.press("enter")
        await agent.until('"externalUserId"')


async def test_ima_says_that_it_has_no_list_and_looks_customers_up(open_app: OpenApp) -> None:
    async with open_app("demo-ima") as agent:
        await agent.until("This vendor has no list")
        await agent.press("L")
        await agent.until("Look up")
        await agent.type("li.1@example.com")
        await agent.until("e-mail · Enter asks")
        await agent.press("enter")
        await agent.until("Found 李四")
        await agent.press("q")
        await agent.until("1 known here")


@slow
async def test_a_customer_that_was_looked_up_has_the_cursor(open_app: OpenApp) -> None:
    async with open_app("demo-ima") as agent:
        for number, (address, name) in enumerate(
            (("li.1@example.com", "李四"), ("ann.lee.3@example.com", "Ann Lee")), 1
        ):
            await agent.press("L")
            await agent.until("Look up")
            await agent.type(address)
            await agent.press("enter")
            await agent.until(f"Found {name}")
            await agent.press("q")
            await agent.until(f"{number} known here")
            await agent.until(f"\n ▌ {name} ")


async def test_a_list_that_cannot_be_read_stays_and_says_so(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        screen = agent.app.screen
        assert isinstance(screen, MainScreen)
        desk, listing = screen.desk, screen.desk.listing

        async def refused(query: Query) -> Listing:
            raise NetworkError("the line is down", todo="Look at the cable.")

        desk.listing = refused  # type: ignore[method-assign]  # there is no line that could be cut
        await agent.press("R")
        await agent.until("sandbox · offline")
        await agent.until("✗ the line is down. Look at the cable.")
        await agent.until("▌ 李四")
        desk.listing = listing  # type: ignore[method-assign]  # the line is back
        await agent.press("R")
        await agent.until(r"sandbox · \d+ ms")


@slow
async def test_the_filter_lists_one_owners(open_app: OpenApp) -> None:
    async with open_app() as agent:
        await agent.until("1–100 of 300")
        await agent.press("ctrl+r")
        await agent.until("Which customers")
        await agent.type("rocky")
        await agent.press("enter", "ctrl+s")
        await agent.until("· rocky")
        await agent.press("escape")
        await agent.until(r"300 .*· all")


@pytest.mark.parametrize(
    ("mouse", "told"), [("false", "The mouse is left to your terminal"), ("true", "kehu has the mouse")]
)
async def test_the_help_says_whose_the_mouse_is(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mouse: str, told: str
) -> None:
    file = tmp_path / "kehu.toml"
    file.write_text(f"mouse = {mouse}\n")
    monkeypatch.setenv("KEHU_CONFIG", str(file))
    async with open_app() as agent:
        await agent.press("question_mark", "end")
        await agent.until(told)
