"""Forms: what is drawn around the inputs, what changed, what is wrong, and how one gets about."""

from __future__ import annotations

import pytest
from textual.screen import Screen

from tests.widgets.drawing import HOSTILE, screen_lines
from tests.widgets.hosts import Host, counted, type_text
from tui.model.numbers import normal_number
from tui.model.times import normal_day
from widgets.form import FieldRow, Form, FormField, FormSection
from widgets.inputs import (
    ChoiceInput,
    ContactsInput,
    CounterInput,
    DateInput,
    EmailInput,
    NumberInput,
    PickOption,
    ReadOnly,
    TagsInput,
    TextInput,
    Value,
    tidy_address,
)
from widgets.inputs.area import AreaInput
from widgets.line_edit import LineEdit


def customer_form() -> Form:
    return Form(
        [
            FormField("name", "Name", TextInput(), "李四", required=True),
            FormField("email", "E-mail", EmailInput(), "ann@example.com"),
            FormField("phones", "Phones", ContactsInput(tidy=tidy_address), (("110", "work"),)),
            FormSection("Custom fields"),
            FormField("level", "客户等级", ChoiceInput([PickOption("1", "普通"), PickOption("2", "重点")]), "1"),
            FormField("born", "Birthday", DateInput(normal_day), "1990/1/5"),
            FormField("id", "Id", ReadOnly("the vendor gives it"), "wm-1"),
            FormField("note", "Note", AreaInput(), "一\n二", note="seen by all"),
            FormField("tags", "Tags", TagsInput(), ("a", "b")),
        ]
    )


def lines_of(app: Host) -> list[str]:
    return [line.rstrip() for line in screen_lines(app)]


def changes(form: Form) -> dict[str, Value]:
    """What differs by now."""
    return form.changed()


async def test_a_form_stands_as_it_should_on_a_small_terminal() -> None:
    app = Host(customer_form())
    async with app.run_test(size=(60, 16)):
        assert lines_of(app) == [
            "▌ Name*     李四",
            "  E-mail    ann@example.com",
            "  Phones    110                            │ work",
            "",
            "  Custom fields",
            "  客户等级  普通 ▾",
            "  Birthday  1990/1/5",
            "  Id        wm-1  (the vendor gives it)",
            "  Note      一",
            "            二",
            "",
            "            seen by all",
            "  Tags      a, b",
            "",
            "",
            "",
        ]


async def test_only_what_the_agent_changed_is_changed() -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 20)) as pilot:
        initial = form.values()
        for _ in range(len(form.rows) + 1):  # there and round again, tidying nothing
            await pilot.press("tab")
        assert changes(form) == {}
        assert form.problems() == []
        form.rows["name"].input.focus()
        await type_text(pilot, "x")
        assert changes(form) == {"name": "李四x"}
        assert lines_of(app)[0] == "▌•Name*     李四x"
        await pilot.press("backspace")
        assert changes(form) == {}
        assert lines_of(app)[0] == "▌ Name*     李四"
        form.rows["level"].input.focus()
        await pilot.press("enter", "down", "enter")
        assert changes(form) == {"level": "2"}
        assert form.values() == {**initial, "level": "2"}


async def test_the_reason_appears_when_a_field_is_left_and_goes_as_soon_as_it_is_mended() -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("tab", "ctrl+u")
        await type_text(pilot, "ann@")
        assert lines_of(app)[2].startswith("  Phones")  # not while it is being typed
        assert form.problems() == [("E-mail", "not an e-mail address: use name@example.com")]
        await pilot.press("tab")
        assert lines_of(app)[2] == "            ! not an e-mail address: use name@example.com"
        await pilot.press("shift+tab")
        await type_text(pilot, "example.com")
        assert lines_of(app)[2].startswith("  Phones")
        assert form.problems() == []


async def test_sending_goes_to_the_first_problem_and_shows_all() -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 8)) as pilot:
        assert not form.focus_first_problem()
        await pilot.press("ctrl+u", "space", *["tab"] * 5)  # a blank is no name
        await type_text(pilot, "x")  # after a slip in the birthday
        await pilot.press("tab")
        assert form.problems() == [("Name", "required"), ("Birthday", form.rows["born"].input.words.not_date)]
        assert form.focus_first_problem()
        await pilot.pause()
        assert lines_of(app)[:2] == ["▌•Name*", "            ! required"]


async def test_what_came_from_elsewhere_and_was_left_alone_is_never_refused() -> None:
    form = Form(
        [
            FormField("phone", "Amount", NumberInput(normal_number), "about 12"),
            FormField("level", "Level", ChoiceInput([PickOption("1", "one")]), "gone"),
            FormField("name", "Name", CounterInput(3), "longer than that"),
        ]
    )
    app = Host(form)
    async with app.run_test() as pilot:
        assert form.problems() == []
        assert not form.focus_first_problem()
        await type_text(pilot, "x")
        assert [label for label, _ in form.problems()] == ["Amount"]


async def test_a_draft_is_loaded_and_counts_as_changed() -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 20)) as pilot:
        draft: dict[str, Value] = {
            "name": "王五",
            "email": "ann@",
            "phones": (("1", ""), ("2", "")),
            "id": "no",
            "x": "y",
        }
        form.load(draft)
        await pilot.pause()
        assert changes(form) == {"name": "王五", "email": "ann@", "phones": (("1", ""), ("2", ""))}
        assert form.problems() == [("E-mail", form.rows["email"].input.words.not_email)]
        assert lines_of(app)[0] == "▌•Name*     王五"


async def test_enter_and_the_arrows_move_and_stop_at_the_ends_and_tab_goes_round() -> None:
    form = Form([FormField(key, key, TextInput()) for key in "abc"])
    app = Host(form)

    def row() -> str:
        return next(key for key, row in form.rows.items() if row.has_focus_within)

    async with app.run_test() as pilot:
        seen = [row()]
        for key in ("enter", "down", "down", "enter", "tab", "up", "shift+tab", "up"):
            await pilot.press(key)
            seen.append(row())
        assert "".join(seen) == "abcccaacb"


async def test_tabs_that_a_slow_line_delivers_at_once_do_not_lose_the_field() -> None:
    form = Form([FormField(f"f{n}", f"Field {n}", TextInput()) for n in range(20)])
    app = Host(form)
    async with app.run_test(size=(60, 12)) as pilot:
        for tabs in (19, 1, 11, 9):  # to the last one, around to the first, and once more in two steps
            await type_text(pilot, "\t" * tabs)
            focused = app.focused
            assert focused is not None
            assert form.can_view_entire(focused)
            assert any(line.startswith("▌") for line in lines_of(app))


async def test_a_long_form_keeps_the_focus_in_sight() -> None:
    form = Form([FormField(f"f{number}", f"Field {number}", TextInput()) for number in range(20)])
    app = Host(form)
    async with app.run_test(size=(40, 10)) as pilot:
        for number in range(20):
            assert any(line.startswith(f"▌ Field {number} ") for line in screen_lines(app)), number
            await pilot.press("tab")
        assert lines_of(app)[0].startswith("▌ Field 0")
        await pilot.press("pagedown")
        assert any(line.startswith("▌ Field 9 ") for line in screen_lines(app))
        await pilot.press("pageup")
        assert lines_of(app)[0].startswith("▌ Field 0")
        await pilot.press("shift+tab")
        assert any(line.startswith("▌ Field 19 ") for line in screen_lines(app))


@pytest.mark.parametrize("small", [(20, 5), (1, 1), (3, 40)])
async def test_a_form_survives_being_made_tiny_and_comes_back(small: tuple[int, int]) -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("tab", "tab", "tab", "tab", "enter")
        before = screen_lines(app)
        await pilot.resize_terminal(*small)
        await pilot.pause()
        screen_lines(app)
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert screen_lines(app) == before


async def test_in_a_tiny_form_the_field_that_takes_keys_is_there() -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press(*["tab"] * 7)
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        assert any(line.startswith("▌ Tags") for line in screen_lines(app))


async def test_one_keystroke_redraws_one_line_and_lays_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    form = customer_form()
    app = Host(form)
    async with app.run_test(size=(60, 20)) as pilot:
        await type_text(pilot, "x")
        drawn: list[str] = []
        for kind in (LineEdit, FieldRow, ReadOnly, ChoiceInput):
            monkeypatch.setattr(kind, "render_line", counted(kind.render_line, drawn, kind.__name__))
        monkeypatch.setattr(Screen, "_refresh_layout", counted(Screen._refresh_layout, drawn, "layout"))
        await type_text(pilot, "y")
        assert drawn == ["LineEdit"]
        drawn.clear()
        await pilot.press("tab")
        await pilot.pause()
        assert sorted(drawn) == ["FieldRow", "FieldRow", "LineEdit", "LineEdit"]  # two marks, two cursors


async def test_labels_and_notes_cannot_act_on_the_terminal() -> None:
    for text in HOSTILE[:6]:
        form = Form(
            [
                FormSection(text),
                FormField("a", text, ReadOnly(text), text),
                FormField("b", text, TextInput(), note=text),
            ]
        )
        app = Host(form)
        async with app.run_test(size=(30, 10)):
            screen_lines(app)


async def test_a_form_tells_of_each_change_once() -> None:
    form = customer_form()

    class Listening(Host):
        changes = 0

        def on_form_changed(self, event: Form.Changed) -> None:
            assert event.control is form
            self.changes += 1

    app = Listening(form)
    async with app.run_test() as pilot:
        form.load({"name": "王五"})
        await pilot.pause()
        assert app.changes == 0
        await type_text(pilot, "abc")
        assert app.changes == 3
        assert app.told == []  # the form keeps its inputs' messages to itself


@pytest.mark.parametrize(("wanted", "stops"), [(True, True), (False, False)])
async def test_a_required_field_that_began_empty_stops_the_form_only_where_it_is_wanted(
    wanted: bool, stops: bool
) -> None:
    form = Form([FormField("level", "Level", TextInput(), required=True, wanted=wanted)])
    app = Host(form)
    async with app.run_test(size=(60, 6)) as pilot:
        assert form.focus_first_problem() is stops
        await type_text(pilot, "a")
        assert not form.focus_first_problem()
        await pilot.press("backspace")
        assert form.focus_first_problem() is stops


async def test_a_field_of_eighty_is_found_by_typing_a_piece_of_its_label() -> None:
    form = Form([FormField(f"f{number}", f"字段{number}", TextInput()) for number in range(80)])
    app = Host(form)
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("ctrl+g", *"段77")
        await pilot.pause()
        assert any("字段77" in line for line in lines_of(app))
        await pilot.press("enter")
        while not any("▌ 字段77" in line for line in lines_of(app)):
            await pilot.pause()
        await pilot.press("x")
        assert changes(form) == {"f77": "x"}
