"""What was understood of a query, in words; the caller translates them."""

from __future__ import annotations

from collections.abc import Callable

from tui.model.errors import N_
from tui.model.query.operands import EQUALS
from tui.model.query.parser import ANY
from tui.model.query.tree import Clause, CustomerQuery, FieldClause, QueryKind

Translate = Callable[[str], str]

_PIECES = (QueryKind.TEXT, QueryKind.PHONE)
_TIMES = (QueryKind.DAY, QueryKind.DATETIME, QueryKind.MOMENT)

_PHRASES = {
    (EQUALS, False): N_("{field} is {values}"),
    (EQUALS, True): N_("{field} is not {values}"),
    ("<", False): N_("{field} below {values}"),
    ("<=", False): N_("{field} at most {values}"),
    (">", False): N_("{field} above {values}"),
    (">=", False): N_("{field} at least {values}"),
    ("<", True): N_("{field} not below {values}"),
    ("<=", True): N_("{field} not at most {values}"),
    (">", True): N_("{field} not above {values}"),
    (">=", True): N_("{field} not at least {values}"),
}
_PIECE_PHRASES = {False: N_("{field} has “{values}” in it"), True: N_("{field} has no “{values}” in it")}
_ANY_PHRASES = {False: N_("{field} is there"), True: N_("no {field}")}
_TIME_PHRASES = {
    (EQUALS, False): N_("{field} in {values}"),
    (EQUALS, True): N_("{field} not in {values}"),
    ("<", False): N_("{field} before {values}"),
    ("<=", False): N_("{field} by {values}"),
    (">", False): N_("{field} after {values}"),
    (">=", False): N_("{field} from {values} on"),
    ("<", True): N_("{field} not before {values}"),
    ("<=", True): N_("{field} not by {values}"),
    (">", True): N_("{field} not after {values}"),
    (">=", True): N_("{field} not from {values} on"),
}


def explain(query: CustomerQuery, translate: Translate = str) -> str:
    """Return what `query` asks for, in the words of `translate`; empty where it asks for everybody."""
    parts = [_clause(clause, translate) for clause in query.clauses]
    if query.sorts:
        fields = [
            translate(N_("{field}, descending") if sort.descending else "{field}").format(
                field=translate(sort.field.label)
            )
            for sort in query.sorts
        ]
        parts.append(translate(N_("by {fields}")).format(fields=translate(N_(", then ")).join(fields)))
    return " · ".join(parts)


def _clause(clause: Clause, translate: Translate) -> str:
    if not isinstance(clause, FieldClause):
        template = N_("not “{text}”") if clause.negated else N_("“{text}”")
        return translate(template).format(text=clause.text)
    field = translate(clause.field.label)
    if ANY in clause.shown:
        return translate(_ANY_PHRASES[clause.negated]).format(field=field)
    if clause.field.kind in _TIMES:
        phrase = _TIME_PHRASES[clause.operator, clause.negated]
    elif clause.operator == EQUALS and clause.field.kind in _PIECES:
        phrase = _PIECE_PHRASES[clause.negated]
    else:
        phrase = _PHRASES[clause.operator, clause.negated]
    values = translate(N_(" or ")).join(map(translate, clause.shown))
    return translate(phrase).format(field=field, values=values)
