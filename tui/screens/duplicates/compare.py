"""Two customers side by side, and field by field whose value the one that stays is to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.desk.duplicates.comparing import Alike, ComparedLine, Comparison, Take
from tui.desk.duplicates.find_pairs import Duplicates
from tui.locale import _
from tui.model.errors import KehuError
from tui.model.masking import Masker
from tui.screens.duplicates.side_by_side import blocks_of, title
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from widgets.blocks import Side, Sides
from widgets.dialog import Dialog, Hint
from widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui.desk.desk import Desk


class CompareDialog(Dialog[Comparison]):
    """Shows both, as they were seen and then as the vendor has them. Where it can merge, the arrows say whose value
    stays, and ctrl+s closes with what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave", show=False, id="compare.leave"),
        Binding("left,h", "take('stays')", "Take the left value", show=False, id="compare.left"),
        Binding("right,l", "take('goes')", "Take the right value", show=False, id="compare.right"),
        Binding("b", "take('both')", "Take both", show=False, id="compare.both"),
        Binding("x", "swap", "Swap sides", show=False, id="compare.swap"),
    ]

    head = getters.query_one("#compare-head", Sheet)
    sheet = getters.query_one("#compare-fields", Sheet)

    def __init__(self, desk: Desk, score: int, comparison: Comparison, masker: Masker) -> None:
        super().__init__(_("Compare · {score} % one person").format(score=score), words=words())
        self._desk = desk
        self._comparison = comparison
        self._masker = masker
        self._why_not = Duplicates(desk).why_not_merge()

    def compose_body(self) -> ComposeResult:
        yield Sheet(id="compare-head")
        yield Sheet(id="compare-fields")

    def hints(self) -> Sequence[Hint]:
        leave = ("Esc", self.words.leave)
        if self._why_not:
            return (("↑↓", self.words.scroll), (f"(ctrl+s {_('merge')})", ""), leave)
        return (("← →", _("take")), ("b", _("both")), ("x", _("swap")), ("ctrl+s", _("merge")), leave)

    def on_mount(self) -> None:
        """Show what was seen last, then what the vendor has."""
        self.head.can_focus = False
        self.sheet.focus()
        self._show()
        if self._desk.capabilities.can("get"):
            self._read()
        else:
            self._tell()

    def _show(self) -> None:
        stays, goes = title(self._comparison.stays), title(self._comparison.goes)
        if not self._why_not:
            stays, goes = _("{name} · stays").format(name=stays), _("{name} · is deleted").format(name=goes)
        self.head.show([Sides("", Side((stays,)), Side((goes,)))])
        blocks = blocks_of(self._comparison, self._masker, choosing=not self._why_not)
        self.sheet.show(blocks, keep_scroll=True)

    @work(group="read", exclusive=True)
    async def _read(self) -> None:
        """Both as the vendor has them now; what was chosen stays chosen."""
        self.say(_("Reading both at the vendor …"))
        try:
            specs = await self._desk.fields()
            ids = self._comparison.stays.id, self._comparison.goes.id
            read = {id: (await self._desk.customer(id)).customer for id in ids}
        except KehuError as error:
            self.complain(told(error))
            return
        now = self._comparison  # it may have been swapped meanwhile
        self._comparison = replace(now, stays=read[now.stays.id], goes=read[now.goes.id], specs=specs)
        self._show()
        self._tell()

    def _tell(self) -> None:
        """What can be done with the two."""
        if self._why_not:
            self.say(_("They cannot be merged here: {reason}").format(reason=self._why_not))
        else:
            self.say(_("The left one stays, with what is marked ●; the right one is deleted."))

    def action_take(self, side: str) -> None:
        """Have the field under the cursor the value of one side, or both."""
        line = next((line for line in self._comparison.lines if line.code == self.sheet.current_ref), None)
        if line is None or self._why_not:
            return
        take = Take(side)
        if take in line.choices:
            self._comparison = replace(self._comparison, taken={**self._comparison.taken, line.code: take})
            self._show()
            self._tell()
        else:
            self.complain(_why_not_take(line, take))

    def action_swap(self) -> None:
        """Have the other one stay; what was chosen is proposed anew."""
        now = self._comparison
        self._comparison = Comparison(now.goes, now.stays, now.specs)
        self._show()

    def action_send(self) -> None:
        """Close with what was chosen, where it can be done."""
        if self._why_not:
            self.complain(_("They cannot be merged here: {reason}").format(reason=self._why_not))
        else:
            self.finish(self._comparison)


def _why_not_take(line: ComparedLine, take: Take) -> str:
    if line.likeness is Alike.SAME:
        return _("{field} is the same in both").format(field=line.label)
    if line.spec is None or not line.spec.editable or not line.spec.enabled:
        return _("{field} cannot be edited").format(field=line.label)
    if take is Take.BOTH:
        return _("{field} takes the value of one").format(field=line.label)
    return _("{field} must not be empty").format(field=line.label)
