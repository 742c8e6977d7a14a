"""Which field a vendor means that refuses a change: its words and its code against the field configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tui.locale import _
from tui.model.change import Change, Kind
from tui.model.characters import fold
from tui.model.customer import FieldSpec
from tui.model.errors import N_

REMARK_FIELDS = (FieldSpec(code="remark", label=N_("Remark")), FieldSpec(code="description", label=N_("Description")))
"""The texts of a remark, as fields."""

FOLLOW_FIELDS = (FieldSpec(code="content", label=N_("Follow-up")), FieldSpec(code="at", label=N_("When")))
"""What a follow-up consists of, as fields."""

_PHONE = ("phone", "mobile", "telephone", "手机", "电话")
_EMAIL = ("email", "e-mail", "mail", "邮箱", "邮件")
_CALLED: Mapping[str, Sequence[str]] = {
    "name": ("name", "姓名", "名称", "名字"),
    "company": ("company", "公司", "企业"),
    "phones": _PHONE,
    "phone": _PHONE,
    "telephone": ("telephone", "landline", "电话", "座机"),
    "emails": _EMAIL,
    "email": _EMAIL,
    "wechat": ("wechat", "微信"),
    "owner": ("owner", "归属", "负责人"),
    "tags": ("tag", "tags", "标签"),
    "remark": ("remark", "备注"),
    "description": ("description", "描述"),
    "content": ("content", "text", "内容"),
    "at": ("timestamp", "时间"),
}
"""What vendors call a field in a sentence, beside its label and its own name."""


def refused_fields(change: Change, specs: Iterable[FieldSpec]) -> tuple[str, ...]:
    """Return the codes of the fields that the reason names for which `change` was refused, where it names any.

    A field is meant by its code, the vendor's own name for it or its label; else, among those that were sent, by what
    its kind is commonly called: `phone already exists`.
    """
    fields = {Kind.REMARK: REMARK_FIELDS, Kind.FOLLOW: FOLLOW_FIELDS}.get(change.kind) or tuple(specs)
    if change.code in {spec.code for spec in fields}:
        return (change.code,)
    named = {spec.code: (spec.code, spec.param, spec.label, _(spec.label)) for spec in fields}
    found = _mentioned(change.message, named)
    if found:
        return found
    sent = change.request.get("values", named)
    return _mentioned(change.message, {code: _CALLED[code] for code in named if code in sent and code in _CALLED})


def _mentioned(message: str, named: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Those of the codes of `named` of which a name stands in `message`, a longer name before one that is in it."""
    text = fold(message)
    found: dict[str, int] = {}
    names = {(fold(name), code) for code, some in named.items() for name in some if len(name) > 1}
    for name, code in sorted(names, key=lambda item: (-len(item[0]), item)):
        # A word of Latin letters or digits is whole; Chinese has no blanks between words.
        match = re.search(rf"(?<![a-z0-9_]){re.escape(name)}(?![a-z0-9_])", text) if name.isascii() else None
        place = match.start() if match else -1 if name.isascii() else text.find(name)
        if place >= 0:
            found.setdefault(code, place)
            text = f"{text[:place]}{' ' * len(name)}{text[place + len(name) :]}"
    return tuple(sorted(found, key=found.__getitem__))
