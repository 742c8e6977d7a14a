"""Customers and changes, as short as a test needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.model.customer import Contact, Customer, FollowUser, Tag
from tui.store.outbox import Kind, NewChange
from tui.store.rows import Listing

SEEN_AT = 1_700_000_000.0


def customer(id: str, name: str = "", *, phones: Sequence[str] = (), **rest: Any) -> Customer:
    """A customer with `id` and `name`."""
    return Customer(id=id, name=name, phones=tuple(Contact(value=phone) for phone in phones), **rest)


def follower(user_id: str, name: str = "", remark: str = "", *tags: str, **rest: Any) -> FollowUser:
    """A colleague with the `tags` that they gave."""
    return FollowUser(
        user_id=user_id, name=name, remark=remark, tags=tuple(Tag(name=tag, group="组") for tag in tags), **rest
    )


def people(count: int) -> list[Customer]:
    """`count` customers that differ in all that is indexed."""
    return [
        customer(
            f"wm{number:08}",
            f"张三{number}",
            union_id=f"oz{number:08}",
            company=f"上海{number}有限公司",
            phones=[f"138{number:08}"],
            follow_users=(follower("rocky", "张三", f"张总{number}", "重要客户"), follower(f"u{number % 7}", "李雷")),
            raw={"externalUserId": f"wm{number:08}", "avatar": f"http://wx.qlogo.cn/mmhead/{number:040}/0"},
        )
        for number in range(count)
    ]


def new_change(kind: Kind = Kind.REMARK, customer_id: str = "wm1", **rest: Any) -> NewChange:
    """A change to be recorded: a remark, which may be sent twice, unless told otherwise."""
    given: dict[str, Any] = {
        "request": {"user_id": "rocky", "remark": "张总"},
        "repeatable": kind in (Kind.UPDATE, Kind.REMARK),
        **rest,
    }
    return NewChange(kind=kind, customer_id=customer_id, **given)


def ids(listing: Listing | None) -> list[str]:
    """The ids of the rows of `listing`, in their order."""
    assert listing is not None
    return [row.id for row in listing.rows]
