"""The `kehu` command: without arguments it opens the desk, its subcommands run headless."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tui.app.loading import begin_loading
from tui.cli.exit_codes import BROKEN_PIPE
from tui.ending import INTERRUPTED, end_on_signals, exit_code, let_go_of_other_terminals
from tui.locale import set_language
from tui.model.errors import KehuError

try:
    from tui.cli.streams import UnwritableError, finish_output, give_up_output, standard_streams, typed_arguments
except ImportError:
    from tui.app.installation import end_with_strangers

    end_with_strangers()
    raise


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default; its exit code."""
    if arguments is None:
        arguments = typed_arguments(sys.argv[1:])
        begin_loading()
        end_on_signals()
        let_go_of_other_terminals()
    set_language("auto", os.environ)
    with standard_streams():
        if os.environ.get("KEHU_LOG"):
            _begin_log(os.environ["KEHU_LOG"], arguments)
        try:
            result = _run_command(arguments) if arguments else _open_default_desk()
            finish_output()
        except BrokenPipeError:
            give_up_output()
            return BROKEN_PIPE
        except KeyboardInterrupt:
            return exit_code(INTERRUPTED)
        except UnwritableError as error:
            give_up_output()
            return _report_unwritable(error, arguments)
        except Exception as error:  # noqa: BLE001  # the program's last line
            return _report_fault(error, arguments)
        return exit_code(result)


def _begin_log(file: str, arguments: Sequence[str]) -> None:
    """Write what the program does to `file`; where that cannot be, say so and go on."""
    import atexit
    from pathlib import Path

    from tui import program_log
    from tui.cli.group import COMMANDS
    from tui.cli.output import say
    from tui.locale import _

    try:
        program_log.begin(Path(file), arguments, COMMANDS)
    except OSError as error:
        say(_("KEHU_LOG: {file} cannot be written: {reason}").format(file=file, reason=error.strerror))
    else:
        atexit.register(program_log.end)


def _report_unwritable(error: UnwritableError, arguments: Sequence[str]) -> int:
    from tui.cli.failures import report_unwritable

    return report_unwritable(error, as_json="--json" in arguments)


def _report_fault(error: Exception, arguments: Sequence[str]) -> int:
    """Write down a fault of our own, and say where; Python would print the values in it too, and the error raw.

    None is ours where another package has taken the place of one of ours: that is told instead.
    """
    from tui import crash
    from tui.app.installation import strangers
    from tui.cli.failures import report, report_fault
    from tui.config import load

    if found := strangers():
        return report(found[0], as_json="--json" in arguments)

    try:
        path = crash.note(error, load().data_dir)
    except (KehuError, OSError):
        path = None
    report_fault(error, path, as_json="--json" in arguments)
    return crash.EXIT_CODE


COMPLETE = "_complete"
"""What the scripts of `kehu completion` call; no command, as no person types it."""


def _run_command(arguments: Sequence[str]) -> int:
    if arguments[0] == COMPLETE:
        from tui.cli.shell_completion import complete

        return complete(arguments[1:])
    from tui.cli.group import run_command

    return run_command(arguments)


def _open_default_desk() -> int:
    """Open the desk on the default profile: its first frame does not wait for what takes options apart."""
    from tui.app.early_keys import kept_keys

    with kept_keys():
        from tui.app.start import open_desk
        from tui.config import choose, load

        try:
            config = load()
            set_language(config.language, os.environ)
            return open_desk(config, choose(config, None))
        except KehuError as error:
            from tui.cli.failures import report

            return report(error, as_json=False)
