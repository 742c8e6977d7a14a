"""A change in words."""

from __future__ import annotations

import json

from tui.desk.outcome import Change, Kind
from tui.locale import N_, _
from tui.screens.portrait import STATES
from tui.text import local_time

KIND_NAMES = {
    Kind.CREATE: N_("create"),
    Kind.UPDATE: N_("edit"),
    Kind.DELETE: N_("delete"),
    Kind.REMARK: N_("remark"),
    Kind.FOLLOW: N_("follow-up"),
}


def deed(change: Change) -> str:
    """What CHANGE does, in one line: `edit · 李四`."""
    return f"{_(KIND_NAMES[change.kind])} · {change.customer_name or change.customer_id or _('a new customer')}"


def gist(change: Change) -> str:
    """What is in CHANGE, in one line: the texts of a follow-up, the values of an edit."""
    request = change.request
    match change.kind:
        case Kind.FOLLOW:
            return " / ".join(text["content"] for text in request["texts"])
        case Kind.REMARK:
            return " · ".join(request[name] for name in ("remark", "description") if request.get(name))
        case Kind.DELETE:
            return ""
        case _:
            values = request["values"]
            return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def whole(change: Change) -> str:
    """All that is known of CHANGE: who, when, from where, what exactly, and what the vendor said."""
    state, _tone = STATES[change.state]
    lines = [
        deed(change),
        _("state: {state}").format(state=_(state)),
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
    if change.message:
        lines.append(_("the vendor's answer: {message}").format(message=change.message))
    for title, content in (
        (_("What is sent"), change.request),
        (_("Before"), change.before),
        (_("The vendor's answer"), change.answer),
    ):
        if content:
            lines += ["", title, json.dumps(content, ensure_ascii=False, indent=2)]
    return "\n".join(lines)
