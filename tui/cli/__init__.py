"""The `kehu` command: without arguments it opens the desk, its subcommands run headless."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from tui.client.errors import KehuError
from tui.loading import begin_loading
from tui.locale import set_language

COMMANDS = {
    "list": "tui.cli.reading:list_",
    "find": "tui.cli.finding:find",
    "sync": "tui.cli.sync:sync",
    "show": "tui.cli.reading:show",
    "fields": "tui.cli.reading:fields",
    "duplicates": "tui.cli.duplicates:duplicates",
    "add": "tui.cli.changing:add",
    "edit": "tui.cli.changing:edit",
    "delete": "tui.cli.changing:delete",
    "remark": "tui.cli.noting:remark",
    "follow": "tui.cli.noting:follow",
    "outbox": "tui.cli.outbox:outbox",
    "journal": "tui.cli.journal:journal",
    "profile": "tui.cli.profiles:profile",
    "doctor": "tui.cli.doctor:doctor",
    "sandbox": "tui.cli.sandbox:sandbox",
}
"""Every subcommand, in the order of the help page, and where it is."""

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it: 128 and the signal's number."""

BROKEN_PIPE = 141
"""Exit code after the reader of our output went away: 128 and the signal's number."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with ARGUMENTS, those of the process by default; its exit code."""
    if arguments is None:
        arguments = sys.argv[1:]
        begin_loading()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal's encoding lacks is no crash
    set_language("auto", os.environ)
    try:
        exit_code = _run_command(arguments) if arguments else _open_default_desk()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python would try again to write what is left when it ends, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return exit_code


def _run_command(arguments: Sequence[str]) -> int:
    from tui.cli.group import run_command

    return run_command(arguments)


def _open_default_desk() -> int:
    """Open the desk on the default profile: its first frame does not wait for what takes options apart."""
    from tui.early_keys import kept_keys

    with kept_keys():
        from tui.config import choose, load
        from tui.start import open_desk

        try:
            config = load()
            set_language(config.language, os.environ)
            return open_desk(config, choose(config, None))
        except KehuError as error:
            from tui.cli.failures import report

            return report(error, as_json=False)
