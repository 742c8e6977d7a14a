"""A tenant to ask about: what is configured, who works there, and a few customers who differ in what is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tui.model.customer import (
    Cascade,
    CascadeChoice,
    Choice,
    Contact,
    Customer,
    CustomValue,
    FieldSpec,
    FieldType,
    FollowUser,
    Gender,
    Tag,
)
from tui.model.query.field_values import epoch
from tui.model.query.meaning import SeenCustomer
from tui.model.query.query_names import Colleague, Vocabulary

NOW = datetime(2024, 11, 20, 14, 2, tzinfo=UTC)
"""A Wednesday."""

REGIONS = Cascade(
    levels=3,
    children=(
        CascadeChoice(
            key="31",
            label="上海市",
            children=(
                CascadeChoice(key="3101", label="市辖区", children=(CascadeChoice(key="310115", label="浦东新区"),)),
            ),
        ),
        CascadeChoice(key="11", label="北京市", children=(CascadeChoice(key="1101", label="市辖区"),)),
    ),
)

SPECS = (
    FieldSpec(
        code="select_1",
        label="客户等级",
        type=FieldType.CHOICE,
        choices=(Choice(key="1", label="重要客户"), Choice(key="2", label="普通客户"), Choice(key="3", label="A, B")),
    ),
    FieldSpec(code="area_1", label="所在地区", type=FieldType.CASCADE, cascade=REGIONS),
    FieldSpec(code="number_1", label="年采购额", type=FieldType.NUMBER),
    FieldSpec(code="date_1", label="签约日期", type=FieldType.DATE),
    FieldSpec(code="datetime_1", label="回访时间", type=FieldType.DATETIME),
    FieldSpec(code="name", label="客户名字"),
    FieldSpec(code="custom.company", label="开票公司"),
    FieldSpec(code="twice_1", label="来源"),
    FieldSpec(code="twice_2", label="来源"),
)

VOCABULARY = Vocabulary(
    specs=SPECS,
    seen={"name": "", "custom.1004": "", "custom.staffName": "Agent in charge"},
    tags=("VIP", "重要", "Key Account"),
    colleagues=(Colleague("rocky", "张三"), Colleague("lilei", "李雷")),
    me="rocky",
    profile="crm",
    dialect="useasy",
)


def at(text: str) -> datetime:
    """The moment that `text` is in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seen(id: str, place: int = 1, *, custom: dict[str, Any] | None = None, **rest: Any) -> SeenCustomer:
    """A customer with `id`, and what the desk knows of it where `rest` tells."""
    desk = {name: rest.pop(name) for name in ("added_at", "last_at", "next_at", "states") if name in rest}
    moments = {name: epoch(at(value)) for name, value in desk.items() if name.endswith("_at")}
    values = tuple(CustomValue(code=code, label=code, value=value) for code, value in (custom or {}).items())
    customer = Customer(id=id, custom=values, **rest)
    seen_at = epoch(NOW) or 0
    return SeenCustomer(customer, place, seen_at - 60 * place, profile="crm", dialect="useasy", **{**desk, **moments})


CUSTOMERS = (
    seen(
        "wm1", 1, name="李四", company="上海远航食品有限公司", gender=Gender.FEMALE,
        phones=(Contact(value="+86 138-1234-5678"),), emails=(Contact(value="LiSi@Example.com"),),
        follow_users=(
            FollowUser(user_id="rocky", name="张三", remark="李总-VIP", tags=(Tag(name="VIP"),)),
            FollowUser(user_id="lilei", name="李雷", remark="四姐"),
        ),
        added_at="2024-11-18", created_at=at("2024-11-18T09:00"), states=("sent",),
        last_at="2024-11-19T10:00", next_at="2024-11-20T09:30",
        custom={
            "select_1": "1", "area_1": ("31", "3101", "310115"), "number_1": "25000", "date_1": "2024-10-01",
            "datetime_1": "2024-11-19T08:00:00+08:00", "1004": "重要",
        },
    ),
    seen(
        "wm2", 2, name="王五", company="北京博雅", gender=Gender.MALE, phones=(Contact(value="010-66778899"),),
        follow_users=(FollowUser(user_id="lilei", name="李雷", remark="王经理", tags=(Tag(name="VIP客户"),)),),
        added_at="2024-10-02", created_at=at("2024-10-02T09:00"), last_at="2024-10-20T10:00",
        custom={"select_1": "普通客户", "area_1": ("11", "1101"), "number_1": "-3.50", "date_1": "2023-12-31"},
    ),
    seen(
        "wm3", 3, name="Zoe", owner="rocky", tags=(Tag(name="重要"), Tag(name="vip")), description="asked for a quote",
        created_at=at("2023-05-01T09:00"), next_at="2024-11-25T09:00", states=("failed", "sent"),
        custom={"number_1": "1,000", "1004": "12", "select_1": "3"},
    ),
    seen("wm4", 4, wechat=(Contact(value="zs_2024"),)),
)  # fmt: skip
