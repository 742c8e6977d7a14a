"""What the desk keeps on disk, in one SQLite file a profile: directory, outbox, journal, drafts."""
