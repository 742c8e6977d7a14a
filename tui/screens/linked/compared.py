"""What a person's sources tell alike and what they disagree on, as each one's part of the pane shows it.

A part tells what no part above it told, and compares itself with those above: what comes below changes no more of a
part than the signs at the right of its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tui.desk.linked.differences import contacts, differences, tags
from tui.desk.linked.matching import key_of
from tui.desk.linked.person import Difference, Holding, Person, Source
from tui.model.customer import LANDLINE, Contact
from tui.model.masking import Masker
from tui.screens.main.displayed_value import DisplayedValue

SAME, OTHER = "=", "≠"
"""Stand before the profiles that have the same value, or another."""

ROWS = ("phones", "emails", "wechat", "qq")
"""The fields of contacts that are told once."""


class Compared:
    """`person`'s sources, in the order in which their parts stand. `maskers` hide what is hidden of each profile's."""

    def __init__(self, person: Person, maskers: Mapping[str, Masker]) -> None:
        self._maskers = maskers
        self._order = list(person.records)
        self._contacts = {field: contacts(person, field) for field in ROWS}
        self._tags = {key_of("tags", shared.tag.name): shared.sources for shared in tags(person)}
        self._names = {source: key_of("name", customer.name) for source, customer in person.records.items()}
        self._differences: dict[tuple[Source, str], tuple[Difference, Holding]] = {
            (holding.source, holding.code): (difference, holding)
            for difference in differences(person)
            for holding in difference.holdings
        }

    def hides(self, source: Source, code: str) -> bool:
        """Whether `source`'s field `code` is hidden."""
        return self._maskers[source.profile].hides(code)

    def contacts(self, source: Source, field: str) -> list[DisplayedValue]:
        """`source`'s contacts that no part above tells; each one's memo says who has it too.

        What one vendor shows openly is no secret of another's.
        """
        return [
            DisplayedValue(
                shared.contact.value,
                _joined(shared.contact.memo, _same(shared.sources[1:])),
                all(self.hides(one, field) for one in shared.sources),
            )
            for shared in self._contacts[field]
            if shared.sources[0] == source
        ]

    def tells_tag(self, source: Source, name: str) -> str | None:
        """Who has the tag `name` of `source` too; None where a part above tells it."""
        sources = self._tags.get(key_of("tags", name), (source,))
        return _same(sources[1:]) if sources[0] == source else None

    def tells_name(self, source: Source) -> bool:
        """Whether `source` calls the person otherwise than the first one."""
        return bool(self._names[source]) and self._names[source] != self._names[self._order[0]]

    def difference(self, source: Source, code: str) -> Difference | None:
        """What is disagreed on in `source`'s field `code`."""
        found = self._differences.get((source, code))
        return found[0] if found else None

    def mark(self, source: Source, code: str) -> str:
        """The profiles further down that disagree with `source` on its field `code`."""
        return _named(OTHER, [one.source for one in self._opposed(source, code) if self._below(one.source, source)])

    def against(self, source: Source, code: str) -> list[DisplayedValue]:
        """What the parts above have where `source` has another value in its field `code`, and who has it."""
        values: dict[str, list[Holding]] = {}
        for one in self._opposed(source, code):
            if not self._below(one.source, source):
                for text in compared_texts(one):
                    values.setdefault(text, []).append(one)
        return [
            DisplayedValue(
                text,
                _named(OTHER, [one.source for one in holdings]),
                any(self.hides(one.source, one.code) for one in holdings),
            )
            for text, holdings in values.items()
        ]

    def _opposed(self, source: Source, code: str) -> Iterator[Holding]:
        """Those who have nothing in common with what `source` has in its field `code`."""
        found = self._differences.get((source, code))
        if found is None:
            return
        difference, mine = found
        keys = _keys(difference.field, mine)
        for holding in difference.holdings:
            if holding.source != source and keys.isdisjoint(_keys(difference.field, holding)):
                yield holding

    def _below(self, one: Source, other: Source) -> bool:
        return self._order.index(one) > self._order.index(other)


def compared_texts(holding: Holding) -> list[str]:
    """The values of `holding` that are compared: a landline is none."""
    if isinstance(holding.value, str):
        return [holding.value]
    rows = (row if isinstance(row, Contact) else Contact(value=row) for row in holding.value)
    return [row.value for row in rows if row.memo != LANDLINE]


def _keys(field: str, holding: Holding) -> frozenset[str]:
    return frozenset(key_of(field, text) for text in compared_texts(holding))


def _same(sources: Sequence[Source]) -> str:
    return _named(SAME, sources)


def _named(sign: str, sources: Sequence[Source]) -> str:
    return f"{sign} {', '.join(source.profile for source in sources)}" if sources else ""


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
