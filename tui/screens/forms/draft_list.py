"""All that was typed into forms and neither sent nor thrown away, of every customer and every profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.desk.drafts import KeptDraft, drafts_at
from tui.locale import N_, _
from tui.model.errors import KehuError
from tui.screens.batch.batch import MARKED
from tui.screens.forms.drafts import loaded, shown
from tui.screens.outbox.mend import FORM as MENDED
from tui.screens.outbox.mend import mend
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from tui.text import local_time, plain
from widgets.blocks import Note
from widgets.dialog import ConfirmDialog, Dialog, Hint
from widgets.list_layout import Column, ListRow
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen

FORMS = {
    "edit": N_("edit"),
    "create": N_("create"),
    "remark": N_("remark"),
    "follow": N_("follow-up"),
    MENDED: N_("a change of the outbox"),
}
"""What the forms are called that keep drafts; another goes by its own name."""


class DraftListDialog(Dialog[KeptDraft]):
    """Lists the drafts, the newest first; its result is the one to go on with."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave", show=False, id="drafts.leave"),
        Binding("X,delete", "throw_away", "Throw away", show=False, id="drafts.throw_away"),
    ]
    HINTED = (PagedList,)

    list = getters.query_one(PagedList)

    def __init__(self, main: MainScreen) -> None:
        super().__init__(_("Drafts"), words=words())
        self._main = main
        self._drafts: dict[str, KeptDraft] = {}

    def compose_body(self) -> ComposeResult:
        yield PagedList(
            (
                Column("time", _("When"), width=11, min_width=11, priority=3),
                Column("profile", _("Where"), width=11, min_width=6, priority=4),
                Column("form", _("What"), width=10, min_width=8, priority=6),
                Column("name", _("Customer"), width=16, min_width=8, weight=1, priority=9),
                Column("text", _("Typed"), width=20, min_width=8, weight=3, priority=8),
            )
        )

    def hints(self) -> Sequence[Hint]:
        return (("Enter", _("go on")), ("X", _("throw away")), ("Esc", self.words.leave))

    async def on_mount(self) -> None:
        """Read and show."""
        self.list.focus()
        await self.reload()

    async def reload(self) -> None:
        """Show what there is now; a profile whose file cannot be opened says so, and hides no other."""
        main, found, troubles = self._main, [], []
        own = main.people.source.profile
        linked = {link.linked_profile.source.profile: link.linked_profile for link in main.people.links}
        for profile in main.app.config.profiles:
            try:
                if profile == own:
                    found += await main.desk.disk.run(lambda store: drafts_at(store, own))
                elif profile in linked:
                    found += await linked[profile].drafts()
                else:
                    found += await main.app.drafts_of(profile)
            except KehuError as error:
                troubles.append(f"{profile}: {told(error)}")
        found.sort(key=lambda one: one.draft.saved_at, reverse=True)
        self._drafts = {str(place): one for place, one in enumerate(found)}
        self.list.notice = Note(_("There is no draft: all that was typed was sent, or thrown away."))
        self.list.show([_row(id, one) for id, one in self._drafts.items()])
        self.complain(" ".join(troubles))

    @property
    def draft(self) -> KeptDraft | None:
        """The draft under the cursor."""
        return self._drafts.get(self.list.cursor_id or "")

    @on(PagedList.Opened)
    def _open(self) -> None:
        if self.draft is not None:
            self.finish(self.draft)

    @work(group="drop", exclusive=True)
    async def action_throw_away(self) -> None:
        """Throw the draft under the cursor away, once the agent says so."""
        one = self.draft
        if one is None:
            return
        question = _("Throw this draft away?")
        details = [plain(f"{_what(one)} · {_whom(one)}"), plain(_text(one))]
        if not await self.app.push_screen_wait(ConfirmDialog(self.heading, question, details, words=self.words)):
            return
        main = self._main
        linked = {link.linked_profile.source.profile: link.linked_profile for link in main.people.links}
        if one.profile == main.people.source.profile:
            await main.desk.drafts.drop(one.draft.id)
        elif one.profile in linked:
            await linked[one.profile].drop_draft(one.draft.id)
        else:
            await main.app.drop_draft_of(one.profile, one.draft.id)
        await self.reload()


def _row(id: str, one: KeptDraft) -> ListRow:
    return ListRow(id, (local_time(one.draft.saved_at), one.profile, _what(one), _whom(one), _text(one)))


def _what(one: KeptDraft) -> str:
    return _(FORMS[one.draft.form]) if one.draft.form in FORMS else one.draft.form


def _whom(one: KeptDraft) -> str:
    if one.draft.target == MARKED:
        return _("the marked ones")
    return one.name or one.customer_id or "–"


def _text(one: KeptDraft) -> str:
    return " · ".join(filter(None, map(shown, loaded(one.draft.values).values())))


async def drafts(main: MainScreen) -> None:
    """Show the drafts, and go on with the one that is chosen, in its form."""
    one = await main.app.push_screen_wait(DraftListDialog(main))
    if one is None:
        return
    if one.profile != main.people.source.profile:
        text = _("The draft is of {profile}: P switches there.")
        main.tell(text.format(profile=one.profile))
        return
    await _go_on(main, one)


async def _go_on(main: MainScreen, one: KeptDraft) -> None:
    from tui.screens.forms.edit import create, edit
    from tui.screens.forms.follow import follow_marked, follow_up
    from tui.screens.forms.remark import remark_marked, remark_on

    draft = one.draft
    if draft.form == MENDED:
        for change in await main.desk.batches.changes([int(draft.target)]):
            await mend(main, main.desk, change)
    elif draft.form == "create" and not draft.target:
        await create(main)
    elif draft.target == MARKED and not main.list_pane.marks:
        main.tell(_("Mark whom it is about first; the form has what you typed."))
    elif draft.target == MARKED:
        await (remark_marked if draft.form == "remark" else follow_marked)(main)
    elif (record := await main.desk.seen_customer(one.customer_id)) is not None:
        main.open_customer(record.customer.id)
        if draft.form == "edit":
            await edit(main)
        else:
            await (remark_on if draft.form == "remark" else follow_up)(main, record.customer)
    else:
        main.tell(_("The customer of this draft is not known here any more."), "warn")
