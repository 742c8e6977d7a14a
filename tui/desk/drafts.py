"""What was typed into a form and neither sent nor thrown away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.desk.disk import Disk
from tui.store.drafts import Draft, DraftId
from tui.store.store import Store


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft of one profile, with the name of the customer whom it is about, where that is known."""

    profile: str
    draft: Draft
    name: str = ""

    @property
    def customer_id(self) -> str:
        """Whom it is about; empty for a new customer, for many, and for a change that is mended."""
        return self.draft.target.split(" ")[0] if self.draft.form in ("edit", "remark", "follow") else ""


def drafts_at(store: Store, profile: str) -> list[KeptDraft]:
    """Return every draft of `profile`, whose `store` it is, the newest first."""
    found = [KeptDraft(profile, draft) for draft in store.drafts.list()]
    known = store.directory.get_many([one.customer_id for one in found if one.customer_id])
    names = {id: customer.name for id, (customer, _seen_at) in known.items()}
    return [KeptDraft(profile, one.draft, names.get(one.customer_id, "")) for one in found]


class ProfileDrafts:
    """The drafts of one profile: of each FORM (`edit`, `remark`, …) about a TARGET (a customer's id, or nobody's)."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def save(
        self,
        id: DraftId,
        form: str,
        target: str,
        values: Mapping[str, object],
        seen: Mapping[str, object] | None = None,
    ) -> None:
        """Keep `values` as the draft `id`. `seen` is what stood there when the agent began to type."""
        await self._disk.run(lambda store: store.drafts.save(id, form, target, values, seen))

    def save_now(
        self,
        id: DraftId,
        form: str,
        target: str,
        values: Mapping[str, object],
        seen: Mapping[str, object] | None = None,
    ) -> None:
        """The same, before it returns: for when the program is about to end."""
        self._disk.run_now(lambda store: store.drafts.save(id, form, target, values, seen))

    async def get(self, id: DraftId) -> Draft | None:
        """The draft, where there is one."""
        return await self._disk.run(lambda store: store.drafts.get(id))

    async def about(self, form: str, target: str) -> Sequence[Draft]:
        """The drafts of `form` about `target`, the newest first: more than one where two desks were open."""
        return await self._disk.run(lambda store: store.drafts.about(form, target))

    async def adopt(self, id: DraftId, heir: DraftId) -> None:
        """Go on with the draft `id` as `heir`."""
        await self._disk.run(lambda store: store.drafts.adopt(id, heir))

    async def drop(self, id: DraftId) -> None:
        """Throw the draft away: it was sent, or the agent says so."""
        await self._disk.run(lambda store: store.drafts.delete(id))

    async def all(self) -> Sequence[Draft]:
        """Every draft, the newest first."""
        return await self._disk.run(lambda store: store.drafts.list())
