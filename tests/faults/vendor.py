"""The vendors, as a sandbox in a process of its own on a loopback port, and what really came to pass in them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from tui.sandbox.demo import JUZI_TOKEN

SERVE: Final = """
import sys
from pathlib import Path
from tui.sandbox.serve import serve
serve(Path(sys.argv[1]), 0, int(sys.argv[2]))
"""

ADDRESS: Final = "text_6ts9_1687316347239"
"""The useasy custom field that the tests edit."""


class Vendor:
    """The sandbox process with `customers` in `folder`; `close` it."""

    def __init__(self, folder: Path, customers: int) -> None:
        command = [sys.executable, "-c", SERVE, str(folder / "sandbox.db"), str(customers)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        line = json.loads(self._process.stdout.readline())
        self.address: str = line["address"]
        self.database = Path(line["database"])

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.communicate()

    def strike(self, *faults: str) -> None:
        """Have the sandbox do wrong what `faults` say, and nothing else."""
        self._call("POST", "/sandbox/faults", {"faults": faults})

    def come_to_rest(self) -> None:
        """Return once the calls that came in so far have been worked on: they are taken one after the other."""
        self._call("GET", f"/juzi/api/v1/tag/list?token={quote(JUZI_TOKEN)}")

    def _call(self, method: str, path: str, body: object = None) -> None:
        with closing(HTTPConnection(self.address.removeprefix("http://"), timeout=20)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What stands in the sandbox's database, past the sandbox."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(statement, parameters).fetchall()

    # Who there is

    def useasy_ids(self) -> Sequence[str]:
        """All useasy customers."""
        return [
            id for (id,) in self.rows("SELECT json_extract(record, '$._id') FROM useasy_customer ORDER BY position")
        ]

    def ima_ids(self) -> Sequence[str]:
        """All ima customers."""
        ids = self.rows("SELECT json_extract(detail, '$.customer.customerId') FROM ima_customer ORDER BY ordinal")
        return [id for (id,) in ids]

    def followed(self) -> Sequence[tuple[str, str, str]]:
        """Juzi customers who can be remarked on, each once: id, union id, and a colleague who follows."""
        return self.rows(
            """
            SELECT external_user_id, union_id, min(user_id) FROM juzi_customer
            JOIN juzi_follow_user ON customer = ordinal WHERE union_id IS NOT NULL GROUP BY ordinal ORDER BY ordinal
            """
        )

    # What came to pass

    def count(self, kind: str, customer_id: str, value: str) -> int:
        """How often what a write of `kind` (`create-ima`, …) was to do with `value` has been done."""
        match kind:
            case "create-useasy":
                question = "SELECT count(*) FROM useasy_customer WHERE json_extract(record, '$.customerName') = ?"
                return self._number(question, value)
            case "create-ima":
                question = "SELECT count(*) FROM ima_customer WHERE json_extract(detail, '$.customer.name') = ?"
                return self._number(question, value)
            case "update-useasy":
                question = (
                    "SELECT count(*) FROM useasy_customer WHERE json_extract(record, '$._id') = ? "
                    f"AND json_extract(record, '$.{ADDRESS}') = ?"
                )
                return self._number(question, customer_id, value)
            case "update-ima":
                question = (
                    "SELECT count(*) FROM ima_customer WHERE json_extract(detail, '$.customer.customerId') = ? "
                    "AND json_extract(detail, '$.customer.desc') = ?"
                )
                return self._number(question, customer_id, value)
            case "delete":
                question = "SELECT count(*) = 0 FROM useasy_customer WHERE json_extract(record, '$._id') = ?"
                return self._number(question, customer_id)
            case "remark":
                question = (
                    "SELECT count(*) FROM juzi_follow_user JOIN juzi_customer ON ordinal = customer "
                    "WHERE external_user_id = ? AND remark = ?"
                )
                return self._number(question, customer_id, value)
            case _:
                return self._number("SELECT count(*) FROM juzi_follow_history WHERE content = ?", value)

    def _number(self, question: str, *parameters: object) -> int:
        return int(self.rows(question, *parameters)[0][0])
