"""Where a secret comes from, and that no failure on the way shows it."""

from __future__ import annotations

import sys
import time
from types import ModuleType

import pytest

from tui.app import installation, secret_sources
from tui.app.secret_sources import secret_of
from tui.config.model import Profile, SecretSource
from tui.model.errors import ConfigError


def profile(source: SecretSource) -> Profile:
    return Profile("team", "juzi", "https://hub.example", source)


def refusal(source: SecretSource) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        secret_of(profile(source), {})
    assert "profile team" in caught.value.message()
    assert source.key in caught.value.message()
    return caught.value


def test_a_variable() -> None:
    source = SecretSource("env", "JUZI_TOKEN", "token_env")
    assert secret_of(profile(source), {"JUZI_TOKEN": "geheim\n"}) == "geheim"


@pytest.mark.parametrize("environ", [{}, {"JUZI_TOKEN": ""}])
def test_a_variable_that_is_not_set_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="is not set") as caught:
        secret_of(profile(SecretSource("env", "JUZI_TOKEN", "token_env")), environ)
    assert "export JUZI_TOKEN=" in caught.value.hint()


def test_the_file_itself() -> None:
    assert secret_of(profile(SecretSource("literal", "geheim", "token")), {}) == "geheim"


def test_the_first_line_that_a_command_prints_pipes_and_all() -> None:
    source = SecretSource("command", "printf 'geheim\\nuser: rocky\\n' | cat", "token_command")
    assert secret_of(profile(source), {}) == "geheim"


def test_a_command_that_fails_is_named_with_its_exit_code_and_none_of_its_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    error = refusal(SecretSource("command", "echo geheim; echo geheim >&2; exit 7", "token_command"))
    assert "exit code 7" in error.message()
    assert "geheim" not in error.message()
    assert capfd.readouterr() == ("", "")


def test_a_command_that_does_not_exist_is_a_failure_too() -> None:
    assert "exit code 127" in refusal(SecretSource("command", "no-such-command-here", "token_command")).message()


def test_a_command_that_prints_nothing() -> None:
    assert "printed nothing" in refusal(SecretSource("command", "true", "token_command")).message()


def test_a_command_that_prints_bytes_that_are_no_text() -> None:
    assert "not UTF-8" in refusal(SecretSource("command", "printf '\\377'", "token_command")).message()


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_sources, "COMMAND_TIMEOUT", 0.2)
    start = time.monotonic()
    error = refusal(SecretSource("command", "printf geheim; exec sleep 30", "token_command"))
    assert "took over 0.2 seconds" in error.message()
    assert error.__cause__ is None, "the time-out that Python raises holds what was printed"
    assert time.monotonic() - start < 10


class Keyring(ModuleType):
    """Stands in for the keyring package, which is an extra."""

    def __init__(self, held: dict[tuple[str, str], str], *, locked: bool = False) -> None:
        super().__init__("keyring")
        self.errors = ModuleType("keyring.errors")
        self.errors.__dict__["KeyringError"] = self.Error
        self._held, self._locked = held, locked

    class Error(Exception):
        pass

    def get_password(self, service: str, user: str) -> str | None:
        if self._locked:
            raise self.Error("geheim")
        return self._held.get((service, user))


def install(monkeypatch: pytest.MonkeyPatch, keyring: Keyring) -> None:
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", keyring.errors)


KEYRING = SecretSource("keyring", "", "token_keyring")


def test_the_keyring_keeps_it_under_the_profiles_name(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Keyring({("kehu", "team"): "geheim"}))
    assert secret_of(profile(KEYRING), {}) == "geheim"


def test_a_keyring_that_has_nothing_says_how_to_put_it_there(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Keyring({}))
    assert refusal(KEYRING).hint() == "Put it there: keyring set kehu team"


def test_a_locked_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, Keyring({}, locked=True))
    error = refusal(KEYRING)
    assert "does not answer" in error.message()
    assert "geheim" not in error.message()


def test_a_keyring_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.setattr(installation, "kind", lambda: "pip")
    hint = refusal(KEYRING).hint()
    assert f"{sys.executable} -m pip install " in hint
    assert "kehu[keyring]" not in hint, "an index may have no kehu"


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("geh\neim", "cannot be seen (U+000A)"),
        ("geh\teim", "cannot be seen (U+0009)"),
        ("geh\udce9im", "cannot be seen (U+DCE9)"),
        ("gehé im", "not ASCII"),
        ("ｇeheim", "not ASCII"),
    ],
)
def test_a_secret_that_no_call_could_carry_is_named_and_not_shown(secret: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        secret_of(profile(SecretSource("env", "JUZI_TOKEN", "token_env")), {"JUZI_TOKEN": secret})
    error = caught.value
    assert said in error.message()
    assert "token_env" in error.message()
    assert error.exit_code == 3
    assert "geh" not in f"{error.message()}{error.hint()}{error.facts}"
    assert "eim" not in f"{error.message()}{error.hint()}{error.facts}"
