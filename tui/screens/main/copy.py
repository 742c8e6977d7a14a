"""Copying: the value under the cursor of a customer's pane, or one that the agent picks of a customer in the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.main.under_way import key_of
from tui.screens.widget_texts import words
from tui.text import plain
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.model.customer import Contact, Customer
    from tui.screens.main.main_screen import MainScreen


async def copy(main: MainScreen) -> None:
    """Copy the value under the pane's cursor; of a customer in the list, the phone, the id or what else is picked."""
    sheet = main.customer_pane.sheet
    if main.focused is sheet and sheet.current is not None:
        if main.customer_pane.hidden_under_cursor() is not None:
            main.tell(_("It is hidden, and so not copied: {key} shows it first.").format(key=key_of(main, "mask")))
        else:
            _copy(main, sheet.current[1], sheet.current_shown)
        return
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer here."))
        return
    masker = main.customer_pane.masker(main.desk.settings.profile)
    values = {
        f"{label} {text}": (label, text, code) for label, text, code in _values(customer, main.desk.settings.user_id)
    }
    options = [
        PickOption(key, plain(masker.text(code, text)), detail=label) for key, (label, text, code) in values.items()
    ]
    picked = await main.app.push_screen_wait(
        PickDialog(_("Copy what of {name}?").format(name=plain(customer.name or customer.id)), options, words=words())
    )
    if picked is None:
        return
    _label, text, code = values[picked]
    policy = (await main.desk.masker()).revealing(masker.revealed)
    if policy.text(code, text) != text:
        hidden = _("It is hidden, and so not copied: open {name}, and {key} shows it first.")
        main.tell(hidden.format(name=plain(customer.name or customer.id), key=key_of(main, "mask")))
    else:
        _copy(main, text, masker.text(code, text))


def _values(customer: Customer, me: str) -> Iterable[tuple[str, str, str]]:
    """What may be copied of `customer`: what it is called, the text, and the field that it is; the phone first."""
    yield from _contacts(_("Phone"), customer.phones, "phones")
    yield _("Id"), customer.id, "id"
    if customer.name:
        yield _("Name"), customer.name, "name"
    for one in customer.follow_users:
        if one.user_id == me and one.remark:
            yield _("Remark"), one.remark, "description"
    if customer.company:
        yield _("Company"), customer.company, "company"
    yield from _contacts(_("E-mail"), customer.emails, "emails")
    yield from _contacts(_("WeChat"), customer.wechat, "wechat")
    yield from _contacts(_("QQ"), customer.qq, "qq")
    if customer.union_id:
        yield _("Union id"), customer.union_id, "union_id"


def _contacts(label: str, contacts: Sequence[Contact], code: str) -> Iterable[tuple[str, str, str]]:
    return ((label, contact.value, code) for contact in contacts if contact.value)


def _copy(main: MainScreen, text: str, shown: str) -> None:
    """Copy `text`, of which `shown` is on the screen: some of it may be hidden from onlookers."""
    main.app.copy_to_clipboard(text)
    hidden = plain(shown) != plain(text)  # a clipboard is not looked at over a shoulder
    done = _("Copied whole, though hidden here: {text}") if hidden else _("Copied: {text}")
    main.tell(done.format(text=plain(shown)))
