"""Is this installation fit for other people's data? Every question that `check --deploy` asks, each with its remedy."""

from __future__ import annotations

import datetime
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core import checks
from django.db import connection

from openpractice.cli.integrity import check
from openpractice.store.catalogue import path_of
from openpractice.web.audit.models import Action, Entry
from openpractice.web.config import demo_mark, environment, fence, pulse
from openpractice.web.config.backup import moment

WEEK = datetime.timedelta(days=7)
HERE = {"localhost", "127.0.0.1", "[::1]"}
ELSEWHERE = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs", "lustre")  # kinds of network drives
# Django's own questions that do not apply, and why.
NOT_OURS = {
    "security.W001": "headers.Security does the same",
    "security.W002": "headers.Security sends X-Frame-Options",
    "security.W003": "visitors.CrossSite is Django's own, called in another way",
    "security.W004": "asked here, as HTTPS",
    "security.W005": "other names under this one are not ours to decide about",
    "security.W008": "the proxy leads from HTTP to HTTPS",
    "security.W009": "asked here, as the secret key",
    "security.W010": "asked here, as HTTPS",
    "security.W011": "asked here, as HTTPS",
    "security.W012": "asked here, as HTTPS",
    "security.W016": "asked here, as HTTPS",
    "security.W018": "asked here, as debugging",
    "security.W020": "asked here, as names of the site",
    "security.W021": "a list in browsers is not ours to enter others into",
}


class Finding(NamedTuple):
    """Something that stands in the way. An error must be mended before others' data come here; a warning may wait."""

    level: str
    what: str
    remedy: str


def error(what: str, remedy: str) -> Finding:
    return Finding("error", what, remedy)


def warning(what: str, remedy: str) -> Finding:
    return Finding("warning", what, remedy)


def findings(home: Path) -> list[Finding]:
    """Every answer that is not the right one. Django is set up, and looks across the fence."""
    return [found for question in QUESTIONS for found in question(home)]


def stores(home: Path) -> Iterator[Finding]:
    """What `check` asks of a store, of everybody's and of each organisation's own."""
    for store in moment.stores(home):
        if path_of(store).exists():
            yield from (error(problem.what, problem.remedy) for problem in check(store).problems)


def https(_: Path) -> Iterator[Finding]:
    if not (settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE and settings.SECURE_HSTS_SECONDS):
        yield error(
            "Pages and cookies may travel without encryption.",
            "Put a proxy with HTTPS in front, and set OPENPRACTICE_HTTPS=yes.",
        )
    elif not settings.METRICS_TOKEN:
        yield warning("Nobody can read /metrics.", "Set OPENPRACTICE_METRICS_TOKEN, and give it to whoever watches.")


def names(_: Path) -> Iterator[Finding]:
    """The site's own, and no others."""
    if "*" in settings.ALLOWED_HOSTS:
        yield error(
            "The site answers under any name, so a forged one gets into its links.",
            "List its own in OPENPRACTICE_ALLOWED_HOSTS.",
        )
    elif not set(settings.ALLOWED_HOSTS) - HERE:
        yield error(
            "The site answers under names of this machine only.",
            "Add the name that people type to OPENPRACTICE_ALLOWED_HOSTS.",
        )


def debugging(_: Path) -> Iterator[Finding]:
    if settings.DEBUG:
        yield error("An error shows the program's insides to whoever meets it.", "Unset OPENPRACTICE_DEBUG.")


def secret_key(home: Path) -> Iterator[Finding]:
    """Strong, and nobody else's to read."""
    key, file = settings.SECRET_KEY, home / "secret-key"
    if len(key) < 50 or len(set(key)) < 10:
        yield error(
            "The secret key can be guessed.", "Make OPENPRACTICE_SECRET_KEY 50 random characters or more, or unset it."
        )
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield error(f"Others on this machine may read {file}.", f"Run: chmod 600 {file}")


def database(_: Path) -> Iterator[Finding]:
    """On PostgreSQL the application owns nothing, and the fence holds for it."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls, pg_has_role(tableowner::name, 'USAGE'), "
            "has_schema_privilege('public', 'CREATE') "
            "FROM pg_roles, pg_tables WHERE rolname = current_user AND tablename = 'audit_entry' AND schemaname = 'public'"
        )
        role, unbound, owns, makes = cursor.fetchone()
    owner = (
        "Let another role own the tables, and name it in OPENPRACTICE_DATABASE_OWNER_URL; the guide has the commands."
    )
    if unbound:
        yield error(f"The role {role} passes the fence between organisations: it is a superuser, or BYPASSRLS.", owner)
    elif owns or makes:
        yield error(f"The role {role} can change tables, and so take away what protects the record.", owner)
    if not fence.is_up(""):
        yield error("The fence between organisations is not that of this version.", "Start the server again.")


def encrypted(_: Path) -> Iterator[Finding]:
    """A database on another machine is reached by TLS, and known by its certificate."""
    described = connection.settings_dict
    host = str(described["HOST"])
    mode = described["OPTIONS"].get("sslmode") or os.environ.get("PGSSLMODE", "")
    remedy = "End OPENPRACTICE_DATABASE_URL with ?sslmode=verify-full&sslrootcert=/path/of/its/authority.pem."
    if not host or host.startswith("/") or host in {*HERE, "::1"}:
        return
    if mode not in {"require", "verify-ca", "verify-full"}:
        yield warning(f"What goes to the database at {host} may travel without encryption.", remedy)
    elif mode == "require":
        yield warning(f"The database at {host} is reached by TLS, but not known by its certificate.", remedy)


def folder(home: Path) -> Iterator[Finding]:
    if stat.S_IMODE(home.stat().st_mode) & 0o077:
        yield error(f"Others on this machine may look into {home}.", f"Run: chmod 700 {home}")
    if (kind := _file_system(home)).startswith(ELSEWHERE):
        yield error(f"{home} lies on a network drive ({kind}), where locks do not hold.", "Move it to a local disk.")


def _file_system(home: Path) -> str:
    """The kind of the file system that a folder lies on, as Linux says; empty where it does not."""
    try:
        lines = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    except OSError:
        return ""
    above = [(len(at), kind) for _, at, kind, *_ in lines if os.path.commonpath([home, at]) == at]
    return max(above, default=(0, ""))[1]


def backups(_: Path) -> Iterator[Finding]:
    """Only one with the keys is a backup of an installation."""
    whole = Entry.objects.filter(action=Action.BACKED_UP, detail__contains='"keys": "yes"')
    last, detail = whole.values_list("at", "detail").first() or (None, "{}")
    remedy = "Run 'openpractice backup' every night from a timer, to another disk; and rehearse a restore."
    if last is None:
        yield error("No backup with the practices' keys was ever made.", remedy)
        return
    if json.loads(detail).get("sealed") != "yes":
        yield warning(
            "The last backup is not sealed: whoever has the file can name patients.", "Make it with 'backup --encrypt'."
        )
    if datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(last) > WEEK:
        yield error(f"The last backup was made on {last[:10]}.", remedy)


def demonstration(home: Path) -> Iterator[Finding]:
    if demo_mark.is_marked(home):
        yield error(
            "This home was made for a demonstration, where one click signs in.",
            "Begin with a home of your own: openpractice --home NEW administrator EMAIL",
        )


def worker(_: Path) -> Iterator[Finding]:
    age = pulse.age()
    if age is None or age > pulse.OLD:
        yield error("No worker is at work, so uploads wait.", "Start 'openpractice serve', or 'openpractice worker'.")


def email(_: Path) -> Iterator[Finding]:
    if not os.environ.get("OPENPRACTICE_EMAIL_URL"):
        yield warning(
            "No email is sent: a forgotten password waits in the folder 'outbox'.", "Set OPENPRACTICE_EMAIL_URL."
        )
    elif environment.text("OPENPRACTICE_EMAIL_FROM").endswith("@localhost"):
        yield warning("Email comes from an address that does not exist.", "Set OPENPRACTICE_EMAIL_FROM.")


def django(_: Path) -> Iterator[Finding]:
    """Django's own list, but for what does not apply or is asked above."""
    for said in checks.run_checks(include_deployment_checks=True):
        if said.level >= checks.WARNING and said.id not in NOT_OURS:
            make = error if said.level >= checks.ERROR else warning
            yield make(f"Django says: {' '.join(str(said.msg).split())}", str(said.hint or f"Look up {said.id}."))


QUESTIONS: tuple[Callable[[Path], Iterator[Finding]], ...] = (
    stores, https, names, debugging, secret_key, database, encrypted, folder, backups, demonstration, worker, email, django,
)  # fmt: skip
