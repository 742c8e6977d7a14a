"""The desk where the vendor cannot be called: what was seen is there, and what is typed waits for the next start."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.e2e import working
from tests.e2e.conftest import Open
from tests.e2e.test_tcp import CONFIGURATION, CUSTOMERS, served
from tests.pace import slow
from tui.sandbox.seed import seed

pytestmark = slow

TOKEN = 'token_env = "JUZI_TOKEN"'


def test_a_desk_whose_proxy_is_spelt_wrong_shows_what_was_seen_and_sends_what_was_typed_once_it_is_right(
    open_desk: Open, tmp_path: Path
) -> None:
    database, config = tmp_path / "people.db", tmp_path / "kehu.toml"
    seed(database, CUSTOMERS)
    config.touch(mode=0o600)
    with served(database) as told:
        environment = {"KEHU_DATA_DIR": str(tmp_path / "work"), "JUZI_TOKEN": told["juzi"]["token"]}
        right = CONFIGURATION.format(**told)
        config.write_text(right, encoding="utf-8")
        command = [sys.executable, "-m", "tui", "--config", str(config), "list"]
        subprocess.run(command, env=os.environ | environment, check=True, capture_output=True)
        config.write_text(right.replace(TOKEN, f'{TOKEN}\nproxy = "socks4://rocky:geheim@127.0.0.1"'), encoding="utf-8")

        terminal = open_desk("--config", str(config), **environment)
        terminal.wait_for("proxy is socks4://…@127.0.0.1")
        terminal.press("enter")
        terminal.wait_for("▌ .* +WeChat · ")
        terminal.press("f")
        working.type_into(terminal, "Follow-up", "路不通")
        terminal.press("ctrl+s")
        terminal.wait_for("rocky +路不通 +waiting")
        assert "geheim" not in terminal.text
        terminal.press("q")  # leave the customer
        working.quit_desk(terminal, with_drafts=True)
        assert _at_the_vendor(Path(told["database"])) == 0

        config.write_text(right, encoding="utf-8")
        terminal = open_desk("--config", str(config), **environment)
        terminal.wait_for("Nothing waits to be sent any more")
        terminal.press("enter")
        terminal.wait_for("rocky +路不通 +sent")
        terminal.press("q")
        working.quit_desk(terminal)
        assert _at_the_vendor(Path(told["database"])) == 1


def _at_the_vendor(database: Path) -> int:
    """How often the vendor has the follow-up."""
    with closing(sqlite3.connect(database)) as connection:
        question = "SELECT count(*) FROM juzi_follow_history WHERE content = '路不通'"
        count: int = connection.execute(question).fetchone()[0]
        return count
