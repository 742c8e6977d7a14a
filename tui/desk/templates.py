"""Texts that are often written: those of the configuration, and those that were saved here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from tui.desk.checks import follower_of
from tui.desk.disk import Disk
from tui.model.customer import Customer
from tui.model.errors import N_, InvalidError, NotFoundError
from tui.model.naming import nearest
from tui.model.template import KINDS, NAME_LENGTH, Template, TemplateKind, check_places, fill
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.desk.views import Shared
    from tui.model.team import TeamPreset


class Templates:
    """The templates of one profile. One that is saved here goes before one of the configuration that is called so.

    Every method raises `KehuError`s alone.
    """

    def __init__(self, disk: Disk, given: Sequence[Template], user_id: str, shared: Shared | None = None) -> None:
        self._disk = disk
        self._given = given
        self._shared = shared
        self._user_id = user_id

    async def all(self, kind: TemplateKind | None = None) -> Sequence[Template]:
        """Return the templates, of `kind` alone where it is given, those of the configuration first."""
        shared = shared_templates(await self._shared()) if self._shared is not None else ()
        return await self._disk.read(lambda store: templates_at(store, (*shared, *self._given), kind))

    async def get(self, name: str, kind: TemplateKind) -> Template:
        """Return the template `name`.

        Raises: NotFoundError, with the nearest.
        """
        found = {template.name: template for template in await self.all(kind)}
        if name not in found:
            near = nearest(name, found)
            raise NotFoundError(
                N_("there is no template {name}"),
                todo=N_("Did you mean {near}?") if near else N_("kehu template list shows them all."),
                name=name,
                near=near,
            )
        return found[name]

    async def save(self, template: Template) -> None:
        """Keep `template`, in place of the one that was saved here under its name.

        Raises: InvalidError for a place that there is none of, an empty text, or a name that is none.
        """
        check_template(template)
        await self._disk.run(lambda store: store.presets.save(template.kind, template.name, {"text": template.text}))

    async def remove(self, name: str, kind: TemplateKind) -> bool:
        """Forget the template `name` that was saved here; whether there was one."""
        return await self._disk.run(lambda store: store.presets.remove(kind, name))

    def filled(self, text: str, customer: Customer) -> str:
        """Return `text` as it is for `customer`.

        Raises: InvalidError for a place that there is none of.
        """
        return fill(text, places_of(customer, self._user_id))


def shared_templates(presets: Sequence[TeamPreset]) -> list[Template]:
    """Return the texts among what a team shares; one that makes no sense is left out."""
    found = []
    for one in presets:
        kind = next((kind for kind in KINDS if kind == one.kind), None)
        text = one.body.get("text") if one.body is not None else None
        if kind is not None and isinstance(text, str):
            template = Template(one.name, kind, text, given=True)
            with suppress(InvalidError):
                check_template(template)
                found.append(template)
    return found


def check_template(template: Template) -> None:
    """Raise InvalidError where `template` has no name or text, or a place that there is none of."""
    check_places(template.text)
    if not template.text.strip():
        raise InvalidError(N_("the template has no text"), field="text")
    if not template.name.strip() or len(template.name) > NAME_LENGTH:
        raise InvalidError(
            N_("a template's name has 1 to {limit} characters, not {length}"),
            field="name",
            limit=NAME_LENGTH,
            length=len(template.name),
        )


def templates_at(store: Store, given: Sequence[Template], kind: TemplateKind | None = None) -> list[Template]:
    """Return the templates that are `given` and those that are saved, of `kind` alone where it is given."""
    found: list[Template] = []
    for one in KINDS if kind is None else (kind,):
        of_kind = {template.name: template for template in given if template.kind == one}
        saved = store.presets.list(one)
        of_kind.update({name: Template(name, one, str(body.get("text", ""))) for name, body in saved.items()})
        found += of_kind.values()
    return found


def places_of(customer: Customer, user_id: str) -> Mapping[str, str]:
    """Return what the places of a template give for `customer`, as the colleague `user_id` writes it today."""
    own = follower_of(customer, user_id)
    remarked = own or next(iter(customer.follow_users), None)
    return {
        "name": customer.name,
        "company": customer.company,
        "remark": remarked.remark if remarked is not None else "",
        "me": (own.name if own is not None else "") or user_id,
        "today": datetime.now().astimezone().date().isoformat(),
    }
