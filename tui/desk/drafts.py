"""What was typed into a form and neither sent nor thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui.desk.disk import Disk
from tui.store.drafts import Draft


class Drafts:
    """The drafts of one profile: one for each FORM (`edit`, `remark`, …) and TARGET (a customer's id, or nobody's)."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def save(
        self, form: str, target: str, values: Mapping[str, object], seen: Mapping[str, object] | None = None
    ) -> None:
        """Keep VALUES. SEEN is what stood there when the agent began to type."""
        await self._disk.run(lambda store: store.drafts.save(form, target, values, seen))

    def save_now(
        self, form: str, target: str, values: Mapping[str, object], seen: Mapping[str, object] | None = None
    ) -> None:
        """The same, before it returns: for when the program is about to end."""
        self._disk.run_now(lambda store: store.drafts.save(form, target, values, seen))

    async def get(self, form: str, target: str) -> Draft | None:
        """The draft, where there is one."""
        return await self._disk.run(lambda store: store.drafts.get(form, target))

    async def drop(self, form: str, target: str) -> None:
        """Throw the draft away: it was sent, or the agent says so."""
        await self._disk.run(lambda store: store.drafts.delete(form, target))

    async def all(self) -> Sequence[Draft]:
        """Every draft, the newest first."""
        return await self._disk.run(lambda store: store.drafts.list())
