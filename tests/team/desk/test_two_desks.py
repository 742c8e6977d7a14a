"""Two real desks in two terminals, a real sandbox and a real server of the team between them."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.e2e import working
from tests.e2e.terminal import Terminal
from tests.pace import slow
from tests.team.served import serving
from tui.team.server import people
from tui.team.server.engine import TeamDatabase

pytestmark = slow

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name is short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="kehu-"))
    yield path
    shutil.rmtree(path)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return


class Server(Thread):
    """The team's server, at the Unix socket `path`; `codes` are for colleagues called `names`."""

    def __init__(self, folder: Path, *names: str) -> None:
        super().__init__()
        self._folder = folder
        self._names = names
        self._ready = Event()
        self._loop = asyncio.new_event_loop()
        self._end = asyncio.Event()
        self.path = folder / "team.sock"
        self.codes: list[str] = []

    def run(self) -> None:
        """Serve until it is ended."""
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        url = f"sqlite:///{self._folder / 'team.db'}"
        database = TeamDatabase(url)
        await database.migrate()
        await database.close()
        async with serving(url, self.path) as served:
            for name in self._names:
                self.codes.append((await people.invite(served.database, name, "agent", by="root@host")).code)
            self._ready.set()
            await self._end.wait()

    def __enter__(self) -> Server:
        self.start()
        assert self._ready.wait(60)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self.join()


def test_one_sees_the_others_follow_up_and_claim_appear(folder: Path) -> None:
    sandbox = free_port()
    environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environ |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with ExitStack() as stack:
        server = stack.enter_context(Server(folder, "李", "张三"))
        command = [sys.executable, "-m", "tui", "sandbox", "--port", str(sandbox), "--customers", "200"]
        settings = environ | {"KEHU_DATA_DIR": str(folder / "vendor")}
        vendor = subprocess.Popen(command, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stack.callback(vendor.wait)
        stack.callback(vendor.terminate)
        wait_for_port(sandbox)
        desks = []
        for number, code in enumerate(server.codes):
            home = folder / str(number)
            home.mkdir()
            (home / "config.toml").write_text(
                f"""
                [profiles.shop]
                dialect = "juzi"
                base_url = "http://127.0.0.1:{sandbox}/juzi"
                token_env = "SHOP_TOKEN"
                user_id = "rocky"

                [team]
                url = "unix:{server.path}"
                """
            )
            settings = environ | {
                "KEHU_CONFIG": str(home / "config.toml"),
                "KEHU_DATA_DIR": str(home / "data"),
                "SHOP_TOKEN": "sandbox-juzi-token",
            }
            joined = subprocess.run(
                [sys.executable, "-m", "tui", "team", "join", "--code", "-"],
                input=code,
                capture_output=True,
                text=True,
                env=settings,
                cwd=ROOT,
                check=False,
            )
            assert joined.returncode == 0, joined.stderr
            desks.append(stack.enter_context(Terminal([sys.executable, "-m", "tui"], settings)))
        li, zhang = desks
        for desk in desks:
            desk.wait_for(r"1–\d+ of 200")
            desk.press("enter")
            desk.wait_for("Ids ")
        li.wait_for("张三 is here too")
        zhang.press("f")
        working.type_into(zhang, "Follow-up", "报价已经发给客户")
        zhang.press("ctrl+s")
        zhang.wait_for("✓ Follow-up on")
        li.wait_for("张三 +报价已经发给客户")
        zhang.press("W")
        zhang.wait_for("is yours until")
        li.wait_for("张三 has it until")
        li.press("f")
        li.wait_for("张三 is working on this customer")
        li.press("n")
        li.wait_for("Left to 张三")
