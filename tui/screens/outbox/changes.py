"""A list of changes to look through: the base of the outbox and the journal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.desk.batch.sending import BatchGroup
from tui.desk.change_labels import KIND_NAMES, deed, gist, outcome, reason, state_name, state_names
from tui.desk.outcome import Change, FieldChange
from tui.locale import _
from tui.model.customer import Condition, FieldSpec
from tui.model.display import texts
from tui.model.errors import KehuError
from tui.model.masking import OPEN, Masker
from tui.screens.forms.look_up import look_up
from tui.screens.main.follow_history import TONES
from tui.screens.result_text import told
from tui.screens.widget_texts import words
from tui.text import local_time, width
from widgets.blocks import Note
from widgets.dialog import Dialog, DialogLine, Hint, MessageDialog
from widgets.list_layout import Column, ListRow
from widgets.paged_list import PagedList

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen


def whole(change: Change) -> str:
    """All that is known of `change` under its heading: who, when, from where, what exactly, and what the vendor
    said.
    """
    lines = [
        _("state: {state}").format(state=state_name(change)),
        _("recorded: {time}").format(time=local_time(change.created_at)),
    ]
    if change.sent_at:
        lines.append(_("sent: {time}").format(time=local_time(change.sent_at)))
    if change.settled_at:
        lines.append(_("settled: {time}").format(time=local_time(change.settled_at)))
    who = f"{change.os_user}@{change.host}" + (f" · {change.user_id}" if change.user_id else "")
    lines += [
        _("by: {who}").format(who=who),
        _("profile: {profile}").format(profile=change.profile),
        _("customer: {id}").format(id=change.customer_id or "–"),
        _("tries: {count}").format(count=change.attempts),
    ]
    if why := reason(change):
        lines.append(_("why: {reason}").format(reason=why))
    for title, content in (
        (_("What is sent"), change.request),
        (_("Before"), change.before),
        (_("The vendor's answer"), change.answer),
    ):
        if content:
            lines += ["", title, json.dumps(content, ensure_ascii=False, indent=2)]
    return "\n".join(lines)


def lines_of(changes: Sequence[FieldChange], specs: Sequence[FieldSpec], masker: Masker = OPEN) -> list[str]:
    """A line for each field, before and after, and one more for what a list would lose, with what `masker` hides."""
    known = {spec.code: spec for spec in specs}
    lines = []
    for change in changes:
        before, after = (
            ", ".join(texts(masker.value(change.code, value), known.get(change.code)))
            for value in (change.before, change.after)
        )
        lines.append(f"{_(change.label)}: {before or '–'} → {after or '–'}")
        if change.drops:
            lines.append(
                "! "
                + _("no longer there: {values}").format(
                    values=", ".join(masker.text(change.code, text) for text in change.drops)
                )
            )
    return lines


Choice = tuple[str, Change, int]
"""What the agent wants done, with which change, and how many of its batch it stands for."""


class ChangesDialog(Dialog[Choice]):
    """Shows changes, a row each or one for many of a batch; Enter shows one whole, or the many one by one.

    What else can be done with them, a subclass says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave", show=False, id="changes.leave"),
        Binding("v", "choose('customer')", "The customer", show=False, id="changes.customer"),
    ]
    HINTED = (PagedList,)
    EMPTY = ""

    list = getters.query_one(PagedList)
    title_line = getters.query_one("#dialog-title", DialogLine)

    def __init__(self, main: MainScreen, heading: str, desks: Mapping[str, Desk]) -> None:
        """`desks` are the profile's own and those of linked ones whose changes are listed too, by profile."""
        super().__init__(heading, words=words())
        self._main = main
        self._desks = desks
        self._maskers: Mapping[str, Masker] = {}
        """What hides the values of each profile's changes."""
        self.empty = self.EMPTY
        """What is told where nothing is listed; marked for translation."""
        self._groups: dict[str, BatchGroup] = {}
        self._unsubscribe: list[Callable[[], None]] = []

    def compose_body(self) -> ComposeResult:
        where = Column("profile", _("Where"), width=11, min_width=6, priority=6)
        state_cells = max(map(width, state_names()))
        yield PagedList(
            (
                Column("time", _("When"), width=11, min_width=11, priority=3),
                *((where,) if len(self._desks) > 1 else ()),
                Column("deed", _("What"), width=20, min_width=10, weight=1, priority=5),
                Column("state", _("State"), width=state_cells, min_width=state_cells, priority=9),
                Column("gist", _("Content"), width=20, min_width=8, weight=2, priority=4),
            )
        )

    def hints(self) -> Sequence[Hint]:
        return (("Enter", _("whole")), ("v", _("the customer")), ("Esc", self.words.leave))

    async def groups(self, desk: Desk) -> Sequence[BatchGroup]:
        """What to show of `desk`'s."""
        raise NotImplementedError

    def order(self, groups: Iterable[BatchGroup]) -> Sequence[BatchGroup]:
        """`groups`, of one desk after the other, as they are listed."""
        return tuple(groups)

    def inside(self, group: BatchGroup) -> ChangesDialog:
        """The dialog that shows the changes of `group` one by one."""
        raise NotImplementedError

    async def on_mount(self) -> None:
        """Read and show, and again when something was sent or failed meanwhile."""
        self.list.focus()
        await self.reload()
        self._unsubscribe = [desk.subscribe(self._something_changed) for desk in self._desks.values()]

    def on_unmount(self) -> None:
        """Nobody is to be told any more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _something_changed(self) -> None:
        self._read_again()

    @work(group="changes", exclusive=True)
    async def _read_again(self) -> None:
        await self.reload()

    async def reload(self) -> None:
        """Show what is there now."""
        try:
            found = [group for desk in self._desks.values() for group in await self.groups(desk)]
            self._maskers = {profile: await self._main.masker_of(desk) for profile, desk in self._desks.items()}
        except KehuError as error:
            self.complain(told(error))
            return
        self._groups = {f"{group.first.profile} {group.first.id}": group for group in self.order(found)}
        self.list.notice = Note(_(self.empty))
        several = len(self._desks) > 1
        self.list.show([_row(id, self._shown(group), several) for id, group in self._groups.items()])
        self._tell_outcome()

    def _shown(self, group: BatchGroup) -> BatchGroup:
        """`group` as it may be seen."""
        masker = self._maskers.get(group.first.profile)
        return replace(group, first=masker.change(group.first)) if masker is not None else group

    @property
    def group(self) -> BatchGroup | None:
        """What is under the cursor."""
        return self._groups.get(self.list.cursor_id or "")

    @property
    def change(self) -> Change | None:
        """The change under the cursor; of many, the first."""
        return self.group.first if self.group else None

    @on(PagedList.Highlighted)
    def _tell_outcome(self) -> None:
        """What became of the change under the cursor, and why."""
        self.say(outcome(self._shown(self.group).first) if self.group else "")

    @on(PagedList.Opened)
    def _open(self) -> None:
        if self.group is None:
            return
        if self.group.count > 1:
            self.app.push_screen(self.inside(self.group), self._chosen_inside)
        else:
            first = self._shown(self.group).first
            self.app.push_screen(MessageDialog(deed(first), whole(first), words=self.words))

    def _chosen_inside(self, choice: Choice | None) -> None:
        """What was chosen among the many of a batch is chosen here."""
        if choice is not None:
            self.finish(choice)

    def action_choose(self, what: str) -> None:
        """Close with `what` to do with the change under the cursor."""
        if self.group is not None:
            self.finish((what, self.group.first, self.group.count))


def _row(id: str, group: BatchGroup, several: bool) -> ListRow:
    change = group.first
    flag = "!" if TONES[change.state] == "error" else ""
    if group.count > 1:
        what, content = f"{_(KIND_NAMES[change.kind])} × {group.count:,}", reason(change) or gist(change)
    else:
        what, content = deed(change), gist(change)
    where = (change.profile,) if several else ()
    return ListRow(id, (local_time(change.created_at), *where, what, state_name(change), content), flag=flag)


async def show_customer(main: MainScreen, change: Change) -> None:
    """Show the record that `change` is about; of a create whose id nobody knows, whoever may be the one.

    A linked profile's record is shown as a part of whoever it belongs to.
    """
    if change.profile != main.people.source.profile:
        if ours := await main.people.whose(change.profile, change.customer_id):
            main.open_customer(ours[0])
            return
        name = change.customer_name or change.customer_id
        text = _("{name} is a record of {profile}: P switches there.")
        main.tell(text.format(name=name, profile=change.profile))
        return
    if change.customer_id:
        main.open_customer(change.customer_id)
        return
    values = change.request["values"]
    if "eq" in main.desk.capabilities.operators:
        by_name = Condition(field="name", operator="eq", values=(change.customer_name,))
        await main.list_customers(main.app.first_query().model_copy(update={"conditions": (by_name,)}))
        main.tell(_("The vendor's customers called {name}. Esc shows all.").format(name=change.customer_name))
    else:
        await look_up(main, str(values.get("phone") or values.get("email") or ""))
