"""Opens desks on the embedded sandbox, for tests that need one."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

import httpx

from tui.app.embedded import EmbeddedSandbox
from tui.client.service import DIALECTS, ServiceSettings, open_service
from tui.desk.customer_reader import DeskSettings
from tui.desk.desk import Desk
from tui.desk.linked.link import Answers, Link
from tui.desk.linked.linked_people import LinkedPeople
from tui.desk.linked.linked_profile import LinkedProfile
from tui.desk.linked.person import Source
from tui.sandbox.demo import DEMO_IDENTITY, DEMO_PROFILES
from tui.sandbox.faults import Faults
from tui.store.store import Store

SECOND = "-2"
"""At the end of a demo profile's name: a second profile, with a file of its own, at the same vendor."""


def demo_of(profile: str) -> Mapping[str, str]:
    """The demo profile that `profile` is, or is the second of."""
    return DEMO_PROFILES[profile.removesuffix(SECOND)]


class Watched(httpx.AsyncBaseTransport):
    """The sandbox, with every call told to `workshop`, and held back while its vendor's gate is shut."""

    def __init__(self, sandbox: EmbeddedSandbox, workshop: Workshop) -> None:
        self._sandbox = sandbox
        self._workshop = workshop

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The sandbox's answer, once it may be given."""
        await self._workshop.pass_gate(f"{request.method} {request.url.path}")
        return await self._sandbox.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the sandbox."""
        await self._sandbox.aclose()


class Workshop:
    """Desks over one sandbox database; each profile has its file in `data`."""

    def __init__(self, sandbox: Path, data: Path, faults: Faults) -> None:
        self._sandbox = sandbox
        self._data = data
        self._faults = faults
        self._desks: list[Desk] = []
        self._people: dict[LinkedPeople, Desk] = {}
        self.calls: list[str] = []
        """Every call to the sandbox, as `METHOD /path`."""
        self.gates: dict[str, asyncio.Event] = {}
        """Vendors that do not answer until their event is set: `juzi`, `useasy`, `ima`."""
        self.held = 0
        """Calls that stand at a gate."""
        self._call = asyncio.Condition()

    async def pass_gate(self, call: str) -> None:
        """Note `call`, and wait where its vendor's gate is shut."""
        self.calls.append(call)
        async with self._call:
            self._call.notify_all()
        for vendor, gate in self.gates.items():
            if f"/{vendor}/" in call:
                self.held += 1
                try:
                    await gate.wait()
                finally:
                    self.held -= 1

    async def called(self, *parts: str) -> None:
        """Wait until each of `parts` stands in a call."""
        async with self._call:
            await self._call.wait_for(lambda: all(any(part in call for call in self.calls) for part in parts))

    async def open(
        self, profile: str, *, disable: Collection[str] = (), page_size: int = 100, next_contact: str = ""
    ) -> Desk:
        """A desk on the demo profile `profile`."""
        desk = self.desk(profile, self.store(profile), disable=disable, page_size=page_size, next_contact=next_contact)
        self._desks.append(desk)
        return desk

    async def people(self, profile: str, *links: tuple[str, str, str], secret: str | None = None) -> LinkedPeople:
        """The people of a desk on `profile`, by `links` (profile, theirs, ours), or else as the demo links them.

        The neighbours present `secret`, where it is given, in place of their own.
        """
        desk = await self.open(profile)
        demo = [(other, theirs, DEMO_IDENTITY[profile]) for other, theirs in DEMO_IDENTITY.items() if other != profile]
        followed = [
            Link(Answers(desk.disk), self._neighbour(other, secret), theirs=theirs, ours=ours)
            for other, theirs, ours in links or demo
        ]
        people = LinkedPeople(_source(profile), Answers(desk.disk), followed)
        self._people[people] = desk
        return people

    def desk_of(self, people: LinkedPeople) -> Desk:
        """The desk whose customers `people` follows."""
        return self._people[people]

    def _neighbour(self, profile: str, secret: str | None) -> LinkedProfile:
        return LinkedProfile(
            _source(profile),
            partial(self.store, profile),
            partial(self.desk, profile, secret=secret),
        )

    def store(self, profile: str) -> Store:
        """`profile`'s file, opened."""
        return Store.open(self._data / f"{profile}.db")

    def desk(
        self,
        profile: str,
        store: Store,
        *,
        disable: Collection[str] = (),
        page_size: int = 100,
        secret: str | None = None,
        next_contact: str = "",
    ) -> Desk:
        """A desk over `store` that its caller closes; `secret` takes the place of the profile's own."""
        demo = demo_of(profile)
        service = open_service(
            ServiceSettings(
                profile=profile,
                dialect=demo["dialect"],
                base_url=demo["base_url"],
                secret=secret or demo.get("token") or demo["secret"],
                app_id=demo.get("app_id", ""),
                disable=frozenset(disable),
                timeout=1.0,
            ),
            Watched(EmbeddedSandbox(self._sandbox, self._faults), self),
        )
        settings = DeskSettings(
            profile=profile,
            dialect=demo["dialect"],
            place="sandbox",
            user_id=demo["user_id"],
            os_user="agent",
            host="jump",
            page_size=page_size,
            next_contact=next_contact,
            source=f"{demo['dialect']}:sandbox",
        )
        return Desk(settings, service, store)

    async def close(self) -> None:
        """Close every desk that was opened, and its neighbours first."""
        for people in self._people:
            await people.close()
        for desk in self._desks:
            await desk.close()


def _source(profile: str) -> Source:
    dialect = demo_of(profile)["dialect"]
    return Source(profile, DIALECTS[dialect].vendor, dialect)
