"""Texts with places."""

from __future__ import annotations

import pytest

from tui.model.errors import InvalidError
from tui.model.template import PLACES, check_places, fill

VALUES = {place: place.upper() for place in PLACES}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{remark}-VIP", "REMARK-VIP"),
        ("{name} {company} {me} {today}", "NAME COMPANY ME TODAY"),
        ("电话未接，{today} 再联系", "电话未接，TODAY 再联系"),
        ("no place", "no place"),
        ("{{name}} and { name }", "{name} and { name }"),
        ('{"a": 1}', '{"a": 1}'),
        ("{}", "{}"),
    ],
)
def test_what_a_text_becomes(text: str, filled: str) -> None:
    assert fill(text, VALUES) == filled


def test_a_value_that_nobody_knows_gives_nothing() -> None:
    assert fill("{company}-VIP", {}) == "-VIP"


@pytest.mark.parametrize(("text", "near"), [("{nmae}", "{name}"), ("你好 {Remarks}", "{remark}")])
def test_a_place_that_there_is_none_of_is_told_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(InvalidError) as wrong:
        check_places(text)
    assert near in wrong.value.hint(str)


def test_a_place_like_no_other_is_told_with_all_of_them() -> None:
    with pytest.raises(InvalidError) as wrong:
        check_places("{手机}")
    assert "{today}" in wrong.value.hint(str)
