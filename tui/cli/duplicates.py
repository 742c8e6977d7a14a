"""`kehu duplicates`: customers seen here who may be one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.json_shapes import JSON, customer_json
from tui.cli.output import print_json, print_table, say
from tui.cli.session import Session, command, option, pass_session
from tui.locale import N_, _, listed, ngettext

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.desk import Desk
    from tui.desk.duplicates.find_pairs import DuplicatePair, Reason
    from tui.model.customer import FieldSpec

LIMIT = 100
"""Pairs shown unless told otherwise: as many as a person goes through at a time."""


@command("duplicates", help=N_("List customers seen here who may be one person, the likeliest first."))
@option(
    "--limit", type=click.IntRange(min=1), default=LIMIT, metavar="N", help=N_("At most so many pairs; 100 by itself.")
)
@pass_session
def duplicates(session: Session, limit: int) -> None:
    """Print pairs of customers, their scores and the reasons."""
    profile = session.profile

    async def work(desk: Desk) -> None:
        from tui.desk.duplicates.find_pairs import Duplicates

        scope = await Duplicates(desk).scope()
        found = await Duplicates(desk).find()
        try:
            await found.begin()
            if session.json:
                pairs = [_pair_json(pair, profile, found.specs) async for pair in found.pairs(limit)]
                shared = [_reason_json(reason) for reason in found.shared]
                counts = {"seen": scope.seen, "total": scope.total, "count": found.count}
                print_json({**counts, "pairs": pairs, "shared": shared})
                return
            told = [pair async for pair in found.pairs(limit)]
            if told:
                headings = (_("Score"), _("Id"), _("Name"), _("In common"))
                print_table(headings, [row for pair in told for row in _rows(pair)], whole=_("Id"))
            _tell(len(told), found.count, found.shared)
        finally:
            await found.close()
        say(_("among {customers}").format(customers=scope.told()))
        if reason := desk.why_not("list"):
            say(_("{reason}: these are the customers seen here").format(reason=reason))
        elif not scope.complete:
            say(_("To see everybody: kehu sync"))

    session.with_desk(work)


def _rows(pair: DuplicatePair) -> Sequence[Sequence[str]]:
    """The two of `pair`, a line each; what they have in common stands beside the first."""
    one, other = pair.one, pair.other
    reasons = listed(reason.told() for reason in pair.reasons)
    return (str(pair.score), one.id, one.name, reasons), ("", other.id, other.name, "")


def _tell(shown: int, count: int, shared: Sequence[Reason]) -> None:
    """How many there are, and what was passed over as it tells nothing."""
    if not shown:
        say(_("no duplicates"))
    elif shown < count:
        say(_("{shown} of {count} pairs").format(shown=f"{shown:,}", count=f"{count:,}"))
    else:
        say(ngettext("{count} pair", "{count} pairs", shown).format(count=f"{shown:,}"))
    for reason in shared:
        say(_("not counted: {reason}").format(reason=reason.told()))


def _pair_json(pair: DuplicatePair, profile: Profile, specs: Sequence[FieldSpec]) -> JSON:
    return {
        "score": pair.score,
        "reasons": [_reason_json(reason) for reason in pair.reasons],
        "customers": [customer_json(customer, profile, specs) for customer in (pair.one, pair.other)],
    }


def _reason_json(reason: Reason) -> JSON:
    return {"kind": reason.kind, "label": reason.label, "value": reason.value, "customers": reason.customers}
