"""What people type who know other programs, and what they mean here: one declaration for commands and options."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping, Sequence

from tui.locale import _
from tui.model.naming import nearest

NEAR = 0.6
"""How alike (difflib's ratio) a slip of a command's name must be: they are short, and `undo` is much like `sandbox`."""

COMMANDS: Mapping[str, Sequence[str]] = {
    "ls": ["list"],
    "all": ["list --all"],
    "customers": ["list"],
    "filter": ["list --where FIELD:OP:VALUE"],
    "search": ["find"],
    "query": ["find"],
    "grep": ["find"],
    "lookup": ["show --by NAME"],
    "pull": ["sync"],
    "fetch": ["sync"],
    "refresh": ["sync"],
    "get": ["show"],
    "cat": ["show"],
    "view": ["show"],
    "open": ["show"],
    "info": ["show"],
    "customer": ["show"],
    "schema": ["fields"],
    "columns": ["fields"],
    "merge": ["duplicates"],
    "dedupe": ["duplicates"],
    "new": ["add"],
    "create": ["add"],
    "import": ["add"],
    "export": ["list --all"],
    "update": ["edit"],
    "set": ["edit"],
    "patch": ["edit"],
    "rm": ["delete", "remove"],
    "del": ["delete", "remove"],
    "remove": ["delete"],
    "delete": ["remove"],
    "tag": ["edit ID --set NAME=VALUE"],
    "note": ["follow"],
    "comment": ["follow"],
    "call": ["follow"],
    "log": ["journal"],
    "history": ["journal"],
    "undo": ["journal --undo CHANGE"],
    "audit": ["journal"],
    "remind": ["next"],
    "reminder": ["next"],
    "schedule": ["next"],
    "today": ["due"],
    "todo": ["due"],
    "agenda": ["due"],
    "views": ["view"],
    "templates": ["template"],
    "snippet": ["template"],
    "queue": ["outbox"],
    "pending": ["outbox"],
    "resend": ["outbox retry", "retry"],
    "retry": ["outbox retry"],
    "stats": ["report"],
    "insights": ["report"],
    "summary": ["report"],
    "users": ["people"],
    "user": ["people"],
    "colleagues": ["people"],
    "staff": ["people"],
    "profiles": ["profile"],
    "account": ["profile"],
    "use": ["--profile NAME"],
    "switch": ["--profile NAME"],
    "settings": ["config", "profile"],
    "configure": ["profile add"],
    "setup": ["profile add"],
    "init": ["profile add"],
    "login": ["profile add"],
    "ping": ["profile test", "test"],
    "status": ["doctor"],
    "check": ["doctor"],
    "diagnose": ["doctor"],
    "version": ["--version"],
    "man": ["help"],
    "serve": ["sandbox"],
    "server": ["sandbox"],
    "completions": ["completion"],
    "complete": ["completion"],
    "save": ["add"],
    "show": ["list"],
    "find": ["list"],
    "列表": ["list"],
    "搜索": ["find"],
    "查找": ["find"],
    "查看": ["show"],
    "新建": ["add"],
    "修改": ["edit"],
    "删除": ["delete"],
    "备注": ["remark"],
    "跟进": ["follow"],
    "同步": ["sync"],
    "帮助": ["help"],
}
"""A word that is no command here, and what to type for it: the first whose command there is."""

OPTIONS: Mapping[str, Sequence[str]] = {
    "--csv": ["--format csv", "--json"],
    "--tsv": ["--format tsv", "--json"],
    "--xlsx": ["--format xlsx", "--json"],
    "--excel": ["--format xlsx", "--json"],
    "--jsonl": ["--format jsonl", "--all", "--json"],
    "--table": ["--format table"],
    "--format": ["--json"],
    "--output": ["--html FILE"],
    "--out": ["--output FILE", "--html FILE"],
    "--outfile": ["--output FILE", "--html FILE"],
    "--to-file": ["--output FILE", "--html FILE"],
    "--save": ["--output FILE", "--html FILE"],
    "-o": ["--output FILE", "--html FILE"],
    "--file": ["--output FILE", "--html FILE", "--database FILE"],
    "--input": ["--file FILE"],
    "--import": ["--file FILE"],
    "--from-file": ["--file FILE"],
    "-f": ["--file FILE", "--output FILE"],
    "--stdin": ["--file -"],
    "--limit": ["--size N", "--top N"],
    "--size": ["--limit N"],
    "--page-size": ["--size N", "--limit N"],
    "--per-page": ["--size N", "--limit N"],
    "--max": ["--limit N", "--size N", "--top N"],
    "--count": ["--limit N", "--size N"],
    "--top": ["--limit N", "--size N"],
    "-n": ["--limit N", "--size N", "--dry-run"],
    "--offset": ["--page N"],
    "--every": ["--all"],
    "--search": ["--query QUERY", "--find TEXT"],
    "--grep": ["--find TEXT", "--query QUERY"],
    "--text": ["--find TEXT", "--query QUERY", "--description T"],
    "--query": ["--find TEXT", "--where FIELD:OP:VALUE"],
    "--filter": ["--where FIELD:OP:VALUE", "--query QUERY"],
    "--where": ["--query QUERY"],
    "--sort": ["--query sort:FIELD"],
    "--order": ["--query sort:FIELD"],
    "--order-by": ["--query sort:FIELD"],
    "--tag": ["--where tags:eq:TAG", "--query tag:TAG", "--set tags=TAG"],
    "--fields": ["--columns A,B"],
    "--select": ["--columns A,B"],
    "--column": ["--columns A,B"],
    "--headers": ["--no-header"],
    "--user": ["--owner USER", "--by USER"],
    "--owner": ["--user USER", "--by USER"],
    "--author": ["--by USER"],
    "--as": ["--user USER"],
    "--user-id": ["--user USER", "--owner USER"],
    "--colleague": ["--user USER", "--owner USER", "--by USER"],
    "--phone": ["--by phone", "--set phones=VALUE", "--where phones:eq:VALUE"],
    "--email": ["--by email", "--set emails=VALUE", "--where emails:eq:VALUE"],
    "--name": ["--set name=VALUE", "--query name:TEXT"],
    "--company": ["--set company=VALUE"],
    "--field": ["--set NAME=VALUE", "--columns A,B", "--where FIELD:OP:VALUE"],
    "--value": ["--set NAME=VALUE"],
    "--message": ["--text T", "--note T"],
    "--content": ["--text T"],
    "--body": ["--text T"],
    "-m": ["--text T", "--note T", "--remark T"],
    "--note": ["--text T", "--description T"],
    "--comment": ["--text T", "--description T", "--note T"],
    "--time": ["--at TIME", "--since TIME"],
    "--when": ["--at TIME", "--since TIME"],
    "--date": ["--at TIME", "--since TIME"],
    "--on": ["--at TIME"],
    "--from": ["--since TIME"],
    "--after": ["--since TIME"],
    "--to": ["--until TIME"],
    "--before": ["--until TIME"],
    "--remind": ["--next TIME"],
    "--type": ["--kind KIND"],
    "--status": ["--state STATE"],
    "--force": ["--yes", "--again", "--anew"],
    "--confirm": ["--yes"],
    "--no-confirm": ["--yes"],
    "-y": ["--yes"],
    "--simulate": ["--dry-run"],
    "--preview": ["--dry-run"],
    "--check": ["--dry-run"],
    "--dryrun": ["--dry-run"],
    "--what-if": ["--dry-run"],
    "--full": ["--anew", "--linked"],
    "--restart": ["--anew"],
    "--reset": ["--anew"],
    "--url": ["--base-url URL"],
    "--token": ["--env VARIABLE"],
    "--secret": ["--env VARIABLE"],
    "--debug": ["-vv"],
    "--trace": ["-vv"],
    "--silent": ["--quiet"],
    "--colour": ["--color auto|always|never"],
    "--no-color": ["--color never"],
    "--no-colour": ["--color never"],
    "--pager": ["--no-pager"],
    "--version": ["kehu --version"],
    "-V": ["kehu --version"],
    "-p": ["--profile NAME"],
    "-c": ["--config FILE"],
    "-j": ["--json"],
    "-?": ["--help"],
}
"""An option that a command does not have, and what to type for it: the first that it has."""


WITH_WORDS: Mapping[str, str] = {"list": "find", "due": "next", "fields": "find"}
"""A command that takes no words, and the one that does what is meant with them."""


def meant_with_words(command: str, words: Sequence[str]) -> str:
    """Return what to do where `words` follow `command`, which takes none; empty where nobody can say."""
    if command not in WITH_WORDS:
        return ""
    return _("Did you mean {near}?").format(near=shlex.join(["kehu", WITH_WORDS[command], *words]))


def meant_command(word: str, commands: Collection[str]) -> str:
    """Return what to type for `word`, which is none of `commands`; empty where nobody can say."""
    for text in COMMANDS.get(word.casefold(), ()):
        first = text.partition(" ")[0]
        if first in commands or first.startswith("-"):
            return text
    return nearest(word, commands, NEAR)


def meant_option(name: str, options: Collection[str]) -> str:
    """Return what to type for the option `name`, which is none of `options`; empty where nobody can say."""
    for text in OPTIONS.get(name, OPTIONS.get(name.casefold(), ())):
        if text.startswith("kehu ") or text.partition(" ")[0] in options:
            return text
    return nearest(name, [option for option in options if option.startswith("--")], NEAR) if name[:2] == "--" else ""
