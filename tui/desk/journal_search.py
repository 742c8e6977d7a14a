"""What is typed to look through the journal, read: from the command line and from the screen alike."""

from __future__ import annotations

from datetime import datetime

from tui.model.change import Kind, State
from tui.model.characters import fold
from tui.model.errors import N_, InvalidError
from tui.model.journal_filter import JournalFilter
from tui.model.query.field_values import compared_text, epoch
from tui.model.query.query_names import ME
from tui.model.time_spans import TimeSpan, read_span

_LIKELIEST = (Kind.FOLLOW, Kind.REMARK, Kind.UPDATE, Kind.CREATE, Kind.DELETE)
KINDS = tuple(kind.value for kind in (*_LIKELIEST, *(kind for kind in Kind if kind not in _LIKELIEST)))
STATES = tuple(state.value for state in (State.SENT, State.KEPT, State.FAILED, State.UNKNOWN, State.DISCARDED))


def journal_filter(
    *, text: str = "", since: str = "", until: str = "", kind: str = "", author: str = "", state: str = "", me: str = ""
) -> JournalFilter:
    """Return what is asked for; empty is no condition, and each word of `text` must be there.

    `since` and `until` are days or times as people say them; that day is of it. `author` may be `me`, the colleague
    with that id. Raises: InvalidError.
    """
    if author and fold(author) in ME:
        if not me:
            raise InvalidError(
                N_("nobody acts here, so there is no {word}"),
                todo=N_("Set user_id for the profile, or KEHU_USER, or name a colleague."),
                field="by",
                word=author,
            )
        author = me
    first = _span(since, "since")
    last = _span(until, "until")
    return JournalFilter(
        texts=tuple(compared_text("said", word) for word in text.split()),
        kinds=(kind,) if kind else (),
        authors=(fold(author),) if author else (),
        states=(state,) if state else (),
        since=epoch(first.start) if first is not None else None,
        until=epoch(last.end) if last is not None else None,
    )


def _span(text: str, field: str) -> TimeSpan | None:
    if not text.strip():
        return None
    span = read_span(text.strip(), datetime.now().astimezone())
    if span is None:
        raise InvalidError(
            N_("{text} is neither a day nor a time"),
            todo=N_("Write 2024-11-20, 2024-11, today, 30d (that long ago), 昨天, 上周 …"),
            field=field,
            text=text,
        )
    return span
