"""What a person has set, read from the environment. `settings_table` says what there is."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from openpractice.kinds import Refused
from openpractice.store.secret import settle
from openpractice.web.config.settings_table import SETTINGS

DEFAULTS = {setting.name: setting.default for setting in SETTINGS}

ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgresql": "openpractice.web.config.postgresql",
    "postgres": "openpractice.web.config.postgresql",
}

# What may stand behind the ? of a PostgreSQL's address, and how PostgreSQL's own programs are told the same.
LIBPQ = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "channel_binding": "PGCHANNELBINDING",
    "gssencmode": "PGGSSENCMODE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "application_name": "PGAPPNAME",
}

# Readers never wait for the writer; a transaction that will write says so at once, so that two never deadlock; and what
# has been acknowledged is on the disk.
SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
}


class SettingError(Refused, ValueError):
    """A setting cannot be used. The message names it and says what to do."""


def text(name: str) -> str:
    return os.environ.get(name) or DEFAULTS[name]


def yes(name: str) -> bool:
    """Whether the setting is on. A word that is neither yes nor no is an error, not a silent no."""
    word = text(name).strip().lower()
    if word in {"yes", "true", "on", "1"}:
        return True
    if word in {"no", "false", "off", "0"}:
        return False
    raise SettingError(f"{name} is {word!r}. Write yes or no.")


def number(name: str) -> int:
    """A whole number above nought."""
    said = text(name).strip()
    if said.isascii() and said.isdecimal() and int(said):
        return int(said)
    raise SettingError(f"{name} is {said!r}. Write a whole number above nought.")


def megabytes(name: str) -> int:
    """A size in megabytes, as bytes."""
    try:
        size = float(text(name))
    except ValueError:
        size = 0
    if not 0 < size < 1e6:
        raise SettingError(f"{name} is {text(name)!r}. Write a number of megabytes, for example 200.")
    return int(size * 1e6)


def one_of(name: str, *words: str) -> str:
    """One word of several."""
    if (said := text(name).strip().lower()) in words:
        return said
    raise SettingError(f"{name} is {said!r}. Write {', '.join(words[:-1])} or {words[-1]}.")


def secret(name: str) -> str:
    """What nobody else knows, or nothing where it is not set."""
    return os.environ.get(name, "").strip()


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def home() -> Path:
    """The folder of this installation, made when it is not there."""
    folder = Path(text("OPENPRACTICE_HOME")).expanduser().resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"The folder {folder} in OPENPRACTICE_HOME cannot be made: {error.strerror}.") from error
    return folder


def secret_key(folder: Path) -> str:
    """The key from the environment, or the one kept in the home, made at the first start."""
    if given := os.environ.get("OPENPRACTICE_SECRET_KEY"):
        return given
    path = folder / "secret-key"
    try:
        if not path.exists():
            _make_key(path)
    except OSError as error:
        raise SettingError(f"{path} cannot be written ({error.strerror}). Set OPENPRACTICE_SECRET_KEY.") from error
    if not (key := path.read_text().strip()):
        raise SettingError(f"{path} is empty. Delete it, and a new key is made at the next start.")
    return key


def _make_key(path: Path) -> None:
    """Make a key that is whole and on the disk before it has its name: of two servers that start together, one's counts."""
    new = path.with_name(f"secret-key.{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink(missing_ok=True)
    settle(path.parent)


def database(folder: Path) -> dict:
    """Django's description of the database in OPENPRACTICE_DATABASE_URL."""
    url = os.environ.get("OPENPRACTICE_DATABASE_URL")
    if not url:
        return {"ENGINE": ENGINES["sqlite"], "NAME": folder / "openpractice.sqlite3", "OPTIONS": SQLITE}
    return _described("OPENPRACTICE_DATABASE_URL", url)


def database_owner() -> dict | None:
    """The same database as the role that owns its tables, where one is named."""
    url = os.environ.get("OPENPRACTICE_DATABASE_OWNER_URL")
    if not url:
        return None
    owner = _described("OPENPRACTICE_DATABASE_OWNER_URL", url)
    application = database(Path())
    if "postgresql" not in owner["ENGINE"] or owner["ENGINE"] != application["ENGINE"]:
        raise SettingError("OPENPRACTICE_DATABASE_OWNER_URL is for PostgreSQL: both addresses begin with postgresql.")
    if any(owner[part] != application[part] for part in ("NAME", "HOST", "PORT")):
        raise SettingError(
            "OPENPRACTICE_DATABASE_OWNER_URL names another database than OPENPRACTICE_DATABASE_URL. Only the role and "
            "its password differ."
        )
    return owner


def _described(name: str, url: str) -> dict:
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        raise SettingError(f"{name} begins with {parts.scheme!r}. It may begin with sqlite or postgresql.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - (LIBPQ.keys() if parts.scheme != "sqlite" else set())):
        raise SettingError(
            f"{name} has {unknown[0]!r} behind its question mark, which is not known here. For PostgreSQL there may stand: "
            f"{', '.join(LIBPQ)}. A question mark in a password is written %3F."
        )
    if parts.scheme == "sqlite":
        return {"ENGINE": ENGINES["sqlite"], "NAME": unquote(parts.path.removeprefix("/")), "OPTIONS": SQLITE}
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def email(folder: Path) -> tuple[str, dict]:
    """Django's backend for email and its settings. Without a server, messages are laid into the home's `outbox`."""
    url = os.environ.get("OPENPRACTICE_EMAIL_URL")
    if not url:
        return "django.core.mail.backends.filebased.EmailBackend", {"EMAIL_FILE_PATH": str(folder / "outbox")}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps"):
        raise SettingError(f"OPENPRACTICE_EMAIL_URL begins with {parts.scheme!r}. It may begin with smtp or smtps.")
    return "django.core.mail.backends.smtp.EmailBackend", {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "DEFAULT_FROM_EMAIL": text("OPENPRACTICE_EMAIL_FROM"),
    }


def identity_providers() -> dict:
    """The organisation's own OpenID Connect provider, when one is named; allauth's description of it."""
    server = os.environ.get("OPENPRACTICE_OIDC_URL")
    if not server:
        return {}
    app = {
        "provider_id": "organisation",
        "name": text("OPENPRACTICE_OIDC_NAME"),
        "client_id": text("OPENPRACTICE_OIDC_CLIENT"),
        "secret": text("OPENPRACTICE_OIDC_SECRET"),
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}
