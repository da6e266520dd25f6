"""Every setting a person may change, each with its default and its meaning. The documentation lists them."""

from typing import NamedTuple


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
        "Where people and their work are kept, for example postgresql://name:password@host:5432/openpractice. On another "
        "machine, end it with ?sslmode=verify-full&sslrootcert=/path/of/its/authority.pem.",
    ),
    Setting(
        "OPENPRACTICE_DATABASE_OWNER_URL",
        "the application itself owns its tables",
        "PostgreSQL only: the role that owns the tables and changes them at a start. The application then uses them as "
        "the role in OPENPRACTICE_DATABASE_URL, which can neither change tables nor pass the fence between organisations.",
    ),
    Setting(
        "OPENPRACTICE_LARGEST_UPLOAD",
        "200",
        "The largest file that may be uploaded, in megabytes. A proxy in front must let as much through.",
    ),
    Setting(
        "OPENPRACTICE_EMAIL_URL",
        "none: messages are laid into OPENPRACTICE_HOME/outbox",
        "The server that sends email, for example smtp://name:password@host:587, or smtps:// for TLS from the start.",
    ),
    Setting("OPENPRACTICE_EMAIL_FROM", "openpractice@localhost", "The address that email comes from."),
    Setting(
        "OPENPRACTICE_OIDC_URL",
        "none",
        "An identity provider for OpenID Connect, whose people sign in with the email address they were invited by.",
    ),
    Setting("OPENPRACTICE_OIDC_NAME", "your organisation", "What the sign-in page calls that provider."),
    Setting("OPENPRACTICE_OIDC_CLIENT", "openpractice", "The client's name at the identity provider."),
    Setting("OPENPRACTICE_OIDC_SECRET", "none", "The client's secret at the identity provider."),
    Setting(
        "OPENPRACTICE_API_OPEN",
        "300",
        "How many times a minute one address may ask the interface for programs for open data, of each server process.",
    ),
    Setting(
        "OPENPRACTICE_API_TOKEN",
        "600",
        "How many times a minute one token may ask it, of all server processes together.",
    ),
    Setting(
        "OPENPRACTICE_LOG",
        "errors",
        "errors tells of what went wrong; plain also of each request, in one line; json says the same for a machine. None "
        "of them holds names, addresses of people or what was asked for.",
    ),
    Setting(
        "OPENPRACTICE_METRICS_TOKEN",
        "none: /metrics answers this machine only",
        "What a program sends as 'Authorization: Bearer …' to read /metrics. Needed where a proxy stands in front.",
    ),
    Setting(
        "OPENPRACTICE_LEAST_ROOM",
        "1000",
        "Megabytes that must be free in OPENPRACTICE_HOME; with less, /ready says no.",
    ),
    Setting(
        "OPENPRACTICE_BACKUP_PASSPHRASE",
        "none",
        "Seals and opens backups: for 'openpractice backup --encrypt' and 'openpractice restore' only.",
    ),
    Setting(
        "OPENPRACTICE_HTTPS",
        "no",
        "yes when a proxy in front speaks HTTPS and sets X-Forwarded-Proto: cookies become secure, HSTS is sent.",
    ),
)
