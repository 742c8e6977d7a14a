"""The tables, as the steps that made them. A step is never changed: a new one is added after it.

Directory. A customer has a *place*, a number that only grows: new and changed customers take new ones, so that higher
places were met later, and the search index, which knows customers by place, is only ever added to. A place that is no
longer in `customers` is passed over.
"""

from __future__ import annotations

_FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    # The list's plain rows; `digest` tells whether a customer that is seen again has changed.
    """
    CREATE TABLE customers (
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, company TEXT NOT NULL,
        remark TEXT NOT NULL, phone TEXT NOT NULL, owner TEXT NOT NULL, added TEXT NOT NULL, tags TEXT NOT NULL,
        seen_at REAL NOT NULL, unreadable INTEGER NOT NULL, digest INTEGER NOT NULL
    )
    """,
    "CREATE INDEX customers_seen ON customers (seen_at)",
    # The whole customer, packed (records.py), beside the rows so that reading rows touches few pages.
    "CREATE TABLE records (place INTEGER PRIMARY KEY, packed BLOB NOT NULL)",
    "CREATE TABLE dictionaries (number INTEGER PRIMARY KEY, sample INTEGER NOT NULL, content BLOB NOT NULL)",
    # What finds a customer from its beginning: ids, phones from both ends, addresses, custom values (terms.py).
    "CREATE TABLE keys (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID",
    # Tags and colleagues: few texts on many customers. The index holds their numbers.
    """
    CREATE TABLE labels (
        number INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, shown TEXT NOT NULL, folded TEXT NOT NULL,
        aliases TEXT NOT NULL, customers INTEGER NOT NULL DEFAULT 0, UNIQUE (kind, text)
    )
    """,
    "CREATE VIRTUAL TABLE search USING fts5 (terms, content='', detail=none, columnsize=0, tokenize='ascii')",
    """
    CREATE TABLE pages (
        key TEXT NOT NULL, page INTEGER NOT NULL, size INTEGER NOT NULL, total INTEGER, seen_at REAL NOT NULL,
        ids BLOB NOT NULL, PRIMARY KEY (key, page)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX pages_seen ON pages (seen_at)",
    """
    CREATE TABLE syncs (
        key TEXT PRIMARY KEY, page INTEGER NOT NULL, size INTEGER NOT NULL, total INTEGER, started_at REAL NOT NULL,
        updated_at REAL NOT NULL, complete INTEGER NOT NULL, missed INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    # The outbox: a row is added before anything is sent, and stays.
    """
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT NOT NULL,
        customer_name TEXT NOT NULL, union_id TEXT, user_id TEXT NOT NULL, request TEXT NOT NULL, "before" TEXT,
        "after" TEXT, repeatable INTEGER NOT NULL, batch TEXT, undo_of INTEGER,
        os_user TEXT NOT NULL, host TEXT NOT NULL, profile TEXT NOT NULL, created_at REAL NOT NULL, sent_at REAL,
        settled_at REAL, changed_at REAL NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, sender TEXT,
        code TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', answer TEXT
    )
    """,
    "CREATE INDEX changes_state ON changes (state, id)",
    "CREATE INDEX changes_customer ON changes (customer_id, id)",
    "CREATE INDEX changes_batch ON changes (batch, id) WHERE batch IS NOT NULL",
    "CREATE INDEX changes_undo ON changes (undo_of) WHERE undo_of IS NOT NULL",
    """
    CREATE TRIGGER changes_stay BEFORE DELETE ON changes
    BEGIN SELECT RAISE(ABORT, 'a change is never deleted'); END
    """,
    """
    CREATE TABLE transitions (
        change INTEGER NOT NULL, at REAL NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL,
        message TEXT NOT NULL
    )
    """,
    "CREATE INDEX transitions_change ON transitions (change)",
    """
    CREATE TRIGGER changes_added AFTER INSERT ON changes
    BEGIN INSERT INTO transitions VALUES (new.id, new.changed_at, new.state, new.code, new.message); END
    """,
    """
    CREATE TRIGGER changes_moved AFTER UPDATE OF state ON changes
    BEGIN INSERT INTO transitions VALUES (new.id, new.changed_at, new.state, new.code, new.message); END
    """,
    """
    CREATE TABLE drafts (
        form TEXT NOT NULL, target TEXT NOT NULL, "values" TEXT NOT NULL, seen TEXT, saved_at REAL NOT NULL,
        PRIMARY KEY (form, target)
    ) WITHOUT ROWID
    """,
)

_LINKS = (
    # Which records at other profiles belong to a customer; "values" and ids are JSON lists of texts.
    """
    CREATE TABLE links (
        customer_id TEXT NOT NULL, profile TEXT NOT NULL, theirs TEXT NOT NULL, "values" TEXT NOT NULL,
        ids TEXT NOT NULL, chosen TEXT, asked_at REAL NOT NULL, PRIMARY KEY (customer_id, profile)
    ) WITHOUT ROWID
    """,
)

_DRAFTS = (
    # A draft for each time that a form was opened: two desks on one customer do not write over each other's.
    """
    CREATE TABLE opened_drafts (
        id INTEGER PRIMARY KEY, form TEXT NOT NULL, target TEXT NOT NULL, "values" TEXT NOT NULL, seen TEXT,
        saved_at REAL NOT NULL
    )
    """,
    """
    INSERT INTO opened_drafts (form, target, "values", seen, saved_at)
    SELECT form, target, "values", seen, saved_at FROM drafts
    """,
    "DROP TABLE drafts",
    "ALTER TABLE opened_drafts RENAME TO drafts",
    "CREATE INDEX drafts_about ON drafts (form, target)",
)

_ANSWERS = (
    # Of an answer the record alone was kept; now all of it is, with the record where the vendors have it.
    "UPDATE changes SET answer = json_object('data', json(answer)) WHERE answer IS NOT NULL",
)


def _contacted(change: str, source: str = "") -> str:
    """The statement that tells whom follow-ups reached, and when the latest did: `change` and `source` say of which."""
    return f"""
        SELECT {change}customer_id, max(CAST(coalesce(
            strftime('%s', json_extract(text.value, '$.at')), {change}sent_at, {change}created_at) AS INTEGER))
        FROM {source}json_each({change}request, '$.texts') AS text
        WHERE {change}kind = 'follow' AND {change}state IN ('sent', 'kept') AND {change}customer_id <> ''
        GROUP BY {change}customer_id
    """  # noqa: S608  # of the two in `_COLUMNS`


_COLUMNS = (
    # What queries read (packed_columns.py): a thousand customers a block, of each field with a value in it a column. A
    # column's key is its field's number and, below that, its block's.
    "CREATE TABLE blocks (number INTEGER PRIMARY KEY, first INTEGER, last INTEGER, live BLOB NOT NULL)",
    "CREATE INDEX blocks_last ON blocks (last)",
    "CREATE TABLE columns (key INTEGER PRIMARY KEY, packed BLOB NOT NULL)",
    "CREATE TABLE column_names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, label TEXT NOT NULL)",
    # When a customer was contacted last and is to be next, in epoch seconds. `overlaid`: the blocks do not say so yet.
    """
    CREATE TABLE contact_times (
        customer_id TEXT PRIMARY KEY, last_at INTEGER, next_at INTEGER, overlaid INTEGER NOT NULL DEFAULT 1
    ) WITHOUT ROWID
    """,
    "CREATE INDEX contact_times_overlaid ON contact_times (customer_id) WHERE overlaid",
    "CREATE INDEX contact_times_next ON contact_times (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX contact_times_last ON contact_times (last_at) WHERE last_at IS NOT NULL",
    f"INSERT INTO contact_times (customer_id, last_at) {_contacted('changes.', 'changes, ')}",
    # A follow-up that was sent, or is kept here, is a contact, whoever or whatever says that it was.
    *(
        f"""
        CREATE TRIGGER contacted_{name} AFTER {when} ON changes WHEN new.kind = 'follow'
        BEGIN
            INSERT INTO contact_times (customer_id, last_at) {_contacted("new.")}
            ON CONFLICT (customer_id) DO UPDATE SET overlaid = 1, last_at = max(coalesce(last_at, 0), excluded.last_at);
        END
        """
        for name, when in (("added", "INSERT"), ("moved", "UPDATE OF state"))
    ),
)

_WORK = (
    # Whom to contact when. Of each customer one is open; those that were made stay, with when.
    """
    CREATE TABLE next_contacts (
        id TEXT PRIMARY KEY, customer_id TEXT NOT NULL, at INTEGER NOT NULL, whole_day INTEGER NOT NULL,
        note TEXT NOT NULL, author TEXT NOT NULL, created_at REAL NOT NULL, done_at REAL, at_vendor INTEGER NOT NULL,
        changed_at REAL NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX next_contacts_open ON next_contacts (customer_id) WHERE done_at IS NULL",
    "CREATE INDEX next_contacts_at ON next_contacts (at) WHERE done_at IS NULL",
    # What queries read as `next` is the open one's time, whoever or whatever sets it.
    *(
        f"""
        CREATE TRIGGER next_contact_{name} AFTER {when}
        BEGIN
            INSERT INTO contact_times (customer_id, next_at) VALUES ({row}.customer_id, {at})
            ON CONFLICT (customer_id) DO UPDATE SET overlaid = 1, next_at = excluded.next_at;
        END
        """  # noqa: S608  # of the four below
        for name, when, row, at in (
            ("set", "INSERT ON next_contacts WHEN new.done_at IS NULL", "new", "new.at"),
            ("moved", "UPDATE OF at ON next_contacts WHEN new.done_at IS NULL", "new", "new.at"),
            ("made", "UPDATE OF done_at ON next_contacts WHEN new.done_at IS NOT NULL", "new", "NULL"),
            ("removed", "DELETE ON next_contacts WHEN old.done_at IS NULL", "old", "NULL"),
        )
    ),
)

ENTRIES = (
    "UPDATE changes SET uid = kehu_dated_id(created_at, id) WHERE uid = ''",
    "UPDATE changes SET source = kehu_source() WHERE source = ''",
    "UPDATE changes SET author = coalesce(nullif(user_id, ''), os_user) WHERE author = ''",
    """
    INSERT INTO journal (id, source, customer, union_id, kind, author, at, body, about)
    SELECT kehu_dated_id(changed_at, id), source, customer_id, union_id, kind, author, changed_at, json_object(
        'change', uid, 'number', id, 'state', state, 'customer_name', customer_name, 'user_id', user_id,
        'request', json(request), 'before', json("before"), 'after', json("after"), 'answer', json(answer),
        'code', code, 'message', message, 'repeatable', repeatable, 'batch', batch, 'undo_of', undo_of,
        'os_user', os_user, 'host', host, 'profile', profile, 'created_at', created_at, 'sent_at', sent_at,
        'settled_at', settled_at, 'attempts', attempts
    ), uid
    FROM changes WHERE state NOT IN ('pending', 'sending')
    AND json_valid(request) AND json_valid(coalesce("before", '{}')) AND json_valid(coalesce("after", '{}'))
    AND json_valid(coalesce(answer, '{}')) AND NOT EXISTS (
        SELECT 1 FROM journal WHERE about = changes.uid AND json_extract(body, '$.state') = changes.state
    )
    ORDER BY changed_at, id
    """,
)
"""Bring into the journal what became of changes of which it does not tell.

`kehu_source()` is the account that the file is about, `kehu_dated_id(at, number)` a UUID.
"""

_JOURNAL = (
    "ALTER TABLE changes ADD COLUMN uid TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE changes ADD COLUMN source TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE changes ADD COLUMN author TEXT NOT NULL DEFAULT ''",
    # `place` is the order in which entries came. `about` is the change that one tells of, by its UUID; else its id.
    """
    CREATE TABLE journal (
        place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, customer TEXT NOT NULL,
        union_id TEXT, kind TEXT NOT NULL, author TEXT NOT NULL, at REAL NOT NULL, body TEXT NOT NULL,
        about TEXT NOT NULL
    )
    """,
    "CREATE INDEX journal_about ON journal (about, place)",
    "CREATE INDEX journal_customer ON journal (customer, about)",
    """
    CREATE TRIGGER journal_stays BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
    """,
    """
    CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is only added to'); END
    """,
    *ENTRIES,
)

_PRESETS = (
    # What an agent saved by name: views and texts. "body" is a JSON object.
    """
    CREATE TABLE presets (
        kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, created_at REAL NOT NULL, PRIMARY KEY (kind, name)
    ) WITHOUT ROWID
    """,
)

_DEEDS = (
    # The journal's entries by what was written, made of them when they are looked for (deeds.py).
    """
    CREATE TABLE deeds (
        place INTEGER NOT NULL, number INTEGER NOT NULL, about TEXT NOT NULL, customer TEXT NOT NULL,
        kind TEXT NOT NULL, author TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (place, number)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX deeds_about ON deeds (about)",
    "CREATE INDEX deeds_at ON deeds (at)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    *(_FIRST, _LINKS, _DRAFTS, _ANSWERS, _COLUMNS, _WORK, _JOURNAL, _PRESETS, _DEEDS),
)
"""The statements that lead from version N to N + 1; a file's version is its `user_version`."""
