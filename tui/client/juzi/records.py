"""JuziBot's customers and tag groups (page, "Customer List") as our models."""

from __future__ import annotations

from collections.abc import Mapping

from tui.client.json_values import Record, id_of, records_of, text_of, time_of, unreadable, whole_of
from tui.model.customer import Customer, FollowUser, Gender, Tag, TagGroup, TagKind

GENDERS: Mapping[str, Gender] = {
    **dict.fromkeys(("1", "male", "男"), Gender.MALE),
    **dict.fromkeys(("2", "female", "女"), Gender.FEMALE),
}
"""As the page has it, and in words; 0 and whatever else may come is unknown."""
KINDS: Mapping[str, str] = {"1": "wechat", "2": "wecom"}
TAG_KINDS: Mapping[str, TagKind] = {"1": TagKind.CORP, "2": TagKind.PERSONAL}

ID = "externalUserId"
ID_KEYS = (ID, "unionId")
"""What a record that cannot be read may still be told by."""


class CustomerReader:
    """Reads the customers of one page, which share most of their tags: each tag is made once."""

    def __init__(self) -> None:
        self._tags: dict[tuple[object, ...], Tag] = {}

    def read(self, record: object) -> Customer:
        """The customer that `record` is, or an unreadable one."""
        if not isinstance(record, dict) or (customer_id := id_of(record.get(ID))) is None:
            return unreadable(record, *ID_KEYS)
        follow_users = tuple([self._follow_user(item) for item in records_of(record.get("followUser")) if item])
        times = [user.added_at for user in follow_users if user.added_at]
        return Customer(
            id=customer_id,
            union_id=id_of(record.get("unionId")),
            name=text_of(record.get("name")),
            gender=GENDERS.get(text_of(record.get("gender")).lower(), Gender.UNKNOWN),
            kind=_kind(record.get("type")),
            owner=(follow_users[0].name or follow_users[0].user_id) if follow_users else "",
            follow_users=follow_users,
            created_at=min(times, default=None),
            raw=record,
        )

    def _follow_user(self, record: Record) -> FollowUser:
        return FollowUser(
            user_id=text_of(record.get("userId")),
            name=text_of(record.get("name")),
            remark=text_of(record.get("remark")),
            description=text_of(record.get("description")),
            added_at=time_of(record.get("createTimestamp")),
            tags=tuple([self._tag(item) for item in records_of(record.get("tags"))]),
        )

    def _tag(self, record: Record) -> Tag:
        key = (record.get("groupName"), record.get("tagName"), record.get("type"), record.get("tagId"))
        try:
            known = self._tags.get(key)
        except TypeError:  # a list or an object where a text belongs
            return _tag(*key)
        if known is None:
            known = self._tags[key] = _tag(*key)
        return known


def _kind(value: object) -> str:
    number = text_of(value)
    return KINDS.get(number, number)


def _tag(group: object, name: object, kind: object, tag_id: object) -> Tag:
    return Tag(
        name=text_of(name),
        group=text_of(group),
        kind=TAG_KINDS.get(text_of(kind), TagKind.PLAIN),
        id=id_of(tag_id),
    )


def read_tag_group(record: Record) -> TagGroup:
    """A corp tag group of `tag/list` (vendor-docs/README.md), its tags in the vendor's order."""
    name = text_of(record.get("name"))
    tags = sorted(records_of(record.get("tags")), key=_order)
    return TagGroup(
        id=text_of(record.get("id")),
        name=name,
        order=_order(record),
        created_at=time_of(record.get("createTimestamp")),
        tags=tuple(_tag(name, tag.get("name"), "1", tag.get("id")) for tag in tags),
    )


def _order(record: Record) -> int:
    return whole_of(record.get("order")) or 0
