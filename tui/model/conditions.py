"""Search conditions as people write them: fields by code or label, choices and cascades by key or label."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tui.model.characters import clean_id, clean_text, fold
from tui.model.choices import SHOWN, find_choice, find_path, labels_of, split_path
from tui.model.customer import CascadeChoice, Condition, FieldSpec, FieldType
from tui.model.errors import N_, InvalidError
from tui.model.field_names import find_field, refusal
from tui.model.naming import CUSTOM, nearest
from tui.model.typed_values import parse_value

EQUALS, EMPTY = "eq", "empty"

OPERATORS = (EQUALS, EMPTY)
"""What a condition may ask, the same at every server of a vendor that searches: what its page shows (vendor-docs)."""

LEVEL = "/"
"""Between the keys of a cascade's levels in one value of a condition."""

_COMMA = re.compile(r"(?<!\\)[,，]")
_LEVEL = re.compile(r"\s*[/>›|]\s*")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([,，]\d{3})+(\.\d+)?")
_CLOCK = re.compile(r"\d[:：]\d")


def parse_condition(
    fields: Sequence[FieldSpec], field: str, operator: str, text: str, operators: Sequence[str] = OPERATORS
) -> Condition:
    r"""Return the condition that `field`, `operator` and `text` spell; commas part values, `\,` is one within a value.

    Raises: InvalidError, as `check_condition`.
    """
    values = split_values(searched_field(fields, field), text)
    return check_condition(fields, Condition(field=field, operator=operator, values=values), operators)


def check_condition(
    fields: Sequence[FieldSpec], condition: Condition, operators: Sequence[str] = OPERATORS
) -> Condition:
    """Return `condition` with the code of its field, and with keys: of choices, and of a cascade's levels (`a/b/c`).

    A field that is none of `fields` is left as it is: a vendor may know more than its configuration lists.

    Raises: InvalidError where the vendor could only answer that there is nobody, or falsely: for an operator that is
        none of `operators`, a value too many or none, a field that several are called or that is not searched by, and
        a value that no record can have.
    """
    name = condition.field
    if condition.operator not in operators:
        raise InvalidError(
            N_("{name}: there is no search by {operator!r}"),
            todo=N_("Use one of: {known}. `kehu find` searches what was seen here."),
            field=name,
            name=name,
            operator=condition.operator,
            known=", ".join(operators),
        )
    if condition.operator == EMPTY and condition.values:
        raise InvalidError(
            N_("{name}: {operator} takes no value"),
            todo=N_("Leave the value out."),
            field=name,
            name=name,
            operator=EMPTY,
        )
    if condition.operator != EMPTY and not any(value.strip() for value in condition.values):
        raise InvalidError(
            N_("{name}: {operator} needs a value"),
            todo=N_("For those without one, ask whether it is {empty}."),
            field=name,
            name=name,
            operator=condition.operator,
            empty=EMPTY,
        )
    spec = searched_field(fields, name)
    if spec is None:
        return condition
    if not spec.enabled or not spec.searchable:
        raise refusal(spec, N_("{name} is not searched by at this vendor"))
    values = tuple(dict.fromkeys(_read(spec, value) for value in condition.values))
    return Condition(field=spec.code, operator=condition.operator, values=values)


def searched_field(fields: Sequence[FieldSpec], name: str) -> FieldSpec | None:
    """Return the one of `fields` that `name` means: its code, the vendor's name for it, or its label; None for none.

    Raises: InvalidError, with their codes, where several are called so.
    """
    name = clean_id(name)
    try:
        return find_field(fields, name)
    except InvalidError:
        bare = name.removeprefix(CUSTOM)
    called = [spec for spec in fields if spec.param == bare] or [
        spec for spec in fields if fold(spec.label) == fold(bare)
    ]
    if len(called) > 1:
        raise InvalidError(
            N_("several fields are called {name!r}"),
            todo=N_("Name one by its code: {known}."),
            field=name,
            name=name,
            known=", ".join(spec.code for spec in called),
        )
    return called[0] if called else None


def split_values(spec: FieldSpec | None, text: str) -> tuple[str, ...]:
    r"""Return the values in `text`, which commas part; one where all of it is a choice or a number (`1,000`)."""
    whole = text.strip()
    if spec is not None:
        number = spec.type in (FieldType.NUMBER, FieldType.PERCENT)
        if find_choice(spec.choices, whole) or (number and _THOUSANDS.fullmatch(whole)):
            return (whole,)
    parts = (part.replace("\\,", ",").replace("\\，", "，") for part in _COMMA.split(text))
    return tuple(value for part in parts if (value := clean_text(part)))


def paths_named(spec: FieldSpec, key: str) -> int:
    """Return how many nodes of the cascade of `spec` have `key`: more than one, and it alone does not tell which."""
    return sum(keys[-1] == key for keys, _labels in _nodes(spec.cascade.children)) if spec.cascade else 0


def _read(spec: FieldSpec, text: str) -> str:
    if spec.cascade is not None:
        return LEVEL.join(_path(spec, text))
    if spec.choices:
        return _choice(spec, text)
    if spec.type is FieldType.DATETIME and not _CLOCK.search(text):
        raise refusal(
            spec,
            N_("{name} is searched by a date and a time, not by {found!r} alone"),
            todo=N_("For a whole day: kehu sync, then kehu find."),
            found=text,
        )
    plain = {"editable": True, "enabled": True, "required": False, "contacts": False}
    value = parse_value(spec.model_copy(update=plain), [text])
    return value if isinstance(value, str) else text.strip()


def _choice(spec: FieldSpec, text: str) -> str:
    """Return the key of the choice that `text` names."""
    wanted = text.strip()
    if any(choice.key == wanted for choice in spec.choices):
        return wanted
    for same in (str, fold):
        found = [choice for choice in spec.choices if same(wanted) in (same(choice.key), same(choice.label))]
        keys = dict.fromkeys(choice.key for choice in found)
        if len(keys) > 1:
            raise refusal(
                spec,
                N_("{name} has several choices {found!r}"),
                todo=N_("Name one by its key: {known}."),
                found=wanted,
                known=", ".join(keys),
            )
        if keys:
            return next(iter(keys))
    labels = {choice.label: choice.label for choice in spec.choices} | {c.key: c.label for c in spec.choices}
    raise _no_choice(spec, wanted, labels.get(nearest(wanted, labels), ""), labels_of(spec.choices))


def _path(spec: FieldSpec, text: str) -> tuple[str, ...]:
    """Return the keys of the path that `text` names: all of it (`a/b/c`), or a piece that is there once."""
    assert spec.cascade is not None
    wanted = _joined(_LEVEL.split(text.strip()))
    whole: dict[tuple[str, ...], str] = {}
    pieces: dict[tuple[str, ...], str] = {}
    for keys, labels in _nodes(spec.cascade.children):
        ends = {_joined(names[start:]) for names in (keys, labels) for start in range(len(names))}
        if wanted in (_joined(keys), _joined(labels)):
            whole[keys] = LEVEL.join(labels)
        elif wanted in ends:
            pieces[keys] = LEVEL.join(labels)
    found = whole or pieces
    if len(found) > 1:
        raise refusal(
            spec,
            N_("{name} has {found!r} in several places"),
            todo=N_("Write one of: {known}."),
            found=text.strip(),
            known=", ".join([*list(found.values())[:SHOWN], *(["…"] if len(found) > SHOWN else [])]),
        )
    if found:
        return next(iter(found))
    mixed = split_path(spec.cascade, text)
    if mixed and len(find_path(spec.cascade, mixed)) == len(mixed):
        return mixed
    every = {LEVEL.join(labels): labels[-1] for _keys, labels in _nodes(spec.cascade.children)}
    near = nearest(_LEVEL.split(text.strip())[-1], every.values())
    path = next((path for path, last in every.items() if last == near), "") if near else ""
    raise _no_choice(spec, text.strip(), path, labels_of(spec.cascade.children))


def _nodes(
    level: Sequence[CascadeChoice], keys: tuple[str, ...] = (), labels: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every node of a cascade, as the keys and the labels of its path."""
    for node in level:
        path = (*keys, node.key), (*labels, node.label)
        yield path
        yield from _nodes(node.children, *path)


def _joined(names: Sequence[str]) -> str:
    return LEVEL.join(_LEVEL.sub(LEVEL, fold(name)) for name in names if name)


def _no_choice(spec: FieldSpec, found: str, near: str, known: str) -> InvalidError:
    todo = N_("Did you mean {near}? There are: {known}.") if near else N_("Use one of: {known}.")
    return refusal(spec, N_("{name} has no choice {found!r}"), todo=todo, found=found, near=near, known=known)
