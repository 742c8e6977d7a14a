"""Every sample of useasy's page, letter for letter, goes out or comes in as it stands there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from tests.client.loopback import Loopback
from tests.client.samples import sample, sample_curl, sample_json
from tests.client.useasy.tenant import ADDRESS, CRM, FIELDS, Tenant, custom, good
from tui.client.service import ServiceSettings, open_service
from tui.client.useasy import UseasyService
from tui.model.customer import Condition, Contact, Query
from tui.model.errors import (
    ConfigError,
    ProtocolError,
)
from tui.model.times import CHINA


async def test_the_registry_opens_it(settings: ServiceSettings) -> None:
    service = open_service(settings)
    assert isinstance(service, UseasyService)
    await service.aclose()


async def test_create_sends_the_add_sample_letter_for_letter(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers[FIELDS] = good([])
    tenant.answers["/add"] = sample_json("useasy", "add_answer")
    await useasy.create(
        {
            "name": "test",
            "phones": (Contact(value="333222111", memo="王哈"),),
            "customerSource": ("试用申请",),
            "owner": "8310",
            "assignTime": "2024-11-14T09:46:17+08:00",
        }
    )
    assert tenant.calls() == [("POST", f"{CRM}/add", sample_json("useasy", "add_body"))]


async def test_the_add_answer_sample_is_a_customer(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/add"] = sample_json("useasy", "add_answer")
    customer = (await useasy.create({"name": "testCustomer"})).customer
    created = datetime(2023, 6, 26, 23, 18, 43, tzinfo=CHINA)
    assert (customer.id, customer.name) == ("685775343058800640", "testCustomer")
    assert (customer.created_at, customer.updated_at) == (created, created)
    assert custom(customer) == {"createMethod": ""}
    assert customer.raw == sample_json("useasy", "add_answer")["data"]


async def test_the_update_sample_round_trips(tenant: Tenant, useasy: UseasyService) -> None:
    call = sample_curl("useasy", "update")
    tenant.answers["/update"] = call.answer
    customer = (await useasy.update("685775898716000256", {"name": "testCustomer"})).customer
    assert tenant.calls() == [("POST", call.path, call.body)]
    assert (customer.id, customer.name) == ("685775898716000256", "testCustomer")


async def test_the_list_sample_round_trips(tenant: Tenant, useasy: UseasyService) -> None:
    call = sample_curl("useasy", "list")
    tenant.answers["/list"] = call.answer
    page = await useasy.list(Query(size=1, conditions=(Condition(field="openSeaIds", operator="empty"),)))
    assert tenant.calls() == [("POST", call.path, call.body)]
    assert (page.page, page.size, page.total) == (1, 1, 20)
    (customer,) = page.items
    assert (customer.id, customer.name, customer.owner) == ("685770000643772416", "testCustomer", "662821403012902912")
    assert custom(customer) == {
        "assignTime": "2023-06-26T22:57:30+08:00",
        "createMethod": "API",
        "firstAssignTime": "2023-06-26T22:57:30+08:00",
        "firstOwner": "662821403012902912",
    }


async def test_a_search_by_phone_is_the_pages_first_list_sample(tenant: Tenant, useasy: UseasyService) -> None:
    body = sample("useasy", "list").partition("curl")[0].replace("\xa0", " ")
    assert body == '{\n    "search":[{"operator":"eq","value":["13231307283"],"field":"mobile"}]\n}\n'
    tenant.answers["/list"] = good({"list": [], "count": 0})
    await useasy.list(Query(page=2, conditions=(Condition(field="phones", values=("13231307283",)),)))
    search = [{"operator": "eq", "value": ["13231307283"], "field": "mobile"}]
    assert tenant.calls() == [("POST", f"{CRM}/list", {"page": 2, "limit": 100, "search": search})]


async def test_get_takes_the_address_that_the_sample_calls(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers["/findById/685736803322032128"] = good({"_id": "685736803322032128"})
    await useasy.get("685736803322032128")
    assert tenant.calls() == [("GET", sample_curl("useasy", "get").path, None)]


async def test_get_takes_the_address_of_the_heading_where_the_profile_says_so(
    tenant: Tenant, settings: ServiceSettings
) -> None:
    tenant.answers["/685736803322032128"] = good({"_id": "685736803322032128"})
    service = UseasyService(replace(settings, options={"find_path": ""}))
    await service.get("685736803322032128")
    await service.aclose()
    assert tenant.calls() == [("GET", f"{CRM}/685736803322032128", None)]


def test_another_find_path_is_refused(settings: ServiceSettings) -> None:
    with pytest.raises(ConfigError, match="'find'"):
        UseasyService(replace(settings, options={"find_path": "find"}))


async def test_the_delete_sample_round_trips(tenant: Tenant, useasy: UseasyService) -> None:
    call = sample_curl("useasy", "delete")
    tenant.answers["/delete"] = call.answer
    await useasy.delete("685736803368169472")
    assert tenant.calls() == [("POST", call.path, call.body)]


async def test_the_field_list_sample_round_trips(vendor: Loopback, tenant: Tenant, useasy: UseasyService) -> None:
    call = sample_curl("useasy", "fields")
    tenant.answers[FIELDS] = call.answer
    address = (await useasy.fields())[-1]
    assert (vendor.seen[0].method, vendor.seen[0].path, vendor.seen[0].body) == ("POST", call.path, call.body)
    assert (address.code, address.label, address.required) == (ADDRESS, "详细地址", False)


async def test_the_field_answer_of_placeholders_is_no_success(tenant: Tenant, useasy: UseasyService) -> None:
    tenant.answers[FIELDS] = sample_json("useasy", "fields_answer")
    with pytest.raises(ProtocolError, match="success and failure at once") as caught:
        await useasy.fields()
    assert (caught.value.code, caught.value.detail) == ("string", "string")
