"""The vendors' own samples, letter for letter, from `vendor_samples/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).parent / "vendor_samples"


def sample(dialect: str, name: str) -> str:
    """The text of a sample, as it stands on the vendor's page."""
    return (HERE / dialect / f"{name}.txt").read_text(encoding="utf-8")


def sample_json(dialect: str, name: str) -> Any:
    """A sample that is JSON but for the no-break spaces that indent it on the page."""
    return json.loads(sample(dialect, name).replace("\xa0", " "))


@dataclass(frozen=True)
class Curl:
    """A sample that is a curl call, with the answer that follows it."""

    path: str
    headers: Mapping[str, str]
    body: Any
    answer: Any
    """None where the page shows none."""


def sample_curl(dialect: str, name: str) -> Curl:
    text = sample(dialect, name)
    address = re.search(r"curl --location '([^']+)'", text)
    data = re.search(r"--data '([^']*)'\s*(.*)", text, re.DOTALL)
    assert address
    assert data
    return Curl(
        path=urlsplit(address[1].replace(" ", "")).path,  # one address has a space in it on the page
        headers=dict(re.findall(r"--header '([^:]+): ([^']*)'", text)),
        body=json.loads(data[1]),
        answer=json.loads(data[2]) if data[2] else None,
    )
