"""Settings and profiles: where they live, how they are read, and what is wrong with them.

One TOML file: `--config FILE`, else `KEHU_CONFIG`, else `config.toml` in the platform's configuration folder. Without
one there are the demo profiles, on the embedded sandbox.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tui.config.file import read_toml, refuse_if_shared
from tui.config.keys import read_keys
from tui.config.model import Config, LinkRule, Profile, SecretSource, TeamSettings
from tui.config.table import Table, unknown
from tui.locale import LANGUAGES, _, listed
from tui.model.characters import clean_id
from tui.model.errors import N_
from tui.model.saved_view import SavedView
from tui.model.template import Template

__all__ = [
    "SANDBOX",
    "Config",
    "LinkRule",
    "Profile",
    "SecretSource",
    "choose",
    "config_file",
    "data_folder",
    "load",
    "told_choice",
]

APP = "kehu"

CHOOSING = ("KEHU_PROFILE", "KEHU_USER")
"""Variables that choose the profile, and the colleague who acts in it."""

SANDBOX = "sandbox.db"
"""The demo's customers at their three vendors, in the data folder."""


def config_file(environ: Mapping[str, str]) -> Path:
    """Where the configuration is, or would be."""
    if named := environ.get("KEHU_CONFIG"):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False) / "config.toml"


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where the desk keeps its data."""
    if named := environ.get("KEHU_DATA_DIR"):
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Config:
    """What `path` configures, else what the usual file does, else the demo.

    Raises: ConfigError for the first mistake, naming file, key or line, what was found and what was expected; of those
        in `[keys]` the configuration itself tells, and the rest of it holds.
    """
    environ = os.environ if environ is None else environ
    data_dir = data_folder(environ)
    named = path is not None or bool(environ.get("KEHU_CONFIG"))
    path = path or config_file(environ)
    if not named and not path.exists():
        profiles = demo_profiles()
        return Config(None, data_dir, profiles, next(iter(profiles)))
    table = Table(read_toml(path), path)
    table.allow("default_profile", "language", "mouse", "keys", "profiles", "team", "templates", "views", "start_view")
    profiles = _profiles(table)
    keys, key_problems = read_keys(table.table("keys"))
    return Config(
        path=path,
        data_dir=data_dir,
        profiles=profiles,
        default_profile=_default_profile(table, profiles),
        language=table.choice("language", LANGUAGES, "auto"),
        keys=keys,
        key_problems=key_problems,
        mouse=table.flag("mouse"),
        templates=_templates(table),
        views=_views(table),
        start_view=table.text("start_view", ""),
        team=_team(table),
    )


def choose(config: Config, name: str | None, environ: Mapping[str, str] | None = None) -> Profile:
    """The profile called `name`, or `KEHU_PROFILE`, or the default one; `KEHU_USER` is who acts in it.

    In the other profiles, whose vendors may know that colleague by another id, their own `user_id` acts.
    Raises: ConfigError where there is no such profile, with its nearest neighbour.
    """
    chosen = _by_environment(os.environ if environ is None else environ)
    named = name or chosen.get("KEHU_PROFILE") or config.default_profile
    if named not in config.profiles:
        what = N_("there is no profile {name}") if name else N_("KEHU_PROFILE is {name}, and there is no such profile")
        raise unknown(what, named, config.profiles)
    profile = config.profiles[named]
    return replace(profile, user_id=chosen["KEHU_USER"]) if "KEHU_USER" in chosen else profile


def told_choice(environ: Mapping[str, str]) -> str:
    """What `KEHU_PROFILE` and `KEHU_USER` choose, told in the agent's language; empty where neither is set."""
    chosen = _by_environment(environ)
    given = listed(f"{name}={value}" for name, value in chosen.items())
    return _("by the environment: {variables}").format(variables=given) if chosen else ""


def _by_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the variables choose; one that is empty is as one that is not set."""
    return {name: value for name in CHOOSING if (value := clean_id(environ.get(name, "")))}


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


def _profiles(table: Table) -> dict[str, Profile]:
    from tui.config.profiles import read_profiles

    profiles = read_profiles(table.table("profiles"))
    literal = [
        f"profiles.{profile.name}.{profile.secret.key}"
        for profile in profiles.values()
        if profile.secret.kind == "literal"
    ]
    literal += [f"profiles.{name}.proxy" for name in profiles if "@" in profiles[name].road.proxy]
    refuse_if_shared(table.file, literal)
    return profiles or demo_profiles()


def _templates(table: Table) -> tuple[Template, ...]:
    if "templates" not in table:
        return ()
    from tui.config.views_templates import read_templates

    return read_templates(table)


def _views(table: Table) -> tuple[SavedView, ...]:
    if "views" not in table:
        return ()
    from tui.config.views_templates import read_views

    return read_views(table)


def _team(table: Table) -> TeamSettings | None:
    if "team" not in table:
        return None
    from tui.config.team import read_team

    return read_team(table.table("team"))


def _default_profile(table: Table, profiles: Mapping[str, Profile]) -> str:
    name = table.text("default_profile", next(iter(profiles)))
    if name not in profiles:
        raise unknown(
            N_('{file}: {key} is "{name}", and there is no such profile'),
            name,
            profiles,
            file=table.file,
            key="default_profile",
        )
    return name
