"""JuziBot's and WeCom's result codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import DONE, remark
from tests.client.juzi.samples import LIST as LIST_SAMPLE
from tests.client.loopback import Answer, Loopback
from tui.client.juzi.codes import ADD_FOLLOW, CODES, DETAIL, LIST, SET_REMARK, TAGS, judge
from tui.client.response_reader import Reply
from tui.model.customer import Query
from tui.model.errors import AuthError, KehuError, NotFoundError, ProtocolError, VendorError

TARGET = {"userId": "rocky", "unionId": "o1"}

EVERY_CALL: dict[str, tuple[type[KehuError], str]] = {
    "-1": (VendorError, "the vendor is busy"),
    "40001": (AuthError, "the vendor does not accept the token"),
    "40014": (AuthError, "the vendor does not accept the token"),
    "41001": (AuthError, "the vendor found no token in the call"),
    "42001": (AuthError, "the token has run out"),
    "45009": (VendorError, "the vendor was called too often"),
    "45033": (VendorError, "the vendor was called too many times at once"),
    "48002": (AuthError, "the token has no permission for this call"),
}
MEANING: dict[str, dict[str, tuple[type[KehuError], str]]] = {
    LIST: {**EVERY_CALL, "84061": (NotFoundError, "the vendor has no customer for this list")},
    DETAIL: {**EVERY_CALL, "84061": (NotFoundError, "the vendor has no such customer")},
    SET_REMARK: {**EVERY_CALL, "84061": (VendorError, "this colleague does not follow the customer")},
    ADD_FOLLOW: {**EVERY_CALL, "84061": (VendorError, "this colleague does not follow the customer")},
    TAGS: EVERY_CALL,
}
PASSING = {"-1", "45009", "45033"}
EVERY = [(call, code) for call, codes in MEANING.items() for code in codes]


def test_no_code_has_a_meaning_that_is_not_tested() -> None:
    assert {call: set(codes) for call, codes in CODES.items()} == {call: set(codes) for call, codes in MEANING.items()}


def judged(call: str, code: object, words: str = "原话") -> KehuError:
    with pytest.raises(KehuError) as caught:
        judge(Reply({"errcode": code, "errmsg": words}, "GET", "address", 200, call), "team")
    return caught.value


@pytest.mark.parametrize(("call", "code"), EVERY)
@pytest.mark.parametrize("number", [int, str, float])
def test_every_code_is_one_clear_error_in_the_call_that_it_answers(
    call: str, code: str, number: Callable[[str], object]
) -> None:
    kind, words = MEANING[call][code]
    error = judged(call, number(code))
    assert type(error) is kind
    assert str(error) == f"{words}: 原话 (code {code})"
    assert error.hint()
    assert error.unclear is (code == "-1")
    if isinstance(error, VendorError):
        assert error.passing is (code in PASSING)


@pytest.mark.parametrize(("code", "words"), [("-1", "remark exceed the limit"), ("-2", "description exceed the limit")])
def test_a_remark_over_the_vendors_limit_is_told_so_where_remarks_are_set(code: str, words: str) -> None:
    error = judged(SET_REMARK, int(code), words)
    assert "longer than the vendor allows" in str(error)
    assert not error.unclear
    assert "longer" not in str(judged(LIST, int(code), "system busy"))


async def test_a_system_that_is_busy_is_asked_again_and_never_blamed_on_a_remark(
    vendor: Loopback, juzi: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.client.http.FIRST_WAIT", 0.0)
    busy = Answer({"errcode": -1, "errmsg": "system busy"})
    vendor.then(busy, busy, Answer(LIST_SAMPLE))
    assert (await juzi().list(Query())).total == 100
    vendor.then(busy)
    with pytest.raises(VendorError, match="the vendor is busy: system busy") as caught:
        await juzi().list(Query())
    assert caught.value.passing
    for answer in (busy, Answer({"errcode": 0, "fail_list": [{**TARGET, "errcode": "-1", "errmsg": "system busy"}]})):
        vendor.then(answer)
        (failure,) = (await juzi().set_remarks([remark()])).failed
        assert (failure.code, failure.passing) == ("-1", True)
        assert "longer" not in failure.message


@pytest.mark.parametrize("code", [84061, "84061"])
async def test_a_colleague_who_follows_nobody_has_an_empty_list(code: object, vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": code, "errmsg": "not external contact"}))
    page = await juzi().list(Query(owner="rocky"))
    assert (page.items, page.total) == ((), 0)
    with pytest.raises(NotFoundError, match="no customer for this list"):
        await juzi().list(Query())


@pytest.mark.parametrize("total", [-1, "-1", -1.0, 2.5, "lots", None, True, {}])
async def test_a_total_that_is_none_is_unknown(total: object, vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({**LIST_SAMPLE, "total": total}))
    assert (await juzi().list(Query())).total is None


async def test_a_code_that_nobody_knows_is_told_with_the_vendors_words(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 99999, "errmsg": "没见过"}))
    with pytest.raises(VendorError) as caught:
        await juzi().list(Query())
    assert str(caught.value) == "the vendor refused: 没见过 (code 99999)"
    assert (caught.value.method, caught.value.address) == ("GET", f"{vendor.url}/api/v1/customer/list")


@pytest.mark.parametrize("answer", [{}, {"errcode": None, "data": []}, {"errcode": "", "data": []}, {"data": []}])
async def test_an_answer_that_does_not_say_that_it_succeeded_did_not(
    answer: dict[str, Any], vendor: Loopback, juzi: Open
) -> None:
    vendor.then(Answer(answer))
    with pytest.raises(ProtocolError):
        await juzi().list(Query())


async def test_a_code_that_passes_with_waiting_is_waited_for(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 45033}, headers={"Retry-After": "0"}), DONE)
    assert (await juzi().set_remarks([remark()])).applied == 1
    assert len(vendor.seen) == 2
