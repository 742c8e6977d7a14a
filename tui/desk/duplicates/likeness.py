"""How likely two customers are one person, by what they have in common: each thing has a chance of its own.

| in common                                | chance                                                      |
|------------------------------------------|-------------------------------------------------------------|
| union id, or an id in a custom field     | 98 %, 95 %                                                  |
| WeChat, QQ, e-mail, phone                | 85 %, 85 %, 80 %, 75 %; the more share it, the less         |
| the name, or one that sounds like it     | 40 %, 30 %                                                  |
| the company, beside such a name          | 25 %                                                        |

Chances add up as those of independent things do: phone and name are 1 - 0.25 · 0.6 = 85 %. As weights, which are the
negative logarithms of what is left, they are summed up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from tui.desk.linked.differences import COMPANY_LABELS
from tui.model.customer import FieldSpec, FieldType
from tui.store.duplicates import MOST, Shared, Who, company_key, namesake
from tui.store.terms import GAP, fold

CHANCES = {
    "union_id": 0.98,
    "wechat": 0.85,
    "qq": 0.85,
    "email": 0.8,
    "phone": 0.75,
    "name": 0.4,
    "sound": 0.3,
    "company": 0.25,
}
CUSTOM_CHANCE = 0.95

LEAST_CHANCE = 0.2
"""Below it two are no pair: a landline that six share, under six names."""

SUREST = 99
"""The highest score: only a person knows for sure."""

HIDDEN = "*＊×•●…"
"""Signs that stand for digits or letters which somebody hid: what is left is many people's."""

_PHONE = re.compile(r"\+?1\d{10}|0\d{9,15}|[48]00\d{7}|[2-9]\d{7}|(?!86)\d{9,}")
"""Digits of a whole number: a mobile phone's, a landline's with its area code (an extension may follow) or without,
a service line's, or one from abroad. Seven digits may be all that a masked `138****0000` has left."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?(\D.*)?")
_OF_A_COMPANY = re.compile("公司|企业|单位|company|organi[sz]ation", re.IGNORECASE)
"""In the label of a field that tells of the customer's company: its id is that of all who work there."""

LEAST_DIFFERENT = 3
"""Different characters that a real number or account has: 00000000, 11111111111 and 10101010 stand for none."""

LEAST_DIGITS = 6
"""Digits of an id that is only digits; fewer are a count or a room."""

ID_TYPES = (FieldType.TEXT, FieldType.PHONE, FieldType.EMAIL)


class Likeness:
    """The judge of one tenant, whose fields `specs` are; without them no custom field is taken for an id."""

    def __init__(self, specs: Iterable[FieldSpec]) -> None:
        texts = [spec for spec in specs if spec.type in ID_TYPES]
        self.companies = frozenset(spec.code for spec in texts if fold(spec.label) in COMPANY_LABELS)
        self._ids = frozenset(spec.code for spec in texts if not _OF_A_COMPANY.search(spec.label))
        self.least = _weight(LEAST_CHANCE)

    def identifies(self, code: str) -> bool:
        """Whether the custom field `code` may hold ids."""
        return code in self._ids

    def weigh(self, shared: Shared) -> float:
        """What it weighs that two of those who have this value do."""
        if shared.customers > MOST or not _tells(shared.kind, shared.value):
            return 0.0
        return _weight(CHANCES.get(shared.kind, CUSTOM_CHANCE) / (shared.customers - 1))

    def compare(self, one: Who, other: Who) -> float:
        """What two names weigh, and beside like ones the companies."""
        return sum(_weight(CHANCES[kind]) for kind in in_common(one, other))


def score_of(weight: float) -> int:
    """The chance that `weight` stands for, in per cent."""
    return min(SUREST, round(100 * (1 - math.exp(-weight))))


def in_common(one: Who, other: Who) -> Sequence[str]:
    """Which of `name`, or `sound` where it is only that, and `company` two have in common; not a company alone."""
    if not namesake(one.name) == namesake(other.name) != "":
        return ()
    name = "name" if _letters(one.name) == _letters(other.name) else "sound"
    company = company_key(one.company)
    return (name, "company") if company == company_key(other.company) != "" else (name,)


def _letters(name: str) -> str:
    return fold(name).replace(GAP, "")


def _weight(chance: float) -> float:
    return -math.log(1 - chance)


def _tells(kind: str, value: str) -> bool:
    """Whether `value` can tell one customer from others at all."""
    if len(set(value)) < LEAST_DIFFERENT or any(sign in value for sign in HIDDEN):
        return False
    match kind:
        case "phone":
            return bool(_PHONE.fullmatch(value))
        case "email":
            return bool(_EMAIL.fullmatch(value))
        case "union_id" | "wechat" | "qq":
            return len(value) >= LEAST_DIGITS - 1
        case _:
            return not _DATE.fullmatch(value) and not (value.isdigit() and len(value) < LEAST_DIGITS)
