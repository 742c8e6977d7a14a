"""What stands between an agent and a working desk: each fact with what to do about it."""

from __future__ import annotations

import locale
import os
import re
import shlex
import shutil
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.config import Config, Profile, data_folder, told_choice
from tui.config.layers import host_files
from tui.config.settings import dotted
from tui.locale import N_, _, language, ngettext
from tui.model.errors import AuthError, ConfigError, KehuError, NetworkError, NotFoundError
from tui.text import human_size
from widgets.driver.terminfo import over_ssh

if TYPE_CHECKING:
    from tui.desk.desk import Desk
    from tui.desk.linked.linked_people import LinkedPeople

CLOCK_TOLERANCE = 60.0
"""Seconds that two clocks may differ: the Date header counts whole seconds, and signatures live for minutes."""

HEADER_STEP = 1.5
"""Seconds that the Date header alone may make of two clocks that agree."""

NOBODY = "0"
"""An id that no customer has: asking for it proves the line where a vendor has neither a list nor fields."""

SMALLEST = (80, 24)
"""Columns and rows below which the desk shows less than one whole pane."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact. `ok` is None where it is neither right nor wrong; texts are in the agent's language."""

    topic: str
    ok: bool | None
    found: str
    todo: str = ""
    exit_code: int = 0
    """What `kehu` would end with because of it."""


ROAD_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables of the environment by which calls find their way, in capitals."""

TOPICS = (
    *(N_("versions"), N_("path"), N_("locked"), N_("variable")),
    *(N_("configuration"), N_("private"), N_("keys"), N_("data"), N_("profile"), N_("proxy"), N_("certificates")),
    *(N_("client certificate"), N_("credential"), N_("address"), N_("clock"), N_("read"), N_("link")),
    *(N_("other profile"), N_("installation"), N_("terminal"), N_("drawing"), N_("language")),
)
"""What is looked at, in order; scripts read these words, people their translation."""


def of_error(topic: str, error: KehuError) -> Finding:
    """`topic` went wrong with `error`."""
    return Finding(topic, False, error.message(_), error.hint(_), error.exit_code)


def of_files(config: Config) -> Iterator[Finding]:
    """Where configuration and data are, and whether others can read them."""
    from tui.config.file import is_private

    if config.path is None:
        yield Finding("configuration", None, _("none: this is the demo"), _("Add a vendor: kehu profile add NAME"))
    else:
        yield Finding("configuration", True, str(config.path))
        private = is_private(config.path)
        mend = f"chmod 600 {shlex.quote(str(config.path))}"
        yield Finding(
            "private",
            private or None,
            _("nobody else can read it") if private else _("others can read it; it holds no secret"),
            "" if private else mend,
        )
    yield _of_data(config.data_dir)


def of_versions() -> Finding:
    """What this program is made of."""
    import platform
    import sqlite3
    from importlib.metadata import PackageNotFoundError, version

    parts = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for name in ("textual", "httpx", "pydantic", "click", "tomlkit"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            parts.append(f"{name} –")
    parts.append(f"{platform.system()} {platform.release()}")
    return Finding("versions", None, f"kehu {version('kehu')}, " + ", ".join(parts))


def of_paths(config_file: Path, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Every file of the configuration, and the folder of the data, there or not."""
    found = [(_("the host's"), path) for path in host_files(environ)]
    found += [(_("the agent's"), config_file), (_("data"), data_folder(environ))]
    for whose, path in found:
        state = _("in force") if os.path.lexists(path) else _("not there")
        yield Finding("path", None, f"{whose}: {path} ({state})")


def of_locks(config: Config) -> Iterator[Finding]:
    """What the host locks, and what was said and does not count because of it."""
    for lock in config.layers.locks:
        yield Finding("locked", None, f"{dotted(lock.key)} ({lock.place})")
    for error in config.layers.ignored:
        yield Finding("locked", None, error.message(_), error.hint(_))


def of_variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    """kehu's own variables that are set, and those by which calls find their way; passwords in them are not shown."""
    for name in sorted(environ):
        if environ[name] and (name.startswith("KEHU_") or name.upper() in ROAD_VARIABLES):
            yield Finding("variable", None, f"{name}={re.sub('//[^@/]*@', '//***@', environ[name])}")


def redacted(text: str, config: Config | None, environ: Mapping[str, str]) -> str:
    """`text` without whoever is named in it: the home, the user, who acts, phones and addresses of mail."""
    import getpass

    people = [profile.user_id for profile in config.profiles.values()] if config is not None else []
    people += [environ.get("KEHU_USER", "")]
    text = text.replace(os.path.expanduser("~"), "~")
    for person in sorted(filter(None, people), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(person)}(?!\w)", "<user>", text)
    if (user := getpass.getuser()) != "root":
        text = re.sub(rf"(?<!\w){re.escape(user)}(?!\w)", "<login>", text)
    text = re.sub(r"[\w.+-]+@[\w-]+\.[\w.-]+", "<mail>", text)
    return re.sub(r"(?<![\w.])\+?\d{7,}(?![\w.])", "<number>", text)


def _of_data(folder: Path) -> Finding:
    existing = next((path for path in (folder, *folder.parents) if os.path.exists(path)), folder)
    if not os.access(existing, os.W_OK | os.X_OK):
        return Finding(
            "data",
            False,
            _("{folder} cannot be written").format(folder=folder),
            _("Give it to yourself, or name another folder in KEHU_DATA_DIR."),
            3,
        )
    free = shutil.disk_usage(existing).free
    return Finding("data", True, _("{folder}, {free} free").format(folder=folder, free=human_size(free)))


def of_keys(config: Config) -> Iterator[Finding]:
    """What of the configuration's keys is not in force, and which commands have lost theirs."""
    problems = key_problems(config)
    yield from (of_error("keys", problem) for problem in problems)
    if config.keys and not problems:
        count = len(config.keys)
        text = ngettext("{count} command has keys of its own", "{count} commands have keys of their own", count)
        yield Finding("keys", True, text.format(count=count))


def of_environment(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Which profile and colleague variables choose, where any does."""
    if told := told_choice(config, environ):
        yield Finding("profile", None, told)


def key_problems(config: Config) -> Sequence[ConfigError]:
    """What of the configuration's keys is not in force, and who has lost theirs."""
    if not config.keys and not config.key_problems:
        return ()
    from tui.screens.main.keymap import form_problems, keymap_of  # they know Textual, which few need a doctor for

    return [*keymap_of(config).problems, *form_problems(config)]


def of_profile(profile: Profile) -> Finding:
    """Who is called, and who acts."""
    who = profile.user_id or _("nobody in particular")
    text = _("{name}: {title} at {place}, acting as {who}")
    if profile.read_only:
        text = _("{name}: {title} at {place}, acting as {who}; read-only")
    return Finding(
        "profile",
        True if profile.user_id else None,
        text.format(name=profile.name, title=profile.title, place=profile.place, who=who),
        "" if profile.user_id else _("Set user_id, or say --user with every remark and follow-up."),
    )


async def of_line(desk: Desk) -> AsyncIterator[Finding]:
    """Whether the address answers, how far the clocks differ, and what the vendor says to a read."""
    error: KehuError | None = None
    total = None
    try:
        total = await read_once(desk)
    except NetworkError as unreached:
        yield of_error("address", unreached)
        return
    except KehuError as refused:
        error = refused
    connection_info = desk.connection_info
    latency = (
        _("answers after {latency:.0f} ms").format(latency=connection_info.latency_ms)
        if connection_info
        else _("answers")
    )
    yield Finding("address", True, f"{desk.settings.place}: {latency}")
    yield _of_clock(connection_info.clock_ahead_s if connection_info else None)
    if error is not None:
        yield of_error("read", error)
    else:
        count = "" if total is None else ngettext("{count} customer", "{count} customers", total)
        yield Finding("read", True, count.format(count=f"{total:,}") if total is not None else _("accepted"))


def _of_clock(ahead: float | None) -> Finding:
    if ahead is None:
        return Finding("clock", None, _("the vendor does not tell the time"))
    if abs(ahead) <= HEADER_STEP:
        text = _("the vendor's clock agrees with this one")
    else:
        told = _("the vendor's clock is {seconds} s ahead of this one")
        behind = _("the vendor's clock is {seconds} s behind this one")
        text = (told if ahead > 0 else behind).format(seconds=f"{round(abs(ahead)):,}")
    if abs(ahead) <= CLOCK_TOLERANCE:
        return Finding("clock", True, text)
    return Finding("clock", False, text, _("Set this machine's clock: timedatectl set-ntp true"), AuthError.exit_code)


async def read_once(desk: Desk) -> int | None:
    """Read the least that proves the line, past every cache: how many customers there are, where the vendor tells.

    Raises: KehuError.
    """
    from tui.model.customer import Query

    if desk.capabilities.can("list"):
        return (await desk.page(Query(size=1))).total
    if desk.capabilities.can("fields"):
        await desk.fields(refresh=True)
        return None
    try:
        await desk.customer(NOBODY)
    except NotFoundError:
        pass  # a clear answer is all that is wanted
    return None


async def of_links(desk: Desk, people: LinkedPeople) -> AsyncIterator[Finding]:
    """Where else customers are looked for and by what, and whether that can work; no vendor is asked."""
    from tui.desk.linked.link import outlook

    for link in people.links:
        source = link.linked_profile.source
        text = _("{profile} ({title}): {theirs} there is {ours} here").format(
            profile=source.profile, title=source.title, theirs=link.theirs, ours=link.ours
        )
        try:
            unread = await outlook(link, desk)
        except KehuError as error:
            yield Finding("link", False, f"{text}: {error.message(_)}", error.hint(_), error.exit_code)
            continue
        todo = _("Read the fields there once, to know that there is such a one: kehu fields --profile {profile}")
        yield Finding("link", None if unread else True, text, todo.format(profile=unread[0]) if unread else "")


def of_terminal(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What the terminal is, as far as it says."""
    columns, rows = shutil.get_terminal_size()
    remote = _("over SSH") if over_ssh(environ) else _("on this machine")
    colours = _("no colours (NO_COLOR)") if environ.get("NO_COLOR") else _colours(environ)
    inside = [_("inside tmux")] if environ.get("TMUX") else []
    term = environ.get("TERM", "")
    size = f"{columns}×{rows}"
    usable = term not in ("", "dumb")
    todo = "" if usable else _("Set TERM to what the terminal is, such as xterm-256color.")
    if usable and (columns < SMALLEST[0] or rows < SMALLEST[1]):
        todo = _("Make it {columns}×{rows} or larger to see a whole pane.").format(
            columns=SMALLEST[0], rows=SMALLEST[1]
        )
    facts = (f"TERM={term or '–'}", size, colours, *inside, remote)
    yield Finding("terminal", usable or None, ", ".join(facts), todo)
    yield _of_drawing(environ)
    encoding = (sys.stdout.encoding or locale.getpreferredencoding(False)).lower()
    wide = encoding.replace("-", "") == "utf8"
    yield Finding(
        "language",
        wide or None,
        f"{language()}, {encoding}",
        "" if wide else _("Choose a UTF-8 locale: export LC_ALL=C.UTF-8"),
    )


def _of_drawing(environ: Mapping[str, str]) -> Finding:
    """What the desk chose for this terminal and the line to it."""
    if environ.get("KEHU_DRIVER", "") == "plain":
        sent = _("whole stretches of the screen are sent (KEHU_DRIVER=plain)")
        todo = _("Unset KEHU_DRIVER for fewer bytes over a slow line.") if over_ssh(environ) else ""
    else:
        sent, todo = _("only what changed is sent, nothing while idle"), ""
    if environ.get("TMUX") or environ.get("TERM", "").startswith("tmux"):
        copied = _("y copies through tmux (OSC 52)")
    elif environ.get("STY"):
        copied = _("y copies through screen (OSC 52)")
    elif environ.get("TERM", "").startswith("screen"):
        copied = _("y copies through screen or tmux (OSC 52)")
    else:
        copied = _("y copies by OSC 52")
    waits = [_("/ shows whom it finds once the typing rests")] if over_ssh(environ) else []
    return Finding("drawing", True, ", ".join((sent, copied, *waits)), todo)


def _colours(environ: Mapping[str, str]) -> str:
    if environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return _("all colours")
    return _("256 colours") if "256color" in environ.get("TERM", "") else _("16 colours")
