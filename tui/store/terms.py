"""What a customer is found by: the terms of the search index, the keys, the labels.

The index knows terms alone, no positions (FTS5's detail=none), so a term says by itself where it stands:

- a name, remark or company gives each of its characters and each pair of neighbours, its two ends included:
  张三 as a name is `n张 n三 n«张 n张三 n三»`. A piece of two characters is one term, a longer one is all of its pairs;
  a beginning starts with `«`, and a whole text also ends with `»`.
- a Chinese name or remark gives its spellings from each syllable on, to be found by their beginnings: 张三 as a name is
  `pzhangsan qsan` in full and `izs js` in initials.
- a tag or a colleague is the number of its label: `l17`.

Ids, phones, addresses and custom values that look like ids are keys: sorted texts that are found by their beginnings.
A phone is one key forwards and one backwards, so that its last digits find it too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from operator import add
from typing import TYPE_CHECKING

from tui.model import characters
from tui.model.characters import clean_id
from tui.model.phone_email import phone_key, read_email
from tui.store.pinyin import spellings

if TYPE_CHECKING:
    from tui.model.customer import Customer

START, END, GAP = "«", "»", "·"
"""Ends of a text, and what stands for all that separates its words; none of them is left in a folded text."""

NAME, REMARK, COMPANY = "n", "r", "c"
"""Marks of the texts that are found by any piece."""

SPELT, INNER, INITIALS, INNER_INITIALS = "p", "q", "i", "j"
"""Marks of a name's spelling: from its first syllable or a later one, in full or in initials."""

REMARK_SPELT, REMARK_INITIALS = "x", "y"
"""Marks of a remark's spelling, from its first syllable."""

LABEL = "l"
"""Mark of a label's number."""

INDEXED_LENGTH = 64
"""Characters of a text that are indexed; nobody types more to find a customer."""

KEY_LENGTH = 64
"""Characters of a key; what is longer is no id."""

PHONE, REVERSED_PHONE, UNION_ID, EMAIL, WECHAT, QQ, CUSTOM = "d", "D", "u", "e", "w", "q", "c"
"""Marks of keys."""

CONTACTS = {"phone": PHONE, "email": EMAIL, "wechat": WECHAT, "qq": QQ}
"""What a customer can be looked up by, and the mark of its keys."""

_SEPARATORS = re.compile(
    r"[\x00-/:-@\[-`{-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf"  # ASCII and Latin-1 but letters and digits
    r"\u2010-\u205e\u3001-\u3003\u3008-\u3020]+"  # general and CJK punctuation
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_LIKE_AN_ID = re.compile(r"(?=.*\d)[\x21-\x7e]{5,64}")


Label = tuple[str, str, str]
"""A tag or a colleague of a customer: its kind (`tag`, `owner`), the text that tells it from others of the kind (a
tag's name; a colleague's user id, or the name where the vendor tells no id), and what is shown."""


def fold(text: str) -> str:
    """Return `text` as it is searched: as it is compared everywhere, without accents, and with one gap between words.

    What nobody sees is not there, so that a name is found by what is seen of it.
    """
    if text.isascii() and text.isalnum():
        return text.lower()
    if _HAN.fullmatch(text):
        return text  # as most names and companies are
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _SEPARATORS.sub(GAP, characters.fold(plain)).strip(GAP)


def pairs(mark: str, text: str) -> list[str]:
    """`mark` before each pair of neighbours in `text`, or before its only character."""
    if len(text) < 2:
        return [mark + text] if text else []
    return [mark + pair for pair in map(add, text, text[1:])]


@lru_cache(maxsize=2048)
def _text_terms(mark: str, text: str) -> str:
    """The terms of one name, remark or company, a space between them.

    A term may stand there twice, which does no harm. Every customer that is kept passes here: it is written for speed.
    """
    folded = fold(text[:INDEXED_LENGTH])
    if not folded:
        return ""
    whole = START + folded + END
    terms = mark + f" {mark}".join((*folded, *map(add, whole, whole[1:])))
    if mark != COMPANY:
        for way in spellings(folded):
            terms += _spelling_terms(mark, way)
    return terms


def _spelling_terms(mark: str, way: tuple[str, ...]) -> str:
    """One spelling from its first syllable; of a name from each later one too."""
    letters = "".join([syllable[0] for syllable in way])
    spelt = "".join(way)
    if mark == REMARK:
        return f" {REMARK_SPELT}{spelt} {REMARK_INITIALS}{letters}"
    terms = f" {SPELT}{spelt} {INITIALS}{letters}"
    start = 0
    for place, syllable in enumerate(way[:-1], 1):
        start += len(syllable)
        terms += f" {INNER}{spelt[start:]} {INNER_INITIALS}{letters[place:]}"
    return terms


def terms_of(customer: Customer, labels: Iterable[int]) -> str:
    """The index's terms for `customer` with the numbers of its `labels`, a space between them."""
    parts = [_text_terms(NAME, customer.name), _text_terms(COMPANY, customer.company)]
    parts += [_text_terms(REMARK, remark) for remark in {follower.remark for follower in customer.follow_users}]
    parts += [f"{LABEL}{number}" for number in labels]
    return " ".join(parts)


def labels_of(customer: Customer) -> set[Label]:
    """The tags and colleagues of `customer`."""
    labels = {("tag", tag.name, tag.name) for tag in customer.tags if tag.name}
    for follower in customer.follow_users:
        user_id, name = follower.user_id, follower.name
        labels.add(("owner", user_id or name, name or user_id))
        for tag in follower.tags:
            if tag.name:
                labels.add(("tag", tag.name, tag.name))
    if customer.owner and not customer.follow_users:
        labels.add(("owner", customer.owner, customer.owner))
    return labels


def label_aliases(text: str, shown: str) -> str:
    """What else the label `text` is found by than what is `shown`: the user id and the spellings, a space before
    each.
    """
    folded = fold(shown)
    aliases = {fold(text)} - {folded}
    for way in spellings(folded):
        aliases.update(("".join(way), "".join([syllable[0] for syllable in way])))
    return "".join(f" {alias}" for alias in sorted(aliases))


def keys_of(customer: Customer) -> set[str]:
    """The keys of `customer`, its id apart."""
    keys = {UNION_ID + customer.union_id} if customer.union_id else set()
    for contact in customer.phones:
        if number := contact_key("phone", contact.value):
            keys.update((PHONE + number, REVERSED_PHONE + number[::-1]))
    for kind, contacts in (("email", customer.emails), ("wechat", customer.wechat), ("qq", customer.qq)):
        found = (contact_key(kind, contact.value) for contact in contacts)
        keys.update(CONTACTS[kind] + key for key in found if key)
    for custom in customer.custom:
        if isinstance(custom.value, str) and _LIKE_AN_ID.fullmatch(clean_id(custom.value)):
            keys.add(custom_key(custom.code, custom.value))
    return keys


def contact_key(kind: str, value: str) -> str:
    """Return `value`, of a `kind` in `CONTACTS`, as it is compared: a phone's digits, all else in one case."""
    if kind == "phone":
        return phone_key(value)[:KEY_LENGTH]
    return characters.fold(read_email(value) if kind == "email" else value)[:KEY_LENGTH]


def custom_key(code: str, value: str) -> str:
    """Return the key of the custom field `code` with `value`."""
    return f"{CUSTOM}{code}={clean_id(value)}"
