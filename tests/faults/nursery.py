"""A process that has loaded everything, and forks a child for each run: `python -m tests.faults.nursery`.

Takes one JSON object a line, an `Act`, and answers each with one: how its child ended, and what it told before.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import httpcore
from anyio._backends import _asyncio as anyio_asyncio

from tests.faults.steps import DeadlyTransport, lay_on
from tests.faults.vendor import ADDRESS
from tui.client import http, ima, juzi, useasy
from tui.client.service import ServiceSettings, open_service
from tui.desk.customer_reader import DeskSettings
from tui.desk.desk import Desk
from tui.desk.outbox import queue
from tui.desk.outcome import Delivery, State
from tui.model.customer import FollowEntry, FollowText, Remark
from tui.sandbox.demo import DEMO_ORIGIN, DEMO_PROFILES
from tui.store.pinyin import spellings
from tui.store.store import Store

PROFILES: Final = {"useasy": "demo-useasy", "ima": "demo-ima", "juzi": "demo-juzi"}

LOADED: Final = (juzi, useasy, ima, httpcore, anyio_asyncio)
"""What a desk loads when it needs it: here it is there before the fork."""

TIMEOUT: Final = 0.25
"""Seconds that the desk waits for an answer; the sandbox's stalls are longer."""

LONGEST: Final = 20
"""Seconds after which a child that hangs is ended."""

QUIET: Final = 3.0
"""Seconds that sending again may take in one act; what is left waits for the next."""


@dataclass(frozen=True)
class Act:
    """What one process does."""

    do: str
    """`write`, `start` (as a new desk does) or `resolve` (as a person does in the outbox)."""
    store: str
    address: str
    kind: str
    """`create-useasy`, `update-ima`, `delete`, `remark`, `follow`, …"""
    customer_id: str = ""
    union_id: str = ""
    user_id: str = ""
    value: str = ""
    step: str = ""
    """Where it dies; empty: it lives."""
    arrived: bool = False
    """What a person sees at the vendor: it is there."""

    @property
    def dialect(self) -> str:
        return (
            "ima"
            if self.kind.endswith("ima")
            else "useasy"
            if "useasy" in self.kind or self.kind == "delete"
            else "juzi"
        )


class Nursery:
    """The process, from the side of whoever wants children; `close` it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.faults.nursery"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, act: Act) -> Mapping[str, Any]:
        """Have a child do `act`: whether it was `killed`, and what it `told`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(act)) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


# In the nursery


def main() -> None:
    """Fork a child for each line."""
    queue.RETRY_DELAYS = (0.01, 0.02)  # as fast as a machine, not as patient as a desk
    http.FIRST_WAIT = 0.01
    spellings("李四")  # reads the tables that are shared from then on
    for line in sys.stdin:
        act = Act(**json.loads(line))
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _live(act, writing)
        os.close(writing)
        with open(reading) as pipe:
            told = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        answer: dict[str, Any] = {"killed": code == -signal.SIGKILL, "told": json.loads(told) if told else None}
        if code not in (0, -signal.SIGKILL):
            answer["error"] = f"{act} ended with {code}: {told}"
        print(json.dumps(answer), flush=True)


def _live(act: Act, writing: int) -> None:
    """The child's whole life."""
    code = 1
    try:
        signal.alarm(LONGEST)
        told = asyncio.run(_do(act))
        os.write(writing, json.dumps(told).encode())
        code = 0
    except Exception:  # noqa: BLE001  # the child's last line
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


async def _do(act: Act) -> object:
    desk = open_desk(Path(act.store), act.address, act.dialect, act.step)
    try:
        match act.do:
            case "write":
                return _plain(await _write(desk, act))
            case "start":
                return await _start(desk, act)
            case _:
                return await _decide(desk, act)
    finally:
        await desk.close()


def open_desk(path: Path, address: str, dialect: str, step: str = "") -> Desk:
    """A desk over HTTP, with real files; it dies at `step` of the first write."""
    profile = PROFILES[dialect]
    demo = DEMO_PROFILES[profile]
    settings = ServiceSettings(
        profile=profile,
        dialect=dialect,
        base_url=demo["base_url"].replace(DEMO_ORIGIN, address),
        secret=demo.get("token") or demo["secret"],
        app_id=demo.get("app_id", ""),
        timeout=TIMEOUT,
    )
    store = Store.open(path)
    lay_on(store, step)
    return Desk(
        DeskSettings(profile, dialect, "sandbox", demo["user_id"], "agent", "jump"),
        open_service(settings, DeadlyTransport(step)),
        store,
    )


async def _write(desk: Desk, act: Act) -> Delivery:
    if act.kind.startswith("create"):
        specs = await desk.fields()
        required = {spec.code: spec.choices[0].key if spec.choices else "1" for spec in specs if spec.required}
        return await desk.create({**required, "name": act.value})
    customer = (await desk.customer(act.customer_id)).customer
    match act.kind:
        case "update-useasy":
            return await desk.update(customer, {ADDRESS: act.value})
        case "update-ima":
            return await desk.update(customer, {"description": act.value})
        case "delete":
            return await desk.delete(customer)
        case "remark":
            remark = Remark(customer=customer.id, union_id=act.union_id, user_id=act.user_id, remark=act.value)
            return await desk.remark([remark])
        case _:
            texts = (FollowText(content=act.value),)
            entry = FollowEntry(customer=customer.id, union_id=act.union_id, user_id=act.user_id, texts=texts)
            return await desk.follow([entry])


def _plain(delivery: Delivery) -> Mapping[str, Any]:
    return {"applied": delivery.applied, "waiting": delivery.waiting, "failed": len(delivery.failures)}


async def _start(desk: Desk, act: Act) -> Mapping[str, Any]:
    """Do what a desk does at its start, and wait for what it sends again by itself."""
    changed = asyncio.Event()
    desk.subscribe(changed.set)
    await desk.start()
    try:
        async with asyncio.timeout(QUIET):
            while await _busy(desk):
                changed.clear()
                await changed.wait()
    except TimeoutError:
        pass
    return {}


async def _busy(desk: Desk) -> bool:
    changes = await desk.outbox.items()
    return any(
        change.state in (State.PENDING, State.SENDING) or (change.state is State.UNKNOWN and change.kind == "delete")
        for change in changes
    )


async def _decide(desk: Desk, act: Act) -> Mapping[str, Any]:
    """What a person does who looks at the vendor first: takes for done what is there, and sends the rest again."""
    for change in await desk.outbox.items():
        if act.arrived:
            await desk.outbox.mark_done([change.id])
        else:
            await desk.outbox.retry([change.id])
    return {}


if __name__ == "__main__":
    main()
