"""`kehu duplicates`: customers seen here who may be one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from tui.cli.json_shapes import JSON, customer_json
from tui.cli.masked import Shown, reveal_option, shown_by
from tui.cli.output import print_json, say
from tui.cli.session import Session, command, option, pass_session
from tui.cli.table_output import TableOutput, as_columns, note_on, output_options
from tui.locale import N_, _, listed, ngettext

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.desk import Desk
    from tui.desk.duplicates.find_pairs import DuplicatePair, Reason
    from tui.desk.table_file import Cell
    from tui.model.customer import FieldSpec
    from tui.model.masking import Masker

LIMIT = 100
"""Pairs shown unless told otherwise: as many as a person goes through at a time."""


@command("duplicates", help=N_("List customers seen here who may be one person, the likeliest first."))
@option(
    "--limit", type=click.IntRange(min=1), default=LIMIT, metavar="N", help=N_("At most so many pairs; 100 by itself.")
)
@output_options
@reveal_option
@pass_session
def duplicates(session: Session, limit: int, output: TableOutput) -> None:
    """Print pairs of customers, their scores and the reasons."""
    profile = session.profile

    async def work(desk: Desk) -> None:
        from tui.desk.duplicates.find_pairs import Duplicates

        scope = await Duplicates(desk).scope()
        found = await Duplicates(desk).find()
        try:
            await found.begin()
            shown = await shown_by(session, desk)
            hide = shown.masker
            if session.json:
                pairs = [_pair_json(pair, profile, found.specs, shown) async for pair in found.pairs(limit)]
                shared = [_reason_json(reason, hide) for reason in found.shared]
                counts = {"seen": scope.seen, "total": scope.total, "count": found.count}
                print_json({**counts, "pairs": pairs, "shared": shared})
                return
            told = [pair async for pair in found.pairs(limit)]
            if session.reveal:
                shown.customers(who for pair in told for who in (pair.one, pair.other))
            if told or output.is_export:
                with output.writing(as_columns(COLUMNS), whole="id") as table:
                    for number, pair in enumerate(told, 1):
                        for row in _rows(pair, output, number, hide):
                            table.write(row)
                if output.is_export:
                    note_on(desk.disk, session, output, "duplicates", table.count)
            _tell(len(told), found.count, found.shared, hide)
        finally:
            await found.close()
        say(_("among {customers}").format(customers=scope.told()))
        if reason := desk.why_not("list"):
            say(_("{reason}: these are the customers seen here").format(reason=reason))
        elif not scope.complete:
            say(_("To see everybody: kehu sync"))

    session.with_desk(work)


COLUMNS = {
    "pair": N_("Pair"),
    "score": N_("Score"),
    "id": N_("Id"),
    "name": N_("Name"),
    "reasons": N_("In common"),
}


def _rows(pair: DuplicatePair, output: TableOutput, number: int, hide: Masker) -> Sequence[Sequence[Cell]]:
    """The two of `pair`, a line each; in a table what they have in common stands beside the first, elsewhere beside
    both, with the number of the pair."""
    one, other = pair.one, pair.other
    reasons = listed(reason.told(_hider(reason, hide)) for reason in pair.reasons)
    names = [hide.text("name", customer.name) for customer in (one, other)]
    if output.is_table:
        return ("", str(pair.score), one.id, names[0], reasons), ("", "", other.id, names[1], "")
    return [(number, pair.score, one.id, name, reasons) for one, name in zip((one, other), names, strict=True)]


def _hider(reason: Reason, masker: Masker) -> Callable[[str], str]:
    """Return what makes of the value of `reason` what may be seen."""
    from tui.desk.duplicates.find_pairs import ATTRIBUTES

    return partial(masker.text, ATTRIBUTES.get(reason.kind, reason.kind))


def _tell(shown: int, count: int, shared: Sequence[Reason], hide: Masker) -> None:
    """How many there are, and what was passed over as it tells nothing."""
    if not shown:
        say(_("no duplicates"))
    elif shown < count:
        say(_("{shown} of {count} pairs").format(shown=f"{shown:,}", count=f"{count:,}"))
    else:
        say(ngettext("{count} pair", "{count} pairs", shown).format(count=f"{shown:,}"))
    for reason in shared:
        say(_("not counted: {reason}").format(reason=reason.told(_hider(reason, hide))))


def _pair_json(pair: DuplicatePair, profile: Profile, specs: Sequence[FieldSpec], shown: Shown) -> JSON:
    return {
        "score": pair.score,
        "reasons": [_reason_json(reason, shown.masker) for reason in pair.reasons],
        "customers": [customer_json(one, profile, specs) for one in shown.customers((pair.one, pair.other))],
    }


def _reason_json(reason: Reason, masker: Masker) -> JSON:
    value = _hider(reason, masker)(reason.value)
    return {"kind": reason.kind, "label": reason.label, "value": value, "customers": reason.customers}
