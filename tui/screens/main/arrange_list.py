"""How the list is arranged: by which column it is sorted, and which columns it has, in which order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.locale import N_, _, listed
from tui.model.columns import COLUMNS, LIST_KEYS, CustomerColumn, known_columns
from tui.model.errors import UnsupportedError
from tui.model.query.completion import quoted
from tui.model.saved_view import Arrangement
from tui.screens.main.under_way import key_of
from tui.screens.widget_texts import words
from widgets.inputs import PickOption
from widgets.pick import PickDialog
from widgets.pick_order import OrderDialog

if TYPE_CHECKING:
    from tui.screens.main.main_screen import MainScreen

AS_IT_COMES = "-"
"""What is picked for no order of the agent's own; no column has this key."""


async def columns(main: MainScreen) -> None:
    """Have the agent choose the columns of what is listed, and keep them: for the view, or for every other list."""
    views, view, pane = main.desk.views, main.list_pane.view, main.list_pane
    fields = await main.desk.known_fields()
    known = known_columns(fields)
    usual = view.columns if view is not None and view.columns else LIST_KEYS
    heading = _("Columns of the view {name}").format(name=view.name) if view is not None else _("Columns of the list")
    dialog = OrderDialog(
        heading,
        [_option(column) for column in known],
        [column.key for column in pane.list.columns or await views.columns(fields, view)],
        usual=usual,
        hints=(
            ("space", _("show or not")),
            ("← →", _("move")),
            ("ctrl+r", _("the usual ones")),
            ("Enter", _("list")),
            ("Esc", words().leave),
        ),
        nothing=_("tick one column at least"),
        words=words(),
    )
    chosen = await main.app.push_screen_wait(dialog)
    if chosen is None:
        return
    kept = await views.arrangement(view)
    await views.arrange(Arrangement(() if chosen == tuple(usual) else chosen, kept.sort), view)
    await pane.show_columns(await views.columns(await main.desk.known_fields(), view))
    if left_out := pane.list.left_out:
        text = _("No room for {columns} at this width; in {key}, ← moves a column before others.")
        main.tell(text.format(columns=listed(left_out), key=key_of(main, "columns")))


async def sort(main: MainScreen) -> None:
    """Have the agent choose by which column those seen here are sorted; the order of a view is kept."""
    pane, queries = main.list_pane, main.desk.queries
    query = pane.query_in_use
    if not pane.asked and query is not None and query.conditions:
        raise UnsupportedError(
            N_("the vendor answered this list, in its own order"),
            todo=N_("F lists those seen here whom a query means, in any order."),
        )
    asked = pane.search_text or pane.asked
    if not asked and query is not None and query.owner:
        asked = f"owner:{quoted(query.owner)}"
    understood = await queries.read(asked)
    now = next(iter(understood.query.sorts), None)
    names = await queries.names()
    known = [column for column in known_columns(await main.desk.known_fields()) if names.called(column.sort_field)]
    shown = [column.key for column in pane.columns]
    known.sort(key=lambda column: shown.index(column.key) if column.key in shown else len(shown))
    by_key = {column.key: column for column in known}
    current = next((one.key for one in known if now is not None and one.sort_field == now.field.name), "")
    descending = now is not None and now.descending
    turned = _("descending; again: ascending") if descending else _("ascending; again: descending")
    options = [_option(column, turned if column.key == current else "") for column in known]
    if now is not None:
        options.append(PickOption(AS_IT_COMES, _("in no order of its own")))
    picked = await main.app.push_screen_wait(PickDialog(_("Sort by"), options, current=current, words=words()))
    if picked is None:
        return
    order = ""
    if picked != AS_IT_COMES:
        downward = picked == current and not descending
        order = quoted(("-" if downward else "") + by_key[picked].sort_field)
    if (view := pane.view) is not None and not pane.searching:
        views = main.desk.views
        await views.arrange(Arrangement((await views.arrangement(view)).columns, order), view)
        if picked == AS_IT_COMES:
            await main.list_view(view)
            return
    text = await queries.sorted_by(asked, order)
    if text:
        await main.list_asked(text, None if pane.searching else view)
    else:
        await main.list_customers(main.app.first_query())


def _option(column: CustomerColumn, detail: str = "") -> PickOption:
    """A column as a choice: by its heading, found too by its key, its English name and whatever else it is called."""
    search = " ".join(_names(column))
    about = _(column.about) if column.key in COLUMNS else column.key
    return PickOption(column.key, _(column.label), search, detail or about)


def _names(column: CustomerColumn) -> Iterable[str]:
    return (column.key, column.label, *column.aliases)
