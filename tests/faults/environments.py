"""Follow-ups sent by `kehu` itself under odd environments, settings and roads, and counted at the vendor.

In each run one file is sent while something is wrong, and again once nothing is. Whatever was wrong, each follow-up is
there once in the end, nothing is unknown that never left, and no run ends in a traceback or shows a password.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.tally import Tally
from tests.faults.vendor import Vendor
from tests.roads import VENDOR, HttpProxy, SocksProxy
from tui.sandbox.demo import JUZI_TOKEN

CUSTOMERS: Final = 300
"""At the vendor."""

RUNS: Final = 100
"""Of one seed; each takes a customer who has a union id, as most have."""

PASSWORD: Final = "geheim#@/%"

LONGEST: Final = 60
"""Seconds after which a run that hangs is ended."""

VARIABLES: Final = {
    "ALL_PROXY": (
        *("socks4://u:{password}@127.0.0.1:1", "socks5://u:{password}@127.0.0.1:1", "socks5h://nobody.invalid"),
        *("nonsense://", "http://", "http://[::1", "http://u:{password}", "127.0.0.1:99999", "http://..", "\udcff"),
    ),
    "http_proxy": ("http://127.0.0.1:1", "https://u:{password}@127.0.0.1:1", "socks://127.0.0.1", " "),
    "NO_PROXY": ("*", "fd00::/8,10.0.0.0/99,[,:,%", ".example", "vendor.example:80", ",", "例子"),
    "SSL_CERT_FILE": ("/none", "/", "/dev/null"),
    "SSL_CERT_DIR": ("/none", "/dev/null"),
    "SSLKEYLOGFILE": ("/none/keys", "/"),
    "LC_ALL": ("C", "zh_CN.UTF-8", "nonsense"),
    "TZ": ("Asia/Shanghai", "nonsense/zone"),
}
"""What each variable may be; a machine has several of them at once."""

SETTINGS: Final = (
    {"proxy": "socks4://u:{password}@127.0.0.1"},
    {"proxy": "none"},
    {"ca_file": "/none"},
    {"client_cert": "/dev/null"},
    {"trust": "system"},
    {"token": "tok\nen"},
)
"""What a profile may say of its road, and a token that none is."""

SOCKS_FAULTS: Final = ("hang up", "reset", "garbage", "forbidden", "refused")
HTTP_FAULTS: Final = ("407",)
"""What a proxy does with a call that it certainly did not hand on."""

EXITS: Final = (0, 1, 2, 3, 4)
"""What a run may end with: nothing here may have left before it failed."""


@dataclass(frozen=True)
class Odd:
    """What is wrong in one run."""

    variables: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    proxy: str = ""
    """`socks` or `http`: the road leads through it."""
    fault: str = ""
    """What it does wrong."""


def odds(seed: int) -> Iterator[Odd]:
    """What is wrong in run after run, without end, as `seed` makes it."""
    dice = random.Random(seed)
    while True:
        match dice.choice(("variables", "settings", "socks", "http")):
            case "variables":
                names = dice.sample(sorted(VARIABLES), dice.randint(1, 3))
                yield Odd({name: dice.choice(VARIABLES[name]).format(password=PASSWORD) for name in names})
            case "settings":
                chosen = dice.choice(SETTINGS)
                yield Odd(settings={name: text.format(password=PASSWORD) for name, text in chosen.items()})
            case "socks":
                yield Odd(proxy="socks", fault=dice.choice(SOCKS_FAULTS))
            case _:
                yield Odd(proxy="http", fault=dice.choice(HTTP_FAULTS))


class EnvironmentTrial:
    """One vendor and its proxies in `folder`, and as many runs as are asked for; `close` it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._vendor = Vendor(folder, CUSTOMERS)
        port = int(self._vendor.address.rpartition(":")[2])
        self._socks = SocksProxy(port).__enter__()
        self._http = HttpProxy(port).__enter__()
        self._people = iter(self._vendor.followed())
        self.tally = Tally()

    def close(self) -> None:
        """End the vendor and the proxies."""
        self._socks.__exit__()
        self._http.__exit__()
        self._vendor.close()

    def run(self, odd: Odd) -> Tally:
        """Send one follow-up while `odd` is wrong, then once more with all put right."""
        self.tally.runs += 1
        customer, union_id, user_id = next(self._people)
        text = f"environment {self.tally.runs}"
        file = self._folder / "follow.csv"
        file.write_text(f"customer,union_id,user_id,content\n{customer},{union_id},{user_id},{text}\n")
        data = self._folder / f"data-{self.tally.runs}"
        name = f"{text}: {odd}"
        self._socks.go_wrong(odd.fault if odd.proxy == "socks" else "")
        self._http.go_wrong(odd.fault if odd.proxy == "http" else "")
        first = self._kehu(data, odd, "follow", "--yes", "--file", str(file))
        if first.returncode not in EXITS:
            self.tally.untrue.append(f"{name}: exit {first.returncode}: {first.stderr}")
        if "Traceback" in first.stderr or "geheim" in first.stdout + first.stderr:
            self.tally.untrue.append(f"{name}: {first.stderr}")
        count = self._vendor.count("follow", customer, text)
        if (first.returncode == 0) is not (count == 1):
            self.tally.untrue.append(f"{name}: exit {first.returncode}, and {count} at the vendor: {first.stderr}")
        self._socks.go_wrong("")
        second = self._kehu(data, Odd(proxy="socks"), "follow", "--yes", "--file", str(file))
        count = self._vendor.count("follow", customer, text)
        if second.returncode != 0 or count == 0:
            self.tally.lost.append(f"{name}: exit {second.returncode}: {second.stderr}")
        if count > 1:
            self.tally.doubled.append(f"{name}: {count} times")
        return self.tally

    def _kehu(self, data: Path, odd: Odd, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`kehu `arguments`…` where `odd` holds, and nothing else of this machine's own environment."""
        address = self._vendor.address if not odd.proxy and not odd.variables else f"http://{VENDOR}"
        settings = {"dialect": "juzi", "base_url": f"{address}/juzi", "token": JUZI_TOKEN, **odd.settings}
        if odd.proxy == "socks":
            settings["proxy"] = f"socks5://127.0.0.1:{self._socks.port}"
        elif odd.proxy == "http":
            settings["proxy"] = f"http://127.0.0.1:{self._http.port}"
        config = self._folder / "kehu.toml"
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in settings.items())
        config.write_text(f"[profiles.team]\nallow_http = true\n{lines}")
        config.chmod(0o600)
        home = {"HOME": str(self._folder), "PATH": os.environ["PATH"], "KEHU_DATA_DIR": str(data)}
        return subprocess.run(
            [sys.executable, "-m", "tui", "--config", str(config), *arguments],
            env={**home, **odd.variables},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=LONGEST,
            check=False,
        )
