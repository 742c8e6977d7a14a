"""A change whole, in words."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.client.models import FieldSpec
from tui.desk.outcome import Change, FieldChange
from tui.desk.texts import texts
from tui.desk.words import reason, state_name
from tui.locale import _
from tui.text import local_time


def whole(change: Change) -> str:
    """All that is known of CHANGE under its heading: who, when, from where, what exactly, and what the vendor said."""
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


def lines_of(changes: Sequence[FieldChange], specs: Sequence[FieldSpec]) -> list[str]:
    """A line for each field, before and after, and one more for what a list would lose."""
    known = {spec.code: spec for spec in specs}
    lines = []
    for change in changes:
        before, after = (", ".join(texts(value, known.get(change.code))) for value in (change.before, change.after))
        lines.append(f"{_(change.label)}: {before or '–'} → {after or '–'}")
        if change.drops:
            lines.append("! " + _("no longer there: {values}").format(values=", ".join(change.drops)))
    return lines
