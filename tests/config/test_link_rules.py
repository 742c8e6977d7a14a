"""Links in the configuration file: which can work, what is said of those that cannot, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tui.client.ima.service import CAPABILITIES as IMA
from tui.client.juzi.service import CAPABILITIES as JUZI
from tui.client.service import DIALECTS, Capabilities
from tui.client.useasy.service import CAPABILITIES as USEASY
from tui.config import Config, load
from tui.config.model import LinkRule
from tui.model.errors import ConfigError

PROFILES = """
[profiles.team]
dialect = "juzi"
base_url = "https://juzi.example.com"
token_env = "JUZI_TOKEN"

[profiles.crm]
dialect = "useasy"
base_url = "https://crm.example.com"
app_id = "1090"
secret_env = "USEASY_SECRET"

[profiles.crm2]
dialect = "useasy"
base_url = "https://crm2.example.com"
app_id = "1091"
secret_env = "USEASY_SECRET"
disable = ["list", "delete"]

[profiles.desk]
dialect = "ima"
base_url = "https://ima.example.com"
app_id = "1092"
secret_env = "IMA_SECRET"
"""

Linked = Callable[..., Config]


def link(ours_at: str, theirs_at: str, theirs: str, ours: str) -> str:
    """A link in TOML."""
    return f'[profiles.{ours_at}.links.{theirs_at}]\ntheirs = "{theirs}"\nours = "{ours}"\n'


@pytest.fixture
def linked(tmp_path: Path) -> Linked:
    """Reads four profiles with links, a TOML text each."""

    def read(*links: str) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(PROFILES + "".join(links), encoding="utf-8")
        path.chmod(0o600)
        return load(path)

    return read


def test_a_link_leads_back_where_the_other_vendor_can_look_up_too(linked: Linked) -> None:
    config = linked(link("team", "desk", "external_id", "id"), link("team", "crm", "custom.text_1", "id"))
    assert config.profiles["team"].links == (
        LinkRule("desk", "external_id", "id"),
        LinkRule("crm", "custom.text_1", "id"),
    )
    assert config.profiles["desk"].links == (LinkRule("team", "id", "external_id"),)
    assert config.profiles["crm"].links == (LinkRule("team", "id", "custom.text_1"),)
    assert config.profiles["crm2"].links == ()


@pytest.mark.parametrize(
    ("way", "back"),
    [
        (link("team", "crm", "name", "name"), ()),  # juzi looks nobody up by a name
        (link("desk", "crm", "custom.text_1", "custom.1001"), ()),  # nor ima by a field of the tenant's own
        (link("crm2", "crm", "phones", "phones"), ()),  # and crm2 has no list
        (link("crm", "desk", "phone", "phones"), (LinkRule("crm", "phones", "phone"),)),
        (link("crm", "team", "union_id", "custom.text_1"), (LinkRule("crm", "custom.text_1", "union_id"),)),
    ],
)
def test_the_way_back_is_there_only_where_it_works(linked: Linked, way: str, back: tuple[LinkRule, ...]) -> None:
    config = linked(way)
    returning = [
        profile.links
        for profile in config.profiles.values()
        if f"[profiles.{profile.name}.links" not in way and profile.links
    ]
    assert returning == ([back] if back else [])


def test_a_profiles_own_link_comes_before_the_way_back(linked: Linked) -> None:
    config = linked(link("crm", "desk", "phone", "phones"), link("desk", "crm", "emails", "email"))
    assert config.profiles["crm"].links == (LinkRule("desk", "phone", "phones"),)
    assert config.profiles["desk"].links == (LinkRule("crm", "emails", "email"),)


def test_two_profiles_of_one_dialect_are_linked_like_any(linked: Linked) -> None:
    config = linked(link("crm2", "crm", "custom.old_id", "id"))
    assert config.profiles["crm2"].links == (LinkRule("crm", "custom.old_id", "id"),)
    assert config.profiles["crm"].links == (LinkRule("crm2", "id", "custom.old_id"),)  # by id it takes no list


MISTAKES = {
    "to nobody": (link("team", "crn", "id", "id"), ["links.crn", "not there"], "crm"),
    "to itself": (link("team", "team", "id", "id"), ["links.team", "itself"], "another"),
    "a slip of a key": ('[profiles.team.links.crm]\ntheir = "id"\nours = "id"', ["links.crm.their"], "theirs"),
    "no field": ('[profiles.team.links.crm]\ntheirs = "id"', ["links.crm.ours is missing"], ""),
    "no look-up like that": (link("crm", "team", "name", "name"), ["theirs", '"name"', "JuziBot finds nobody"], "id"),
    "a custom field that ima does not look up": (
        link("team", "desk", "custom.1001", "id"),
        ["links.desk.theirs", '"custom.1001"', "51ima finds nobody by that"],
        "external_id",
    ),
    "a slip in theirs": (link("team", "desk", "externalid", "id"), ['"externalid"'], "mean external_id"),
    "a tenant's field without custom.": (link("team", "crm", "text_6ts9", "id"), ['"text_6ts9"'], "custom.CODE"),
    "no code": (link("team", "crm", "custom.", "id"), ['"custom."', "Useasy"], "custom.CODE"),
    "no such field of ours": (
        link("team", "crm", "phones", "phones"),
        ["team.links.crm.ours", '"phones"', "no customer of JuziBot has"],
        "union_id",
    ),
    "a slip in ours": (link("desk", "crm", "phones", "phnoe"), ["links.crm.ours"], "mean phone"),
    "two kinds": (link("crm", "desk", "email", "phones"), ['"email"', '"phones"', "never hold the same"], "one kind"),
    "list switched off": (
        link("team", "crm2", "custom.text_1", "id"),
        ["links.crm2.theirs", "takes list", "profile crm2 switches off"],
        "profiles.crm2.disable",
    ),
}


@pytest.mark.parametrize(("text", "found", "todo"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_link_that_cannot_work_says_why(linked: Linked, text: str, found: list[str], todo: str) -> None:
    with pytest.raises(ConfigError) as caught:
        linked(text)
    for part in ("config.toml", *found):
        assert part in caught.value.message()
    assert todo in caught.value.hint()


def test_the_demos_profiles_are_linked_each_to_both_others(tmp_path: Path) -> None:
    profiles = load(environ={"KEHU_DATA_DIR": str(tmp_path)}).profiles
    for name, profile in profiles.items():
        assert {link.profile for link in profile.links} == {*profiles} - {name}
        for link in profile.links:
            assert DIALECTS[profile.dialect].has(link.ours)
            assert DIALECTS[profiles[link.profile].dialect].finds_by(link.theirs)


@pytest.mark.parametrize(("dialect", "capabilities"), [("juzi", JUZI), ("useasy", USEASY), ("ima", IMA)])
def test_the_registry_knows_what_each_dialect_looks_up_by(dialect: str, capabilities: Capabilities) -> None:
    known = DIALECTS[dialect]
    assert known.lookups == capabilities.lookups
    assert bool(known.searches) == bool(capabilities.operators)
    assert {*known.lookups, *known.searches} <= {*known.fields}
