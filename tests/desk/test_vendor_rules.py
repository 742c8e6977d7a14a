"""What is true of one vendor reaches the desk as its capabilities: another vendor's rules are another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui.client.juzi.service import CAPABILITIES as JUZI
from tui.desk.checks import check_follows, check_remarks
from tui.model.customer import FollowEntry, FollowText, Remark
from tui.model.errors import InvalidError

ANOTHER = replace(JUZI, needs_union_id=False, remark_length=3)
HERE_ALONE = replace(JUZI, operations=frozenset({"list"}))

NAMELESS = FollowEntry(customer="a", union_id=None, user_id="", texts=(FollowText(content="called"),))


def test_a_remark_needs_a_union_id_only_where_the_vendor_asks_for_one() -> None:
    remark = Remark(customer="a", union_id=None, user_id="rocky", remark="张总")
    check_remarks([remark], ANOTHER)
    with pytest.raises(InvalidError, match="a has no union id"):
        check_remarks([remark], JUZI)


def test_a_remark_is_as_long_as_its_vendor_allows() -> None:
    remark = Remark(customer="a", union_id="o", user_id="rocky", remark="张总经理")
    check_remarks([remark], JUZI)
    with pytest.raises(InvalidError, match="at most 3"):
        check_remarks([remark], ANOTHER)


def test_a_follow_up_that_is_sent_names_a_colleague_and_one_that_is_kept_here_need_not() -> None:
    check_follows([NAMELESS], HERE_ALONE)
    named = NAMELESS.model_copy(update={"user_id": "rocky"})
    check_follows([named], ANOTHER)
    with pytest.raises(InvalidError, match="no staff member"):
        check_follows([NAMELESS], ANOTHER)
    with pytest.raises(InvalidError, match="no union id"):
        check_follows([named], JUZI)
