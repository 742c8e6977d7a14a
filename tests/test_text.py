"""Numbers hidden from onlookers, times and sizes in few cells."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tui.locale import set_language
from tui.model.masking import mask, mask_email, mask_phone
from tui.text import ago, human_size, local_time


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("13912341234", "139****1234"),
        ("+86 139 1234 1234", "+86****1234"),
        ("021-6688", "****88"),
        ("110", "****"),
        ("", "****"),
    ],
)
def test_a_masked_phone_keeps_what_tells_customers_apart_and_no_more(text: str, shown: str) -> None:
    assert mask_phone(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("lisi@example.com", "l****@example.com"), ("@example.com", "****@example.com"), ("rocky", "r****")],
)
def test_a_masked_address_keeps_its_host(text: str, shown: str) -> None:
    assert mask_email(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("", ""), ("13912341234", "139****1234"), ("a@b.cn", "a****@b.cn"), ("wx_lisi", "w****"), ("李四", "****")],
)
def test_anything_else_is_masked_as_what_it_looks_like(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (86399, "23 h ago"),
        (86400, "1 day ago"),
        (200_000, "2 days ago"),
    ],
)
def test_ages_are_told_in_the_largest_unit(seconds: float, shown: str) -> None:
    assert ago(seconds) == shown


def test_ages_are_told_in_chinese() -> None:
    set_language("zh_CN", {})
    assert ago(240) == "4 分钟前"


NOW = datetime(2024, 11, 21, 9, 0, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))


def test_a_time_is_shown_in_this_machines_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2024, 11, 20, 14, 2, tzinfo=CHINA)
    assert local_time(moment, now=NOW) == "11-20 06:02"
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    assert local_time(moment, now=NOW) == "11-20 14:02"
    assert local_time(moment.timestamp(), now=NOW) == "11-20 14:02"


def test_a_time_of_another_year_shows_the_year() -> None:
    assert local_time(datetime(2020, 10, 30, 6, 24, tzinfo=UTC), now=NOW) == "2020-10-30 06:24"


def test_a_day_is_shown_with_its_year() -> None:
    assert local_time(datetime(2024, 11, 20, tzinfo=UTC), day=True) == "2024-11-20"
    assert local_time(None, day=True) == ""


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=CHINA), 1e300, float("inf")])
def test_a_time_off_the_calendar_is_no_crash(moment: datetime | float) -> None:
    assert local_time(moment) == str(moment)


@pytest.mark.parametrize(
    ("count", "shown"),
    [(0, "0 B"), (1023, "1023 B"), (4300, "4.2 KiB"), (32 << 20, "32 MiB"), (5 << 30, "5.0 GiB")],
)
def test_sizes(count: int, shown: str) -> None:
    assert human_size(count) == shown
