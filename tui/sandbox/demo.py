"""The demo profiles and the credentials that every sandbox accepts: what the desk uses when nothing is
configured.
"""
# ruff: noqa: S105 - the credentials are no secrets: fixed, public, and worth nothing anywhere else

from collections.abc import Mapping
from typing import Final

JUZI_TOKEN: Final = "sandbox-juzi-token"
JUZI_EXPIRED_TOKEN: Final = "sandbox-juzi-token-expired"
"""A token that has run out: answered with errcode 42001, so that a program can see that case."""

USEASY_APP_ID: Final = "1090"
"""The application id of the page's own examples."""
USEASY_SECRET: Final = "sandbox-useasy-secret"

IMA_APP_ID: Final = "sandbox-ima-app"
IMA_SECRET: Final = "sandbox-ima-secret"

DEMO_ORIGIN: Final = "http://sandbox.localhost"
"""The address that demo profiles show. Nothing listens there: the calls stay inside the process."""

WECOM_FIELD: Final = "text_wecom_1687316347240"
"""The useasy custom field 企微客户ID, which holds the juzi external user id of the same person."""

DEMO_STAFF: Final = "rocky"
"""The staff member who acts in the demo: 张三, who follows the first customers of the list."""

DEMO_PROFILES: Final[Mapping[str, Mapping[str, str]]] = {
    "demo-juzi": {
        "dialect": "juzi",
        "base_url": f"{DEMO_ORIGIN}/juzi",
        "token": JUZI_TOKEN,
        "user_id": DEMO_STAFF,
    },
    "demo-useasy": {
        "dialect": "useasy",
        "base_url": f"{DEMO_ORIGIN}/useasy",
        "app_id": USEASY_APP_ID,
        "secret": USEASY_SECRET,
        "user_id": DEMO_STAFF,
    },
    "demo-ima": {
        "dialect": "ima",
        "base_url": f"{DEMO_ORIGIN}/ima",
        "app_id": IMA_APP_ID,
        "secret": IMA_SECRET,
        "user_id": DEMO_STAFF,
    },
}

DEMO_IDENTITY: Final[Mapping[str, str]] = {
    "demo-juzi": "id",
    "demo-useasy": f"custom.{WECOM_FIELD}",
    "demo-ima": "external_id",
}
"""Which field of each profile's records holds the juzi external user id of the same person."""
