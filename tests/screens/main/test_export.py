"""What is listed, or marked, written to a file from the desk."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.screens.conftest import OpenApp


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the desk was started."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_the_whole_list_is_written_not_the_page_alone(
    open_app: OpenApp, here: Path, size: tuple[int, int]
) -> None:
    async with open_app(size=size) as agent:
        await agent.until("▌ 李四")
        await agent.press("E")
        await agent.until("all that are listed, on every page")
        await agent.press("enter")
        await agent.until("300 customers written to")
        await agent.press("J")
        await agent.until("export")
    (path,) = here.iterdir()
    assert path.suffix == ".xlsx"
    sheet = load_workbook(path).active
    assert sheet is not None
    assert sheet.max_row == 301


async def test_the_marked_alone_are_written_and_a_file_is_not_written_over(open_app: OpenApp, here: Path) -> None:
    (here / "mine.csv").write_text("mine")
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("space", "space", "E")
        await agent.until("2 marked customers")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("mine.csv")
        await agent.press("enter")
        await agent.until("is there already: name another")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("marked.csv")
        await agent.press("enter")
        await agent.until("2 customers written to")
    assert (here / "mine.csv").read_text() == "mine"
    rows = list(csv.DictReader((here / "marked.csv").read_text("utf-8-sig").splitlines()))
    assert [row["Name"] for row in rows] == ["李四", "王五"]


async def test_what_a_query_lists_is_written_with_its_columns(open_app: OpenApp, here: Path) -> None:
    async with open_app() as agent:
        await agent.until("▌ 李四")
        await agent.press("F")
        await agent.until("owner|Filter|Query")
        await agent.type("remark:张总")
        await agent.press("ctrl+s")
        await agent.until_gone("王五")
        await agent.press("E")
        await agent.until("on every page")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("some")
        await agent.press("enter")
        await agent.until("choose a format")
        await agent.press("ctrl+a", "ctrl+k")
        await agent.type("some.tsv")
        await agent.press("enter")
        await agent.until("written to")
    header, *rows = (here / "some.tsv").read_text("utf-8").splitlines()
    assert header.split("\t")[:2] == ["Id", "Name"]
    assert rows
    assert all("张总" in row for row in rows)
