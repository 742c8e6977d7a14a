"""The vendors' own records, as they came."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from tui.desk.linked.person import Source
from tui.locale import _
from tui.model.customer import Customer
from tui.model.masking import Masker
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.dialog import DialogLine, Hint, MessageDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen


class RawDialog(MessageDialog):
    """Shows `records` one at a time, every key that the vendor sent, beginning with the one at `at`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v,tab", "turn(1)", "Next vendor", show=False, id="raw.next"),
        Binding("shift+tab", "turn(-1)", "Vendor before", show=False, id="raw.previous"),
    ]

    def __init__(self, records: Sequence[tuple[Source, Customer]], maskers: Mapping[str, Masker], at: int = 0) -> None:
        self._records = records
        self._maskers = maskers
        self._at = at
        super().__init__(self._title(), self._json(), words=words())

    def hints(self) -> Sequence[Hint]:
        turn = [("v", _("next vendor"))] if len(self._records) > 1 else []
        return (*turn, *super().hints())

    def _title(self) -> str:
        source, customer = self._records[self._at]
        name = self._maskers[source.profile].text("name", customer.name) or customer.id
        if len(self._records) == 1:
            return _("The vendor's record of {name}").format(name=name)
        place = f"{self._at + 1}/{len(self._records)}"
        where = f"{source.profile} · {source.title}"
        return _("{where}'s record of {name} ({place})").format(where=where, name=name, place=place)

    def _json(self) -> str:
        source, customer = self._records[self._at]
        return json.dumps(self._maskers[source.profile].raw(customer), ensure_ascii=False, indent=2)

    def action_turn(self, by: int) -> None:
        """Show the next vendor's record, or the one before."""
        if len(self._records) > 1:
            self._at = (self._at + by) % len(self._records)
            self.query_one("#dialog-title", DialogLine).say(self._title())
            self.pane.query_one(Static).update("\n".join(plain(line) for line in self._json().splitlines()))
            self.action_top()


async def raw(main: MainScreen) -> None:
    """Show the records of the customer, the one first in whose part the cursor is."""
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to show."))
        return
    person = main.customer_pane.person
    records = [(main.people.source, customer)]
    if person is not None and person.own.customer.id == customer.id:
        records = list(person.records.items())
    profiles = [source.profile for source, _record in records]
    maskers = {profile: main.customer_pane.masker(profile) for profile in profiles}
    part = main.customer_pane.part if main.reading else ""
    at = profiles.index(part) if part in profiles else 0
    await main.app.push_screen_wait(RawDialog(records, maskers, at))
