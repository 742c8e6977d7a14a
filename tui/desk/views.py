"""The views of one profile: those saved here, of the configuration, kehu's own; and how their lists are arranged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from tui.desk.disk import Disk
from tui.locale import _
from tui.model.columns import LIST_COLUMNS, CustomerColumn, find_columns
from tui.model.errors import N_, InvalidError, NotFoundError
from tui.model.naming import nearest
from tui.model.saved_view import DELIVERED, KEYS, Arrangement, SavedView, check_view
from tui.store.store import Store

if TYPE_CHECKING:
    from tui.model.team import TeamPreset

if TYPE_CHECKING:
    from tui.model.customer import FieldSpec


class Views:
    """Reads and saves views. Every method raises `KehuError`s alone."""

    def __init__(self, disk: Disk, given: Sequence[SavedView], shared: Shared | None = None) -> None:
        self._disk = disk
        self._given = given
        self._shared = shared

    async def all(self) -> Sequence[SavedView]:
        """Return the views, those with a key first; none has a key that another one has."""
        shared = shared_views(await self._shared()) if self._shared is not None else ()
        return await self._disk.read(lambda store: views_at(store, (*self._given, *shared)))

    async def save(self, view: SavedView) -> SavedView:
        """Keep `view` in place of the one that was saved here under its name; one without a key gets a free one.

        Raises: InvalidError.
        """
        return await self._disk.run(lambda store: save_view(store, self._given, view))

    async def remove(self, name: str) -> bool:
        """Forget the view `name` that was saved here; whether there was one."""
        return await self._disk.run(lambda store: remove_view(store, name))

    async def arrangement(self, view: SavedView | None = None) -> Arrangement:
        """Return how the agent arranged the list of `view`; without one, every other list of the profile."""
        return await self._disk.read(lambda store: arrangement_at(store, view))

    async def columns(self, fields: Sequence[FieldSpec], view: SavedView | None = None) -> tuple[CustomerColumn, ...]:
        """Return the columns of the list of `view`: as they were chosen for it, as it says, else those of every other
        list. One that was chosen and is no field of the tenant's any more is left out.

        Raises: InvalidError for one that the view names and there is none of.
        """
        if view is not None:
            if chosen := _those_there_are((await self.arrangement(view)).columns, fields):
                return chosen
            if view.columns:
                return find_columns(view.columns, fields, _)
        return _those_there_are((await self.arrangement()).columns, fields) or LIST_COLUMNS

    async def arrange(self, arrangement: Arrangement, view: SavedView | None = None) -> None:
        """Keep `arrangement` for the list of `view`; without one, for every other list of the profile."""
        name, body = _kept_as(view), {"columns": list(arrangement.columns), "sort": arrangement.sort}
        await self._disk.run(lambda store: store.presets.save("arrangement", name, body))


Shared: TypeAlias = "Callable[[], Awaitable[Sequence[TeamPreset]]]"
"""Returns what a team shares by name."""


def shared_views(presets: Sequence[TeamPreset]) -> list[SavedView]:
    """Return the views among what a team shares; one that makes no sense is left out."""
    found = []
    for one in presets:
        if one.kind != "view" or one.body is None:
            continue
        columns, query, key = (one.body.get(name) for name in ("columns", "query", "key"))
        columns = columns if isinstance(columns, list) and all(isinstance(name, str) for name in columns) else []
        if isinstance(query, str):
            view = SavedView(one.name, query, tuple(columns), key if isinstance(key, str) else "", "shared")
            with suppress(InvalidError):
                check_view(view)
                found.append(view)
    return found


def views_at(store: Store, given: Sequence[SavedView] = ()) -> list[SavedView]:
    """Return the views that are saved, those that are `given`, and those that are delivered, by their keys."""
    saved = [
        SavedView(name, str(body.get("query", "")), tuple(body.get("columns", ())), str(body.get("key", "")))
        for name, body in store.presets.list("view").items()
    ]
    named: dict[str, SavedView] = {}
    for view in (*saved, *given, *DELIVERED):
        name = _(view.name) if view.origin == "delivered" else view.name
        named.setdefault(name, replace(view, name=name))
    taken: set[str] = set()
    found = []
    for view in named.values():
        key = view.key if view.key not in taken else ""
        taken.add(key)
        found.append(replace(view, key=key))
    return sorted(found, key=lambda view: (not view.key, view.key))


def _those_there_are(keys: Sequence[str], fields: Sequence[FieldSpec]) -> tuple[CustomerColumn, ...]:
    found: list[CustomerColumn] = []
    for key in keys:
        with suppress(InvalidError):
            found += find_columns((key,), fields)
    return tuple(found)


def arrangement_at(store: Store, view: SavedView | None = None) -> Arrangement:
    """Return how the agent arranged the list of `view`; without one, every other list of the profile."""
    body = store.presets.list("arrangement").get(_kept_as(view), {})
    return Arrangement(tuple(map(str, body.get("columns", ()))), str(body.get("sort", "")))


def _kept_as(view: SavedView | None) -> str:
    """Return the name by which the arrangement of `view` is kept: that of a delivered one in English."""
    if view is None:
        return ""
    own = (one.name for one in DELIVERED if view.origin == "delivered" and _(one.name) == view.name)
    return next(own, view.name)


def remove_view(store: Store, name: str) -> bool:
    """Forget the view `name` that was saved here, and how its list was arranged; whether there was one."""
    store.presets.remove("arrangement", name)
    return store.presets.remove("view", name)


def save_view(store: Store, given: Sequence[SavedView], view: SavedView) -> SavedView:
    """Keep `view`, with a free key where it has none; what is kept.

    Raises: InvalidError.
    """
    check_view(view)
    if not view.key:
        others = [one for one in views_at(store, given) if one.name != view.name]
        before = [one.key for one in views_at(store, given) if one.name == view.name]
        view = replace(view, key=next(iter([*before, *_free(others)]), ""))
    body = {"query": view.query, "columns": list(view.columns), "key": view.key}
    store.presets.save("view", view.name, body)
    store.presets.remove("arrangement", view.name)
    return view


def _free(views: Iterable[SavedView]) -> list[str]:
    taken = {view.key for view in views}
    return [key for key in KEYS if key not in taken]


def view_called(name: str, views: Sequence[SavedView]) -> SavedView:
    """Return the one of `views` that is called `name`, in the agent's language or in English, or has it as its key.

    Raises: NotFoundError, with the nearest.
    """
    for view in views:
        if name in (view.name, view.key):
            return view
    delivered = {view.name: _(view.name) for view in DELIVERED}
    if found := next((view for view in views if view.name == delivered.get(name)), None):
        return found
    near = nearest(name, [view.name for view in views])
    raise NotFoundError(
        N_("there is no view {name}"),
        todo=N_("Did you mean {near}?") if near else N_("kehu view list shows them all."),
        name=name,
        near=near,
    )
