"""What the pane shows of a person at one linked profile: the record, or why there is none and what to do."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui.desk.change_labels import KIND_NAMES, reason, state_name
from tui.desk.linked.person import Linked, LinkState, Match
from tui.desk.outcome import UNSETTLED, Change
from tui.locale import _, ngettext
from tui.model.display import LOOKUPS
from tui.model.errors import ConfigError, NetworkError
from tui.screens.main.customer_blocks import PART, PICK, Portrait, linked_blocks_of
from tui.screens.main.follow_history import TONES
from tui.screens.result_text import failed
from tui.text import ago, plain
from widgets.blocks import Block, Field, Heading, Note

if TYPE_CHECKING:
    from tui.model.customer import Customer, FieldSpec
    from tui.model.errors import KehuError
    from tui.model.masking import Masker


MOST_UNSETTLED = 3
"""Changes under way that one part tells of; the outbox has them all."""

JUST_NOW = 60.0
"""Seconds for which an answer's age is not worth a word."""


def linked_part(
    linked: Linked,
    portrait: Portrait | None,
    changes: Sequence[Change],
    specs: Sequence[FieldSpec],
    masker: Masker,
    *,
    creates: bool,
    offline: bool = False,
) -> list[Block]:
    """The part of `linked`'s profile, whose vendor does not answer while it is `offline`.

    `portrait` is its record's, where there is one, and `changes` what was made with it from here; `specs` are the
    fields there. `creates`: a record can be created there.
    """
    source = linked.source
    heading = Heading(
        f"{source.profile} · {source.title}", _aside(linked, offline), ruled=True, ref=f"{PART} {source.profile}"
    )
    blocks: list[Block] = [heading, *_notes(linked, specs, masker, creates=creates), *_unsettled(changes)]
    if linked.state is LinkState.AMBIGUOUS:
        blocks += _candidates(linked, masker)
    if portrait is not None:
        blocks += linked_blocks_of(portrait)
    return blocks


def _aside(linked: Linked, offline: bool) -> str:
    """How far it has come, and how old what is shown is."""
    parts = [_("offline")] if offline and linked.state is not LinkState.FAILED else []
    match linked.state:
        case LinkState.LOOKING:
            parts.append(_("looking …"))
        case LinkState.MISSING:
            parts.append(_("nobody there"))
        case LinkState.FAILED:
            parts.append(_("no answer") if _was_silent(linked.error) else _("failed"))
        case LinkState.NOTHING:
            parts.append(_("nothing to look by"))
        case LinkState.FOUND if linked.candidates:
            parts.append(_("picked of {count}").format(count=len(linked.candidates)))
    seen_at = linked.record.seen_at if linked.record else linked.asked_at
    if seen_at is not None and (age := time.time() - seen_at) > JUST_NOW:
        parts.append(ago(age))
    return " · ".join(parts)


def _was_silent(error: KehuError | None) -> bool:
    """Whether the vendor did not answer: it said nothing, rather than no, and was asked at all."""
    return isinstance(error, NetworkError) and not isinstance(error, ConfigError)


def _notes(linked: Linked, specs: Sequence[FieldSpec], masker: Masker, *, creates: bool) -> Iterable[Note]:
    by = _by(linked.match, specs, masker) if linked.match else ""
    match linked.state:
        case LinkState.MISSING if creates:
            yield Note(_("No record with {by}. Press C to create one.").format(by=by))
        case LinkState.MISSING:
            yield Note(_("No record with {by}.").format(by=by))
        case LinkState.AMBIGUOUS:
            count = len(linked.candidates)
            text = ngettext(
                "{count} record has {by}. Pick the right one with Enter: none is taken by itself.",
                "{count} records have {by}. Pick the right one with Enter: none is taken by itself.",
                count,
            )
            yield Note(text.format(count=count, by=by), "warn")
        case LinkState.FAILED if linked.error is not None:
            yield failed(linked.error)
        case LinkState.NOTHING:
            yield Note(_("This record has no value to look for there."))


def _unsettled(changes: Sequence[Change]) -> Iterable[Note]:
    """What of `changes` is not through: a line each, the newest first."""
    for change in [change for change in changes if change.state in UNSETTLED][:MOST_UNSETTLED]:
        told = f"{_(KIND_NAMES[change.kind])}: {state_name(change)}"
        text = f"{told} · {why}" if (why := reason(change)) else told
        yield Note(f"{text} · " + _("o opens the outbox"), TONES[change.state])


def _by(match: Match, specs: Sequence[FieldSpec], masker: Masker) -> str:
    """What was looked for, as people call it: `phone 13800001234`."""
    code = match.theirs.removeprefix("custom.")
    label = next((spec.label for spec in specs if spec.code in (match.theirs, code)), LOOKUPS.get(match.theirs, code))
    return f"{_(label)} {', '.join(masker.text(code, value) for value in match.values[:1])}"


def _candidates(linked: Linked, masker: Masker) -> Iterable[Field]:
    for number, candidate in enumerate(linked.candidates, 1):
        name = masker.text("name", candidate.name) or candidate.id
        yield Field(
            str(number),
            ((plain(name), candidate_memo(candidate, masker)),),
            ref=f"{PICK} {linked.source.profile} {candidate.id}",
            whole=(name,),
        )


def candidate_memo(candidate: Customer, masker: Masker) -> str:
    """What tells `candidate` from others who look alike."""
    contacts = [("phones", row.value) for row in candidate.phones[:1]]
    contacts += [("emails", row.value) for row in candidate.emails[:1]]
    shown = [masker.text(code, text) for code, text in contacts]
    return " · ".join(part for part in (candidate.company, *shown, candidate.owner, candidate.id) if part)
