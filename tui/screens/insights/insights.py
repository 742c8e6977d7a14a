"""The figures of a profile: a sheet of charts, drawn as they are counted. Enter on a bar lists its customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.locale import _, ngettext
from tui.model.errors import KehuError
from tui.model.insights import Figure, FigureBar, Insights, Unit
from tui.screens.main.customer_pane import found_text
from tui.screens.result_text import failed
from tui.screens.widget_texts import words
from widgets.blocks import Block, Chart, ChartBar, Heading, Note
from widgets.dialog import Dialog, DialogLine, Hint
from widgets.sheet import Sheet
from widgets.sheet_find import SheetFind

if TYPE_CHECKING:
    from tui.desk.insights.insights import InsightsReader
    from tui.screens.main.main_screen import MainScreen

TOP = 14
"""Bars of a figure until it is opened: the days of two weeks, and what a screen of 24 lines has room for."""

UNFOLD, LIST = "unfold", "list"
"""What a line of the sheet stands for, before the figure's name, or the query."""


class InsightsDialog(Dialog[str]):
    """Figures, the first while the others are still counted. Its result is the query of the bar that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Leave", show=False, id="insights.leave"),
        Binding("slash", "find", "Find", show=False, id="insights.find"),
    ]

    sheet = getters.query_one(Sheet)
    title_line = getters.query_one("#dialog-title", DialogLine)

    def __init__(self, reader: InsightsReader) -> None:
        super().__init__(_("Insights"), words=words())
        self._reader = reader
        self._insights: Insights | None = None
        self._unfolded: set[str] = set()
        self._counting = True

    def compose_body(self) -> ComposeResult:
        yield Sheet()

    def hints(self) -> Sequence[Hint]:
        return (("Enter", _("list its customers")), ("{ }", _("figure")), ("/", _("find")), ("Esc", self.words.leave))

    def on_mount(self) -> None:
        """Begin to count."""
        self.sheet.focus()
        self._count()

    @work(group="count", exclusive=True)
    async def _count(self) -> None:
        self.say(_("Counting …"))
        try:
            async for insights in self._reader.growing():
                self._insights = insights
                self._show(keep_scroll=True)
        except KehuError as error:
            self.sheet.show([*self._blocks(), failed(error)], keep_scroll=True)
            self.say("")
            return
        self._counting = False
        self._show(keep_scroll=True)
        self.say("")

    def _show(self, *, keep_scroll: bool) -> None:
        assert self._insights is not None
        self.title_line.say(_title(self._insights))
        self.sheet.show(self._blocks(), keep_scroll=keep_scroll)

    def _blocks(self) -> Sequence[Block]:
        if self._insights is None:
            return ()
        blocks: list[Block] = []
        if self._insights.unread:
            text = _("{count} more customers are not counted yet: what they are counted by is being made")
            blocks.append(Note(text.format(count=f"{self._insights.unread:,}"), "warn"))
        for figure in self._insights.figures:
            blocks += _figure_blocks(figure, 10**9 if figure.key in self._unfolded else TOP)
        if not self._insights.figures and not self._counting:
            blocks.append(Note(_nothing(self._insights)))
        return blocks

    async def action_find(self) -> None:
        """Have the agent type which figure, or which bar of one, to go to."""
        if not self.query(SheetFind):
            await self.query_one("#dialog-body").mount(
                SheetFind(self.sheet, _("a figure, or a bar of one"), found_text)
            )

    @on(Sheet.Chosen)
    def _choose(self, event: Sheet.Chosen) -> None:
        event.stop()
        what, _blank, which = event.ref.partition(" ")
        if what == UNFOLD:
            self._unfolded.add(which)
            self._show(keep_scroll=True)
        else:
            self.finish(which)


def _title(insights: Insights) -> str:
    whom = ngettext("{count} customer", "{count} customers", insights.customers).format(count=f"{insights.customers:,}")
    seen = _("of {count} seen here").format(count=f"{insights.seen:,}") if insights.seen != insights.customers else ""
    return " · ".join(filter(None, (_("Insights"), insights.query, f"{whom} {seen}".rstrip())))


def _nothing(insights: Insights) -> str:
    if not insights.seen:
        return _("No customer was seen here yet: S reads the vendor's list, then there is something to count.")
    return _("Nobody is meant by {query}: there is nothing to count.").format(query=insights.query)


def _figure_blocks(figure: Figure, most: int) -> Iterable[Block]:
    yield Heading(figure.title, figure.note, ruled=True)
    folded = figure.folded(most)
    if not figure.largest:
        yield Note(_("nobody"))
    bars = [_chart_bar(bar, figure) for bar in folded.bars]
    if folded.others:
        text = ngettext("{count} more", "{count} more", folded.others).format(count=f"{folded.others:,}")
        bars.append(ChartBar(f"… {text}", folded.value, _("Enter shows them"), True, f"{UNFOLD} {figure.key}"))
    if bars:
        yield Chart(tuple(bars), figure.largest)


def _chart_bar(bar: FigureBar, figure: Figure) -> ChartBar:
    memo = ""
    if figure.unit is Unit.DEEDS and bar.customers:
        memo = ngettext("{count} customer", "{count} customers", bar.customers).format(count=f"{bar.customers:,}")
    return ChartBar(bar.label, bar.value, memo, bar.outside, f"{LIST} {bar.query}" if bar.query else "")


async def insights(main: MainScreen) -> None:
    """Show the figures, of whom is listed where that is a query's answer; the bar that is chosen is listed."""
    query = await main.app.push_screen_wait(InsightsDialog(main.desk.insights(main.list_pane.asked)))
    if query:
        await main.list_asked(query)
