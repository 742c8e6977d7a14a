"""The desk with keys of the configuration's own, good ones and others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pace import BOTH_SIZES
from tests.screens.conftest import OpenApp


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration's file, which is the one in use."""
    file = tmp_path / "kehu.toml"
    monkeypatch.setenv("KEHU_CONFIG", str(file))
    return file


@BOTH_SIZES
async def test_the_desk_opens_with_the_good_keys_and_names_the_others_at_once(
    open_app: OpenApp, configure: Path, size: tuple[int, int]
) -> None:
    configure.write_text('[keys]\nedit = "ctl+x"\nremark = "f6"\nform.nxt = "f7"\nfollow = "c"\n', encoding="utf-8")
    async with open_app("demo-juzi", size=size, opened="Keys of the configuration") as agent:
        for name in ("edit", "form.nxt", "follow"):
            assert f"keys.{name} " in agent.text
        await agent.press("escape")
        await agent.until("▌ 李四")
        await agent.until("f6 remark")
        await agent.press("f6")
        await agent.until("Remark on 李四")


async def test_a_command_without_a_key_is_in_no_footer_and_the_help_says_so(open_app: OpenApp, configure: Path) -> None:
    configure.write_text('[keys]\nedit = []\nprofile = "j"\nhelp = "f1"\n', encoding="utf-8")
    async with open_app("demo-useasy", size=(160, 36)) as agent:
        await agent.until("▌ 李四")
        await agent.until("j profile")
        assert " edit" not in agent.text.splitlines()[-1]
        await agent.press("j")
        await agent.until("Profile")
        await agent.press("escape", "e", "f1")
        await agent.until("next row; past the last one")
        assert "Edit 李四" not in agent.text
        await agent.press("pagedown", "pagedown")
        await agent.until("– +edit the customer's fields")
