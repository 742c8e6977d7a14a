"""Customers and their fields as a person reads them on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.cli.json_shapes import labelled
from tui.cli.output import print_table
from tui.locale import N_, _
from tui.text import local_time, plain

if TYPE_CHECKING:
    from tui.model.customer import Contact, Customer, FieldSpec, FollowUser, Tag
    from tui.store.rows import Row

LIST_HEADINGS = (
    *(N_("Id"), N_("Name"), N_("Remark"), N_("Company"), N_("Phone"), N_("E-mail")),
    *(N_("Owner"), N_("Added"), N_("Also in")),
)

FIELD_HEADINGS = (N_("Code"), N_("Label"), N_("Type"), N_("Rule"), N_("Choices"))

GENDERS = {"unknown": "", "male": N_("male"), "female": N_("female")}
"""A gender that nobody knows is not worth a line."""

KINDS = {"wechat": N_("WeChat"), "wecom": N_("WeCom")}
"""Kinds that have a name; a vendor's own number or word stands for itself."""


def print_customers(rows: Sequence[Sequence[str]]) -> None:
    """`rows`, made by `list_row` or `found_row`, under their headings."""
    print_table([_(heading) for heading in LIST_HEADINGS], rows, whole=_("Id"))


def list_row(customer: Customer, profiles: Sequence[str] = ()) -> Sequence[str]:
    """One line of the list; see `LIST_HEADINGS`. `profiles` are those that the customer is in, this one first."""
    return (
        customer.id,
        _("(unreadable)") if customer.unreadable else customer.name,
        next((user.remark for user in customer.follow_users if user.remark), ""),
        customer.company,
        customer.phones[0].value if customer.phones else "",
        customer.emails[0].value if customer.emails else "",
        customer.owner,
        local_time(customer.created_at, day=True),
        ", ".join(profiles[1:]),
    )


def found_row(row: Row, profiles: Sequence[str] = ()) -> Sequence[str]:
    """The same of a customer in the directory, whose row has no e-mail."""
    name = _("(unreadable)") if row.unreadable else row.name
    return (row.id, name, row.remark, row.company, row.phone, "", row.owner, row.added, ", ".join(profiles[1:]))


def extent(page: int, size: int, count: int, total: int | None) -> str:
    """Which of how many the `count` rows of a page are, as far as anybody knows."""
    first = (page - 1) * size + 1
    rows = f"{first:,}", f"{first + count - 1:,}"
    if total is None:
        return _("{first}–{last}, total unknown").format(first=rows[0], last=rows[1])
    return _("{first}–{last} of {total}").format(first=rows[0], last=rows[1], total=f"{total:,}")


def facts_of(customer: Customer, specs: Sequence[FieldSpec]) -> list[tuple[str, Sequence[str]]]:
    """Everything about `customer`, a label with its lines each; `specs` give labels and the names of choices."""
    from tui.model.display import texts

    known = {spec.code: spec for spec in specs}
    facts: list[tuple[str, Sequence[str]]] = [
        (_("Name"), [_("(unreadable)") if customer.unreadable else plain(customer.name)]),
        (_("Ids"), [customer.id, customer.union_id or ""]),
        (_("Company"), [plain(customer.company)]),
        (_("Gender"), [_named(GENDERS, customer.gender.value)]),
        (_("Kind"), [_named(KINDS, customer.kind)]),
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


def _named(names: dict[str, str], value: str) -> str:
    name = names.get(value, value)
    return _(name) if name else ""


def _rows(contacts: Sequence[Contact]) -> list[str]:
    return [f"{contact.value}  {contact.memo}".rstrip() for contact in contacts]


def _tag(tag: Tag) -> str:
    return f"{tag.group} › {tag.name}" if tag.group else tag.name


def _follow_lines(user: FollowUser) -> list[str]:
    since = _("since {time}").format(time=local_time(user.added_at)) if user.added_at else ""
    who = " · ".join(part for part in (f"{user.name} {user.user_id}".strip(), user.remark, since) if part)
    return [plain(who), user.description, "   ".join(_tag(tag) for tag in user.tags)]
