"""The configuration file: what it may say, and how a mistake in it is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tui.client.service import DIALECTS, RoadSettings
from tui.config import choose, load
from tui.config.model import LinkRule, SecretSource
from tui.model.errors import ConfigError

JUZI = """
[profiles.team]
dialect = "juzi"
base_url = "https://hub.juzibot.com"
token_env = "JUZI_TOKEN"
"""

DESIGN_SAMPLE = """
default_profile = "team"
language = "auto"                        # auto, en, zh_CN

[profiles.team]
dialect = "juzi"
base_url = "https://hub.juzibot.com"
token_command = "pass show juzi"         # or token_env = "JUZI_TOKEN", token_keyring = true, token = "…"
user_id = "rocky"                        # the staff member who acts

[profiles.crm]
dialect = "useasy"
base_url = "https://crm.example.com"
app_id = "1090"
secret_env = "USEASY_SECRET"             # likewise secret_command, secret_keyring, secret
[profiles.crm.signing]                   # optional: the defaults are in vendor-docs/README.md
algorithm = "hmac-sha256"                # md5, sha1, sha256, hmac-md5, hmac-sha1, hmac-sha256
message = "{app_id}{nonce}{timestamp}"   # also {secret}
encoding = "base64"                      # base64, hex, HEX

[profiles.desk]
dialect = "ima"
base_url = "https://your.domain"
app_id = "…"
secret_command = "pass show ima"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a private configuration file."""

    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path

    return write


def refusal(path: Path) -> ConfigError:
    """What `load` says about `path`."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value


def test_the_designs_own_sample_is_read_to_the_letter(write: Write) -> None:
    config = load(write(DESIGN_SAMPLE))
    assert list(config.profiles) == ["team", "crm", "desk"]
    assert config.default_profile == "team"
    team, crm, desk = config.profiles.values()
    assert (team.secret, team.user_id) == (SecretSource("command", "pass show juzi", "token_command"), "rocky")
    assert crm.signing == {
        "algorithm": "hmac-sha256",
        "message": "{app_id}{nonce}{timestamp}",
        "encoding": "base64",
    }
    assert (desk.place, desk.secret.key, desk.app_id) == ("your.domain", "secret_command", "…")


def test_everything_that_a_profile_may_say_arrives(write: Write) -> None:
    config = load(
        write(
            """
            default_profile = "crm"
            language = "zh_CN"
            mouse = true
            [keys]
            edit = "E"
            next = ["n", "ctrl+n"]
            [profiles.crm]
            dialect = "useasy"
            base_url = "http://crm.internal:8081/prefix/"
            allow_http = true
            app_id = "1090"
            secret = "s3cret"
            user_id = "8310"
            disable = ["delete", "create"]
            page_size = 50
            timeout = 7.5
            proxy = "socks5://rocky:geheim@proxy.example:1080"
            trust = "system"
            ca_file = "certificates/ca.pem"
            client_cert = "~/rocky.pem"
            find_path = ""
            [profiles.crm.links.team]
            theirs = "id"
            ours = "custom.text_1"
            [profiles.team]
            dialect = "juzi"
            base_url = "http://127.0.0.1:8321/juzi"
            token_keyring = true
            """
        )
    )
    crm, folder = config.profiles["crm"], str(config.path and config.path.parent)
    assert (config.language, config.mouse, config.keys) == ("zh_CN", True, {"edit": "E", "next": "n,ctrl+n"})
    assert (crm.base_url, crm.place) == ("http://crm.internal:8081/prefix", "crm.internal:8081")
    assert crm.source == f"{crm.dialect}:crm.internal:8081/{crm.app_id}", "the account, whatever the profile is called"
    assert (crm.disable, crm.page_size, crm.timeout) == (frozenset({"delete", "create"}), 50, 7.5)
    assert (crm.options, crm.links) == ({"find_path": ""}, (LinkRule("team", "id", "custom.text_1"),))
    files = {"ca_file": f"{folder}/certificates/ca.pem", "client_cert": f"{Path.home()}/rocky.pem"}
    assert crm.road == RoadSettings("socks5://rocky:geheim@proxy.example:1080", "system", **files)
    assert "geheim" not in repr(config)
    assert config.profiles["team"].secret.kind == "keyring"
    assert config.profiles["team"].links == (LinkRule("crm", "custom.text_1", "id"),)


def test_with_nothing_configured_there_are_the_three_demos(tmp_path: Path) -> None:
    config = load(environ={"KEHU_DATA_DIR": str(tmp_path)})
    assert config.path is None
    assert config.data_dir == tmp_path
    assert list(config.profiles) == ["demo-juzi", "demo-useasy", "demo-ima"]
    assert [profile.dialect for profile in config.profiles.values()] == list(DIALECTS)
    assert config.default_profile == "demo-juzi"
    assert {profile.place for profile in config.profiles.values()} == {"sandbox"}


def test_a_file_that_sets_a_language_and_no_profile_keeps_the_demos(write: Write) -> None:
    config = load(write('language = "en"'))
    assert (config.language, list(config.profiles)) == ("en", ["demo-juzi", "demo-useasy", "demo-ima"])


def test_kehu_config_names_the_file_and_the_option_wins_over_it(write: Write, tmp_path: Path) -> None:
    named = write(JUZI)
    other = tmp_path / "other.toml"
    other.write_text(JUZI.replace("team", "night"), encoding="utf-8")
    assert list(load(environ={"KEHU_CONFIG": str(named)}).profiles) == ["team"]
    assert list(load(other, {"KEHU_CONFIG": str(named)}).profiles) == ["night"]


def test_the_platforms_own_folders_are_used(isolated: Path) -> None:
    file = isolated / ".config/kehu/config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(JUZI, encoding="utf-8")
    config = load(environ={})
    assert (config.path, config.data_dir) == (file, isolated / ".local/share/kehu")


MISTAKES = {
    "syntax": ('language = "en"\nmouse = yes', ["line 2"], "quotes"),
    "unknown at the top": ('langauge = "en"', ["unknown key langauge"], "language"),
    "unknown in a profile": (JUZI + "page_sise = 5", ["profiles.team.page_sise"], "page_size"),
    "unknown in signing": (JUZI + '[profiles.team.signing]\nalgoritm = "md5"', ["signing.algoritm"], "algorithm"),
    "unknown language": ('language = "zh_TW"', ['language is "zh_TW"', "auto, en, zh_CN"], "zh_CN"),
    "wrong type": ('mouse = "yes"', ["mouse is", '"yes"', "true or false"], ""),
    "number for a text": (JUZI + "user_id = 8310", ["profiles.team.user_id is 8310", "text in quotes"], ""),
    "text for a number": (JUZI + 'page_size = "50"', ['page_size is "50"', "from 1 to 1000"], ""),
    "page too large": (JUZI + "page_size = 1001", ["1001", "from 1 to 1000"], ""),
    "page in halves": (JUZI + "page_size = 1.5", ["1.5", "whole number"], ""),
    "trust in nobody": (JUZI + 'trust = "nobody"', ["trust is", '"nobody"', "bundled, system"], ""),
    "proxy is no text": (JUZI + "proxy = 3128", ["profiles.team.proxy is integer"], ""),
    "proxy left empty": (JUZI + 'proxy = ""', ["profiles.team.proxy is empty"], "take the line out"),
    "truth for a number": (JUZI + "timeout = true", ["timeout is true"], ""),
    "no timeout at all": (JUZI + "timeout = 0", ["timeout is 0"], ""),
    "text for a list": (JUZI + 'disable = "create"', ["disable", "list of texts"], ""),
    "unknown call": (JUZI + 'disable = ["remarks"]', ["disable", "remarks"], "set_remarks"),
    "text for a table": ('profiles = "team"', ["profiles", "expected a table"], ""),
    "profile is no table": ("[profiles]\nteam = 3", ["profiles.team is 3", "expected a table"], ""),
    "unknown dialect": (JUZI.replace('"juzi"', '"jusi"'), ['dialect is "jusi"', "juzi, useasy, ima"], "juzi"),
    "no dialect": ('[profiles.team]\nbase_url = "https://a"', ["profiles.team.dialect is missing"], ""),
    "no address": ('[profiles.team]\ndialect = "juzi"\ntoken = "x"', ["profiles.team.base_url is missing"], ""),
    "empty": (JUZI.replace("https://hub.juzibot.com", " "), ["base_url is empty"], "take the line out"),
    "default unknown": ('default_profile = "teem"' + JUZI, ['default_profile is "teem"'], "team"),
    "unfit name": (JUZI.replace("[profiles.team]", '[profiles."../team"]'), ["../team"], "letters"),
    "no secret": ('[profiles.team]\ndialect = "juzi"\nbase_url = "https://a"', ["no token"], "token_env"),
    "two secrets": (JUZI + 'token_command = "pass"', ["token_env, token_command"], "one of"),
    "secret for a token": (JUZI.replace("token_env", "secret_env"), ["secret_env", "juzi has no secret"], "token_env"),
    "keyring off": (JUZI.replace('token_env = "JUZI_TOKEN"', "token_keyring = false"), ["token_keyring is false"], ""),
    "no app id": (JUZI.replace("juzi", "ima").replace("token", "secret"), ["profiles.team.app_id is missing"], ""),
    "unknown algorithm": (JUZI + '[profiles.team.signing]\nalgorithm = "sha-256"', ['"sha-256"'], "sha256"),
    "unknown encoding": (JUZI + '[profiles.team.signing]\nencoding = "b64"', ['"b64"', "hex, HEX"], "base64"),
    "unknown part": (JUZI + '[profiles.team.signing]\nmessage = "{appid}"', ["{appid}", "{app_id}"], ""),
    "keys": ("keys = 1", ["keys is 1"], ""),
}


@pytest.mark.parametrize(("text", "found", "todo"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_names_the_file_the_key_what_was_found_and_what_to_do(
    write: Write, text: str, found: list[str], todo: str
) -> None:
    error = refusal(write(text))
    assert "config.toml" in error.message()
    for part in found:
        assert part in error.message()
    assert todo in error.hint()
    assert error.exit_code == 3


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("ftp://host", "no address"),
        ("hub.juzibot.com", "no address"),
        ("https://", "no address"),
        ("https://host:99999", "no address"),
        ("https://host:0", "no address"),
        ("https://ho st", "no address"),
        ("https://rocky:geheim@host", "user name or a password"),
        ("https://host/?token=geheim", "query"),
        ("https://host/#geheim", "query"),
        ("http://hub.juzibot.com", "http://"),
        ("http://192.168.1.5:8080", "http://"),
        ("http://localhost.evil.example", "http://"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused_and_no_password_in_it_is_shown(
    write: Write, url: str, found: str
) -> None:
    error = refusal(write(JUZI.replace("https://hub.juzibot.com", url)))
    assert found in error.message()
    assert "geheim" not in error.message() + error.hint()


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.1:8321/juzi", "http://[::1]:80", "http://x.localhost"]
)
def test_plain_http_is_fine_on_loopback(write: Write, url: str) -> None:
    assert load(write(JUZI.replace("https://hub.juzibot.com", url))).profiles["team"].base_url == url


def test_plain_http_elsewhere_needs_a_word_of_consent(write: Write) -> None:
    text = JUZI.replace("https://hub.juzibot.com", "http://10.0.0.5")
    assert "allow_http = true" in refusal(write(text)).hint()
    assert load(write(text + "allow_http = true")).profiles["team"].place == "10.0.0.5"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_literal_secret_that_others_can_read_is_refused_with_the_command_that_mends_it(
    write: Write, mode: int
) -> None:
    path = write(JUZI.replace('token_env = "JUZI_TOKEN"', 'token = "geheim"'))
    path.chmod(mode)
    error = refusal(path)
    assert "profiles.team.token" in error.message()
    assert error.hint() == f"chmod 600 {path}"
    assert "geheim" not in error.message() + error.hint() + repr(error)
    path.chmod(0o600)
    assert load(path).profiles["team"].secret == SecretSource("literal", "geheim", "token")


def test_a_proxys_password_that_others_can_read_is_refused(write: Write) -> None:
    path = write(JUZI + 'proxy = "http://rocky:geheim@proxy.example"')
    path.chmod(0o644)
    error = refusal(path)
    assert "profiles.team.proxy" in error.message()
    assert "geheim" not in error.message() + error.hint() + repr(error)
    write(JUZI + 'proxy = "http://proxy.example"').chmod(0o644)
    assert load(path).profiles["team"].road.proxy == "http://proxy.example"


def test_a_proxy_that_makes_no_sense_is_nothing_to_the_other_profiles(write: Write) -> None:
    assert (
        load(write(JUZI + 'proxy = "socks4://proxy.example"')).profiles["team"].road.proxy == "socks4://proxy.example"
    )


def test_a_file_without_a_literal_secret_may_be_read_by_others(write: Write) -> None:
    path = write(JUZI)
    path.chmod(0o644)
    assert load(path).default_profile == "team"


def test_a_literal_secret_of_the_wrong_type_is_not_shown(write: Write) -> None:
    error = refusal(write(JUZI.replace('token_env = "JUZI_TOKEN"', "token = 74205991")))
    assert "profiles.team.token is integer" in error.message()
    assert "74205991" not in f"{error.message()}{error.hint()}{error.facts}"


def test_a_literal_secret_is_not_in_a_profiles_repr(write: Write) -> None:
    config = load(write(JUZI.replace('token_env = "JUZI_TOKEN"', 'token = "geheim"')))
    assert "geheim" not in repr(config)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable to root")
def test_an_unreadable_file_says_so(write: Write) -> None:
    path = write(JUZI)
    path.chmod(0)
    assert "cannot be read" in refusal(path).message()


def test_a_folder_in_its_place_says_so(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path).message()


def test_a_file_that_is_not_there_says_so_when_it_was_named(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "none.toml").message()


def test_a_file_that_is_not_utf8_names_the_line(write: Write) -> None:
    path = write("")
    path.write_bytes(b'language = "en"\n# \xff\n')
    assert "line 2: not UTF-8" in refusal(path).message()


def test_a_file_saved_by_a_windows_editor_is_read(write: Write) -> None:
    path = write("")
    path.write_bytes(b"\xef\xbb\xbf" + JUZI.replace("\n", "\r\n").encode())
    assert load(path).default_profile == "team"


def test_a_profile_that_is_not_there_is_named_with_its_nearest_neighbour(write: Write) -> None:
    config = load(write(JUZI))
    assert choose(config, None).name == "team"
    with pytest.raises(ConfigError, match="no profile") as caught:
        choose(config, "taem")
    assert "team" in caught.value.hint()
