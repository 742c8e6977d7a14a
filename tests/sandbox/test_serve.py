"""The sandbox on a port: one line, real connections that are really closed, and a clean end."""

import asyncio
import json
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from tests.pace import slow
from tests.sandbox.callers import ImaCaller, JuziCaller, UseasyCaller
from tests.sandbox.conftest import Rows
from tui.sandbox.demo import IMA_SECRET, JUZI_TOKEN, USEASY_SECRET
from tui.sandbox.serve import file_for

UNION = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"
FOLLOW = {"follow_list": [{"unionId": UNION, "userId": "rocky", "text": [{"content": "x"}]}]}


class Served(NamedTuple):
    """A sandbox in a process of its own."""

    process: asyncio.subprocess.Process
    line: dict[str, object]

    @property
    def address(self) -> str:
        return str(self.line["address"])

    @property
    def rows(self) -> Rows:
        return Rows(Path(str(self.line["database"])))


async def start(folder: Path, customers: int = 40, *faults: str, port: int = 0) -> Served:
    script = (
        "import sys; from pathlib import Path; "
        "from tui.sandbox.serve import serve; from tui.sandbox.faults import Faults; "
        "serve(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Faults.parse(*sys.argv[4:]))"
    )
    arguments = [str(folder / "sandbox.db"), str(port), str(customers), *faults]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = await process.stdout.readline()
    return Served(process, json.loads(line) if line else {})


async def stop(served: Served, number: signal.Signals = signal.SIGTERM) -> tuple[int | None, bytes, bytes]:
    served.process.send_signal(number)
    rest, errors = await served.process.communicate()
    return served.process.returncode, rest, errors


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    served = await start(tmp_path)
    yield served
    await stop(served)


async def test_the_line_has_address_and_credentials_and_each_dialect_answers_there(served: Served) -> None:
    line = served.line
    assert line["juzi"] == {"base_url": f"{served.address}/juzi", "token": JUZI_TOKEN, "user_id": "rocky"}
    assert isinstance(line["useasy"], dict)
    assert isinstance(line["ima"], dict)
    assert (line["useasy"]["secret"], line["ima"]["secret"]) == (USEASY_SECRET, IMA_SECRET)
    async with httpx.AsyncClient(base_url=served.address) as http:
        assert (await JuziCaller(http).get("customer/list", current=1, pageSize=1))["total"] == 40
        assert (await UseasyCaller(http, time.time).post("list", {}))["success"]
        assert (await ImaCaller(http, time.time).find("customerId", "10000001"))["customer"]["name"] == "李四"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_it_stops_with_0_and_says_nothing_more(tmp_path: Path, number: signal.Signals) -> None:
    served = await start(tmp_path)
    async with httpx.AsyncClient(base_url=served.address) as http:
        await http.get("/sandbox/calls")  # a connection that is kept alive does not keep it up
        assert await stop(served, number) == (0, b"", b"")


async def raw(served: Served, method: str, target: str, body: bytes = b"") -> bytes:
    """Everything that comes back on a connection until it is closed from the other side."""
    host, port = served.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"{method} {target} HTTP/1.1\r\nhost: sandbox\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    async with asyncio.timeout(10):
        received = await reader.read()
    writer.close()
    await writer.wait_closed()
    return received


@pytest.mark.parametrize(("fault", "applied"), [("drop-before", 0), ("drop-after", 1)])
async def test_a_dropped_connection_is_closed_without_a_byte(served: Served, fault: str, applied: int) -> None:
    async with httpx.AsyncClient(base_url=served.address) as http:
        await http.post("/sandbox/faults", json={"faults": [f"{fault}:add_follow:count=1"]})
        target = f"/juzi/api/v1/customer/add_follow?token={JUZI_TOKEN}"
        assert await raw(served, "POST", target, json.dumps(FOLLOW).encode()) == b""
        assert served.rows("SELECT count(*) FROM juzi_follow_history") == [(applied,)]
        assert (await JuziCaller(http).post("customer/add_follow", FOLLOW))["errcode"] == 0
    assert served.rows("SELECT count(*) FROM juzi_follow_history") == [(applied + 1,)]


async def test_a_truncated_answer_promises_more_than_it_brings(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.address) as http:
        whole = await http.get("/juzi/api/v1/tag/list", params={"token": JUZI_TOKEN})
        await http.post("/sandbox/faults", json={"faults": ["truncate:tag/list"]})
        received = await raw(served, "GET", f"/juzi/api/v1/tag/list?token={JUZI_TOKEN}")
        head, _, body = received.partition(b"\r\n\r\n")
        assert f"content-length: {len(whole.content)}".encode() in head
        assert body == whole.content[: len(whole.content) // 2]
        with pytest.raises(httpx.RemoteProtocolError):
            await http.get("/juzi/api/v1/tag/list", params={"token": JUZI_TOKEN})


async def test_faults_can_be_given_at_the_start(tmp_path: Path) -> None:
    served = await start(tmp_path, 40, "html:juzi:count=1", "latency:ima:seconds=0.01")
    async with httpx.AsyncClient(base_url=served.address) as http:
        assert (await http.get("/juzi/api/v1/tag/list")).status_code == 502
    assert (await stop(served))[0] == 0


async def test_the_port_that_is_asked_for_is_taken_or_refused_before_anything_is_seeded(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        served = await start(tmp_path, port=taken.getsockname()[1])
        _, errors = await served.process.communicate()
    assert served.line == {}
    assert served.process.returncode == 1
    assert b"Address already in use" in errors
    assert list(tmp_path.iterdir()) == []


async def test_it_listens_on_loopback_alone(served: Served) -> None:
    assert served.address.startswith("http://127.0.0.1:")


def test_another_number_of_customers_has_a_file_of_its_own() -> None:
    assert file_for(Path("data/sandbox.db"), 5000) == Path("data/sandbox.db")
    assert file_for(Path("data/sandbox.db"), 200) == Path("data/sandbox-200.db")


async def test_what_was_changed_is_still_there_after_a_restart(tmp_path: Path) -> None:
    for expected in (1, 2):
        served = await start(tmp_path)
        async with httpx.AsyncClient(base_url=served.address) as http:
            await JuziCaller(http).post("customer/add_follow", FOLLOW)
        assert (await stop(served))[0] == 0
        assert served.rows("SELECT count(*) FROM juzi_follow_history") == [(expected,)]


@slow
async def test_a_long_seeding_tells_how_far_it_is(tmp_path: Path) -> None:
    served = await start(tmp_path, 10_000)
    status, rest, errors = await stop(served)
    assert (status, rest) == (0, b"")
    assert errors.decode() == "seeding the sandbox: 10,000 of 10,000\n"
