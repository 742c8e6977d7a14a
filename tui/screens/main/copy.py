"""Copying: the value under the cursor of a customer's pane, or one that the agent picks of a customer in the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui.locale import _
from tui.screens.main.customer_blocks import Masking
from tui.screens.widget_texts import words
from tui.text import mask, plain
from widgets.inputs import PickOption
from widgets.pick import PickDialog

if TYPE_CHECKING:
    from tui.model.customer import Contact, Customer
    from tui.screens.main.main_screen import MainScreen


async def copy(main: MainScreen) -> None:
    """Copy the value under the pane's cursor; of a customer in the list, the phone, the id or what else is picked."""
    sheet = main.customer_pane.sheet
    if main.focused is sheet and sheet.current is not None:
        _copy(main, sheet.current[1], sheet.current_shown)
        return
    customer = await main.current()
    if customer is None:
        main.tell(_("There is no customer here."))
        return
    masking = main.customer_pane.masking
    sensitive = await main.desk.sensitive_fields() if masking is Masking.VENDOR else frozenset()
    values = {
        f"{label} {text}": (
            label,
            text,
            mask(text) if names and (masking is Masking.ALL or names & sensitive) else text,
        )
        for label, text, names in _values(customer, main.desk.settings.user_id)
    }
    options = [PickOption(key, plain(shown), detail=label) for key, (label, _text, shown) in values.items()]
    picked = await main.app.push_screen_wait(
        PickDialog(_("Copy what of {name}?").format(name=plain(customer.name or customer.id)), options, words=words())
    )
    if picked is not None:
        _label, text, shown = values[picked]
        _copy(main, text, shown)


def _values(customer: Customer, me: str) -> Iterable[tuple[str, str, frozenset[str]]]:
    """What may be copied of `customer`: what it is called, the text, and, where that reaches a person, the codes of the
    fields that it may stand in; the phone first."""
    nothing: frozenset[str] = frozenset()
    yield from _contacts(_("Phone"), customer.phones, "phones", "phone", "telephone")
    yield _("Id"), customer.id, nothing
    if customer.name:
        yield _("Name"), customer.name, nothing
    yield from ((_("Remark"), one.remark, nothing) for one in customer.follow_users if one.user_id == me and one.remark)
    if customer.company:
        yield _("Company"), customer.company, nothing
    yield from _contacts(_("E-mail"), customer.emails, "emails", "email")
    yield from _contacts(_("WeChat"), customer.wechat, "wechat")
    yield from _contacts(_("QQ"), customer.qq, "qq")
    if customer.union_id:
        yield _("Union id"), customer.union_id, nothing


def _contacts(label: str, contacts: Sequence[Contact], *codes: str) -> Iterable[tuple[str, str, frozenset[str]]]:
    return ((label, contact.value, frozenset(codes)) for contact in contacts if contact.value)


def _copy(main: MainScreen, text: str, shown: str) -> None:
    """Copy `text`, of which `shown` is on the screen: some of it may be hidden from onlookers."""
    main.app.copy_to_clipboard(text)
    hidden = plain(shown) != plain(text)  # a clipboard is not looked at over a shoulder
    done = _("Copied whole, though hidden here: {text}") if hidden else _("Copied: {text}")
    main.tell(done.format(text=plain(shown)))
