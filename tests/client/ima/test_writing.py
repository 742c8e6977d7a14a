"""What is sent to ima when a customer is created or changed, and what is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.client.ima.tenant import DETAIL, Tenant, detail
from tui.client.ima import ImaService
from tui.client.service import ServiceSettings
from tui.model.customer import Contact, Customer, CustomValue, FieldValue
from tui.model.errors import InvalidError


async def sent(
    tenant: Tenant, ima: ImaService, values: dict[str, FieldValue], before: Customer | None = None
) -> object:
    """The body of an update."""
    await ima.update("1", values, before)
    return tenant.calls()[-1].body


async def test_only_changed_custom_fields_are_sent_with_the_remarks_they_have(tenant: Tenant, ima: ImaService) -> None:
    before = Customer(
        id="1",
        custom=(
            CustomValue(code="1", label="1", value="a", remark="keep me"),
            CustomValue(code="must", label="must", value="b", remark="not changed"),
        ),
    )
    body = await sent(tenant, ima, {"1": "c", "count": "12"}, before)
    assert body == {
        "customerDictList": [{"dictCode": "1", "value": "c", "remark": "keep me"}, {"dictCode": "count", "value": "12"}]
    }


async def test_values_are_written_as_texts_by_their_types(tenant: Tenant, ima: ImaService) -> None:
    values: dict[str, FieldValue] = {
        "several": ("k1", "k2"),
        "one": "二",
        "day": "2024-11-14",
        "moment": "2024-11-14T01:46:17+00:00",
        "custom.name": "x",
        "tags": ("VIP", "老客户"),
    }
    assert await sent(tenant, ima, values) == {
        "customerDictList": [
            {"dictCode": "several", "value": "k1,k2"},
            {"dictCode": "one", "value": "k2"},
            {"dictCode": "day", "value": "2024-11-14"},
            {"dictCode": "moment", "value": "2024-11-14 09:46:17"},
            {"dictCode": "name", "value": "x"},
        ],
        "tag": "VIP,老客户",
    }


async def test_labels_are_written_where_the_tenants_records_hold_labels(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = detail([{"dictCode": "several", "value": "一"}, {"dictCode": "one", "value": "k1"}])
    await ima.fields()
    before = await ima.get("1")
    assert await sent(tenant, ima, {"several": ("k1", "k2"), "one": "k2"}, before) == {
        "customerDictList": [{"dictCode": "several", "value": "一,二"}, {"dictCode": "one", "value": "k2"}]
    }


async def test_empty_values_clear_their_fields(tenant: Tenant, ima: ImaService) -> None:
    values: dict[str, FieldValue] = {"phone": "", "tags": (), "several": (), "moment": ""}
    assert await sent(tenant, ima, values) == {
        "phone": "",
        "tag": "",
        "customerDictList": [{"dictCode": "several", "value": ""}, {"dictCode": "moment", "value": ""}],
    }


@pytest.mark.parametrize(
    ("values", "body"),
    [
        (
            {"phones": (Contact(value="139"), Contact(value="021", memo="landline"))},
            {"phone": "139", "telephone": "021"},
        ),
        ({"phones": (Contact(value="021", memo="landline"),)}, {"phone": "", "telephone": "021"}),
        ({"phones": ()}, {"phone": "", "telephone": ""}),
        ({"emails": (Contact(value="a@b.cn"),)}, {"email": "a@b.cn"}),
        ({"emails": ()}, {"email": ""}),
    ],
)
async def test_contact_rows_spread_over_the_vendors_single_fields(
    tenant: Tenant, ima: ImaService, values: dict[str, FieldValue], body: object
) -> None:
    assert await sent(tenant, ima, values) == body


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"phones": (Contact(value="139"), Contact(value="138"))}, "phone.*takes one value, not 2"),
        ({"phones": (Contact(value="139", memo="本人"),)}, "phone.*takes no memo"),
        ({"emails": (Contact(value="a@b.cn", memo="landline"),)}, "mail.*takes no memo"),
        ({"email": "1"}, "email.*takes an e-mail address"),
        ({"phone": "139****1234"}, "phone.*takes a phone number"),
        ({"one": "k3"}, "one.*has no choice 'k3'"),
        ({"count": "many"}, "count.*takes a number"),
        ({"must": ""}, "must.*must not be empty"),
        ({"owner": "张三"}, "owner cannot be changed"),
        ({"tags": ("a,b",)}, "tags takes no comma, as in 'a,b'"),
        ({"extrenal_id": "x"}, "there is no field 'extrenal_id'"),
        ({}, "no value is given"),
    ],
)
async def test_a_value_that_breaks_a_rule_is_refused_before_anything_is_sent(
    tenant: Tenant, ima: ImaService, values: dict[str, FieldValue], words: str
) -> None:
    with pytest.raises(InvalidError, match=words):
        await ima.update("1", values)
    assert tenant.calls() == []


async def test_a_create_without_a_required_field_is_refused(tenant: Tenant, ima: ImaService) -> None:
    with pytest.raises(InvalidError, match="must be given") as caught:
        await ima.create({"name": "x"})
    assert caught.value.field == "must"
    assert tenant.calls() == []


async def test_without_the_definitions_any_name_is_the_vendors_own(tenant: Tenant, settings: ServiceSettings) -> None:
    service = ImaService(replace(settings, disable=frozenset({"fields"})))
    body = await sent(tenant, service, {"name": "x", "42": "y"})
    await service.aclose()
    assert body == {"name": "x", "customerDictList": [{"dictCode": "42", "value": "y"}]}
