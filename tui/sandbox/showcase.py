"""The first page of the demo: a few people told by hand, and the awkward names among the next hundred."""

from typing import Final, NamedTuple

from tui.sandbox.sample_people import Follow, SamplePerson
from tui.sandbox.vocabulary import AWKWARD_NAMES, CORP_TAGS, PLACES


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
