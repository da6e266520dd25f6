"""`check --deploy`: silent about an installation that is fit, and a sentence for each thing that is not."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest
from django.db import connection

from openpractice.cli import deployed
from tests.integration.audit.place import Place
from tests.integration.running.conftest import UP
from tests.postgres import asked_of

FIT = {
    "OPENPRACTICE_HTTPS": "yes",
    "OPENPRACTICE_ALLOWED_HOSTS": "practice.example,127.0.0.1",
    "OPENPRACTICE_EMAIL_URL": "smtp://mail.example:587",
    "OPENPRACTICE_EMAIL_FROM": "openpractice@practice.example",
    "OPENPRACTICE_METRICS_TOKEN": "a-token-for-whoever-watches",
}
SAVED = """
from django.db import transaction
from openpractice.web.audit.models import Action
from openpractice.web.audit.record import write
with transaction.atomic():
    write(Action.BACKED_UP, who="the installation", keys="yes", sealed="yes")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Place:
    """An installation on SQLite that lacks nothing."""
    home = tmp_path_factory.mktemp("made")
    home.chmod(0o700)
    place = Place(home, dict(FIT))
    place.run(UP.format(str(home)))
    place.run(SAVED)
    return place


@pytest.fixture
def fit(made, tmp_path) -> Place:
    """One of its own for each test, whose worker was just heard of."""
    home = Path(shutil.copytree(made.home, tmp_path / "fit"))
    (home / "worker.alive").touch()
    return Place(home, dict(FIT))


def check(place: Place) -> tuple[int, dict[str, str]]:
    """The exit code, and each finding with its level."""
    ran = place.openpractice("check", "--deploy", "--json")
    assert "Traceback" not in ran.stderr, ran.stderr
    found = json.loads(ran.stdout)["findings"]
    assert all(one["what"].endswith(".") and one["remedy"] for one in found)
    return ran.returncode, {one["what"]: one["level"] for one in found}


def test_nothing_is_said_of_one_that_is_fit(fit):
    assert check(fit) == (0, {})
    assert "fit for other people's data" in fit.openpractice("check", "--deploy").stdout


def stale(place: Place) -> None:
    os.utime(place.home / "worker.alive", (time.time() - 600,) * 2)


def unsaved(place: Place) -> None:
    (place.home / "openpractice.sqlite3").unlink()
    place.run(UP.format(str(place.home)))


def saved_otherwise(keys: str, sealed: str):
    def deed(place: Place) -> None:
        unsaved(place)
        place.run(SAVED.replace('keys="yes", sealed="yes"', f'keys="{keys}", sealed="{sealed}"'))

    return deed


def damaged(place: Place) -> None:
    own = place.home / "own" / "Y99001"
    own.mkdir(parents=True)
    place.run(f"""
import sqlite3
from pathlib import Path
from openpractice.store import catalogue
con = catalogue.open_writer(Path({str(own)!r}))
con.execute("INSERT INTO files (id, sha256, name, status, loaded_at, version, rows_read, rows_kept, rows_refused, account) VALUES (1, '', 'a.csv', 'loaded', '', 1, 3, 1, 1, '')")
con.close()""")  # fmt: skip


TROUBLES = {
    "encryption": ({"OPENPRACTICE_HTTPS": "no"}, None, "may travel without encryption", "error"),
    "names": ({"OPENPRACTICE_ALLOWED_HOSTS": ""}, None, "names of this machine only", "error"),
    "any name": ({"OPENPRACTICE_ALLOWED_HOSTS": "*"}, None, "under any name", "error"),
    "debugging": ({"OPENPRACTICE_DEBUG": "yes"}, None, "program's insides", "error"),
    "weak key": ({"OPENPRACTICE_SECRET_KEY": "secret" * 20}, None, "can be guessed", "error"),
    "open key": ({}, lambda place: (place.home / "secret-key").chmod(0o644), "may read", "error"),
    "open folder": ({}, lambda place: place.home.chmod(0o755), "may look into", "error"),
    "no worker": ({}, lambda place: (place.home / "worker.alive").unlink(), "No worker", "error"),
    "dead worker": ({}, stale, "No worker", "error"),
    "no backup": ({}, unsaved, "No backup with the practices' keys was ever made", "error"),
    "no keys": ({}, saved_otherwise("no", "yes"), "No backup with the practices' keys was ever made", "error"),
    "not sealed": ({}, saved_otherwise("yes", "no"), "not sealed", "warning"),
    "demonstration": ({}, lambda place: (place.home / "demo").write_text(""), "demonstration", "error"),
    "own store": ({}, damaged, "a.csv: 3 rows read are not 1 kept + 1 refused", "error"),
    "no email": ({"OPENPRACTICE_EMAIL_URL": ""}, None, "No email is sent", "warning"),
    "email from nowhere": ({"OPENPRACTICE_EMAIL_FROM": ""}, None, "does not exist", "warning"),
    "no figures": ({"OPENPRACTICE_METRICS_TOKEN": ""}, None, "Nobody can read /metrics", "warning"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_is_told_with_its_remedy(fit, trouble):
    settings, deed, words, level = TROUBLES[trouble]
    fit.variables.update(settings)
    if deed:
        deed(fit)
    code, found = check(fit)
    [(_, told)] = [(what, told) for what, told in found.items() if words in what]
    assert (told, code) == (level, 2 if level == "error" else 0)
    assert set(found.values()) == {level}


def role_of(place: Place) -> str:
    return place.variables["OPENPRACTICE_DATABASE_URL"].split("//")[1].split("@")[0]


def test_the_roles_of_a_postgresql_are_looked_at(federation, postgresql):
    federation.variables.update(FIT)
    federation.home.chmod(0o700)
    federation.run(SAVED)
    (federation.home / "worker.alive").touch()
    assert check(federation) == (0, {})

    asked_of(postgresql, "postgres", f"ALTER ROLE {role_of(federation)} BYPASSRLS")
    assert "passes the fence" in " ".join(check(federation)[1])
    asked_of(postgresql, "postgres", f"ALTER ROLE {role_of(federation)} NOBYPASSRLS SUPERUSER")
    assert "passes the fence" in " ".join(check(federation)[1])

    federation.variables["OPENPRACTICE_DATABASE_URL"] = federation.variables.pop("OPENPRACTICE_DATABASE_OWNER_URL")
    code, found = check(federation)
    assert code == 2
    assert "can change tables" in " ".join(found)


@pytest.mark.parametrize(
    ("host", "mode", "words"),
    [
        ("", "", ""), ("/run/postgresql", "", ""), ("localhost", "", ""), ("::1", "", ""),
        ("db.example", "", "without encryption"), ("db.example", "prefer", "without encryption"),
        ("db.example", "require", "not known by its certificate"), ("db.example", "verify-full", ""),
    ],
)  # fmt: skip
def test_a_database_elsewhere_is_reached_by_tls(monkeypatch, host, mode, words):
    monkeypatch.delenv("PGSSLMODE", raising=False)
    monkeypatch.setitem(connection.settings_dict, "HOST", host)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"sslmode": mode} if mode else {})
    found = list(deployed.encrypted(Path()))
    assert [one.level for one in found] == (["warning"] if words else [])
    assert words in " ".join(one.what for one in found)


def test_what_stands_in_the_address_reaches_postgresql_and_its_own_programs(federation, tmp_path):
    for name in ("OPENPRACTICE_DATABASE_URL", "OPENPRACTICE_DATABASE_OWNER_URL"):
        federation.variables[name] += "?application_name=wren&sslmode=disable"
    ask = "from django.db import connection\nwith connection.cursor() as c: c.execute('SHOW application_name'); print(c.fetchone()[0])"  # fmt: skip
    assert federation.run(ask).strip() == "wren"
    backup = tmp_path.parent / f"{tmp_path.name}.bak"
    assert federation.openpractice("backup", backup).returncode == 0
    for name in ("OPENPRACTICE_DATABASE_URL", "OPENPRACTICE_DATABASE_OWNER_URL"):
        federation.variables[name] = federation.variables[name].replace("disable", "require")
    ran = federation.openpractice("check", "--deploy")
    assert (ran.returncode, "Traceback" in ran.stderr) == (2, False)


def test_where_there_is_nothing_it_says_so(tmp_path: Path):
    ran = Place(tmp_path / "nowhere", {}).openpractice("check", "--deploy")
    assert (ran.returncode, "There is no installation" in ran.stderr) == (2, True)
