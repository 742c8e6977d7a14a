"""Every fault: what the caller sees, and whether the call was applied."""

import asyncio
import json

import httpx
import pytest

from tests.sandbox.callers import ImaCaller, JuziCaller, UseasyCaller
from tests.sandbox.conftest import Rows
from tui.sandbox.app import Sandbox
from tui.sandbox.faults import Dropped, FaultKind, Faults, InjectedFault

UNION = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"
FOLLOW = {"follow_list": [{"unionId": UNION, "userId": "rocky", "text": [{"content": "x"}]}]}
ADDRESS = "/juzi/api/v1/customer/add_follow"


async def follow(http: httpx.AsyncClient) -> httpx.Response:
    return await http.post(ADDRESS, params={"token": "sandbox-juzi-token"}, json=FOLLOW)


def applied(rows: Rows) -> int:
    ((count,),) = rows("SELECT count(*) FROM juzi_follow_history")
    assert isinstance(count, int)
    return count


@pytest.mark.parametrize(("fault", "count"), [("drop-before", 0), ("drop-after", 1), ("truncate", 1)])
async def test_a_drop_raises_in_process_and_strikes_as_often_as_it_is_told(
    http: httpx.AsyncClient, sandbox: Sandbox, rows: Rows, fault: str, count: int
) -> None:
    sandbox.faults.set([InjectedFault.parse(f"{fault}:add_follow:count=1")])
    with pytest.raises(Dropped):
        await follow(http)
    assert applied(rows) == count
    assert (await follow(http)).json()["errcode"] == 0
    assert applied(rows) == count + 1


async def test_garbage_is_applied_and_is_not_json(http: httpx.AsyncClient, sandbox: Sandbox, rows: Rows) -> None:
    sandbox.faults.set([InjectedFault.parse("garbage")])
    response = await follow(http)
    assert response.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        response.json()
    assert applied(rows) == 1


async def test_a_gateways_page_is_html_and_nothing_was_applied(
    http: httpx.AsyncClient, sandbox: Sandbox, rows: Rows
) -> None:
    sandbox.faults.set([InjectedFault.parse("html")])
    response = await follow(http)
    assert (response.status_code, response.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert response.text.startswith("<html>")
    assert applied(rows) == 0


async def test_a_status_can_ask_to_come_back_later(http: httpx.AsyncClient, sandbox: Sandbox, rows: Rows) -> None:
    sandbox.faults.set([InjectedFault.parse("status:add_follow:status=429,retry_after=2,message=slow down")])
    response = await follow(http)
    assert (response.status_code, response.headers["retry-after"], response.text) == (429, "2", "slow down")
    sandbox.faults.set([InjectedFault.parse("status")])
    assert (await follow(http)).status_code == 500
    assert applied(rows) == 0


async def test_an_error_code_comes_in_each_vendors_own_envelope(
    juzi: JuziCaller, useasy: UseasyCaller, ima: ImaCaller, sandbox: Sandbox
) -> None:
    sandbox.faults.set(
        [
            InjectedFault.parse("code:/juzi:code=45009,message=api freq out of limit"),
            InjectedFault.parse("code:/useasy:code=500,message=busy"),
            InjectedFault.parse("code:PUT /ima:code=21116,message=非法的公司类型"),
        ]
    )
    assert await juzi.get("tag/list") == {"errcode": 45009, "errmsg": "api freq out of limit"}
    answer = await useasy.post("list", {})
    assert answer == {"success": False, "code": "500", "message": "busy", "data": None, "traceId": answer["traceId"]}
    assert await ima.call("PUT", body={}, customerId="10000001") == {
        "code": "21116",
        "message": "非法的公司类型",
        "data": None,
    }
    assert (await ima.call("GET", "/field/define"))["code"] == "10000"


async def test_a_refused_credential_is_told_before_an_error_code(juzi: JuziCaller, sandbox: Sandbox) -> None:
    sandbox.faults.set([InjectedFault.parse("code::code=45009")])
    assert (await juzi.get("tag/list", token="wrong"))["errcode"] == 40014


async def test_every_nth_item_is_refused_across_calls_and_the_others_are_applied(
    juzi: JuziCaller, sandbox: Sandbox, rows: Rows
) -> None:
    sandbox.faults.set(
        [InjectedFault.parse("refuse:add_follow:every=20"), InjectedFault.parse("refuse:set_remark:every=3,code=45009")]
    )
    items = [{"unionId": UNION, "userId": "rocky", "text": [{"content": str(n)}]} for n in range(1, 61)]
    failed = [
        item
        for batch in (items[:30], items[30:])
        for item in (await juzi.post("customer/add_follow", {"follow_list": batch}))["fail_list"]
    ]
    assert failed == [items[19], items[39], items[59]]
    assert applied(rows) == 57
    remarks = [{"unionId": UNION, "userId": "rocky", "remark": f"r{n}"} for n in range(1, 5)]
    (refused,) = (await juzi.post("customer/set_remark", {"remark_list": remarks}))["fail_list"]
    assert refused == {**remarks[2], "errcode": "45009", "errmsg": refused["errmsg"]}


async def test_a_call_that_is_given_up_while_it_waits_was_not_applied(
    http: httpx.AsyncClient, sandbox: Sandbox, rows: Rows
) -> None:
    sandbox.faults.set([InjectedFault.parse("latency:add_follow:seconds=60")])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await follow(http)
    assert applied(rows) == 0


async def test_a_stalled_call_is_applied_long_before_its_answer(
    http: httpx.AsyncClient, sandbox: Sandbox, rows: Rows
) -> None:
    sandbox.faults.set([InjectedFault.parse("stall:add_follow:seconds=60")])
    call = asyncio.create_task(follow(http))
    async with asyncio.timeout(30):
        while not applied(rows):
            await asyncio.sleep(0.01)
    assert not call.done()
    call.cancel()


async def test_faults_are_set_shown_and_ended_over_the_control_route(http: httpx.AsyncClient) -> None:
    texts = ["drop-after:add_follow:count=1", "status:PUT /ima:every=2,status=503", "latency::seconds=0.001"]
    answer = (await http.post("/sandbox/faults", json={"faults": texts})).json()
    assert answer == {"faults": [{"fault": text, "struck": 0} for text in texts]}
    with pytest.raises(Dropped):
        await follow(http)
    assert [row["struck"] for row in (await http.get("/sandbox/faults")).json()["faults"]] == [1, 0, 1]
    assert (await http.post("/sandbox/faults", json={"faults": []})).json() == {"faults": []}
    assert (await follow(http)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"faults": ["explode"]}', b'{"faults": [1]}', b'{"faults": 1}'])
async def test_a_fault_that_is_none_is_refused_and_the_others_stay(
    http: httpx.AsyncClient, sandbox: Sandbox, body: bytes
) -> None:
    sandbox.faults.set([InjectedFault.parse("html")])
    response = await http.post("/sandbox/faults", content=body)
    assert response.status_code == 400
    assert response.json()["error"]
    assert sandbox.faults.report() == [{"fault": "html::status=502", "struck": 0}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("explode", "unknown fault 'explode'"),
        ("drop-after:x:often=1", "unknown option 'often'"),
        ("drop-after:x:count=many", "'many' in .* is not a number"),
        ("drop-after:x:count=0", "at least 1"),
        ("drop-after:x:every=0", "at least 1"),
        ("latency::seconds=-1", "at least 0"),
    ],
)
def test_a_fault_that_cannot_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Faults.parse(text)


def test_a_fault_is_written_as_it_was_read() -> None:
    for kind in FaultKind:
        fault = InjectedFault.parse(f"{kind.value}:PUT /ima:count=2,every=3,seconds=0.5,status=503,code=7,message=no")
        assert InjectedFault.parse(str(fault)) == fault


def test_every_second_call_is_struck_until_the_count_is_spent() -> None:
    faults = Faults.parse("drop-before:list:every=2,count=2")
    struck = [bool(faults.strike("GET /juzi/api/v1/customer/list")) for _ in range(7)]
    assert struck == [False, True, False, True, False, False, False]
    assert faults.strike("GET /juzi/api/v1/customer/detail") == {}
