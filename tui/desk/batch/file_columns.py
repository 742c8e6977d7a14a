"""The columns of a file, and what people call them: those of remarks and of follow-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from tui.model.change import Kind
from tui.model.characters import fold
from tui.model.errors import N_, InvalidError
from tui.model.naming import nearest

CUSTOMER, UNION_ID, USER = "customer", "union_id", "user_id"
REMARK, DESCRIPTION = "remark", "description"
CONTENT, TIMESTAMP = "content", "timestamp"

COLUMNS = {
    Kind.REMARK: (CUSTOMER, UNION_ID, USER, REMARK, DESCRIPTION),
    Kind.FOLLOW: (CUSTOMER, UNION_ID, USER, CONTENT, TIMESTAMP),
}
"""What a file may have; see `check_columns` for what it must."""

ALIASES = {
    "external_user_id": CUSTOMER, "externaluserid": CUSTOMER, "customer_id": CUSTOMER, "id": CUSTOMER,
    "客户": CUSTOMER, "客户id": CUSTOMER, "外部联系人id": CUSTOMER,
    "unionid": UNION_ID, "客户unionid": UNION_ID,
    "userid": USER, "user": USER, "员工": USER, "员工id": USER, "成员": USER, "成员id": USER,
    "备注": REMARK, "描述": DESCRIPTION,
    "text": CONTENT, "内容": CONTENT, "跟进内容": CONTENT, "跟进记录": CONTENT,
    "time": TIMESTAMP, "at": TIMESTAMP, "时间": TIMESTAMP, "跟进时间": TIMESTAMP,
}  # fmt: skip
"""Other names, as the vendors' pages and people who keep such sheets write them."""

_GAPS = re.compile(r"[\s-]+")


class JsonPairs(list[tuple[str, object]]):
    """A JSON object as its names and values stand in it: a name may stand twice."""


class FileColumns(Protocol):
    """What the columns of a file mean."""

    def begin(self, headings: Sequence[str]) -> None:
        """Take note of all `headings` of the file, before one of them is looked at."""
        ...

    def find(self, heading: str) -> str | None:
        """Return the column that `heading` names; empty for one that is known and not read; None for no column."""
        ...

    def unknown(self, heading: str, file: str, line: int) -> InvalidError:
        """Return the error for a `heading` that is no column."""
        ...

    def check(self, found: Sequence[str], file: str, line: int) -> None:
        """See that a header has what it must, and nothing twice.

        Raises: InvalidError.
        """
        ...

    def cells_of(self, heading: str, value: object) -> Iterable[tuple[str, object]]:
        """Return the columns' headings and texts (None: nothing is given) that `value`, which JSON has, stands for."""
        ...


@dataclass(frozen=True)
class NoteColumns:
    """The columns of a file of remarks or follow-ups."""

    kind: Kind

    def begin(self, headings: Sequence[str]) -> None:
        pass

    def find(self, heading: str) -> str | None:
        return column_of(heading, self.kind)

    def unknown(self, heading: str, file: str, line: int) -> InvalidError:
        return unknown_column(heading, self.kind, file, line)

    def check(self, found: Sequence[str], file: str, line: int) -> None:
        check_columns(found, self.kind, file, line)

    def cells_of(self, heading: str, value: object) -> Iterable[tuple[str, object]]:
        return ((heading, value),)


def column_of(heading: str, kind: Kind) -> str | None:
    """The column that `heading` names, in whatever width, case or language; None where it names none."""
    name = _GAPS.sub("_", fold(heading))
    name = ALIASES.get(name, name)
    return name if name in COLUMNS[kind] else None


def unknown_column(heading: str, kind: Kind, file: str, line: int) -> InvalidError:
    """The error for a `heading` that is no column of a file of `kind`."""
    close = nearest(heading, COLUMNS[kind])
    return InvalidError(
        N_("{file}, line {line}: unknown column {name}"),
        todo=N_("Did you mean {nearest}?") if close else N_("Known are: {known}."),
        file=file,
        line=line,
        name=heading.strip() or '""',
        nearest=close,
        known=", ".join(COLUMNS[kind]),
    )


def check_columns(found: Sequence[str], kind: Kind, file: str, line: int) -> None:
    """See that a header has what it must, and nothing twice.

    Raises: InvalidError.
    """
    refuse_doubles(found, file, line)
    texts = (REMARK, DESCRIPTION) if kind is Kind.REMARK else (CONTENT,)
    for choices in ((CUSTOMER, UNION_ID), texts):
        if not set(choices) & set(found):
            raise InvalidError(
                N_("{file}, line {line}: a column is missing: {names}"),
                todo=N_("Known are: {known}."),
                file=file,
                line=line,
                names=" / ".join(choices),
                known=", ".join(COLUMNS[kind]),
            )


def refuse_doubles(found: Sequence[str], file: str, line: int) -> None:
    """Raise InvalidError where a header has a column twice."""
    double = next((column for column in found if found.count(column) > 1), None)
    if double is not None:
        raise InvalidError(
            N_("{file}, line {line}: there are two columns {name}"),
            todo=N_("Take one of them out."),
            file=file,
            line=line,
            name=double,
        )
