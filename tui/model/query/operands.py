"""What a value that was typed into a query means in its field: a piece of text, a choice, a number, a span of time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from tui.model.characters import fold
from tui.model.choices import SHOWN
from tui.model.customer import CascadeChoice
from tui.model.errors import N_, InvalidError
from tui.model.naming import nearest
from tui.model.numbers import number_text, read_percent
from tui.model.query.field_values import compared_text, epoch
from tui.model.query.query_names import ME, OF_COLLEAGUES, KnownField, Vocabulary
from tui.model.query.tree import (
    Below,
    Contains,
    Days,
    Equals,
    Moments,
    Numbers,
    QueryField,
    QueryKind,
    Test,
    TextSpan,
)
from tui.model.time_spans import TimeSpan, read_span

EQUALS = ":"
COMPARED = ("<", "<=", ">", ">=")

_LEVEL = re.compile(r"\s*[/>›|]\s*")
"""Between the levels of a cascade."""


class QueryError(InvalidError):
    """A query cannot be understood: what stands from `start` to `end` of its text is `word`."""

    def __init__(self, what: str, *, span: TextSpan, word: str, todo: str = "", **facts: object) -> None:
        super().__init__(what, todo=todo)
        self.facts.update(word=word, **facts)
        self.span = span
        self.word = word

    @property
    def unfinished(self) -> bool:
        """Whether there is only something missing that is about to be typed."""
        return not self.word


@dataclass(frozen=True, slots=True)
class Operand:
    """A value as it was typed."""

    text: str
    span: TextSpan
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value means: a test, how it is shown, and what there is to say about it without refusing it."""

    test: Test
    shown: str
    note: QueryError | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values by the names of `vocabulary`, and times as they are at `now` by the clocks of `zone`."""

    vocabulary: Vocabulary
    now: datetime
    zone: tzinfo | None = None

    def read(self, known: KnownField, operator: str, operand: Operand) -> Meaning:
        """Return what `operand` means after `operator` in the field `known`.

        Raises: QueryError.
        """
        kind = known.field.kind
        if kind is QueryKind.NUMBER:
            return _number(known, operator, operand)
        if kind in (QueryKind.DAY, QueryKind.DATETIME, QueryKind.MOMENT):
            return self._time(known, operator, operand)
        if operator != EQUALS:
            return self._compared(known, operator, operand)
        match kind:
            case QueryKind.CHOICE:
                return _choice(known, operand)
            case QueryKind.CASCADE:
                return _path(known, operand)
            case QueryKind.LABEL:
                return self._label(known.field, operand)
            case _:
                return _piece(known.field, operand)

    def _time(self, known: KnownField, operator: str, operand: Operand) -> Meaning:
        span = read_span(operand.text, self.now, self.zone)
        if span is None:
            raise QueryError(
                N_("{name} takes a date, not {word!r}"),
                todo=N_("Write 2024-11-20, 2024-11, today, 30d (that long ago), +7d, 今天, 下周一 …"),
                name=known.field.label,
                word=operand.text,
                span=operand.span,
            )
        return Meaning(_time_test(known.field.kind, operator, span), span.shown())

    def _compared(self, known: KnownField, operator: str, operand: Operand) -> Meaning:
        """Of a field of which nobody says what it holds: what is typed says as what it is to be compared."""
        if known.vague:
            if read_percent(operand.text) is not None:
                return _number(known, operator, operand)
            span = read_span(operand.text, self.now, self.zone)
            if span is not None:
                return Meaning(_time_test(QueryKind.DAY, operator, span), span.shown())
        raise QueryError(
            N_("{name} is neither a number nor a date: there is no {operator} in it"),
            todo=N_("Write {field}:{word}"),
            name=known.field.label,
            field=known.names[0],
            operator=operator,
            word=operand.text,
            span=operand.span,
        )

    def _label(self, field: QueryField, operand: Operand) -> Meaning:
        wanted = fold(operand.text)
        if field.name not in OF_COLLEAGUES:
            names = {fold(name): name for name in self._labels(field)}
            return Meaning(Equals(frozenset({wanted})), names.get(wanted, operand.text), _unseen(names, field, operand))
        if not operand.quoted and wanted in ME:
            if not self.vocabulary.me:
                raise QueryError(
                    N_("nobody acts here, so there is no {word}"),
                    todo=N_("Set user_id for the profile, or KEHU_USER, or name a colleague."),
                    word=operand.text,
                    span=operand.span,
                )
            wanted = fold(self.vocabulary.me)
        colleague = self.vocabulary.colleague(wanted)
        if colleague is None:
            names = {fold(name): name for one in self.vocabulary.colleagues for name in (one.name, one.user_id) if name}
            own = wanted == fold(self.vocabulary.me)
            note = None if own else _unseen(names, field, operand)
            return Meaning(Equals(frozenset({wanted})), self.vocabulary.me if own else operand.text, note)
        # By the id alone where there is one: two colleagues may have one name.
        texts = {fold(colleague.user_id or colleague.name)}
        if wanted == fold(colleague.name) and wanted != fold(colleague.user_id):
            texts.add(wanted)
        return Meaning(Equals(frozenset(texts)), colleague.name or colleague.user_id)

    def _labels(self, field: QueryField) -> Sequence[str]:
        match field.name:
            case "tags":
                return self.vocabulary.tags
            case "profile":
                return (self.vocabulary.profile,)
            case _:
                return (self.vocabulary.dialect,)


def _unseen(names: Mapping[str, str], field: QueryField, operand: Operand) -> QueryError | None:
    """Return what there is to say of a tag or a colleague that nobody seen here has: a view may be older than it."""
    if fold(operand.text) in names:
        return None
    near = nearest(operand.text, names.values())
    return QueryError(
        N_("{name}: nobody seen here has {word!r}"),
        todo=N_("Did you mean {near}?") if near else "",
        name=field.label,
        near=near,
        word=operand.text,
        span=operand.span,
    )


def _number(known: KnownField, operator: str, operand: Operand) -> Meaning:
    number = read_percent(operand.text)
    if number is None:
        raise QueryError(
            N_("{name} takes a number, not {word!r}"), name=known.field.label, word=operand.text, span=operand.span
        )
    tests = {
        EQUALS: Numbers(number, number),
        "<": Numbers(None, number, high_in=False),
        "<=": Numbers(None, number),
        ">": Numbers(number, None, low_in=False),
        ">=": Numbers(number, None),
    }
    return Meaning(tests[operator], number_text(number))


def _time_test(kind: QueryKind, operator: str, span: TimeSpan) -> Test:
    """A day, a month or a year is passed as a whole: `>2024` is from 2025 on, `<=2024-11` until its last day."""
    if kind is QueryKind.DAY:
        first, after = span.first_day, span.after_days
        bounds = {
            EQUALS: (first, after),
            "<": ("", first),
            "<=": ("", after),
            ">": (after or _NO_DAY, ""),
            ">=": (first, ""),
        }
        return Days(*bounds[operator])
    start, end = epoch(span.start), epoch(span.end)
    moments = {
        EQUALS: (start, end),
        "<": (None, start),
        "<=": (None, end),
        ">": (end if end is not None else _NO_MOMENT, None),
        ">=": (start, None),
    }
    return Moments(*moments[operator])


_NO_DAY = ":"
_NO_MOMENT = 2**62
"""After the end of the calendar."""


def _piece(field: QueryField, operand: Operand) -> Meaning:
    piece = compared_text(field.name, operand.text)
    if not piece:
        raise QueryError(N_("{name} needs a value"), name=field.label, word=operand.text, span=operand.span)
    return Meaning(Contains(piece), operand.text)


def _choice(known: KnownField, operand: Operand) -> Meaning:
    wanted = fold(operand.text)
    found = [choice for choice in known.choices if wanted in map(fold, (choice.key, *choice.names))]
    if not found:
        labels = {choice.names[0]: choice.names[0] for choice in known.choices}
        near = nearest(operand.text, labels)
        raise QueryError(
            N_("{name} has no choice {word!r}"),
            todo=N_("Did you mean {near}? There are: {known}.") if near else N_("Use one of: {known}."),
            name=known.field.label,
            near=near,
            known=", ".join([*list(labels)[:SHOWN], *(["…"] if len(labels) > SHOWN else [])]),
            word=operand.text,
            span=operand.span,
        )
    texts = frozenset(fold(name) for choice in found for name in (choice.key, choice.names[0]))
    return Meaning(Equals(texts), found[0].names[0])


def _path(known: KnownField, operand: Operand) -> Meaning:
    """A node of a cascade, by its path or its end, means all that is below it; of one name several may."""
    wanted = [fold(level) for level in _LEVEL.split(operand.text.strip())]
    found = [
        nodes
        for nodes in _nodes(known.cascade)
        if len(nodes) >= len(wanted)
        and all(
            level in (fold(node.key), fold(node.label))
            for level, node in zip(reversed(wanted), reversed(nodes), strict=False)
        )
    ]
    if not found:
        labels = {node.label for nodes in _nodes(known.cascade) for node in nodes[-1:]}
        near = nearest(operand.text, labels)
        raise QueryError(
            N_("{name} has no choice {word!r}"),
            todo=N_("Did you mean {near}?") if near else N_("Use one of: {known}."),
            name=known.field.label,
            near=near,
            known=", ".join(node.label for node in known.cascade[:SHOWN]),
            word=operand.text,
            span=operand.span,
        )
    paths = tuple(tuple(frozenset((fold(node.key), fold(node.label))) for node in nodes) for nodes in found)
    return Meaning(Below(paths), " › ".join(node.label for node in found[0]) if len(found) == 1 else operand.text)


def _nodes(
    level: Sequence[CascadeChoice], above: tuple[CascadeChoice, ...] = ()
) -> Iterator[tuple[CascadeChoice, ...]]:
    for node in level:
        yield (*above, node)
        yield from _nodes(node.children, (*above, node))
