"""A query's text to its tree, and what of it is not understood.

    query  := item*                          all of them are true
    item   := ["-"] (field op value | words) | "sort" ":" ["-"] field ("," ["-"] field)*
    op     := ":" | "=" | "<" | "<=" | ">" | ">="
    value  := "*" | text ("," text)*         one of them; "quoted" where it has blanks, commas or quotes

What a Chinese keyboard writes (`：＞＜，－“”＝＊≥≤、` and its wide blank) is what it looks like. Blanks may stand after
an operator, and before one where a field's name is before it. Words that stand apart are searched for together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from tui.model.errors import N_
from tui.model.naming import nearest
from tui.model.query.operands import COMPARED, EQUALS, Operand, QueryError, Reader
from tui.model.query.query_names import SORT, KnownField, Vocabulary, plain_name
from tui.model.query.tree import (
    Clause,
    CustomerQuery,
    FieldClause,
    HasAny,
    QueryKind,
    SortBy,
    Test,
    TextSpan,
    WordsClause,
)

HALF = str.maketrans("：＞＜，－−–“”„＂＝＊、≥≤\u3000\t\n", ':><,---""""=*,≥≤   ')
"""Character for character, so that places in the text stay what they are."""

ANY = "*"
NOT = "-"

_OPERATOR = re.compile(r">=|<=|[:=<>≥≤]")
_OPERATORS = {"=": EQUALS, "≥": ">=", "≤": "<="}
_NAME = re.compile(r'"[^"]*"|[^\s":=<>≥≤]+')
_BLANK = re.compile(r" *")
_BARE = re.compile(r'[^ ,"]+')
_WORD = re.compile(r'"[^"]*"?|[^ ]+')
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """What was understood of a text, and what was not."""

    query: CustomerQuery
    problems: Sequence[QueryError] = ()
    """What is not understood; the query is without it."""
    notes: Sequence[QueryError] = ()
    """What is understood, and most likely meant otherwise: a tag that nobody has."""
    sort_items: Sequence[TextSpan] = ()
    """Where the text says in which order."""


def parse_query(text: str, vocabulary: Vocabulary, now: datetime, zone: tzinfo | None = None) -> CustomerQuery:
    """Return the query that `text` is, by the names of `vocabulary` and by the clocks of `zone` (None: this machine's).

    Raises: QueryError, for the first word that is not understood.
    """
    parsed = read_query(text, vocabulary, now, zone)
    if parsed.problems:
        raise parsed.problems[0]
    return parsed.query


def sorted_by(text: str, sort: str, vocabulary: Vocabulary, now: datetime) -> str:
    """Return the query `text` in the order `sort`, what `sort:` takes, in place of its own; empty for no order."""
    kept, at = [], 0
    for span in read_query(text, vocabulary, now).sort_items:
        kept.append(text[at : span.start].strip())
        at = span.end
    return " ".join(filter(None, (*kept, text[at:].strip(), f"{SORT[0]}:{sort}" if sort else "")))


def read_query(text: str, vocabulary: Vocabulary, now: datetime, zone: tzinfo | None = None) -> ParsedQuery:
    """Return what is understood of `text`, which may be half typed, and what is not."""
    return _Parser(text, Reader(vocabulary, now, zone)).read()


@dataclass
class _Parser:
    text: str
    reader: Reader
    plain: str = ""
    at: int = 0
    clauses: list[Clause] = field(default_factory=list)
    sorts: list[SortBy] = field(default_factory=list)
    sort_items: list[TextSpan] = field(default_factory=list)
    words: list[Operand] = field(default_factory=list)
    problems: list[QueryError] = field(default_factory=list)
    notes: list[QueryError] = field(default_factory=list)

    def read(self) -> ParsedQuery:
        self.plain = self.text.translate(HALF)
        while self._skip_blanks():
            try:
                self._item()
            except QueryError as error:
                self.problems.append(error)
        if self.words:
            span = TextSpan(self.words[0].span.start, self.words[-1].span.end)
            self.clauses.insert(0, WordsClause(" ".join(word.text for word in self.words), span))
        query = CustomerQuery(self.text.strip(), tuple(self.clauses), tuple(self.sorts))
        return ParsedQuery(query, tuple(self.problems), tuple(self.notes), tuple(self.sort_items))

    def _skip_blanks(self) -> bool:
        """Whether there is more after the blanks."""
        found = _BLANK.match(self.plain, self.at)
        self.at = found.end() if found else self.at
        return self.at < len(self.plain)

    def _item(self) -> None:
        start = self.at
        negated = self.plain.startswith(NOT, start) and self.plain[start + 1 : start + 2] not in ("", " ")
        if negated:
            self.at += 1
        named = self._name()
        if named is None:
            self._take_words(start, negated=negated)
            return
        name, operator = named
        if plain_name(name.text) in map(plain_name, SORT):
            self._take_sort(name, operator, negated=negated)
            self.sort_items.append(TextSpan(start, self.at))
            return
        known = self._field(name)
        self._take_clause(known, name, operator, start, negated=negated)

    def _name(self) -> tuple[Operand, str] | None:
        """Take the name of a field with the operator after it; None where none is there."""
        found = _NAME.match(self.plain, self.at)
        if found is None:
            return None
        quoted = found[0].startswith('"')
        name = Operand(self._original(found.start(), found.end()).strip('"“”„＂'), TextSpan(*found.span()), quoted)
        end = found.end()
        operator = _OPERATOR.match(self.plain, end)
        if operator is None and self._is_name(name.text):
            blanks = _BLANK.match(self.plain, end)
            operator = _OPERATOR.match(self.plain, blanks.end() if blanks else end)
        if operator is None or (operator[0] == "=" and not self._is_name(name.text)):
            return None
        self.at = operator.end()
        return name, _OPERATORS.get(operator[0], operator[0])

    def _is_name(self, text: str) -> bool:
        return bool(self.reader.vocabulary.called(text)) or plain_name(text) in map(plain_name, SORT)

    def _original(self, start: int, end: int) -> str:
        return self.text[start:end]

    def _field(self, name: Operand) -> KnownField:
        """Return the field that is called `name`; what follows is skipped where there is none.

        Raises: QueryError.
        """
        vocabulary = self.reader.vocabulary
        found = vocabulary.called(name.text)
        if len(found) == 1:
            return found[0]
        self._operands()
        if found:
            raise QueryError(
                N_("several fields are called {word!r}"),
                todo=N_("Name one by its code: {known}."),
                known=", ".join(known.field.name for known in found),
                word=name.text,
                span=name.span,
            )
        near = nearest(name.text, vocabulary.names())
        raise QueryError(
            N_("there is no field {word!r}"),
            todo=N_("Did you mean {near}?") if near else N_('Write "{word}" in quotes to search for it as it is.'),
            near=near,
            word=name.text,
            span=name.span,
        )

    def _take_words(self, start: int, *, negated: bool) -> None:
        found = _WORD.match(self.plain, self.at)
        assert found is not None
        self.at = found.end()
        text = self._original(*found.span()).strip('"“”„＂').strip()
        span = TextSpan(start, self.at)
        if not text:
            return
        if negated:
            self.clauses.append(WordsClause(text, span, negated=True))
        else:
            self.words.append(Operand(text, span, found[0].startswith('"')))

    def _take_clause(self, known: KnownField, name: Operand, operator: str, start: int, *, negated: bool) -> None:
        operands = self._operands(known)
        if not operands:
            raise QueryError(
                N_("{name}{operator} needs a value"),
                todo=N_("Write {name}{operator}VALUE, or {name}:* for any."),
                name=name.text,
                operator=operator,
                word="",
                span=TextSpan(name.span.start, self.at),
            )
        if operator in COMPARED and len(operands) > 1:
            raise QueryError(
                N_("{operator} takes one value"),
                operator=operator,
                word=operands[1].text,
                span=operands[1].span,
            )
        tests: list[Test] = []
        shown: list[str] = []
        for operand in operands:
            if operand.text == ANY and not operand.quoted and operator == EQUALS:
                tests.append(HasAny())
                shown.append(ANY)
                continue
            meaning = self.reader.read(known, operator, operand)
            tests.append(meaning.test)
            shown.append(meaning.shown)
            if meaning.note is not None:
                self.notes.append(meaning.note)
        span = TextSpan(start, self.at)
        self.clauses.append(FieldClause(known.field, tuple(tests), span, negated, operator, tuple(shown)))

    def _operands(self, known: KnownField | None = None) -> list[Operand]:
        """Take the values after an operator: none where the next field's name stands there already."""
        self._skip_blanks()
        start = self.at
        if start and self.plain[start - 1] == " " and self._name() is not None:
            self.at = start
            return []
        self.at = start
        operands: list[Operand] = []
        while self.at < len(self.plain) and self.plain[self.at] != " ":
            at = self.at
            if self.plain[at] == ",":
                self.at += 1
                continue
            if self.plain[at] == '"':
                end = self.plain.find('"', at + 1)
                self.at = len(self.plain) if end < 0 else end + 1
                text = self._original(at + 1, len(self.plain) if end < 0 else end)
                operands.append(Operand(text, TextSpan(at, self.at), quoted=True))
                continue
            found = _BARE.match(self.plain, at)
            assert found is not None
            self.at = found.end()
            operands.append(Operand(self._bare(at, self.at), TextSpan(at, self.at)))
        whole = self._original(start, self.at)
        if known is not None and len(operands) > 1 and _is_one(known, whole):
            return [Operand(whole, TextSpan(start, self.at))]
        return operands

    def _bare(self, start: int, end: int) -> str:
        text = self._original(start, end)
        return ANY if text.translate(HALF) == ANY else text

    def _take_sort(self, name: Operand, operator: str, *, negated: bool) -> None:
        operands = self._operands()
        if negated or operator != EQUALS or not operands:
            raise QueryError(
                N_("{word} takes a field to sort by"),
                todo=N_("Write sort:FIELD, or sort:-FIELD for the other way round."),
                word=name.text if operands else "",
                span=name.span if operands else TextSpan(name.span.start, self.at),
            )
        for operand in operands:
            descending = operand.text.translate(HALF).startswith(NOT)
            called = Operand(operand.text[descending:], operand.span)
            if called.text:
                known = self._field(called)
                if known.field.kind is not QueryKind.LABEL or known.field.name not in ("profile", "dialect"):
                    self.sorts.append(SortBy(known.field, operand.span, descending))


def _is_one(known: KnownField, text: str) -> bool:
    """Whether `text`, with its commas, is one value of the field `known`: 1,000, or a choice with a comma in it."""
    plain = text.translate(HALF)
    if known.field.kind is QueryKind.NUMBER:
        return _THOUSANDS.fullmatch(plain) is not None
    return any(plain in (choice.key, *choice.names) for choice in known.choices)
