"""A customer as the blocks of a reading pane."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.desk.outcome import Change
from tui.locale import _
from tui.model.display import GENDERS, KINDS, name_of, texts
from tui.model.masking import OPEN, Masker, mask
from tui.model.next_contact import Due, due_of
from tui.screens.main.displayed_value import DisplayedValue
from tui.screens.main.follow_history import CLOSED, HistoryView, history_blocks, last_words
from tui.text import ago, day_and_time, local_time, plain
from widgets.blocks import Block, Card, Field, Heading, Note, Section, Tone

if TYPE_CHECKING:
    from tui.desk.linked.person import Source
    from tui.model.customer import Customer, FieldSpec, FollowUser, Tag
    from tui.model.next_contact import NextContact
    from tui.screens.linked.compared import Compared


@dataclass(frozen=True, slots=True)
class Portrait:
    """What there is to draw of one customer as `source` has it, beside the other sources that it is `compared` with."""

    customer: Customer
    source: Source
    compared: Compared
    specs: Sequence[FieldSpec] = ()
    history: Sequence[Change] = ()
    freshness: str = ""
    keeps_history: bool = True
    """The vendor takes follow-ups; else they are notes kept here alone."""
    opened: HistoryView = CLOSED
    """What of the history is."""
    masker: Masker = OPEN
    """Hides what is not to be seen."""
    me: str = ""
    """The acting colleague's id, whose own notes come first; empty where nobody acts, or this is a linked record."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the team calls colleagues, by their ids."""
    as_of: float | None = None
    """Epoch seconds: what the team did later is not known here; None where it is, or where there is no team."""

    def value(self, code: str, text: str) -> DisplayedValue:
        """Return `text` of the customer's field `code`, told that it is hidden where it is."""
        return DisplayedValue(text, hidden=bool(text) and self.masker.hides(code), prose=True)


PART, PICK, SETTLE = "part", "pick", "settle"
"""What a `ref` begins with: of a linked part's heading, its profile follows; of one of several candidates, the profile
and its id; of a value that the sources disagree on, the field."""


def blocks_of(portrait: Portrait) -> list[Block]:
    """`portrait` of the profile's own customer, top down: who, what was said last, the agent's own notes, how to reach,
    the vendor's fields, who else follows, what was done."""
    customer = portrait.customer
    differs = portrait.compared.mark(portrait.source, "name")
    blocks: list[Block] = [
        Heading(
            portrait.masker.text("name", customer.name) or customer.id,
            _aside(customer, differs, portrait.freshness),
            ref=settling(portrait, "name"),
        )
    ]
    blocks += _unreadable(customer)
    blocks += last_words(portrait.history, portrait.names)
    blocks += _followers(portrait, mine=True)
    blocks += _base_fields(portrait)
    times = ((_("Created"), customer.created_at), (_("Updated"), customer.updated_at))
    blocks += (Field(label, ((local_time(moment), ""),)) for label, moment in times if moment)
    blocks.append(_ids(customer))
    if custom := list(_custom_fields(portrait)):
        blocks += [Section(_("Custom fields")), *custom]
    blocks += _followers(portrait)
    blocks += _history(portrait)
    return blocks


def linked_blocks_of(portrait: Portrait) -> list[Block]:
    """`portrait` of the same person's record at a linked profile, what stands below its heading: what no part of the
    pane above it tells, as densely as may be."""
    customer = portrait.customer
    blocks = _unreadable(customer)
    if portrait.compared.tells_name(portrait.source):
        blocks.append(_compared_field(portrait, "name", _("Name"), [portrait.value("name", customer.name)]))
    blocks += _base_fields(portrait)
    blocks += _custom_fields(portrait)
    if customer.updated_at:
        blocks.append(Field(_("Updated"), ((local_time(customer.updated_at), ""),)))
    blocks.append(_ids(customer))
    blocks += _followers(portrait)
    blocks += _history(portrait)
    return blocks


def next_block(contact: NextContact, there: str = "", tone: Tone = "info") -> Block:
    """When a customer is to be contacted next, and why; beside it who is `there` too, and how that is meant."""
    now = datetime.now(UTC)
    when = day_and_time(contact.at, whole_day=contact.whole_day, now=now)
    overdue = due_of(contact.at, contact.whole_day, now) is Due.OVERDUE
    state = " · ".join(filter(None, (_("overdue") if overdue else "", there)))
    return Field(_("Next contact"), ((when, contact.note),), state, "warn" if overdue else tone)


def settling(portrait: Portrait, code: str) -> str:
    """The `ref` of `portrait`'s field `code`: what can be settled about it, if anything."""
    difference = portrait.compared.difference(portrait.source, code)
    return f"{SETTLE} {difference.field}" if difference else ""


def _unreadable(customer: Customer) -> list[Block]:
    text = _("This record makes no sense. Press v to see it as it came.")
    return [Note(text, "error")] if customer.unreadable else []


def _aside(customer: Customer, differs: str, freshness: str) -> str:
    gender, kind = name_of(GENDERS, customer.gender, _), name_of(KINDS, customer.kind, _)
    return " · ".join(part for part in (differs, kind, gender, freshness) if part)


def _ids(customer: Customer) -> Block:
    ids = [customer.id, *([customer.union_id] if customer.union_id else [])]
    return Field(_("Ids"), tuple((text, "") for text in ids))


def _base_fields(portrait: Portrait) -> Iterable[Block]:
    customer, source, compared = portrait.customer, portrait.source, portrait.compared
    if customer.company:
        yield _compared_field(portrait, "company", _("Company"), [portrait.value("company", customer.company)])
    for code, label in (("phones", _("Phone")), ("emails", _("E-mail")), ("wechat", _("WeChat")), ("qq", _("QQ"))):
        if contacts := compared.contacts(source, code):
            yield _compared_field(portrait, code, label, contacts)
    tags = [(tag, memo) for tag in customer.tags if (memo := compared.tells_tag(source, tag.name)) is not None]
    if tags:
        yield Field(_("Tags"), tuple((_tag(tag), memo) for tag, memo in tags))
    if customer.owner:
        yield Field(_("Owner"), ((portrait.masker.prose(customer.owner), ""),))
    if text := customer.description:
        yield Field(_("Description"), ((portrait.masker.text("description", text), ""),), whole=(text,))


def _compared_field(portrait: Portrait, code: str, label: str, rows: Sequence[DisplayedValue]) -> Field:
    """A field with what the parts above have in its place, and with a sign where those below have something else."""
    every = (*rows, *portrait.compared.against(portrait.source, code))
    values = tuple((_shown(told, portrait.masker, names=code in NAMES), told.memo) for told in every)
    mark = portrait.compared.mark(portrait.source, code)
    whole = tuple(told.text for told in every)
    return Field(label, values, mark, "warn", ref=settling(portrait, code), whole=whole)


NAMES = ("name", "company")
"""Fields that name somebody: one line each, and nothing that reaches a person."""


def _shown(told: DisplayedValue, masker: Masker, *, names: bool) -> str:
    """`told` as it may be seen; what `names` somebody stands on one line."""
    if told.hidden:
        return told.text if told.text in masker.revealed else mask(told.text)
    text = masker.prose(told.text) if told.prose else told.text
    return plain(text) if names else text


def _custom_fields(portrait: Portrait) -> Iterable[Block]:
    """Every custom value under its label, in the order of the configuration, then those it does not name.

    A field that is empty, and that nobody fills otherwise, takes no row.
    """
    customer = portrait.customer
    known = {spec.code: (place, spec) for place, spec in enumerate(portrait.specs)}
    shown = sorted(customer.custom, key=lambda custom: known[custom.code][0] if custom.code in known else len(known))
    for custom in shown:
        spec = known[custom.code][1] if custom.code in known else None
        label = _(spec.label if spec else custom.label)
        rows = [portrait.value(custom.code, text) for text in texts(custom.value, spec)] or [DisplayedValue("")]
        rows[0] = replace(rows[0], memo=custom.remark)
        field = _compared_field(portrait, custom.code, label, rows)
        if field.state or any(text or memo for text, memo in field.values):
            yield field


def _followers(portrait: Portrait, *, mine: bool = False) -> Iterable[Block]:
    """The colleagues who follow the customer with their notes: the acting one where that is what is `mine`, else the
    others."""
    everybody = portrait.customer.follow_users
    followers = [one for one in everybody if (one.user_id == portrait.me != "") is mine]
    if followers:
        yield Section(_("Followed by") if mine or len(followers) == len(everybody) else _("Also followed by"))
    for follower in followers:
        since = _("since {time}").format(time=local_time(follower.added_at)) if follower.added_at else ""
        names = " ".join(part for part in (follower.name, follower.user_id) if part)
        yield Card(
            title=names,
            aside=" · ".join(part for part in (portrait.masker.prose(follower.remark), since) if part),
            lines=tuple(portrait.masker.prose(follower.description).splitlines()),
            tags=tuple(_follower_tags(portrait, follower)),
        )


def _follower_tags(portrait: Portrait, follower: FollowUser) -> Iterable[tuple[str, str]]:
    """The group and name of each tag, and who else has it. What colleague set which is told whoever else has it."""
    for tag in follower.tags:
        memo = portrait.compared.tells_tag(portrait.source, tag.name)
        yield tag.group, f"{tag.name} ({memo})" if memo else tag.name


def _history(portrait: Portrait) -> Iterable[Block]:
    notes = [] if portrait.keeps_history else [_("notes kept here alone: this vendor takes no follow-ups")]
    if portrait.as_of is not None:
        age = ago(time.time() - portrait.as_of)
        notes.append(_("the team's server is away: as of {age}").format(age=age))
    yield from history_blocks(portrait.history, portrait.opened, " · ".join(notes), portrait.names)


def _tag(tag: Tag) -> str:
    return f"{tag.group} › {tag.name}" if tag.group else tag.name
