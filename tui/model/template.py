"""Texts with places: `{remark}-VIP`. What a place may name, and the text that it gives for one customer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tui.model.errors import N_, InvalidError
from tui.model.naming import nearest

PLACES: Mapping[str, str] = {
    "name": N_("the customer's name"),
    "company": N_("the customer's company"),
    "remark": N_("what the acting colleague calls the customer"),
    "me": N_("the acting colleague's name"),
    "today": N_("today's date"),
}
"""What may stand in braces, and what it gives; a value that is not known gives nothing."""

TemplateKind = Literal["follow", "remark"]

KINDS: tuple[TemplateKind, ...] = ("follow", "remark")

NAME_LENGTH = 40
"""Characters of a template's name."""

_PLACE = re.compile(r"\{\{|\}\}|\{([^{}\s]{1,30})\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A text that is often written."""

    name: str
    kind: TemplateKind
    text: str
    given: bool = False
    """The configuration has it: nobody removes it here."""


def has_places(text: str) -> bool:
    """Return whether something stands in braces in `text`."""
    return _PLACE.search(text) is not None


def check_places(text: str) -> None:
    """Raise InvalidError for the first place in `text` that there is none of, with the nearest; `{{` is a brace."""
    for found in _PLACE.finditer(text):
        if found[1] is not None and found[1] not in PLACES:
            near = nearest(found[1], PLACES)
            raise InvalidError(
                N_("there is no place {place}"),
                todo=N_("Did you mean {near}? A brace itself is {{{{.") if near else N_("Use one of: {known}."),
                field="text",
                place="{" + found[1] + "}",
                near="{" + near + "}",
                known=" ".join("{" + place + "}" for place in PLACES),
            )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with `values` in its places.

    Raises: InvalidError, as `check_places`.
    """
    check_places(text)

    def value(found: re.Match[str]) -> str:
        return found[0][0] if found[1] is None else values.get(found[1], "")

    return _PLACE.sub(value, text)
