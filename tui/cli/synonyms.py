"""Words that people type for a command that is called otherwise here: by other programs, or by the desk's keys."""

from __future__ import annotations

from collections.abc import Collection

from tui.client.nearest import nearest

SYNONYMS = {
    "ls": "list",
    "filter": "list --where FIELD:OP:VALUE",
    "search": "find",
    "grep": "find",
    "pull": "sync",
    "fetch": "sync",
    "refresh": "sync",
    "get": "show",
    "view": "show",
    "open": "show",
    "merge": "duplicates",
    "new": "add",
    "create": "add",
    "update": "edit",
    "set": "edit",
    "rm": "delete",
    "remove": "delete",
    "note": "follow",
    "queue": "outbox",
    "resend": "outbox retry",
    "retry": "outbox retry",
    "log": "journal",
    "history": "journal",
    "undo": "journal --undo CHANGE",
    "config": "profile",
    "login": "profile add",
    "check": "doctor",
    "serve": "sandbox",
}
"""What is typed, and what is meant; in the order of the help page."""

NEAR = 0.6
"""How alike (difflib's ratio) a slip of a command's name must be: they are short, and `undo` is much like `sandbox`."""


def meant(word: str, commands: Collection[str]) -> str:
    """What to type for WORD, which is none of COMMANDS; empty where nobody can say."""
    synonym = SYNONYMS.get(word.casefold(), "")
    return synonym if synonym.partition(" ")[0] in commands else nearest(word, commands, NEAR)
