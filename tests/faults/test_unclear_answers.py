"""Every answer that is neither a yes nor a coded no, to every kind of write, from the desk and the command line.

Counted at the vendor: nothing is there twice without a person's word, and nothing is called saved, or refused, that is
not known to be.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.loopback import Answer
from tests.faults.misanswering import DIALECTS, KINDS, ONCE, MisansweringVendor, answers_to
from tests.pace import first_is_fast
from tui.cli import main
from tui.client.service import ServiceSettings, open_service
from tui.desk.customer_reader import DeskSettings
from tui.desk.desk import Desk
from tui.desk.outcome import Change, Delivery, State
from tui.model.customer import Customer, FollowEntry, FollowText, Remark
from tui.store.store import Store

SECRET = "a secret of the tests"
SHARES = 4
"""The command line meets every fourth answer with each kind of write, and so every answer with one kind or two."""


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[MisansweringVendor]:
    """A vendor that takes a write and answers it badly."""
    monkeypatch.setattr("tui.client.http.FIRST_WAIT", 0.0)
    vendor = MisansweringVendor()
    vendor.start()
    yield vendor
    vendor.stop()


def customer(number: int) -> Customer:
    return Customer(id=f"c{number}", name="before", union_id=f"u-c{number}")


async def write(desk: Desk, kind: str, number: int, text: str) -> Delivery:
    """A write of `kind` that can be told from all others by its `text`."""
    one = customer(number)
    match kind:
        case "remark":
            return await desk.remark([Remark(customer=one.id, union_id=one.union_id, user_id="rocky", remark=text)])
        case "follow":
            texts = (FollowText(content=text),)
            entry = FollowEntry(customer=one.id, union_id=one.union_id, user_id="rocky", texts=texts)
            return await desk.follow([entry])
        case "delete":
            return await desk.delete(one)
        case "create-useasy" | "create-ima":
            return await desk.create({"name": text})
        case _:
            return await desk.update(one, {"name": text})


def wrong(change: Change | dict[str, Any], name: str, kind: str, text: str, vendor: MisansweringVendor) -> str:
    """What is not as it should be of a change that met the answer `name`; empty where all is well."""
    state = State(change["state"] if isinstance(change, dict) else change.state)
    done, sent = vendor.done[text], vendor.sent[text]
    allowed = {State.UNKNOWN} if kind in ONCE else {State.UNKNOWN, State.PENDING}
    if done and kind not in ("follow", "create-useasy", "create-ima"):
        allowed.add(State.SENT)  # read at the vendor: it is there
    problem = ""
    if kind in ONCE and sent > 1:
        problem = f"sent {sent} times"
    elif state not in allowed:
        problem = f"{state}, and {done} times at the vendor"
    return f"{name}: {problem}" if problem else ""


def text_of(kind: str, number: int) -> str:
    return f"c{number}" if kind == "delete" else f"{kind[:6]} {number}"


@pytest.mark.parametrize("applies", first_is_fast([True, False]), ids=["applied", "not applied"])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_no_answer_proves_is_never_doubled_refused_or_called_saved_by_the_desk(
    vendor: MisansweringVendor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, applies: bool
) -> None:
    dialect = DIALECTS[kind]
    service = open_service(ServiceSettings("team", dialect, vendor.url, SECRET, app_id="1", timeout=5.0))
    desk = Desk(
        DeskSettings("team", dialect, "host", "rocky", "agent", "jump"), service, Store.open(tmp_path / "team.db")
    )
    monkeypatch.setattr(desk.outbox, "send_later", lambda delay=0.0: None)  # its turns are taken below
    vendor.applies = applies
    problems = []
    try:
        for number, (name, told) in enumerate(answers_to(kind).items()):
            vendor.told = told
            text = text_of(kind, number)
            delivery = await write(desk, kind, number, text)
            await desk.outbox._send_all_waiting()  # what the desk does by itself
            (change,) = await desk.journal(limit=1)
            assert delivery.change_ids == (change.id,)
            problems.append(wrong(change, name, kind, text, vendor))
            assert change.message or change.state is State.SENT
            await desk.outbox.discard([change.id])
    finally:
        await desk.close()
    assert list(filter(None, problems)) == []


@pytest.mark.parametrize("applies", first_is_fast([True, False]), ids=["applied", "not applied"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_no_answer_proves_is_never_doubled_refused_or_called_saved_by_the_command_line(
    vendor: MisansweringVendor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    kind: str,
    applies: bool,
) -> None:
    how = 'token = "t"' if DIALECTS[kind] == "juzi" else 'app_id = "1"\nsecret = "s"'
    config = tmp_path / "kehu.toml"
    config.write_text(
        f'[profiles.team]\ndialect = "{DIALECTS[kind]}"\nbase_url = "{vendor.url}"\n{how}\nuser_id = "rocky"\n'
    )
    config.chmod(0o600)
    monkeypatch.setenv("KEHU_CONFIG", str(config))
    monkeypatch.setenv("KEHU_DATA_DIR", str(tmp_path / "data"))
    vendor.applies = applies
    codes: dict[str, int] = {}
    texts: dict[str, str] = {}
    answers = list(answers_to(kind).items())[KINDS.index(kind) % SHARES :: SHARES]
    for number, (name, told) in enumerate(answers):
        vendor.told = told
        texts[name] = text = text_of(kind, number)
        arguments = {
            "remark": ["remark", f"c{number}", "--user", "rocky", "--remark", text],
            "follow": ["follow", f"c{number}", "--user", "rocky", "--text", text],
            "delete": ["delete", f"c{number}", "--yes"],
            "create-useasy": ["add", "--set", f"name={text}"],
            "create-ima": ["add", "--set", f"name={text}"],
        }.get(kind, ["edit", f"c{number}", "--set", f"name={text}"])
        codes[name] = main(arguments)
    capfd.readouterr()
    main(["outbox", "retry", "--waiting", "--failed"])
    capfd.readouterr()
    main(["journal", "--limit", "1000", "--json"])
    changes = sorted(json.loads(capfd.readouterr().out), key=lambda change: change["id"])
    assert len(changes) == len(texts)
    problems = [
        wrong(change, name, kind, text, vendor) for change, (name, text) in zip(changes, texts.items(), strict=True)
    ]
    assert list(filter(None, problems)) == []
    for change, name in zip(changes, texts, strict=True):
        assert codes[name] != 0 or change["state"] == "sent", name
        if kind in ONCE and change["state"] == "unknown":
            assert codes[name] == 8, name
    unknown = [text for change, text in zip(changes, texts.values(), strict=True) if change["state"] == "unknown"]
    if kind in ONCE and unknown:
        vendor.told = Answer({"errcode": 0, "success": True, "code": "200"})
        before = sum(vendor.sent.values())
        assert main(["outbox", "retry", "--unknown"]) == 2, "a person says --yes, or nothing is sent"
        assert sum(vendor.sent.values()) == before
        main(["outbox", "retry", "--unknown", "--yes"])
        assert before < sum(vendor.sent.values()) <= before + len(unknown), "a vendor that makes no sense is let be"
