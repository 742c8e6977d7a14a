"""What a configuration says, once it has been read and found right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tui.client.service import DIALECTS, RoadSettings
from tui.config.layers import Layers
from tui.model.errors import ConfigError
from tui.model.masking import Mask
from tui.model.saved_view import SavedView
from tui.model.template import Template

SourceKind = Literal["env", "command", "keyring", "literal"]


@dataclass(frozen=True, slots=True, repr=False)
class SecretSource:
    """Where a profile's token or signing secret comes from: `value` is a variable, a command, nothing, or itself."""

    kind: SourceKind
    value: str = ""
    key: str = "token"
    """The key that named it, such as `token_env`; for messages."""

    def __repr__(self) -> str:
        shown = "***" if self.kind == "literal" else self.value
        return f"SecretSource({self.kind!r}, {shown!r}, {self.key!r})"


@dataclass(frozen=True, slots=True)
class LinkRule:
    """Customers of another profile are the same people: its field `theirs` holds what `ours` holds here."""

    profile: str
    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Profile:
    """One vendor's account, and who acts in it."""

    name: str
    dialect: str
    base_url: str
    secret: SecretSource
    app_id: str = ""
    user_id: str = ""
    """The staff member who acts."""
    signing: Mapping[str, str] = field(default_factory=dict)
    """`algorithm`, `message` and `encoding`, where they are not the dialect's defaults."""
    disable: frozenset[str] = frozenset()
    """Calls that this tenant lacks or must not make; see `tui.client.service.OPERATIONS`."""
    allow_http: bool = False
    road: RoadSettings = field(default_factory=RoadSettings)
    page_size: int = 100
    timeout: float = 20.0
    """Seconds."""
    options: Mapping[str, str] = field(default_factory=dict)
    """A dialect's own choices, such as useasy's `find_path`."""
    links: tuple[LinkRule, ...] = ()
    """Where else its customers are looked for: as it says itself, then back along the links of others."""
    next_contact: str = ""
    """The vendor's field that holds when a customer is to be contacted next, such as `custom.datetime_w5t2`; empty
    where it is kept here."""
    read_only: bool = False
    """Nothing is changed under it."""
    demo: bool = False
    """Answered by the embedded sandbox, in-process."""

    @property
    def title(self) -> str:
        """What the vendor calls itself."""
        return DIALECTS[self.dialect].vendor

    @property
    def place(self) -> str:
        """Who answers: `sandbox`, or the vendor's host and port."""
        return "sandbox" if self.demo else self.base_url.partition("://")[2].partition("/")[0]

    @property
    def source(self) -> str:
        """Which account of which vendor it is, whatever the profile is called: `useasy:crm.example.com/1090`."""
        account = f"/{self.app_id}" if self.app_id else ""
        return f"{self.dialect}:{self.place.lower()}{account}"


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """Where the team's server is, and how it is reached."""

    url: str
    """`https://host:port` without a slash at its end, or `unix:/path`."""
    road: RoadSettings = field(default_factory=RoadSettings)
    timeout: float = 10.0
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that was configured."""

    path: Path | None
    """The agent's file; None where there is none."""
    data_dir: Path
    profiles: Mapping[str, Profile]
    default_profile: str
    language: str = "auto"
    keys: Mapping[str, str] = field(default_factory=dict)
    """Binding id to its keys, comma separated, as Textual's keymap takes them; empty for none."""
    key_problems: tuple[ConfigError, ...] = ()
    """What of `[keys]` is no key that a terminal sends."""
    mouse: bool = False
    theme: str = "auto"
    mask: Mask = Mask.SENSITIVE
    """What is hidden until it is revealed."""
    templates: tuple[Template, ...] = ()
    """Texts that are often written."""
    views: tuple[SavedView, ...] = ()
    """Lists that are asked for by name."""
    start_view: str = ""
    """The view that the desk begins in; empty for all customers."""
    team: TeamSettings | None = None
    """None for a desk that works alone."""
    read_only: bool = False
    """Nothing is changed under any profile."""
    layers: Layers = field(default_factory=Layers, repr=False)
    """The files that all this is from, and what is locked."""

    @property
    def mask_is_locked(self) -> bool:
        """Whether the host says what is hidden: the agent reveals single values in the desk alone."""
        return self.layers.lock_of(("mask",)) is not None
