"""Modal dialogs: what they look like, and the ways in and out of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from widgets.bars import NO_KEY, key_signs
from widgets.cells import plain, wrap
from widgets.inputs.base import ValueInput
from widgets.inputs.line import TextInput
from widgets.inputs.messages import ENGLISH, Words

ResultT = TypeVar("ResultT")

Hint = tuple[str, str]
"""A key and what it does."""

ROOMY_WIDTH = 90
ROOMY_HEIGHT = 26
"""From this many columns and lines on there is room to leave what is behind a dialog in sight."""

DETAIL_CELLS = ROOMY_WIDTH - 16
"""Cells of a line of details: what a dialog of 90 columns has between its borders and a scroll bar."""

MAX_LINES = 12
"""Lines of a question's details in sight at once; the rest is scrolled to."""

_KEY = re.compile(r"[^\s()]+")
"""A key within a hint."""

_STYLES = Path(__file__).parent.parent / "styles"


class DialogLine(Static):
    """One line of a dialog that is not its body; it keeps its place, so that a new text repaints that line alone."""

    def __init__(self, text: str = "", *, id: str) -> None:
        super().__init__(plain(text), markup=False, id=id)
        self._text = text

    def say(self, text: str) -> None:
        """Show `text`, repainting only where it differs."""
        if text != self._text:
            self._text = text
            self.update(plain(text), layout=False)


class Dialog(ModalScreen[ResultT | None]):
    """A title, a body, a line for what is going on or wrong, and a line of keys.

    On a small terminal it takes the whole of it, on a larger one the middle. Escape and ctrl+q leave it, and every way
    out goes through `finish`, which dismisses it: None is "nothing came of it". A subclass fills in `compose_body` and
    `action_send`.
    """

    CSS_PATH = [_STYLES / "form.tcss", _STYLES / "dialog.tcss"]  # noqa: RUF012  # these three as Textual declares them
    AUTO_FOCUS = ""  # a body focuses itself; Textual's way scrolls before the layout is known
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY_WIDTH, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (ROOMY_HEIGHT, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="dialog.leave"),
        Binding("ctrl+q", "leave", "Leave", show=False, id="dialog.leave_too"),
        Binding("ctrl+s", "send", "Send", show=False, id="dialog.send"),
        Binding("ctrl+l", "app.redraw", "Redraw", show=False, id="redraw"),
    ]
    SIZE: ClassVar[str] = "-tall"
    """How high it is where there is room: `-tall` (as high as may be) or `-short` (as its body)."""

    HINTED: ClassVar[Sequence[type[Widget]]] = ()
    """Of what is in the body, that whose keys the `hints` name too."""

    notice: str = ""
    """What there is to know before anything else, such as why what was sent is here again: below the title."""

    status = getters.query_one("#dialog-status", DialogLine)

    def __init__(
        self,
        heading: str,
        *,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.heading = heading
        self.words = words

    def compose(self) -> ComposeResult:
        # Textual sets these only once it has painted a first frame; that one shall not be of another size.
        columns, lines = self.app.size
        self.add_class("-wide" if columns >= ROOMY_WIDTH else "-narrow", "-high" if lines >= ROOMY_HEIGHT else "-low")
        with Vertical(id="dialog", classes=self.SIZE):
            yield DialogLine(self.heading, id="dialog-title")
            if self.notice:
                yield Static(plain(self.notice), markup=False, id="dialog-notice")
            with Vertical(id="dialog-body"):
                yield from self.compose_body()
            yield DialogLine(id="dialog-status")
            yield DialogLine("  ".join(f"{key} {does}" for key, does in self._hints_in_force()), id="dialog-hints")

    def compose_body(self) -> ComposeResult:
        """What stands between the title and the status line."""
        yield from ()

    def hints(self) -> Sequence[Hint]:
        """The keys that the last line names."""
        return (("ctrl+s", self.words.send), ("Esc", self.words.leave))

    def _hints_in_force(self) -> Sequence[Hint]:
        """The `hints`, each with the key that the program's configuration gives to it; without those that have none."""
        changed: Mapping[str, str] = getattr(self.app, "changed_keys", {})
        signs = {}
        for widget in (*type(self).__mro__, *self.HINTED):
            for binding in widget.__dict__.get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id and binding.id in changed:
                    signs[key_signs(binding.key)[0]] = key_signs(changed[binding.id])[0]
        hints = [(_KEY.sub(lambda key: signs.get(key[0], key[0]), key), does) for key, does in self.hints()]
        return [(key, does) for key, does in hints if key != NO_KEY]

    def say(self, text: str) -> None:
        """Tell what is going on, in the status line."""
        self.status.remove_class("-problem")
        self.status.say(text)

    def complain(self, problem: str) -> None:
        """Tell what is wrong, in the status line."""
        self.status.add_class("-problem")
        self.status.say(f"! {problem}" if problem else "")

    def finish(self, result: ResultT | None = None) -> None:
        """Close with `result`; a second key that was already on its way closes nothing else."""
        if self.is_current:
            self.dismiss(result)

    def action_leave(self) -> None:
        """Close without a result."""
        self.finish()

    def action_send(self) -> None:
        """Close with what was entered; a subclass says with what."""


class ConfirmDialog(Dialog[bool]):
    """Asks `question`, with `details` below it. `y` is yes, `n` and leaving are no; Enter is what `safe` says."""

    SIZE = "-short"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False, id="confirm.yes"),
        Binding("n", "answer(False)", "No", show=False, id="confirm.no"),
        Binding("enter", "enter", "The safe answer", show=False, id="confirm.safe"),
        Binding("down,j,pagedown", "scroll(1)", "Details down", show=False, id="confirm.down"),
        Binding("up,k,pageup", "scroll(-1)", "Details up", show=False, id="confirm.up"),
    ]

    def __init__(
        self,
        heading: str,
        question: str,
        details: Sequence[str] = (),
        *,
        safe: bool = False,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(heading, words=words, name=name, id=id, classes=classes)
        self.question = question
        self.details = details
        self.safe = safe

    def compose_body(self) -> ComposeResult:
        yield from _paragraphs(self.question, self.details)

    def hints(self) -> Sequence[Hint]:
        enter = self.words.yes if self.safe else self.words.no
        more = (("↑↓", self.words.scroll),) if len(_lines(self.details)) > MAX_LINES else ()
        return (*more, ("y", self.words.yes), ("n", self.words.no), ("Enter", enter))

    def action_answer(self, answer: bool) -> None:
        """Close with `answer`."""
        self.finish(answer)

    def action_scroll(self, halves: int) -> None:
        """Scroll the details by `halves` of what is in sight of them."""
        for pane in self.query(VerticalScroll):
            pane.scroll_relative(y=halves * MAX_LINES // 2, animate=False)

    def action_enter(self) -> None:
        """Close with the safe answer."""
        self.finish(self.safe)

    def action_leave(self) -> None:
        self.finish(False)


class TypedConfirmDialog(Dialog[bool]):
    """Asks `question`, and takes only `expected`, typed out, for a yes.

    Width, composition and outer spaces do not matter (`ＡＮＮ ` is `ANN`), letters and their case do.
    """

    SIZE = "-short"
    typed = getters.query_one("#typed", TextInput)

    def __init__(
        self,
        heading: str,
        question: str,
        expected: str,
        details: Sequence[str] = (),
        *,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(heading, words=words, name=name, id=id, classes=classes)
        self.question = question
        self.expected = expected
        self.details = details

    def compose_body(self) -> ComposeResult:
        yield from _paragraphs(self.question, self.details)
        yield TextInput(id="typed", words=self.words)

    def hints(self) -> Sequence[Hint]:
        return (("Enter", self.words.go_on), ("Esc", self.words.leave))

    def on_mount(self) -> None:
        """Take the name at once."""
        self.typed.focus()

    def on_value_input_changed(self, event: ValueInput.Changed) -> None:
        """Being wrong so far is no mistake."""
        event.stop()
        self.complain("")

    def on_value_input_done(self, event: ValueInput.Done) -> None:
        """Enter asks for the same as ctrl+s."""
        event.stop()
        self.action_send()

    def action_send(self) -> None:
        """Close with yes if the name is right, else say what is expected."""
        if _folded(self.typed.text) == _folded(self.expected) != "":
            self.finish(True)
        else:
            self.complain(self.words.typed_differs.format(expected=" ".join(self.expected.split())))

    def action_leave(self) -> None:
        self.finish(False)


class MessageDialog(Dialog[None]):
    """Shows `text`, however long; the arrows and page keys scroll it, Enter, `q` and leaving close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "leave", "Leave", show=False, id="message.leave"),
        Binding("down,j", "scroll(1)", "Line down", show=False, id="message.down"),
        Binding("up,k", "scroll(-1)", "Line up", show=False, id="message.up"),
        Binding("pagedown,space", "page(1)", "Screen down", show=False, id="message.page_down"),
        Binding("pageup", "page(-1)", "Screen up", show=False, id="message.page_up"),
        Binding("home,g", "top", "Top", show=False, id="message.top"),
        Binding("end,G", "bottom", "Bottom", show=False, id="message.bottom"),
    ]

    pane = getters.query_one("#message", VerticalScroll)

    def __init__(
        self,
        heading: str,
        text: str,
        *,
        words: Words = ENGLISH,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(heading, words=words, name=name, id=id, classes=classes)
        self.text = text

    def compose_body(self) -> ComposeResult:
        with VerticalScroll(id="message", can_focus=False):
            yield Static("\n".join(plain(line) for line in self.text.splitlines()), markup=False)

    def hints(self) -> Sequence[Hint]:
        return (("↑↓", self.words.scroll), ("Esc", self.words.leave))

    def action_scroll(self, lines: int) -> None:
        """Scroll by `lines`."""
        self.pane.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by a screen, of which one line stays."""
        self.action_scroll(pages * max(1, self.pane.size.height - 1))

    def action_top(self) -> None:
        """Scroll to the first line."""
        self.pane.scroll_home(animate=False)

    def action_bottom(self) -> None:
        """Scroll to the last line."""
        self.pane.scroll_end(animate=False)


def _paragraphs(question: str, details: Sequence[str]) -> list[Widget]:
    lines = _lines(details)
    return [
        Static(plain(question), markup=False, classes="dialog-question"),
        *(
            [VerticalScroll(Static("\n".join(lines), markup=False), classes="dialog-details", can_focus=False)]
            if lines
            else ()
        ),
    ]


def _lines(details: Sequence[str]) -> list[str]:
    return [line for detail in details for line in wrap(detail, DETAIL_CELLS)]


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())
