"""`kehu sync`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.cli import INTERRUPTED
from tui.cli.base import ID, Session, command, option, pass_session
from tui.cli.output import print_json, say
from tui.client.errors import KehuError
from tui.locale import N_, _

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.sync import SyncReport


@command("sync", help=N_("Read the vendor's list into the directory, where kehu find and the desk search it."))
@option("--owner", type=ID, metavar="USER", help=N_("Only those whom this colleague follows or owns."))
@option("--anew", is_flag=True, help=N_("From the first page on, instead of where it was interrupted."))
@pass_session
def sync(session: Session, owner: str | None, anew: bool) -> int:
    """Fill the directory; Ctrl-C stops after the page under way, and the next sync goes on from there."""
    from tui.cli.progress import ProgressLine, stoppable
    from tui.desk.sync import told

    async def work(desk: Desk) -> SyncReport:
        whose = await desk.colleague(owner) if owner else None
        left_off = None if anew else await desk.sync.left_off(whose)
        already = left_off.page * left_off.size if left_off else 0
        if left_off and not session.json:
            say(_("going on after the first {count}").format(count=f"{already:,}"))
        progress = ProgressLine(_("reading the list"), silent=True, already=already)
        try:
            with stoppable(progress, silent=session.json) as stop:
                return await desk.sync.run(whose, anew=anew, on_progress=progress, stop=stop)
        except KehuError:
            if not session.json and (state := await desk.sync.left_off(whose)):
                count = f"{state.page * state.size:,}"
                say(_("the first {count} are in the directory; kehu sync goes on from there").format(count=count))
            raise

    report = session.with_desk(work)
    if session.json:
        print_json({name: fact for name, fact in asdict(report).items() if name != "nameless" or fact})
    else:
        say(told(report))
    return 0 if report.complete else INTERRUPTED
