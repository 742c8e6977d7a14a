"""Where a token or a signing secret comes from: the environment, a command, the keyring, or the file."""

from __future__ import annotations

from collections.abc import Mapping

from tui.config.model import Profile
from tui.model.characters import clean_id
from tui.model.errors import N_, ConfigError

KEYRING_SERVICE = "kehu"
"""The name under which the keyring keeps them; the user name is the profile's."""

COMMAND_TIMEOUT = 60.0
"""Seconds that a command may take: a person may have to type a passphrase for it."""


def secret_of(profile: Profile, environ: Mapping[str, str]) -> str:
    """`profile`'s token or signing secret. A command may take as long as `COMMAND_TIMEOUT`.

    Raises: ConfigError naming the profile and the key, never the secret nor what a command printed.
    """
    source = profile.secret
    match source.kind:
        case "literal":
            secret = source.value
        case "env":
            secret = environ.get(source.value, "")
        case "command":
            secret = _from_command(profile)
        case "keyring":
            secret = _from_keyring(profile)
    secret = clean_id(secret)
    _check_letters(profile, secret)
    if secret:
        return secret
    what, todo = {
        "env": (N_("profile {profile}: the variable {value} ({key}) is not set"), N_("Set it: export {value}=…")),
        "command": (
            N_("profile {profile}: the command of {key} printed nothing"),
            N_("Run it by hand; its first line must be the secret: {value}"),
        ),
        "keyring": (
            N_("profile {profile}: the keyring has nothing for it ({key})"),
            N_("Put it there: keyring set {service} {profile}"),
        ),
        "literal": (N_("profile {profile}: {key} is empty"), N_("Give it a value.")),
    }[source.kind]
    raise _error(profile, what, todo)


def _check_letters(profile: Profile, secret: str) -> None:
    """Raise ConfigError where `secret` has what no token and no secret has, such as a line break from a clipboard.

    A letter is not named, since it may be one of a password's own; what cannot be seen is.
    """
    for letter in secret:
        if letter.isascii() and letter.isprintable():
            continue
        raise _error(
            profile,
            N_("profile {profile}: what {key} gives has a letter that no token or secret has (not ASCII)")
            if letter.isprintable()
            else N_("profile {profile}: what {key} gives has a character that cannot be seen (U+{point:04X})"),
            N_("Copy the token or secret again from the vendor's console, and nothing around it."),
            point=ord(letter),
        )


def _from_command(profile: Profile) -> str:
    """The first line that the command prints, as `pass` and its like have it."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S602  # the user's own command line, pipes and all
            profile.secret.value,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may hold the secret, and would be painted over the desk
            timeout=COMMAND_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _error(
            profile,
            N_("profile {profile}: the command of {key} took over {seconds:g} seconds"),
            N_("Run it by hand, and see what it waits for: {value}"),
            seconds=COMMAND_TIMEOUT,
        ) from None  # the original holds what was printed so far
    except OSError as error:
        raise _error(
            profile,
            N_("profile {profile}: the command of {key} cannot be run: {reason}"),
            N_("Run it by hand: {value}"),
            reason=error.strerror,
        ) from error
    if done.returncode:
        raise _error(
            profile,
            N_("profile {profile}: the command of {key} failed with exit code {status}"),
            N_("Run it by hand, and see what it says: {value}"),
            status=done.returncode,
        )
    try:
        return done.stdout.partition(b"\n")[0].decode()
    except UnicodeDecodeError:
        raise _error(
            profile,
            N_("profile {profile}: what the command of {key} printed is not UTF-8"),
            N_("Run it by hand; its first line must be the secret: {value}"),
        ) from None  # the original holds what was printed


def keep_in_keyring(name: str, secret: str) -> None:
    """Put `secret`, of the profile `name`, into the keyring.

    Raises: ConfigError where there is none that takes it.
    """
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise ConfigError(
            N_("the keyring package is not installed"),
            todo=N_("Install kehu[keyring], or use a command or a variable instead."),
        ) from error
    try:
        keyring.set_password(KEYRING_SERVICE, name, secret)
    except KeyringError as error:
        raise ConfigError(
            N_("the keyring does not take it: {reason}"),
            todo=N_("Unlock it, or use a command or a variable instead."),
            reason=type(error).__name__,
        ) from error


def _from_keyring(profile: Profile) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        from tui.app.installation import how_to_add

        raise _error(
            profile,
            N_("profile {profile}: {key} needs the keyring package, which is not installed"),
            N_("Add it to kehu's own Python, or use a command or a variable instead: {install}"),
            install=how_to_add("keyring"),
        ) from error
    try:
        return keyring.get_password(KEYRING_SERVICE, profile.name) or ""
    except KeyringError as error:
        raise _error(
            profile,
            N_("profile {profile}: the keyring does not answer ({key}): {reason}"),
            N_("Unlock it, or use a command or a variable instead."),
            reason=type(error).__name__,
        ) from error


def _error(profile: Profile, what: str, todo: str, **facts: object) -> ConfigError:
    source = profile.secret
    shown = "" if source.kind == "literal" else source.value
    error = ConfigError(what, todo=todo, profile=profile.name, key=source.key, value=shown, service=KEYRING_SERVICE)
    error.facts.update(facts)
    return error
