"""The sandbox's database: one SQLite file, its tables, and how it is opened.

Lists are paged by dense numbers (an ordinal, a rank within one staff member, counted blocks), never by skipping rows,
so that page 9,000 costs what page 1 costs.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

TABLES: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- juzi: its customers are neither created nor deleted over the API, so ordinals and ranks stay dense.
CREATE TABLE juzi_staff (user_id TEXT PRIMARY KEY, name TEXT NOT NULL, avatar TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE juzi_tag (
    id INTEGER PRIMARY KEY,
    group_id TEXT,
    group_name TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,               -- '1' corp, '2' personal
    tag_id TEXT,                      -- corp tags alone
    created_ms INTEGER NOT NULL
);
CREATE TABLE juzi_customer (
    ordinal INTEGER PRIMARY KEY,
    external_user_id TEXT NOT NULL,
    union_id TEXT,
    name TEXT NOT NULL,
    avatar TEXT,
    gender INTEGER NOT NULL,
    type INTEGER NOT NULL
);
CREATE TABLE juzi_follow_user (
    customer INTEGER NOT NULL REFERENCES juzi_customer,
    place INTEGER NOT NULL,
    user_id TEXT NOT NULL,
    rank INTEGER NOT NULL,            -- 1, 2, 3… among the customers of this staff member
    remark TEXT NOT NULL,
    description TEXT,
    created_ms INTEGER NOT NULL,
    state TEXT,
    mobile TEXT,
    tags TEXT NOT NULL,               -- ids of juzi_tag, separated by a space
    PRIMARY KEY (customer, place)
) WITHOUT ROWID;
CREATE TABLE juzi_follow_history (
    id INTEGER PRIMARY KEY,
    union_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    content TEXT NOT NULL,
    timestamp INTEGER NOT NULL        -- seconds
);

-- useasy: position 1 is the first row of the list; what is created later gets 0, -1, -2…
CREATE TABLE useasy_customer (position INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE useasy_term (position INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE useasy_block (block INTEGER PRIMARY KEY, live INTEGER NOT NULL);

-- ima: `detail` is the CustomerDetail that is answered.
CREATE TABLE ima_company (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE ima_customer (
    ordinal INTEGER PRIMARY KEY,
    detail TEXT NOT NULL,
    external_id TEXT AS (json_extract(detail, '$.customer.externalId')) VIRTUAL,
    email TEXT AS (json_extract(detail, '$.customer.email')) VIRTUAL,
    phone TEXT AS (json_extract(detail, '$.customer.phone')) VIRTUAL,
    telephone TEXT AS (json_extract(detail, '$.customer.telephone')) VIRTUAL
);
"""

INDEXES: Final = """
CREATE UNIQUE INDEX juzi_customer_external ON juzi_customer (external_user_id);
CREATE UNIQUE INDEX juzi_customer_union ON juzi_customer (union_id) WHERE union_id IS NOT NULL;
CREATE UNIQUE INDEX juzi_follow_user_rank ON juzi_follow_user (user_id, rank);
CREATE INDEX juzi_follow_history_customer ON juzi_follow_history (union_id, user_id);
CREATE INDEX useasy_term_value ON useasy_term (field, value, position);
CREATE UNIQUE INDEX ima_company_name ON ima_company (name);
CREATE INDEX ima_customer_external ON ima_customer (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX ima_customer_email ON ima_customer (email) WHERE email IS NOT NULL;
CREATE INDEX ima_customer_phone ON ima_customer (phone) WHERE phone IS NOT NULL;
CREATE INDEX ima_customer_telephone ON ima_customer (telephone) WHERE telephone IS NOT NULL;
"""
"""Made after the rows are in: sorting them once is quicker than placing each, and takes no memory."""

BLOCK: Final = 1000
"""How many useasy positions one counted block covers: a page is found by adding blocks, then skipping within one."""

_BUSY_SECONDS: Final = 10
"""How long one process waits for another that writes to the same file."""

_CACHE_KIB: Final = 256
"""SQLite's own cache: a desk holds it too while it is its own server, and the system caches the file anyway."""


def connect(database: Path) -> sqlite3.Connection:
    """Open a seeded sandbox database; other processes may have it open as well.

    Statements commit by themselves unless they stand in a `transaction`.

    Raises:
        sqlite3.Error: there is no such file, or it is no database.
    """
    connection = sqlite3.connect(
        f"{database.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing, with the write lock from the start: what was read is still so when it is written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
