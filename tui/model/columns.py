"""The columns of a list of customers: each is said here once, with its heading, its value, its width and what hides it.

The rows that are kept on disk, the desk's list, the tables of the command line and that of `docs/query.md` follow.
A field of the tenant is a column too: `find_column` makes it from the field's configuration. Nothing heavy is loaded
here: the first frame draws with these.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from math import floor
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from tui.model.characters import fold
from tui.model.display import GENDERS, KINDS, STATES, name_of, texts
from tui.model.errors import N_, InvalidError
from tui.model.naming import CUSTOM, nearest

if TYPE_CHECKING:
    from tui.model.change import State
    from tui.model.customer import Customer, FieldSpec, FollowUser

TEXT_LENGTH = 200
"""Characters of one text in a row: more than the widest terminal shows; the record keeps all of it."""

TAGS_SHOWN = 3
"""Tags in a row: a column has no room for more."""

YEARS = range(1, 10_000)
"""Of the calendar."""

Value = str | float
"""A text, a day (`YYYY-MM-DD`) or a key; or a moment in epoch seconds. An empty text where there is none."""


class CustomerFacts(NamedTuple):
    """All that a column may show of one customer."""

    customer: Customer
    user_id: str = ""
    """The acting colleague, whose remark and tags come before those of others."""
    seen_at: float | None = None
    """The moments are in epoch seconds, None where nobody knows."""
    state: State | None = None
    """Of what was sent from here and is not settled, the one that needs a person most."""
    last_contact: float | None = None
    next_contact: float | None = None

    @property
    def follower(self) -> FollowUser | None:
        """The acting colleague where that one follows the customer, else the first who does."""
        followers = self.customer.follow_users
        if not followers:
            return None
        return next((one for one in followers if one.user_id == self.user_id), followers[0])


class ColumnKind(Enum):
    """How a column's value is shown."""

    TEXT = "text"
    NAMED = "named"
    """One of the words in the column's `names`."""
    DAY = "day"
    MOMENT = "moment"
    APPOINTMENT = "appointment"
    """A moment to come, of which midnight is the whole day."""


@dataclass(frozen=True, slots=True)
class CustomerColumn:
    """One column. Widths are in cells."""

    key: str
    label: str
    """In English, translated where it is shown; a tenant's own label stands for itself."""
    about: str
    value: Callable[[CustomerFacts], Value]
    kind: ColumnKind = ColumnKind.TEXT
    sort: str = ""
    """The name by which a query filters and sorts it, where that is another than `key`."""
    width: int = 16
    """What it takes at most while others want room."""
    min_width: int = 4
    """What it can live with; a column that would get less is left out."""
    weight: int = 1
    """Its share of the room that is left over; 0 for a column that never grows."""
    priority: int = 1
    """The lowest is left out first."""
    align: Literal["left", "right"] = "left"
    fields: frozenset[str] = frozenset()
    """The fields of the configuration that it shows: it is hidden where the vendor calls one of them sensitive."""
    contact: bool = False
    """It leads to a person: it is hidden too where an agent hides everything of that kind."""
    names: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    """Other names for it, in both languages."""

    @property
    def sort_field(self) -> str:
        """The name by which a query filters and sorts it."""
        return self.sort or self.key

    def sensitive(self, codes: Collection[str]) -> bool:
        """Return whether one of the fields with `codes`, which the vendor calls sensitive, stands in it."""
        return not self.fields.isdisjoint(codes)

    def show(self, value: Value, translate: Callable[[str], str] = str) -> str:
        """Return `value` as a person reads it: words by `translate`, moments on this machine's clock."""
        if self.kind is ColumnKind.NAMED:
            return name_of(self.names, str(value), translate)
        if isinstance(value, str):
            return value
        if self.kind is ColumnKind.APPOINTMENT:
            return appointment_text(value)
        return day_text(value) if self.kind is ColumnKind.DAY else moment_text(value)


def day_text(moment: float) -> str:
    """Return the ISO date of `moment`, in epoch seconds, on this machine's clock; empty at an end of the calendar."""
    local = _local(moment)
    return f"{local.tm_year:04}-{local.tm_mon:02}-{local.tm_mday:02}" if local else ""


def appointment_text(moment: float, now: float | None = None) -> str:
    """Return the same of a moment to come: one at midnight is a whole day, and is told as that."""
    local = _local(moment)
    if local is None or local.tm_hour or local.tm_min:
        return moment_text(moment, now)
    this_year = local.tm_year == time.localtime(now).tm_year
    return f"{local.tm_mon:02}-{local.tm_mday:02}" if this_year else day_text(moment)


def moment_text(moment: float, now: float | None = None) -> str:
    """Return `moment`, in epoch seconds, in few cells: `09:30` of today, `11-20 09:30` of this year, else the date."""
    local, today = _local(moment), time.localtime(now)
    if local is None or local.tm_year != today.tm_year:
        return day_text(moment)
    clock = f"{local.tm_hour:02}:{local.tm_min:02}"
    return clock if local.tm_yday == today.tm_yday else f"{local.tm_mon:02}-{local.tm_mday:02} {clock}"


def _local(moment: float) -> time.struct_time | None:
    try:
        local = time.localtime(moment)
    except (OverflowError, OSError, ValueError):
        return None
    return local if local.tm_year in YEARS else None


def epoch_of(moment: datetime | None) -> Value:
    """Return `moment` in whole epoch seconds; empty for none, and at an end of the calendar, where no zone has room."""
    try:
        return floor(moment.timestamp()) if moment is not None else ""
    except (OverflowError, ValueError):
        return ""


def _remark(known: CustomerFacts) -> str:
    follower = known.follower
    if follower is None or follower.user_id == known.user_id:
        return follower.remark if follower else ""
    return next((one.remark for one in known.customer.follow_users if one.remark), "")


def _owner(known: CustomerFacts) -> str:
    follower = known.follower
    return (follower and (follower.name or follower.user_id)) or known.customer.owner


def _added(known: CustomerFacts) -> Value:
    follower = known.follower
    return epoch_of((follower and follower.added_at) or known.customer.created_at)


def _tags(known: CustomerFacts) -> str:
    follower = known.follower
    tags = (follower.tags if follower else ()) + known.customer.tags
    return ", ".join([tag.name for tag in tags[:TAGS_SHOWN]])


def _known(moment: float | None) -> Value:
    return "" if moment is None else moment


def _first(contacts: str) -> Callable[[CustomerFacts], str]:
    """Return what reads the first of the customer's `contacts`: `phones`, `emails` …"""

    def value(known: CustomerFacts) -> str:
        rows = getattr(known.customer, contacts)
        return rows[0].value if rows else ""

    return value


_DAY, _MOMENT, _NAMED = ColumnKind.DAY, ColumnKind.MOMENT, ColumnKind.NAMED

# fmt: off
_ALL = (
    CustomerColumn("name", N_("Name"), N_("the customer's name"),
                   lambda known: known.customer.name,
                   width=24, min_width=6, weight=3, priority=9, aliases=("姓名", "名字")),
    CustomerColumn("remark", N_("Remark"), N_("the acting colleague's remark, else the first that somebody wrote"),
                   _remark,
                   width=24, weight=2, priority=7, aliases=("备注",)),
    CustomerColumn("company", N_("Company"), N_("the company"),
                   lambda known: known.customer.company,
                   width=30, min_width=6, weight=3, priority=6, aliases=("公司",)),
    CustomerColumn("phone", N_("Phone"), N_("the first phone"),
                   _first("phones"),
                   sort="phones", width=18, min_width=11, weight=0, priority=4, contact=True,
                   fields=frozenset({"phones", "phone", "telephone"}), aliases=("电话", "手机")),
    CustomerColumn("email", N_("E-mail"), N_("the first e-mail address"),
                   _first("emails"),
                   sort="emails", width=28, min_width=8, priority=2, contact=True,
                   fields=frozenset({"emails", "email"}), aliases=("邮箱",)),
    CustomerColumn("wechat", N_("WeChat"), N_("the first WeChat id"),
                   _first("wechat"),
                   width=20, min_width=6, contact=True, fields=frozenset({"wechat"}), aliases=("微信",)),
    CustomerColumn("qq", "QQ", N_("the first QQ number"),
                   _first("qq"),
                   width=12, min_width=6, weight=0, contact=True, fields=frozenset({"qq"})),
    CustomerColumn("owner", N_("Owner"), N_("the acting colleague who follows the customer, else the first who does"),
                   _owner,
                   width=14, priority=5, aliases=("负责人", "跟进人")),
    CustomerColumn("added", N_("Added"), N_("the day when that colleague added the customer, else when it was created"),
                   _added, _DAY,
                   width=10, min_width=10, weight=0, priority=3, aliases=("添加时间",)),
    CustomerColumn("tags", N_("Tags"), N_("the first three tags"),
                   _tags,
                   width=24, weight=2, priority=2, aliases=("tag", "标签")),
    CustomerColumn("last", N_("Last"), N_("when the customer was contacted last"),
                   lambda known: _known(known.last_contact), _MOMENT,
                   width=11, min_width=5, weight=0, priority=3, aliases=("last_contact", "Last contact", "上次联系")),
    CustomerColumn("next", N_("Next"), N_("when the customer is to be contacted next"),
                   lambda known: _known(known.next_contact), ColumnKind.APPOINTMENT,
                   width=11, min_width=5, weight=0, priority=8, aliases=("next_contact", "Next contact", "下次联系")),
    CustomerColumn("state", N_("State"), N_("what became of what was sent from here, until it is settled"),
                   lambda known: known.state or "", _NAMED, names=STATES,
                   width=10, weight=0, priority=3, aliases=("状态",)),
    CustomerColumn("gender", N_("Gender"), N_("male, female, or nothing where nobody knows"),
                   lambda known: known.customer.gender.value, _NAMED, names=GENDERS,
                   width=6, min_width=2, weight=0, aliases=("性别",)),
    CustomerColumn("kind", N_("Kind"), N_("what the vendor says it is, such as WeChat"),
                   lambda known: known.customer.kind, _NAMED, names=KINDS,
                   width=8, weight=0, aliases=("类型",)),
    CustomerColumn("seen", N_("Seen here"), N_("when the vendor last told of it here"),
                   lambda known: _known(known.seen_at), _MOMENT,
                   width=11, min_width=5, weight=0, aliases=("看到",)),
    CustomerColumn("created", N_("Created"), N_("when the vendor says it was created"),
                   lambda known: epoch_of(known.customer.created_at), _MOMENT,
                   sort="created_at", width=11, min_width=5, weight=0, aliases=("创建时间",)),
    CustomerColumn("updated", N_("Updated"), N_("when the vendor says it was changed last"),
                   lambda known: epoch_of(known.customer.updated_at), _MOMENT,
                   sort="updated_at", width=11, min_width=5, weight=0, aliases=("更新时间",)),
    CustomerColumn("description", N_("Description"), N_("the customer's description"),
                   lambda known: known.customer.description,
                   width=30, min_width=8, weight=3, aliases=("描述",)),
    CustomerColumn("id", N_("Id"), N_("the vendor's id"),
                   lambda known: known.customer.id,
                   width=24, min_width=8, weight=0),
    CustomerColumn("union_id", N_("Union id"), N_("the id across the vendor's accounts"),
                   lambda known: known.customer.union_id or "",
                   width=28, min_width=8, weight=0),
)
# fmt: on

COLUMNS: Mapping[str, CustomerColumn] = {column.key: column for column in _ALL}
"""What every customer has, by key."""

LIST_KEYS = ("name", "remark", "company", "phone", "owner", "added")
"""The columns of the desk's list where nobody chose others; those that are empty on the whole page are left out."""

TABLE_KEYS = ("id", "name", "remark", "company", "phone", "email", "owner", "added")
"""The columns of the command line's tables."""

LIST_COLUMNS = tuple(COLUMNS[key] for key in LIST_KEYS)
TABLE_COLUMNS = tuple(COLUMNS[key] for key in TABLE_KEYS)


def usual_columns(chosen: Sequence[str] = ()) -> tuple[CustomerColumn, ...]:
    """Return the columns of the desk's list before the tenant's own are known: `chosen`, by key, or those of all."""
    return tuple(COLUMNS[key] for key in chosen) or LIST_COLUMNS


_TYPES: Mapping[str, Mapping[str, Any]] = {
    "number": {"width": 12, "align": "right", "weight": 0},
    "percent": {"width": 8, "align": "right", "weight": 0},
    "date": {"width": 10, "min_width": 10, "weight": 0},
    "datetime": {"width": 16, "min_width": 10, "weight": 0},
    "textarea": {"width": 30, "weight": 3},
    "phone": {"width": 18, "min_width": 11, "weight": 0, "contact": True},
    "email": {"width": 28, "min_width": 8, "contact": True},
}
"""What becomes a field's column by the type of the field."""


def field_column(spec: FieldSpec) -> CustomerColumn:
    """Return the column of the tenant's own field that `spec` configures, labels in place of keys."""
    code = spec.code

    def value(known: CustomerFacts) -> str:
        found = next((custom for custom in known.customer.custom if custom.code == code), None)
        return "" if found is None else ", ".join(texts(found.value, spec))

    return CustomerColumn(
        code,
        spec.label or code,
        spec.label or code,
        value,
        sort=code if code.startswith(CUSTOM) else CUSTOM + code,
        fields=frozenset({code}),
        aliases=(spec.label,) if spec.label else (),
        **_TYPES.get(spec.type, {}),
    )


def known_columns(fields: Sequence[FieldSpec] = ()) -> tuple[CustomerColumn, ...]:
    """Return every column there is: what every customer has, then the tenant's own `fields`."""
    shown = {name for column in COLUMNS.values() for name in (column.key, *column.fields)}
    return (*COLUMNS.values(), *(field_column(spec) for spec in fields if spec.code not in shown))


def find_column(name: str, fields: Sequence[FieldSpec] = (), translate: Callable[[str], str] = str) -> CustomerColumn:
    """Return the column that `name` means: its key, its heading in English or by `translate`, or the code or label of
    one of the tenant's `fields`, whatever the case and the width of its letters.

    A label of the tenant's that is also one of ours means the tenant's; `custom.CODE` always does.
    Raises: InvalidError with the nearest name where there is none, or where two fields have the label.
    """
    wanted = fold(name)
    columns = known_columns(fields)
    theirs = [column for column in columns if column.key not in COLUMNS]
    for column in theirs if wanted.startswith(CUSTOM) else columns:
        if wanted in (fold(column.key), fold(column.sort)):
            return column
    own = [column for column in theirs if fold(column.label) == wanted]
    if len(own) > 1:
        raise InvalidError(
            N_("several fields are called {name}"),
            todo=N_("Name one by its code: {known}."),
            field=name,
            name=name,
            known=", ".join(column.key for column in own),
        )
    ours = [column for column in columns if wanted in {fold(known) for known in _names(column, translate)}]
    for column in own or ours:
        return column
    known = {known: known for column in columns for known in _names(column, translate)}
    near = nearest(name, known)
    raise InvalidError(
        N_("there is no column {name!r}"),
        todo=N_("Did you mean {near}?") if near else N_("Use some of: {known}."),
        field=name,
        name=name,
        near=near,
        known=", ".join(column.key for column in columns),
    )


def find_columns(
    names: Sequence[str], fields: Sequence[FieldSpec] = (), translate: Callable[[str], str] = str
) -> tuple[CustomerColumn, ...]:
    """Return the columns that `names` mean, in their order, each once; see `find_column`."""
    found = [find_column(name, fields, translate) for name in names]
    return tuple({column.key: column for column in found}.values())


def _names(column: CustomerColumn, translate: Callable[[str], str]) -> tuple[str, ...]:
    return (column.key, column.label, translate(column.label), *column.aliases)
