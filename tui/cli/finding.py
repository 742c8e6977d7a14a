"""`kehu find`: the directory searched as in the desk, with no vendor asked and nothing of the network loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tui.cli.base import Session, command, option, pass_session
from tui.cli.output import print_json, print_table, say
from tui.cli.people import LIST_HEADINGS, extent, found_row
from tui.cli.shapes import page_json
from tui.locale import N_, _

if TYPE_CHECKING:
    from tui.config import Profile
    from tui.desk.disk import Disk
    from tui.store.rows import Listing


@command("find", help=N_("Search the customers seen here: a piece of a name, pinyin, phone digits, a company, a tag …"))
@click.argument("text", nargs=-1, required=True, metavar="TEXT…")
@option("--limit", type=click.IntRange(min=1), default=100, metavar="N", help=N_("Customers a page."))
@option("--page", type=click.IntRange(min=1), default=1, metavar="N", help=N_("Which page; the first is 1."))
@pass_session
def find(session: Session, text: tuple[str, ...], limit: int, page: int) -> None:
    """Print whom TEXT finds, the best first. To find nobody is an answer, and no failure."""
    profile = session.profile
    wanted = " ".join(text)

    def work(disk: Disk) -> None:
        found = disk.run_now(lambda store: store.directory.search(wanted, limit, (page - 1) * limit))
        if session.json:
            print_json(_page_json(disk, found, profile))
        elif found.rows:
            print_table([_(heading) for heading in LIST_HEADINGS], [found_row(row) for row in found.rows])
            say(extent(found.page, found.size, len(found.rows), found.total))
        if not found.rows:
            say(_nobody(wanted, page, disk.run_now(lambda store: store.directory.count())))

    session.with_disk(work)


def _page_json(disk: Disk, found: Listing, profile: Profile) -> object:
    """The customers that FOUND shows, whole; `total` is null until the last page is reached."""
    from tui.client.models import Page

    ids = [row.id for row in found.rows]
    known, fields = disk.run_now(lambda store: (store.directory.get_many(ids), store.directory.fields()))
    items = tuple(known[id][0] for id in ids if id in known)
    page = Page(page=found.page, size=found.size, total=found.total, items=items)
    return page_json(page, profile, fields[0] if fields else ())


def _nobody(text: str, page: int, known: int) -> str:
    if not known:
        return _("no customer was seen here yet: kehu sync reads the vendor's list")
    if page > 1:
        return _("page {page} is empty").format(page=page)
    return _("nobody of the {count} customers seen here matches {text}").format(count=f"{known:,}", text=text)
