"""What could stand at the cursor of a query that is being typed, as plain data: screens and shells only show it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tui.model.characters import fold
from tui.model.errors import N_
from tui.model.query.parser import ANY, HALF, NOT
from tui.model.query.query_names import ME, OF_COLLEAGUES, SORT, KnownField, Vocabulary, plain_name
from tui.model.query.tree import QueryKind

MOST = 50
"""Candidates at most: nobody looks through more, and a letter more leaves fewer."""

DATES = (
    ("today", N_("today")),
    ("yesterday", N_("yesterday")),
    ("tomorrow", N_("tomorrow")),
    ("7d", N_("7 days ago")),
    ("30d", N_("30 days ago")),
    ("+7d", N_("in 7 days")),
    ("this-week", N_("this week")),
    ("last-week", N_("last week")),
    ("this-month", N_("this month")),
    ("last-month", N_("last month")),
    ("this-year", N_("this year")),
    ("今天", ""),
    ("昨天", ""),
    ("明天", ""),
    ("本周", ""),
    ("上周", ""),
    ("下周一", ""),
    ("周五", ""),
    ("本月", ""),
    ("上月", ""),
)
"""Times that are offered, and what they are; those without are offered to whoever types Chinese."""

_TOKEN = re.compile(r'(?:[^ "]|"[^"]*"?)*$')
_PARTS = re.compile(r'(?P<not>-?)(?P<name>"[^"]*"|[^\s":=<>≥≤]+)(?P<operator>>=|<=|[:=<>≥≤])(?P<values>.*)', re.DOTALL)
_LAST_VALUE = re.compile(r'(?:[^,"]|"[^"]*"?)*$')
_QUOTED = re.compile(r'[\s,"，、“”]')

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class QueryCandidate:
    """Something that could be written."""

    text: str
    """What is written into the query."""
    shown: str
    """What a person reads."""
    detail: str = ""
    """What else there is to say: the field's name behind its label, a colleague's id."""


@dataclass(frozen=True, slots=True)
class QueryCompletion:
    """What could stand in place of the query's text from `start` up to `end`."""

    start: int
    end: int
    candidates: tuple[QueryCandidate, ...]

    def written(self, text: str, candidate: QueryCandidate) -> tuple[str, int]:
        """Return `text` with `candidate` in it, and where the cursor is then."""
        before = text[: self.start] + candidate.text
        return before + text[self.end :], len(before)


def complete(text: str, cursor: int, vocabulary: Vocabulary, translate: Translate = str) -> QueryCompletion:
    """Return what could stand at the `cursor` (characters from the start) of `text`; no candidate where nothing could.

    What is offered begins with what is typed already, or has it in it; the former come first.
    """
    plain = text.translate(HALF)
    end = cursor
    found = _TOKEN.search(plain[:cursor])
    start = found.start() if found else cursor
    token = plain[start:cursor]
    parts = _PARTS.fullmatch(token)
    if parts is None:
        start += token.startswith(NOT)
        return _offer(start, end, text[start:cursor], _fields(vocabulary, translate))
    last = _LAST_VALUE.search(parts["values"])
    begun = last[0] if last else ""
    start = cursor - len(begun)
    name = text[cursor - len(token) + parts.start("name") : cursor - len(token) + parts.end("name")].strip('"“”')
    if plain_name(name) in map(plain_name, SORT):
        start += begun.startswith(NOT)
        return _offer(start, end, text[start:cursor], _sorts(vocabulary, translate))
    known = vocabulary.called(name)
    if len(known) != 1:
        return QueryCompletion(start, end, ())
    return _offer(
        start, end, text[start:cursor].strip('"“”'), _values(known[0], parts["operator"], vocabulary, translate)
    )


def _offer(start: int, end: int, begun: str, candidates: Iterable[QueryCandidate]) -> QueryCompletion:
    wanted = plain_name(begun)
    ranked: list[tuple[int, QueryCandidate]] = []
    for candidate in candidates:
        names = [plain_name(name) for name in (candidate.text.strip('":'), candidate.shown, *candidate.detail.split())]
        if any(name.startswith(wanted) for name in names):
            ranked.append((0, candidate))
        elif any(wanted in name for name in names):
            ranked.append((1, candidate))
    ranked.sort(key=lambda found: found[0])
    whole = [candidate for _rank, candidate in ranked if fold(candidate.text) != fold(begun)]
    return QueryCompletion(start, end, tuple(whole[:MOST]))


def _fields(vocabulary: Vocabulary, translate: Translate) -> Iterator[QueryCandidate]:
    for known in vocabulary.fields:
        yield _field(known, translate, ":")
    yield QueryCandidate(f"{SORT[0]}:", translate(N_("sort by")), " ".join(SORT))


def _sorts(vocabulary: Vocabulary, translate: Translate) -> Iterator[QueryCandidate]:
    for known in vocabulary.fields:
        yield _field(known, translate, "")


def _field(known: KnownField, translate: Translate, after: str) -> QueryCandidate:
    return QueryCandidate(quoted(known.names[0]) + after, translate(known.field.label), " ".join(known.names))


def _values(known: KnownField, operator: str, vocabulary: Vocabulary, translate: Translate) -> Iterator[QueryCandidate]:
    kind = known.field.kind
    if kind in (QueryKind.DAY, QueryKind.DATETIME, QueryKind.MOMENT):
        for name, told in DATES:
            yield QueryCandidate(name, name, translate(told) if told else "")
    elif known.field.name in OF_COLLEAGUES:
        if vocabulary.me:
            yield QueryCandidate(ME[0], ME[0], vocabulary.me)
        for one in vocabulary.colleagues:
            yield QueryCandidate(quoted(one.user_id or one.name), one.name or one.user_id, one.user_id)
    elif known.field.name == "tags":
        for tag in vocabulary.tags:
            yield QueryCandidate(quoted(tag), tag)
    elif kind is QueryKind.CASCADE:
        for node in known.cascade:
            yield QueryCandidate(quoted(node.label), node.label)
            for child in node.children:
                yield QueryCandidate(quoted(child.label), child.label, node.label)
    else:
        for choice in known.choices:
            shown = translate(choice.names[0])
            yield QueryCandidate(quoted(choice.names[0]), shown, "" if choice.key == shown else choice.key)
    if operator in (":", "="):
        yield QueryCandidate(ANY, ANY, translate(N_("has one")))


def quoted(text: str) -> str:
    """Return `text` as a query takes it whole: in quotes where it has blanks, commas or quotes."""
    return f'"{text}"' if _QUOTED.search(text) else text
