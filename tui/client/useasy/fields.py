"""Useasy's field configuration (page, section 6) as `FieldSpec`s, and the fields that the page itself documents.

The page leaves open what `type` may say beside `text`, so a field's kind is told by its shape first: `choices` make a
choice, `options` a cascade; familiar words in `type` come next, and all else is text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from types import MappingProxyType

from tui.client.json_values import Record, flag_of, list_of, records_of, text_of, whole_of
from tui.model.customer import Cascade, CascadeChoice, Choice, FieldSpec, FieldType
from tui.model.errors import N_
from tui.model.field_names import custom_code

STANDARD = (
    FieldSpec(code="name", param="customerName", label=N_("Name"), required=True),
    FieldSpec(code="phones", param="mobile", label=N_("Phones"), type=FieldType.PHONE, contacts=True),
    FieldSpec(code="emails", param="email", label=N_("E-mails"), type=FieldType.EMAIL, contacts=True),
    FieldSpec(code="qq", param="qq", label=N_("QQ"), contacts=True),
    FieldSpec(code="wechat", param="wechat", label=N_("WeChat"), contacts=True),
    FieldSpec(code="owner", param="owner", label=N_("Owner")),
    FieldSpec(code="assignTime", param="assignTime", label=N_("Assigned at"), type=FieldType.DATETIME),
    FieldSpec(code="createMethod", param="createMethod", label=N_("Created via")),
    FieldSpec(code="visitorId", param="visitorId", label=N_("Visitor id")),
    FieldSpec(code="firstOwner", param="firstOwner", label=N_("First owner"), editable=False),
    FieldSpec(
        code="firstAssignTime",
        param="firstAssignTime",
        label=N_("First assigned"),
        type=FieldType.DATETIME,
        editable=False,
    ),
)
"""What `add` takes by its table (1.2) and its neighbouring page (`owner`), and what an answer alone tells (3.2); a
tenant's configuration may list them too, and then says what they are called and whether they are required."""

UNLISTED = (FieldSpec(code="customerSource", param="customerSource", label=N_("Source"), type=FieldType.CHOICES),)
"""What `add` takes by its example alone: sent when asked for, offered only where the configuration lists it."""

AUTOMATIC = frozenset(
    {
        *("_id", "accountId", "createTime", "createAgent", "updateTime", "updateAgent"),
        *("firstOwner", "firstAssignTime"),
    }
)
"""What the vendor fills in by itself; never editable, whatever the configuration says."""

LISTS = frozenset({"customerSource"})
"""Choices that the page's examples write as a list: they are of several."""

MOST_LEVELS = 16
"""How deep a cascade is read; a tree that goes deeper is no list that a person chooses from."""

DROPPED = -1
"""A field's `status` when it was deleted; 0 is switched off, 1 in use."""

_WORDS = MappingProxyType(
    {
        "textarea": FieldType.TEXTAREA,
        "multiline": FieldType.TEXTAREA,
        "auto": FieldType.TEXT,  # a number that the vendor makes up: KH00000001
        "multi": FieldType.CHOICES,
        "checkbox": FieldType.CHOICES,
        "datetime": FieldType.DATETIME,
        "date": FieldType.DATE,
        "percent": FieldType.PERCENT,
        "number": FieldType.NUMBER,
        "phone": FieldType.PHONE,
        "mobile": FieldType.PHONE,
        "mail": FieldType.EMAIL,
        "attachment": FieldType.ATTACHMENT,
    }
)
"""Words in `type`, the first that is found counting."""


def read_fields(
    lines: Iterable[object], lists: Collection[str] = (), fixed: Collection[str] = ()
) -> tuple[FieldSpec, ...]:
    """The field configuration: the page's own fields first, then the tenant's in the order of their `sort`.

    `lists` are the params whose values were seen to be lists, `fixed` those that cannot be edited. Lines that are no
    objects, that name no field, or whose field was deleted are left out.
    """
    records = sorted(records_of(list(lines)), key=lambda line: whole_of(line.get("sort")) or 0)
    found = [
        _read_field(line, param, lists, fixed)
        for line in records
        if (param := _param(line)) and whole_of(line.get("status")) != DROPPED
    ]
    configured = {spec.param: spec for spec in found}
    standard = [_merged(spec, configured.pop(spec.param, None)) for spec in STANDARD]
    return (*standard, *configured.values())


def params_of(lines: Iterable[object]) -> frozenset[str]:
    """The fields that `lines` of the configuration name, by the vendor's own names."""
    return frozenset(filter(None, map(_param, records_of(list(lines)))))


def _param(line: Record) -> str:
    return next(filter(None, (text_of(line.get(key)) for key in ("param", "field", "glFieldId"))), "")


def _read_field(line: Record, param: str, lists: Collection[str], fixed: Collection[str]) -> FieldSpec:
    choices = _choices(line.get("choices"))
    cascade = _cascade(line.get("options"))
    kind = _kind(text_of(line.get("type")), choices, cascade, several=param in lists or param in LISTS)
    on, told = flag_of(line.get("status")), flag_of(line.get("editable"))
    return FieldSpec(
        code=custom_code(param),
        param=param,
        label=text_of(line.get("name")) or param,
        type=kind,
        required=bool(flag_of(line.get("required"))),
        editable=kind is not FieldType.ATTACHMENT and param not in AUTOMATIC | set(fixed) and told is not False,
        enabled=(flag_of(line.get("enabled")) if on is None else on) is not False,
        default=_default(kind, choices),
        choices=choices,
        cascade=cascade,
        searchable=flag_of(line.get("searchable")) is not False,
    )


def _default(kind: FieldType, choices: tuple[Choice, ...]) -> str:
    """The keys of the default choices, with commas between several: one of a choice, any of a choice of several."""
    marked = [choice.key for choice in choices if choice.default]
    return ",".join(marked if kind is FieldType.CHOICES else marked[:1])


def _merged(standard: FieldSpec, configured: FieldSpec | None) -> FieldSpec:
    """`standard`, called and restricted as the tenant's configuration says; its shape stays the page's."""
    if configured is None:
        return standard
    keep = {"code", "contacts"}
    if standard.contacts or configured.type is FieldType.TEXT:
        keep |= {"type", "choices", "cascade", "default"}
    merged = configured.model_copy(update={name: getattr(standard, name) for name in keep})
    return merged.model_copy(update={"required": standard.required or configured.required})


def _kind(word: str, choices: tuple[Choice, ...], cascade: Cascade | None, *, several: bool) -> FieldType:
    known = next((kind for part, kind in _WORDS.items() if part in word.casefold()), FieldType.TEXT)
    if choices:
        return FieldType.CHOICES if several or known is FieldType.CHOICES else FieldType.CHOICE
    return FieldType.CASCADE if cascade else known


def _choices(value: object) -> tuple[Choice, ...]:
    found = []
    for item in list_of(value):
        line = item if isinstance(item, dict) else {"key": item}
        if name := _name(line):
            found.append(Choice(key=name[0], label=name[1], default=bool(flag_of(line.get("isDefault")))))
    return tuple(found)


def _name(line: Record) -> tuple[str, str] | None:
    """A choice's key and label; where one is missing the other stands for both."""
    key, label = text_of(line.get("key")), text_of(line.get("value"))
    return (key or label, label or key) if key or label else None


def _cascade(value: object) -> Cascade | None:
    tree = value if isinstance(value, dict) else {"children": value}
    children = _children(tree.get("children"))
    if not children:
        return None
    levels = whole_of(tree.get("level")) or _depth(children)
    return Cascade(levels=levels, required_levels=max(0, whole_of(tree.get("fillLevel")) or 0), children=children)


def _children(value: object, levels: int = MOST_LEVELS) -> tuple[CascadeChoice, ...]:
    return tuple(
        CascadeChoice(key=name[0], label=name[1], children=_children(line.get("children"), levels - 1))
        for line in (records_of(value) if levels else ())
        if (name := _name(line))
    )


def _depth(children: tuple[CascadeChoice, ...]) -> int:
    return 1 + max(_depth(child.children) for child in children) if children else 0
