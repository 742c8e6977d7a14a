"""What of a customer is hidden until somebody reveals it: the policies, what kind of value a field holds, the masks.

One `Masker` decides for the list, the panes, the forms, the command line, exports and copies alike. Nothing heavy is
loaded here: the first frame is masked too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from tui.model.errors import N_
from tui.model.naming import CUSTOM

if TYPE_CHECKING:
    from tui.model.change import Change
    from tui.model.columns import CustomerColumn
    from tui.model.customer import Contact, Customer, FieldSpec, FieldValue

STARS = "****"
"""Stands for what is hidden, however long it is."""


class Mask(StrEnum):
    """A policy; each hides what those above it do, and more."""

    NONE = "none"
    SENSITIVE = "sensitive"
    """What the vendor calls sensitive, and numbers of documents and accounts."""
    PHONES = "phones"
    ALL = "all"
    """All that reaches a person or tells where one lives, and free texts of the tenant's own."""

    def hides(self, level: Mask | None) -> bool:
        """Whether it hides what is hidden from `level` on; None is never hidden."""
        return level is not None and _ORDER.index(self) >= _ORDER.index(level)

    @property
    def told(self) -> str:
        """What it does, in a few words; to be translated."""
        return _TOLD[self]


_ORDER = tuple(Mask)

_TOLD = {
    Mask.NONE: N_("nothing hidden"),
    Mask.SENSITIVE: N_("sensitive values hidden"),
    Mask.PHONES: N_("phones and sensitive values hidden"),
    Mask.ALL: N_("contacts and sensitive values hidden"),
}


class Nature(Enum):
    """What a field holds, as far as hiding it goes."""

    PHONE = "phone"
    EMAIL = "email"
    ACCOUNT = "account"
    """WeChat, QQ and their like."""
    DOCUMENT = "document"
    """A number of an identity card, a passport, a bank account."""
    ADDRESS = "address"
    BIRTHDAY = "birthday"
    PROSE = "prose"
    """A text of the tenant's own, which may hold anything."""
    OPEN = "open"
    """A name, a choice, a date, an amount: what the day's work is done by."""

    @property
    def level(self) -> Mask | None:
        """The weakest policy that hides it; None for none."""
        return _LEVELS.get(self, Mask.ALL)


_LEVELS = {Nature.DOCUMENT: Mask.SENSITIVE, Nature.PHONE: Mask.PHONES, Nature.OPEN: None}

ROWS = {"phone": "phones", "telephone": "phones", "email": "emails"}
"""Fields of one value, and the customer's list that it is one of."""

_NAMES = ("name", "company", "owner", "tags", "gender", "kind", "description", "id", "union_id", "external_id")

_OWN = {
    "phones": Nature.PHONE,
    "emails": Nature.EMAIL,
    "wechat": Nature.ACCOUNT,
    "qq": Nature.ACCOUNT,
    **dict.fromkeys(_NAMES, Nature.OPEN),
}
"""The customer's own fields."""

_TYPES = {"phone": Nature.PHONE, "email": Nature.EMAIL, "attachment": Nature.PROSE}

_TEXTS = ("text", "textarea", "number", "unknown")
"""Types of fields of which the label tells what they hold."""

_LABELS: tuple[tuple[Nature, str], ...] = (
    (
        Nature.DOCUMENT,
        r"身份证|证件|护照|驾照|驾驶证|社保|银行(?:卡|账)|卡号|account n|\biban\b|passport|identity|\bid (?:card|n)",
    ),
    (Nature.EMAIL, r"邮箱|邮件地址|e-?mail"),
    (Nature.PHONE, r"电话|手机|座机|phone|mobile|\btel\b"),
    (Nature.ACCOUNT, r"微信|wechat|\bqq\b|whatsapp|telegram|钉钉"),
    (Nature.ADDRESS, r"地址|住址|门牌|address"),
)
"""Words of labels, and what a field holds that is called so; the first that fits."""

_BIRTHDAY = r"生日|出生|birth"


def nature_of(code: str, spec: FieldSpec | None = None) -> Nature:
    """Return what the field `code` holds, by its type and its label where it is a tenant's own (`spec`)."""
    code = ROWS.get(code, code)
    if (own := _OWN.get(code)) is not None:
        return own
    if spec is None:
        return Nature.PROSE
    kind = str(spec.type)
    if kind in _TYPES:
        return _TYPES[kind]
    if spec.contacts:
        return Nature.PHONE
    if re.search(_BIRTHDAY, spec.label, re.IGNORECASE):
        return Nature.BIRTHDAY
    if kind not in _TEXTS:
        return Nature.OPEN
    found = next((nature for nature, words in _LABELS if re.search(words, spec.label, re.IGNORECASE)), None)
    return found or (Nature.OPEN if kind == "number" else Nature.PROSE)


# The masks


def mask_phone(text: str) -> str:
    """Return a phone number without its middle: `139****1234`; a short one keeps its last two digits alone."""
    digits = sum(char.isdigit() for char in text)
    if digits >= 10:
        return text[:3] + STARS + text[-4:]
    return STARS + text[-2:] if digits > 4 else STARS


def mask_email(text: str) -> str:
    """Return an e-mail address with nothing but the first letter of its name: `l****@example.com`."""
    name, at, host = text.rpartition("@")
    return f"{name[:1]}{STARS}@{host}" if at else mask(text)


_MASKED = re.compile(r".{0,3}\*{4}(?:.{0,4}|@\S+)", re.DOTALL)


def mask(text: str) -> str:
    """Return `text` hidden as what it looks like: a phone number, an e-mail address, or anything else.

    What is hidden already stays as it is.
    """
    if not text or _MASKED.fullmatch(text):
        return text
    if "@" in text:
        return mask_email(text)
    if sum(char.isdigit() for char in text) >= 5:
        return mask_phone(text)
    return _but_first(text)


def _but_first(text: str) -> str:
    return (text[0] if len(text) > 2 else "") + STARS


@cache
def _may_tell() -> re.Pattern[str]:
    """What every text has in which something is looked for."""
    return re.compile(r"\d{3}|@")


@cache
def _in_prose() -> tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]:
    """What is looked for in free text: the field whose masking it shares, how it looks, and what proves it."""
    return (
        ("", re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])"), _is_identity),
        ("", re.compile(r"(?<!\d)[3-6]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"), _is_bank_card),
        (
            "phones",
            re.compile(
                r"(?<![\dA-Za-z])(?:(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}|\+[1-9]\d{0,2}(?:[ -]?\d){7,12}|"
                r"0\d{2,3}[ -]\d{7,8})(?!\d)"
            ),
            bool,
        ),
        ("emails", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), bool),
    )


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_identity(text: str) -> bool:
    """Whether the last sign of an identity card's number (GB 11643) is right."""
    return "10X98765432"[sum(int(text[at]) * weight for at, weight in enumerate(_WEIGHTS)) % 11] == text[-1].upper()


def _is_bank_card(text: str) -> bool:
    """Whether the last digit of a card's number is right (ISO 7812)."""
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


SHORTEST = 4
"""Characters of a hidden value that is hidden within other texts too: a shorter one is a piece of anything."""


@dataclass(frozen=True)
class Masker:
    """Hides what `policy` says of one profile's customers.

    `levels` says of each field from which policy on it is hidden. Where nobody `knows` the vendor's configuration, what
    reaches a person counts as sensitive. What was `revealed` stays open: the values themselves.
    """

    policy: Mask = Mask.NONE
    levels: Mapping[str, Mask | None] = field(default_factory=dict)
    knows: bool = True
    revealed: frozenset[str] = frozenset()

    # What is hidden

    def level(self, code: str) -> Mask | None:
        """Return the weakest policy that hides the field `code`, one of the customer's own or a tenant's."""
        code = code.removeprefix(CUSTOM)
        code = ROWS.get(code, code)
        if code in self.levels:
            return self.levels[code]
        nature = nature_of(code)
        if not self.knows and nature in (Nature.PHONE, Nature.EMAIL, Nature.ACCOUNT):
            return Mask.SENSITIVE
        return nature.level

    def hides(self, code: str) -> bool:
        """Whether the field `code` is hidden."""
        return self.policy.hides(self.level(code))

    def covers(self, column: CustomerColumn) -> bool:
        """Whether what stands in `column` is hidden."""
        return any(map(self.hides, column.fields))

    # Texts

    def text(self, code: str, text: str) -> str:
        """Return `text` of the field `code` as it may be seen."""
        if not self.hides(code):
            return self.prose(text)
        return text if not text or text in self.revealed else mask(text)

    def cell(self, column: CustomerColumn, text: str) -> str:
        """Return `text` in `column` as it may be seen."""
        if self.policy is Mask.NONE or not text:
            return text
        if self.covers(column):
            return text if text in self.revealed else mask(text)
        return self.prose(text)

    def prose(self, text: str, hidden: Collection[str] = ()) -> str:
        """Return `text` with the numbers and addresses that are hidden elsewhere, and the `hidden` values, masked."""
        if self.policy is Mask.NONE or not (hidden or _may_tell().search(text)):
            return text
        if text in hidden:
            return mask(text)
        for value in hidden:
            if len(value) >= SHORTEST and value in text:
                text = text.replace(value, mask(value))
        for piece in self.pieces(text):
            text = text.replace(piece, mask(piece))
        return text

    def pieces(self, text: str) -> tuple[str, ...]:
        """Return the numbers and addresses in `text` that are hidden."""
        if self.policy is Mask.NONE or not _may_tell().search(text):
            return ()
        found: dict[str, None] = {}
        for code, pattern, proves in _in_prose():
            if not code or self.hides(code):
                for one in pattern.finditer(text):
                    if one[0] not in self.revealed and proves(one[0]):
                        found[one[0]] = None
        return tuple(found)

    # Values and records

    def value(self, code: str, value: FieldValue) -> FieldValue:
        """Return a field's value as it may be seen."""
        if self.policy is Mask.NONE:
            return value
        if isinstance(value, str):
            return self.text(code, value)
        return tuple(self._row(code, row) for row in value)  # type: ignore[return-value]  # all are of one kind

    def _row(self, code: str, row: str | Contact) -> str | Contact:
        if isinstance(row, str):
            return self.text(code, row)
        shown, memo = self.text(code, row.value), self.prose(row.memo)
        return row if (shown, memo) == (row.value, row.memo) else row.model_copy(update={"value": shown, "memo": memo})

    def customer(self, customer: Customer) -> Customer:
        """Return `customer` as it may be seen, without the vendor's own record (see `raw`)."""
        if self.policy is Mask.NONE:
            return customer
        hidden = self.hidden_in(customer)
        changed: dict[str, object] = {
            code: self.value(code, getattr(customer, code)) for code in ("phones", "emails", "wechat", "qq")
        }
        changed |= {
            code: self.text(code, getattr(customer, code)) if self.hides(code) else self.prose(text, hidden)
            for code in ("name", "company", "description", "owner")
            if (text := getattr(customer, code))
        }
        changed["custom"] = tuple(
            custom.model_copy(
                update={"value": self.value(custom.code, custom.value), "remark": self.prose(custom.remark, hidden)}
            )
            for custom in customer.custom
        )
        changed["follow_users"] = tuple(
            user.model_copy(
                update={
                    "remark": self.prose(user.remark, hidden),
                    "description": self.prose(user.description, hidden),
                }
            )
            for user in customer.follow_users
        )
        return customer.model_copy(update={**changed, "raw": {}})

    def hidden_in(self, customer: Customer) -> frozenset[str]:
        """Return the values of `customer` that are hidden, as they are."""
        return frozenset(text for _code, text in self.hidden_values(customer))

    def hidden_values(self, customer: Customer) -> Iterator[tuple[str, str]]:
        """Yield the code of each hidden field of `customer` with each of its values, as it is."""
        if self.policy is not Mask.NONE:
            for code, text in values_in(customer):
                if self.hides(code) and text not in self.revealed:
                    yield code, text

    def raw(self, customer: Customer) -> Any:
        """Return the vendor's own record of `customer` as it may be seen."""
        return self.json(customer.raw, self.hidden_in(customer))

    def json(self, value: Any, hidden: Collection[str] = ()) -> Any:
        """Return JSON, whose keys are fields or a vendor's, as it may be seen; `hidden` values wherever they stand."""
        if self.policy is Mask.NONE:
            return value
        return self._tree(value, {*hidden, *self._hidden_leaves(value)}, hides=False)

    def _tree(self, value: Any, hidden: Collection[str], *, hides: bool) -> Any:
        match value:
            case str():
                return self._leaf(value) if hides else self.prose(value, hidden)
            case bool() | None:
                return value
            case int() | float():
                text = str(value)
                shown = self._leaf(text) if hides else self.prose(text, hidden)
                return value if shown == text else shown
            case Mapping():
                inner = hides or (isinstance(code := value.get("code"), str) and self.hides(code))
                return {
                    key: self._tree(part, hidden, hides=self._hides_below(key, inner)) for key, part in value.items()
                }
            case list() | tuple():
                return [self._tree(part, hidden, hides=hides) for part in value]
            case _:
                return value

    def _leaf(self, text: str) -> str:
        return text if text in self.revealed else mask(text)

    def _hides_below(self, key: str, inner: bool) -> bool:
        """Whether what stands under `key` is hidden, where all about it is (`inner`): its name and memo are not."""
        if inner:
            return key not in ("code", "label", "memo", "remark")
        return (key in self.levels or ROWS.get(key, key) in _OWN) and self.hides(key)

    def _hidden_leaves(self, value: Any, *, hides: bool = False) -> Iterator[str]:
        """Yield the values in JSON that are hidden by the names that they stand under."""
        match value:
            case str():
                if hides and value and value not in self.revealed:
                    yield value
            case Mapping():
                inner = hides or (isinstance(code := value.get("code"), str) and self.hides(code))
                for key, part in value.items():
                    yield from self._hidden_leaves(part, hides=self._hides_below(key, inner))
            case list() | tuple():
                for part in value:
                    yield from self._hidden_leaves(part, hides=hides)

    def change(self, change: Change) -> Change:
        """Return `change`, of the outbox or the journal, as it may be seen."""
        if self.policy is Mask.NONE:
            return change
        parts = (change.request, change.before, change.after)
        hidden = frozenset(text for part in parts for text in self._hidden_leaves(part))
        request, before, after, answer = (self.json(part, hidden) for part in (*parts, change.answer))
        return replace(
            change,
            request=request,
            before=before,
            after=after,
            answer=answer,
            customer_name=self.prose(change.customer_name, hidden),
            message=self.prose(change.message, hidden),
        )

    def revealing(self, values: Iterable[str]) -> Masker:
        """Return one that leaves `values` open as well."""
        return replace(self, revealed=self.revealed | frozenset(values))

    def under(self, policy: Mask) -> Masker:
        """Return one that hides what `policy` says where that is more."""
        return replace(self, policy=policy) if policy.hides(self.policy) else self


def values_in(customer: Customer) -> Iterator[tuple[str, str]]:
    """Yield the code of each field of `customer` with each of its values, as it is."""
    own = ("name", "company", "description", "owner", "phones", "emails", "wechat", "qq")
    values = [(code, getattr(customer, code)) for code in own]
    values += [(custom.code, custom.value) for custom in customer.custom]
    for code, value in values:
        for row in (value,) if isinstance(value, str) else value:
            if text := row if isinstance(row, str) else row.value:
                yield code, text


OPEN = Masker()
"""Hides nothing."""


class Cover:
    """Hides the values that a form begins with, and puts back those that were left as they are.

    Two values of a field that look alike once they are hidden are told apart: `138****0000` and `138****0000·2`.
    """

    def __init__(self, masker: Masker) -> None:
        self.masker = masker
        self._whole: dict[str, dict[str, str]] = {}
        self._pieces: dict[str, str] = {}

    def hide(self, code: str, value: FieldValue) -> FieldValue:
        """Return `value` of the field `code` as the form shows it."""
        return _each(value, lambda text: self._hidden(code, text))

    def whole(self, code: str, value: FieldValue) -> FieldValue:
        """Return what `value`, as the form has it, stands for."""
        known = self._whole.get(code, {})
        return _each(value, lambda text: known.get(text) or self.whole_prose(text))

    def _hidden(self, code: str, text: str) -> str:
        if self.masker.hides(code):
            return text if not text or text in self.masker.revealed else _apart(self._whole.setdefault(code, {}), text)
        return self.hidden_prose(text)

    def hidden_prose(self, text: str) -> str:
        """Return a free text as the form shows it."""
        for piece in self.masker.pieces(text):
            text = text.replace(piece, _apart(self._pieces, piece))
        return text

    def whole_prose(self, text: str) -> str:
        """Return the free text that `text`, as the form has it, stands for."""
        for shown, piece in sorted(self._pieces.items(), key=lambda item: -len(item[0])):
            text = text.replace(shown, piece)
        return text


def _apart(known: dict[str, str], text: str) -> str:
    """Return how `text` is shown, under which no other one of those `known` is; it is known from now on."""
    number, shown = 1, mask(text)
    while known.setdefault(shown, text) != text:
        number += 1
        shown = f"{mask(text)}·{number}"
    return shown


def _each(value: FieldValue, change: Callable[[str], str]) -> FieldValue:
    """Return `value` with each of its texts, memos apart, made by `change`."""
    if isinstance(value, str):
        return change(value)
    rows = (
        change(row) if isinstance(row, str) else row.model_copy(update={"value": change(row.value)}) for row in value
    )
    return tuple(rows)  # type: ignore[return-value]  # all are of one kind


def masker_of(policy: Mask, specs: Iterable[FieldSpec] | None) -> Masker:
    """Return what hides values by `policy` and the field configuration `specs`; None where nobody knows it."""
    levels: dict[str, Mask | None] = {}
    for spec in specs or ():
        level = Mask.SENSITIVE if spec.sensitive else nature_of(spec.code, spec).level
        for code in {ROWS.get(spec.code, spec.code), spec.code, spec.param} - {""}:
            if levels.get(code) is not Mask.SENSITIVE:
                levels[code] = level
    return Masker(policy, levels, knows=specs is not None)


def masker_by_codes(policy: Mask, sensitive: Iterable[str]) -> Masker:
    """Return the same by the codes of the `sensitive` fields alone: the first frame shows no field of a tenant's."""
    return Masker(policy, {ROWS.get(code, code): Mask.SENSITIVE for code in sensitive})
