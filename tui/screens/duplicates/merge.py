"""Merging two customers into one: compared, summed up, confirmed by the name typed, and told as far as it came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.desk.duplicates.comparing import Comparison, comparison
from tui.desk.duplicates.find_pairs import DuplicatePair, Duplicates
from tui.desk.duplicates.merge_records import MergeResult
from tui.locale import _
from tui.model.errors import KehuError
from tui.model.masking import Masker
from tui.screens.duplicates.compare import CompareDialog
from tui.screens.duplicates.side_by_side import summary_of, title
from tui.screens.result_text import told, verdict
from tui.screens.widget_texts import words
from widgets.blocks import Note
from widgets.dialog import Dialog, Hint, TypedConfirmDialog
from widgets.sheet import Sheet

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


class SummaryDialog(Dialog[bool]):
    """What merging saves and what it deletes; True to go on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "send", "Go on", show=False, id="summary.go_on"),
        Binding("n,q", "leave", "Back", show=False, id="summary.back"),
    ]

    sheet = getters.query_one(Sheet)

    def __init__(self, found: Comparison, masker: Masker) -> None:
        super().__init__(_("Merge"), words=words())
        self._comparison = found
        self._masker = masker

    def compose_body(self) -> ComposeResult:
        yield Sheet()

    def hints(self) -> Sequence[Hint]:
        return (("↑↓", self.words.scroll), ("y", self.words.go_on), ("Esc", _("back")))

    def on_mount(self) -> None:
        """Show it."""
        self.sheet.focus()
        self.sheet.show(summary_of(self._comparison, self._masker))

    def action_send(self) -> None:
        """Go on."""
        self.finish(True)


async def compare_and_merge(main: MainScreen, pair: DuplicatePair) -> Note | None:
    """Compare `pair`, and merge the two if the agent says so: what came of it, or None where not."""
    specs = await main.desk.fields()
    found: Comparison | None = comparison(pair.one, pair.other, specs)
    masker = await main.masker_of(main.desk)
    while found is not None:
        found = await main.app.push_screen_wait(CompareDialog(main.desk, pair.score, found, masker))
        if found is not None and await _confirmed(main, found, masker):
            return await _merge(main, found)
    return None


async def _confirmed(main: MainScreen, found: Comparison, masker: Masker) -> bool:
    """Whether the agent, who sees what is saved and what is lost, typed the name of the one that goes."""
    if not await main.app.push_screen_wait(SummaryDialog(found, masker)):
        return False
    name = title(found.goes)
    question = (
        _("Save this, then delete {name} at the vendor, for good? Type the name to confirm.")
        if found.values
        else _("Delete {name} at the vendor, for good? Type the name to confirm.")
    ).format(name=name)
    details = [
        _("{name} · stays").format(name=f"{title(found.stays)} {found.stays.id}"),
        _("{name} · is deleted").format(name=f"{name} {found.goes.id}"),
    ]
    typed = found.goes.name or found.goes.id
    confirmed = await main.app.push_screen_wait(TypedConfirmDialog(_("Merge"), question, typed, details, words=words()))
    return bool(confirmed)


async def _merge(main: MainScreen, found: Comparison) -> Note:
    main.tell(_("Merging …"))
    try:
        united = await Duplicates(main.desk).merge(found.stays, found.goes, found.values)
    except KehuError as error:
        note = Note(_("Nothing was merged: {reason}").format(reason=told(error)), "error")
    else:
        note = _note(united, title(found.stays))
        await _look_again(main, found.goes.id if united.ok else "")
    main.tell(note.text, note.tone)
    return note


async def _look_again(main: MainScreen, gone: str) -> None:
    """Have the panes below show what is there now: the record that is `gone` no more."""
    main.customer_pane.again()
    if gone:
        await main.forget(gone)
    else:
        await main.list_pane.reload()


def _note(united: MergeResult, name: str) -> Note:
    """How far it came: what is saved in `name`'s record, and whether the other was deleted."""
    if united.ok:
        return Note(_("Merged into {name}; the other record is deleted.").format(name=name), "ok")
    saved = _("Saved {name}.").format(name=name)
    deletion = united.deletion
    if deletion is None:
        return _after(_("Nothing was deleted."), verdict(united.update, saved))
    if deletion.unsent and deletion.error is not None:
        left = Note(_("Nothing was deleted: {reason}").format(reason=told(deletion.error)), "error")
    else:
        left = verdict(deletion, "")
    return _after(saved, left) if united.update.change_ids else left


def _after(text: str, note: Note) -> Note:
    return Note(f"{text} {note.text}", note.tone)
