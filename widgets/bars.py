"""One-line bars: the title at the top, messages and keys at the bottom; repainted only when they say something new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.reactive import reactive

from widgets.blocks import SIGNS, Note, Tone
from widgets.cells import fit, plain, wrap
from widgets.cells import width as cells
from widgets.lines import Line, LinePane, Role, Span, line_width

MARGIN = " "
"""What every bar begins and ends with."""

SEPARATOR = "  "
"""Between two things on one bar."""


NO_KEY = "no_key"
"""Stands for the key of a command that has none: no terminal sends it."""

KEY_SIGNS = {
    "slash": "/",
    "colon": ":",
    "equals_sign": "=",
    "full_stop": ".",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "question_mark": "?",
    "vertical_line": "|",
    "comma": ",",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "right_curly_bracket": "}",
    "left_curly_bracket": "{",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
}
"""Textual's names of keys that people call otherwise; the rest are shown as they are."""


def key_signs(keys: str) -> tuple[str, ...]:
    """`keys`, as Textual spells them, as a person reads them."""
    return tuple(KEY_SIGNS.get(key, key) for key in keys.split(","))


class Bar(LinePane):
    """One line."""

    DEFAULT_CSS = "Bar { width: 1fr; height: 1; }"


class TitleBar(Bar):
    """The program and where it is at the left, a hint, and the state of things at the right edge."""

    program: reactive[str] = reactive("")
    """The program's name."""

    context: reactive[str] = reactive("")
    """Whose data is on the screen."""

    hint: reactive[str] = reactive("")
    """What the agent is looking at or may do; the first to go when there is no room."""

    state: reactive[str] = reactive("")
    """How the connection fares."""

    tone: reactive[Tone] = reactive[Tone]("muted")
    """How the state is meant."""

    def lines(self, width: int, height: int) -> list[Line]:
        program, context, hint = plain(self.program), plain(self.context), plain(self.hint)
        state = plain(SIGNS[self.tone] + self.state)
        left: Line = (Span(MARGIN + program, "heading"), Span(SEPARATOR + context if context else ""))
        room = width - line_width(left) - cells(state) - len(MARGIN)
        shown_hint = SEPARATOR + hint + SEPARATOR * 2 if hint else ""
        if cells(shown_hint) > room:
            shown_hint = ""
        free = room - cells(shown_hint)
        if free >= len(SEPARATOR) or not state:
            return [(*left, Span(" " * max(0, free)), Span(shown_hint, "muted"), Span(state, self.tone))]
        # too narrow for all: the state keeps what the left side leaves, but half of the line at the least
        most = max(width // 2, width - line_width(left) - len(MARGIN) - 1)
        state = " " + fit(state, min(cells(state), most)) + MARGIN
        name = fit(MARGIN + program + (SEPARATOR + context if context else ""), width - cells(state))
        return [(Span(name), Span(state, self.tone))]


@dataclass(frozen=True, slots=True)
class KeyHint:
    """A key and what it does. One that can do nothing now stands in brackets; `keep` ones are the last to go."""

    key: str
    text: str
    enabled: bool = True
    keep: bool = False


class KeyBar(Bar):
    """The keys that work now. On a narrow line the disabled ones go first, then the others from the end."""

    hints: reactive[tuple[KeyHint, ...]] = reactive(())
    """In the order in which they stand."""

    def lines(self, width: int, height: int) -> list[Line]:
        spans: list[Span] = []
        for hint in _that_fit(self.hints, width - 2 * len(MARGIN)):
            spans.append(Span(SEPARATOR if spans else MARGIN))
            key, text = plain(hint.key), plain(hint.text)
            if hint.enabled:
                spans += (Span(key, "key"), Span(f" {text}"))
            else:
                spans.append(Span(f"({key} {text})", "muted"))
        return [tuple(spans)]


def _that_fit(hints: Sequence[KeyHint], width: int) -> Sequence[KeyHint]:
    shown = list(hints)

    def taken() -> int:
        each = (cells(plain(f"{hint.key} {hint.text}")) + (0 if hint.enabled else 2) for hint in shown)
        return sum(each) + len(SEPARATOR) * (len(shown) - 1)

    while shown and taken() > width:
        # of those that are most dispensable, the last one
        index = max(range(len(shown)), key=lambda i: (not shown[i].enabled, not shown[i].keep, i))
        del shown[index]
    return shown


class StatusLine(Bar):
    """A message, or what there is to know while there is none; and at the right edge the call under way.

    A text that is too long for the line takes as many as it needs, up to `MOST_LINES`.
    """

    MOST_LINES: ClassVar[int] = 1

    idle: reactive[str] = reactive("")
    """What it says when there is no message."""

    message: reactive[Note | None] = reactive(None)
    """What just happened; it stays until its owner takes it away."""

    busy: reactive[str] = reactive("")
    """The call under way, in a word; empty when there is none."""

    def lines(self, width: int, height: int) -> list[Line]:
        role: Role = "text" if self.message is None else self.message.tone
        busy = plain(self.busy)
        right = SEPARATOR + fit(busy, min(cells(busy), width // 3)) + MARGIN if busy else ""
        room = width - cells(right)
        if height <= 1:
            return [(Span(fit(MARGIN + self._text, room), role), Span(right, "muted"))]
        first, *rest = wrap(self._text, room - 2 * len(MARGIN))
        if len(rest) >= height:
            rest[height - 2 :] = [" ".join(rest[height - 2 :])]
        below: list[Line] = [(Span(fit(MARGIN + line, width), role),) for line in rest]
        return [(Span(fit(MARGIN + first, room), role), Span(right, "muted")), *below]

    @property
    def _text(self) -> str:
        # A line break in a name is a sign in a message as everywhere else: it begins no line of the message.
        return plain(self.idle if self.message is None else SIGNS[self.message.tone] + self.message.text)

    def watch_message(self) -> None:
        """Make room for a message, or take it back."""
        self._take_lines(self.size.width)

    def watch_idle(self) -> None:
        """Make room for what there is to know, or take it back."""
        self._take_lines(self.size.width)

    def on_resize(self, event: events.Resize) -> None:
        """A wider line needs fewer."""
        self._take_lines(event.size.width)

    def _take_lines(self, width: int) -> None:
        if self.MOST_LINES > 1 and width > 2 * len(MARGIN):
            needed = min(self.MOST_LINES, len(wrap(self._text, width - 2 * len(MARGIN))))
            if self.styles.height is None or self.styles.height.value != needed:
                self.styles.height = needed
