"""Links between profiles: read, found able to work, and led back where the other vendor can look up as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tui.client.service import DIALECTS
from tui.config.model import LinkRule, Profile
from tui.config.table import DID_YOU_MEAN, Table, unknown
from tui.model.errors import N_, ConfigError
from tui.model.naming import nearest

KINDS = {
    "name": "name",
    "company": "company",
    **dict.fromkeys(("phones", "phone", "telephone"), "phone"),
    **dict.fromkeys(("emails", "email"), "email"),
    "wechat": "wechat",
    "qq": "qq",
}
"""What a field holds. Ids and fields of a tenant's own may hold anything; two kinds never hold the same."""


def with_links(profiles: Mapping[str, Profile], table: Table) -> dict[str, Profile]:
    """`profiles` with the links that `table`, the file's `[profiles]`, names, and after them those that lead back.

    Raises: ConfigError for a link that cannot work, with the reason.
    """
    links = {name: tuple(_links(profile, profiles, table.table(name))) for name, profile in profiles.items()}
    back = {name: tuple(_back(profile, profiles, links)) for name, profile in profiles.items()}
    return {name: replace(profile, links=links[name] + back[name]) for name, profile in profiles.items()}


def _links(profile: Profile, profiles: Mapping[str, Profile], table: Table) -> Iterator[LinkRule]:
    links = table.table("links")
    for name in links:
        if name == profile.name:
            raise links.mistake(name, N_("{file}: {key} links the profile to itself"), N_("Name another profile."))
        if name not in profiles:
            raise unknown(
                N_("{file}: {key} links to a profile that is not there"),
                name,
                {*profiles} - {profile.name},
                file=links.place(name),
                key=links.path(name),
            )
        yield _link(profile, profiles[name], links.table(name))


def _link(profile: Profile, other: Profile, table: Table) -> LinkRule:
    link = LinkRule(other.name, theirs=table.text("theirs"), ours=table.text("ours"))
    here, there = DIALECTS[profile.dialect], DIALECTS[other.dialect]
    if not there.finds_by(link.theirs):
        raise _unfit(table, "theirs", N_("{file}: {key} is {found}, and {vendor} finds nobody by that"), other)
    if not here.has(link.ours):
        raise _unfit(table, "ours", N_("{file}: {key} is {found}, which no customer of {vendor} has"), profile)
    if not _alike(link):
        raise table.mistake(
            "theirs",
            N_("{file}: {key} is {found} and ours is {ours}: the two never hold the same"),
            N_("Name two fields of one kind, such as phones and phone, or an id and the field that holds it."),
            ours=f'"{link.ours}"',
        )
    if (call := there.finds_by(link.theirs)) in other.disable:
        raise table.mistake(
            "theirs",
            N_("{file}: {key} is {found}: to look for it takes {call}, which profile {other} switches off"),
            N_("Take {call} out of profiles.{other}.disable, or take the link out."),
            call=call,
            other=other.name,
        )
    return link


def _unfit(table: Table, key: str, what: str, profile: Profile) -> ConfigError:
    dialect = DIALECTS[profile.dialect]
    known = dialect.found_by if key == "theirs" else dialect.names
    close = nearest(table.text(key), known)
    return table.mistake(
        key,
        what,
        DID_YOU_MEAN if close else N_("Use one of {known}."),
        vendor=dialect.vendor,
        nearest=close,
        known=", ".join(known),
    )


def _back(
    profile: Profile, profiles: Mapping[str, Profile], links: Mapping[str, tuple[LinkRule, ...]]
) -> Iterator[LinkRule]:
    """The way back along the others' links to `profile`, unless it has one of its own or that vendor cannot look so."""
    own = {link.profile for link in links[profile.name]}
    for name, theirs in links.items():
        for link in theirs:
            call = DIALECTS[profiles[name].dialect].finds_by(link.ours)
            if link.profile == profile.name and name not in own and call and call not in profiles[name].disable:
                yield LinkRule(name, theirs=link.ours, ours=link.theirs)


def _alike(link: LinkRule) -> bool:
    kinds = {KINDS[field] for field in (link.theirs, link.ours) if field in KINDS}
    return len(kinds) < 2
