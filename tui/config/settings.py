"""Every key of the configuration, said once: what it takes, its default, what it is for.

Reading, `kehu config`, completion and the documentation follow from `SETTINGS`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

from tui.client.service import ALGORITHMS, DIALECTS, ENCODINGS, OPERATIONS, TRUSTS
from tui.locale import LANGUAGES
from tui.model.errors import N_
from tui.model.masking import Mask
from tui.model.template import KINDS

Kind = Literal["text", "flag", "number", "whole", "texts", "keys", "table", "tables"]

Path = tuple[str | int, ...]
"""A key's whole name, part by part; a number is the place of a `[[table]]` among its like, from 1 on."""

ANY = "*"
"""Any name, in a declared key."""

PAGE_SIZE_LIMIT = 1000
"""Rows a page at the most: juzi's documented limit, the highest of the three."""

TIMEOUT_LIMIT = 600.0
"""Seconds; beyond ten minutes a call is not slow but lost."""

CREDENTIALS = tuple(name + source for name in ("token", "secret") for source in ("", "_env", "_command", "_keyring"))
"""Where a profile's token or secret may come from: one of them is given, and stands for all when one is locked."""


class Setting(NamedTuple):
    """One key. `*` in its name stands for any name, or for any of several tables of that name."""

    key: str
    kind: Kind
    help: str
    """What it is for, in one sentence; a message of the catalogue."""
    default: object = None
    """What holds where nobody says anything; None for nothing."""
    choices: Collection[str] = ()
    low: float = 0
    high: float = 0
    required: bool = False
    """Its table makes no sense without it."""
    secret: bool = False
    """Its value is never shown."""
    empty: bool = False
    """A text of no letters is a value too."""

    @property
    def path(self) -> tuple[str, ...]:
        """The parts of its name."""
        return tuple(self.key.split("."))


def _credential(name: str) -> tuple[Setting, ...]:
    at = f"profiles.*.{name}"
    return (
        Setting(at, "text", N_("The token or secret itself; the file must be private (0600)."), secret=True),
        Setting(f"{at}_env", "text", N_("The variable that holds the token or secret.")),
        Setting(f"{at}_command", "text", N_("The command whose first line of output is the token or secret.")),
        Setting(f"{at}_keyring", "flag", N_("Whether the token or secret is in the keyring.")),
    )


def _road(table: str) -> tuple[Setting, ...]:
    """How the vendor, or the team's server, is reached."""
    return (
        Setting(f"{table}.allow_http", "flag", N_("Whether http:// is taken beyond this machine."), False),
        Setting(
            f"{table}.proxy",
            "text",
            N_("The proxy's address, http:// or socks5://; none ignores the environment's."),
            "",
            secret=True,
        ),
        Setting(f"{table}.trust", "text", N_("Whose authorities are trusted: kehu's, or this machine's."), "", TRUSTS),
        Setting(f"{table}.ca_file", "text", N_("A file with the authorities that are trusted."), ""),
        Setting(f"{table}.client_cert", "text", N_("A file with the certificate, and its key, that is shown."), ""),
    )


def _seconds(key: str, default: float) -> Setting:
    return Setting(key, "number", N_("Seconds that a call waits in silence."), default, low=0.1, high=TIMEOUT_LIMIT)


SETTINGS: tuple[Setting, ...] = (
    Setting("default_profile", "text", N_("The profile that kehu opens; the first one, unless it is said.")),
    Setting("language", "text", N_("The language; auto follows the environment's."), "auto", LANGUAGES),
    Setting(
        "theme",
        "text",
        N_("The colours; auto goes by the terminal, plain takes its own sixteen."),
        "auto",
        ("auto", "dark", "light", "plain"),
    ),
    Setting(
        "mask",
        "text",
        N_("What is hidden until it is revealed, in the desk, on the command line and in exports."),
        Mask.SENSITIVE.value,
        tuple(Mask),
    ),
    Setting("mouse", "flag", N_("Whether the desk takes the mouse, which keeps the terminal from selecting."), False),
    Setting("start_view", "text", N_("The view in which the desk begins; all customers, unless it is said."), ""),
    Setting("read_only", "flag", N_("Whether nothing is changed under any profile."), False),
    Setting(
        "locked",
        "texts",
        N_("In the host's file alone: the keys that no agent's file and no variable changes; * is any name."),
        (),
    ),
    Setting("keys", "table", N_("Each command's keys.")),
    Setting(
        "keys.*", "keys", N_("The keys of the command of that name, one or a list; an empty list takes them away.")
    ),
    Setting("profiles", "table", N_("The vendors' accounts, by name.")),
    Setting("profiles.*", "table", N_("One vendor's account, and who acts in it.")),
    Setting("profiles.*.dialect", "text", N_("What the vendor speaks."), None, DIALECTS.keys(), required=True),
    Setting("profiles.*.base_url", "text", N_("The vendor's address, https:// and without a path."), required=True),
    *_credential("token"),
    *_credential("secret"),
    Setting("profiles.*.app_id", "text", N_("The application id, for a vendor that signs its calls."), ""),
    Setting("profiles.*.user_id", "text", N_("The staff member who acts."), ""),
    Setting("profiles.*.next_contact", "text", N_("The vendor's field that holds the next contact."), ""),
    Setting("profiles.*.disable", "texts", N_("Calls that this tenant lacks, or must not make."), (), OPERATIONS),
    Setting("profiles.*.page_size", "whole", N_("Rows a page."), 100, low=1, high=PAGE_SIZE_LIMIT),
    _seconds("profiles.*.timeout", 20.0),
    *_road("profiles.*"),
    Setting("profiles.*.read_only", "flag", N_("Whether nothing is changed under it."), False),
    Setting(
        "profiles.*.find_path", "text", N_("useasy's path for a search, where the tenant has another."), empty=True
    ),
    Setting("profiles.*.signing", "table", N_("How calls are signed, where it is not the vendor's usual way.")),
    Setting("profiles.*.signing.algorithm", "text", N_("How the signature is made."), None, ALGORITHMS),
    Setting("profiles.*.signing.message", "text", N_("What is signed, with names in braces.")),
    Setting("profiles.*.signing.encoding", "text", N_("How the signature is written."), None, ENCODINGS),
    Setting("profiles.*.links", "table", N_("Other profiles whose customers are the same people.")),
    Setting("profiles.*.links.*", "table", N_("How the customers of the profile of that name are found.")),
    Setting("profiles.*.links.*.theirs", "text", N_("The field there that holds what ours does."), required=True),
    Setting("profiles.*.links.*.ours", "text", N_("The field here."), required=True),
    Setting("team", "table", N_("The team that this desk belongs to.")),
    Setting("team.url", "text", N_("Its server's address, https:// or unix: and a socket's path."), required=True),
    _seconds("team.timeout", 10.0),
    *_road("team"),
    Setting("views", "tables", N_("Lists that are asked for by name, or by a key.")),
    Setting("views.*.name", "text", N_("Its name."), required=True),
    Setting("views.*.query", "text", N_("Whom it shows, in the query language."), required=True),
    Setting(
        "views.*.columns", "texts", N_("Its columns, by name, label or code; the usual ones, unless it is said."), ()
    ),
    Setting("views.*.key", "text", N_("Its key, 1 to 9."), ""),
    Setting("templates", "tables", N_("Texts that are often written.")),
    Setting("templates.*.name", "text", N_("Its name."), required=True),
    Setting("templates.*.kind", "text", N_("Where it is offered."), KINDS[0], KINDS),
    Setting("templates.*.text", "text", N_("The text, with places in braces such as {today}."), required=True),
)
"""Every key, in the order of the documentation."""


@cache
def _declared() -> Mapping[tuple[str, ...], Setting]:
    return {setting.path: setting for setting in SETTINGS}


@cache
def below(pattern: tuple[str, ...]) -> Mapping[str, Setting]:
    """The keys of the declared table `pattern`, by their last part; the top's for an empty one."""
    depth = len(pattern) + 1
    return {path[-1]: one for path, one in _declared().items() if len(path) == depth and path[:-1] == pattern}


def pattern_of(path: Path) -> tuple[str, ...] | None:
    """The declared key that `path` is one of; None where there is none."""
    found: tuple[str, ...] = ()
    for part in path:
        known = below(found)
        if isinstance(part, int):
            found = (*found, ANY)
        elif part in known:
            found = (*found, part)
        elif ANY in known:
            found = (*found, ANY)
        else:
            return None
    return found


def setting_of(path: Path) -> Setting | None:
    """What is declared of the key `path`; None where it is no key."""
    pattern = pattern_of(path)
    return _declared().get(pattern) if pattern is not None else None


_PART = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^."\'\s\[\]]+))((?:\[[1-9]\d*\])*)\s*(?:\.|$)')
_BARE = re.compile(r"[A-Za-z0-9_*-]+")


def split_key(text: str) -> Path:
    """The parts of a key as TOML has it, `profiles."my team".base_url`, or as `dotted` does; empty where it is none."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            return ()
        quoted, literal, bare, places = found.groups()
        parts.append(json.loads(f'"{quoted}"') if quoted is not None else literal if literal is not None else bare)
        parts += [int(place) for place in re.findall(r"\d+", places)]
        at = found.end()
    return () if text.endswith(".") else tuple(parts)


def dotted(path: Iterable[str | int]) -> str:
    """The key `path` as TOML has it; a table among its like is named by its place: `views[2].name`."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            name = part if _BARE.fullmatch(part) or part.isidentifier() else json.dumps(part, ensure_ascii=False)
            shown += f".{name}" if shown else name
    return shown


def leaves() -> Iterator[Setting]:
    """Every key that has a value of its own."""
    return (setting for setting in SETTINGS if setting.kind not in ("table", "tables"))
