"""How fields are named: our own names, the vendors' codes, and which field a person meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui.model.characters import fold
from tui.model.customer import FieldSpec
from tui.model.errors import N_, InvalidError
from tui.model.naming import CUSTOM, nearest

OWN_NAMES = frozenset(
    {
        *("name", "company", "owner", "description", "tags"),
        *("phones", "emails", "wechat", "qq"),
        *("phone", "telephone", "email"),
    }
)
"""The customer's own names; a vendor's field spelt like one of them, and meaning another, is `custom.CODE`."""


def custom_code(vendor_code: str, taken: Collection[str] = ()) -> str:
    """Our code for the vendor's own field `vendor_code`, where `taken` are the dialect's codes for other fields."""
    return CUSTOM + vendor_code if vendor_code in OWN_NAMES or vendor_code in taken else vendor_code


def find_field(fields: Sequence[FieldSpec], name: str) -> FieldSpec:
    """The one of `fields` that `name` means: its code, which for a vendor's own field may follow `custom.`.

    Raises: InvalidError, with the code that is nearest (or whose label is), where there is none.
    """
    codes = {spec.code: spec for spec in fields}
    bare = name.removeprefix(CUSTOM)
    plain = bare if bare not in OWN_NAMES else ""  # `custom.name` never means our own `name`
    wanted = (name, CUSTOM + name if bare == name else plain)
    for code in wanted:
        if code in codes:
            return codes[code]
    names = {spec.label: spec.code for spec in fields} | {code: code for code in codes}
    near = nearest(bare, names)
    raise InvalidError(
        N_("there is no field {name!r}"),
        todo=N_("Did you mean {near}?") if near else N_("Use one of: {known}."),
        field=name,
        name=name,
        near=names[near] if near else "",
        known=", ".join(codes),
    )


def refusal(spec: FieldSpec, what: str, todo: str = "", **facts: object) -> InvalidError:
    """The error that `spec`'s field breaks a rule; `{name}` in `what` is the field's label and code."""
    plain = fold(spec.label) == fold(spec.code)
    name = spec.code if plain else f"{spec.label} ({spec.code})"
    return InvalidError(what, todo=todo, field=spec.code, name=name, **facts)
