"""The customer of JuziBot's page, and items of a batch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.client.loopback import Answer, Loopback
from tui.model.customer import Customer, Failure, FollowEntry, FollowText, FollowUser, Gender, Remark, Tag, TagKind

TOKEN = "juzi-token-of-a-test"

CUSTOMER: dict[str, Any] = {
    "externalUserId": "wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg",
    "unionId": "ozynqsulJFCZ2z1aYeS8h-nuasdAAA",
    "name": "李四",
    "avatar": "http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0",
    "gender": 1,
    "type": 1,
    "followUser": [
        {
            "userId": "rocky",
            "name": "张三",
            "remark": "张总",
            "avatar": "http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0",
            "createTimestamp": 1604048292000,
            "tags": [
                {
                    "groupName": "标签组名",
                    "tagName": "标签名",
                    "type": "1",
                    "tagId": "etDodGBwAA-rmc_3HDr84OnvfycgOQQQ",
                },
                {"groupName": "个人标签", "tagName": "个人标签名", "type": "2"},
            ],
        }
    ],
}
"""The customer of the page's two samples."""

LISI = Customer(
    id="wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg",
    union_id="ozynqsulJFCZ2z1aYeS8h-nuasdAAA",
    name="李四",
    gender=Gender.MALE,
    kind="wechat",
    owner="张三",
    follow_users=(
        FollowUser(
            user_id="rocky",
            name="张三",
            remark="张总",
            added_at=datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC),
            tags=(
                Tag(name="标签名", group="标签组名", kind=TagKind.CORP, id="etDodGBwAA-rmc_3HDr84OnvfycgOQQQ"),
                Tag(name="个人标签名", group="个人标签", kind=TagKind.PERSONAL),
            ),
        ),
    ),
    created_at=datetime(2020, 10, 30, 8, 58, 12, tzinfo=UTC),
    raw=CUSTOMER,
)
"""What a person makes of it."""

LIST = {"errcode": 0, "errmsg": "ok", "data": [CUSTOMER], "total": 100}
DETAIL = {"errcode": 0, "errmsg": "ok", "data": CUSTOMER}
DONE = Answer({"errcode": 0, "errmsg": "ok"})
UNION = "ozynqsulJFCZ2z1aYeS8h-nuasdAAA"


def remark(number: int = 1, **given: Any) -> Remark:
    return Remark(
        **{"customer": f"wm{number}", "union_id": f"o{number}", "user_id": "rocky", "remark": f"第{number}", **given}
    )


def follow(number: int = 1, *contents: str, **given: Any) -> FollowEntry:
    texts = tuple(FollowText(content=content) for content in contents or (f"跟进{number}",))
    return FollowEntry(
        **{"customer": f"wm{number}", "union_id": f"o{number}", "user_id": "rocky", "texts": texts, **given}
    )


def failed(number: int, code: str = "", message: str = "", *, customer: int | None = None, **marks: Any) -> Failure:
    """The failure of the item at `number`, which is by default the one of `remark(`number`)`; `marks` are its flags."""
    who = number if customer is None else customer
    return Failure(index=number, customer=f"wm{who}", user_id="rocky", code=code, message=message, **marks)


def bodies(vendor: Loopback) -> list[dict[str, Any]]:
    """The JSON objects that the vendor was sent."""
    found = [seen.body for seen in vendor.seen]
    return [body for body in found if isinstance(body, dict)]
