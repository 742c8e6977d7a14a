"""What a vendor said to a write, as the journal keeps it: its own words under its own names, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tui.model.customer import Customer

Answer = Mapping[str, Any]
"""A vendor's answer to a write; `{"http": STATUS}` where what came was none."""

LARGEST = 32 * 1024
"""Characters of an answer's JSON that is kept whole: many times the largest record that the vendors' pages show."""

LARGEST_OF_ITEM = 4096
"""Characters of the same that are kept with each item of a batch: it is a code and a few words, thousands of times."""

HEADING_WORDS = 500
"""Characters of each text of an answer that is too long to be kept whole."""


class LoggedResponse(NamedTuple):
    """An answer for the dialect to read, and the same as it may be kept."""

    data: Mapping[str, object]
    answer: Answer


class Written(NamedTuple):
    """A customer as the vendor says that it is now, and all that it said."""

    customer: Customer
    answer: Answer


def to_keep(data: Mapping[str, object], clean: Callable[[str], str]) -> Answer:
    """`data`, which a vendor answered, with every text in it passed through `clean`."""
    return _bounded(_cleaned(data, clean), LARGEST)


def of_item(answer: Answer, **about: object) -> Answer:
    """What `answer`, to a call with many items, says to one: of the call as a whole, and `about` this item alone."""
    return _bounded({**heading_of(answer), **about}, LARGEST_OF_ITEM)


def heading_of(answer: Answer) -> Answer:
    """What `answer` says of the call as a whole: codes, words and numbers, but no records."""
    told = {name: value for name, value in answer.items() if not isinstance(value, dict | list)}
    return {name: value[:HEADING_WORDS] if isinstance(value, str) else value for name, value in told.items()}


def _bounded(answer: Answer, limit: int) -> Answer:
    length = len(json.dumps(answer))
    return answer if length <= limit else {**heading_of(answer), "truncated": length}


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): _cleaned(item, clean) for name, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, clean) for item in value]
    return value
