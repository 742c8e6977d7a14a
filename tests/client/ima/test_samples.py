"""Every sample of ima's page, letter for letter, goes out or comes in as it stands there."""

from __future__ import annotations

import re

import pytest

from tests.client.ima.tenant import DETAIL, PATH, Tenant
from tests.client.samples import sample, sample_json
from tui.client.field_encoding import FieldEncoding
from tui.client.ima import ImaService
from tui.client.ima.fields import STANDARD, UNLISTED
from tui.client.ima.records import read_detail, write_body
from tui.client.ima.service import REFUSALS, SUCCESS
from tui.client.service import ServiceSettings, open_service
from tui.model.customer import Contact, Customer, CustomValue, FieldSpec, FieldValue, Tag
from tui.model.errors import AuthError, KehuError, VendorError

BODY: dict[str, object] = sample_json("ima", "update_body")
ANSWER = sample_json("ima", "update_answer")


async def test_the_registry_opens_it(settings: ServiceSettings) -> None:
    service = open_service(settings)
    assert isinstance(service, ImaService)
    await service.aclose()


def test_the_body_sample_is_what_its_values_become() -> None:
    specs = (*STANDARD, *UNLISTED, FieldSpec(code="1", param="1", label="1"))
    codes = ("name", "company", "customerGroupId", "phone", "telephone", "email", "external_id", "description")
    values: dict[str, FieldValue] = dict.fromkeys((*codes, "principalEmail", "1"), "1")
    values["tags"] = ("1",)
    before = Customer(id="1", custom=(CustomValue(code="1", label="1", value="0", remark="1"),))
    assert write_body(values, specs, FieldEncoding(), before) == BODY


async def test_an_update_puts_its_body_under_the_customers_id(tenant: Tenant, ima: ImaService) -> None:
    await ima.update("1", {"name": "1", "description": "1", "tags": ("1",), "principalEmail": "a@b.cn"})
    (call,) = tenant.calls()
    assert (call.method, call.path, call.query) == ("PUT", PATH, {"customerId": "1"})
    assert call.body == {"name": "1", "desc": "1", "tag": "1", "principalEmail": "a@b.cn"}
    assert call.headers["content-type"] == "application/json"


async def test_the_answer_sample_is_a_customer(tenant: Tenant, ima: ImaService) -> None:
    customer = (await ima.update("1", {"name": "x"})).customer
    assert customer == read_detail(ANSWER["data"], {"1": FieldSpec(code="1", param="1", label="字段1")})
    assert (customer.id, customer.name, customer.company, customer.owner) == ("1", "string", "1", "王五")
    assert customer.phones == (Contact(value="1"), Contact(value="1", memo="landline"))
    assert customer.emails == (Contact(value="1"),)
    assert customer.tags == (Tag(name="string"),)
    assert customer.description == "string"
    assert customer.custom == (
        CustomValue(code="external_id", label="External id", value="1"),
        CustomValue(code="customerGroupId", label="Company id", value="1"),
        CustomValue(code="staffName", label="Agent in charge", value="1"),
        CustomValue(code="productName", label="Channel", value="1"),
        CustomValue(code="1", label="字段1", value="1", remark="1"),
    )
    assert (customer.created_at, customer.updated_at) == (None, None)


async def test_a_customer_marked_as_deleted_and_merged_is_shown_with_its_marks(tenant: Tenant, ima: ImaService) -> None:
    tenant.answers["GET", DETAIL] = ANSWER
    customer = await ima.get("1")
    record = customer.raw["customer"]
    assert (record["deleted"], record["isDeleted"], record["mergeCustomerId"]) == (True, False, "1")
    assert record["blacklist"] == "0"


def codes_of_the_page() -> dict[str, str]:
    """The page's last table."""
    return dict(re.findall(r"^(\d{5}) \|\n(.+?) \|$", sample("ima", "codes"), re.MULTILINE))


def test_every_code_of_the_page_has_an_error_but_success() -> None:
    assert set(codes_of_the_page()) == {SUCCESS, *REFUSALS}


@pytest.mark.parametrize(
    ("code", "words", "kind", "told"),
    [
        ("20001", "请求失败", VendorError, "the vendor says that the call failed"),
        ("21002", "认证失败,请重新登录", AuthError, "the vendor does not accept the app id and its signature"),
        ("21012", "用户名或密码错误", AuthError, "the user name or the password is wrong"),
        ("21013", "错误超过限制,需要验证码通过", AuthError, "too many mistakes"),
        ("21116", "非法的公司类型", VendorError, "the kind of company is not allowed"),
        ("21112", "该账号已被注册", VendorError, "this account is registered already"),
        ("21114", "激活码已过期", AuthError, "the activation code has expired"),
        ("21115", "激活码错误", AuthError, "the activation code is wrong"),
        ("29999", "新的错误", VendorError, "the vendor refused"),
    ],
)
async def test_each_code_is_told_by_name(
    tenant: Tenant, ima: ImaService, code: str, words: str, kind: type[KehuError], told: str
) -> None:
    assert codes_of_the_page().get(code, "新的错误") == words
    tenant.answers["GET", DETAIL] = {"code": code, "data": None, "message": words}
    with pytest.raises(KehuError) as caught:
        await ima.get("1")
    assert type(caught.value) is kind
    assert str(caught.value).startswith(told)
    assert str(caught.value).endswith(f"{words} (code {code})")
