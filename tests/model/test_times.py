"""Times as people, spreadsheets and vendors write them are read one way, and any other number is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model.times import normal_clock, read_day, read_moment, shown_clock

CHINA = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 30, 12, 30, 45, tzinfo=CHINA)
AT = datetime(2024, 11, 20, 14, 2, tzinfo=CHINA)


def read(text: str) -> datetime | None:
    return read_moment(text, NOW, CHINA)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-11-20 14:02", "2024-11-20 14:02:00", "2024/11/20 14:02", "2024-11-20T14:02", "2024.11.20 14:02"),
        *("2024年11月20日 14:02", "2024年11月20日14时02分", "2024年11月20日 下午2点02分", "2024/11/20 下午 2:02:00"),
        *("２０２４－１１－２０　１４：０２", "\u200e2024\u200e/11/20 14:02", "2024-11-20 2:02 PM", "20241120 14:02"),
        *("20241120140200", "202411201402", "20241120T140200", "20241120 1402", "20241120T060200Z"),
        *(
            "2024-11-20T06:02:00Z",
            "2024-11-20T14:02:00+08:00",
            "2024-11-20T14:02:00.123+0800",
            "2024-11-20 14:02 UTC+8",
        ),
        *("1732082520", "1732082520000", "1732082520.0", " 1732082520 ", "１７３２０８２５２０"),
    ],
)
def test_a_time_is_understood_however_it_is_written(text: str) -> None:
    assert read(text) == AT


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        *(("昨天 14:02", (11, 29, 14, 2)), ("昨天14:02", (11, 29, 14, 2)), ("yesterday", (11, 29, 0, 0))),
        *(("前天 9:05", (11, 28, 9, 5)), ("明天 9:05", (12, 1, 9, 5)), ("今天9点半", (11, 30, 9, 30))),
        *(
            ("下午3点", (11, 30, 15, 0)),
            ("3pm", (11, 30, 15, 0)),
            ("12am", (11, 30, 0, 0)),
            ("中午12点", (11, 30, 12, 0)),
        ),
        *(("昨晚8点", (11, 29, 20, 0)), ("凌晨1点", (11, 30, 1, 0)), ("9:05", (11, 30, 9, 5))),
        *(("now", (11, 30, 12, 30)), ("现在", (11, 30, 12, 30)), ("-2h", (11, 30, 10, 30)), ("+30m", (11, 30, 13, 0))),
        *(("30分钟前", (11, 30, 12, 0)), ("半小时前", (11, 30, 12, 0)), ("2 hours ago", (11, 30, 10, 30))),
        *(("3天前 14:02", (11, 27, 14, 2)), ("-1w", (11, 23, 12, 30)), ("＋３ｄ", (12, 3, 12, 30))),
    ],
)
def test_a_time_is_counted_from_now(text: str, moment: tuple[int, int, int, int]) -> None:
    assert read(text) == datetime(2026, *moment, tzinfo=CHINA)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "2024",
            "12",
            "1402",
            "2024-13-01",
            "2024-02-30",
            "20240230",
            "2024-11-20 25:00",
            "上午13点",
            "晚上12点",
        ),
        *(
            "13800138000",
            "8613800138000",
            "241120140200",
            "9999999999",
            "99999999999999",
            "1" * 20,
            "0",
            "45616",
            "45616.58",
            "-1",
            "+5",
            "-0",
        ),
        *(
            "946684799000",
            "17320825200",
            "1E+12",
            "NaN",
            "0001-01-01",
            "9999-12-31",
            "2024-11-20 14:02 +99:00",
            "٢٠٢٤-١١-٢٠",
        ),
        *("20/11/2024", "11/20/2024", "2024-1/5", "2024-11-20 14", "26112014020000", "12345678", "昨天明天"),
    ],
)
def test_any_other_number_and_any_other_word_is_no_time(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("2024-11-20", (2024, 11, 20)), ("2024/1/5", (2024, 1, 5)), ("20241120", (2024, 11, 20))),
        *(("2024年1月5日", (2024, 1, 5)), ("2024-11-20 00:00:00", (2024, 11, 20)), ("今天", (2026, 11, 30))),
        *(("+3d", (2026, 12, 3)), ("9999-12-31", (9999, 12, 31)), ("0001-01-01", (1, 1, 1))),
    ],
)
def test_a_date_is_read(text: str, day: tuple[int, int, int]) -> None:
    assert read_day(text, NOW) == date(*day)


@pytest.mark.parametrize(
    "text", ["", "2024-11-20 14:02", "9:05", "+3h", "-5", "+5", "1732082520", "202411201402", "13800138"]
)
def test_what_has_a_time_of_day_or_is_a_number_is_no_date(text: str) -> None:
    assert read_day(text, NOW) is None


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine's clock is New York's."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
def test_a_time_that_the_clocks_pass_over_is_none_and_one_that_they_show_twice_is_shown_as_what_it_is() -> None:
    assert normal_clock("2024-03-10 02:30") is None
    first, second = (datetime(2024, 11, 3, hour, 30, tzinfo=UTC) for hour in (5, 6))
    assert (shown_clock(first), shown_clock(second)) == ("2024-11-03 01:30", "2024-11-03 01:30-0500")
    for moment in (first, second):
        assert read_moment(shown_clock(moment), NOW) == moment
    there = read_moment("2024-11-03 01:30", NOW, ZoneInfo("America/New_York"))
    assert there is not None
    assert there.astimezone(UTC) == first


@given(st.text() | st.from_regex(r"[0-9年月日:T +\-.hdmw前]{0,24}", fullmatch=True))
def test_any_text_is_a_time_or_none(text: str) -> None:
    moment = read(text)
    assert moment is None or moment.tzinfo is not None
    read_day(text, NOW)


@given(st.integers(-(10**10), 10**11))
def test_what_is_shown_is_read_again(second: int) -> None:
    moment = datetime.fromtimestamp(second, UTC)
    assert read_moment(shown_clock(moment, seconds=True), NOW) == moment
