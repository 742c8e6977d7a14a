"""Whether a link can work, as far as is known without asking a vendor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.client.errors import N_, ConfigError, InvalidError
from tui.client.values import CUSTOM, find_field

if TYPE_CHECKING:
    from tui.client.models import FieldSpec
    from tui.desk.desk import Desk
    from tui.desk.people.link import Link


async def outlook(link: Link, own: Desk) -> tuple[str, ...]:
    """The profiles whose fields would have to be read before it is certain that LINK, from OWN, works; mostly none.

    Raises: KehuError with what stands in its way: a credential that cannot be had, or a field that is not there.
    """
    there = await link.neighbour.desk()
    ours, theirs = await own.kept_fields(), await there.kept_fields()
    _check(link.ours, ours, own)
    spec = _check(link.theirs, theirs, there)
    if spec is not None and not spec.searchable:
        raise ConfigError(
            N_("profile {profile} does not search by {field}"),
            todo=N_("Let it be searched in the vendor's console, or link by another field."),
            profile=there.settings.profile,
            field=link.theirs,
        )
    used = ((link.ours, ours, own), (link.theirs, theirs, there))
    return tuple(desk.settings.profile for field, specs, desk in used if field.startswith(CUSTOM) and specs is None)


def _check(field: str, specs: Sequence[FieldSpec] | None, desk: Desk) -> FieldSpec | None:
    """The tenant's own FIELD, where it is one and SPECS are known."""
    if specs is None or not field.startswith(CUSTOM):
        return None
    try:
        return find_field(specs, field)
    except InvalidError as error:
        raise ConfigError(
            N_("profile {profile} has no field {field}"),
            todo=N_("See its codes: kehu fields --profile {profile}"),
            profile=desk.settings.profile,
            field=field,
        ) from error
