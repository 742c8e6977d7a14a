"""What the list is to show, and how many customers that is in all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.desk.outcome import Capabilities, Listing
from tui.locale import _
from tui.text import ago, width
from widgets.blocks import Note

if TYPE_CHECKING:
    from tui.desk.outcome import Listing
    from tui.model.customer import FieldSpec, Query


class Marks:
    """The ids of the marked customers, in the order in which they were marked; `changed` is called when others are.

    A mark stays where its customer is not listed: it is about a person, not about a row on a page.
    """

    def __init__(self, changed: Callable[[], None], ids: Iterable[str] = ()) -> None:
        self._ids = dict.fromkeys(ids)
        self._changed = changed

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __contains__(self, customer_id: object) -> bool:
        return customer_id in self._ids

    def put_on(self, ids: Iterable[str]) -> None:
        """Mark the customers `ids`."""
        self._ids.update(dict.fromkeys(ids))
        self._changed()

    def take_off(self, ids: Iterable[str]) -> None:
        """Unmark the customers `ids`."""
        for id in ids:
            self._ids.pop(id, None)
        self._changed()

    def clear(self) -> None:
        """Unmark everyone."""
        self._ids.clear()
        self._changed()


def extent_of(listing: Listing, text: str, *, has_list: bool, offline: bool = False, room: int = 80) -> str:
    """What is known of how much there is, and no more. `text`: what was searched for, if it was.

    While the vendor is `offline`, what it told last is as old as it is.
    """
    if listing.known is not None:
        return found_of(listing, room)
    count = len(listing.rows)
    first = (listing.page - 1) * listing.size + 1
    last = first + count - 1
    if text and listing.page > 1:
        told = _("{first}–{last} found")
    elif text:
        told = _("{count} found") if listing.total is not None else _("first {count} found")
    elif not has_list:
        told, count = _("{count} known here"), listing.total or count
    elif listing.total is None:
        told = _("{first}–{last}, total unknown") if listing.page > 1 else _("{count} loaded, total unknown")
    else:
        told = _("{first}–{last} of {total}") if count else _("none of {total}")
    total = listing.total or 0
    parts = [told.format(count=f"{count:,}", first=f"{first:,}", last=f"{last:,}", total=f"{total:,}")]
    if (listing.source == "directory" or offline) and listing.seen_at is not None:
        parts.append(ago(time.time() - listing.seen_at))
    return " · ".join(parts)


def found_of(listing: Listing, room: int) -> str:
    """How many a query means, of how many seen here, of how many there are; in few words where `room`, in cells, is
    little."""
    count, total = len(listing.rows), listing.total or 0
    first = (listing.page - 1) * listing.size + 1
    which = f"{total:,}" if count == total else f"{first:,}–{first + count - 1:,}"
    numbers = {"which": which, "total": f"{total:,}", "known": f"{listing.known or 0:,}"}
    whole = [_("{which} of the {known} seen here") if count == total else _("{which} of {total}; {known} seen here")]
    short = [_("{which} of {known} seen") if count == total else _("{which} of {total}; {known} seen")]
    if listing.vendor_total is not None:
        numbers["there"] = f"{listing.vendor_total:,}"
        whole.append(_("the vendor has {there}"))
        short.append(_("vendor {there}"))
    if listing.unread:
        numbers["unread"] = f"{listing.unread:,}"
        whole.insert(0, _("{unread} not looked through yet"))
        short.insert(0, _("{unread} to look through"))
    text = _("; ").join(whole).format(**numbers)
    return text if width(text) <= room else _("; ").join(short).format(**numbers)


def scope_of(query: Query | None) -> str:
    """Whose customers are listed."""
    if query is None:
        return ""
    return " · ".join(filter(None, (query.owner, _("filtered") if query.conditions else ""))) or _("all")


def filter_of(query: Query | None, fields: Sequence[FieldSpec]) -> str:
    """What is true of those who are listed, by the labels of `fields`; empty where all are."""
    if query is None or not (query.owner or query.conditions):
        return ""
    from tui.desk.queries import told  # it knows the models, which take long to load

    return told(query, fields)


def why_empty(listing: Listing, view: View, can: Capabilities | None, filtered: str) -> Note:
    """Why the list has no row, and what to do with what the vendor `can` do. The keys are those that work in a search.

    `filtered` is what is true of those who would be listed; empty where that is everybody.
    """
    if listing.page > 1:
        return Note(_("There is nothing on page {page}.\nPress p to go back.").format(page=listing.page))
    text = view.text
    if text:
        if can is not None and can.operators:
            todo = _("ctrl+r searches at the vendor, ctrl+g looks one customer up.")
        else:
            todo = _("ctrl+g looks one customer up at the vendor.")
        return Note(_("Nobody seen here matches “{text}”.").format(text=text) + f"\n{todo}")
    if can is not None and not can.can("list") and not view.asked:
        return Note(_("This vendor has no list: customers you look up or create stay here.\nPress L to look one up."))
    if filtered:
        text = _("No customer matches: {conditions}.\nPress {key} to change the filter, Esc to see all.")
        return Note(text.format(conditions=filtered, key="F" if view.asked else "ctrl+r"))
    return Note(_("The vendor has no customer."))


@dataclass(frozen=True, slots=True)
class View:
    """What the list is to show: a page of the customers of a query, or of those whom a text finds."""

    query: Query | None = None
    """What is listed, and listed again after a search; None before the desk is there."""
    page: int = 1
    text: str = ""
    """What is searched for."""
    asked: str = ""
    """The query, in the query language, of whom is listed in place of the vendor's list."""

    def same_list(self, other: View) -> bool:
        """Whether `other` is a page of the same list."""
        return replace(self, page=other.page) == other


class Totals:
    """How many customers a list has, as the vendor told last, be it on another page of it."""

    def __init__(self) -> None:
        self._answered: tuple[View, Listing] | None = None
        """What the vendor answered last."""

    def counted(self, view: View, listing: Listing) -> Listing:
        """`listing`, which `view` is, with the total that was told last; the vendor's own answer is what is told."""
        if listing.source == "vendor":
            self._answered = view, listing
        elif self._answered is not None and self._answered[0].same_list(view):
            last = self._answered[1]
            if (listing.seen_at or 0.0) < (last.seen_at or 0.0):
                return replace(listing, total=last.total)
        return listing
