"""Settings and profiles: where they live, how they are read, and what is wrong with them.

The host's TOML file, and the agent's over it: `--config FILE`, else `KEHU_CONFIG`, else `config.toml` in the platform's
configuration folder. Without one there are the demo profiles, on the embedded sandbox.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from tui.config.file import ConfigFile, refusal_if_shared
from tui.config.keys import read_keys
from tui.config.layers import APP, Layers, locked_away, read_layers
from tui.config.model import Config, LinkRule, Profile, SecretSource, TeamSettings
from tui.config.settings import Path as KeyPath
from tui.config.settings import dotted
from tui.config.table import Table, unknown
from tui.locale import _, listed
from tui.model.characters import clean_id
from tui.model.errors import N_, ConfigError
from tui.model.masking import Mask
from tui.model.saved_view import SavedView
from tui.model.template import Template

__all__ = [
    "SANDBOX",
    "Config",
    "LinkRule",
    "Profile",
    "SecretSource",
    "choose",
    "data_folder",
    "demo_profiles",
    "examine",
    "ignored_choices",
    "load",
    "profile_called",
    "told_choice",
]

SANDBOX = "sandbox.db"
"""The demo's customers at their three vendors, in the data folder."""

DEMO = "demo-"
"""What the names of the demo's profiles begin with."""


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where the desk keeps its data."""
    if named := environ.get("KEHU_DATA_DIR"):
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """What the host's files and `path` configure, else what the usual file does, else the demo.

    Raises: ConfigError for the first mistake, naming file, line and key, what was found and what was expected; of those
        in `[keys]` the configuration itself tells, and the rest of it holds. What is locked does not count, and the
        configuration tells that too.
    """
    config, mistakes = examine(path, environ)
    if config is None:
        raise mistakes[0]
    return config


def examine(
    path: Path | None = None, environ: Mapping[str, str] | None = None
) -> tuple[Config | None, tuple[ConfigError, ...]]:
    """The configuration, and all that is wrong with it; None with anything wrong but what `load` bears with.

    Raises: ConfigError for a file that cannot be read at all.
    """
    environ = os.environ if environ is None else environ
    return _read(read_layers(path, environ), environ)


def _read(layers: Layers, environ: Mapping[str, str]) -> tuple[Config | None, tuple[ConfigError, ...]]:
    table = layers.table()
    found = list(table.mistakes())
    unsound = {key[: len(key) if key[:1] != ("profiles",) else 2] for key, _error in found}
    mistakes = [*layers.mistakes, *(error for _key, error in found)]
    mistakes += [error for file in layers.files if (error := refusal_if_shared(file, _secrets_in(file)))]
    profiles, wrong = _profiles(table, unsound)
    mistakes += wrong
    templates, wrong = _templates(table, unsound)
    mistakes += wrong
    views, wrong = _views(table, unsound)
    mistakes += wrong
    team, wrong = _team(table, unsound)
    mistakes += wrong
    default = ""
    if not mistakes:
        profiles = profiles or demo_profiles()
        try:
            default = _default_profile(profiles, table)
        except ConfigError as error:
            mistakes.append(error)
    if mistakes:
        return None, tuple(mistakes)
    keys, key_problems = read_keys(table.table("keys"))
    config = Config(
        path=next((file.path for file in reversed(layers.files) if not file.host), None),
        data_dir=data_folder(environ),
        profiles=profiles,
        default_profile=default,
        language=table.text("language"),
        keys=keys,
        key_problems=key_problems,
        mouse=table.flag("mouse"),
        theme=table.text("theme"),
        mask=Mask(table.text("mask")),
        templates=templates,
        views=views,
        start_view=table.text("start_view"),
        team=team,
        read_only=table.flag("read_only"),
        layers=layers,
    )
    return config, ()


def choose(config: Config, name: str | None, environ: Mapping[str, str] | None = None) -> Profile:
    """The profile called `name`, or `KEHU_PROFILE`, or the default one; `KEHU_USER` is who acts in it.

    In the other profiles, whose vendors may know that colleague by another id, their own `user_id` acts. A variable
    changes nothing that is locked. The demo's profiles are there beside others, for whoever names them.
    Raises: ConfigError where there is no such profile, with its nearest neighbour.
    """
    chosen = _by_environment(config, os.environ if environ is None else environ, name)
    named = name or chosen.get("KEHU_PROFILE") or config.default_profile
    profile = _profile_called(config, named)
    if profile is None:
        what = N_("there is no profile {name}") if name else N_("KEHU_PROFILE is {name}, and there is no such profile")
        raise unknown(what, named, config.profiles)
    return replace(profile, user_id=chosen["KEHU_USER"]) if "KEHU_USER" in chosen else profile


def profile_called(config: Config, name: str) -> Profile:
    """The profile `name` as it is configured, or as it is in the demo, whatever the environment says.

    Raises: ConfigError, as `choose`.
    """
    return choose(config, name, {})


def _profile_called(config: Config, name: str) -> Profile | None:
    profile = config.profiles.get(name)
    if profile is None and name.startswith(DEMO):
        profile = demo_profiles().get(name)
    return replace(profile, read_only=True) if profile is not None and config.read_only else profile


def told_choice(config: Config, environ: Mapping[str, str]) -> str:
    """What `KEHU_PROFILE` and `KEHU_USER` choose, told in the agent's language; empty where neither does."""
    chosen = _by_environment(config, environ)
    given = listed(f"{name}={value}" for name, value in chosen.items())
    return _("by the environment: {variables}").format(variables=given) if chosen else ""


def ignored_choices(config: Config, name: str | None, environ: Mapping[str, str]) -> Iterator[ConfigError]:
    """What to tell where a variable does not choose, since that is locked; `name` is the profile that was named."""
    for variable, key in _choosing(config, environ, name).items():
        lock = config.layers.lock_of(key)
        if lock is not None and _value(environ, variable):
            yield locked_away(key, variable, lock)


def _by_environment(config: Config, environ: Mapping[str, str], name: str | None = None) -> dict[str, str]:
    """What the variables choose, but for what is locked; one that is empty is as one that is not set."""
    keys = _choosing(config, environ, name)
    given = {variable: _value(environ, variable) for variable in keys}
    return {variable: value for variable, value in given.items() if value and not config.layers.lock_of(keys[variable])}


def _choosing(config: Config, environ: Mapping[str, str], name: str | None) -> dict[str, KeyPath]:
    """The variables that choose the profile, and the colleague who acts in it, and the key that each stands for."""
    default = ("default_profile",)
    by_variable = "" if config.layers.lock_of(default) else _value(environ, "KEHU_PROFILE")
    profile = name or by_variable or config.default_profile
    return {"KEHU_PROFILE": default, "KEHU_USER": ("profiles", profile, "user_id")}


def _value(environ: Mapping[str, str], variable: str) -> str:
    """What `variable` says; what is no text in it is left out."""
    return clean_id(environ.get(variable, "").encode(errors="ignore").decode())


def demo_profiles() -> dict[str, Profile]:
    """One profile a dialect, all on one sandbox in the data folder; the first is the default."""
    from tui.sandbox.demo import DEMO_IDENTITY, DEMO_PROFILES

    return {
        name: Profile(
            name=name,
            dialect=demo["dialect"],
            base_url=demo["base_url"],
            secret=SecretSource("literal", demo.get("token") or demo["secret"]),
            app_id=demo.get("app_id", ""),
            user_id=demo["user_id"],
            links=tuple(
                LinkRule(other, theirs, DEMO_IDENTITY[name]) for other, theirs in DEMO_IDENTITY.items() if other != name
            ),
            demo=True,
        )
        for name, demo in DEMO_PROFILES.items()
    }


def _secrets_in(file: ConfigFile) -> list[str]:
    """The keys of `file` under which a secret stands in it."""
    profiles = file.values.get("profiles")
    found = []
    for name, values in profiles.items() if isinstance(profiles, dict) else ():
        if isinstance(values, dict):
            keys = [key for key in ("token", "secret") if key in values]
            keys += ["proxy"] if "@" in str(values.get("proxy", "")) else []
            found += [dotted(("profiles", name, key)) for key in keys]
    return found


def _profiles(table: Table, unsound: Collection[KeyPath]) -> tuple[dict[str, Profile], list[ConfigError]]:
    if "profiles" not in table or ("profiles",) in unsound:
        return {}, []
    from tui.config.profiles import read_profiles

    return read_profiles(table.table("profiles"), unsound)


def _templates(table: Table, unsound: Collection[KeyPath]) -> tuple[tuple[Template, ...], list[ConfigError]]:
    if "templates" not in table:
        return (), []
    from tui.config.views_templates import read_templates

    return read_templates(table, unsound)


def _views(table: Table, unsound: Collection[KeyPath]) -> tuple[tuple[SavedView, ...], list[ConfigError]]:
    if "views" not in table:
        return (), []
    from tui.config.views_templates import read_views

    return read_views(table, unsound)


def _team(table: Table, unsound: Collection[KeyPath]) -> tuple[TeamSettings | None, list[ConfigError]]:
    if "team" not in table or any(key[:1] == ("team",) for key in unsound):
        return None, []
    from tui.config.team import read_team

    try:
        return read_team(table.table("team")), []
    except ConfigError as error:
        return None, [error]


def _default_profile(profiles: Mapping[str, Profile], table: Table) -> str:
    name = table.text("default_profile") or next(iter(profiles))
    if name not in profiles:
        what = N_('{file}: {key} is "{name}", and there is no such profile')
        raise unknown(what, name, profiles, file=table.place("default_profile"), key="default_profile")
    return name
