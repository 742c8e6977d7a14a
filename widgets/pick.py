"""A dialog to choose one of many: profiles, colleagues, pages, commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import getters
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.geometry import Size
from textual.message import Message

from widgets.dialog import Dialog, Hint
from widgets.inputs.base import Value, as_text
from widgets.inputs.messages import ENGLISH, Words
from widgets.inputs.picker import Options, PickerInput, PickOption


class PickList(PickerInput):
    """A list that is always open and as high as its place; the line above it shows what narrows it."""

    class Picked(Message):
        """The agent pressed Enter on a choice."""

        def __init__(self, pick_list: PickList, key: str) -> None:
            super().__init__()
            self.pick_list = pick_list
            self.key = key

        @property
        def control(self) -> PickList:
            """The list."""
            return self.pick_list

    def __init__(
        self,
        choices: Iterable[PickOption],
        *,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(clearable=False, words=words, name=name, id=id, classes=classes)
        self._choices = list(choices)
        self._key = ""

    @property
    def value(self) -> Value:
        return self._key

    def set_value(self, value: Value) -> None:
        self._key = as_text(value)
        if self._options is not None:
            self._options.find(self._key, self.list_height)
            self.refresh()

    @property
    def placeholder(self) -> str:
        return self.words.type_to_filter

    @property
    def start_key(self) -> str:
        return self._key

    @property
    def list_height(self) -> int:
        return max(1, self.size.height - 1)

    def on_mount(self) -> None:
        """Open for good."""
        self.open()

    def on_resize(self) -> None:
        """Keep the cursor in the window, and the window full."""
        if self._options is not None:
            self._options.move(self._options.cursor, self.list_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are choices, and the line above them."""
        return 1 + len(self._choices)

    def open(self, text: str = "") -> None:
        self._options = Options(self.choices())
        self._options.find(self.start_key, self.list_height)

    def close(self) -> None:
        """It stays open."""

    def summary(self) -> str:
        return ""

    def choices(self) -> list[PickOption]:
        return self._choices

    def mark(self, choice: PickOption) -> str:
        return "● " if choice.key == self._key else "  "

    def pick(self, choice: PickOption) -> None:
        self.post_message(self.Picked(self, choice.key))

    def clear(self) -> None:
        """There is nothing chosen that could be cleared."""

    def action_escape(self) -> None:
        """Escape is the dialog's, whatever was typed; ctrl+u takes the filter away."""
        raise SkipAction


class PickDialog(Dialog[str]):
    """Shows `choices`, narrowed by typing; its result is the key of the one picked. The cursor starts on `current`."""

    SIZE = "-short"

    pick_list = getters.query_one("#pick-list", PickList)

    def __init__(
        self,
        heading: str,
        choices: Iterable[PickOption],
        *,
        current: str = "",
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(heading, words=words, name=name, id=id, classes=classes)
        self._choices = tuple(choices)
        self._current = current

    def compose_body(self) -> ComposeResult:
        yield PickList(self._choices, words=self.words, id="pick-list")

    def hints(self) -> Sequence[Hint]:
        return (("Enter", self.words.pick), ("Esc", self.words.leave))

    def on_mount(self) -> None:
        """Take keys at once."""
        self.pick_list.set_value(self._current)
        self.pick_list.focus()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Close with what was picked."""
        event.stop()
        self.finish(event.key)

    def action_send(self) -> None:
        """As Enter."""
        self.pick_list.action_enter()
