"""JuziBot's and WeCom's result codes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import DONE, remark
from tests.client.loopback import Answer, Loopback
from tui.client.errors import AuthError, KehuError, ProtocolError, VendorError
from tui.client.juzi.codes import CODES, judge
from tui.client.models import Query
from tui.client.replies import Reply

MEANING: dict[str, tuple[type[KehuError], str]] = {
    "-1": (VendorError, "the remark is longer than the vendor allows"),
    "-2": (VendorError, "the description is longer than the vendor allows"),
    "40001": (AuthError, "the vendor does not accept the token"),
    "40014": (AuthError, "the vendor does not accept the token"),
    "41001": (AuthError, "the vendor found no token in the call"),
    "42001": (AuthError, "the token has run out"),
    "45009": (VendorError, "the vendor was called too often"),
    "45033": (VendorError, "the vendor was called too many times at once"),
    "48002": (AuthError, "the token has no permission for this call"),
    "84061": (VendorError, "this colleague does not follow the customer"),
}
PASSING = {"45009", "45033"}


def test_no_code_has_a_meaning_that_is_not_tested() -> None:
    assert set(CODES) == set(MEANING)


@pytest.mark.parametrize("code", MEANING)
@pytest.mark.parametrize("number", [int, str])
def test_every_code_is_one_clear_error(code: str, number: Callable[[str], object]) -> None:
    kind, words = MEANING[code]
    with pytest.raises(KehuError) as caught:
        judge(Reply({"errcode": number(code), "errmsg": "原话"}, "GET", "address", 200), "team")
    assert type(caught.value) is kind
    assert str(caught.value) == f"{words}: 原话 (code {code})"
    assert caught.value.hint()
    assert isinstance(caught.value, VendorError) is (kind is VendorError)
    if isinstance(caught.value, VendorError):
        assert caught.value.passing is (code in PASSING)


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
