"""useasy's search: each operator against the same test done by hand on all records."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.callers import UseasyCaller
from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.useasy_fields import PRODUCTS_FIELD, REGION_FIELD, VOLUME_FIELD

Record = dict[str, Any]
ADDRESS = "text_6ts9_1687316347239"


async def everybody(useasy: UseasyCaller) -> list[Record]:
    records: list[Record] = (await useasy.post("list", {"page": 1, "limit": 1000}))["data"]["list"]
    return records


def phones(record: Record) -> list[str]:
    return [row["value"] for row in record.get("mobile", [])]


CASES: list[tuple[str, str, list[object], Callable[[Record], bool]]] = [
    ("customerName", "eq", ["李四"], lambda r: r["customerName"] == "李四"),
    ("mobile", "eq", ["19900007919", "19900005838"], lambda r: {"19900007919", "19900005838"} & {*phones(r)} != set()),
    ("email", "empty", [], lambda r: "email" not in r),
    ("openSeaIds", "empty", [], lambda r: "openSeaIds" not in r),
    ("owner", "eq", ["8310", "8311"], lambda r: r.get("owner") in ("8310", "8311")),
    ("createMethod", "empty", [], lambda r: r["createMethod"] == ""),
    (VOLUME_FIELD, "eq", ["25000.0"], lambda r: r.get(VOLUME_FIELD) == 25000),
    ("customerSource", "eq", ["试用申请"], lambda r: "试用申请" in r.get("customerSource", [])),
    (PRODUCTS_FIELD, "eq", ["prod_call"], lambda r: "prod_call" in r.get(PRODUCTS_FIELD, [])),
    (REGION_FIELD, "eq", ["310115"], lambda r: "310115" in r.get(REGION_FIELD, [])),
]


@pytest.mark.parametrize(
    ("field", "operator", "values", "holds"), CASES, ids=[f"{case[0]}-{case[1]}-{case[2]}" for case in CASES]
)
async def test_a_condition_finds_the_records_for_which_it_holds_in_the_order_of_the_list(
    useasy: UseasyCaller, field: str, operator: str, values: list[object], holds: Callable[[Record], bool]
) -> None:
    expected = [record for record in await everybody(useasy) if holds(record)]
    assert len(expected) > 0
    assert await useasy.search(field, operator, *values) == expected


async def test_all_conditions_must_hold_and_their_pages_join(useasy: UseasyCaller) -> None:
    search = [
        {"field": "openSeaIds", "operator": "empty", "value": []},
        {"field": "owner", "operator": "eq", "value": ["8310"]},
        {"field": "wechat", "operator": "empty"},
    ]
    expected = [r for r in await everybody(useasy) if r.get("owner") == "8310" and "wechat" not in r]
    assert len(expected) > 4
    pages = [(await useasy.post("list", {"page": page, "limit": 2, "search": search}))["data"] for page in (1, 2)]
    assert [*pages[0]["list"], *pages[1]["list"]] == expected[:4]
    assert {page["count"] for page in pages} == {len(expected)}


async def test_one_indexed_condition_pages_as_any_other(useasy: UseasyCaller) -> None:
    expected = await useasy.search("owner", "eq", "8311")
    search = [{"field": "owner", "operator": "eq", "value": ["8311"]}]
    answer = await useasy.post("list", {"page": 3, "limit": 3, "search": search})
    assert answer["data"] == {"list": expected[6:9], "count": len(expected)}


async def test_an_id_can_be_searched_for(useasy: UseasyCaller) -> None:
    record = (await everybody(useasy))[4]
    assert await useasy.search("_id", "eq", record["_id"]) == [record]
    assert await useasy.search("_id", "eq", "nobody") == []


async def test_the_juzi_id_leads_to_the_record(useasy: UseasyCaller) -> None:
    (record,) = await useasy.search(WECOM_FIELD, "eq", "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg")
    assert record["customerName"] == "李四"


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "nonsense", "operator": "eq", "value": ["x"]},
        {"field": '") OR 1=1 --', "operator": "eq", "value": ["x"]},
        {"field": ADDRESS, "operator": "eq", "value": ["x"]},
        {"field": "text_l3z6_1687316347312", "operator": "eq", "value": ["x"]},
        *(
            {"field": "owner", "operator": other, "value": ["x"]}
            for other in ("resembles", "contains", "ne", "gt", "in")
        ),
        {"field": "owner", "operator": "empty", "value": ["x"]},
        {"field": "owner", "operator": "eq", "value": []},
        {"field": "owner", "operator": "eq", "value": [{"x": 1}]},
        {"field": ["owner"], "operator": "eq", "value": ["x"]},
        "owner",
    ],
)
async def test_a_condition_that_cannot_be_searched_by_is_refused(useasy: UseasyCaller, condition: object) -> None:
    answer = await useasy.post("list", {"search": [condition]})
    assert (answer["success"], answer["code"]) == (False, "400")


@pytest.mark.parametrize(
    "body", [{"search": {}}, {"page": 0}, {"limit": 0}, {"limit": 1001}, {"page": "x"}, {"page": 1e30}]
)
async def test_a_list_request_that_makes_no_sense_is_refused(useasy: UseasyCaller, body: object) -> None:
    assert (await useasy.post("list", body))["code"] == "400"
