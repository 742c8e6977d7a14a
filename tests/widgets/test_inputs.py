"""The lines of text that know what they hold: what is typed, what is meant, what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from textual import events
from textual.screen import Screen

from tests.widgets.drawing import HOSTILE, screen_lines
from tests.widgets.hosts import Host, counted, type_text
from tui.model.numbers import normal_number, normal_percent
from tui.model.times import read_day, read_moment, shown_clock
from widgets.form import FieldRow
from widgets.inputs import (
    ENGLISH,
    CounterInput,
    DateInput,
    DateTimeInput,
    EmailInput,
    NumberInput,
    PercentInput,
    PhoneInput,
    ReadOnly,
    TagsInput,
    TextInput,
    ValueInput,
)
from widgets.inputs.area import AreaInput
from widgets.inputs.line import ReadInput
from widgets.line_edit import LineEdit
from widgets.typed import narrow, one_line, visible

NOON = datetime(2024, 1, 5, 12, 30, tzinfo=UTC)


def day(text: str) -> str | None:
    """The date that `text` means at `NOON`, written out."""
    found = read_day(text, NOON)
    return found.isoformat() if found else None


def moment(text: str) -> str | None:
    """The moment that `text` means at `NOON`, written out."""
    found = read_moment(text, NOON)
    return shown_clock(found) if found else None


READERS = {NumberInput: normal_number, PercentInput: normal_percent, DateInput: day, DateTimeInput: moment}
"""As the desk's forms have them."""


NUMBER, DATE, MOMENT = ENGLISH.not_number, ENGLISH.not_date, ENGLISH.not_datetime

Typed = tuple[str, str | tuple[str, ...], str | None]
"""What is typed, the value, and the problem."""

TYPED: dict[type[TextInput], list[Typed]] = {
    TextInput: [
        ("李四 Lee", "李四 Lee", None),
    ],
    NumberInput: [
        ("12.50", "12.50", None),
        ("-3", "-3", None),
        ("１２３。５", "123.5", None),
        ("1,234,567.8", "1234567.8", None),
        ("1,23", "1,23", NUMBER),
        ("twelve", "twelve", NUMBER),
        ("1.", "1", None),
        ("007", "7", None),
        ("二", "二", NUMBER),
    ],
    PercentInput: [
        ("12.5%", "12.5", None),
        ("５０％", "50", None),
        ("%", "%", NUMBER),
        ("half", "half", NUMBER),
    ],
    PhoneInput: [
        ("１３８００１３８０００", "13800138000", None),
        (" +86 (21) 5555-6666 ", "+86 (21) 5555-6666", None),
        ("021-55556666转802", "021-55556666转802", None),
        ("110", "110", None),
        ("12", "12", ENGLISH.not_phone),
        ("1380013800O", "1380013800O", ENGLISH.not_phone),
        ("1" * 21, "1" * 21, ENGLISH.not_phone),
    ],
    EmailInput: [
        ("ａｎｎ＠example.com", "ann@example.com", None),
        ("a.b+c@mail.example.cn ", "a.b+c@mail.example.cn", None),
        ("ann@example", "ann@example", ENGLISH.not_email),
        ("ann example.com", "ann example.com", ENGLISH.not_email),
        ("a@b@example.com", "a@b@example.com", ENGLISH.not_email),
    ],
    DateInput: [
        ("2024-1-5", "2024-01-05", None),
        ("20240105", "2024-01-05", None),
        ("2024/01/05", "2024-01-05", None),
        ("2024.1.5", "2024-01-05", None),
        ("2024年1月5日", "2024-01-05", None),
        ("２０２４－０１－０５", "2024-01-05", None),
        ("今天", "2024-01-05", None),
        ("Today", "2024-01-05", None),
        ("明天", "2024-01-06", None),
        ("+3d", "2024-01-08", None),
        ("+3", "+3", DATE),
        ("-1w", "2023-12-29", None),
        ("2024-02-29", "2024-02-29", None),
        ("2023-02-29", "2023-02-29", DATE),
        ("2024-13-01", "2024-13-01", DATE),
        ("2024-1/5", "2024-1/5", DATE),
        ("+3h", "+3h", DATE),
        ("soon", "soon", DATE),
    ],
    DateTimeInput: [
        ("2024-1-5 9:05", "2024-01-05 09:05", None),
        ("2024-01-05T09:05:07", "2024-01-05 09:05:07", None),
        ("２０２４－１－５　９：０５", "2024-01-05 09:05", None),
        ("20240105", "2024-01-05 00:00", None),
        ("9:05", "2024-01-05 09:05", None),
        ("明天 9:05", "2024-01-06 09:05", None),
        ("now", "2024-01-05 12:30", None),
        ("现在", "2024-01-05 12:30", None),
        ("+2h", "2024-01-05 14:30", None),
        ("+1d", "2024-01-06 12:30", None),
        ("2024-01-05 25:00", "2024-01-05 25:00", MOMENT),
        ("2024-01-05 09:05+08:00", "2024-01-05 01:05", None),
        ("昨天下午3点", "2024-01-04 15:00", None),
        ("20240105093000", "2024-01-05 09:30", None),
        ("30分钟前", "2024-01-05 12:00", None),
        ("13800138000", "13800138000", MOMENT),
        ("later", "later", MOMENT),
    ],
    TagsInput: [
        ("重点，华东, vip、", ("重点", "华东", "vip"), None),
        (" a ,, a;b ", ("a", "b"), None),
    ],
}


def make(kind: type[TextInput]) -> TextInput:
    return kind(READERS[kind]) if issubclass(kind, ReadInput) else kind()


@pytest.mark.parametrize("kind", TYPED)
async def test_what_is_typed_is_understood_or_refused_with_a_reason(kind: type[TextInput]) -> None:
    line = make(kind)
    app = Host(line)
    async with app.run_test() as pilot:
        for typed, value, problem in TYPED[kind]:
            line.set_value("")
            line.focus()
            await type_text(pilot, typed)
            assert (line.value, line.problem) == (value, problem), typed
            assert app.told[-1] == value
            app.screen.set_focus(None)
            await pilot.pause()
            assert line.text == (", ".join(value) if isinstance(value, tuple) else value)  # tidied once it is left
            assert (line.value, line.problem) == (value, problem), typed


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (NumberInput, "1,234"),
        (DateInput, "2024/1/5"),
        (DateTimeInput, "2024-01-05T09:05:07+08:00"),
        (PhoneInput, " 138****8000"),
        (TextInput, "two\nlines"),
        (TagsInput, ("a,b", "c")),
    ],
)
async def test_a_value_that_is_left_alone_goes_back_as_it_came(kind: type[TextInput], given: str) -> None:
    line = make(kind)
    app = Host(line)
    async with app.run_test() as pilot:
        line.set_value(given)
        line.focus()
        await pilot.pause()
        await pilot.press("home", "right", "end")
        app.screen.set_focus(None)
        await pilot.pause()
        assert line.value == given
        assert app.told == []


async def test_up_and_down_never_change_a_date() -> None:
    date, time = DateInput(day), DateTimeInput(moment, zone="UTC+8")
    app = Host(date, time)
    async with app.run_test() as pilot:
        assert "UTC+8" in screen_lines(app)[1]
        for line, value in ((date, "2024-01-04"), (date, ""), (time, "2024-03-01 08:00:09")):
            line.set_value(value)
            line.focus()
            await pilot.press("up", "down", "down")
            assert line.value == value


async def test_the_count_is_of_characters_and_says_when_there_are_too_many() -> None:
    line = CounterInput(4)
    app = Host(line)
    async with app.run_test(size=(40, 5)) as pilot:
        assert "0/4" in screen_lines(app)[0]
        line.focus()
        await type_text(pilot, "张总张总")
        assert "4/4" in screen_lines(app)[0]
        await type_text(pilot, "x")
        assert "! 5/4" in screen_lines(app)[0]
        assert line.problem == "5 characters, at most 4"
        await pilot.press("backspace")
        assert "!" not in screen_lines(app)[0]
        line.set_value("一二三四五六")
        await pilot.pause()
        assert "! 6/4" in screen_lines(app)[0]


async def test_enter_begins_the_next_tag_and_then_moves_on() -> None:
    line = TagsInput()
    app = Host(line)
    async with app.run_test() as pilot:
        line.set_value(("a,b",))
        line.focus()
        await pilot.press("enter")
        assert app.done == 1  # nothing was typed
        await type_text(pilot, ", 新\n")
        assert line.text == "a,b, 新, "
        assert app.done == 1
        await type_text(pilot, "c\n")
        await pilot.press("enter")
        assert app.done == 2
        assert line.value == ("a,b", "新", "c")


async def test_pasted_lines_become_one_and_controls_are_dropped() -> None:
    line, area = TextInput(), AreaInput()
    app = Host(line, area)
    async with app.run_test() as pilot:
        for control in (line, area):
            control.focus()
            await pilot.pause()
            assert app.focused is not None
            app.focused.post_message(events.Paste("一\x1b[31m\r\n二\tb\u202e\x9b\x00\ud800\n"))
            await pilot.pause()
        assert line.value == "一[31m 二 b"
        assert area.value == "一[31m\n二    b\n"
        assert app.told == [line.value, area.value]


async def test_what_was_cut_is_pasted() -> None:
    line, area = TextInput(), AreaInput()
    app = Host(line, area)
    async with app.run_test() as pilot:
        line.focus()
        await type_text(pilot, "客户")
        await pilot.press("shift+home", "ctrl+x")
        assert line.value == ""
        await pilot.press("ctrl+v", "ctrl+v")
        assert line.value == "客户客户"
        area.focus()
        await pilot.press("ctrl+v")
        assert area.value == "客户"


async def test_an_area_grows_from_three_rows_to_six() -> None:
    area = AreaInput(limit=12)
    app = Host(area)
    async with app.run_test() as pilot:
        area.focus()
        await pilot.pause()
        heights = [area.size.height]
        for _ in range(8):
            await pilot.press("x", "enter")
            await pilot.pause()
            heights.append(area.size.height)
        assert heights == [3, 3, 3, 4, 5, 6, 6, 6, 6]
        assert area.problem == "16 characters, at most 12"


async def test_an_area_gives_back_what_it_was_given() -> None:
    area = AreaInput()
    app = Host(area)
    async with app.run_test() as pilot:
        area.set_value("a\r\nb\x0bc")
        await pilot.pause()
        assert area.value == "a\r\nb\x0bc"
        assert app.told == []
        area.focus()
        await pilot.press("x")
        assert area.value == "xa\r\nb\r\nc"


async def test_what_a_vendor_sent_cannot_act_on_the_terminal() -> None:
    inputs: tuple[ValueInput, ...] = (TextInput(), AreaInput(), TagsInput(), ReadOnly("set by the vendor"))
    app = Host(*inputs)
    async with app.run_test(size=(60, 12)) as pilot:
        for text in HOSTILE:
            for control in inputs:
                control.set_value(text)
                control.focus()
                await pilot.pause()
                screen_lines(app)
                assert control.value == ((text,) if text and isinstance(control, TagsInput) else text or control.value)
            assert len(visible(text)) == len(text)


async def test_a_line_break_has_the_sign_in_an_input_that_it_has_in_a_list() -> None:
    name = TextInput()
    app = Host(name)
    async with app.run_test(size=(60, 12)) as pilot:
        name.set_value("李\n四")
        await pilot.pause()
        assert "李↵四" in "\n".join(screen_lines(app))
        assert name.value == "李\n四"


async def test_a_letter_typed_repaints_its_line_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    for kind in (LineEdit, FieldRow, ReadOnly):
        monkeypatch.setattr(kind, "render_line", counted(kind.render_line, drawn, kind.__name__))
    monkeypatch.setattr(Screen, "_refresh_layout", counted(Screen._refresh_layout, drawn, "layout"))
    line, other = CounterInput(9), TextInput()
    app = Host(line, other, ReadOnly())
    async with app.run_test(size=(40, 8)) as pilot:
        line.focus()
        await type_text(pilot, "张")
        await pilot.pause()
        drawn.clear()
        await type_text(pilot, "三")
        await pilot.pause()
        assert drawn == ["LineEdit"]
        await type_text(pilot, "x" * 60)  # longer than the line is wide
        await pilot.pause()
        assert set(drawn) == {"LineEdit"}


def test_full_width_forms_are_narrowed_and_han_is_not() -> None:
    assert narrow("Ａ１：／＠－　（张）") == "A1:/@- (张)"


def test_a_pasted_line_keeps_its_emoji() -> None:
    assert one_line("👨\u200d👩 ❤\ufe0f\n") == "👨\u200d👩 ❤\ufe0f"


async def test_typing_is_undone_a_word_at_a_time_and_done_again() -> None:
    line = TextInput()
    host = Host(line)
    async with host.run_test() as pilot:
        line.set_value("张总")
        line.focus()
        await type_text(pilot, " new boss")
        await pilot.press("ctrl+w")
        seen = []
        for key in ("ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z", "ctrl+z", "ctrl+y", "ctrl+y"):
            await pilot.press(key)
            seen.append(line.text)
        assert seen == [
            *("张总 new boss", "张总 new ", "张总 new", "张总 ", "张总", "张总"),
            *("张总 ", "张总 new"),
        ]
        await type_text(pilot, "s")
        await pilot.press("ctrl+y")
        assert line.value == "张总 news"
        line.set_value("李总")
        await pilot.press("ctrl+z")
        assert line.value == "李总"


async def test_what_an_input_tidied_is_undone_to_what_was_typed() -> None:
    number = NumberInput(normal_number)
    async with Host(number).run_test() as pilot:
        number.focus()
        await type_text(pilot, "１２")
        await pilot.press("enter")
        assert number.text == "12"
        await pilot.press("ctrl+z")
        assert number.text == "１２"
