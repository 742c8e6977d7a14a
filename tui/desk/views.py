"""The views of one profile: those saved here, those of the configuration, and those that kehu brings along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tui.desk.disk import Disk
from tui.locale import _
from tui.model.errors import N_, NotFoundError
from tui.model.naming import nearest
from tui.model.saved_view import DELIVERED, KEYS, SavedView, check_view
from tui.store.store import Store


class Views:
    """Reads and saves views. Every method raises `KehuError`s alone."""

    def __init__(self, disk: Disk, given: Sequence[SavedView]) -> None:
        self._disk = disk
        self._given = given

    async def all(self) -> Sequence[SavedView]:
        """Return the views, those with a key first; none has a key that another one has."""
        return await self._disk.read(lambda store: views_at(store, self._given))

    async def save(self, view: SavedView) -> SavedView:
        """Keep `view` in place of the one that was saved here under its name; one without a key gets a free one.

        Raises: InvalidError.
        """
        return await self._disk.run(lambda store: save_view(store, self._given, view))

    async def remove(self, name: str) -> bool:
        """Forget the view `name` that was saved here; whether there was one."""
        return await self._disk.run(lambda store: store.presets.remove("view", name))


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
