"""People, the journal, contacts, claims, presence, next contacts, presets, erasures."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _text(name: str, *, key: bool = False, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=key, nullable=empty)


def _time(name: str, *, empty: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Double, nullable=empty)


def _whole(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, _WHOLE, primary_key=key, nullable=False, autoincrement=False)


def upgrade() -> None:
    """Make the tables."""
    counter = op.create_table(
        "counter", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), _whole("value"), _text("team")
    )
    op.bulk_insert(counter, [{"id": 1, "value": 0, "team": str(uuid4())}])
    op.create_table(
        "members",
        *(_text("id", key=True), _text("name"), _text("role"), _text("user_ids"), _time("created_at")),
        *(_time("revoked_at", empty=True), _whole("sequence")),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_members_sequence", "members", ["sequence"])
    op.create_table(
        "codes",
        *(_text("hash", key=True), _text("member"), _time("created_at"), _time("expires_at")),
        _time("used_at", empty=True),
    )
    op.create_index("ix_codes_member", "codes", ["member"])
    op.create_table("tokens", _text("hash", key=True), _text("member"), _time("created_at"))
    op.create_index("ix_tokens_member", "tokens", ["member"])
    op.create_table(
        "entries",
        *(_whole("sequence", key=True), _text("id"), _text("source"), _text("customer")),
        *(_text("union_id", empty=True), _text("kind"), _text("author"), _text("author_name"), _time("at")),
        *(_time("received_at"), _text("body"), _text("digest")),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_entries_received_at", "entries", ["received_at"])
    op.create_index("ix_entries_customer", "entries", ["source", "customer", "sequence"])
    known = sa.text("union_id IS NOT NULL")
    op.create_index(
        "ix_entries_union_id", "entries", ["union_id", "sequence"], postgresql_where=known, sqlite_where=known
    )
    op.create_index("ix_entries_kind", "entries", ["kind", "sequence"])
    op.create_table(
        "contacts",
        *(_text("source", key=True), _text("customer", key=True), _text("union_id", empty=True), _time("at")),
        *(_text("author"), _text("author_name"), _whole("sequence")),
    )
    op.create_index("ix_contacts_sequence", "contacts", ["sequence"])
    op.create_table(
        "claims",
        *(_text("source", key=True), _text("customer", key=True), _text("holder"), _whole("fence")),
        *(_time("since"), _time("until"), _whole("sequence")),
    )
    op.create_index("ix_claims_sequence", "claims", ["sequence"])
    op.create_table(
        "presence",
        *(_text("source", key=True), _text("customer", key=True), _text("member", key=True), _text("desk", key=True)),
        *(_text("doing"), _time("since"), _time("until")),
    )
    op.create_index("ix_presence_until", "presence", ["until"])
    op.create_table(
        "next_contacts",
        *(_text("id", key=True), _text("source"), _text("customer"), _text("customer_name")),
        *(_text("union_id", empty=True), _text("owner"), _time("at")),
        sa.Column("whole_day", sa.Boolean, nullable=False),
        *(_text("note"), _time("done_at", empty=True)),
        sa.Column("removed", sa.Boolean, nullable=False),
        _text("author"),
        sa.Column("revision", sa.Integer, nullable=False),
        *(_time("changed_at"), _whole("sequence")),
    )
    op.create_index("ix_next_contacts_sequence", "next_contacts", ["sequence"])
    op.create_index("ix_next_contacts_customer", "next_contacts", ["source", "customer"])
    op.create_index("ix_next_contacts_owner", "next_contacts", ["owner", "at"])
    op.create_table(
        "presets",
        *(_text("kind", key=True), _text("name", key=True), _text("body", empty=True), _text("author")),
        sa.Column("revision", sa.Integer, nullable=False),
        *(_time("changed_at"), _whole("sequence")),
    )
    op.create_index("ix_presets_sequence", "presets", ["sequence"])
    op.create_table("erasures", _text("source", key=True), _text("customer", key=True), _time("at"))
