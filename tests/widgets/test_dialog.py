"""Dialogs: what they look like on small and large terminals, and that every way out brings its answer back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from tests.pace import slow
from tests.widgets.drawing import HOSTILE, screen_lines
from tests.widgets.hosts import Host, counted, type_text
from widgets.dialog import ConfirmDialog, Dialog, DialogLine, MessageDialog, TypedConfirmDialog
from widgets.form import Form, FormField
from widgets.inputs import PickOption, TextInput, Value, Words
from widgets.line_edit import LineEdit
from widgets.pick import PickDialog

NOT_YET = object()
"""The dialog is still open."""

PROFILES = [
    PickOption("a", "demo-juzi", detail="sandbox"),
    PickOption("b", "demo-ima", search="zhu"),
    PickOption("c", "crm", reason="no token"),
]


class FormDialog(Dialog[dict[str, Value]]):
    """A form that may be sent once its name is there."""

    def compose_body(self) -> ComposeResult:
        yield Form([FormField("name", "Name", TextInput(), "李四", required=True), FormField("b", "B", TextInput())])

    def action_send(self) -> None:
        form = self.query_one(Form)
        if form.focus_first_problem():
            self.complain(": ".join(form.problems()[0]))
        else:
            self.finish(form.changed())


class Opener(Host):
    """Opens `dialog` at once and keeps its answer."""

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[object] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.answers.append)

    @property
    def answer(self) -> object:
        """What the dialog closed with."""
        return self.answers[-1] if self.answers else NOT_YET


def lines_of(app: Host) -> list[str]:
    return [line.rstrip() for line in screen_lines(app)]


async def press(pilot: Pilot[None], keys: str) -> None:
    await pilot.press(*keys.split())
    await pilot.pause()


ANSWERS: list[tuple[Callable[[], Screen[Any]], str, object]] = [
    (lambda: FormDialog("Edit"), "escape", None),
    (lambda: FormDialog("Edit"), "ctrl+q", None),
    (lambda: FormDialog("Edit"), "ctrl+s", {}),
    (lambda: FormDialog("Edit"), "x y ctrl+s", {"name": "李四xy"}),
    (lambda: FormDialog("Edit"), "ctrl+u ctrl+s", NOT_YET),
    (lambda: FormDialog("Edit"), "y n q", NOT_YET),
    (lambda: ConfirmDialog("Delete", "Delete 李四?"), "y", True),
    (lambda: ConfirmDialog("Delete", "Delete 李四?"), "n", False),
    (lambda: ConfirmDialog("Delete", "Delete 李四?"), "enter", False),
    (lambda: ConfirmDialog("Draft", "Take it?", safe=True), "enter", True),
    (lambda: ConfirmDialog("Draft", "Take it?", safe=True), "escape", False),
    (lambda: ConfirmDialog("Delete", "Delete 李四?"), "ctrl+q", False),
    (lambda: ConfirmDialog("Delete", "Delete 李四?"), "x", NOT_YET),
    (lambda: TypedConfirmDialog("Delete", "Sure?", "ann"), "a n n enter", True),
    (lambda: TypedConfirmDialog("Delete", "Sure?", "ann"), "a n n ctrl+s", True),
    (lambda: TypedConfirmDialog("Delete", "Sure?", "ann"), "a n enter", NOT_YET),
    (lambda: TypedConfirmDialog("Delete", "Sure?", "ann"), "enter", NOT_YET),
    (lambda: TypedConfirmDialog("Delete", "Sure?", ""), "enter", NOT_YET),
    (lambda: TypedConfirmDialog("Delete", "Sure?", "ann"), "escape", False),
    (lambda: TypedConfirmDialog("Delete", "Sure?", "ann"), "ctrl+q", False),
    (lambda: PickDialog("Profile", PROFILES), "enter", "a"),
    (lambda: PickDialog("Profile", PROFILES, current="b"), "enter", "b"),
    (lambda: PickDialog("Profile", PROFILES), "down ctrl+s", "b"),
    (lambda: PickDialog("Profile", PROFILES), "z h u enter", "b"),
    (lambda: PickDialog("Profile", PROFILES), "end enter", NOT_YET),  # it says why not
    (lambda: PickDialog("Profile", PROFILES), "x x enter", NOT_YET),
    (lambda: PickDialog("Profile", PROFILES), "z escape", None),
    (lambda: PickDialog("Profile", PROFILES), "ctrl+q", None),
    (lambda: MessageDialog("Raw", "text"), "enter", None),
    (lambda: MessageDialog("Raw", "text"), "q", None),
    (lambda: MessageDialog("Raw", "text"), "escape", None),
    (lambda: MessageDialog("Raw", "text"), "ctrl+q", None),
    (lambda: MessageDialog("Raw", "text"), "down end pageup", NOT_YET),
]


async def test_every_way_out_brings_its_answer_back() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        for make, keys, expected in ANSWERS:
            answers: list[object] = []
            dialog = make()
            await app.push_screen(dialog, answers.append)
            await press(pilot, keys)
            screen_lines(app)
            assert (answers or [NOT_YET])[-1] == expected, (dialog, keys)
            assert (app.screen is dialog) == (expected is NOT_YET), (dialog, keys)
            if expected is NOT_YET:
                await app.pop_screen()


async def test_a_second_escape_on_its_way_closes_nothing_else() -> None:
    outer = ConfirmDialog("Outer", "Outer?")
    app = Opener(outer)
    async with app.run_test() as pilot:
        inner = FormDialog("Inner")
        await app.push_screen(inner)
        inner.action_leave()
        inner.action_leave()
        await pilot.pause()
        assert app.screen is outer
        assert app.answer is NOT_YET


async def test_a_dialog_takes_a_small_terminal_whole() -> None:
    app = Opener(ConfirmDialog("Delete", "Delete 李四?", ["2 phones", "It cannot be undone."]))
    async with app.run_test(size=(60, 10)):
        assert lines_of(app) == [
            " Delete",
            " Delete 李四?",
            "",
            " 2 phones",
            " It cannot be undone.",
            "",
            "",
            "",
            "",
            " y yes  n no  Enter no",
        ]


async def test_a_dialog_stands_in_the_middle_of_a_large_one_and_leaves_the_rest_alone() -> None:
    app = Opener(PickDialog("Profile", PROFILES, current="b"))
    async with app.run_test(size=(120, 36)) as pilot:
        lines = screen_lines(app)
        assert lines[0].startswith("behind behind")
        frame = [line[10:110] for line in lines if "─" in line or "│" in line]
        assert [line.strip("╭╮╰╯─│ ") for line in frame] == [
            "",
            "Profile",
            "",
            "type to filter ▴ 3/3",
            "demo-juzi  sandbox",
            "▸ ● demo-ima",
            "crm  no token",
            "",
            "Enter pick  Esc leave",
            "",
        ]
        await press(pilot, "d e m")
        assert "dem ▴ 2/3" in "\n".join(screen_lines(app))


async def test_a_problem_is_told_in_the_line_that_is_kept_for_it() -> None:
    app = Opener(FormDialog("Edit"))
    async with app.run_test(size=(60, 12)) as pilot:
        await press(pilot, "ctrl+u ctrl+s")
        assert lines_of(app)[-2:] == [" ! Name: required", " ctrl+s send  Esc leave"]
        assert lines_of(app)[2] == "        ! required"
        dialog = app.dialog
        assert isinstance(dialog, FormDialog)
        dialog.say("saved")
        await pilot.pause()
        assert lines_of(app)[-2] == " saved"


@pytest.mark.parametrize("typed", ["Ｊose\u0301", " José ", "José"])
async def test_a_name_is_typed_in_any_width_and_composition(typed: str) -> None:
    app = Opener(TypedConfirmDialog("Delete", "Sure?", "José"))
    async with app.run_test() as pilot:
        await type_text(pilot, typed)
        await press(pilot, "enter")
        assert app.answer is True


async def test_a_wrong_name_is_told_what_is_expected_until_it_is_typed() -> None:
    app = Opener(TypedConfirmDialog("Delete", "Sure?", "李四"))
    async with app.run_test(size=(60, 12)) as pilot:
        await type_text(pilot, "李\n")
        assert lines_of(app)[-2] == " ! type 李四 to go on"
        await type_text(pilot, "四")
        assert lines_of(app)[-2] == ""
        await type_text(pilot, "\n")
        assert app.answer is True


async def test_a_long_message_scrolls() -> None:
    app = Opener(MessageDialog("Raw", "\n".join(f"line {number}" for number in range(100))))
    async with app.run_test(size=(60, 14)) as pilot:

        def first() -> str:
            return lines_of(app)[1].split("  ")[0].strip()

        seen = [first()]
        for keys in ("down", "j", "up", "pagedown", "pageup", "end", "home"):
            await press(pilot, keys)
            seen.append(first())
        assert seen == [f"line {number}" for number in (0, 1, 2, 1, 11, 1, 89, 0)]


async def test_details_that_are_more_than_fit_say_so_and_are_scrolled_to() -> None:
    details = [f"detail {number}" for number in range(20)]
    app = Opener(ConfirmDialog("Save", "Save 20 changes?", details))
    async with app.run_test(size=(80, 24)) as pilot:
        shown = "\n".join(lines_of(app))
        assert "detail 11" in shown
        assert "detail 12" not in shown
        assert "↑↓ scroll" in lines_of(app)[-1]
        await press(pilot, "down")
        await press(pilot, "down")
        assert "detail 19" in "\n".join(lines_of(app))
        await press(pilot, "y")
        assert app.answer is True


@slow
@pytest.mark.parametrize(("make", "keys", "answer"), ANSWERS[::6])
async def test_a_dialog_survives_being_made_tiny_and_comes_back(
    make: Callable[[], Screen[Any]], keys: str, answer: object
) -> None:
    app = Opener(make())
    async with app.run_test(size=(120, 36)) as pilot:
        before = screen_lines(app)
        for size in ((20, 5), (1, 1), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            after = screen_lines(app)
        assert after == before
        await press(pilot, keys)
        assert app.answer == answer


async def test_a_letter_in_a_dialog_redraws_its_line_and_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Opener(FormDialog("Edit"))
    async with app.run_test(size=(120, 36)) as pilot:
        await type_text(pilot, "x")
        drawn: list[str] = []
        for kind in (LineEdit, DialogLine, Static, Form):
            monkeypatch.setattr(kind, "render_line", counted(kind.render_line, drawn, kind.__name__))
        monkeypatch.setattr(Screen, "_refresh_layout", counted(Screen._refresh_layout, drawn, "layout"))
        await type_text(pilot, "y")
        assert drawn == ["LineEdit"]


async def test_what_others_wrote_cannot_act_on_the_terminal() -> None:
    for text in HOSTILE[:10]:
        dialogs: tuple[Dialog[Any], ...] = (
            ConfirmDialog(text, text, [text]),
            TypedConfirmDialog(text, text, text),
            MessageDialog(text, text),
            PickDialog(text, [PickOption("a", text, detail=text)]),
        )
        app = Opener(dialogs[0])
        async with app.run_test(size=(60, 20)) as pilot:
            for dialog in dialogs[1:]:
                screen_lines(app)
                await app.push_screen(dialog)
                dialog.complain(text)
                await pilot.pause()
            screen_lines(app)


async def test_the_texts_of_a_dialog_are_those_it_is_given() -> None:
    words = Words(yes="是", no="否", typed_differs="请输入 {expected}", leave="离开", go_on="继续")
    app = Opener(ConfirmDialog("删除", "删除李四？", words=words))
    async with app.run_test(size=(60, 8)):
        assert lines_of(app)[-1] == " y 是  n 否  Enter 否"
