"""What came of looking for customers at other profiles, kept with this one's directory."""

from __future__ import annotations

from collections.abc import Sequence

from tui.desk.disk import Disk
from tui.store.links import Answer


class Answers:
    """The answers of one profile's links."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def of(self, customer_ids: Sequence[str]) -> dict[tuple[str, str], Answer]:
        """Every answer about CUSTOMER_IDS, by customer and by the profile that was asked."""
        found = await self._disk.run(lambda store: store.links.of(customer_ids))
        return {(answer.customer_id, answer.profile): answer for answer in found}

    async def whose(self, profile: str, id: str) -> Sequence[str]:
        """Our customers to whom the record ID at PROFILE belongs, as far as anybody looked."""
        return await self._disk.run(lambda store: store.links.whose(profile, id))

    async def save(self, answer: Answer) -> None:
        """Keep ANSWER in place of the last one."""
        await self._disk.run(lambda store: store.links.save(answer))
