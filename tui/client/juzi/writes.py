"""What JuziBot's two writes send, what they refuse beforehand, and what their `fail_list` says.

Page: "set_remark" and "Add Follow History".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from tui.client.batch_calls import Chunk, Item
from tui.client.json_values import Record, records_of, text_of
from tui.client.juzi.codes import SUCCESS, code_of, meaning
from tui.client.response_log import Answer, LoggedResponse, of_item, to_keep
from tui.model.customer import Failure, FollowEntry, Remark
from tui.model.errors import N_, InvalidError

REMARK_BATCH = 50
FOLLOW_BATCH = 500
REMARK_LENGTH = 20
DESCRIPTION_LENGTH = 150
CONCURRENT_REMARKS = 5
"""WeCom, behind JuziBot, refuses more at once (45033)."""

Body = dict[str, Any]

_TOO_LONG = {
    "remark": N_("the remark on {customer} has {length} characters, and the vendor takes {limit}"),
    "description": N_("the description on {customer} has {length} characters, and the vendor takes {limit}"),
}

NO_REASON = N_("the vendor refused this one and gave no reason")
PARTLY = N_("only a part of this follow-up was added")
UNTOLD = N_("the vendor says that a part of the call failed, but not which")


def check_remarks(remarks: Sequence[Remark]) -> None:
    """Raises: InvalidError for the first remark that breaks a rule of the page."""
    for remark in remarks:
        _check_ids(remark)
        if not remark.remark and not remark.description:
            raise InvalidError(
                N_("the remark on {customer} has neither a remark nor a description"),
                todo=N_("Give one of the two."),
                field="remark",
                customer=remark.customer,
            )
        _check_length(remark, "remark", remark.remark, REMARK_LENGTH)
        _check_length(remark, "description", remark.description, DESCRIPTION_LENGTH)


def check_follows(entries: Sequence[FollowEntry]) -> None:
    """Raises: InvalidError for the first entry that breaks a rule of the page."""
    for entry in entries:
        _check_ids(entry)
        if not entry.texts or not all(text.content for text in entry.texts):
            raise InvalidError(
                N_("a follow-up on {customer} has no text"),
                todo=N_("Write one, or leave the follow-up out."),
                field="content",
                customer=entry.customer,
            )
        if any(text.at is not None and text.at.tzinfo is None for text in entry.texts):
            raise InvalidError(
                N_("a follow-up's time on {customer} has no zone"),
                todo=N_("Write it with one, such as +08:00."),
                field="at",
                customer=entry.customer,
            )


def _check_ids(item: Remark | FollowEntry) -> None:
    if not item.union_id:
        raise InvalidError(
            N_("{customer} has no union id, and the vendor takes remarks and follow-ups by union id alone"),
            todo=N_("The vendor gives one once the customer is known to the corporation's WeChat account."),
            field="union_id",
            customer=item.customer,
        )
    if not item.user_id:
        raise InvalidError(
            N_("nobody is named as the colleague who notes this on {customer}"),
            todo=N_("Name one with --user, or set user_id in the profile."),
            field="user_id",
            customer=item.customer,
        )


def _check_length(item: Remark, field: str, text: str | None, limit: int) -> None:
    if text is not None and len(text) > limit:
        raise InvalidError(
            _TOO_LONG[field],
            todo=N_("Shorten it."),
            field=field,
            length=len(text),
            limit=limit,
            customer=item.customer,
        )


def remark_body(remark: Remark) -> Body:
    """One item of `remark_list`; a text that is `None` is left out, and so left alone."""
    body: Body = {"userId": remark.user_id, "unionId": remark.union_id}
    texts = {"remark": remark.remark, "description": remark.description}
    return body | {name: text for name, text in texts.items() if text is not None}


def follow_body(entry: FollowEntry) -> Body:
    """One item of `follow_list`; its times are in seconds."""
    texts = [
        {"content": text.content} | ({} if text.at is None else {"timestamp": int(text.at.timestamp())})
        for text in entry.texts
    ]
    return {"unionId": entry.union_id, "userId": entry.user_id, "text": texts}


def refused(
    call: str, chunk: Chunk[Item], bodies: Sequence[Body], told: LoggedResponse, discreet: Callable[[str], str]
) -> list[Failure]:
    """Which items of `call` the answer's `fail_list` names; it is absent where all succeeded.

    Of several items for one customer and colleague, the one with the listed texts is meant. Where an entry has the
    texts of none, any of several follow-ups may have failed, and those that no entry names are unknown. Where an entry
    fits none at all, something failed and nobody knows what: then every item that is not named is unknown.
    The vendor's words pass through `discreet`.
    """
    listed = told.data.get("fail_list")
    if not listed:
        return []
    waiting: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, body in enumerate(bodies):
        waiting[_target(body)].append(place)
    failures: dict[int, Failure] = {}
    vague: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    strays = not isinstance(listed, list)

    def refuse(place: int, entry: Record) -> None:
        answer = of_item(told.answer, **to_keep({"fail_list": [entry]}, discreet))
        failures[place] = _failure(call, chunk, place, bodies[place], entry, discreet, answer)

    for entry in listed if isinstance(listed, list) else ():
        if not isinstance(entry, dict) or (target := _target(entry)) not in waiting:
            strays = True
        elif left := [place for place in waiting[target] if place not in failures]:
            place = min(left, key=lambda place: _likeness(bodies[place], entry))
            if "text" in bodies[place] and len(waiting[target]) > 1 and not _names(entry, bodies[place]):
                vague[target].append(entry)
            else:
                refuse(place, entry)
    unclear = list(range(len(bodies))) if strays else []
    for target, entries in vague.items():
        unnamed = [place for place in waiting[target] if place not in failures]
        if len(entries) < len(unnamed):
            unclear += unnamed
            continue
        for place, entry in zip(unnamed, entries, strict=False):
            refuse(place, entry)
    for place in unclear:
        answer = of_item(told.answer, **to_keep({"fail_list": listed}, discreet))
        failures.setdefault(place, chunk.failure(place, "", UNTOLD, unknown=True, answer=answer))
    return list(failures.values())


def _target(body: Record) -> tuple[str, str]:
    return text_of(body.get("userId")), text_of(body.get("unionId"))


def _texts(body: Record) -> set[tuple[str, str]]:
    """The texts of an item, each with what tells it from its like: its name, or its time."""
    named = [(name, text_of(body.get(name))) for name in ("remark", "description")]
    follows = [(text_of(text.get("timestamp")), text_of(text.get("content"))) for text in records_of(body.get("text"))]
    return {(mark, text) for mark, text in (*named, *follows) if text}


def _names(entry: Record, body: Body) -> bool:
    """Whether a listed entry tells by a text that it is about the item `body`."""
    listed = _texts(entry)
    return bool(listed) and listed <= _texts(body)


def _in_part(body: Body, entry: Record) -> bool:
    """Whether a listed entry has some texts of the item `body`, and not all: by their number, as a vendor may add the
    time that it gave a text, or echo one trimmed."""
    sent, listed = body.get("text", ()), entry.get("text")
    return bool(listed) and (len(records_of(listed)) < len(sent) or _texts(entry) < _texts(body))


def _likeness(body: Body, entry: Record) -> int:
    """How near the texts of an item are to a listed entry's; less is nearer."""
    sent, listed = _texts(body), _texts(entry)
    return 0 if sent == listed else 1 if listed <= sent else 2


def _failure(
    call: str,
    chunk: Chunk[Item],
    place: int,
    body: Body,
    entry: Record,
    discreet: Callable[[str], str],
    answer: Answer,
) -> Failure:
    told = text_of(entry.get("errcode"))
    code, words = code_of(told) or discreet(told), discreet(text_of(entry.get("errmsg")))
    if code == SUCCESS:  # listed as failed, with the code of a success
        return chunk.failure(place, code, UNTOLD, unknown=True, answer=answer)
    if _in_part(body, entry):
        # Neither applied nor failed: sending it again would write the other texts twice.
        return chunk.failure(place, code, PARTLY, unknown=True, answer=answer)
    known = meaning(call, code, words)
    message = words or (known.what if known else NO_REASON)
    passing, unknown = (known.passing, known.unclear) if known else (False, False)
    return chunk.failure(place, code, message, passing=passing, unknown=unknown, answer=answer)
