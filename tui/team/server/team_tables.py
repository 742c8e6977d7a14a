"""The team's tables, for statements; how they are made and changed is in `migrations`.

Every row that desks are told of has the `sequence` at which it last changed. Sequences are taken from one counter, in
the transaction that writes the row: whoever has read up to one of them has missed nothing below it. Times are epoch
seconds by the database's clock, but for what a desk says itself (`at`).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, MetaData, Table, Text, text

METADATA = MetaData()

Whole = BigInteger().with_variant(Integer, "sqlite")
"""A whole number of 64 bits; as SQLite's own row number where it is the key."""

COUNTER = Table(
    "counter",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Whole, nullable=False),
    Column("team", Text, nullable=False),
)
"""One row: the last sequence that was taken, and the team's own id."""

MEMBERS = Table(
    "members",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("user_ids", Text, nullable=False),  # a JSON list
    Column("created_at", Double, nullable=False),
    Column("revoked_at", Double),
    Column("sequence", Whole, nullable=False, index=True),
)

CODES = Table(
    "codes",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("member", Text, nullable=False, index=True),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("used_at", Double),
)

TOKENS = Table(
    "tokens",
    METADATA,
    Column("hash", Text, primary_key=True),
    Column("member", Text, nullable=False, index=True),
    Column("created_at", Double, nullable=False),
)

ENTRIES = Table(
    "entries",
    METADATA,
    Column("sequence", Whole, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("union_id", Text),
    Column("kind", Text, nullable=False),
    Column("author", Text, nullable=False),  # a member's id; empty for what was done on the server's host
    Column("author_name", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("received_at", Double, nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("ix_entries_customer", "source", "customer", "sequence"),
    Index(
        "ix_entries_union_id",
        "union_id",
        "sequence",
        postgresql_where=text("union_id IS NOT NULL"),
        sqlite_where=text("union_id IS NOT NULL"),
    ),
    Index("ix_entries_kind", "kind", "sequence"),
)

CONTACTS = Table(
    "contacts",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("union_id", Text),
    Column("at", Double, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("sequence", Whole, nullable=False),
    Index("ix_contacts_sequence", "sequence"),
)
"""Who was last contacted when: the newest follow-up of each customer."""

CLAIMS = Table(
    "claims",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("holder", Text, nullable=False),  # empty once it was given back
    Column("fence", Whole, nullable=False),
    Column("since", Double, nullable=False),
    Column("until", Double, nullable=False),
    Column("sequence", Whole, nullable=False, index=True),
)
"""The last claim on a customer; the row stays, so that its fencing number only grows."""

PRESENCE = Table(
    "presence",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("member", Text, primary_key=True),
    Column("desk", Text, primary_key=True),
    Column("doing", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("until", Double, nullable=False, index=True),
)

NEXT_CONTACTS = Table(
    "next_contacts",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("customer_name", Text, nullable=False),
    Column("union_id", Text),
    Column("owner", Text, nullable=False),
    Column("at", Double, nullable=False),
    Column("whole_day", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("done_at", Double),
    Column("removed", Boolean, nullable=False),
    Column("author", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("sequence", Whole, nullable=False, index=True),
    Index("ix_next_contacts_customer", "source", "customer"),
    Index("ix_next_contacts_owner", "owner", "at"),
)

PRESETS = Table(
    "presets",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("body", Text),  # None: removed
    Column("author", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("changed_at", Double, nullable=False),
    Column("sequence", Whole, nullable=False, index=True),
)

ERASURES = Table(
    "erasures",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("customer", Text, primary_key=True),
    Column("at", Double, nullable=False),
)
"""Whose data were removed, and when: what was said of them before does not come back."""
