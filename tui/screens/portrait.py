"""A customer as the blocks of a reading pane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from tui.desk.outcome import Change, Kind, State
from tui.desk.texts import texts
from tui.desk.words import state_name
from tui.locale import N_, _
from tui.text import local_time, mask
from widgets.blocks import Block, Card, Entry, Field, Heading, Note, Section, Tone

if TYPE_CHECKING:
    from tui.client.models import Contact, Customer, FieldSpec, FollowUser, Tag


class Masking(Enum):
    """Which values are drawn hidden: those that the vendor calls sensitive, all that reach a person, or none."""

    VENDOR = N_("sensitive values hidden")
    ALL = N_("contacts and sensitive values hidden")
    NONE = N_("nothing hidden")

    def next(self) -> Masking:
        """The one after this, round and round."""
        order = list(Masking)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True, slots=True)
class Portrait:
    """What there is to draw of one customer."""

    customer: Customer
    specs: Sequence[FieldSpec] = ()
    history: Sequence[Change] = ()
    freshness: str = ""
    keeps_history: bool = True
    """The vendor takes follow-ups; else they are notes kept here alone."""


GENDERS = {"male": N_("male"), "female": N_("female")}
KINDS = {"wechat": "WeChat", "wecom": "WeCom"}
"""What people call the kinds that have a name; any other is shown as the vendor's own word."""

TONES: dict[State, Tone] = {
    State.PENDING: "warn",
    State.SENDING: "info",
    State.SENT: "muted",
    State.FAILED: "error",
    State.UNKNOWN: "error",
    State.DISCARDED: "muted",
    State.KEPT: "muted",
}
"""How a change's state is meant."""


def blocks_of(portrait: Portrait, masking: Masking) -> list[Block]:
    """PORTRAIT, top down: who, how to reach, the vendor's fields, who follows, what was done."""
    customer = portrait.customer
    blocks: list[Block] = [Heading(customer.name or customer.id, _aside(customer, portrait.freshness))]
    if customer.unreadable:
        blocks.append(Note(_("This record makes no sense. Press v to see it as it came."), "error"))
    blocks += _base_fields(customer, masking)
    blocks += _custom_fields(customer, portrait.specs, masking)
    blocks += _followers(customer.follow_users)
    blocks += _history(portrait)
    return blocks


def _aside(customer: Customer, freshness: str) -> str:
    gender = _(GENDERS[customer.gender]) if customer.gender in GENDERS else ""
    return " · ".join(part for part in (KINDS.get(customer.kind, customer.kind), gender, freshness) if part)


def _base_fields(customer: Customer, masking: Masking) -> Iterable[Block]:
    hide = mask if masking is Masking.ALL else _same
    if customer.company:
        yield Field(_("Company"), ((customer.company, ""),))
    for label, contacts in (
        (_("Phone"), customer.phones),
        (_("E-mail"), customer.emails),
        (_("WeChat"), customer.wechat),
        (_("QQ"), customer.qq),
    ):
        if contacts:
            yield Field(label, _contacts(contacts, hide))
    if customer.tags:
        yield Field(_("Tags"), tuple((_tag(tag), "") for tag in customer.tags))
    if customer.owner:
        yield Field(_("Owner"), ((customer.owner, ""),))
    if customer.description:
        yield Field(_("Description"), ((customer.description, ""),))
    times = ((_("Created"), customer.created_at), (_("Updated"), customer.updated_at))
    for label, moment in times:
        if moment:
            yield Field(label, ((local_time(moment), ""),))
    ids = [customer.id, *([customer.union_id] if customer.union_id else [])]
    yield Field(_("Ids"), tuple((text, "") for text in ids))


def _custom_fields(customer: Customer, specs: Sequence[FieldSpec], masking: Masking) -> Iterable[Block]:
    """Every custom value under its label, in the order of the configuration, then those it does not name."""
    known = {spec.code: (place, spec) for place, spec in enumerate(specs)}
    shown = sorted(customer.custom, key=lambda custom: known[custom.code][0] if custom.code in known else len(known))
    if shown:
        yield Section(_("Custom fields"))
    for custom in shown:
        spec = known[custom.code][1] if custom.code in known else None
        label = _(spec.label if spec else custom.label)
        sensitive = spec is not None and spec.sensitive
        hide = mask if masking is Masking.ALL or (sensitive and masking is Masking.VENDOR) else _same
        rows = texts(custom.value, spec)
        values = tuple((hide(text), custom.remark if place == 0 else "") for place, text in enumerate(rows))
        yield Field(label, values or (("", custom.remark),))


def _followers(followers: Sequence[FollowUser]) -> Iterable[Block]:
    if followers:
        yield Section(_("Followed by"))
    for follower in followers:
        since = _("since {time}").format(time=local_time(follower.added_at)) if follower.added_at else ""
        names = " ".join(part for part in (follower.name, follower.user_id) if part)
        yield Card(
            title=names,
            aside=" · ".join(part for part in (follower.remark, since) if part),
            lines=tuple(follower.description.splitlines()),
            tags=tuple((tag.group, tag.name) for tag in follower.tags),
        )


def _history(portrait: Portrait) -> Iterable[Block]:
    note = "" if portrait.keeps_history else _("notes kept here alone: this vendor takes no follow-ups")
    entries = [entry for change in portrait.history for entry in entries_of(change)]
    if entries or note:
        yield Section(_("Follow history"), note)
    yield from entries


def entries_of(change: Change) -> Iterable[Entry]:
    """The lines of the follow history that CHANGE makes."""
    state, tone = state_name(change), TONES[change.state]
    if change.kind is Kind.FOLLOW:
        for text in change.request["texts"]:
            when = local_time(datetime.fromisoformat(text["at"])) if text.get("at") else local_time(change.created_at)
            yield Entry(when, change.user_id, text["content"], state, tone)
    elif change.kind is Kind.REMARK:
        parts = [change.request[name] for name in ("remark", "description") if change.request.get(name)]
        text = _("remark: {text}").format(text=" · ".join(parts))
        yield Entry(local_time(change.created_at), change.user_id, text, state, tone)
    else:
        yield Entry(local_time(change.created_at), change.user_id, _(DEEDS[change.kind]), state, tone)


DEEDS = {Kind.CREATE: N_("created"), Kind.UPDATE: N_("edited"), Kind.DELETE: N_("deleted")}
"""What the follow history says of a change that is more than one text."""


def _contacts(contacts: Sequence[Contact], hide: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    return tuple((hide(contact.value), contact.memo) for contact in contacts)


def _tag(tag: Tag) -> str:
    return f"{tag.group} › {tag.name}" if tag.group else tag.name


def _same(text: str) -> str:
    return text
