"""Every setting a person may change, read from the environment. The documentation lists `SETTINGS`."""

import os
import secrets
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit


class Setting(NamedTuple):
    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "OPENPRACTICE_HOME",
        "~/.local/share/openpractice",
        "Folder that holds the facts, the database and the secret key. Back up this one folder.",
    ),
    Setting(
        "OPENPRACTICE_SECRET_KEY",
        "made once and kept in OPENPRACTICE_HOME/secret-key",
        "Signs cookies and links. Set it when several servers must accept each other's.",
    ),
    Setting(
        "OPENPRACTICE_DEBUG",
        "no",
        "yes shows the cause of an error in the browser and reloads templates. Never where others can reach it.",
    ),
    Setting(
        "OPENPRACTICE_ALLOWED_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "Names under which the site answers, separated by commas.",
    ),
    Setting(
        "OPENPRACTICE_DATABASE_URL",
        "sqlite in OPENPRACTICE_HOME/openpractice.sqlite3",
        "Where people and their work are kept, for example postgresql://name:password@host:5432/openpractice.",
    ),
    Setting(
        "OPENPRACTICE_HTTPS",
        "no",
        "yes when a proxy in front speaks HTTPS and sets X-Forwarded-Proto: cookies become secure, HSTS is sent.",
    ),
)
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}

ENGINES = {
    "sqlite": "django.db.backends.sqlite3",
    "postgresql": "django.db.backends.postgresql",
    "postgres": "django.db.backends.postgresql",
}


class SettingError(ValueError):
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
        # Exclusive: of two servers that start together, one makes the key and the other reads it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingError(f"{path} cannot be written ({error.strerror}). Set OPENPRACTICE_SECRET_KEY.") from error
    if not (key := path.read_text().strip()):
        raise SettingError(f"{path} is empty. Delete it, and a new key is made at the next start.")
    return key


def database(folder: Path) -> dict:
    """Django's description of the database in OPENPRACTICE_DATABASE_URL."""
    url = os.environ.get("OPENPRACTICE_DATABASE_URL")
    if not url:
        return {"ENGINE": ENGINES["sqlite"], "NAME": folder / "openpractice.sqlite3"}
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        raise SettingError(
            f"OPENPRACTICE_DATABASE_URL begins with {parts.scheme!r}. It may begin with sqlite or postgresql."
        )
    if parts.scheme == "sqlite":
        return {"ENGINE": ENGINES["sqlite"], "NAME": unquote(parts.path.removeprefix("/"))}
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
