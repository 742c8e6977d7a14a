"""`kehu view`: lists that are asked for by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.failures import Misused
from tui.cli.output import print_json, print_table, say
from tui.cli.session import TEXT, Session, TranslatedGroup, command, option, pass_session
from tui.locale import N_, _
from tui.model.errors import NotFoundError
from tui.model.saved_view import SavedView, check_view

if TYPE_CHECKING:
    from tui.desk.disk import Disk

VIEW_PLACES = {
    "list": "tui.cli.view_commands:list_",
    "save": "tui.cli.view_commands:save",
    "remove": "tui.cli.view_commands:remove",
}


@click.group(
    "view",
    cls=TranslatedGroup,
    places=VIEW_PLACES,
    invoke_without_command=True,
    help=N_("List, save or remove views: queries that the desk shows by a key."),
)
@pass_session
@click.pass_context
def view(ctx: click.Context, session: Session) -> int | None:
    """Without a subcommand, list."""
    return None if ctx.invoked_subcommand else _list(session)


@command("list", help=N_("List the views: those saved here, those of the configuration, and those of kehu's own."))
@pass_session
def list_(session: Session) -> int:
    """Print every view."""
    return _list(session)


def known_views(session: Session) -> Sequence[SavedView]:
    """Every view of the chosen profile."""
    from tui.app.team import presets_of
    from tui.desk.views import shared_views, views_at

    config = session.read_config()
    given = (*config.views, *shared_views(presets_of(config)))
    return session.with_disk(lambda disk: disk.run_now(lambda store: views_at(store, given)))


def _list(session: Session) -> int:
    found = known_views(session)
    if session.json:
        print_json([_json(one) for one in found])
    else:
        rows = [(one.key, one.name, one.query, " ".join(one.columns), _(ORIGINS[one.origin])) for one in found]
        print_table([_("Key"), _("Name"), _("Query"), _("Columns"), _("From")], rows)
    return 0


ORIGINS = {"saved": N_("saved here"), "shared": N_("team"), "given": N_("configuration"), "delivered": "kehu"}


def _json(one: SavedView) -> dict[str, object]:
    return {
        "name": one.name,
        "key": one.key,
        "query": one.query,
        "columns": list(one.columns),
        "origin": one.origin,
    }


@command("save", help=N_("Save a query under a name, in place of the view that was saved so."))
@click.argument("name", type=TEXT, metavar="NAME")
@click.argument("query", nargs=-1, type=TEXT, required=True, metavar="QUERY…")
@option("--key", default="", metavar="N", help=N_("The key that shows it, 1 to 9; the first free one by itself."))
@option("--columns", default="", metavar="A,B", help=N_("The columns that it is read with."))
@option("--shared", is_flag=True, help=N_("Save it for everybody in the team."))
@pass_session
def save(session: Session, name: str, query: tuple[str, ...], key: str, columns: str, shared: bool) -> int:
    """Save one view; what makes no sense in its query or columns is told beforehand."""
    from tui.desk.views import save_view

    given = session.read_config().views
    profile = session.profile
    named = tuple(part.strip() for part in columns.replace("，", ",").split(",") if part.strip())
    wanted = SavedView(name.strip(), " ".join(query), named, key)

    def work(disk: Disk) -> SavedView:
        from datetime import datetime

        from tui.desk.customer_queries import names_at
        from tui.model.columns import find_columns
        from tui.model.query.parser import parse_query

        names = disk.run_now(lambda store: names_at(store, profile.name, profile.dialect, profile.user_id))
        parse_query(wanted.query, names, datetime.now().astimezone())
        if named:
            find_columns(named, names.specs, _)
        if shared:
            check_view(wanted)
            return wanted
        return disk.run_now(lambda store: save_view(store, given, wanted))

    kept = session.with_disk(work)
    if shared:
        from tui.cli.team_desk import share

        share(session, "view", kept.name, {"query": kept.query, "columns": list(kept.columns), "key": kept.key})
    if session.json:
        print_json(_json(kept))
    else:
        text = _("view {name} saved; its key is {key}") if kept.key else _("view {name} saved")
        say(text.format(name=kept.name, key=kept.key))
    return 0


@command("remove", help=N_("Remove a view that was saved here."))
@click.argument("name", type=TEXT, metavar="NAME")
@option("--shared", is_flag=True, help=N_("Remove it for everybody in the team."))
@pass_session
def remove(session: Session, name: str, shared: bool) -> int:
    """Remove one view."""
    from tui.desk.views import remove_view

    name = name.strip()
    if shared:
        from tui.cli.team_desk import share

        share(session, "view", name, None)
    if shared or session.with_disk(lambda disk: disk.run_now(lambda store: remove_view(store, name))):
        if not session.json:
            say(_("view {name} removed").format(name=name))
        return 0
    known = {one.name: one for one in known_views(session)}
    if name in known and known[name].origin == "given":
        raise Misused(_("view {name} is in the configuration").format(name=name), _("Take it out of the file there."))
    if name in known and known[name].origin == "shared":
        raise Misused(_("view {name} is the team's").format(name=name), _("Add --shared to remove it for everybody."))
    if name in known:
        raise Misused(_("view {name} is kehu's own").format(name=name), _("Save another one under its name or key."))
    raise NotFoundError(N_("there is no view {name}"), todo=N_("kehu view list shows them all."), name=name)
