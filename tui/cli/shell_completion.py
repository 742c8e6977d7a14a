"""`kehu completion`: what a shell completes. Nothing is asked of a vendor, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click
from click.shell_completion import CompletionItem, ShellComplete

from tui.cli.output import put
from tui.cli.session import Session, command, pass_session
from tui.cli.shell_words import TypedLine, completed, read_line
from tui.cli.streams import write_fields
from tui.config import Config, choose
from tui.locale import N_, _
from tui.model.errors import KehuError
from tui.text import fit, width

if TYPE_CHECKING:
    from tui.app.known import KnownNames

SHELLS = ("bash", "zsh", "fish")

LONGEST_ABOUT = 60
"""Cells of a candidate's description."""

OPEN_ENDS = ("=", ":", ",")
"""What a value ends with that goes on."""

CONDITION = ":eq:"
"""Between a field and its value in `--where`."""

OWN_FIELDS = ("name", "company", "owner", "description", "tags", "phones", "emails", "wechat", "qq")
"""Fields that go by the same name everywhere, for where no configuration was seen yet."""


@command(
    "completion", help=N_("Print what makes a shell complete kehu's commands, options, fields, colleagues and views.")
)
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
@pass_session
def completion(session: Session, shell: str) -> None:
    """Print the script for `shell`."""
    put(SCRIPTS[shell].strip("\n"))


def complete(arguments: Sequence[str]) -> int:
    """Answer a script of `SCRIPTS`: a shell's name and its line; candidates, one a line. It never fails.

    Bash gives its word breaks, the cursor's place and the line; the others the words up to the cursor, without quotes.
    """
    shell, *rest = arguments or [""]
    try:
        if shell == "bash" and len(rest) == 3:
            breaks, point, text = rest
            line = read_line(_before(text, int(point)), breaks)
            _tell_bash(line, _candidates(line.words[1:], line.current))
        elif shell in SHELLS:
            *words, current = rest or [""]
            _tell_described(shell, _candidates(words, current))
    except (click.ClickException, KehuError, OSError, ValueError):
        pass  # a shell has no place to tell it, and the command that is typed will
    return 0


def _before(line: str, point: int) -> str:
    """`line` up to the cursor at `point`: in characters, as newer versions of bash count, or in bytes at its end."""
    return line[:point]


def _candidates(words: Sequence[str], current: str) -> list[CompletionItem]:
    from tui.cli.group import kehu

    name, equals, value = current.partition("=")
    if equals and name.startswith("--"):  # --set=NAME… is one word: what is completed is its value
        items = ShellComplete(kehu, {"obj": Session()}, "kehu", "").get_completions([*words, name], value)
        return [CompletionItem(f"{name}={item.value}", item.type, item.help) for item in items]
    return ShellComplete(kehu, {"obj": Session()}, "kehu", "").get_completions(list(words), current)


def _tell_bash(line: TypedLine, items: Iterable[CompletionItem]) -> None:
    """First how: `file`, `open` where more is to be typed after it, or `word`; then what takes the word's place."""
    items = [item for item in items if item.type != "plain" or (item.value.isprintable() and item.value)]
    values = [item.value for item in items if item.type == "plain"]
    if any(item.type in ("file", "dir") for item in items):
        put("file")
    else:
        put("open" if values and all(value.endswith(OPEN_ENDS) for value in values) else "word")
    for value in values:
        if value.startswith(line.current):
            write_fields(completed(line, value))


def _tell_described(shell: str, items: Iterable[CompletionItem]) -> None:
    """Value, for zsh whether it goes on, and description, tabs between."""
    for item in items:
        if item.type in ("file", "dir"):
            write_fields(".\tfile" if shell == "zsh" else "\tfile")
        elif item.value.isprintable() and item.value:
            about = _first_words(_(item.help)) if item.help else ""
            goes_on = "open" if item.value.endswith(OPEN_ENDS) else "word"
            write_fields("\t".join([item.value, goes_on, about] if shell == "zsh" else [item.value, about]))


def _first_words(text: str) -> str:
    """The first sentence of `text`, cut where it is long: what stands beside a candidate."""
    sentence = re.split(r"[.:;。：；]", " ".join(text.split()), maxsplit=1)[0]
    return fit(sentence, min(width(sentence), LONGEST_ABOUT))


# What there is to complete


class _Known(NamedTuple):
    config: Config
    names: KnownNames


def _known(ctx: click.Context) -> _Known:
    from tui.app.known import KnownNames, known_names

    session = ctx.find_object(Session) or Session()
    config = session.read_config()
    try:
        profile = choose(config, session.profile_name)
    except KehuError:
        return _Known(config, KnownNames())
    return _Known(config, known_names(config.data_dir, profile.name))


def values_of(ctx: click.Context, param: click.Parameter, current: str) -> list[CompletionItem]:
    """Return what `param` of the command of `ctx` may go on with after `current`: options by name, arguments by the
    command too.
    """
    path = ctx.command_path.split()[1:]
    key = param.opts[0] if isinstance(param, click.Option) else " ".join([*path, param.name or ""])
    source = SOURCES.get(key)
    if source is None:
        return []
    try:
        found = list(source(_known(ctx), current))
    except KehuError:
        return []
    return [CompletionItem(value, help=about or None) for value, about in found if value.startswith(current)]


Found = Iterator[tuple[str, str]]


def _profiles(known: _Known, current: str) -> Found:
    for profile in known.config.profiles.values():
        yield profile.name, profile.title


def _colleagues(known: _Known, current: str) -> Found:
    yield from known.names.colleagues
    yield from ((name, id) for id, name in known.names.colleagues if name and name != id)


def _fields(known: _Known) -> Found:
    """Codes with their labels, and labels with their codes."""
    specs = known.names.fields
    codes = [(spec["code"], spec["label"]) for spec in specs]
    yield from codes
    yield from ((label, code) for code, label in codes if label and label != code)
    yield from ((name, "") for name in OWN_FIELDS if name not in dict(codes))


def _valued(known: _Known, current: str, parting: str) -> Found:
    """Fields, and once one is named its choices."""
    name, parted, _value = current.partition(parting)
    if not parted:
        yield from ((f"{field}{parting}", about) for field, about in _fields(known))
        return
    for spec in known.names.fields:
        if name in (spec["code"], spec["label"]):
            for choice in spec.get("choices") or ():
                yield f"{name}{parting}{choice['label']}", choice["key"]


def _sets(known: _Known, current: str) -> Found:
    yield from _valued(known, current, "=")


def _conditions(known: _Known, current: str) -> Found:
    yield from _valued(known, current, CONDITION)
    name, parted, operator = current.partition(":")
    if parted and "empty".startswith(operator):
        yield f"{name}:empty", ""


def _columns(known: _Known, current: str) -> Found:
    from tui.model.columns import COLUMNS

    before, comma, _last = current.rpartition(",")
    given = before.split(",")
    names = [(key, _(column.label)) for key, column in COLUMNS.items()]
    for name, about in dict([*names, *_fields(known)]).items():
        if name not in given:
            yield f"{before}{comma}{name}", about


def _views(known: _Known, current: str) -> Found:
    from tui.model.saved_view import DELIVERED

    yield from ((name, "") for kind, name in known.names.presets if kind == "view")
    yield from ((view.name, view.query) for view in known.config.views)
    yield from ((_(view.name), view.query) for view in DELIVERED)


def _templates(known: _Known, current: str) -> Found:
    yield from ((name, kind) for kind, name in known.names.presets if kind in ("follow", "remark"))
    yield from ((one.name, one.kind) for one in known.config.templates)


def _template_kinds(known: _Known, current: str) -> Found:
    yield from (("follow", ""), ("remark", ""))


def _dialects(known: _Known, current: str) -> Found:
    yield from (("juzi", ""), ("useasy", ""), ("ima", ""))


def _commands(known: _Known, current: str) -> Found:
    from tui.cli.group import COMMANDS

    yield from ((name, "") for name in COMMANDS)


SOURCES = {
    "--profile": _profiles,
    "--user": _colleagues,
    "--owner": _colleagues,
    "--by": _colleagues,
    "--set": _sets,
    "--where": _conditions,
    "--columns": _columns,
    "--kind": _template_kinds,
    "--dialect": _dialects,
    "profile test name": _profiles,
    "profile remove name": _profiles,
    "profile default name": _profiles,
    "view save name": _views,
    "view remove name": _views,
    "template save name": _templates,
    "template remove name": _templates,
    "help names": _commands,
}
"""What the values of an option are, by its name, and those of an argument, by its command's and its own."""

SCRIPTS = {
    "bash": r"""
# kehu's completion for bash 4.4 or newer. To have it:  eval "$(kehu completion bash)"
_kehu() {
    local how line
    COMPREPLY=()
    {
        read -r how
        while IFS= read -r line; do COMPREPLY+=("$line"); done
    } < <("$1" _complete bash "$COMP_WORDBREAKS" "$COMP_POINT" "$COMP_LINE" 2>/dev/null)
    case $how in
        file) compopt -o default ;;
        open) compopt -o nospace ;;
    esac
}
complete -o nosort -F _kehu kehu
""",
    "zsh": r"""
#compdef kehu
# kehu's completion for zsh, after compinit. To have it:  eval "$(kehu completion zsh)"
_kehu() {
    local value about how
    local -a open words_ about_open about_words
    while IFS=$'\t' read -r value how about; do
        if [[ $how == file ]]; then
            _files
        elif [[ $how == open ]]; then
            open+=("$value"); about_open+=("$value${about:+  -- $about}")
        else
            words_+=("$value"); about_words+=("$value${about:+  -- $about}")
        fi
    done < <("${(Q)words[1]}" _complete zsh "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    (( $#words_ )) && compadd -l -d about_words -a words_
    (( $#open )) && compadd -l -S '' -d about_open -a open
    return 0
}
compdef _kehu kehu
""",
    "fish": r"""
# kehu's completion for fish. To have it:  kehu completion fish | source
function _kehu_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l plain (string unescape -- $current 2>/dev/null; or string trim -l -c "'\"" -- $current)
    set -l found ($words[1] _complete fish $words[2..-1] "$plain" 2>/dev/null)
    if contains -- \tfile $found
        __fish_complete_path $current
    else
        string join -- \n $found
    end
end
complete -c kehu -f -a '(_kehu_complete)'
""",
}
"""What each shell runs: it asks `kehu _complete`, and quotes as it does itself (bash: as `shell_words` does)."""
