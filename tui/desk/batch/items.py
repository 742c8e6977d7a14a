"""Rows checked by themselves: each an item that can be sent, or the reason why not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b

from tui.client.service import Capabilities
from tui.desk.batch.file_columns import (
    CONTENT,
    CUSTOMER,
    DESCRIPTION,
    REMARK,
    TIMESTAMP,
    UNION_ID,
    USER,
    NoteColumns,
)
from tui.desk.batch.import_file import Entry, FileRow, Problem, RowRefusal, read_rows, refuse, short
from tui.desk.checks import doubt_of
from tui.locale import _
from tui.model.change import Change, Json, Kind
from tui.model.customer import FollowText
from tui.model.times import read_moment

_A_WHILE = timedelta(days=1, hours=1, minutes=1)
"""After which a time that is counted from now is another one."""

DIGEST_BYTES = 5
"""Of a file's digest, which names its batch: short enough to type, and two files of one profile never share it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One remark, or one follow-up, as it is to be sent. At least one of `customer` and `union_id` is there."""

    line: int
    customer: str = ""
    union_id: str = ""
    user_id: str
    request: Json
    """What the outbox keeps: the `user_id` and the texts in the models' own terms."""
    doubt: str = ""
    """Why the time of a follow-up may be mistaken, in the agent's language (`tui.desk.checks.doubt_of`)."""
    counted_from_now: bool = False
    """Its time is another each time that the file is read: 昨天, -2h."""
    undo_of: int | None = None
    """The change that it takes back."""
    emptied: tuple[str, ...] = ()
    """Texts of a remark that are given empty: the vendor clears none, so what stands there stays."""

    masked: tuple[str, ...] = ()
    """Fields that are given as they are masked: they stay as they are."""

    @property
    def key(self) -> str:
        """What the customer is found by."""
        return self.customer or self.union_id


@dataclass(frozen=True, slots=True)
class ImportFile:
    """What a file asks for. `digest` is the same for files that ask for the same."""

    kind: Kind
    name: str
    digest: str
    items: tuple[BatchItem, ...]
    refusals: tuple[RowRefusal, ...] = field(default=())
    labels: Mapping[str, str] = field(default_factory=dict)
    """What a person calls the fields that it is about, by their codes."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.items) + len(self.refusals)


def read_sheet(
    data: bytes,
    name: str,
    kind: Kind,
    limits: Capabilities,
    user_id: str = "",
    now: datetime | None = None,
    sheet: str = "",
) -> ImportFile:
    """The content `data` of the file `name`, a workbook's of its `sheet`. `user_id` is who acts where a row names
    nobody; times are read as of `now`.

    Raises: InvalidError where the file as a whole makes no sense.
    """
    entries = read_rows(data, name, NoteColumns(kind), sheet)
    now = now or datetime.now().astimezone()
    checked = [_item(entry, kind, limits, user_id, now) if isinstance(entry, FileRow) else entry for entry in entries]
    return ImportFile(
        kind,
        name,
        digest_of(kind, entries, user_id),
        tuple(item for item in checked if isinstance(item, BatchItem)),
        tuple(item for item in checked if isinstance(item, RowRefusal)),
    )


def marked_sheet(kind: Kind, name: str, digest: str, ids: Iterable[str], request: Json) -> ImportFile:
    """The same `request` for each of the customers `ids`."""
    items = (BatchItem(line=0, customer=id, user_id=request["user_id"], request=request) for id in ids)
    return ImportFile(kind, name, digest, tuple(items))


def undo_sheet(name: str, digest: str, changes: Iterable[Change]) -> ImportFile:
    """The texts that stood there before each of `changes`, remarks that can be undone."""
    items = []
    for change in changes:
        before = change.before or {}
        texts = {text: before.get(text) if text in change.request else None for text in (REMARK, DESCRIPTION)}
        user_id = str(change.request[USER])
        items.append(
            BatchItem(
                line=0,
                customer=change.customer_id,
                union_id=change.union_id or "",
                user_id=user_id,
                request=remark_request(user_id, texts[REMARK], texts[DESCRIPTION]),
                undo_of=change.id,
            )
        )
    return ImportFile(Kind.REMARK, name, digest, tuple(items))


def follow_request(user_id: str, texts: Iterable[FollowText]) -> Json:
    """What the outbox keeps of follow-ups."""
    return {"user_id": user_id, "texts": [text.model_dump(mode="json") for text in texts]}


def remark_request(user_id: str, remark: str | None, description: str | None) -> Json:
    """What the outbox keeps of a remark; a text that is None or empty is left out, and what stands there stays."""
    texts = {REMARK: remark, DESCRIPTION: description}
    return {USER: user_id} | {name: text for name, text in texts.items() if text}


def _item(row: FileRow, kind: Kind, limits: Capabilities, acting: str, now: datetime) -> BatchItem | RowRefusal:
    customer, union_id = row.cells.get(CUSTOMER) or "", row.cells.get(UNION_ID) or ""
    user_id = row.cells.get(USER) or acting
    found: list[Problem] = []
    if not customer and not union_id:
        found.append(Problem(CUSTOMER, "customer", _("no customer is named")))
    request = _follow(row, user_id, now) if kind is Kind.FOLLOW else _remark(row, user_id, limits)
    found += request if isinstance(request, list) else ()
    if not user_id and limits.can("set_remarks" if kind is Kind.REMARK else "add_follows"):
        found.append(Problem(USER, "user_id", _("no colleague is named, and the profile has no user_id")))
    told = {problem.column for problem in row.problems}
    problems = [*row.problems, *(problem for problem in found if problem.column not in told)]
    if problems or isinstance(request, list):
        return refuse(row.line, problems, customer or union_id, user_id)
    emptied = tuple(name for name in (REMARK, DESCRIPTION) if row.cells.get(name) == "")
    at = (row.cells.get(TIMESTAMP) or "") if kind is Kind.FOLLOW else ""
    moment = read_moment(at, now)
    return BatchItem(
        line=row.line,
        customer=customer,
        union_id=union_id,
        user_id=user_id,
        request=request,
        doubt=doubt_of(moment, now),
        emptied=emptied,
        counted_from_now=moment != read_moment(at, now + _A_WHILE),
    )


def _remark(row: FileRow, user_id: str, limits: Capabilities) -> Json | list[Problem]:
    texts = {REMARK: row.cells.get(REMARK), DESCRIPTION: row.cells.get(DESCRIPTION)}
    if not any(texts.values()):
        return [Problem(REMARK, "empty", _("neither a remark nor a description is given"))]
    found = _("{length} characters, at most {limit} are allowed: “{text}”")
    problems = [
        Problem(column, "too_long", found.format(length=len(text), limit=limit, text=short(text)))
        for (column, text), limit in zip(texts.items(), (limits.remark_length, limits.description_length), strict=True)
        if text and len(text) > limit
    ]
    return problems or remark_request(user_id, texts[REMARK], texts[DESCRIPTION])


def _follow(row: FileRow, user_id: str, now: datetime) -> Json | list[Problem]:
    content, at = row.cells.get(CONTENT), row.cells.get(TIMESTAMP)
    problems = [] if content else [Problem(CONTENT, "empty", _("the follow-up has no text"))]
    moment = read_moment(at, now) if at else None
    if at and moment is None:
        text = _("found “{found}”, expected a time such as 2024-11-20 14:02 or 2024-11-20T14:02:00+08:00")
        problems.append(Problem(TIMESTAMP, "timestamp", text.format(found=short(at))))
    return problems or follow_request(user_id, [FollowText(content=content or "", at=moment)])


def digest_of(kind: Kind, entries: Sequence[Entry], user_id: str) -> str:
    """What tells files apart by what they ask for: their encoding, delimiter and empty lines do not count."""
    rows = [_asked_for(entry) for entry in entries]
    content = json.dumps([kind, user_id, rows])
    return blake2b(content.encode(), digest_size=DIGEST_BYTES).hexdigest()


def _asked_for(entry: Entry) -> list[tuple[str, str | None]] | str:
    if isinstance(entry, RowRefusal):
        return entry.code
    return entry.problems[0].code if entry.problems else sorted(entry.cells.items())
