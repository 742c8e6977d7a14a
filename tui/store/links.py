"""Which records at other profiles belong to a customer, as the vendors last said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from tui.store.database import Database, chunks, placeholders


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What came of looking for one of our customers at another profile."""

    customer_id: str
    """Ours."""
    profile: str
    theirs: str
    """The field that was looked by."""
    values: tuple[str, ...]
    """What it was looked for to hold."""
    ids: tuple[str, ...]
    """Theirs: none where nobody was found, several where several match."""
    chosen: str | None
    """The one of `ids` that a person chose."""
    asked_at: float
    """Epoch seconds."""


class Links:
    """The answers of one profile's links. Every method raises `StoreError`s."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, answer: LinkAnswer) -> None:
        """Keep `answer` in place of the last one about its customer and profile."""
        values, ids = json.dumps(answer.values), json.dumps(answer.ids)
        row = (answer.customer_id, answer.profile, answer.theirs, values, ids, answer.chosen, answer.asked_at)
        with self._database.writing() as connection:
            connection.execute(f"INSERT OR REPLACE INTO links VALUES ({placeholders(row)})", row)  # noqa: S608

    def whose(self, profile: str, id: str) -> list[str]:
        """Our customers to whom the record `id` at `profile` belongs, whoever was asked about last first."""
        query = """
            SELECT customer_id FROM links
            WHERE profile = ?
                AND (chosen = ? OR chosen IS NULL AND EXISTS (SELECT 1 FROM json_each(ids) WHERE value = ?))
            ORDER BY asked_at DESC
        """
        with self._database.reading() as connection:
            return [ours for (ours,) in connection.execute(query, (profile, id, id))]

    def of(self, customer_ids: Sequence[str]) -> list[LinkAnswer]:
        """Every answer about `customer_ids`."""
        answers = []
        with self._database.reading() as connection:
            for some in chunks(customer_ids):
                query = f"SELECT * FROM links WHERE customer_id IN ({placeholders(some)})"  # noqa: S608
                for customer_id, profile, theirs, values, ids, chosen, asked_at in connection.execute(query, some):
                    known = tuple(json.loads(values)), tuple(json.loads(ids))
                    answers.append(LinkAnswer(customer_id, profile, theirs, *known, chosen, asked_at))
        return answers
