"""Phones and e-mails as people type, paste and keep them, read one way for every look-up, search, link and comparison.

A number has a *key*, by which it is compared: its digits, without China's country code, with an extension after them.
What a vendor is asked for is the *normal form* first, then the few other spellings in which a record may hold it:

| as typed                            | key              | asked for                                        |
|-------------------------------------|------------------|--------------------------------------------------|
| `+86 132-3130-7283`, `tel:132…`     | `13231307283`    | `13231307283`, `+8613231307283`                  |
| `(010) 6677 8899`, `+86 10 6677…`   | `01066778899`    | `01066778899`, `010-66778899`                    |
| `010-66778899转8001`, `… ext. 8001` | `010667788998001`| `01066778899转8001`, `010-66778899-8001`, without |
| `00852 6123 4567`                   | `85261234567`    | `+85261234567`, `85261234567`                    |

and last of all as it was typed, where that is yet another spelling.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tui.model.characters import clean_id, normal

SHORTEST_NUMBER = 7
"""Digits of a whole number at least: a landline's without its area code."""

_PASTED_WITH = "=\"'`,;.、 ☎☏✆📞📱"
"""What stands round a number or an address where it was copied: a spreadsheet's guard, quotes, a sign, a comma."""

_SCHEME = re.compile(r"(?:tel|callto|phone|mobile|电话|手机|座机)\s*[:.]?\s*(?=[+(\d])", re.IGNORECASE)
"""Before a number: a link's scheme (RFC 3966), or what people write there. Full-width signs are ASCII by then."""

_EXTENSION = re.compile(
    r"(?<=[\d)])[\s,;.-]*(?:ext(?:ension)?[.:=]?|x|#|转接?|轉|分机号?:?)\s*(\d{1,8})\s*$", re.IGNORECASE
)
_DASHED_EXTENSION = re.compile(r"(?<=\d{7})\s*-\s*(\d{2,6})\s*$")
"""As in `010-66778899-8001`; only after a landline, since people group a mobile phone's digits so."""

_NUMBER = re.compile(r"\(?\+?[\d\s().,/·-]*\d[\d\s().,/·-]*")
_AS_MEANT = {0x3002: ".", **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-")}
"""What an input method puts where a point or a hyphen is meant."""

_NOT_DIGITS = re.compile(r"\D+")
_CODE_APART = re.compile(r"\(?86\)?[\s-]")
"""China's code without its plus, but set apart from what follows."""

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})")
"""A landline of China's: area code and number."""

_SERVICE = ("400", "800")
"""The first digits of a service line of China's, which has no area code."""

_MAIL = re.compile(r"(?:[^<>]*<)?\s*(?:mailto:\s*)?([^\s<>@]+@[^\s<>@?]+)(?:\?[^<>]*)?\s*>?", re.IGNORECASE)
"""An address, alone, as a link (RFC 6068), or in brackets after a name (RFC 5322)."""


class Phone(NamedTuple):
    """A phone number, read."""

    number: str
    """China's as it is dialled there (`13231307283`, `01066778899`), another country's after its code."""
    extension: str = ""
    foreign: bool = False
    """The number begins with the code of another country than China, as far as the text says so."""

    @property
    def key(self) -> str:
        """The digits by which it is compared; after a plus where they would be taken for a mobile phone of China's."""
        return ("+" if self._misleading else "") + self.number + self.extension

    @property
    def is_mobile(self) -> bool:
        """Whether it is a mobile phone of China's."""
        return not self.foreign and _MOBILE.fullmatch(self.number) is not None

    @property
    def is_landline(self) -> bool:
        """Whether it is a landline of China's with its area code."""
        return not self.foreign and _LANDLINE.fullmatch(self.number) is not None

    @property
    def spellings(self) -> tuple[str, ...]:
        """How a record may hold it: the normal form first."""
        if self.foreign:
            bare = [f"+{self.number}"] if self._misleading else [f"+{self.number}", self.number]
        elif landline := _LANDLINE.fullmatch(self.number):
            bare = [self.number, "-".join(landline.groups())]
        elif self.is_mobile and not self.extension:
            bare = [self.number, f"+86{self.number}"]
        else:
            bare = [self.number]
        if not self.extension:
            return tuple(bare)
        return (f"{bare[0]}转{self.extension}", f"{bare[-1]}-{self.extension}", bare[0])

    @property
    def _misleading(self) -> bool:
        return self.foreign and _MOBILE.fullmatch(self.number) is not None


def read_phone(text: str) -> Phone | None:
    """Return the phone that all of `text` is; None where it is none, such as a name or a masked number."""
    text = unwrapped_phone(text)
    extension = _EXTENSION.search(text)
    if extension:
        text = text[: extension.start()]
    text = text.partition(";")[0].strip()  # RFC 3966's other parameters
    if not _NUMBER.fullmatch(text):
        return None
    if not extension and (dashed := _DASHED_EXTENSION.search(text)):
        number, _ = _without_country(text[: dashed.start()])
        if (found := Phone(number, dashed[1])).is_landline:
            return found
    number, foreign = _without_country(text)
    return Phone(number, extension[1] if extension else "", foreign)


def _without_country(text: str) -> tuple[str, bool]:
    """The digits of `text` without China's country code, and whether another country's is there."""
    found = _NOT_DIGITS.sub("", text)
    coded = text.lstrip("( ").startswith("+")
    if found.startswith("0086") or (found.startswith("00") and len(found) > SHORTEST_NUMBER + 2):
        found, coded = found[2:], True
    home = found.removeprefix("86")
    if home != found and (coded or _MOBILE.fullmatch(home) or _CODE_APART.match(text)):
        return _dialled(home), False
    return (found, True) if coded else (_without_trunk(found), False)


def _dialled(digits: str) -> str:
    """The `digits` after China's country code as they are dialled within China: a landline's after a 0."""
    digits = _without_trunk(digits)
    if _MOBILE.fullmatch(digits) or digits.startswith(_SERVICE):
        return digits
    return f"0{digits}" if _LANDLINE.fullmatch(f"0{digits}") else digits


def _without_trunk(digits: str) -> str:
    """`digits` without the 0 that people put before a mobile phone of another place: no area code begins so."""
    return digits[1:] if digits.startswith("0") and _MOBILE.fullmatch(digits[1:]) else digits


def phone_key(text: str) -> str:
    """Return what is compared of a phone: its digits, whatever else stands there; empty where there are none."""
    if text.isascii() and text.isdecimal() and not text.startswith(("00", "86", "01")):
        return text  # as nearly all are kept, and every customer that is kept passes here
    return _phone_key(text)


@lru_cache(maxsize=4096)
def _phone_key(text: str) -> str:
    """The same of a phone that is not digits alone; a customer who is kept is asked for it twice."""
    phone = read_phone(text)
    return phone.key if phone else _NOT_DIGITS.sub("", normal(text))


def unwrapped_phone(text: str) -> str:
    """Return `text`, a phone, without what it was pasted in; how a person groups the digits is theirs, and stays."""
    text = normal(text).translate(_AS_MEANT)
    return _SCHEME.sub("", text.strip(_PASTED_WITH) or text, count=1)


def read_email(text: str) -> str:
    """Return the address in `text`, its domain in lower case; `text` itself, cleaned, where there is none."""
    cleaned = clean_id(normal(text)).translate(_AS_MEANT)
    found = _MAIL.fullmatch(cleaned.strip(_PASTED_WITH))
    if found is None:
        return cleaned
    name, _, domain = found[1].rpartition("@")
    return f"{name}@{domain.lower()}"


def phone_spellings(text: str) -> tuple[str, ...]:
    """Return how a vendor is asked for the phone `text`: its normal form, other spellings, and as it was typed."""
    phone = read_phone(text)
    return _once(*(phone.spellings if phone else ()), unwrapped_phone(text))


def email_spellings(text: str) -> tuple[str, ...]:
    """Return how a vendor is asked for the e-mail `text`: its normal form, all in lower case, as it was typed."""
    typed = clean_id(text)
    return _once(read_email(text), read_email(text).lower(), typed if typed.strip(_PASTED_WITH + "<>") == typed else "")


def spellings(kind: str, text: str) -> tuple[str, ...]:
    """Return how a vendor is asked for `text`, which is a `phone`, an `email`, or something that has one spelling."""
    match kind:
        case "phone":
            return phone_spellings(text)
        case "email":
            return email_spellings(text)
        case _:
            return _once(clean_id(text))


def _once(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, texts)))
