"""A colleague's remark and description on a customer, or on all that are marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui.desk.batch.items import remark_request
from tui.desk.checks import FIRST_REMARK, STAYS, follower_of, is_first, notes_of, staying
from tui.desk.outcome import Capabilities, Change, ChangedSinceError, Delivery, Kind
from tui.locale import _
from tui.model.customer import Customer, FollowUser, Remark
from tui.model.errors import InvalidError
from tui.model.masking import Cover
from tui.model.template import has_places
from tui.screens.batch.batch import MARKED, filled_sheet, marked_subject, send_marked, sheet_of_marked
from tui.screens.forms.conflict import resolve
from tui.screens.forms.drafts import DraftKeeper, Present, Refused
from tui.screens.forms.pick_template import OwnTexts, TemplatedDialog
from tui.screens.forms.pick_user import may_write_as, pick_follower
from tui.screens.outbox.mend import told_or_mended
from tui.screens.result_text import told
from widgets.form import Form, FormField
from widgets.inputs import CounterInput

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.screens.main.main_screen import MainScreen

Texts = tuple[str | None, str | None]
"""Remark and description; None leaves one as it is."""


class PlacesInput(CounterInput):
    """A line whose places are filled for each of many customers: as long as it has some, the filled text alone is
    measured, which is done for each before anything is sent."""

    @property
    def over(self) -> bool:
        return super().over and not has_places(self.text)

    def check(self, text: str) -> str | None:
        return None if has_places(text) else super().check(text)


class RemarkDialog(TemplatedDialog[Texts]):
    """Two texts with live counters; at least one of them must be given."""

    SIZE = "-short"

    def __init__(
        self,
        heading: str,
        keeper: DraftKeeper,
        seen: FollowUser | None,
        limits: Capabilities,
        draft: Mapping[str, object],
        refused: Refused | None = None,
        *,
        own_texts: OwnTexts | None = None,
        cover: Cover,
    ) -> None:
        super().__init__(heading, keeper, draft, refused)
        self._covered = cover
        self.own_texts = own_texts
        self._seen = seen
        self._limits = limits

    def compose_body(self) -> ComposeResult:
        counter = PlacesInput if self.own_texts is not None and self.own_texts.for_many else CounterInput
        remark = counter(limit=self._limits.remark_length, words=self.words)
        description = counter(limit=self._limits.description_length, words=self.words)
        texts = _hidden(self._seen, self._covered)
        yield Form(
            [
                FormField("remark", _("Remark"), remark, texts["remark"]),
                FormField("description", _("Description"), description, texts["description"]),
            ],
            words=self.words,
        )

    def typed(self) -> None:
        super().typed()
        changed = self.form.changed()
        stays = staying(notes_of(self._seen), _texts(changed)) if self._seen is not None else ()
        for name in stays:
            self.form.warn(name, _(STAYS[name]))
        if self._seen is not None and changed and is_first(notes_of(self._seen), changed):
            self.say(_(FIRST_REMARK))

    def action_send(self) -> None:
        """Close with what changed."""
        if self.form.focus_first_problem():
            label, reason = self.form.problems()[0]
            self.complain(f"{label}: {reason}")
            return
        changed = self.form.changed()
        if not any(changed.values()):
            self.complain(_("write a remark or a description: the vendor clears none, and an empty one stays as it is"))
            return
        texts = _texts(changed)
        try:
            if self.own_texts is not None:
                self.own_texts.check([text for text in texts.values() if text])
        except InvalidError as error:
            self.complain(told(error))
            return
        whole = (self._covered.whole_prose(texts[name] or "") for name in ("remark", "description"))
        remark, description = (text or None for text in whole)
        self.keep_and_finish((remark, description))


def _hidden(seen: FollowUser | None, cover: Cover) -> dict[str, str]:
    """The two texts that a colleague wrote, as they may be seen."""
    return {
        "remark": cover.hidden_prose(seen.remark if seen else ""),
        "description": cover.hidden_prose(seen.description if seen else ""),
    }


def _texts(values: Mapping[str, object]) -> dict[str, str | None]:
    """The two texts of `values`; None for one that is not among them."""
    return {name: _text(values.get(name)) for name in ("remark", "description")}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


async def remark(main: MainScreen) -> None:
    """Set a remark on the customer, or the same one on all that are marked."""
    if main.list_pane.marks:
        await remark_marked(main)
        return
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer to remark on."))
        return
    await remark_on(main, customer)


async def remark_on(main: MainScreen, customer: Customer) -> None:
    """Set a remark on `customer`, whoever is marked."""
    if not customer.union_id:
        main.tell(_("{name} has no union id: the vendor takes no remark.").format(name=customer.name), "warn")
        return
    name = customer.name or customer.id
    follower = await pick_follower(main, customer, _("Whose remark on {name}?").format(name=name))
    if follower is None:
        return
    keeper = DraftKeeper(main.desk, "remark", f"{customer.id} {follower.user_id}")
    subject = f"{name} · {follower.name or follower.user_id}"
    texts = await _ask(main, keeper, subject, follower, customer)
    if texts is None:
        return
    if not await may_write_as(main, follower, _("Remark on {name}").format(name=subject)):
        main.tell(_("Not sent; what you typed is kept as a draft."))
        return
    delivery = await save_remark(main, main.desk, keeper, customer, follower, texts)
    if delivery is not None:
        done = (
            _("Remark on {name} saved.") if texts[0] else _("Description of {name} saved; the remark stays as it was.")
        )
        await told_or_mended(main, main.desk, delivery, done.format(name=name))
        main.customer_pane.again()
        main.list_pane.redraw_row(delivery.customer)


async def _ask(
    main: MainScreen, keeper: DraftKeeper, subject: str, seen: FollowUser | None, customer: Customer | None
) -> Texts | None:
    cover = Cover(await main.masker_of(main.desk))
    there = _hidden(seen, cover)
    present = {
        "remark": Present(_("Remark"), there["remark"]),
        "description": Present(_("Description"), there["description"]),
    }
    draft = await keeper.offer(main, subject, present)
    if draft is None:
        return None
    heading = _("Remark on {name}").format(name=subject)
    own_texts = OwnTexts(await main.desk.templates.all("remark"), main.desk.templates.filled, customer)
    dialog = RemarkDialog(heading, keeper, seen, main.desk.capabilities, draft, own_texts=own_texts, cover=cover)
    texts = await main.app.push_screen_wait(dialog)
    if texts is None and await keeper.kept():
        main.tell(_("What you typed is kept as a draft."))
    return texts


async def save_remark(
    main: MainScreen,
    desk: Desk,
    keeper: DraftKeeper,
    customer: Customer,
    follower: FollowUser,
    texts: Texts,
    replaces: Change | None = None,
) -> Delivery | None:
    """Send `texts`; where the remark was changed meanwhile, as the agent decides. None: not sent.

    `replaces` is the change in the outbox that they take the place of.
    """
    seen = follower
    while True:
        main.tell(_("Saving …"))
        one = _remark(customer, follower.user_id, texts)
        try:
            return await desk.remark([one], seen=seen, draft=keeper.id, replaces=replaces)
        except ChangedSinceError as error:
            decided = await resolve(main, desk, error.conflict)
            if decided is None:
                main.tell(_("Not sent; what you typed is kept as a draft."))
                return None
            if not decided:
                await keeper.drop()
                main.tell(_("Not sent: theirs stays."))
                return None
            texts = (_text(decided.get("remark")), _text(decided.get("description")))
            seen = follower_of(error.conflict.theirs, follower.user_id) or seen


def _remark(customer: Customer, user_id: str, texts: Texts) -> Remark:
    return Remark(
        customer=customer.id,
        union_id=customer.union_id,
        user_id=user_id,
        remark=texts[0],
        description=texts[1],
    )


async def remark_marked(main: MainScreen, begun: Change | None = None) -> Delivery | None:
    """The same remark on every marked customer, in the acting colleague's name; the form begins with what `begun` was
    to write. None where nothing was sent."""
    user_id = main.desk.settings.user_id
    if not user_id:
        main.tell(_("The profile names no user_id: whose remark should it be?"), "warn")
        return None
    keeper = DraftKeeper(main.desk, "remark", MARKED)
    if begun is not None:
        await keeper.begin_with(
            {name: begun.request[name] for name in ("remark", "description") if name in begun.request}
        )
    texts = await _ask(main, keeper, marked_subject(main), None, None)
    if texts is None:
        return None
    sheet = await filled_sheet(main, sheet_of_marked(main, Kind.REMARK, remark_request(user_id, *texts)))
    return await send_marked(main, sheet, keeper.id)
