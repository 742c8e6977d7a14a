"""The names that a query may use: fields by name, code and label, and what their values are chosen from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tui.model.change import Kind, State
from tui.model.characters import fold
from tui.model.errors import N_
from tui.model.naming import CUSTOM
from tui.model.query.field_values import own_name
from tui.model.query.tree import QueryField, QueryKind

if TYPE_CHECKING:
    from tui.model.customer import CascadeChoice, FieldSpec

SORT = ("sort", "排序")
ME = ("me", "我")


@dataclass(frozen=True, slots=True)
class NamedValue:
    """One of the values that a field is chosen from: how the vendor keeps it, and what people call it."""

    key: str
    names: tuple[str, ...]
    """The first one is shown."""


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field, and all the ways to name it."""

    field: QueryField
    names: tuple[str, ...]
    """The first one is what completion writes."""
    choices: tuple[NamedValue, ...] = ()
    cascade: tuple[CascadeChoice, ...] = ()
    vague: bool = False
    """Nobody says what it holds: it is compared as what it looks like."""


def _own(name: str, label: str, kind: QueryKind, *names: str) -> KnownField:
    return KnownField(QueryField(name, label, kind), (name, *names))


_TEXT, _LABEL, _CHOICE, _MOMENT = QueryKind.TEXT, QueryKind.LABEL, QueryKind.CHOICE, QueryKind.MOMENT

GENDERS = (
    NamedValue("male", (N_("male"), "男")),
    NamedValue("female", (N_("female"), "女")),
    NamedValue("unknown", (N_("unknown"), "未知")),
)

STATES = tuple(
    NamedValue(state.value, names)
    for state, names in {
        State.PENDING: (N_("pending"), "待发送", "等待"),
        State.SENDING: (N_("sending"), "发送中"),
        State.SENT: (N_("sent"), "已发送"),
        State.FAILED: (N_("failed"), "失败"),
        State.UNKNOWN: (N_("unknown"), "未知"),
        State.DISCARDED: (N_("discarded"), "已丢弃", "放弃"),
        State.KEPT: (N_("kept here"), "kept", "仅本地", "本地"),
    }.items()
)

DEEDS = tuple(
    NamedValue(kind.value, names)
    for kind, names in {
        Kind.FOLLOW: (N_("follow-up"), "follow", "跟进"),
        Kind.REMARK: (N_("remark"), "备注"),
        Kind.UPDATE: (N_("edit"), "update", "编辑", "修改"),
        Kind.CREATE: (N_("create"), "created", "新建", "创建"),
        Kind.DELETE: (N_("delete"), "deleted", "删除"),
    }.items()
)
"""What may have been done with a customer from here."""

OF_DEEDS = ("said", "did", "did_by", "did_on")
"""Fields of what was done from here: all that a query says of them is true of one thing that was done."""

OF_COLLEAGUES = ("owner", "did_by")
"""Fields whose values are colleagues."""

OWN_FIELDS: tuple[KnownField, ...] = (
    _own("name", N_("Name"), _TEXT, "姓名", "名字"),
    _own("company", N_("Company"), _TEXT, "公司"),
    _own("remark", N_("Remark"), _TEXT, "remarks", "备注"),
    _own("phones", N_("Phones"), QueryKind.PHONE, "phone", "telephone", "电话", "手机"),
    _own("emails", N_("E-mails"), _TEXT, "email", "邮箱"),
    _own("wechat", N_("WeChat"), _TEXT, "微信"),
    _own("qq", N_("QQ"), _TEXT),
    KnownField(QueryField("tags", N_("Tags"), _LABEL), ("tag", "tags", "标签")),
    _own("owner", N_("Owner"), _LABEL, "follow_users", "follower", "负责人", "跟进人"),
    _own("last", N_("Last contact"), _MOMENT, "last_contact", "上次联系"),
    _own("next", N_("Next contact"), _MOMENT, "next_contact", "下次联系"),
    _own("said", N_("What was said from here"), _TEXT, "说过", "跟进内容"),
    KnownField(QueryField("did", N_("Done from here"), _CHOICE), ("did", "做过"), DEEDS),
    _own("did_by", N_("Done by"), _LABEL, "操作人"),
    _own("did_on", N_("Done on"), _MOMENT, "操作时间"),
    KnownField(QueryField("gender", N_("Gender"), _CHOICE), ("gender", "性别"), GENDERS),
    _own("description", N_("Description"), _TEXT, "描述"),
    _own("added", N_("Added"), _MOMENT, "添加时间"),
    KnownField(QueryField("created_at", N_("Created"), _MOMENT), ("created", "created_at", "创建时间")),
    KnownField(QueryField("updated_at", N_("Updated"), _MOMENT), ("updated", "updated_at", "更新时间")),
    _own("seen", N_("Seen here"), _MOMENT, "看到", "最近看到"),
    KnownField(QueryField("state", N_("State of what was sent"), _CHOICE), ("state", "状态"), STATES),
    _own("id", N_("Id"), _TEXT),
    _own("union_id", N_("Union id"), _TEXT),
    _own("kind", N_("Kind"), _TEXT, "类型"),
    _own("profile", N_("Profile"), _LABEL, "档案"),
    _own("dialect", N_("Dialect"), _LABEL),
)
"""The customer's own fields and what the desk knows of one, those that are asked for most first."""

SPELT_OUT = {"phone": "phones", "telephone": "phones", "email": "emails"}
"""Codes of configured fields that are a part of one of the customer's own."""

_KINDS = {
    "number": QueryKind.NUMBER,
    "percent": QueryKind.NUMBER,
    "date": QueryKind.DAY,
    "datetime": QueryKind.DATETIME,
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who follows or owns customers."""

    user_id: str
    name: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """All that a query may name at one profile."""

    specs: Sequence[FieldSpec] = ()
    """The tenant's field configuration."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """Fields that customers have values in, as the store names them, and what the vendor calls them."""
    tags: Sequence[str] = ()
    colleagues: Sequence[Colleague] = ()
    me: str = ""
    """The acting colleague's id; empty where nobody acts."""
    profile: str = ""
    dialect: str = ""

    @cached_property
    def fields(self) -> tuple[KnownField, ...]:
        """Every field, the customer's own first."""
        own = {known.field.name: known for known in OWN_FIELDS}
        configured: dict[str, KnownField] = {}
        for spec in self.specs:
            name = SPELT_OUT.get(spec.code, spec.code)
            if name not in own:
                configured[own_name(spec.code)] = _configured(spec)
            elif fold(spec.label) not in map(fold, own[name].names):
                known = own[name]
                own[name] = KnownField(known.field, (*known.names, spec.label), known.choices)
        for name, label in self.seen.items():
            if name.startswith(CUSTOM) and name not in configured:
                code = name.removeprefix(CUSTOM)
                field = QueryField(name, label or code)
                configured[name] = KnownField(field, tuple(dict.fromkeys((label or code, code, name))), vague=True)
        return (*own.values(), *configured.values())

    @cached_property
    def _by_name(self) -> dict[str, list[KnownField]]:
        found: dict[str, list[KnownField]] = {}
        for known in self.fields:
            for name in dict.fromkeys(map(plain_name, known.names)):
                found.setdefault(name, []).append(known)
        return found

    def called(self, name: str) -> list[KnownField]:
        """Return the fields that are called `name`; several where a tenant calls two by the same label.

        A name of ours means ours; the tenant's own field of that name is `custom.NAME`. A label that is also one of our
        Chinese names means the tenant's field.
        """
        found = self._by_name.get(plain_name(name), [])
        if len(found) < 2:
            return found
        ours = [known for known in found if not known.field.name.startswith(CUSTOM)]
        if ours and name.isascii():
            return ours
        exact = [known for known in found if known.field.name.removeprefix(CUSTOM) == name.removeprefix(CUSTOM)]
        return exact or [known for known in found if known.field.name.startswith(CUSTOM)]

    def names(self) -> Iterator[str]:
        """Every name that a field goes by."""
        for known in self.fields:
            yield from known.names

    def colleague(self, text: str) -> Colleague | None:
        """Return the colleague whom `text`, an id or a name, means; None for one who was not seen."""
        wanted = fold(text)
        return next((one for one in self.colleagues if wanted in (fold(one.user_id), fold(one.name))), None)


def _configured(spec: FieldSpec) -> KnownField:
    kind = _KINDS.get(spec.type, _TEXT)
    choices: tuple[NamedValue, ...] = ()
    cascade: tuple[CascadeChoice, ...] = ()
    if spec.cascade is not None:
        kind, cascade = QueryKind.CASCADE, spec.cascade.children
    elif spec.choices:
        kind = _CHOICE
        choices = tuple(NamedValue(choice.key, (choice.label, choice.key)) for choice in spec.choices)
    name = own_name(spec.code)
    names = (spec.label or spec.code, spec.code, name)
    return KnownField(QueryField(name, spec.label or spec.code, kind), tuple(dict.fromkeys(names)), choices, cascade)


def plain_name(name: str) -> str:
    """Return `name` as names of fields are compared: in one case, without the gaps between words."""
    return fold(name).replace(" ", "").replace("_", "").replace("-", "")
