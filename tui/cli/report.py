"""`kehu report`: figures about customers seen here and work done, as bars, JSON, CSV, or a page with pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.cli.failures import Misused
from tui.cli.output import line_width, print_json, put, say
from tui.cli.query_argument import QUERY_HELP, QueryCommand, query_text
from tui.cli.session import TEXT, FilePath, Session, option, pass_session
from tui.cli.streams import write_text
from tui.cli.table_output import TableOutput, as_columns, output_options
from tui.locale import N_, _, ngettext
from tui.model.errors import InvalidError
from tui.text import plain

if TYPE_CHECKING:
    from tui.desk.disk import Disk
    from tui.model.insights import Figure, Insights

WIDEST = 100
"""Cells of a line at most: farther right a bar is not seen together with its label."""

TOP = 15
"""Bars of a figure that are shown unless told otherwise; JSON and CSV have all of them."""

STDOUT = "-"


@click.command(
    "report",
    cls=QueryCommand,
    epilog=QUERY_HELP,
    help=N_("Show figures: what was done, what is due, new customers, and customers by colleague, tag and choice."),
)
@click.argument("query", nargs=-1, type=TEXT, metavar="[QUERY…]")
@option("--figure", "keys", multiple=True, metavar="KEY", help=N_("Only this figure; may be given several times."))
@option("--top", type=click.IntRange(min=1), metavar="N", help=N_("At most so many bars a figure; 15 by itself."))
@option("--csv", "as_csv", is_flag=True, help=N_("The same as --format csv: a line for each bar."))
@option("--html", type=FilePath(path_type=Path), metavar="FILE", help=N_("Write one page with pictures; - prints it."))
@output_options
@pass_session
def report(
    session: Session,
    query: tuple[str, ...],
    keys: tuple[str, ...],
    top: int | None,
    as_csv: bool,
    html: Path | None,
    output: TableOutput,
) -> None:
    """Print the figures about whom QUERY means, or about all who were seen. No vendor is asked."""
    if as_csv:
        output = replace(output, format=output.format or "csv")
    as_rows = output != TableOutput()
    if session.json + as_rows + (html is not None) > 1:
        raise Misused(_("--json, --format, --csv and --html exclude one another"), _("Leave all but one of them out."))
    profile = session.profile
    now = datetime.now(UTC)

    def work(disk: Disk) -> Insights:
        from tui.desk.customer_queries import fill_now
        from tui.desk.insights.insights import InsightsReader

        fill_now(disk)
        text = query_text(query)
        reader = InsightsReader(
            disk, profile=profile.name, dialect=profile.dialect, me=profile.user_id, query=text, now=now
        )
        import asyncio  # a tenth of a second, which the help page would pay for too

        return asyncio.run(reader.all())

    insights = _only(session.with_disk(work), keys)
    if session.json:
        print_json({"profile": profile.name, "at": now.isoformat(timespec="seconds"), **_json(insights)})
    elif as_rows:
        _print_rows(insights.figures, output)
    elif html is not None:
        from tui.cli.report_page import page_of

        _write(html, page_of(insights, profile.title, now, top or TOP))
    else:
        _print(insights, top or TOP)
    if not insights.seen and not session.json:
        say(_("no customer was seen here yet: kehu sync reads the vendor's list"))
    elif insights.unread and not session.json:
        text = _("{count} more customers are not counted yet: what they are counted by is being made")
        say(text.format(count=f"{insights.unread:,}"))


def _only(insights: Insights, keys: Sequence[str]) -> Insights:
    """Return the figures that `keys` name; all of them without any.

    Raises: InvalidError.
    """
    known = [figure.key for figure in insights.figures]
    for key in keys:
        if insights.seen and key not in known:
            raise InvalidError(
                N_("there is no figure {key!r} here"), todo=N_("There are: {known}."), key=key, known=", ".join(known)
            )
    return replace(insights, figures=[one for one in insights.figures if not keys or one.key in keys])


def _json(insights: Insights) -> dict[str, object]:
    return {
        "query": insights.query,
        "customers": insights.customers,
        "seen": insights.seen,
        "unread": insights.unread,
        "figures": [asdict(figure) for figure in insights.figures],
    }


COLUMNS = ("figure", "title", "label", "value", "unit", "customers", "query")
"""Of a line for each bar; scripts know them by these names in every language."""


def _print_rows(figures: Sequence[Figure], output: TableOutput) -> None:
    with output.writing(as_columns({name: name for name in COLUMNS})) as table:
        for figure in figures:
            for bar in figure.bars:
                customers = bar.value if bar.customers is None else bar.customers
                table.write((figure.key, figure.title, bar.label, bar.value, figure.unit.value, customers, bar.query))


def _print(insights: Insights, top: int) -> None:
    room = min(line_width(), WIDEST)
    for place, figure in enumerate(insights.figures):
        if place:
            put("")
        put(plain(f"{figure.title} · {figure.note}" if figure.note else figure.title))
        for line in _lines(figure, top, room):
            put(line)


def _lines(figure: Figure, top: int, room: int) -> Sequence[str]:
    from tui.model.insights import Unit
    from widgets.blocks import Chart, ChartBar
    from widgets.chart import lines_as_text

    folded = figure.folded(top)
    bars = [
        ChartBar(bar.label, bar.value, _whom(bar.customers) if figure.unit is Unit.DEEDS else "", bar.outside)
        for bar in folded.bars
    ]
    lines = [] if figure.largest else ["  " + _("nobody")]
    lines += [f"  {line}" for line in lines_as_text(Chart(tuple(bars), figure.largest), room - 2)]
    if folded.others:
        text = ngettext("{count} more has {value}", "{count} more have {value} together", folded.others)
        lines.append("  " + text.format(count=f"{folded.others:,}", value=f"{folded.value:,}"))
    return lines


def _whom(customers: int | None) -> str:
    """How many customers a bar is about."""
    if not customers:
        return ""
    return ngettext("{count} customer", "{count} customers", customers).format(count=f"{customers:,}")


def _write(path: Path, page: str) -> None:
    if str(path) == STDOUT:
        write_text(page)
        return
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise InvalidError(
            N_("{file} cannot be written: {reason}"),
            todo=N_("Name a file in a folder that you may write to."),
            file=str(path),
            reason=error.strerror or str(error),
        ) from error
    say(_("{file} is written: it opens in any browser, also offline").format(file=path))
