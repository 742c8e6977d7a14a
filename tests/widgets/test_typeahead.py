"""Keys that a slow line delivers in one packet end up where they would have if typed slowly."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from textual import events
from textual.app import App
from textual.containers import Vertical
from textual.message_pump import MessagePump
from textual.widget import Widget

from tests.widgets.hosts import Host, type_text
from widgets import typeahead
from widgets.form import Form, FormField
from widgets.inputs import ChoiceInput, ContactsInput, PickOption, TagsInput, TextInput
from widgets.list_layout import Column, ListRow
from widgets.paged_list import PagedList
from widgets.typeahead import TypeAheadApp


def form_of_every_turn() -> Form:
    return Form(
        [
            FormField("a", "A", TextInput()),
            FormField("b", "B", TextInput()),
            FormField("contacts", "Contacts", ContactsInput()),
            FormField("choice", "PickOption", ChoiceInput([PickOption("1", "one"), PickOption("2", "two")])),
            FormField("tags", "Tags", TagsInput()),
            FormField("c", "C", TextInput()),
        ]
    )


BUNCH = "李\t四\n5\n6\t六\n7\n\ntw\n\tx\ny\n\nend"
"""Through every field: a name, a name, three contacts of which one has a memo, a choice, two tags, a word."""

TYPED = {
    "a": "李",
    "b": "四",
    "contacts": (("5", ""), ("6", "六"), ("7", "")),
    "choice": "2",
    "tags": ("x", "y"),
    "c": "end",
}


async def test_a_bunch_of_keys_fills_a_form_as_single_keys_do() -> None:
    form = form_of_every_turn()
    app = Host(form)
    async with app.run_test() as pilot:
        await type_text(pilot, BUNCH)
        assert form.values() == TYPED


async def test_a_bunch_of_keys_fills_a_form_on_a_machine_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeahead, "PATIENCE", 0.001)  # over long before a key has come all the way
    form = form_of_every_turn()
    async with Host(form).run_test() as pilot:
        await type_text(pilot, BUNCH)
        assert form.values() == TYPED


async def test_single_keys_fill_a_form_the_same_way() -> None:
    form = form_of_every_turn()
    app = Host(form)
    async with app.run_test() as pilot:
        for char in BUNCH:
            await type_text(pilot, char)
        assert form.values() == TYPED


async def test_a_paste_waits_for_its_turn() -> None:
    form = form_of_every_turn()
    app = Host(form)
    async with app.run_test() as pilot:
        app.post_message(events.Key("1", "1"))
        app.post_message(events.Key("tab", "\t"))
        app.post_message(events.Paste("pasted"))
        await type_text(pilot, "!")
        assert (form.values()["a"], form.values()["b"]) == ("1", "pasted!")


async def test_keys_go_on_after_the_widget_that_took_one_is_gone() -> None:
    form = form_of_every_turn()
    app = Host(form)
    async with app.run_test() as pilot:
        form.rows["contacts"].input.set_value(("1", "2", "3"))
        form.rows["contacts"].input.focus()
        await pilot.pause()
        for key in ("ctrl+d", "ctrl+d", "x"):
            app.post_message(events.Key(key, None if "+" in key else key))
        await type_text(pilot, "yz")
        assert form.values()["contacts"] == (("3xyz", ""),)


@pytest.mark.parametrize("keys", [1, 100])
async def test_no_key_is_lost_however_many_there_are(keys: int) -> None:
    line = TextInput()
    app = Host(line)
    async with app.run_test() as pilot:
        line.focus()
        await type_text(pilot, "x" * keys)
        assert line.value == "x" * keys
        assert not app.is_typing


class Followed(Host):
    """Counts how often it looked how far a key has come."""

    looks = 0

    def _follow(self, way: Sequence[MessagePump], turn: int) -> None:
        self.looks += 1
        super()._follow(way, turn)


async def test_a_key_that_comes_alone_has_its_effect_before_it_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeahead, "DRAWN", 3600.0)
    line = TextInput()
    app = Followed(line)
    async with app.run_test() as pilot:
        line.focus()
        app.post_message(events.Key("x", "x"))
        await pilot.pause()
        assert (line.value, app.looks) == ("x", 0)
        app.post_message(events.Key("y", "y"))
        while line.value != "xy":
            await pilot.pause()
        assert app.looks > 0


async def test_it_takes_what_textuals_app_takes() -> None:
    class Plain(TypeAheadApp[int]):
        """As a program would derive it."""

    app: App[int] = Plain(ansi_color=True)
    async with app.run_test() as pilot:
        app.exit(3)
        await pilot.pause()
    assert app.return_value == 3


class Passed(Vertical):
    """Notes the keys that pass through it."""

    def __init__(self, *inside: Widget) -> None:
        super().__init__(*inside)
        self.keys: list[str] = []

    def on_key(self, event: events.Key) -> None:
        self.keys.append(event.key)


async def test_a_key_of_a_list_goes_through_nothing_on_its_way_to_its_binding() -> None:
    paged_list = PagedList((Column("name", "Name"),))
    around = Passed(paged_list)
    async with Host(around).run_test() as pilot:
        paged_list.show([ListRow("a", ("李四",)), ListRow("b", ("王五",))])
        paged_list.focus()
        await pilot.press("j", "no such key")
        assert (paged_list.cursor_id, around.keys) == ("b", [])


async def test_a_key_of_an_input_may_be_taken_by_what_it_is_in() -> None:
    line = TextInput()
    around = Passed(line)
    async with Host(around).run_test() as pilot:
        line.focus()
        await pilot.press("f5")
        assert around.keys == ["f5"]


class Holding(Host):
    """Notes what is told of keys that are kept back."""

    def __init__(self) -> None:
        super().__init__()
        self.holds: list[bool] = []

    def tell_hold(self, on: bool) -> None:
        self.holds.append(on)

    async def hold_until_the_timer_rings(self) -> None:
        """End a hold after its timer has rung, and before that is heard."""
        self.hold_keys()
        while not self.message_queue_size:
            await asyncio.sleep(0)
        self.release_keys()


async def test_the_word_that_keys_are_kept_does_not_stay_once_they_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typeahead, "TOLD_AFTER", 0.001)
    app = Holding()
    async with app.run_test() as pilot:
        app.call_later(app.hold_until_the_timer_rings)
        await pilot.pause()
        await pilot.pause()
        assert app.holds[-1:] != [True]
