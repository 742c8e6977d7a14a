"""The inputs that are chosen from a list, and the rows of contacts."""

from __future__ import annotations

import pytest
from textual import events

from tests.widgets.drawing import HOSTILE, screen_lines
from tests.widgets.hosts import Host, type_text
from widgets.inputs import (
    ENGLISH,
    CascadeInput,
    CascadeNode,
    ChoiceInput,
    ChoicesInput,
    ContactsInput,
    PickOption,
    Value,
    ValueInput,
    is_phone,
    tidy_address,
)
from widgets.inputs.picker import Options

LEVELS = [
    PickOption("1", "普通"),
    PickOption("2", "重点", search="zhongdian"),
    PickOption("3", "VIP"),
    PickOption("4", "Old VIP"),
]

PLACES = (
    CascadeNode(
        "zj",
        "浙江",
        (
            CascadeNode("hz", "杭州", (CascadeNode("xh", "西湖"), CascadeNode("yh", "余杭"))),
            CascadeNode("nb", "宁波"),
        ),
    ),
    CascadeNode("bj", "北京"),
)


def refuse_no_phone(value: str) -> str | None:
    return None if is_phone(value) else "no phone"


def shown(control: ValueInput) -> Value:
    """The input's value, which changes from one line of a test to the next."""
    return control.value


def text_of(app: Host) -> str:
    return "\n".join(line.rstrip() for line in screen_lines(app)).rstrip()


async def test_a_choice_opens_is_narrowed_and_picked() -> None:
    choice = ChoiceInput(LEVELS)
    app = Host(choice)
    async with app.run_test(size=(40, 12)) as pilot:
        choice.set_value("1")
        choice.focus()
        await pilot.pause()
        assert text_of(app) == "普通 ▾"
        await pilot.press("enter")
        assert text_of(app) == "普通 ▴ 4/4\n▸ 普通\n  重点\n  VIP\n  Old VIP"
        await type_text(pilot, "vi")
        assert text_of(app) == "vi ▴ 2/4\n▸ VIP\n  Old VIP"  # what begins with it, then what has it inside
        await pilot.press("backspace", "down", "enter")
        assert text_of(app) == "Old VIP ▾"
        assert shown(choice) == "4"
        assert app.told == ["4"]
        await type_text(pilot, "zhong\n")  # typing opens it
        assert shown(choice) == "2"


async def test_escape_closes_the_list_and_changes_nothing() -> None:
    choice = ChoiceInput(LEVELS)
    app = Host(choice)
    async with app.run_test(size=(40, 12)) as pilot:
        choice.focus()
        await pilot.press("space", "down", "escape")
        assert text_of(app) == "– ▾"
        assert shown(choice) == ""
        await pilot.press("space")
        app.screen.set_focus(None)
        await pilot.pause()
        assert not choice.is_open
        assert app.told == []


@pytest.mark.parametrize("key", ["backspace", "delete", "ctrl+u"])
async def test_a_choice_is_cleared_unless_it_may_not_be(key: str) -> None:
    choice, fixed = ChoiceInput(LEVELS), ChoiceInput(LEVELS, clearable=False)
    app = Host(choice, fixed)
    async with app.run_test() as pilot:
        for control in (choice, fixed):
            control.set_value("3")
            control.focus()
            await pilot.press(key)
        assert (shown(choice), shown(fixed)) == ("", "3")


async def test_a_choice_that_is_no_longer_allowed_is_shown_and_named() -> None:
    choice, choices = ChoiceInput(LEVELS), ChoicesInput(LEVELS)
    app = Host(choice, choices)
    async with app.run_test(size=(40, 12)) as pilot:
        choice.set_value("gone")
        choices.set_value(("gone", "1"))
        await pilot.pause()
        assert text_of(app) == "gone ▾\ngone, 普通 ▾"
        assert choice.problem == choices.problem == "gone is not one of the choices"
        choices.focus()
        await pilot.press("space", "down", "space", "enter")
        assert shown(choices) == ("gone", "1", "2")  # what was not touched stays


async def test_choices_are_ticked_with_space_and_keep_the_lists_order() -> None:
    choices = ChoicesInput(LEVELS)
    app = Host(choices)
    async with app.run_test(size=(40, 12)) as pilot:
        choices.focus()
        await pilot.press("space", "end", "space", "home", "space")
        assert text_of(app) == "普通, Old VIP ▴ 4/4\n▸ [x] 普通\n  [ ] 重点\n  [ ] VIP\n  [x] Old VIP"
        assert shown(choices) == ("1", "4")
        await type_text(pilot, "old ")
        await pilot.press("enter")
        assert shown(choices) == ("1",)
        assert app.told == [("4",), ("1", "4"), ("1",)]
        await pilot.press("delete")
        assert shown(choices) == ()


async def test_a_long_list_scrolls_in_its_window() -> None:
    choice = ChoiceInput(PickOption(str(number), f"number {number}") for number in range(30))
    app = Host(choice)
    async with app.run_test(size=(40, 20)) as pilot:
        choice.set_value("20")
        choice.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "▸ number 20" in text_of(app)
        await pilot.press("pagedown", "pagedown")
        assert text_of(app).splitlines()[1:] == [*(f"  number {n}" for n in range(22, 29)), "▸ number 29"]
        await pilot.press("home", "pagedown", "up")
        assert text_of(app).splitlines()[1] == "  number 1"
        await type_text(pilot, "nothing")
        assert "nothing matches" in text_of(app)
        await pilot.press("enter")
        assert shown(choice) == "20"
        await pilot.press("ctrl+u", "enter")
        assert shown(choice) == "0"


async def test_a_path_is_chosen_level_by_level() -> None:
    cascade = CascadeInput(PLACES, required_levels=2)
    app = Host(cascade)
    async with app.run_test(size=(40, 12)) as pilot:
        cascade.focus()
        await pilot.press("enter")
        assert text_of(app) == "– ▴ 2/2\n▸ 浙江  ›\n  北京"
        await pilot.press("enter")
        assert text_of(app) == "浙江 › … ▴ 2/2\n▸ 杭州  ›\n  宁波"
        await pilot.press("backspace", "enter", "enter")
        assert text_of(app) == "浙江 › 杭州 › … ▴ 3/3\n▸ up to here\n  西湖\n  余杭"
        assert app.told == []
        await type_text(pilot, "余\n")
        assert text_of(app) == "浙江 › 杭州 › 余杭 ▾"
        assert shown(cascade) == ("zj", "hz", "yh")
        assert cascade.problem is None
        await pilot.press("enter", "enter", "enter")
        assert "▸ 余杭" in text_of(app)  # the cursor is where the value is
        await pilot.press("home", "enter")
        assert shown(cascade) == ("zj", "hz")
        await pilot.press("enter", "down", "enter")
        assert shown(cascade) == ("bj",)
        assert cascade.problem is None  # it has no further level
        await pilot.press("enter", "up", "escape")
        assert shown(cascade) == ("bj",)
        await pilot.press("backspace")
        assert shown(cascade) == ()


async def test_a_path_that_is_too_short_or_leads_nowhere_is_refused() -> None:
    cascade = CascadeInput(PLACES, required_levels=3)
    app = Host(cascade)
    async with app.run_test():
        cascade.set_value(("zj", "hz"))
        assert cascade.problem == "choose 3 levels, 2 chosen"
        cascade.set_value(("zj", "sh"))
        assert cascade.problem == "sh is not one of the choices"
        cascade.set_value(())
        assert cascade.problem is None


async def test_contact_rows_are_added_filled_and_removed() -> None:
    contacts = ContactsInput(check=refuse_no_phone, tidy=tidy_address)
    app = Host(contacts)
    async with app.run_test(size=(60, 12)) as pilot:
        contacts.set_value((("13800138000", "mobile"),))
        contacts.focus()
        await pilot.pause()
        await pilot.press("enter")  # in the last row: a new one
        await type_text(pilot, "０２１－５５５５６６６６")
        await pilot.press("tab")
        await type_text(pilot, "前台")
        assert shown(contacts) == (("13800138000", "mobile"), ("021-55556666", "前台"))
        await pilot.press("ctrl+n")
        await type_text(pilot, "x")
        assert contacts.problem == "row 3: no phone"
        await pilot.press("up", "up")
        await pilot.press("ctrl+d")
        assert shown(contacts) == (("021-55556666", "前台"), ("x", ""))
        assert app.focused is not None
        await type_text(pilot, "9")
        assert shown(contacts) == (("021-555566669", "前台"), ("x", ""))
        await pilot.press("down", "backspace", "backspace")  # the second one takes the empty row away
        assert shown(contacts) == (("021-555566669", "前台"),)
        assert contacts.outer_size.height == 1
        await pilot.press("ctrl+d")
        assert shown(contacts) == ()
        await pilot.press("enter")
        assert app.done == 1  # from an empty last row on to the next field


async def test_enter_goes_through_the_rows() -> None:
    contacts = ContactsInput()
    app = Host(contacts)
    async with app.run_test() as pilot:
        contacts.set_value(("a", "b"))
        contacts.focus()
        await pilot.press("enter")
        await type_text(pilot, "!")
        assert shown(contacts) == (("a", ""), ("b!", ""))
        contacts.set_value(())
        await pilot.pause()
        assert shown(contacts) == ()
        assert contacts.outer_size.height == 1


async def test_a_row_that_came_from_the_vendor_is_not_judged() -> None:
    contacts = ContactsInput(check=refuse_no_phone)
    app = Host(contacts)
    async with app.run_test() as pilot:
        contacts.set_value((("138****8000", ""),))
        contacts.focus()
        await pilot.press("ctrl+n", "tab")
        await type_text(pilot, "home")
        assert contacts.problem == f"row 2: {ENGLISH.no_value}"
        await pilot.press("shift+tab")
        await type_text(pilot, "110")
        assert not contacts.problem
        assert shown(contacts) == (("138****8000", ""), ("110", "home"))


async def test_pasting_narrows_the_list() -> None:
    choice = ChoiceInput(LEVELS)
    app = Host(choice)
    async with app.run_test() as pilot:
        choice.focus()
        choice.post_message(events.Paste("重点\n"))
        await pilot.pause()
        await pilot.press("enter")
        assert shown(choice) == "2"


async def test_labels_from_a_vendor_cannot_act_on_the_terminal() -> None:
    choices = [PickOption(f"k{number}", text, detail=text) for number, text in enumerate(HOSTILE)]
    pickers = (ChoiceInput(choices), ChoicesInput(choices))
    app = Host(*pickers)
    async with app.run_test(size=(40, 30)) as pilot:
        for picker in pickers:
            picker.focus()
            await pilot.press("enter")
            for _ in HOSTILE:
                await pilot.press("down", "space")
                screen_lines(app)


def test_the_cursor_stays_in_the_window() -> None:
    options = Options(PickOption(str(number), str(number)) for number in range(10))
    assert not options.move(3, 4)
    assert options.move(4, 4)
    assert options.top == 1
    assert not options.move(1, 4)
    assert options.move(-5, 4)
    assert (options.cursor, options.top) == (0, 0)
    assert options.move(99, 4)
    assert (options.cursor, options.top) == (9, 6)
    options.move(9, 8)
    assert options.top == 2  # a higher window is filled
