"""Two customers as the blocks of a pane, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tui.desk.duplicates.comparing import Alike, ComparedLine, Comparison, Take
from tui.locale import _
from tui.model.customer import Customer, FieldValue
from tui.model.display import GENDERS, name_of, texts
from tui.model.masking import Masker
from tui.screens.main.customer_blocks import NAMES
from tui.text import local_time, plain
from widgets.blocks import Block, Heading, Note, Side, Sides

SIGNS = {Alike.SAME: "", Alike.MEANT: "≈", Alike.NOT: "≠"}
"""Before a field of the two: the same, the same written another way, or something else."""


def title(customer: Customer) -> str:
    """What a customer is called, in one line."""
    return plain(customer.name or customer.id)


def blocks_of(comparison: Comparison, masker: Masker, *, choosing: bool) -> list[Block]:
    """Every field of the two, then what is no field. `choosing`: with whose value is to stay."""
    fields = (_sides(line, comparison.take(line) if choosing else None, masker) for line in comparison.lines)
    return [*fields, *_told(comparison.stays, comparison.goes)]


def summary_of(comparison: Comparison, masker: Masker) -> list[Block]:
    """What merging saves, before and after, and what is lost with the record that is deleted."""
    stays, goes = comparison.stays, comparison.goes
    blocks: list[Block] = [Heading(_("Saved in {name}").format(name=title(stays)), stays.id)]
    values = comparison.values
    if values:
        blocks.append(Sides("", Side((_("now"),)), Side((_("then"),)), quiet=True))
    else:
        blocks.append(Note(_("Nothing: it has all that was chosen.")))
    lines = {line.code: line for line in comparison.lines}
    for code, value in values.items():
        line = lines[code]
        sides = Side(_texts(line.stays, line, masker)), Side(_texts(value, line, masker))
        blocks.append(Sides(line.label, *sides, "≠"))
    blocks += [Note(""), Heading(_("Deleted: {name}").format(name=title(goes)), goes.id)]
    if not comparison.lost:
        blocks.append(Note(_("The record that stays has all of it.")))
    else:
        blocks.append(Sides("", Side((_("is lost"),)), Side((_("stays"),)), quiet=True))
    for line, value in comparison.lost:
        blocks.append(Sides(line.label, Side(_texts(value, line, masker)), Side(_texts(line.stays, line, masker))))
    return [*blocks, Note(""), Note(_("The edit can be undone. What is deleted stays whole in the journal."))]


def _sides(line: ComparedLine, take: Take | None, masker: Masker) -> Sides:
    chosen = bool(line.choices) and take is not None
    return Sides(
        line.label,
        Side(_texts(line.stays, line, masker), take is not Take.GOES if chosen else None),
        Side(_texts(line.goes, line, masker), take is not Take.STAYS if chosen else None),
        SIGNS[line.likeness],
        quiet=line.likeness is Alike.SAME,
        ref=line.code,
    )


def _texts(value: FieldValue, line: ComparedLine, masker: Masker) -> tuple[str, ...]:
    """`value` of `line`'s field, a text a row, as it may be seen."""
    rows = texts(masker.value(line.code, value), line.spec)
    return tuple(map(plain, rows)) if line.code in NAMES else rows


def _told(one: Customer, other: Customer) -> Iterable[Block]:
    """What is no field: who follows the two, their times, and their ids."""
    for label, left, right in (
        (_("Gender"), _gender(one), _gender(other)),
        (_("Followed by"), _followers(one), _followers(other)),
        (_("Created"), _moment(one.created_at), _moment(other.created_at)),
        (_("Updated"), _moment(one.updated_at), _moment(other.updated_at)),
    ):
        if left or right:
            yield Sides(label, Side(left), Side(right), "" if left == right else "≠", quiet=left == right)
    yield Sides(_("Ids"), Side(_ids(one)), Side(_ids(other)), quiet=True)


def _gender(customer: Customer) -> tuple[str, ...]:
    gender = name_of(GENDERS, customer.gender, _)
    return (gender,) if gender else ()


def _followers(customer: Customer) -> tuple[str, ...]:
    return tuple(" · ".join(filter(None, (user.name or user.user_id, user.remark))) for user in customer.follow_users)


def _moment(moment: datetime | None) -> tuple[str, ...]:
    return (local_time(moment),) if moment else ()


def _ids(customer: Customer) -> tuple[str, ...]:
    return tuple(filter(None, (customer.id, customer.union_id)))
