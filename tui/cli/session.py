"""What every command of `kehu` shares: the options that it takes anywhere, help in the agent's language, a desk."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tui.app.loading import end_loading
from tui.cli import streams
from tui.cli.failures import Misused
from tui.cli.output import put, say, warn
from tui.cli.streams import file_name
from tui.cli.synonyms import meant_with_words
from tui.config import Config, Profile, choose, ignored_choices, load
from tui.locale import N_, _, set_language
from tui.model.characters import clean_id, clean_text
from tui.model.errors import ConfigError, KehuError, UnsupportedError
from tui.model.sendable import unfit_character

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tui.desk.customer_reader import Reading
    from tui.desk.desk import Desk
    from tui.desk.disk import Disk
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.model.customer import FieldSpec
    from tui.store.store import Store

T = TypeVar("T")
D = TypeVar("D", bound="Reading")


@dataclass
class Session:
    """One run of the command: the options that hold for all of it, and what they lead to, read once."""

    profile_name: str | None = None
    config_path: Path | None = None
    json: bool = False
    """Print data, and errors, as JSON."""
    reveal: bool = False
    """Print hidden values whole."""
    _config: Config | None = field(default=None, repr=False)
    _told: bool = False
    """It is told what of the configuration does not count."""
    _told_choices: bool = False
    """The same of the environment's variables."""

    def read_config(self) -> Config:
        """The configuration; from here on its language is spoken.

        Raises: ConfigError.
        """
        config = self._load()
        if not self._told:
            self._told = True
            for notice in config.layers.ignored:
                say(notice.message(_))
        return config

    def _load(self) -> Config:
        if self._config is None:
            self._config = load(self.config_path)
            set_language(self._config.language, os.environ)
        return self._config

    @property
    def profile(self) -> Profile:
        """The profile that `--profile` names, or the default one.

        Raises: ConfigError.
        """
        config = self.read_config()
        if not self._told_choices:
            self._told_choices = True
            for notice in ignored_choices(config, self.profile_name, os.environ):
                say(notice.message(_))
        return choose(config, self.profile_name)

    def speak(self) -> None:
        """Speak the configured language, where there is a configuration that says so; for help and usage errors."""
        try:
            self._load()
        except ConfigError:
            pass  # the command itself reports it

    def with_desk(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        """What `work` returns, given a desk on the chosen profile; the desk is closed after it.

        Raises: KehuError.
        """
        from tui.app.opening import open_desk

        config, source = self.read_config(), self.profile.source

        async def run(desk: Desk) -> T:
            try:
                return await work(desk)
            finally:
                if config.team is not None:
                    from tui.app.team import pass_on

                    await pass_on(config, desk.disk, source)

        return self._with(open_desk, run)

    def with_reading(self, work: Callable[[Reading], Awaitable[T]]) -> T:
        """The same for `work` that only looks at customers: the rest of a desk is not loaded.

        Raises: KehuError.
        """
        from tui.app.opening import open_reading

        return self._with(open_reading, work)

    def with_people(self, work: Callable[[Desk, LinkedPeople], Awaitable[T]]) -> T:
        """The same, given where else the desk's customers are as well.

        Raises: KehuError.
        """
        from tui.app.opening import open_people

        async def run(desk: Desk) -> T:
            async with closing(open_people(desk, self.read_config())) as people:
                return await work(desk, people)

        return self.with_desk(run)

    def with_disk(self, work: Callable[[Disk], T]) -> T:
        """What `work` returns, given what the chosen profile's desk keeps on disk; no vendor and no network is loaded.

        Raises: KehuError.
        """
        from tui.desk.disk import Disk

        disk = Disk(self._open_store())
        try:
            return work(disk)
        finally:
            disk.close()

    def _with(self, open_: Callable[[Profile, Config, Store], D], work: Callable[[D], Awaitable[T]]) -> T:
        config, profile = self.read_config(), self.profile
        import asyncio

        store = self._open_store()
        # Before the loop runs, which would hold Ctrl-C back while a command is asked for the secret.
        desk = open_(profile, config, store)

        async def run() -> T:
            try:
                return await work(desk)
            finally:
                await desk.close()

        end_loading()
        return asyncio.run(run())

    def _open_store(self) -> Store:
        from tui.app.opening import open_store
        from tui.desk.disk import translated

        store = open_store(self.profile, self.read_config())
        for notice in store.notices:
            warn(translated(notice).message(_))
        return store


@asynccontextmanager
async def closing(people: LinkedPeople) -> AsyncIterator[LinkedPeople]:
    """`people`, whose linked profiles are closed after it, with what there is to tell about their files."""
    try:
        yield people
    finally:
        await people.close()
        for notice in people.notices:
            warn(notice.message(_))


def require(desk: Reading, operation: str) -> None:
    """Go on where `operation` can be done here, before anything about it is looked at.

    Raises: UnsupportedError, with the reason.
    """
    if reason := desk.why_not(operation):
        raise UnsupportedError(N_("no {operation} here: {reason}"), operation=operation, reason=reason)


async def known_fields(desk: Reading) -> Sequence[FieldSpec]:
    """The field configuration, for labels; a listing is not refused because it cannot be had."""
    try:
        return await desk.fields()
    except KehuError:
        return ()


class FilePath(click.Path):
    """A file, named by any bytes."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The file of that name."""
        return super().convert(file_name(value) if isinstance(value, str) else value, param, ctx)


pass_session = click.make_pass_decorator(Session, ensure=True)


class Typed(click.ParamType[str]):
    """A text that somebody typed or pasted: what nobody sees in it is no part of it."""

    name = "text"

    def __init__(self, clean: Callable[[str], str]) -> None:
        self._clean = clean

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """What a shell completes it with."""
        found: list[CompletionItem] = import_module("tui.cli.shell_completion").values_of(ctx, param, incomplete)
        return found

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return what is meant.

        Raises: click.BadParameter for a byte that is no UTF-8: neither the disk nor a vendor takes one.
        """
        cleaned = self._clean(value)
        if unfit := unfit_character(cleaned):
            text = _("character {place} ({found}) cannot be sent: type it again, as UTF-8")
            self.fail(text.format(place=unfit.place, found=unfit.name), param, ctx)
        return cleaned


ID = Typed(clean_id)
"""A customer's id, a colleague's, a name: whatever has one spelling."""

TEXT = Typed(clean_text)
"""A text of a person's own words, whose emoji stay whole."""


class Option(click.Option):
    """An option whose help is a message of the catalogue, translated when it is shown. One without a type is `TEXT`."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        if not (attributes.get("is_flag") or attributes.get("count")):
            attributes.setdefault("type", TEXT)
        super().__init__(*args, **attributes)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its names and its help."""
        record = super().get_help_record(ctx)
        if record is None or not self.help:
            return record
        names, text = record
        return names, text.replace(self.help, _(self.help), 1).replace("[required]", _("[required]"))


def option(*names: str, **attributes: Any) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """`click.option`, translated; mark its help with `N_`."""
    return click.option(*names, cls=Option, **attributes)


def _split(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name for part in (value or "").replace("，", ",").split(",") if (name := part.strip()))


columns_option = option(
    "--columns",
    type=TEXT,
    metavar="A,B",
    callback=_split,
    help=N_("The table's columns, in this order: name, next, tags … or a field's code or label."),
)
"""`--columns` of a command that prints a table of customers; its value is the names, none where it is not given."""


def _keep(attribute: str) -> Callable[[click.Context, click.Parameter, Any], Any]:
    def callback(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value:
            setattr(ctx.ensure_object(Session), attribute, value)
        return value

    return callback


def _tell_calls(ctx: click.Context, parameter: click.Parameter, value: int) -> None:
    if value and not ctx.resilient_parsing:
        from tui.cli.call_teller import tell_calls

        ctx.find_root().call_on_close(tell_calls(in_full=value > 1))


def _be_quiet(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        streams.manners.quiet = True


def _colour(ctx: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        streams.manners.colour = value


def _no_pager(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        streams.manners.pages = False


def _shared_options() -> list[click.Parameter]:
    """The options that every command takes, before its name or after it; the last one given counts."""
    return [
        Option(
            ["--profile"],
            metavar="NAME",
            help=N_("The profile to work with, instead of the default one."),
            expose_value=False,
            is_eager=True,
            callback=_keep("profile_name"),
        ),
        Option(
            ["--config"],
            metavar="FILE",
            type=FilePath(path_type=Path),
            help=N_("The configuration to read, instead of the usual one."),
            expose_value=False,
            is_eager=True,
            callback=_keep("config_path"),
        ),
        Option(
            ["--json"],
            is_flag=True,
            help=N_("Print data, and errors, as JSON."),
            expose_value=False,
            is_eager=True,
            callback=_keep("json"),
        ),
        Option(
            ["-v", "--verbose"],
            count=True,
            help=N_(
                "Tell each call on standard error: method, address, status, size, time; -vv its query and headers."
            ),
            expose_value=False,
            is_eager=True,
            callback=_tell_calls,
        ),
        Option(
            ["-q", "--quiet"],
            is_flag=True,
            help=N_("Tell nothing beside the data but what went wrong."),
            expose_value=False,
            is_eager=True,
            callback=_be_quiet,
        ),
        Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            metavar="WHEN",
            help=N_("Colour: auto (on a terminal, unless NO_COLOR is set), always or never."),
            expose_value=False,
            is_eager=True,
            callback=_colour,
        ),
        Option(
            ["--no-pager"],
            is_flag=True,
            help=N_("Write what is longer than the screen to it all the same (KEHU_PAGER, PAGER and less read it)."),
            expose_value=False,
            is_eager=True,
            callback=_no_pager,
        ),
    ]


def _is_text(value: object) -> bool:
    """Whether `value` holds no byte that is no text; Python has those as halves of surrogate pairs."""
    if isinstance(value, str):
        return not any("\ud800" <= char <= "\udfff" for char in value)
    return all(map(_is_text, value)) if isinstance(value, tuple | list) else True


def expectation(kind: click.ParamType[Any]) -> str:
    """What a value of `kind` is, in the agent's language; empty for a kind that says so itself."""
    match kind:
        case click.Choice():
            return _("one of {known}").format(known=", ".join(map(str, kind.choices)))
        case click.IntRange() | click.FloatRange():
            text = {
                (False, False): N_("a number"),
                (True, False): N_("a number from {least} on"),
                (False, True): N_("a number up to {most}"),
                (True, True): N_("a number from {least} to {most}"),
            }[kind.min is not None, kind.max is not None]
            return _(text).format(least=kind.min, most=kind.max)
        case click.types.IntParamType() | click.types.FloatParamType():
            return _("a number")
        case click.Path():
            return _("a file") if kind.file_okay and not kind.dir_okay else _("a folder") if kind.dir_okay else ""
        case _:
            return ""


def _is_taken(param: click.Parameter, value: str, ctx: click.Context) -> bool:
    try:
        param.type(value, param, ctx)
    except click.BadParameter:
        return False
    return True


def _show_help(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        put(ctx.get_help())
        ctx.exit()


SUBCOMMAND = N_("COMMAND …")
"""What stands in the usage line for a subcommand and what belongs to it."""


class _Translated(click.Command):
    """A command whose help is a message of the catalogue, translated when it is shown."""

    def __init__(self, *args: Any, **attributes: Any) -> None:
        attributes.setdefault("options_metavar", N_("[OPTIONS]"))
        super().__init__(*args, **attributes)
        self.params += _shared_options()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; what is no text is taken for the name of a file alone.

        Raises: click.UsageError, in the agent's language.
        """
        takes_rest, ctx.allow_extra_args = ctx.allow_extra_args, True
        try:
            rest = super().parse_args(ctx, list(args))
        except click.MissingParameter:
            raise
        except click.BadOptionUsage as error:
            error.ctx = error.ctx or ctx  # click's parser does not say whose option it is
            raise
        except click.BadParameter as error:
            raise self._worded(error, ctx, args) from None
        if rest and not takes_rest and not ctx.resilient_parsing:
            problem = _("nothing more is expected, and there is: {words}").format(words=" ".join(rest))
            surplus = Misused(problem, meant_with_words(ctx.command.name or "", rest))
            surplus.ctx = ctx
            raise surplus
        for param in self.params:
            if not isinstance(param.type, click.Path) and not _is_text(ctx.params.get(param.name or "")):
                raise click.BadParameter(_("it is no text in this terminal's encoding"), ctx, param)
        return rest

    def _worded(self, error: click.BadParameter, ctx: click.Context, args: list[str]) -> click.BadParameter:
        """`error` by what was found and what is expected, where its parameter's type says the latter."""
        expected = error.param and expectation(error.param.type)
        if error.param is None or not expected:
            return error
        values, _rest, _order = self.make_parser(ctx).parse_args(list(args))
        given = values.get(error.param.name or "")
        refused = [value for value in (given if isinstance(given, list | tuple) else [given]) if value is not None]
        found = next((value for value in refused if not _is_taken(error.param, value, ctx)), "")
        text = _("found {found}, expected {expected}").format(found=found, expected=expected)
        return click.BadParameter(text, ctx, error.param)

    def get_help_option_names(self, ctx: click.Context) -> list[str]:
        """The names of `--help`, in whatever context it is asked."""
        return ["-h", "--help"]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, in the agent's language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _("Show this help.")
            found.callback = _show_help
        return found

    def get_help(self, ctx: click.Context) -> str:
        """The whole help page."""
        ctx.ensure_object(Session).speak()
        return super().get_help(ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Its line in the list of commands: the first of its help."""
        return self._help_text().partition("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How it is called."""
        pieces = " ".join(_(piece) for piece in self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=_("Usage:") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(self._help_text())

    def _help_text(self) -> str:
        return _(self.help) if self.help else ""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it takes."""
        records = [record for param in self.get_params(ctx) if (record := param.get_help_record(ctx))]
        with formatter.section(_("Options")):
            formatter.write_dl(records)


class TranslatedCommand(_Translated):
    """One subcommand."""


class TranslatedGroup(_Translated, click.Group):
    """A command with subcommands, each imported when it is called."""

    def __init__(self, *args: Any, places: Mapping[str, str], **attributes: Any) -> None:
        super().__init__(*args, subcommand_metavar=SUBCOMMAND, no_args_is_help=False, **attributes)
        self.places = places
        """Subcommand to `module:attribute`, in the order of the help page."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments up to the subcommand.

        Raises: click.UsageError.
        """
        rest = super().parse_args(ctx, args)
        if not args and not self.invoke_without_command and not ctx.resilient_parsing:
            raise Misused(_("a command is missing"), _("Use one of {known}.").format(known=", ".join(self.places)))
        return rest

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Its subcommands, none of which is imported for it, or its options."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        from click.shell_completion import CompletionItem

        return [CompletionItem(name) for name in self.places if name.startswith(incomplete)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of its subcommands."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand `cmd_name`."""
        place = self.places.get(cmd_name)
        if place is None:
            return None
        module, _colon, attribute = place.partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it takes, and its subcommands."""
        super().format_options(ctx, formatter)
        commands = [(name, self.get_command(ctx, name)) for name in self.places]
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, command.get_short_help_str()) for name, command in commands if command])


def command(name: str, help: str) -> Callable[[Callable[..., Any]], click.Command]:
    """`click.command`, translated; mark `help` with `N_`."""
    return click.command(name, cls=TranslatedCommand, help=help)
