"""How the command line fails: the words, the JSON, and the exit code."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click

from tui import crash
from tui.cli.output import say, say_json
from tui.cli.streams import UnwritableError
from tui.locale import _
from tui.model.errors import KehuError
from tui.model.naming import nearest

SYNONYMS = {
    "ls": "list",
    "filter": "list --where FIELD:OP:VALUE",
    "search": "find",
    "grep": "find",
    "pull": "sync",
    "fetch": "sync",
    "refresh": "sync",
    "get": "show",
    "view": "show",
    "open": "show",
    "merge": "duplicates",
    "new": "add",
    "create": "add",
    "update": "edit",
    "set": "edit",
    "rm": "delete",
    "remove": "delete",
    "note": "follow",
    "queue": "outbox",
    "resend": "outbox retry",
    "retry": "outbox retry",
    "log": "journal",
    "history": "journal",
    "undo": "journal --undo CHANGE",
    "config": "profile",
    "login": "profile add",
    "check": "doctor",
    "serve": "sandbox",
}
"""What is typed, and what is meant; in the order of the help page."""

NEAR = 0.6
"""How alike (difflib's ratio) a slip of a command's name must be: they are short, and `undo` is much like `sandbox`."""


def meant(word: str, commands: Collection[str]) -> str:
    """What to type for `word`, which is none of `commands`; empty where nobody can say."""
    synonym = SYNONYMS.get(word.casefold(), "")
    return synonym if synonym.partition(" ")[0] in commands else nearest(word, commands, NEAR)


USAGE = 2
"""Exit code of a command line that makes no sense."""

UNWRITABLE = 1
"""Exit code where standard output takes no more: what was to be done may be done, what was to be told is not told."""


class Misused(click.UsageError):
    """The command line makes no sense; `todo` says what to write instead."""

    def __init__(self, message: str, todo: str = "") -> None:
        super().__init__(message)
        self.todo = todo


def report(error: KehuError | click.ClickException, *, as_json: bool) -> int:
    """Print `error` to standard error, as one JSON document or as what happened and what to do; its exit code."""
    if isinstance(error, KehuError):
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
    return UNWRITABLE


def report_fault(error: Exception, path: Path | None, *, as_json: bool) -> None:
    """Print to standard error that a fault of our own, written down in `path`, ended the command."""
    _tell(_facts("fault", *crash.told(error, path)), as_json)


def say_error(error: KehuError) -> None:
    """Tell a person of `error`, which does not end the command."""
    _say(error.message(_), error.hint(_))


def _say(message: str, todo: str) -> None:
    say(f"kehu: {message}")
    if todo:
        say(f"      {todo}")


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
    """What is wrong with the command line, in the agent's language."""
    match error:
        case click.NoSuchOption():
            text = _("there is no option {name}").format(name=error.option_name)
            return _with_nearest(text, ", ".join(error.possibilities or ()))
        case click.exceptions.NoSuchCommand():
            text = _("there is no command {name}").format(name=error.command_name)
            return _with_nearest(text, meant(error.command_name, _commands(error.ctx)))
        case click.MissingParameter(param=click.Parameter() as param):
            return _("{name} is missing").format(name=param.get_error_hint(error.ctx).strip("'"))
        case click.BadParameter(param=click.Parameter() as param):
            name = param.get_error_hint(error.ctx).strip("'")
            return _("{name} does not take this: {reason}").format(name=name, reason=error.message)
        case _ as other:
            return other.format_message()


def _commands(ctx: click.Context | None) -> list[str]:
    return ctx.command.list_commands(ctx) if ctx and isinstance(ctx.command, click.Group) else []


def _with_nearest(text: str, close: str) -> str:
    return _("{problem}; did you mean {nearest}?").format(problem=text, nearest=close) if close else text
