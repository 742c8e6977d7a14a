"""What a vendor's client must be, and how one is opened.

A fourth vendor is one new module with a `CustomerService` in it, and one line in `DIALECTS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from tui.model.errors import N_, ConfigError
from tui.model.naming import CUSTOM

if TYPE_CHECKING:
    import httpx

    from tui.client.response_log import Answer, Written
    from tui.model.customer import (
        BatchResult,
        Customer,
        FieldSpec,
        FieldValues,
        FollowEntry,
        Page,
        Query,
        Remark,
        TagGroup,
    )

OPERATIONS = ("list", "get", "create", "update", "delete", "fields", "set_remarks", "add_follows", "tags")
"""Every call that a dialect may have; a profile's `disable` names some of them."""


WRITES = frozenset({"create", "update", "delete", "set_remarks", "add_follows"})
"""Those that change what the vendor has: none of them is made under a profile that is `read_only`."""


@dataclass(frozen=True)
class Capabilities:
    """What a vendor's client can do under a profile, and its limits."""

    operations: frozenset[str]
    """Those of `OPERATIONS` that this vendor has and this profile leaves on."""
    lookups: tuple[str, ...] = ("id",)
    """What `get` can look a customer up by; the first is the default."""
    operators: tuple[str, ...] = ()
    """The search operators of `list`; empty where it takes no conditions."""
    search_names: Mapping[str, str] = field(default_factory=dict)
    """Names of a customer's JSON (`id`, `created_at`) to the fields by which `list` searches for them."""
    owner_filter: bool = False
    page_size: int = 100
    """Rows a page at the most."""
    remark_batch: int = 0
    follow_batch: int = 0
    remark_length: int = 0
    description_length: int = 0
    concurrent_remarks: int = 0
    needs_union_id: bool = False
    """Remarks and follow-ups go by the customer's union id alone."""
    lookups_at_once: int = 5
    """Reads of one customer each that one batch has under way, which leaves the desk some of the profile's calls."""
    answer_within: float = 20.0
    """Seconds after which a call is given up that meets silence: a vendor may work on it for as long after that."""
    disabled: frozenset[str] = frozenset()
    """What the vendor has and the profile switched off."""
    read_only: bool = False
    """Nothing is changed under this profile: none of `WRITES` is made, now or later, and nothing is noted here."""

    def can(self, operation: str) -> bool:
        """Whether `operation` is there; see `OPERATIONS`."""
        return operation in self.operations


@dataclass(frozen=True)
class ConnectionInfo:
    """What the last answer told of the line: the round trip, and how far the vendor's clock is ahead of ours."""

    latency_ms: float
    clock_ahead_s: float | None = None
    """From the answer's Date header (whole seconds); None where there was none."""


class CustomerService(Protocol):
    """One vendor's customers. Every call raises a `KehuError`, and `UnsupportedError` where `capabilities` lacks it."""

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def connection_info(self) -> ConnectionInfo | None:
        """Of the last call that was answered."""
        ...

    def require_road(self) -> None:
        """Go on where calls can be made at all, as far as this machine's own settings go. It may take a moment.

        Raises: RoadError.
        """
        ...

    async def list(self, query: Query) -> Page: ...

    async def get(self, key: str, by: str = "id") -> Customer: ...

    async def find(self, by: str, value: str) -> tuple[Customer, ...]:
        """Everybody whose `by` is `value`, none where there is nobody; the registry tells what a dialect `finds_by`."""
        ...

    async def create(self, values: FieldValues) -> Written: ...

    async def update(self, customer_id: str, values: FieldValues, before: Customer | None = None) -> Written:
        """Send `values` alone. `before` is the record as last read, for a vendor whose call needs the rest of it."""
        ...

    async def delete(self, customer_id: str) -> Answer: ...

    async def fields(self) -> tuple[FieldSpec, ...]: ...

    async def set_remarks(self, remarks: Sequence[Remark]) -> BatchResult: ...

    async def add_follows(self, entries: Sequence[FollowEntry]) -> BatchResult: ...

    async def tags(self, sync: bool = False) -> tuple[TagGroup, ...]: ...

    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class SigningSettings:
    """How a signature is made; `None` keeps the dialect's default (vendor-docs, README)."""

    algorithm: str | None = None
    message: str | None = None
    encoding: str | None = None


ALGORITHMS = ("md5", "sha1", "sha256", "hmac-md5", "hmac-sha1", "hmac-sha256")
"""A plain digest of the message, which then has `{secret}` in it, or an HMAC keyed by the secret."""

ENCODINGS = ("base64", "hex", "HEX")
"""How the digest's bytes become the text of a header."""

TRUSTS = ("bundled", "system")
"""Whose authorities a profile may trust: those that come with the program, or this machine's."""


@dataclass(frozen=True)
class RoadSettings:
    """How a profile's vendor is reached; what is empty is taken from the environment (`tui.client.road`)."""

    proxy: str = field(default="", repr=False)
    """The address of a proxy, or `none`; it may hold a password."""
    trust: str = ""
    """One of `TRUSTS`."""
    ca_file: str = ""
    """A file with the authorities that are trusted."""
    client_cert: str = ""
    """A file with the certificate, and its private key, that is shown to a vendor who asks for one."""


@dataclass(frozen=True)
class ServiceSettings:
    """All that a dialect needs to open; `secret` is the token or the signing secret and never shows in a repr."""

    profile: str
    dialect: str
    base_url: str
    secret: str = field(repr=False)
    app_id: str = ""
    signing: SigningSettings = SigningSettings()
    road: RoadSettings = RoadSettings()
    disable: frozenset[str] = frozenset()
    read_only: bool = False
    timeout: float = 20.0
    """Seconds for each step of connecting, and for each silence while reading."""
    max_body: int = 32 * 1024 * 1024
    """Bytes of a decoded answer at the most; 1,000 rows of a real tenant are about 2 MiB."""
    concurrency: int = 8
    """Calls under way at once at the most."""
    options: Mapping[str, str] = field(default_factory=dict)
    """A dialect's own choices, such as useasy's `find_path`."""


@dataclass(frozen=True)
class DialectEntry:
    """One line of the registry."""

    service: str
    """Where its service is: `module:class`, imported when a profile asks for it."""
    vendor: str
    """What the vendor calls itself."""
    signed: bool
    """Its calls are signed: a profile gives an app_id and a secret. The others' give a token."""
    fields: tuple[str, ...]
    """What its records have that tells people apart."""
    lookups: tuple[str, ...] = ("id",)
    """Those of them that `get` finds a customer by."""
    searches: tuple[str, ...] = ()
    """Those of them that `list` finds customers by."""
    customs: bool = False
    """Its tenants have fields of their own."""

    @property
    def names(self) -> tuple[str, ...]:
        """What a link may call a field of its records; CODE stands for any code."""
        return (*self.fields, *((f"{CUSTOM}CODE",) if self.customs else ()))

    @property
    def found_by(self) -> tuple[str, ...]:
        """Those of `names` that customers are found by."""
        return tuple(name for name in self.names if self.finds_by(name))

    def has(self, field: str) -> bool:
        """Whether its records have `field`, as far as can be told before the tenant is asked."""
        return field in self.fields or (self.customs and self._is_custom(field))

    def finds_by(self, field: str) -> str:
        """The call that finds customers by `field`: `get`, `list`, or none."""
        if field in self.lookups:
            return "get"
        by_custom = self.customs and bool(self.searches) and self._is_custom(field)
        return "list" if field in self.searches or by_custom else ""

    @staticmethod
    def _is_custom(field: str) -> bool:
        return field.startswith(CUSTOM) and field != CUSTOM


DIALECTS: Mapping[str, DialectEntry] = {
    "juzi": DialectEntry(
        "tui.client.juzi:JuziService",
        "JuziBot",
        signed=False,
        fields=("id", "union_id", "name"),
        lookups=("id", "union_id"),
    ),
    "useasy": DialectEntry(
        "tui.client.useasy:UseasyService",
        "Useasy",
        signed=True,
        fields=("id", "name", "phones", "emails", "wechat", "qq"),
        searches=("name", "phones", "emails", "wechat", "qq"),
        customs=True,
    ),
    "ima": DialectEntry(
        "tui.client.ima:ImaService",
        "51ima",
        signed=True,
        fields=("id", "external_id", "name", "company", "phones", "phone", "telephone", "emails", "email"),
        lookups=("id", "external_id", "email", "phone", "telephone"),
        customs=True,
    ),
}
"""Every dialect by the name that a profile gives it."""


def open_service(settings: ServiceSettings, transport: httpx.AsyncBaseTransport | None = None) -> CustomerService:
    """The service that `settings` names; `transport` replaces the network, as the embedded sandbox does.

    Raises: ConfigError where the dialect is not known.
    """
    dialect = DIALECTS.get(settings.dialect)
    if dialect is None:
        raise ConfigError(
            N_("profile {profile} asks for the dialect {dialect!r}"),
            todo=N_("Use one of {known}."),
            profile=settings.profile,
            dialect=settings.dialect,
            known=", ".join(DIALECTS),
        )
    module, _, name = dialect.service.partition(":")
    service: CustomerService = getattr(import_module(module), name)(settings, transport)
    return service
