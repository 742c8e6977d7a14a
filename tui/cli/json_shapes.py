"""The JSON that scripts read: exactly these keys, whichever vendor. `docs/json.md` tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.outcome import FieldChange
    from tui.model.customer import (
        Cascade,
        CascadeChoice,
        Contact,
        Customer,
        CustomValue,
        Failure,
        FieldSpec,
        FieldValue,
        FollowUser,
        Page,
        Tag,
    )

JSON = Mapping[str, object]

Whereabouts = Mapping[str, Sequence[str]]
"""In which profiles each customer is known to be, by its id; its own first."""


def customer_json(customer: Customer, profile: Profile, specs: Sequence[FieldSpec] = ()) -> JSON:
    """One customer; its custom fields have the labels and the order of `specs`."""
    return {
        "id": customer.id,
        "union_id": customer.union_id,
        "name": customer.name,
        "company": customer.company,
        "gender": customer.gender.value,
        "kind": customer.kind,
        "phones": _contacts(customer.phones),
        "emails": _contacts(customer.emails),
        "wechat": _contacts(customer.wechat),
        "qq": _contacts(customer.qq),
        "tags": [_tag(tag) for tag in customer.tags],
        "owner": customer.owner,
        "description": customer.description,
        "custom": [_custom(value) for value in labelled(customer.custom, specs)],
        "follow_users": [_follow_user(user) for user in customer.follow_users],
        "created_at": _time(customer.created_at),
        "updated_at": _time(customer.updated_at),
        "profile": profile.name,
        "dialect": profile.dialect,
    }


def customers_json(
    customers: Sequence[Customer],
    profile: Profile,
    specs: Sequence[FieldSpec] = (),
    known: Whereabouts | None = None,
) -> list[JSON]:
    """`customers`; of a search, `known` tells in which profiles each of them is."""
    told = [customer_json(customer, profile, specs) for customer in customers]
    if known is None:
        return told
    return [{**item, "profiles": list(known[customer.id])} for item, customer in zip(told, customers, strict=True)]


def page_json(page: Page, profile: Profile, specs: Sequence[FieldSpec] = (), known: Whereabouts | None = None) -> JSON:
    """One page of customers; see `customers_json`."""
    return {
        "page": page.page,
        "size": page.size,
        "total": page.total,
        "items": customers_json(page.items, profile, specs, known),
    }


def field_json(spec: FieldSpec) -> JSON:
    """One line of the field configuration; `cascade` is null for a field that is none."""
    return {
        "code": spec.code,
        "label": spec.label,
        "type": spec.type.value,
        "required": spec.required,
        "editable": spec.editable,
        "enabled": spec.enabled,
        "sensitive": spec.sensitive,
        "default": spec.default,
        "choices": [{"key": item.key, "label": item.label, "default": item.default} for item in spec.choices],
        "cascade": _cascade(spec.cascade) if spec.cascade else None,
    }


def batch_json(applied: int, failures: Sequence[Failure]) -> JSON:
    """How many changes were applied, and which were not."""
    return {
        "applied": applied,
        "failed": [
            {"customer": item.customer, "user_id": item.user_id, "code": item.code, "message": item.message}
            for item in failures
        ],
    }


def change_json(change: FieldChange) -> JSON:
    """One field before and after."""
    return {
        "code": change.code,
        "label": change.label,
        "before": value_json(change.before),
        "after": value_json(change.after),
    }


def labelled(custom: Sequence[CustomValue], specs: Sequence[FieldSpec]) -> list[CustomValue]:
    """`custom` with the labels that `specs` give, and in their order; what is in no configuration comes last.

    A record that was read before the field configuration was knows its fields by their codes alone.
    """
    places = {spec.code: place for place, spec in enumerate(specs)}
    named = [
        value.model_copy(update={"label": specs[places[value.code]].label}) if value.code in places else value
        for value in custom
    ]
    return sorted(named, key=lambda value: places.get(value.code, len(places)))


def value_json(value: FieldValue) -> object:
    """A field's value: a text, a list of texts, or a list of contacts."""
    if isinstance(value, str):
        return value
    return [item if isinstance(item, str) else {"value": item.value, "memo": item.memo} for item in value]


def _contacts(contacts: Sequence[Contact]) -> object:
    return [{"value": contact.value, "memo": contact.memo} for contact in contacts]


def _tag(tag: Tag) -> JSON:
    return {"group": tag.group, "name": tag.name, "kind": tag.kind.value, "id": tag.id}


def _custom(custom: CustomValue) -> JSON:
    return {
        "code": custom.code,
        "label": custom.label,
        "value": value_json(custom.value),
        "remark": custom.remark,
    }


def _follow_user(user: FollowUser) -> JSON:
    return {
        "user_id": user.user_id,
        "name": user.name,
        "remark": user.remark,
        "description": user.description,
        "added_at": _time(user.added_at),
        "tags": [_tag(tag) for tag in user.tags],
    }


def _cascade(cascade: Cascade) -> JSON:
    return {
        "levels": cascade.levels,
        "required_levels": cascade.required_levels,
        "children": [_cascade_choice(child) for child in cascade.children],
    }


def _cascade_choice(choice: CascadeChoice) -> JSON:
    return {
        "key": choice.key,
        "label": choice.label,
        "children": [_cascade_choice(child) for child in choice.children],
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
