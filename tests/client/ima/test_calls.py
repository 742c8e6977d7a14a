"""ima's calls: how they are signed, what they look up, what may come back, and what is not there."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import pytest

from tests.client.ima.tenant import DETAIL, PATH, SECRET, Tenant, custom, detail, good
from tests.client.loopback import Answer
from tui.client.ima import ImaService
from tui.client.service import ServiceSettings, SigningSettings
from tui.model.customer import CustomValue, Query
from tui.model.errors import (
    ConfigError,
    InvalidError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    UnsupportedError,
    VendorError,
)


async def test_every_call_is_signed(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = detail()
    await ima.get("1")
    (call,) = tenant.calls()
    stamp = call.headers["timestamp"]
    assert call.headers["appid"] == "app-1"
    assert abs(int(stamp) / 1000 - time.time()) < 60
    assert call.headers["sign"] == hashlib.md5(f"app-1{stamp}{SECRET}".encode(), usedforsecurity=False).hexdigest()
    assert "nonce" not in call.headers


async def test_every_part_of_the_signature_is_the_profiles_to_choose(tenant: Tenant, settings: ServiceSettings) -> None:
    tenant.answers["GET", DETAIL] = detail()
    signing = SigningSettings(algorithm="sha256", message="{secret}{timestamp}", encoding="HEX")
    service = ImaService(replace(settings, signing=signing))
    await service.get("1")
    await service.aclose()
    (call,) = tenant.calls()
    digest = hashlib.sha256((SECRET + call.headers["timestamp"]).encode()).hexdigest()
    assert call.headers["sign"] == digest.upper()


def test_a_profile_without_an_app_id_is_refused_when_it_is_opened(settings: ServiceSettings) -> None:
    with pytest.raises(ConfigError, match="app_id of profile desk"):
        ImaService(replace(settings, app_id=""))


@pytest.mark.parametrize(
    ("by", "kind"),
    [
        ("id", "customerId"),
        ("external_id", "externalId"),
        ("email", "email"),
        ("phone", "phone"),
        ("telephone", "telePhone"),
    ],
)
async def test_a_customer_is_looked_up_by(tenant: Tenant, ima: ImaService, by: str, kind: str) -> None:
    tenant.answers["GET", DETAIL] = detail(customerId="77")
    customer = await ima.get("a+b&c=d@e.cn", by=by)
    (call,) = tenant.calls()
    assert (call.query, call.body) == ({"content": "a+b&c=d@e.cn", "type": kind}, None)
    assert customer.id == "77"
    assert by in ima.capabilities.lookups


async def test_a_phone_finds_one_or_nobody(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = detail(customerId="77")
    assert [customer.id for customer in await ima.find("phone", "138")] == ["77"]
    tenant.answers["GET", DETAIL] = good(None)
    assert await ima.find("phone", "139") == ()
    with pytest.raises(UnsupportedError, match="by name"):
        await ima.find("name", "x")


async def test_a_customer_is_not_looked_up_by_name(tenant: Tenant, ima: ImaService) -> None:
    with pytest.raises(UnsupportedError, match="by name"):
        await ima.get("x", by="name")
    assert tenant.calls() == []


async def test_nothing_to_look_up_is_refused(tenant: Tenant, ima: ImaService) -> None:
    with pytest.raises(InvalidError):
        await ima.get(" ", by="phone")
    assert tenant.calls() == []


@pytest.mark.parametrize("data", [None, {}, {"customer": None}, {"customer": {}}])
async def test_an_answer_without_a_customer_is_not_found(tenant: Tenant, ima: ImaService, data: object) -> None:
    tenant.answers["GET", DETAIL] = good(data)
    with pytest.raises(NotFoundError, match="phone is 139") as caught:
        await ima.get("139", by="phone")
    assert caught.value.code == ""  # 10000 is a success's


@pytest.mark.parametrize("data", [["x"], "text", 7, {"customer": ["x"]}, {"customer": {"name": "no id"}}])
async def test_an_answer_that_makes_no_sense_is_an_error(tenant: Tenant, ima: ImaService, data: object) -> None:
    tenant.answers["GET", DETAIL] = good(data)
    with pytest.raises(ProtocolError):
        await ima.get("139", by="phone")


async def test_an_answer_without_a_code_is_an_error(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = {"data": {"customer": {"customerId": "1"}}}
    with pytest.raises(ProtocolError, match="neither success nor failure"):
        await ima.get("1")


async def test_numbers_where_texts_are_documented_are_read(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = {"code": 10000, "data": detail(customerId=685770000643772417, name=5)["data"]}
    customer = await ima.get("1")
    assert (customer.id, customer.name) == ("685770000643772417", "5")


async def test_custom_values_are_named_by_their_codes_until_the_definitions_are_known(
    tenant: Tenant, ima: ImaService
) -> None:
    entries = [
        {"dictCode": "several", "value": "一,k2", "remark": "r"},
        {"dictCode": "moment", "value": "2024-11-14 09:46:17"},
        {"dictCode": "name", "value": 5},
        {"dictCode": "", "value": "lost"},
        None,
    ]
    tenant.answers["GET", DETAIL] = detail(entries)
    assert (await ima.get("1")).custom == (
        CustomValue(code="several", label="several", value="一,k2", remark="r"),
        CustomValue(code="moment", label="moment", value="2024-11-14 09:46:17"),
        CustomValue(code="custom.name", label="name", value="5"),
    )
    await ima.fields()
    assert (await ima.get("1")).custom == (
        CustomValue(code="several", label="字段several", value=("k1", "k2"), remark="r"),
        CustomValue(code="moment", label="字段moment", value="2024-11-14T09:46:17+08:00"),
        CustomValue(code="custom.name", label="字段name", value="5"),
    )


@pytest.mark.parametrize("data", [None, {}, {"list": []}, "[]"])
async def test_definitions_that_are_no_list_are_an_error(tenant: Tenant, ima: ImaService, data: object) -> None:
    tenant.answers["GET", f"{PATH}/field/define"] = good(data)
    with pytest.raises(ProtocolError):
        await ima.fields()


async def test_a_create_is_posted_and_answered_with_what_the_vendor_says(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["POST", PATH] = detail([{"dictCode": "must", "value": "x"}], customerId="9", name="王五")
    customer = (await ima.create({"name": "王五", "must": "x"})).customer
    (call,) = tenant.calls()
    assert (call.method, call.path, call.query) == ("POST", PATH, {})
    assert call.body == {"name": "王五", "customerDictList": [{"dictCode": "must", "value": "x"}]}
    assert (customer.id, customer.name, custom(customer)) == ("9", "王五", {"must": "x"})


async def test_a_create_that_is_never_answered_is_unknown_and_not_repeated(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["POST", PATH] = b""
    with pytest.raises(OutcomeUnknownError):
        await ima.create({"must": "x"})
    assert len(tenant.calls()) == 1


async def test_a_create_whose_answer_names_no_id_is_unknown(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["POST", PATH] = good(None)
    with pytest.raises(OutcomeUnknownError, match="which id"):
        await ima.create({"must": "x"})


@pytest.mark.parametrize("words", ["客户不存在", "该客户不存在或已被删除", "customer not found"])
async def test_a_customer_that_the_vendor_says_does_not_exist_is_missing_and_not_a_failure(
    tenant: Tenant, ima: ImaService, words: str
) -> None:
    tenant.answers["GET", DETAIL] = tenant.answers["PUT", PATH] = {"code": "20001", "data": None, "message": words}
    assert await ima.find("phone", "139") == ()
    with pytest.raises(NotFoundError, match="whose phone is 139") as caught:
        await ima.get("139", by="phone")
    assert caught.value.certain
    with pytest.raises(NotFoundError, match=words):
        await ima.update("1", {"name": "王五"})


@pytest.mark.parametrize("words", ["请求失败", "手机号不能为空", "客户来源不存在", ""])
async def test_a_look_up_that_failed_is_not_a_missing_customer(tenant: Tenant, ima: ImaService, words: str) -> None:
    tenant.answers["GET", DETAIL] = {"code": "20001", "data": None, "message": words}
    with pytest.raises(VendorError):
        await ima.find("phone", "139")


async def test_a_page_at_a_look_up_is_not_a_missing_customer(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = Answer(b"<html>", 404)
    with pytest.raises(NotFoundError):
        await ima.find("phone", "139")


@pytest.mark.parametrize("code", ["0", "200", 500, "504", "ok", "1000", True])
async def test_a_code_that_is_not_the_vendors_own_proves_nothing(tenant: Tenant, ima: ImaService, code: object) -> None:
    tenant.answers["POST", PATH] = {"code": code, "message": "?", "data": None}
    with pytest.raises(OutcomeUnknownError):
        await ima.create({"must": "x"})
    assert len(tenant.calls()) == 1


async def test_a_create_that_is_answered_with_another_customer_is_unknown(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["POST", PATH] = detail(customerId="9", name="赵六")
    with pytest.raises(OutcomeUnknownError, match="another customer, 赵六"):
        await ima.create({"name": "王五", "must": "x"})


async def test_an_update_that_is_answered_with_another_customer_is_unknown(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["PUT", PATH] = detail(customerId="9", name="赵六")
    with pytest.raises(OutcomeUnknownError, match="another customer than 1"):
        await ima.update("1", {"name": "王五"})


async def test_what_the_vendor_lacks_is_unsupported(ima: ImaService) -> None:
    assert ima.capabilities.operations == {"get", "create", "update", "fields"}
    calls: list[Awaitable[object]] = [
        ima.list(Query()),
        ima.delete("1"),
        ima.set_remarks([]),
        ima.add_follows([]),
        ima.tags(),
    ]
    for call in calls:
        with pytest.raises(UnsupportedError, match="ima has no call for"):
            await call


@pytest.mark.parametrize("operation", ["get", "create", "update", "fields"])
async def test_what_the_profile_switches_off_is_unsupported(settings: ServiceSettings, operation: str) -> None:
    service = ImaService(replace(settings, disable=frozenset({operation})))
    calls: Mapping[str, Callable[[], Awaitable[object]]] = {
        "get": lambda: service.get("1"),
        "create": lambda: service.create({"name": "x"}),
        "update": lambda: service.update("1", {"name": "x"}),
        "fields": service.fields,
    }
    assert not service.capabilities.can(operation)
    with pytest.raises(UnsupportedError, match=f"switched {operation} off"):
        await calls[operation]()
    await service.aclose()
