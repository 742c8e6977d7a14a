"""Useasy's search (page, section 3): a condition as the vendor takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.client.field_encoding import FieldEncoding
from tui.client.useasy.records import write_value
from tui.model.conditions import LEVEL, paths_named
from tui.model.customer import Condition, FieldSpec
from tui.model.errors import N_
from tui.model.field_names import refusal

Term = Mapping[str, object]
"""One element of `search`; all of them must hold."""


def terms_of(condition: Condition, spec: FieldSpec, encoding: FieldEncoding) -> Sequence[Term]:
    """Return `condition`, which passed `check_condition`, on the field `spec` as the vendor takes it.

    Values are written in the shape in which the tenant's records hold them. A record's cascade is the list of its
    levels' keys, of which the last one is asked for; where that key stands in several places of the tree, all of them.

    Raises: InvalidError for several paths of which one needs all its levels: all terms hold, so none could be met.
    """
    paths = [value.split(LEVEL) for value in condition.values] if spec.cascade is not None else []
    if any(paths_named(spec, path[-1]) > 1 for path in paths):
        if len(paths) > 1:
            raise refusal(spec, N_("{name} is searched by one of these at a time"), todo=N_("Ask for each by itself."))
        return [_term(condition, spec, [key]) for key in paths[0]]
    if spec.cascade is not None:
        return [_term(condition, spec, [path[-1] for path in paths])]
    if spec.contacts:
        return [_term(condition, spec, list(condition.values))]
    written = [write_value(value, spec, encoding) for value in condition.values]
    flat = [item for value in written for item in (value if isinstance(value, list) else [value])]
    return [_term(condition, spec, flat)]


def _term(condition: Condition, spec: FieldSpec, values: Sequence[object]) -> Term:
    return {"field": spec.param, "operator": condition.operator, "value": list(values)}
