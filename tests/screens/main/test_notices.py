"""What there is to tell about how files opened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pace import first_is_fast
from tests.screens.conftest import OpenApp


@pytest.mark.parametrize("profile", first_is_fast(["demo-juzi", "demo-ima"]))
async def test_a_damaged_file_is_told_of_the_profiles_own_and_of_a_linked_one(
    open_app: OpenApp, data_dir: Path, profile: str
) -> None:
    folder = data_dir / "profiles"
    folder.mkdir(mode=0o700)
    (folder / f"{profile}.db").write_bytes(b"what is this? " * 1000)
    async with open_app() as agent:
        await agent.until("The disk[\\s\\S]*damaged")
        within = "".join(re.findall("│ +(.*?) *│", agent.text))  # a long path goes on in the next line
        assert f"{profile}.db" in within.replace(" ", "")
        await agent.press("escape")
        await agent.until_gone("The disk")
