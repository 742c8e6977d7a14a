"""useasy as its page says: signatures, shapes, add, update, delete, the field configuration."""

import json

import pytest

from tests.sandbox.callers import UseasyCaller
from tests.sandbox.conftest import Clock
from tui.sandbox.demo import WECOM_FIELD
from tui.sandbox.useasy import PUBLIC_POOL
from tui.sandbox.useasy_fields import LEVEL_FIELD, NUMBER_FIELD, PRODUCTS_FIELD, REGION_FIELD, VISIT_FIELD, VOLUME_FIELD

ADDRESS = "text_6ts9_1687316347239"


async def first(useasy: UseasyCaller) -> dict[str, object]:
    answer = await useasy.post("list", {"page": 1, "limit": 1})
    record: dict[str, object] = answer["data"]["list"][0]
    return record


async def test_the_same_signature_serves_several_calls_as_in_the_pages_samples(useasy: UseasyCaller) -> None:
    headers = useasy.headers()
    for address in ("list", "config/field/list"):
        response = await useasy.http.post(f"/useasy/openapi/crm/{address}", json={}, headers=headers)
        assert response.json()["success"]


@pytest.mark.parametrize("missing", ["appid", "nonce", "timestamp", "signature"])
async def test_a_missing_header_is_a_401_in_the_vendors_envelope(useasy: UseasyCaller, missing: str) -> None:
    headers = {name: value for name, value in useasy.headers().items() if name != missing}
    response = await useasy.http.post("/useasy/openapi/crm/list", json={}, headers=headers)
    assert response.status_code == 401
    answer = response.json()
    assert (answer["success"], answer["code"], answer["data"]) == (False, "401", None)
    assert answer["message"]
    assert answer["traceId"]


async def test_wrong_secrets_nonces_and_applications_are_refused(useasy: UseasyCaller) -> None:
    wrong = [
        useasy.headers(secret="other"),
        useasy.headers(app_id="1091"),
        {**useasy.headers(), "nonce": "another"},
        {**useasy.headers(), "signature": "签名".encode().decode("latin-1")},
    ]
    for headers in wrong:
        raw = {key: value.encode("latin-1") for key, value in headers.items()}
        response = await useasy.http.post(
            "/useasy/openapi/crm/delete",
            json={},
            headers=list(raw.items()),  # type: ignore[arg-type]
        )
        assert (response.status_code, response.json()["code"]) == (401, "401")


@pytest.mark.parametrize(("offset", "status"), [(-300, 200), (300, 200), (-302, 401), (302, 401)])
async def test_a_clock_may_be_five_minutes_off_and_the_refusal_tells_the_servers(
    useasy: UseasyCaller, clock: Clock, offset: int, status: int
) -> None:
    clock.now = 1_764_000_000
    headers = useasy.headers()
    clock.now -= offset
    response = await useasy.http.post("/useasy/openapi/crm/list", json={}, headers=headers)
    assert response.status_code == status
    assert ("服务器时间 2025-11-2" in response.json()["message"]) == (status == 401)


async def test_the_pages_add_sample_is_accepted_and_its_record_is_the_first_of_the_list(useasy: UseasyCaller) -> None:
    count = (await useasy.post("list", {}))["data"]["count"]
    sample = {
        "customerName": "test",
        "mobile": [{"value": "333222111", "memo": "王哈"}],
        "customerSource": ["试用申请"],
        "owner": "8310",
        "assignTime": "2024-11-14 09:46:17",
    }
    answer = await useasy.post("add", sample)
    assert (answer["success"], answer["code"], answer["message"]) == (True, "200", "200 ok!")
    record = answer["data"]
    assert sample.items() <= record.items()
    assert record["createTime"] == record["updateTime"] == "2025-11-25 00:00:00"
    assert (record["accountId"], record["createMethod"], record["createAgent"]) == ("1090", "", "openApi")
    assert record["firstOwner"] == "8310"
    assert len(record["_id"]) == 18
    assert await first(useasy) == record
    assert (await useasy.post("list", {}))["data"]["count"] == count + 1
    assert (await useasy.get(f"findById/{record['_id']}"))["data"] == record
    assert (await useasy.get(record["_id"]))["data"] == record


async def test_new_customers_come_newest_first_and_no_id_is_given_twice(useasy: UseasyCaller) -> None:
    records = [await useasy.add(customerName=f"新客户{number}") for number in range(3)]
    await useasy.post("delete", {"id": records[-1]["_id"]})
    records.append(await useasy.add(customerName="再来"))
    assert len({record["_id"] for record in records}) == 4
    page = (await useasy.post("list", {"page": 1, "limit": 3}))["data"]["list"]
    assert [record["customerName"] for record in page] == ["再来", "新客户1", "新客户0"]


async def test_pages_join_across_creations_and_deletions(useasy: UseasyCaller) -> None:
    for number in range(3):
        await useasy.add(customerName=f"新客户{number}")
    page = (await useasy.post("list", {"page": 1, "limit": 50}))["data"]["list"]
    for record in page[1:40:3]:
        await useasy.post("delete", {"id": record["_id"]})
    whole = (await useasy.post("list", {"page": "1", "limit": "1000"}))["data"]
    assert whole["count"] == len(whole["list"])
    pages = range(1, whole["count"] // 37 + 2)
    paged = [row for page in pages for row in (await useasy.post("list", {"page": page, "limit": 37}))["data"]["list"]]
    assert paged == whole["list"]
    assert (await useasy.post("list", {"page": 99, "limit": 1000}))["data"]["list"] == []


async def test_what_is_given_is_changed_lists_are_replaced_whole_and_empty_values_clear(useasy: UseasyCaller) -> None:
    before = await useasy.add(
        customerName="改前",
        mobile=[{"value": "1", "memo": "a"}, {"value": "2"}],
        wechat=[{"value": "w"}],
        qq=[{"value": "q"}],
    )
    answer = await useasy.post(
        "update", {"_id": before["_id"], "mobile": [{"value": "3", "memo": ""}], "wechat": [], ADDRESS: "浦东新区"}
    )
    after = answer["data"]
    assert after == {
        **{key: value for key, value in before.items() if key != "wechat"},
        "mobile": [{"value": "3", "memo": ""}],
        ADDRESS: "浦东新区",
    }
    assert (await useasy.get(f"findById/{before['_id']}"))["data"] == after
    assert await useasy.search("mobile", "eq", "2") == []
    assert await useasy.search("mobile", "eq", "3") == [after]


async def test_an_update_moves_the_update_time_alone(useasy: UseasyCaller, clock: Clock) -> None:
    before = await first(useasy)
    clock.now += 60
    after = (await useasy.post("update", {"_id": before["_id"], "customerName": "testCustomer"}))["data"]
    assert after["createTime"] == before["createTime"]
    assert (after["updateTime"], after["updateAgent"]) == ("2025-11-25 00:01:00", "openApi")


async def test_an_owner_can_be_a_public_pool_and_back(useasy: UseasyCaller) -> None:
    pooled = await useasy.add(customerName="公海", owner=PUBLIC_POOL)
    assert pooled["openSeaIds"] == [PUBLIC_POOL]
    assert "owner" not in pooled
    taken = (await useasy.post("update", {"_id": pooled["_id"], "owner": "8311"}))["data"]
    assert (taken["owner"], taken["firstOwner"], taken["assignTime"]) == ("8311", "8311", "2025-11-25 00:00:00")
    assert "openSeaIds" not in taken


async def test_a_deleted_customer_is_gone_from_every_read(useasy: UseasyCaller) -> None:
    record = await first(useasy)
    answer = await useasy.post("delete", {"id": record["_id"]})
    assert (answer["success"], answer["code"], answer["data"]) == (True, "200", None)
    assert await useasy.search(WECOM_FIELD, "eq", record[WECOM_FIELD]) == []
    again = [
        await useasy.get(f"findById/{record['_id']}"),
        await useasy.post("update", {"_id": record["_id"], "customerName": "x"}),
        await useasy.post("delete", {"id": record["_id"]}),
    ]
    assert [(answer["success"], answer["code"]) for answer in again] == [(False, "404")] * 3


@pytest.mark.parametrize("identifier", ["1", "", "abc", "685775343058800641", "9" * 18, "9" * 30, "１２３", None, 7])
async def test_an_id_that_is_nobodys_is_not_found(useasy: UseasyCaller, identifier: object) -> None:
    assert (await useasy.post("delete", {"id": identifier}))["code"] == "404"


@pytest.mark.parametrize(
    "values",
    [
        {"nonsense": "x"},
        {"text_l3z6_1687316347312": "disabled"},
        {"text_m4a7_1687316347313": "deleted"},
        {NUMBER_FIELD: "KH1"},
        {"createTime": "2025-01-01 00:00:00"},
        {"customerName": ""},
        {"customerName": None},
        {"customerName": 7},
        {LEVEL_FIELD: ""},
        {LEVEL_FIELD: "重要客户"},
        {LEVEL_FIELD: ["level_a"]},
        {PRODUCTS_FIELD: "prod_chat"},
        {PRODUCTS_FIELD: ["prod_chat", "nonsense"]},
        {"customerSource": "展会"},
        {REGION_FIELD: ["310000"]},
        {REGION_FIELD: ["310000", "440100"]},
        {REGION_FIELD: ["310000", "310100", "440106"]},
        {REGION_FIELD: "310000"},
        {VOLUME_FIELD: "much"},
        {VOLUME_FIELD: True},
        {"date_c4r8_1687316347304": "2025-13-01"},
        {VISIT_FIELD: "2025-11-20"},
        {"email_j1x4_1687316347310": "nobody"},
        {"phone_h9w3_1687316347309": "call me"},
        {"mobile": "13231307283"},
        {"mobile": [{"memo": "no value"}]},
        {"mobile": [{"value": "1", "memo": 7}]},
        {"assignTime": "yesterday"},
    ],
)
async def test_a_value_that_its_field_cannot_hold_is_refused_and_nothing_changes(
    useasy: UseasyCaller, values: dict[str, object]
) -> None:
    before = await first(useasy)
    answer = await useasy.post("update", {"_id": before["_id"], ADDRESS: "changed", **values})
    assert (answer["success"], answer["code"], answer["data"]) == (False, "400", None)
    (name,) = values
    assert name in answer["message"]
    assert await first(useasy) == before


@pytest.mark.parametrize(
    "values",
    [
        {REGION_FIELD: ["310000", "310100"]},
        {REGION_FIELD: ["440000", "440300", "440305"]},
        {PRODUCTS_FIELD: ["prod_bot", "prod_call"]},
        {LEVEL_FIELD: "level_c"},
        {VOLUME_FIELD: 12.5},
        {VOLUME_FIELD: "12.5"},
        {VISIT_FIELD: "2025-11-20 09:30:00"},
        {"date_c4r8_1687316347304": "2024-02-29"},
        {"visitorId": "v-1"},
    ],
)
async def test_a_value_of_each_kind_is_kept_as_it_was_sent(useasy: UseasyCaller, values: dict[str, object]) -> None:
    record = await first(useasy)
    answer = await useasy.post("update", {"_id": record["_id"], **values})
    assert values.items() <= answer["data"].items()


async def test_a_required_field_must_be_given_unless_it_has_a_default(useasy: UseasyCaller) -> None:
    refused = await useasy.post("add", {"mobile": [{"value": "1"}]})
    assert (refused["code"], "customerName" in refused["message"]) == ("400", True)
    assert (await useasy.add(customerName="默认"))[LEVEL_FIELD] == "level_b"
    assert (await useasy.post("add", {"customerName": "x", "_id": "685775343058800640"}))["code"] == "400"


@pytest.mark.parametrize("address", ["add", "update", "list", "delete", "config/field/list"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff"])
async def test_a_body_that_is_no_object_is_refused(useasy: UseasyCaller, address: str, body: bytes) -> None:
    response = await useasy.http.post(f"/useasy/openapi/crm/{address}", content=body, headers=useasy.headers())
    assert response.json()["code"] == "400"


async def test_the_pages_field_sample_is_there_key_for_key(useasy: UseasyCaller) -> None:
    fields = (await useasy.post("config/field/list", {}))["data"]
    (sample,) = [field for field in fields if field["param"] == ADDRESS]
    assert sample == json.loads(
        """{ "accountId": "1090", "glFieldId": "text_6ts9_1687316347239", "field": "text_6ts9_1687316347239",
        "name": "详细地址", "param": "text_6ts9_1687316347239", "type": "text", "status": 1, "searchable": false,
        "oplog": false, "choices": null, "options": null, "createTime": "2023-06-21 11:02:18",
        "updateTime": "2023-06-21 11:02:18", "createAgent": "662772464553308160",
        "updateAgent": "662772464553308160", "scenes": null, "sort": 42, "isSystem": false, "required": false }"""
    )
    assert all(field.keys() == sample.keys() for field in fields)
    assert {field["status"] for field in fields} == {-1, 0, 1}
    assert [field["sort"] for field in fields] == sorted({field["sort"] for field in fields})


async def test_choices_and_cascades_have_the_pages_shape(useasy: UseasyCaller) -> None:
    fields = {field["param"]: field for field in (await useasy.post("config/field/list", {}))["data"]}
    assert fields[LEVEL_FIELD]["choices"][1] == {"key": "level_b", "value": "普通客户", "isDefault": True}
    options = fields[REGION_FIELD]["options"]
    assert (options["level"], options["fillLevel"]) == (3, 2)
    (shanghai,) = [child for child in options["children"] if child["key"] == "310000"]
    assert shanghai["children"][0]["children"][0] == {"key": "310115", "value": "浦东新区"}


@pytest.mark.parametrize(
    ("narrowed", "expected"),
    [
        ({"name": "详细地址"}, {ADDRESS}),
        ({"type": ["cascade", "number"]}, {REGION_FIELD, VOLUME_FIELD}),
        ({"enabled": False}, {"text_l3z6_1687316347312", "text_m4a7_1687316347313"}),
        ({"editable": False, "category": ["custom"]}, {NUMBER_FIELD}),
        ({"category": ["system"], "type": ["multi_select"]}, {"customerSource"}),
    ],
)
async def test_the_field_configuration_can_be_narrowed(
    useasy: UseasyCaller, narrowed: dict[str, object], expected: set[str]
) -> None:
    answer = await useasy.post("config/field/list", narrowed)
    assert {field["param"] for field in answer["data"]} == expected


async def test_records_leave_empty_fields_out_and_fields_of_every_kind_are_filled_somewhere(
    useasy: UseasyCaller,
) -> None:
    records = (await useasy.post("list", {"page": 1, "limit": 1000}))["data"]["list"]
    fields = (await useasy.post("config/field/list", {"enabled": True}))["data"]
    for field in fields:
        filled = [record for record in records if field["param"] in record]
        if field["param"] != "visitorId":  # the visitors come over the web channel, which nobody has used yet
            assert filled, field["name"]
        if field["param"] != "createMethod":  # the page's samples have that one empty
            assert all(record[field["param"]] not in ("", [], None) for record in filled)
    assert any(record["createMethod"] == "" for record in records)
