"""Views: lists that are asked for by name, or by a key: a query, and the columns that it is read with."""

from __future__ import annotations

from dataclasses import dataclass

from tui.model.errors import N_, InvalidError

NAME_LENGTH = 20
"""Characters of a view's name: the title names several."""

KEYS = tuple("123456789")
"""Keys that views have; the first free one goes to a view that names none."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list that is asked for again and again."""

    name: str
    """In the agent's words; of one that kehu brings along, a message of the catalogue."""
    query: str
    """In the query language."""
    columns: tuple[str, ...] = ()
    """Keys, labels or codes, in their order; empty for the usual ones."""
    key: str = ""
    """One of `KEYS`; empty for none."""
    origin: str = "saved"
    """`saved` here, `given` by the configuration, or `delivered` with kehu."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How an agent wants a list on the screen: it goes before what the view, or kehu, says."""

    columns: tuple[str, ...] = ()
    """Keys of columns, in their order; empty for those of the view."""
    sort: str = ""
    """A field as `sort:` takes it, with a minus before it for the other way round; empty for the view's own order."""


DUE = SavedView(N_("today"), "next<=+7d sort:next", ("name", "remark", "next", "last"), "1", "delivered")
"""Whom to contact: overdue, today, soon."""

DELIVERED = (
    DUE,
    SavedView(N_("mine"), "owner:me", (), "2", "delivered"),
    SavedView(N_("silent 30 d"), "last<30d sort:last", ("name", "remark", "last", "next"), "3", "delivered"),
    SavedView(N_("new this week"), "added>=this-week sort:-added", (), "4", "delivered"),
)
"""Those that kehu brings along; one with the same name, or the same key, goes before them."""


def check_view(view: SavedView) -> None:
    """Raise InvalidError where `view` has no name, no query, or a key that views do not have."""
    if not view.name.strip() or len(view.name) > NAME_LENGTH:
        raise InvalidError(
            N_("a view's name has 1 to {limit} characters, not {length}"),
            field="name",
            limit=NAME_LENGTH,
            length=len(view.name),
        )
    if not view.query.strip():
        raise InvalidError(N_("the view has no query"), field="query")
    if view.key and view.key not in KEYS:
        raise InvalidError(N_("a view's key is one of 1 to 9, not {found}"), field="key", found=view.key)
