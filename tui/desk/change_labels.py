"""A change in a line, for the screens and the command line alike."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tui.locale import N_, _, ngettext
from tui.model.change import STOPPED, Change, Kind, State
from tui.model.display import STATES

KIND_NAMES = {
    Kind.CREATE: N_("create"),
    Kind.UPDATE: N_("edit"),
    Kind.DELETE: N_("delete"),
    Kind.REMARK: N_("remark"),
    Kind.FOLLOW: N_("follow-up"),
    Kind.EXPORT: N_("export"),
    Kind.REVEAL: N_("reveal"),
    Kind.FORGET: N_("erasure"),
}

REMARK_TEXTS = {"remark": N_("remark: {text}"), "description": N_("description: {text}")}
"""How each text of a remark is told, so that nobody takes one for the other."""

HELD_BACK = N_("held back")


def is_held(change: Change) -> bool:
    """A person stopped `change` before it was sent: it waits for a person's word."""
    return change.state is State.FAILED and change.code == STOPPED


def state_name(change: Change) -> str:
    """How far `change` has come, in the agent's language."""
    return _(HELD_BACK if is_held(change) else STATES[change.state])


def state_names() -> Sequence[str]:
    """Everything that `state_name` can say."""
    return [_(name) for name in (HELD_BACK, *STATES.values())]


def deed(change: Change) -> str:
    """What `change` does, in one line: `edit · 李四`."""
    return f"{_(KIND_NAMES[change.kind])} · {change.customer_name or change.customer_id or _nobody(change)}"


def _nobody(change: Change) -> str:
    """Whom `change` is about, where that is no customer with an id."""
    return _exported(change) if change.kind is Kind.EXPORT else _("a new customer")


def _exported(change: Change) -> str:
    count = change.request["count"]
    return ngettext("{count} customer", "{count} customers", count).format(count=f"{count:,}")


def gist(change: Change) -> str:
    """What is in `change`, in one line: the texts of a follow-up, the values of an edit."""
    request = change.request
    match change.kind:
        case Kind.FOLLOW:
            return " / ".join(text["content"] for text in request["texts"])
        case Kind.REMARK:
            return " · ".join(_rewritten(change, name) for name in REMARK_TEXTS if request.get(name))
        case Kind.DELETE:
            return ""
        case Kind.EXPORT:
            return " · ".join((_exported(change), request["query"], request["target"]))
        case Kind.REVEAL | Kind.FORGET:
            return ", ".join(_(str(told)) for told in request.get("fields", {}).values())
        case _:
            values = request["values"]
            return ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def _rewritten(change: Change, name: str) -> str:
    """One text of a remark, by its name: `remark: 张总 → 李总`; what stood there is left out where nobody knows it."""
    before = "" if change.before is None else f"{change.before.get(name) or '–'} → "
    return _(REMARK_TEXTS[name]).format(text=f"{before}{change.request[name]}")


def outcome(change: Change) -> str:
    """Why `change` stands where it does; of one that is well, what the vendor said: `errcode 0 · errmsg ok`."""
    from tui.client.response_log import heading_of  # the first frame shows no answer

    said = heading_of(change.answer or {}).items()
    words = (f"{name} {value}" for name, value in said if value not in (None, "") and value is not True)
    return reason(change) or " · ".join(words)


def reason(change: Change) -> str:
    """Why `change` stands where it does, with the vendor's code; empty where there is nothing to say."""
    message = _(change.message)
    code = f"({change.code})" if change.code not in ("", STOPPED) and change.code not in message else ""
    return f"{message} {code}".strip()
