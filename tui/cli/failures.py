"""How the command line fails: the words, the JSON, and the exit code."""

from __future__ import annotations

from pathlib import Path

import click

from tui import crash
from tui.cli.exit_codes import PARTLY, USAGE
from tui.cli.output import say_json, warn
from tui.cli.streams import UnwritableError, tell_text
from tui.cli.synonyms import meant_command, meant_option
from tui.locale import _
from tui.model.errors import KehuError
from tui.text import plain


class Misused(click.UsageError):
    """The command line makes no sense; `todo` says what to write instead."""

    def __init__(self, message: str, todo: str = "") -> None:
        super().__init__(message)
        self.todo = todo


def report(error: KehuError | click.ClickException, *, as_json: bool) -> int:
    """Print `error` to standard error, as one JSON document or as what happened and what to do; its exit code."""
    if isinstance(error, KehuError):
        crash.log(error)
        facts, exit_code = error_json(error), error.exit_code
    else:
        todo = error.todo if isinstance(error, Misused) else ""
        if not todo and isinstance(error, click.UsageError) and error.ctx is not None:
            todo = _("See {command}.").format(command=f"{error.ctx.command_path} --help")
        facts, exit_code = _facts("usage", usage_message(error), todo), USAGE
    _tell(facts, as_json)
    return exit_code


def report_unwritable(error: UnwritableError, *, as_json: bool) -> int:
    """Print to standard error that standard output took no more, and why; the exit code."""
    message = _("standard output cannot be written: {reason}").format(reason=error)
    todo = _("What was written so far may be cut off; what was changed stays changed.")
    _tell(_facts("output", message, todo), as_json)
    return PARTLY


def report_fault(error: Exception, path: Path | None, *, as_json: bool) -> None:
    """Print to standard error that a fault of our own, written down in `path`, ended the command."""
    _tell(_facts("fault", *crash.told(error, path)), as_json)


def say_error(error: KehuError, about: str = "") -> None:
    """Tell a person of `error`, which does not end the command; `about` is what of several it is about."""
    crash.log(error)
    message = error.message(_)
    _say(f"{about}: {message}" if about and about not in message else message, error.hint(_))


def _say(message: str, todo: str) -> None:
    tell_text(plain(f"kehu: {message}"), "error", len("kehu:"))
    if todo:
        warn(f"      {todo}")


def error_json(error: KehuError) -> dict[str, str]:
    """`error` as scripts read it."""
    return {"kind": error.kind, "code": error.code, "message": error.message(_), "todo": error.hint(_)}


def _facts(kind: str, message: str, todo: str) -> dict[str, str]:
    """An error that no `KehuError` tells of, as scripts read it."""
    return {"kind": kind, "code": "", "message": message, "todo": todo}


def _tell(facts: dict[str, str], as_json: bool) -> None:
    if as_json:
        say_json({"error": facts})
    else:
        _say(facts["message"], facts["todo"])


def usage_message(error: click.ClickException) -> str:
    """What is wrong with the command line, in the agent's language: none of click's own sentences is shown."""
    match error:
        case click.NoSuchOption():
            text = _("there is no option {name}").format(name=error.option_name)
            return _with_nearest(text, meant_option(error.option_name, _options(error.ctx)))
        case click.exceptions.NoSuchCommand():
            text = _("there is no command {name}").format(name=error.command_name)
            return _with_nearest(text, meant_command(error.command_name, _commands(error.ctx)))
        case click.MissingParameter(param=click.Parameter() as param):
            return _("{name} is missing").format(name=_name(param, error.ctx))
        case click.BadParameter(param=click.Parameter() as param):
            return _("{name} does not take this: {reason}").format(name=_name(param, error.ctx), reason=error.message)
        case click.BadOptionUsage():
            return _misused_option(error.option_name, error.ctx)
        case _ as other:
            return other.format_message()


def _name(param: click.Parameter, ctx: click.Context | None) -> str:
    """What a person calls `param`: an option by its long name, an argument as the help has it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(ctx or click.Context(click.Command(None))).strip("[]….")


def _misused_option(name: str, ctx: click.Context | None) -> str:
    """What is wrong where the option `name` has no value, or has one that it does not take."""
    for param in ctx.command.get_params(ctx) if ctx is not None else ():
        if isinstance(param, click.Option) and name in (*param.opts, *param.secondary_opts) and not param.is_flag:
            value = param.metavar or param.type.name.upper()
            return _("{name} needs a value: {name} {value}").format(name=name, value=value)
    return _("{name} takes no value").format(name=name)


def _options(ctx: click.Context | None) -> list[str]:
    """The names of all options that the command of `ctx` takes."""
    params = ctx.command.get_params(ctx) if ctx is not None else ()
    return [
        name for param in params if isinstance(param, click.Option) for name in (*param.opts, *param.secondary_opts)
    ]


def _commands(ctx: click.Context | None) -> list[str]:
    return ctx.command.list_commands(ctx) if ctx and isinstance(ctx.command, click.Group) else []


def _with_nearest(text: str, close: str) -> str:
    return _("{problem}; did you mean {nearest}?").format(problem=text, nearest=close) if close else text
