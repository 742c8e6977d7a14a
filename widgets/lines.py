"""The base of the drawing widgets: lines of styled text, of which only the changed ones are painted again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple, Self

from rich.segment import Segment
from rich.style import Style
from textual.dom import DOMNode
from textual.geometry import Region
from textual.strip import Strip

from widgets.cells import width as cells
from widgets.typeahead import BoundWidget
from widgets.upstream import style_part

Role = Literal[
    "text", "strong", "muted", "heading", "label", "rule", "cursor", "mark", "key", "tag", "info", "ok", "warn", "error"
]
"""What a piece of text is for; the style sheet says how that looks (class `line--ROLE` below the pane)."""


class Span(NamedTuple):
    """A piece of plain text on one line, drawn in one style."""

    text: str
    role: Role = "text"


Line = tuple[Span, ...]
"""One line of a pane, from its left edge on; what it leaves free is blank."""

BLANK: Line = ()
"""A line with nothing on it."""

BAR = "▌"
"""Stands left of what the cursor is on."""

NEVER_DRAWN = (-1, -1)
"""The size of a frame that fits no pane, and so has to be made anew."""


class PassingStrip(Strip):
    """A line that is gone as soon as nobody has it any more.

    Textual's own keeps itself among the pieces that it is divided into, and then waits for the garbage collector: of a
    list that is turned page by page, by the thousand.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        cuts = list(cuts)
        return [self] if cuts == [self.cell_length] else super().divide(cuts)


def line_width(line: Line) -> int:
    """The cells that `line` takes."""
    return sum(cells(span.text) for span in line)


class LinePane(BoundWidget):
    """A widget that says which lines it shows, and repaints those that changed.

    A subclass returns them from `lines()`, and calls `redraw()` whenever they may have changed.
    """

    ALLOW_SELECT = False  # the terminal's own selection works; Textual's would cost a repaint a mouse move

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._frame: list[Line] = []
        self._frame_size = NEVER_DRAWN
        self._role_styles: dict[Role, Style] = {}

    def lines(self, width: int, height: int) -> Sequence[Line]:
        """The lines to show in a pane of this size, top down; what is beyond it is not drawn."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Repaint the lines that differ from those on the screen, each up to its last change."""
        width, height = self.content_size
        if not self.is_mounted or self._frame_size != (width, height):
            return  # not drawn yet, or about to be drawn whole at its new size
        old, self._frame = self._frame, self._compose_frame(width, height)
        regions = [
            Region(0, y, changed, 1)
            for y, (before, after) in enumerate(zip(old, self._frame, strict=True))
            if (changed := changed_width(before, after, width))
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        width, height = self.content_size
        if self._frame_size != (width, height):
            self._frame, self._frame_size = self._compose_frame(width, height), (width, height)
        if y >= height:
            return Strip.blank(width, self._style("text"))
        line = self._frame[y]
        segments = [Segment(span.text, self._style(span.role)) for span in line if span.text]
        drawn = line_width(line)
        if drawn > width:  # a pane narrower than its own margins
            return Strip(segments, drawn).crop(0, width)
        if drawn < width:
            segments.append(Segment(" " * (width - drawn), self._style("text")))
        return Strip(segments, width)

    def render_lines(self, crop: Region) -> list[Strip]:
        return [PassingStrip(strip, strip.cell_length) for strip in super().render_lines(crop)]

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        if repaint and not regions:
            self._frame_size = NEVER_DRAWN  # someone wants all of it again, so ask for all of it again
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._role_styles.clear()

    def _compose_frame(self, width: int, height: int) -> list[Line]:
        frame = list(self.lines(width, height))[:height] if width > 0 else []
        return frame + [BLANK] * (height - len(frame))

    def _style(self, role: Role) -> Style:
        style = self._role_styles.get(role)
        if style is None:
            style = self._role_styles[role] = self._look_up(role)
        return style

    def _look_up(self, role: Role) -> Style:
        """What the style sheet says of `role`.

        Component classes would do the same, but for every role of every pane before the first frame, and again with
        each class that a screen is given: a third of what a start takes. Most panes draw in three roles.
        """
        name = f"line--{role}"
        style_part(self, DOMNode(classes=name), name)
        return self.get_component_rich_style(name)


def changed_width(before: Line, after: Line, width: int) -> int:
    """How many cells from the left must be painted to turn line `before` into `after`; 0 when they are the same.

    Never ends inside a wide character: half of one would wipe it out.
    """
    if before is after or before == after:
        return 0
    if (taken := line_width(after)) != line_width(before):
        return width
    same_end = 0
    for old, new in zip(_characters(before), _characters(after), strict=False):
        if old != new:
            break
        same_end += cells(old[0])
    return taken - same_end


def _characters(line: Line) -> list[tuple[str, Role]]:
    """The characters of `line` with their roles, last one first."""
    return [(char, span.role) for span in reversed(line) for char in reversed(span.text)]
