"""Where the parts are put together: configuration, credential, sandbox, client and store make a desk."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.config import SANDBOX, Config, Profile, profile_called
from tui.desk.disk import Disk, translated
from tui.model.columns import LIST_KEYS
from tui.model.masking import Mask, masker_by_codes
from tui.store.rows import Listing, masked_row
from tui.store.store import Store
from tui.store.store_errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from tui.client.road import Road
    from tui.client.service import CustomerService, ServiceSettings
    from tui.desk.customer_reader import DeskSettings, Reading
    from tui.desk.desk import Desk
    from tui.desk.linked.link import Answers
    from tui.desk.linked.linked_people import LinkedPeople

STORES = "profiles"
"""The folder of the data directory that holds one file a profile."""

FIRST_ROWS = 100
"""Rows of the first frame where the vendor has no pages: more than the tallest terminal shows."""


def file_of(profile: Profile, config: Config) -> Path:
    """Return where `profile`'s file is, or will be."""
    return config.data_dir / STORES / f"{profile.name}.db"


def open_store(profile: Profile, config: Config) -> Store:
    """What `profile`'s desk keeps on disk. Light enough for the first frame: no client, no network.

    Raises: StorageError.
    """
    try:
        return Store.open(file_of(profile, config), source=profile.source)
    except StoreError as error:
        raise translated(error) from error


def cached_first_page(store: Store, page_size: int, mask: Mask = Mask.SENSITIVE) -> Listing | None:
    """What was last on the screen, for the first frame; None where nothing was seen yet.

    A page of another size than `page_size` is none that the agent could go on from. What `mask` hides is
    hidden already.
    Raises: StorageError.
    """
    try:
        listing = store.directory.last_page()
        if listing is None or listing.size != page_size:
            listing = store.directory.known(0, FIRST_ROWS)
        arranged = store.presets.list("arrangement").get("", {})
        chosen = tuple(key for key in arranged.get("columns", ()) if key in LIST_KEYS)
        masker = masker_by_codes(mask, store.directory.sensitive())
    except StoreError as error:
        raise translated(error) from error
    if mask is not Mask.NONE:
        listing = replace(listing, rows=tuple(masked_row(row, masker) for row in listing.rows))
    return replace(listing, columns=chosen) if listing.rows else None


def open_desk(profile: Profile, config: Config, store: Store | None = None) -> Desk:
    """A desk on `profile`, over `store` or the one that `open_store` opens. Nothing is called yet.

    Raises: KehuError where the credential cannot be had, a setting makes no sense, or the disk refuses.
    """
    from tui.desk.desk import Desk

    return Desk(settings_of(profile, config), _service(profile, config), store or open_store(profile, config))


def open_reading(profile: Profile, config: Config, store: Store | None = None) -> Reading:
    """The same for what only looks: nothing by which a desk changes customers is loaded."""
    from tui.desk.customer_reader import Reading

    return Reading(settings_of(profile, config), _service(profile, config), Disk(store or open_store(profile, config)))


def open_people(desk: Desk, config: Config) -> LinkedPeople:
    """Where else `desk`'s customers are: at the profiles that its own is linked to, which are opened when needed.

    To be closed before the desk.
    """
    from tui.desk.linked.link import Answers

    return people_of(profile_called(config, desk.settings.profile), config, Answers(desk.disk))


def people_of(profile: Profile, config: Config, answers: Answers) -> LinkedPeople:
    """The same without a desk on `profile`, for what is known on disk."""
    from functools import partial

    from tui.desk.linked.link import Link
    from tui.desk.linked.linked_people import LinkedPeople
    from tui.desk.linked.linked_profile import LinkedProfile
    from tui.desk.linked.person import Source

    def source(profile: Profile) -> Source:
        return Source(profile.name, profile.title, profile.dialect, profile.source)

    links = []
    for link in profile.links:
        other = profile_called(config, link.profile)
        linked_profile = LinkedProfile(
            source(other), partial(open_store, other, config), partial(open_desk, other, config)
        )
        links.append(Link(answers, linked_profile, link.theirs, link.ours))
    return LinkedPeople(source(profile), answers, links)


def settings_of(profile: Profile, config: Config) -> DeskSettings:
    """Who works where, under `profile`."""
    import getpass

    from tui.desk.customer_reader import DeskSettings
    from tui.model.naming import CUSTOM

    return DeskSettings(
        profile=profile.name,
        dialect=profile.dialect,
        place=profile.place,
        user_id=profile.user_id,
        os_user=getpass.getuser(),
        host=socket.gethostname(),
        page_size=profile.page_size,
        next_contact=profile.next_contact.removeprefix(CUSTOM),
        source=profile.source,
        mask=config.mask,
        templates=config.templates,
        views=config.views,
    )


def road_of(profile: Profile, environ: Mapping[str, str]) -> Road:
    """How calls reach `profile`'s vendor; its credential is not asked for.

    Raises: RoadError.
    """
    from tui.client.road import find_road

    return find_road(_service_settings(profile, ""), environ)


def _service(profile: Profile, config: Config) -> CustomerService:
    from tui.app.secret_sources import secret_of
    from tui.client.service import open_service

    transport = None
    if profile.demo:
        from tui.app.embedded import EmbeddedSandbox

        transport = EmbeddedSandbox(config.data_dir / SANDBOX)
    return open_service(_service_settings(profile, secret_of(profile, os.environ)), transport)


def _service_settings(profile: Profile, secret: str) -> ServiceSettings:
    from tui.client.service import ServiceSettings, SigningSettings

    return ServiceSettings(
        profile=profile.name,
        dialect=profile.dialect,
        base_url=profile.base_url,
        secret=secret,
        app_id=profile.app_id,
        signing=SigningSettings(**profile.signing),
        road=profile.road,
        disable=profile.disable,
        read_only=profile.read_only,
        timeout=profile.timeout,
        options=profile.options,
    )
