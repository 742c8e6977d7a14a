"""Customers and their fields as a person reads them on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.cli.json_shapes import labelled
from tui.cli.output import StraightTable
from tui.locale import N_, _
from tui.model.columns import TABLE_COLUMNS, CustomerColumn, find_columns
from tui.model.display import GENDERS, KINDS, name_of, texts
from tui.text import local_time, plain

if TYPE_CHECKING:
    from tui.model.customer import Contact, Customer, FieldSpec, FollowUser, Tag
    from tui.store.rows import Listing, Row

FIELD_HEADINGS = (N_("Code"), N_("Label"), N_("Type"), N_("Rule"), N_("Choices"))


def table_columns(names: Sequence[str], fields: Sequence[FieldSpec] = ()) -> tuple[CustomerColumn, ...]:
    """Return the columns with `names`, or those that a table has where none is named.

    Raises: InvalidError with the nearest name, where there is no such column.
    """
    return find_columns(names, fields, _) if names else TABLE_COLUMNS


def print_customers(
    rows: Sequence[Row],
    known: Mapping[str, Sequence[str]] | None = None,
    columns: Sequence[CustomerColumn] = TABLE_COLUMNS,
    *,
    header: bool = True,
) -> None:
    """Print `rows` under the headings of `columns`; `known` says in which profiles each is, its own first."""
    whole = next((place for place, column in enumerate(columns) if column.key == "id"), None)
    headings = [*(_(column.label) for column in columns), _("Also in")]
    table = StraightTable(headings, whole=whole, header=header, sample=len(rows) + 1)
    for row in rows:
        table.write([*_cells(row, columns), ", ".join((known or {}).get(row.id, ())[1:])])
    table.finish()


def _cells(row: Row, columns: Sequence[CustomerColumn]) -> list[str]:
    cells = [column.show(row.value(column.key), _) for column in columns]
    if row.unreadable:
        return [
            _("(unreadable)") if column.key == "name" else cell for column, cell in zip(columns, cells, strict=True)
        ]
    return cells


def extent(page: int, size: int, count: int, total: int | None) -> str:
    """Which of how many the `count` rows of a page are, as far as anybody knows."""
    first = (page - 1) * size + 1
    rows = f"{first:,}", f"{first + count - 1:,}"
    if total is None:
        return _("{first}–{last}, total unknown").format(first=rows[0], last=rows[1])
    return _("{first}–{last} of {total}").format(first=rows[0], last=rows[1], total=f"{total:,}")


def seen_extent(found: Listing) -> str:
    """Which of how many customers seen here the rows of `found` are, and of how many that the vendor has."""
    told = [extent(found.page, found.size, len(found.rows), found.total)]
    if found.known is not None:
        told.append(_("{count} seen here").format(count=f"{found.known:,}"))
        if found.vendor_total is not None:
            told.append(_("the vendor has {count}").format(count=f"{found.vendor_total:,}"))
    return " · ".join(told)


def facts_of(customer: Customer, specs: Sequence[FieldSpec]) -> list[tuple[str, Sequence[str]]]:
    """Everything about `customer`, a label with its lines each; `specs` give labels and the names of choices."""
    known = {spec.code: spec for spec in specs}
    facts: list[tuple[str, Sequence[str]]] = [
        (_("Name"), [_("(unreadable)") if customer.unreadable else plain(customer.name)]),
        (_("Ids"), [customer.id, customer.union_id or ""]),
        (_("Company"), [plain(customer.company)]),
        (_("Gender"), [name_of(GENDERS, customer.gender, _)]),
        (_("Kind"), [name_of(KINDS, customer.kind, _)]),
        (_("Phones"), _rows(customer.phones)),
        (_("E-mails"), _rows(customer.emails)),
        (_("WeChat"), _rows(customer.wechat)),
        ("QQ", _rows(customer.qq)),
        (_("Tags"), [_tag(tag) for tag in customer.tags]),
        (_("Owner"), [customer.owner]),
        (_("Description"), [customer.description]),
    ]
    for custom in labelled(customer.custom, specs):
        remark = [f"({custom.remark})"] if custom.remark else []
        facts.append((_(custom.label), [*texts(custom.value, known.get(custom.code)), *remark]))
    facts += [(_("Followed by"), _follow_lines(user)) for user in customer.follow_users]
    facts.append((_("Added"), [local_time(customer.created_at)]))
    facts.append((_("Changed"), [local_time(customer.updated_at)]))
    return facts


def field_row(spec: FieldSpec) -> Sequence[str]:
    """One line of the field configuration; see `FIELD_HEADINGS`."""
    rules = [
        (spec.required, _("required")),
        (not spec.editable, _("read-only")),
        (not spec.enabled, _("off")),
        (spec.sensitive, _("sensitive")),
    ]
    choices = [choice.label for choice in (spec.cascade.children if spec.cascade else spec.choices)]
    return (
        spec.code,
        _(spec.label),
        spec.type.value,
        ", ".join(text for holds, text in rules if holds),
        ", ".join(choices),
    )


def _rows(contacts: Sequence[Contact]) -> list[str]:
    return [f"{contact.value}  {contact.memo}".rstrip() for contact in contacts]


def _tag(tag: Tag) -> str:
    return f"{tag.group} › {tag.name}" if tag.group else tag.name


def _follow_lines(user: FollowUser) -> list[str]:
    since = _("since {time}").format(time=local_time(user.added_at)) if user.added_at else ""
    who = " · ".join(part for part in (f"{user.name} {user.user_id}".strip(), user.remark, since) if part)
    return [plain(who), user.description, "   ".join(_tag(tag) for tag in user.tags)]
