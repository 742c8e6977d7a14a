"""What the list says of itself: how much there is, as far as it knows, and why it is empty."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.desk.outcome import Capabilities, Listing
from tui.locale import _
from tui.text import ago
from widgets.blocks import Note

if TYPE_CHECKING:
    from tui.client.models import FieldSpec, Query


def extent_of(listing: Listing, text: str, *, has_list: bool, offline: bool = False) -> str:
    """What is known of how much there is, and no more. TEXT: what was searched for, if it was.

    While the vendor is `offline`, what it told last is as old as it is.
    """
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


def why_empty(listing: Listing, text: str, can: Capabilities | None, filtered: str) -> Note:
    """Why the list has no row, and what to do with what the vendor CAN do. The keys are those that work in a search.

    `filtered` is what is true of those who would be listed; empty where that is everybody.
    """
    if listing.page > 1:
        return Note(_("There is nothing on page {page}.\nPress p to go back.").format(page=listing.page))
    if text:
        if can is not None and can.operators:
            todo = _("ctrl+r searches at the vendor, ctrl+g looks one customer up.")
        else:
            todo = _("ctrl+g looks one customer up at the vendor.")
        return Note(_("Nobody seen here matches “{text}”.").format(text=text) + f"\n{todo}")
    if can is not None and not can.can("list"):
        return Note(_("This vendor has no list: customers you look up or create stay here.\nPress L to look one up."))
    if filtered:
        text = _("No customer matches: {conditions}.\nPress F to change the filter, Esc to see all.")
        return Note(text.format(conditions=filtered))
    return Note(_("The vendor has no customer."))
