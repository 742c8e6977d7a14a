"""The people whom all three vendors know: invented, the same for the same seed, and as odd as real ones.

Person number n is the same whether 200 or 1,000,000 are asked for. Phones begin with 1990000, landlines with 5550,
and e-mails end in domains that are reserved for examples, so that none reaches anybody.
The first page is told by hand, with the awkward names among the next hundred.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final, NamedTuple, TypeVar

from tui.sandbox.vocabulary import (
    AWKWARD_NAMES,
    COMPANIES,
    CORP_TAGS,
    DESCRIPTIONS,
    ENGLISH_FEMALE,
    ENGLISH_LAST,
    ENGLISH_MALE,
    GIVEN_FEMALE,
    GIVEN_FIRST,
    GIVEN_MALE,
    PERSONAL_TAGS,
    PLACES,
    REMARK_ENDINGS,
    STAFF,
    SURNAMES,
    TITLES,
    Region,
)

T = TypeVar("T")

_CHAPTER: Final = 1000
"""People are drawn in chapters, each from a generator of its own, so that one can begin anywhere."""

_DAY: Final = 86_400
_FIRST_DAY: Final = 1_546_272_000
"""2019-01-01 in China: nobody was added before."""
_DAYS: Final = 2_500
"""From the first day to November 2025: nobody was added after."""

_FIRST_LANDLINE: Final = 55_500_000
"""The landline, past the area code, before the first person's."""
_MAIL_DOMAINS: Final = ("example.com", "example.net", "example.org")
_CORP_TAG_COUNT: Final = sum(len(names) for _, names in CORP_TAGS)
_TAG_COUNT: Final = _CORP_TAG_COUNT + len(PERSONAL_TAGS)


class Follow(NamedTuple):
    """One staff member who follows a person."""

    staff: int
    """Index in `staff`."""
    remark: str
    description: str | None
    added: int
    """Seconds since the epoch."""
    state: str | None
    shows_mobile: bool
    tags: tuple[int, ...]
    """Ids of tags: the corp tags from 1 on in the order of CORP_TAGS, then the personal ones."""


class SamplePerson(NamedTuple):
    """One invented person, and where the vendors' records of them differ."""

    ordinal: int
    external_user_id: str
    union_id: str | None
    name: str
    latin: str
    gender: int
    kind: int
    avatar: str | None
    phone: str
    landline: str | None
    email: str | None
    company: int | None
    """Index in COMPANIES."""
    place: Region
    follows: tuple[Follow, ...]
    in_useasy: bool
    in_ima: bool
    twice: bool
    """useasy has them a second time."""
    differs: str
    """What the vendors disagree on: `phone`, `format` (of the phone), `email`, `company`, `name`, or nothing."""
    draws: tuple[float, ...]
    """`draws` further numbers in [0, 1), for the fields that only one vendor has."""


_DIFFERENCES: Final = ("phone", "format", "email", "company", "name")
DRAWS: Final = 12


def people(seed: int, first: int, last: int) -> Iterator[SamplePerson]:
    """The people from one ordinal to another, both included; the first person is number 1."""
    for chapter in range((first - 1) // _CHAPTER, (last - 1) // _CHAPTER + 1):
        random = Random(f"{seed}/{chapter}")  # noqa: S311 - the same people each time is the point
        for ordinal in range(chapter * _CHAPTER + 1, min(last, (chapter + 1) * _CHAPTER) + 1):
            person = _person(seed, ordinal, random.random)
            if ordinal >= first:
                yield person


def _person(seed: int, ordinal: int, draw: Callable[[], float]) -> SamplePerson:
    """Draw one person. What is drawn does not depend on who was asked for, only on the chapter so far."""
    name, family, latin, gender = _name(ordinal, draw)
    external, union = _wecom_ids(seed, ordinal)
    added = _FIRST_DAY + int(draw() * _DAYS * _DAY)
    follows = _follows(family, added, draw)
    place = _pick(PLACES, draw())
    chance = draw()
    return SamplePerson(
        ordinal=ordinal,
        external_user_id=external,
        union_id=None if draw() < 0.03 else union,
        name=name,
        latin=latin,
        gender=gender if draw() < 0.93 else 0,
        kind=2 if draw() < 0.08 else 1,
        avatar=f"https://avatar.example.com/{external[-8:]}/0" if draw() < 0.9 else None,
        phone=phone(ordinal),
        landline=f"{place.dial}-{_FIRST_LANDLINE + ordinal}" if draw() < 0.3 else None,
        email=f"{latin}.{ordinal}@{_pick(_MAIL_DOMAINS, draw())}" if draw() < 0.85 else None,
        company=int(draw() * len(COMPANIES)) if draw() < 0.88 else None,
        place=place,
        follows=follows,
        in_useasy=not 0.05 <= chance < 0.075,
        in_ima=not 0.075 <= chance < 0.1,
        twice=0.1 <= chance < 0.11,
        differs=_DIFFERENCES[int(chance * 100)] if chance < 0.05 else "",
        draws=tuple([draw() for _ in range(DRAWS)]),
    )


def phone(ordinal: int) -> str:
    """A mobile phone number that no other ordinal has; the last four digits do not run in order."""
    thousands, rest = divmod(ordinal, 10_000)
    return f"199{thousands:04d}{rest * 7_919 % 10_000:04d}"


def _pick(choices: Sequence[T], drawn: float) -> T:
    return choices[int(drawn * len(choices))]


def _name(ordinal: int, draw: Callable[[], float]) -> tuple[str, str, str, int]:
    """Name, what a remark calls them by, the name in ASCII, and gender (1 male, 2 female)."""
    female = draw() < 0.5
    kind = draw()
    if kind < 0.005:
        return _pick(AWKWARD_NAMES, draw()), "", "guest", 0
    if kind < 0.2:
        first = _pick(ENGLISH_FEMALE if female else ENGLISH_MALE, draw())
        last = _pick(ENGLISH_LAST, draw())
        latin = f"{first}.{last}".lower().replace("'", "")
        return f"{first} {last}", first, latin, 2 if female else 1
    family, pinyin = _pick(SURNAMES, draw() ** 1.7)
    second = _pick(GIVEN_FEMALE if female else GIVEN_MALE, draw())
    first = _pick(GIVEN_FIRST, draw()) if kind < 0.8 else ""
    return f"{family}{first}{second}", family, pinyin, 2 if female else 1


def _wecom_ids(seed: int, ordinal: int) -> tuple[str, str]:
    """External user id and union id, in the form of the page's."""
    digest = hashlib.blake2b(ordinal.to_bytes(8), key=seed.to_bytes(8), digest_size=33).digest()
    text = base64.urlsafe_b64encode(digest).decode()
    return f"wmfvEMCAAA{text[:22]}", f"ozynqs{text[22:42]}dAAA"


def _follows(family: str, added: int, draw: Callable[[], float]) -> tuple[Follow, ...]:
    """One to five staff members, the first since `added`, each with remark, description and tags of their own."""
    chance = draw()
    count = 1 if chance < 0.55 else 2 if chance < 0.8 else 3 if chance < 0.92 else 4 if chance < 0.97 else 5
    start = int(draw() * len(STAFF))
    follows = []
    for number in range(count):
        remark = f"{family}{_pick(TITLES, draw())}{_pick(REMARK_ENDINGS, draw())}" if family and draw() < 0.7 else ""
        follows.append(
            Follow(
                staff=(start + number * 5) % len(STAFF),
                remark=remark,
                description=_pick(DESCRIPTIONS, draw()) if draw() < 0.25 else None,
                added=added + int(number * draw() * 90 * _DAY),
                state="qr-2025" if draw() < 0.2 else None,
                shows_mobile=draw() < 0.3,
                tags=tuple(sorted({1 + int(draw() * _TAG_COUNT) for _ in range(int(draw() * 4))})),
            )
        )
    return tuple(follows)


class _Shown(NamedTuple):
    """What is told by hand of one person; the rest is drawn as for everybody."""

    name: str
    latin: str
    gender: int
    staff: int
    remark: str
    added: int
    company: int | None
    differs: str = ""
    in_useasy: bool = True
    in_ima: bool = True
    twice: bool = False


_SHOWN: Final = (
    _Shown("李四", "li", 1, 0, "张总", 1_604_048_292, 5),
    _Shown("王五", "wang", 1, 1, "王经理", 1_614_649_500, 18, differs="phone"),
    _Shown("Ann Lee", "ann.lee", 2, 0, "", 1_668_820_200, 1),
    _Shown("陈晓云", "chen", 2, 2, "陈老师", 1_677_722_400, 29),
    _Shown("欧阳雪莹", "ouyang", 2, 0, "欧阳女士-转介绍", 1_684_130_400, 40, in_useasy=False),
    _Shown("赵建国", "zhao", 1, 4, "赵总(采购)", 1_690_867_800, 52, twice=True),
    _Shown("Oliver Smith", "oliver.smith", 1, 10, "", 1_697_184_000, 0, in_ima=False),
    _Shown("周美玲", "zhou", 2, 6, "周店长", 1_704_855_600, 61, differs="company"),
    _Shown("孙浩然", "sun", 1, 3, "孙工", 1_711_000_800, 77),
    _Shown("Emma Rossi", "emma.rossi", 2, 11, "", 1_718_330_400, 3, differs="email"),
)
"""The first people of the list, the first of them the customer of the juzi page's sample."""

_AWKWARD_FROM: Final = 12
_AWKWARD_STEP: Final = 7
"""The awkward names start at this ordinal and come one in so many, so that the first page has them all."""


def shown(person: SamplePerson) -> SamplePerson:
    """The person as the demo shows them: told by hand, given an awkward name, or as drawn."""
    ordinal = person.ordinal
    if ordinal == 1:
        return _sample(_told(person, _SHOWN[0]))
    if ordinal <= len(_SHOWN):
        return _told(person, _SHOWN[ordinal - 1])
    number, between = divmod(ordinal - _AWKWARD_FROM, _AWKWARD_STEP)
    if between == 0 and 0 <= number < len(AWKWARD_NAMES):
        return person._replace(name=AWKWARD_NAMES[number], latin="guest")
    return person


def _told(person: SamplePerson, told: _Shown) -> SamplePerson:
    drawn = person.follows[0]
    first = drawn._replace(staff=told.staff, remark=told.remark, added=told.added)
    others = (
        follow._replace(added=told.added + follow.added - drawn.added)
        for follow in person.follows[1:]
        if follow.staff != told.staff
    )
    return person._replace(
        name=told.name,
        latin=told.latin,
        gender=told.gender,
        kind=1,
        union_id=person.union_id or f"ozynqsShowcase{person.ordinal:012d}dAAA",
        email=f"{told.latin}.{person.ordinal}@example.com",
        company=told.company,
        follows=(first, *others),
        in_useasy=told.in_useasy,
        in_ima=told.in_ima,
        twice=told.twice,
        differs=told.differs,
    )


def _sample(person: SamplePerson) -> SamplePerson:
    """The customer of the juzi page's sample, key for key, and with every field that the other vendors can show."""
    corp_tags = sum(len(names) for _, names in CORP_TAGS)
    return person._replace(
        external_user_id="wmfvEMCAAAPHR9XslvYqTFgCJTULiZgg",
        union_id="ozynqsulJFCZ2z1aYeS8h-nuasdAAA",
        avatar="http://p.qlogo.cn/bizmail/IcsdgagqefergqerhewSdage/0",
        landline="021-55500001",
        place=PLACES[0],
        follows=(
            Follow(
                staff=0,
                remark="张总",
                description=None,
                added=1_604_048_292,
                state=None,
                shows_mobile=False,
                tags=(1, corp_tags + 1),
            ),
        ),
        draws=(0.05,) * len(person.draws),
    )
