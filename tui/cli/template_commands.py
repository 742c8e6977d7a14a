"""`kehu template`: texts that are often written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tui.cli.failures import Misused
from tui.cli.output import print_json, print_table, say
from tui.cli.session import TEXT, Session, TranslatedGroup, command, option, pass_session
from tui.locale import N_, _
from tui.model.errors import NotFoundError
from tui.model.template import KINDS, Template, TemplateKind

if TYPE_CHECKING:
    from tui.desk.disk import Disk

TEMPLATE_PLACES = {
    "list": "tui.cli.template_commands:list_",
    "save": "tui.cli.template_commands:save",
    "remove": "tui.cli.template_commands:remove",
}

KIND_HELP = N_("What it is for: follow (by itself) or remark.")


@click.group(
    "template",
    cls=TranslatedGroup,
    places=TEMPLATE_PLACES,
    invoke_without_command=True,
    help=N_(
        "List, save or remove texts that are often written.\n\nPlaces in them are filled for each customer: {name} "
        "{company} {remark} {me} {today}. A brace itself is {{."
    ),
)
@pass_session
@click.pass_context
def template(ctx: click.Context, session: Session) -> int | None:
    """Without a subcommand, list."""
    return None if ctx.invoked_subcommand else _list(session)


@command("list", help=N_("List the texts, those of the configuration first."))
@pass_session
def list_(session: Session) -> int:
    """Print every template."""
    return _list(session)


def _list(session: Session) -> int:
    from tui.app.team import presets_of
    from tui.desk.templates import shared_templates, templates_at

    config = session.read_config()
    shared = shared_templates(presets_of(config))
    given = (*shared, *config.templates)
    found: Sequence[Template] = session.with_disk(lambda disk: disk.run_now(lambda store: templates_at(store, given)))
    if session.json:
        print_json([{"name": one.name, "kind": one.kind, "text": one.text, "given": one.given} for one in found])
    elif found:
        rows = [
            (
                *(one.name, one.kind, " ".join(one.text.split())),
                _("team") if one in shared else _("configuration") if one.given else "",
            )
            for one in found
        ]
        print_table([_("Name"), _("Kind"), _("Text"), _("From")], rows)
    else:
        say(_("there is no template yet"))
    return 0


def _kind(text: str) -> TemplateKind:
    kind = next((kind for kind in KINDS if kind == text), None)
    if kind is None:
        raise Misused(_("--kind is {text}; expected one of {known}").format(text=text, known=", ".join(KINDS)))
    return kind


@command("save", help=N_("Save a text under a name, in place of the one that was saved so."))
@click.argument("name", type=TEXT, metavar="NAME")
@click.argument("text", type=TEXT, metavar="TEXT")
@option("--kind", default="follow", metavar="KIND", help=KIND_HELP)
@option("--shared", is_flag=True, help=N_("Save it for everybody in the team."))
@pass_session
def save(session: Session, name: str, text: str, kind: str, shared: bool) -> int:
    """Save one template."""
    from tui.desk.templates import check_template

    one = Template(name.strip(), _kind(kind), text)
    check_template(one)

    def work(disk: Disk) -> None:
        disk.run_now(lambda store: store.presets.save(one.kind, one.name, {"text": one.text}))

    if shared:
        from tui.cli.team_desk import share

        share(session, one.kind, one.name, {"text": one.text})
    else:
        session.with_disk(work)
    if session.json:
        print_json({"name": one.name, "kind": one.kind, "text": one.text})
    else:
        say(_("template {name} saved").format(name=one.name))
    return 0


@command("remove", help=N_("Remove a text that was saved here."))
@click.argument("name", type=TEXT, metavar="NAME")
@option("--kind", default="follow", metavar="KIND", help=KIND_HELP)
@option("--shared", is_flag=True, help=N_("Remove it for everybody in the team."))
@pass_session
def remove(session: Session, name: str, kind: str, shared: bool) -> int:
    """Remove one template."""
    of = _kind(kind)
    given = [one.name for one in session.read_config().templates if one.kind == of]

    def work(disk: Disk) -> bool:
        return disk.run_now(lambda store: store.presets.remove(of, name.strip()))

    if shared:
        from tui.cli.team_desk import share

        share(session, of, name.strip(), None)
    elif not session.with_disk(work):
        if name.strip() in given:
            raise Misused(
                _("template {name} is in the configuration").format(name=name), _("Take it out of the file there.")
            )
        raise NotFoundError(N_("there is no template {name}"), todo=N_("kehu template list shows them all."), name=name)
    if not session.json:
        say(_("template {name} removed").format(name=name.strip()))
    return 0
