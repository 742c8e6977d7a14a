"""A dialog to choose several of many, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from widgets.dialog import Dialog, Hint
from widgets.inputs.messages import ENGLISH, Words
from widgets.inputs.picker import Options, PickOption
from widgets.pick import PickList


class OrderList(PickList):
    """The chosen ones in their order, then the others. Typing narrows it, space ticks, two keys move what is ticked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,shift+up,ctrl+up", "shift(-1)", "Earlier", show=False, id="order.earlier"),
        Binding("right,shift+down,ctrl+down", "shift(1)", "Later", show=False, id="order.later"),
        Binding("ctrl+r", "usual", "The usual ones", show=False, id="order.usual"),
    ]

    class Finished(Message):
        """The agent pressed Enter: what is ticked is what is wanted."""

    def __init__(
        self,
        choices: Iterable[PickOption],
        chosen: Iterable[str],
        usual: Iterable[str] = (),
        *,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(choices, words=words, name=name, id=id, classes=classes)
        self._known = {choice.key: choice for choice in self._choices}
        self._usual = [key for key in usual if key in self._known]
        self.chosen = [key for key in dict.fromkeys(chosen) if key in self._known]
        """The keys of the ticked choices, in their order."""

    def choices(self) -> list[PickOption]:
        ticked = [self._known[key] for key in self.chosen]
        return [*ticked, *(choice for choice in self._choices if choice.key not in self.chosen)]

    def mark(self, choice: PickOption) -> str:
        return "[x] " if choice.key in self.chosen else "[ ] "

    def space(self) -> bool:
        """Tick what the cursor is on, or no more.

        A filter has found what it was typed for: it goes, and the cursor stays on the choice, to be moved. Without one
        the cursor goes on to the next choice.
        """
        options = self._options
        choice = options.current if options is not None else None
        if options is None or choice is None or choice.reason:
            return True
        row, on = options.cursor, choice.key not in self.chosen
        if on:
            self.chosen.append(choice.key)
        else:
            self.chosen.remove(choice.key)
        self._list_anew("" if not options.filter else choice.key, row + on)
        return True

    def action_shift(self, step: int) -> None:
        """Move what the cursor is on by one place among those that are ticked."""
        choice = self._options.current if self._options is not None else None
        if choice is None or choice.key not in self.chosen:
            return
        place = self.chosen.index(choice.key)
        self.chosen.insert(max(0, place + step), self.chosen.pop(place))
        self._list_anew(choice.key)

    def action_usual(self) -> None:
        """Tick the usual ones, in their own order."""
        self.chosen = list(self._usual)
        self._list_anew("", 0)

    def _list_anew(self, key: str, row: int = 0) -> None:
        """List them as they are ticked now, the cursor on `key`, or on the row of that number."""
        self._options = Options(self.choices())
        if key:
            self._options.find(key, self.list_height)
        else:
            self._options.move(row, self.list_height)
        self.refresh()

    def action_enter(self) -> None:
        """Take what is ticked."""
        self.post_message(self.Finished())


class OrderDialog(Dialog[tuple[str, ...]]):
    """Shows `choices`, those of `chosen` first and ticked; its result is the keys that are ticked, in their order."""

    SIZE = "-short"
    HINTED = (OrderList,)

    order_list = getters.query_one("#order-list", OrderList)

    def __init__(
        self,
        heading: str,
        choices: Iterable[PickOption],
        chosen: Sequence[str],
        *,
        usual: Sequence[str],
        hints: Sequence[Hint],
        nothing: str,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Show it with these `hints`; ctrl+r ticks the `usual` ones, and `nothing` is what is said of none."""
        super().__init__(heading, words=words, name=name, id=id, classes=classes)
        self._list = OrderList(choices, chosen, usual, words=words, id="order-list")
        self._told = hints
        self._nothing = nothing

    def compose_body(self) -> ComposeResult:
        yield self._list

    def hints(self) -> Sequence[Hint]:
        return self._told

    def on_mount(self) -> None:
        """Take keys at once."""
        self.order_list.focus()

    def on_order_list_finished(self, event: OrderList.Finished) -> None:
        """Close with what is ticked."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """As Enter."""
        if self.order_list.chosen:
            self.finish(tuple(self.order_list.chosen))
        else:
            self.complain(self._nothing)
