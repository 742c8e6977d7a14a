"""One model for three vendors. Frozen; what a vendor adds is kept in `raw`, what it drops or mistypes is tolerated.

A field's value, wherever it is read, edited, sent or kept, has one of three shapes (`FieldValue`):

- `str`: text, number, percent, phone, email, one choice (its key), a date (`YYYY-MM-DD`), a date and time (ISO 8601
  with a zone). The empty string clears the field.
- `tuple[str, ...]`: several choices (their keys), a cascade (the keys of its levels, outermost first), tags (names).
- `tuple[Contact, ...]`: contact rows with their memos.

Fields are named by their *code*, which is what `kehu edit --set` takes: one of the customer's own names (`name`,
`company`, `phones`, `emails`, `email`, `phone`, `telephone`, `wechat`, `qq`, `tags`, `description`, `owner`) where the
vendor's field is one of those, else the vendor's own code for it (`text_6ts9_1687316347239`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """A frozen value."""

    # Built when first used: most runs use half of them, and building one takes a millisecond or two.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Contact(Model):
    """A phone, e-mail, QQ or WeChat with the memo that stands beside it."""

    value: str
    memo: str = ""


LANDLINE = "landline"
"""The memo of the phone row that a vendor keeps in a field of its own, `telephone`."""

FieldValue = str | tuple[str, ...] | tuple[Contact, ...]
FieldValues = Mapping[str, FieldValue]
"""Field code to value: what a form sends, and what an undo needs."""


class Gender(StrEnum):
    """As far as a vendor tells."""

    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"


class TagKind(StrEnum):
    """Whose tag it is: the corporation's, one colleague's own, or a vendor's that tells no difference."""

    CORP = "corp"
    PERSONAL = "personal"
    PLAIN = "plain"


class Tag(Model):
    """A tag; `id` is there for corp tags alone."""

    name: str
    group: str = ""
    kind: TagKind = TagKind.PLAIN
    id: str | None = None


class CustomValue(Model):
    """A custom field's value. `label` is the code until the field configuration is known."""

    code: str
    label: str
    value: FieldValue = ""
    remark: str = ""


class FollowUser(Model):
    """A colleague who follows the customer, with what that colleague noted."""

    user_id: str
    name: str = ""
    remark: str = ""
    description: str = ""
    added_at: datetime | None = None
    tags: tuple[Tag, ...] = ()


class Customer(Model):
    """One customer as one vendor tells it.

    `raw` is the vendor's own record. `unreadable` is set, and only `id` and `raw` can be relied on, where a record
    inside a good page was of the wrong type. Times carry a zone.
    """

    id: str
    union_id: str | None = None
    name: str = ""
    company: str = ""
    gender: Gender = Gender.UNKNOWN
    kind: str = ""
    """What the vendor says it is: `wechat`, `wecom`, or the vendor's own number or word."""
    phones: tuple[Contact, ...] = ()
    emails: tuple[Contact, ...] = ()
    wechat: tuple[Contact, ...] = ()
    qq: tuple[Contact, ...] = ()
    tags: tuple[Tag, ...] = ()
    owner: str = ""
    description: str = ""
    custom: tuple[CustomValue, ...] = ()
    follow_users: tuple[FollowUser, ...] = ()
    created_at: datetime | None = None
    updated_at: datetime | None = None
    raw: Mapping[str, Any] = Field(default_factory=dict, repr=False)
    unreadable: bool = False


class FieldType(StrEnum):
    """What a field takes."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    CASCADE = "cascade"
    PHONE = "phone"
    EMAIL = "email"
    ATTACHMENT = "attachment"
    UNKNOWN = "unknown"


class Choice(Model):
    """One of a field's allowed values."""

    key: str
    label: str
    default: bool = False


class CascadeChoice(Model):
    """One node of a cascade."""

    key: str
    label: str
    children: tuple[CascadeChoice, ...] = ()


class Cascade(Model):
    """A tree of choices `levels` deep, of which the first `required_levels` must be chosen."""

    levels: int
    required_levels: int = 0
    children: tuple[CascadeChoice, ...] = ()


class FieldSpec(Model):
    """One line of the field configuration. `contacts` marks a list of contact rows with memos."""

    code: str
    label: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    editable: bool = True
    enabled: bool = True
    sensitive: bool = False
    default: str = ""
    choices: tuple[Choice, ...] = ()
    cascade: Cascade | None = None
    contacts: bool = Field(default=False, exclude=True)
    searchable: bool = Field(default=True, exclude=True)
    param: str = Field(default="", exclude=True)
    """The vendor's own name for the field; never shown but with the raw record."""


class Condition(Model):
    """One search condition: a field's code, an operator that the vendor knows (`eq`, `empty`, …), and its values."""

    field: str
    operator: str = "eq"
    values: tuple[str, ...] = ()


class Query(Model):
    """Which customers, and which page of them. Pages count from 1."""

    page: int = Field(default=1, ge=1)
    size: int = Field(default=100, ge=1)
    owner: str | None = None
    """Only those whom this staff member follows or owns."""
    conditions: tuple[Condition, ...] = ()


class Page(Model):
    """One page of customers; `total` is what the vendor says there are in all, None where it does not say."""

    page: int
    size: int
    total: int | None
    items: tuple[Customer, ...]


class Remark(Model):
    """What one colleague notes on one customer. At least one of the texts is given; `None` leaves the other alone."""

    customer: str
    """The customer's id, for messages and results."""
    union_id: str | None
    user_id: str
    remark: str | None = None
    description: str | None = None


class FollowText(Model):
    """One line of follow history; without a time the vendor takes the moment of the call."""

    content: str
    at: datetime | None = None


class FollowEntry(Model):
    """Follow-ups of one colleague on one customer."""

    customer: str
    union_id: str | None
    user_id: str
    texts: tuple[FollowText, ...]


class Failure(Model):
    """One item of a batch that was not applied, or (`unknown`) of which nobody knows."""

    index: int = Field(exclude=True)
    """Its place in the batch, from 0."""
    customer: str
    user_id: str
    code: str
    message: str
    unknown: bool = Field(default=False, exclude=True)
    passing: bool = Field(default=False, exclude=True)
    """Waiting helps: the line broke, or the vendor takes no more for now."""
    template: str = Field(default="", exclude=True)
    """Of a message in our own words, not the vendor's: what translates it."""
    facts: Mapping[str, Any] = Field(default={}, exclude=True)
    """What fills the template."""
    answer: Mapping[str, Any] | None = Field(default=None, exclude=True)
    """What the vendor said of this one, for the journal."""


class BatchResult(Model):
    """How many of a batch were applied, and which were not."""

    applied: int = 0
    failed: tuple[Failure, ...] = ()
    answers: Mapping[int, Mapping[str, Any]] = Field(default={}, exclude=True)
    """What the vendor said of each that was applied, by its place in the batch, for the journal."""


class TagGroup(Model):
    """A corp tag group with its tags, in the vendor's order."""

    id: str
    name: str
    order: int = 0
    created_at: datetime | None = None
    tags: tuple[Tag, ...] = ()
