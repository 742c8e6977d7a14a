"""Queries as arguments of the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from tui.cli.output import say
from tui.cli.session import Session, TranslatedCommand
from tui.locale import N_, _

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.desk.outcome import Listing
    from tui.model.query.operands import QueryError
    from tui.model.query.query_names import Vocabulary
    from tui.model.query.tree import CustomerQuery

QUERY_HELP = N_(
    """\
Words are searched for: a piece of a name, pinyin, phone digits, a company, a tag. The rest says what is true:

  name:李             a text has a piece; tag:VIP, owner:me, 客户等级:重要客户 is one (field:A,B one of)
  last<30d           before 30 days ago; > >= < <= compare numbers and dates: 2024-11-20, 2024-11, today, +7d
  next:* -company:*  has one, has none; -TERM is not true
  sort:-last         by a field, the other way round after a -; several in their order

Fields go by name, code or label (kehu fields): name company remark phones emails wechat qq tags owner gender
description added created updated last next seen state id union_id profile, and custom.CODE. Values with blanks stand in
quotes: kehu find 'description:"call back"'."""
)

_NEGATED = re.compile(r"\A-(?=[^-\s])(?=[^\x00-\x7f]|.*[:<>=：＜＞＝≤≥]|\")")
"""A term that is not to be true: click would take it for an option."""

_UNQUOTED = re.compile(r'(?P<name>[－-]?[^\s":<>=]+(?:>=|<=|[:<>=]))(?P<value>[^"]*\s[^"]*)', re.DOTALL)
"""A field with a value of several words, whose quotes the shell took off."""


_MORE_THAN_WORDS = re.compile(r'[:<>=：＜＞＝≤≥"“”]|(?:^|\s)[-－]')


class QueryCommand(TranslatedCommand):
    """A command whose arguments are a query: a term may begin with a minus."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; the minus of a term becomes one that is no option's."""
        return super().parse_args(ctx, [_NEGATED.sub("－", arg, count=1) for arg in args])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The language, as it stands."""
        if self.epilog:
            formatter.write_paragraph()
            formatter.write("\n".join(f"  {line}".rstrip() for line in _(self.epilog).splitlines()) + "\n")


def query_text(arguments: Iterable[str]) -> str:
    """Return the query that `arguments` are, each of which may be a term or several."""
    return " ".join(_requoted(argument) for argument in arguments)


def _requoted(argument: str) -> str:
    found = _UNQUOTED.fullmatch(argument)
    if found is None or _UNQUOTED.fullmatch(found["value"]) or re.search(r"\s\S+[:<>=]", found["value"]):
        return argument  # it is several terms
    return f'{found["name"]}"{found["value"]}"'


def asked_page(session: Session, disk: Disk, text: str, page: int, size: int) -> Listing:
    """Return a page of whom the query `text` means, after all that was seen here is there to be looked through.

    Raises: QueryError.
    """
    if not _MORE_THAN_WORDS.search(text):  # what names what is not loaded for them
        return disk.run_now(lambda store: store.directory.search(text, size, (page - 1) * size))
    from tui.desk.customer_queries import page_at

    query, names = asked_query(session, disk, text)
    return disk.run_now(lambda store: page_at(store, query, page, size, names))


def asked_query(session: Session, disk: Disk, text: str) -> tuple[CustomerQuery, Vocabulary]:
    """Return the query that `text` is, and what it may name; all that was seen here is there to be looked through then.

    Raises: QueryError.
    """
    from datetime import datetime

    from tui.desk.customer_queries import fill_now, names_at
    from tui.model.query.parser import read_query

    profile = session.profile
    names = disk.run_now(lambda store: names_at(store, profile.name, profile.dialect, profile.user_id))
    parsed = read_query(text, names, datetime.now().astimezone())
    if parsed.problems:
        raise parsed.problems[0]
    for note in parsed.notes:
        say(_told(note))
    if not parsed.query.words:
        fill_now(disk, _progress(session))
    return parsed.query, names


def _progress(session: Session) -> Callable[[int], None]:
    """Tells how many customers are left to be made ready."""
    from tui.cli.progress import ProgressLine

    line = ProgressLine(_("making what queries read"), silent=session.json)
    first: list[int] = []

    def told(left: int) -> None:
        first.append(left)
        line(first[0] - left, first[0])

    return told


def _told(note: QueryError) -> str:
    return " · ".join(filter(None, (note.message(_), note.hint(_))))
