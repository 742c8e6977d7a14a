"""One customer."""

from __future__ import annotations

import pytest

from tests.client.juzi.conftest import Open
from tests.client.juzi.samples import DETAIL, LISI, TOKEN, UNION
from tests.client.loopback import Answer, Loopback, Told
from tui.model.errors import AuthError, InvalidError, NotFoundError, ProtocolError, VendorError


async def test_the_pages_detail_sample(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer(DETAIL))
    assert await juzi().get("wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg") == LISI
    (seen,) = vendor.seen
    assert (seen.method, seen.path) == ("GET", "/api/v1/customer/detail")
    assert seen.query == {"token": TOKEN, "externalUserId": "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg"}


async def test_a_customer_is_found_by_union_id(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer(DETAIL))
    assert await juzi().get(UNION, by="union_id") == LISI
    assert vendor.seen[0].query == {"token": TOKEN, "unionId": UNION}


@pytest.mark.parametrize(
    "first", [Answer({"errcode": 0, "data": None}), Answer({"errcode": 40096}), Answer(b"", status=404)]
)
async def test_an_id_that_is_no_external_id_is_tried_as_a_union_id(first: Told, vendor: Loopback, juzi: Open) -> None:
    vendor.then(first, Answer(DETAIL))
    assert await juzi().get(UNION) == LISI
    assert [set(seen.query) - {"token"} for seen in vendor.seen] == [{"externalUserId"}, {"unionId"}]


async def test_a_customer_that_is_not_there_is_not_found(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 0, "errmsg": "ok", "data": None}))
    with pytest.raises(NotFoundError, match="no customer wm404"):
        await juzi().get("wm404")
    for answer in ({"errcode": 0}, {"errcode": 0, "data": []}, {"errcode": 0, "data": "wm404"}):
        vendor.then(Answer(answer))
        with pytest.raises(ProtocolError):
            await juzi().get("wm404")


async def test_a_credential_that_is_refused_is_not_tried_twice(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer({"errcode": 40001, "errmsg": "invalid credential"}))
    with pytest.raises(AuthError):
        await juzi().get("wm1")
    vendor.then(Answer({"errcode": 45009}, headers={"Retry-After": "0"}))
    with pytest.raises(VendorError) as caught:
        await juzi().get("wm1")
    assert caught.value.passing
    assert all("unionId" not in seen.query for seen in vendor.seen)


async def test_a_blank_id_is_refused_before_anything_is_sent(vendor: Loopback, juzi: Open) -> None:
    with pytest.raises(InvalidError):
        await juzi().get(" ")
    assert vendor.seen == []


async def test_a_union_id_finds_one_or_nobody(vendor: Loopback, juzi: Open) -> None:
    vendor.then(Answer(DETAIL))
    assert await juzi().find("union_id", UNION) == (LISI,)
    vendor.then(Answer({"errcode": 0, "errmsg": "ok", "data": None}))
    assert await juzi().find("union_id", "o404") == ()
